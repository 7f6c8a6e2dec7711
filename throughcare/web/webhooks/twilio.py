"""Texts to us, receipts for texts from us, and rings, as Twilio calls: signed or nothing (R16, R19, R20)."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from uuid import UUID

import structlog
from litestar import Request, Response, post
from litestar.background_tasks import BackgroundTask
from litestar.di import NamedDependency
from litestar.params import FromPath, RawBody
from prometheus_client import Counter

from throughcare.checkin import doorstep
from throughcare.kernel.ports import Said, SignedCalls, Spool
from throughcare.kernel.work import Desk

log = structlog.get_logger()
MOST_BYTES = 65_536
SIGNATURE = "X-Twilio-Signature"
NOTHING_TO_SAY = '<?xml version="1.0" encoding="UTF-8"?><Response/>'
NOT_ANSWERED = '<?xml version="1.0" encoding="UTF-8"?><Response><Reject reason="busy"/></Response>'
TEXTS, RECEIPTS, VOICE = "/webhooks/twilio/messages", "/webhooks/twilio/status", "/webhooks/twilio/voice"
KEPT = (
    "MessageSid",
    "CallSid",
    "From",
    "To",
    "Body",
    "NumMedia",
    "MessageStatus",
    "ErrorCode",
)  # of some thirty fields
NAMED_BY = {"text": "MessageSid", "call": "CallSid"}  # what tells one from the next
CALLS = Counter("throughcare_webhook_calls", "Calls by the provider of texts", ["kind", "outcome"])


@dataclass(frozen=True)
class Call:
    """One call as it came: the path and raw query that were signed, the raw body, the signature."""

    path: str
    query: bytes
    body: bytes
    signature: str | None


class Kept(NamedTuple):
    """The HTTP status of the answer, and the number whose text or ring is still to be settled."""

    status: int
    number: str = ""


@dataclass(frozen=True)
class Door:
    """Where the provider's calls come in: how they are told from others, and where they are kept."""

    desk: Desk
    calls: SignedCalls
    spool: Spool
    settling: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1, "settling"))

    def take(self, call: Call, about: UUID | None = None) -> Kept:
        """A text to us, or a receipt for the text `about`. 503: neither database nor disk can keep it, and the provider
        tries its fallback.
        """
        return self._keep("receipt" if about else "text", call, about)

    def ring(self, call: Call) -> Kept:
        """Somebody rings our number; as of a text."""
        return self._keep("call", call)

    async def settle(self, number: str) -> None:
        """When the provider has its answer, and one at a time, so that a flood of texts leaves room for taking them."""
        await asyncio.wrap_future(self.settling.submit(doorstep.settle, self.desk, number))

    def _keep(self, kind: str, call: Call, about: UUID | None = None) -> Kept:
        fields = self.calls.read(call.path, call.query, call.body, call.signature)
        if fields is None or not (about or fields.get(NAMED_BY[kind])):
            CALLS.labels(kind, "refused").inc()
            return Kept(403)
        kept = {name: fields[name] for name in KEPT if name in fields}
        try:
            outcome = doorstep.receive(self.desk, self.spool, Said(self.desk.clock.now(), kept, about))
        except OSError:
            log.exception("a call could not be kept")
            CALLS.labels(kind, "lost").inc()
            return Kept(503)
        CALLS.labels(kind, outcome).inc()
        return Kept(200, kept.get("From", "") if outcome == doorstep.TAKEN and not about else "")


def call_of(request: Request[Any, Any, Any], body: bytes) -> Call:
    """The call as it was signed: not the request's own address, which a proxy may have changed (E5)."""
    return Call(request.scope["path"], request.scope["query_string"], body, request.headers.get(SIGNATURE))


def called(path: str) -> post:
    """An address that the provider alone calls: its signature is the way in."""
    return post(
        path,
        status_code=200,
        sync_to_thread=True,
        include_in_schema=False,
        request_max_body_size=MOST_BYTES,
        opt={"door": "open"},
    )


@called(TEXTS)
def text_received(
    request: Request[Any, Any, Any],
    body: RawBody,
    provider_door: NamedDependency[Door],
) -> Response[str]:
    """A person's text to us."""
    return _answered(provider_door, provider_door.take(call_of(request, body)))


@called(f"{RECEIPTS}/{{message_id:uuid}}")
def receipt_received(
    request: Request[Any, Any, Any],
    message_id: FromPath[UUID],
    body: RawBody,
    provider_door: NamedDependency[Door],
) -> Response[str]:
    """What became of a text of ours."""
    return _answered(provider_door, provider_door.take(call_of(request, body), message_id))


@called(VOICE)
def rang(
    request: Request[Any, Any, Any],
    body: RawBody,
    provider_door: NamedDependency[Door],
) -> Response[str]:
    """A person rings our number: kept, and then not answered, so that it costs neither of us anything."""
    return _answered(provider_door, provider_door.ring(call_of(request, body)), NOT_ANSWERED)


def _answered(door: Door, kept: Kept, said: str = NOTHING_TO_SAY) -> Response[str]:
    """TwiML that says nothing: our answers go by the outbox. Who is refused learns nothing at all."""
    return Response(
        said if kept.status == 200 else "",  # noqa: PLR2004 - taken
        status_code=kept.status,
        media_type="text/xml",
        background=BackgroundTask(door.settle, kept.number) if kept.number else None,
    )


HANDLERS = [text_received, receipt_received, rang]
