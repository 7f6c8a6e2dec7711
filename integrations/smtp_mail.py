"""E-mail to staff by SMTP: never in the clear over a network, never longer than its time-out, never two people in one."""

from __future__ import annotations

import smtplib
import ssl
from contextlib import suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import format_datetime
from threading import Thread
from typing import Literal

from throughcare.kernel.ports import Mail, MailPutOff, MailRefused, MailUnreachable

Security = Literal["starttls", "tls", "none"]
NO_SUCH_MAILBOX = range(500, 600)


@dataclass(frozen=True)
class SmtpServer:
    """Where mail is handed over, and who says so."""

    host: str
    port: int
    sender: str
    security: Security = "starttls"
    username: str = ""
    password: str = field(default="", repr=False)
    seconds: float = 20


@dataclass(frozen=True)
class SmtpMail:
    """Hands each e-mail to one server, on a thread that is left behind when it takes too long."""

    server: SmtpServer

    def send(self, mail: Mail) -> None:
        """Handed over when it returns. MailRefused where this address will never do, MailPutOff where it may, else MailUnreachable."""
        faults: list[Exception] = [MailUnreachable("no answer in time")]

        def whole() -> None:
            try:
                self._hand_over(mail)
            except Exception as fault:  # noqa: BLE001 - told to whoever waits
                faults[:] = [fault]
            else:
                faults.clear()

        waiting = Thread(target=whole, name="smtp", daemon=True)
        waiting.start()
        waiting.join(self.server.seconds)
        for fault in faults[:1]:
            raise _plain(fault) from fault

    def _hand_over(self, mail: Mail) -> None:
        server = self.server
        trust = ssl.create_default_context()
        if server.security == "tls":
            link: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, timeout=server.seconds, context=trust)
        else:
            link = smtplib.SMTP(server.host, server.port, timeout=server.seconds)
        try:
            if server.security == "starttls":
                link.starttls(context=trust)  # SMTPNotSupportedError where it cannot: nothing has been said yet
            if server.username:
                link.login(server.username, server.password)
            link.send_message(_message(mail, server.sender))
        finally:
            with suppress(smtplib.SMTPException, OSError):
                link.quit()


def _message(mail: Mail, sender: str) -> EmailMessage:
    """The same mail has the same id each time, so that a copy can be known for one. ValueError for a broken address."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, mail.to, mail.subject
    message["Date"] = format_datetime(mail.at)
    message["Message-ID"] = f"<{mail.reference}@{sender.rpartition('@')[2].rstrip('>')}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.text)
    return message


def _plain(fault: Exception) -> MailRefused | MailUnreachable:
    """What went wrong, without the address: it is logged."""
    if isinstance(fault, smtplib.SMTPRecipientsRefused):
        codes = [code for code, _ in fault.recipients.values()]
        if codes and all(code in NO_SUCH_MAILBOX for code in codes):
            return MailRefused(f"SMTP {codes[0]}")
        return MailPutOff("this mailbox takes none now")
    if isinstance(fault, smtplib.SMTPDataError):
        return MailPutOff(f"SMTP {fault.smtp_code}")
    if isinstance(fault, ValueError):
        return MailRefused("not an address")
    return MailUnreachable(type(fault).__name__)
