"""Sends and looks up texts through GOV.UK Notify's own client; no other module knows it.

One way: a person cannot answer such a text. Nothing is ever sent twice from here: no retry, no redirect followed, and whatever
goes wrong after a connection was made is SmsUnknown, for Notify has no key by which it would know a text again.
Errors carry numbers, never Notify's words.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any
from uuid import UUID

import requests
from notifications_python_client.errors import APIError
from notifications_python_client.notifications import NotificationsAPIClient
from urllib3.exceptions import NewConnectionError

from integrations.notify_words import GONE, NotifyWords
from throughcare.kernel.ports import (
    Found,
    Sms,
    SmsBusy,
    SmsGone,
    SmsKept,
    SmsRefused,
    SmsUnknown,
    SmsUnreachable,
)

NOT_FOUND, TOO_MANY_REQUESTS = 404, 429
BODY = "body"  # the one placeholder of the one template: ((body))
OUR_OWN = "https://api.notifications.service.gov.uk"

logging.getLogger("notifications_python_client").setLevel(logging.CRITICAL)  # it logs Notify's words about a failure
Ask = Callable[[Any], Any]


@dataclass(frozen=True)
class NotifyAccount:
    """As whom to send, and by which template: one whose whole text is ((body))."""

    api_key: str
    template_id: str
    sender_id: str = ""  # empty: the sender that is the default at Notify
    api_base_url: str = ""  # a test server's; empty for Notify itself


class NotifySms:
    """The SmsGateway of GOV.UK Notify. Belongs to the event loop that first uses it.

    `connections` bounds what is in flight; `seconds` is the whole time a call may take, half of it to connect (R5). The client
    waits in a thread: one that Notify holds up longer is left behind with its line, and the call is over all the same.
    """

    def __init__(
        self, account: NotifyAccount, words: NotifyWords, *, connections: int = 50, seconds: float = 10
    ) -> None:
        self._account = account
        self._words = words
        self._connections = connections
        self._seconds = seconds
        self._threads: ThreadPoolExecutor | None = None
        self._lines: asyncio.LifoQueue[Any] = asyncio.LifoQueue()

    async def send(self, sms: Sms) -> str:
        """As SmsGateway.send. Notify takes no `valid_for`: it and the networks try for as long as they do."""
        asked = {
            "phone_number": sms.to,
            "template_id": self._account.template_id,
            "personalisation": {BODY: sms.text},
            "reference": sms.reference,
            "sms_sender_id": self._account.sender_id or None,
        }
        answer = await self._call(lambda client: client.send_sms_notification(**asked))
        return _known(answer)

    async def search(self, to: str, since: datetime, reference: str = "") -> Sequence[Found]:
        """As SmsGateway.search, by our own reference alone: `to` and `since` can only leave out what Notify has."""
        del to, since
        if not reference:
            raise SmsUnknown("looked for without a reference")
        try:
            answer = await self._call(lambda client: client.get_all_notifications(reference=reference))
            found = [self._found(each) for each in answer["notifications"]]
        except SmsUnknown:
            raise
        except Exception as error:  # noqa: BLE001 - whatever went wrong, absence is not proven
            raise SmsUnknown(type(error).__name__) from None
        return [text for text in found if text.reference == reference]

    async def fetch(self, sid: str) -> Found:
        """As SmsGateway.fetch. SmsUnknown for an id that is not of Notify's form: Notify can say nothing of it."""
        try:
            ours = str(UUID(sid))
        except ValueError:
            raise SmsUnknown("not an id of Notify's") from None
        answer = await self._call(lambda client: client.get_notification_by_id(ours))
        try:
            return self._found(answer)
        except (KeyError, TypeError, ValueError) as error:
            raise SmsUnknown(type(error).__name__) from None

    async def redact(self, sid: str) -> None:
        """Notify blanks nothing: SmsGone once it says that it has the text no longer, until then SmsKept."""
        await self.fetch(sid)
        raise SmsKept

    async def close(self) -> None:
        threads, self._threads = self._threads, None
        if threads is None:
            return
        while not self._lines.empty():
            self._lines.get_nowait().request_session.close()
        threads.shutdown(wait=False, cancel_futures=True)

    async def _call(self, ask: Ask) -> Any:
        """Ask on a line that is free; SmsUnreachable where none is in time, for then nothing was said."""
        loop = asyncio.get_running_loop()
        ends = loop.time() + self._seconds
        threads = self._opened()
        try:
            line = await asyncio.wait_for(self._lines.get(), self._seconds / 2)
        except TimeoutError:
            raise SmsUnreachable("no line is free") from None
        said = threads.submit(self._ask, line, ask)
        said.add_done_callback(partial(_give_back, loop, self._lines, line))
        heard = asyncio.wrap_future(said)
        heard.add_done_callback(lambda done: done.cancelled() or done.exception())  # whoever asked may have gone
        done, _ = await asyncio.wait({heard}, timeout=ends - loop.time())
        if not done:
            raise SmsUnknown("no answer in time")
        return heard.result()

    def _opened(self) -> ThreadPoolExecutor:
        if self._threads is None:
            self._threads = ThreadPoolExecutor(self._connections, "notify")
            self._lines = asyncio.LifoQueue()
            for _ in range(self._connections):
                self._lines.put_nowait(_client(self._account, self._seconds))
        return self._threads

    def _ask(self, line: Any, ask: Ask) -> Any:
        """Turn whatever the client raises into the port's answers, without Notify's words."""
        try:
            return ask(line)
        except APIError as error:
            raise self._answer(error) from None
        except Exception as error:  # noqa: BLE001 - once written to, nobody can say what became of it
            raise SmsUnknown(type(error).__name__) from None

    def _answer(self, error: APIError) -> Exception:
        """Only a refusal in Notify's own form is one: a bare 4xx may come from something on the way."""
        if error.response is None:
            never = _never_connected(error.__cause__)
            return (SmsUnreachable if never else SmsUnknown)(type(error.__cause__).__name__)
        status, body = error.response.status_code, _body(error.response)
        code = self._words.refusal(status, body)
        if code is not None:
            return SmsRefused(code)
        if status == TOO_MANY_REQUESTS:
            return SmsBusy(f"HTTP {status}")
        if status == NOT_FOUND and isinstance(body, dict) and "errors" in body:
            return SmsGone(GONE)
        return SmsUnknown(f"HTTP {status}")

    def _found(self, said: Any) -> Found:
        status = str(said["status"])
        at = datetime.fromisoformat(said["created_at"])
        return Found(
            sid=_known(said),
            to=said["phone_number"] or "",
            text=said["body"] or "",
            status=status,
            created_at=at if at.tzinfo else at.replace(tzinfo=UTC),
            code=self._words.failures.get(status),
            reference=said["reference"] or "",
        )


class _Session(requests.Session):
    """Follows no redirect, for one might send the text again elsewhere; takes no key or proxy from the environment."""

    def __init__(self) -> None:
        super().__init__()
        self.trust_env = False

    def request(self, *what: Any, **how: Any) -> requests.Response:
        return super().request(*what, **how | {"allow_redirects": False})


def _client(account: NotifyAccount, seconds: float) -> Any:
    """One line: the client may not be shared by threads."""
    make: Any = NotificationsAPIClient
    client = make(account.api_key, base_url=account.api_base_url or OUR_OWN, timeout=(seconds / 2, seconds))
    client.request_session = _Session()
    return client


def _never_connected(cause: BaseException | None) -> bool:
    """Whether no connection was made, so that nothing of the text was written."""
    if isinstance(cause, requests.exceptions.ConnectTimeout):
        return True
    reason = getattr(cause.args[0], "reason", None) if cause and cause.args else None
    return isinstance(cause, requests.exceptions.ConnectionError) and isinstance(reason, NewConnectionError)


def _give_back(loop: asyncio.AbstractEventLoop, lines: asyncio.LifoQueue[Any], line: Any, _: Future[Any]) -> None:
    """The line is free again, unless the loop has ended before the thread that used it."""
    with suppress(RuntimeError):
        loop.call_soon_threadsafe(lines.put_nowait, line)


def _body(response: requests.Response) -> object:
    try:
        return response.json()
    except ValueError:
        return None


def _known(said: Any) -> str:
    sid = said.get("id") if isinstance(said, dict) else None
    if not isinstance(sid, str) or not sid:
        raise SmsUnknown("an answer without an id")
    return sid
