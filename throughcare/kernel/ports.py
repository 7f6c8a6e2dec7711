"""What the service needs from the outside world, in its own words. Only the wire is asynchronous."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol, runtime_checkable
from uuid import UUID

from throughcare.kernel.refusals import Refusal


@dataclass(frozen=True)
class Sms:
    """One text to send. `to` is E.164; `valid_for` is seconds the provider may hold it (checkins R13)."""

    to: str
    text: str
    reference: str  # our message id: it comes back in the path of every delivery receipt (R7)
    valid_for: int


@dataclass(frozen=True)
class Found:
    """A text the provider says it has: what resolves an ambiguous send (R8)."""

    sid: str
    to: str
    text: str
    status: str
    created_at: datetime
    code: int | None = None  # the provider's error code, where it failed or was not delivered
    reference: str = (
        ""  # our message id, where the provider keeps it: then it is this text, whatever was done to its words
    )


class SmsRefused(Exception):
    """The provider answered and will not deliver this: `code` is the provider's error code (R9)."""

    def __init__(self, code: int) -> None:
        super().__init__(f"provider code {code}")
        self.code = code


class SmsGone(SmsRefused):
    """The provider says that it has no such text, or has it no longer."""


class SmsKept(Exception):
    """The provider still has the words and blanks none: it deletes them by itself when its own time for that has come."""


class SmsBusy(Exception):
    """The provider answered that it did not take the text (429): safe to try again later."""


class SmsUnreachable(SmsBusy):
    """No connection was made, so nothing of the text was written: safe to try again, and a sign of an outage (R14)."""


class SmsUnknown(Exception):
    """Nobody can say whether the text was taken: a time-out, a lost connection or a 5xx. Never blindly resent."""


class SmsGateway(Protocol):
    """A provider of texts. `send` gives the provider's id, or raises one of the three above."""

    async def send(self, sms: Sms) -> str: ...

    async def search(self, to: str, since: datetime, reference: str = "") -> Sequence[Found]:
        """Texts this provider took for `to` since then, or, where it keeps our `reference`, under that; SmsUnknown when it
        cannot say.
        """
        ...

    async def fetch(self, sid: str) -> Found:
        """One text as the provider has it now; SmsGone when it has none, SmsUnknown when it cannot say (R18)."""
        ...

    async def redact(self, sid: str) -> None:
        """Blank the provider's copy of the words (R36); SmsRefused while the text is on its way, SmsGone where there is none,
        SmsKept where it blanks nothing.
        """
        ...

    async def close(self) -> None: ...


@dataclass(frozen=True)
class Mail:
    """One e-mail to a member of staff. `reference` makes its id, so that the same one sent twice can be seen to be the same."""

    to: str
    subject: str
    text: str
    reference: str
    at: datetime


class MailRefused(Exception):
    """The server will not take it for this address: not to be tried again."""


class MailUnreachable(Exception):
    """Nobody can say that the server took it: it is to be tried again, though it may go twice."""


class MailPutOff(MailUnreachable):
    """The server answered, and does not take this one now, as where a mailbox is full: any other may go all the same."""


class Mailer(Protocol):
    """Sends e-mail to staff. Raises one of the three above; it never takes longer than its time-out."""

    def send(self, mail: Mail) -> None: ...


@runtime_checkable
class SignedCalls(Protocol):
    """Tells a provider's own webhook call from anyone else's (R19)."""

    def read(self, path: str, query: bytes, body: bytes, signature: str | None) -> Mapping[str, str] | None:
        """The form fields of a genuine call, the first of any repeated key; None for every other call. Never raises.

        `path` is scope["path"] and `query` scope["query_string"]: the host comes from the settings, not the request.
        """
        ...


@dataclass(frozen=True)
class Said:
    """A provider's genuine call, as it came at `at`: a text to us, or a receipt for the text `about`."""

    at: datetime
    fields: Mapping[str, str]
    about: UUID | None = None


class Spool(Protocol):
    """Keeps calls while the database cannot (R20). `waiting`: there may be some that are not written down yet."""

    @property
    def waiting(self) -> bool: ...

    def keep(self, said: Said) -> None:
        """Safe from a power cut when it returns; OSError where there is no room or no way."""
        ...

    def kept(self) -> Iterator[tuple[str, Said]]:
        """Everything kept, oldest first, each by its name."""
        ...

    def done(self, name: str) -> None: ...

    def put_aside(self, name: str) -> None: ...

    def alone(self) -> AbstractContextManager[bool]:
        """Whether whoever asks is, until they are done, the only one on this machine that writes down what is kept."""
        ...

    def tidy(self, now: datetime, keep: timedelta) -> int:
        """See to what a crash left, and delete what was put aside longer ago than this; how many were deleted."""
        ...

    def depth(self) -> tuple[int, int]: ...


class DoesNotFit(Exception):
    """There is more to print than the document's sheets take."""


class CannotPrint(Refusal):
    """This cannot be printed as it stands: read it on the screen, and tell whoever runs the service."""

    code = "cannot_print"


class Printer(Protocol):
    """Turns a document's data into a tagged PDF that screen readers can read (PDF/UA). `document` names its layout."""

    def print(self, document: str, data: Mapping[str, Any]) -> bytes:
        """The PDF. Raises DoesNotFit where the layout has a fixed number of pages and the data needs more, CannotPrint
        where there is any other reason in the data.
        """
        ...


@dataclass(frozen=True)
class Printing:
    """The printer in use: `work.reference[Printing].printer`."""

    printer: Printer


class Witness(Protocol):
    """Remembers the checkpoints of the journal outside the database, by number and chain (R51)."""

    def last(self) -> int:
        """The newest number; 0 for none."""
        ...

    def kept(self) -> Mapping[int, str]: ...

    def keep(self, checkpoints: Sequence[tuple[int, str]]) -> None: ...


@dataclass(frozen=True)
class Witnessing:
    """The witness in use; None in a demonstration, whose database is made anew each day."""

    witness: Witness | None
