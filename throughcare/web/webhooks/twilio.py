"""Texts to us and receipts for texts from us, as Twilio calls: signed or nothing (R16, R19, R20)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import structlog
from litestar import Request, Response, post
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
TEXTS, RECEIPTS = "/webhooks/twilio/messages", "/webhooks/twilio/status"
CALLS = Counter("throughcare_webhook_calls", "Calls by the provider of texts", ["kind", "outcome"])


@dataclass(frozen=True)
class Call:
    """One call as it came: the path and raw query that were signed, the raw body, the signature."""

    path: str
    query: bytes
    body: bytes
    signature: str | None


@dataclass(frozen=True)
class Door:
    """Where the provider's calls come in: how they are told from others, and where they are kept."""

    desk: Desk
    calls: SignedCalls
    spool: Spool

    def take(self, call: Call, about: UUID | None = None) -> int:
        """A text to us, or a receipt for the text `about`; the HTTP status. 503: neither database nor disk can keep it,
        and the provider tries its fallback.
        """
        kind = "receipt" if about else "text"
        fields = self.calls.read(call.path, call.query, call.body, call.signature)
        if fields is None or not (about or fields.get("MessageSid")):
            CALLS.labels(kind, "refused").inc()
            return 403
        try:
            outcome = doorstep.receive(self.desk, self.spool, Said(self.desk.clock.now(), fields, about))
        except OSError:
            log.exception("a call could not be kept")
            CALLS.labels(kind, "lost").inc()
            return 503
        CALLS.labels(kind, outcome).inc()
        return 200


def call_of(request: Request[Any, Any, Any], body: bytes) -> Call:
    """The call as it was signed: not the request's own address, which a proxy may have changed (E5)."""
    return Call(request.scope["path"], request.scope["query_string"], body, request.headers.get(SIGNATURE))


@post(
    TEXTS,
    status_code=200,
    sync_to_thread=True,
    include_in_schema=False,
    request_max_body_size=MOST_BYTES,
    opt={"door": "open"},
)
def text_received(
    request: Request[Any, Any, Any],
    body: RawBody,
    provider_door: NamedDependency[Door],
) -> Response[str]:
    """A person's text to us."""
    return _answered(provider_door.take(call_of(request, body)))


@post(
    f"{RECEIPTS}/{{message_id:uuid}}",
    status_code=200,
    sync_to_thread=True,
    include_in_schema=False,
    request_max_body_size=MOST_BYTES,
    opt={"door": "open"},
)
def receipt_received(
    request: Request[Any, Any, Any],
    message_id: FromPath[UUID],
    body: RawBody,
    provider_door: NamedDependency[Door],
) -> Response[str]:
    """What became of a text of ours."""
    return _answered(provider_door.take(call_of(request, body), message_id))


def _answered(status: int) -> Response[str]:
    """TwiML that says nothing: our answers go by the outbox. Who is refused learns nothing at all."""
    return Response(NOTHING_TO_SAY if status == 200 else "", status_code=status, media_type="text/xml")  # noqa: PLR2004 - taken


HANDLERS = [text_received, receipt_received]
