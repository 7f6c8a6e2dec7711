"""Sends and looks up texts through Twilio's own SDK; no other module knows it.

Nothing is ever sent twice from here: the SDK's retries stay off (E3), POST is not repeated by the connection pool, and
whatever goes wrong after a connection was made is SmsUnknown. Errors carry codes, never the provider's words, which
quote phone numbers.
"""

from __future__ import annotations

import logging
from base64 import b64encode
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from aiohttp import (
    ClientConnectorError,
    ClientResponse,
    ClientSession,
    ClientTimeout,
    ConnectionTimeoutError,
    DummyCookieJar,
    TCPConnector,
)
from twilio.auth_strategy.auth_type import AuthType
from twilio.base.exceptions import TwilioRestException, TwilioServiceException
from twilio.credential.credential_provider import CredentialProvider
from twilio.http.async_http_client import AsyncTwilioHttpClient
from twilio.rest import Client

from integrations import form_body
from throughcare.kernel.ports import Found, Sms, SmsBusy, SmsGone, SmsRefused, SmsUnknown, SmsUnreachable

LONGEST_VALIDITY = 36_000  # seconds; Twilio's bounds are 1 to 36,000 (its error 21624)
FIRST_TWILIO_CODE = 10_000  # below it the SDK gives the HTTP status for want of a code of Twilio's
TOO_MANY_REQUESTS, TOO_MANY_REQUESTS_CODE = 429, 20429
NO_SUCH_RECORD = 20404
PAGE = 1_000  # the most Twilio lists at once
MOST_FOUND = 5_000  # nobody is sent so many; past it "not found" would prove nothing

logging.getLogger("twilio").setLevel(logging.WARNING)  # at INFO the SDK logs query strings, and so numbers


@dataclass(frozen=True)
class TwilioAccount:
    """Where and as whom to send: from a number, or from the pool of a messaging service when one is named."""

    account_sid: str
    auth_token: str
    public_base_url: str  # ours: receipts come back to it
    from_number: str = ""
    messaging_service_sid: str = ""
    api_base_url: str = ""  # a test server's; empty for Twilio itself


class TwilioSms:
    """The SmsGateway of Twilio. Belongs to the event loop that first uses it.

    `connections` bounds what is in flight; `seconds` is the whole time a call may take, half of it to connect (R5).
    """

    def __init__(self, account: TwilioAccount, *, connections: int = 200, seconds: float = 10) -> None:
        self._account = account
        self._connections = connections
        self._timeout = ClientTimeout(total=seconds, connect=seconds / 2)
        self._receipts = f"{account.public_base_url.rstrip('/')}/webhooks/twilio/status/"
        self._sender = (
            {"messaging_service_sid": account.messaging_service_sid}
            if account.messaging_service_sid
            else {"from_": account.from_number}
        )
        self._session: ClientSession | None = None
        self._list: Any = None

    async def send(self, sms: Sms) -> str:
        """As SmsGateway.send. `valid_for` is brought within Twilio's bounds (R13)."""
        with _in_our_words():
            taken = await self._messages().create_async(
                to=sms.to,
                body=sms.text,
                status_callback=self._receipts + sms.reference,
                validity_period=min(max(sms.valid_for, 1), LONGEST_VALIDITY),
                **self._sender,
            )
            return _known(taken.sid)

    async def search(self, to: str, since: datetime, reference: str = "") -> Sequence[Found]:
        """As SmsGateway.search: by number alone, for a date filter may leave out what still waits to be sent, and Twilio
        keeps no reference of ours.
        """
        del reference
        second = since.replace(microsecond=0)  # Twilio keeps whole seconds
        try:
            listed = await self._messages().list_async(to=to, limit=MOST_FOUND, page_size=PAGE)
            found = [_found(message) for message in listed]
        except Exception as error:  # noqa: BLE001 - whatever went wrong, absence is not proven
            raise SmsUnknown(type(error).__name__) from None
        if len(found) >= MOST_FOUND:
            raise SmsUnknown("too many to look through")
        return [text for text in found if text.created_at >= second]

    async def fetch(self, sid: str) -> Found:
        """One text as Twilio has it now, for reconciling (R18); SmsGone when it has none."""
        with _in_our_words():
            return _found(await self._messages()(sid).fetch_async())

    async def redact(self, sid: str) -> None:
        """Blank Twilio's copy of the words (R36); SmsRefused(20009) until the text has come to rest."""
        with _in_our_words():
            await self._messages()(sid).update_async(body="")

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
        self._session = self._list = None

    def _messages(self) -> Any:
        """The SDK's message list over our own session, opened on the loop that is running."""
        if self._list is None:
            self._session = ClientSession(
                connector=TCPConnector(limit=self._connections),
                cookie_jar=DummyCookieJar(),
            )
            http = _Http(_TimedSession(self._session, self._timeout))
            self._list = _client(self._account, http).api.account.messages
        return self._list


class _Http(AsyncTwilioHttpClient):  # type: ignore[misc]  # the SDK carries no types
    """The SDK's client over our session, silent: what it would log holds numbers, and costs a tenth of a send."""

    def __init__(self, session: _TimedSession) -> None:
        super().__init__(pool_connections=False)
        self.session = session

    def log_request(self, kwargs: dict[str, Any]) -> None: ...

    def log_response(self, status_code: int, response: Any) -> None: ...


@dataclass(frozen=True)
class _TimedSession:
    """A session whose time-out holds: the SDK passes timeout=None on each call, which aiohttp takes as "for ever".

    The form is encoded here, which is half the work of aiohttp's own.
    """

    session: ClientSession
    timeout: ClientTimeout

    async def request(self, *, data: dict[str, Any] | None, **call: Any) -> ClientResponse:
        form = form_body.encode(data.items()) if data is not None else None
        return await self.session.request(**(call | {"data": form, "timeout": self.timeout}))


class _Basic(CredentialProvider):  # type: ignore[misc]  # the SDK carries no types
    """Account and token, encoded once; the SDK's own way encodes them anew for every text, by a deprecated class."""

    def __init__(self, account: TwilioAccount) -> None:
        super().__init__(AuthType.BASIC)
        pair = f"{account.account_sid}:{account.auth_token}".encode()
        self._header = f"Basic {b64encode(pair).decode('ascii')}"

    def to_auth_strategy(self) -> _Basic:
        return self

    def get_auth_string(self) -> str:
        return self._header


def _client(account: TwilioAccount, http: _Http) -> Any:
    client = Client(
        account_sid=account.account_sid,
        credential_provider=_Basic(account),
        http_client=http,
        environment={"TWILIO_EDGE": ""},  # an empty mapping would make it read the process's own
    )
    if account.api_base_url:
        client.api.base_url = account.api_base_url
    return client


@contextmanager
def _in_our_words() -> Iterator[None]:
    """Turn whatever the SDK raises into the port's three answers, without the provider's words."""
    try:
        yield
    except (TwilioRestException, TwilioServiceException) as error:
        raise _answer(error.status, error.code) from None
    except (ClientConnectorError, ConnectionTimeoutError) as error:
        raise SmsUnreachable(type(error).__name__) from None
    except SmsUnknown:
        raise
    except Exception as error:  # noqa: BLE001 - once written to, nobody can say what became of it
        raise SmsUnknown(type(error).__name__) from None


def _answer(status: int, code: object) -> Exception:
    """Only a 4xx bearing a code of Twilio's own is a refusal: a bare one may come from something on the way."""
    if status == TOO_MANY_REQUESTS or code == TOO_MANY_REQUESTS_CODE:
        return SmsBusy(f"HTTP {status}")
    if status // 100 == 4 and isinstance(code, int) and code >= FIRST_TWILIO_CODE:  # noqa: PLR2004 - 4xx
        return SmsGone(code) if code == NO_SUCH_RECORD else SmsRefused(code)
    return SmsUnknown(f"HTTP {status}")


def _known(sid: object) -> str:
    if not isinstance(sid, str) or not sid:
        raise SmsUnknown("an answer without an id")
    return sid


def _found(message: Any) -> Found:
    if not isinstance(message.date_created, datetime):
        raise SmsUnknown("a record without a date")
    return Found(
        sid=_known(message.sid),
        to=message.to or "",
        text=message.body or "",
        status=message.status or "",
        created_at=message.date_created,
        code=message.error_code,
    )
