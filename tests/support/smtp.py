"""A mail server on this machine, to hand e-mail to: it keeps what it takes, and can refuse, be slow or break off."""

from __future__ import annotations

import email
import socketserver
import threading
from contextlib import contextmanager
from email import policy
from email.message import EmailMessage

ANSWERS = {
    "EHLO": b"250-here\r\n250 SIZE 1000000\r\n", "HELO": b"250 here\r\n", "MAIL": b"250 ok\r\n", "RSET": b"250 ok\r\n",
    "NOOP": b"250 ok\r\n",
}  # fmt: skip


class _Talk(socketserver.StreamRequestHandler):
    def handle(self):
        server = self.server
        server.calls += 1
        if server.mood == "silent":
            server.over.wait()
            return
        if server.mood == "drips":
            while not server.over.wait(0.05):
                self.wfile.write(b"2")
            return
        self.wfile.write(b"220 here\r\n")
        while (line := self.rfile.readline()) and not line.upper().startswith(b"QUIT"):
            self.wfile.write(self.answer(line.decode().upper().split()[0]))
        self.wfile.write(b"221 bye\r\n")

    def answer(self, verb):
        mood = self.server.mood
        if verb == "RCPT":
            return {"no such": b"550 no such mailbox\r\n", "later": b"450 try later\r\n"}.get(mood, b"250 ok\r\n")
        if verb != "DATA":
            return ANSWERS.get(verb, b"502 no\r\n")
        self.wfile.write(b"354 go on\r\n")
        body = b""
        while not body.endswith(b"\r\n.\r\n"):
            body += self.rfile.readline()
        self.server.taken.append(email.message_from_bytes(body[:-3], policy=policy.default))
        return b"451 could not keep it\r\n" if mood == "breaks" else b"250 kept\r\n"


class Server(socketserver.ThreadingTCPServer):
    """`taken` is what it was handed; `mood` is how it answers: well, no such, later, breaks, silent, drips."""

    daemon_threads = True
    block_on_close = False

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Talk)
        self.taken: list[EmailMessage] = []
        self.mood, self.calls, self.over = "well", 0, threading.Event()

    @property
    def port(self) -> int:
        return self.server_address[1]


@contextmanager
def mail_server():
    server = Server()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.over.set()
        server.shutdown()
        server.server_close()
        thread.join()
