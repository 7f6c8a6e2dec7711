"""Texts to us and receipts for texts from us, as Twilio calls: signed or nothing (R16, R19, R20)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import structlog
from litestar import Request, Response, post
from litestar.di import NamedDependency
from litestar.params import FromPath, RawBody
from prometheus_client import Counter

from throughcare.checkin import inbound, receipts
from throughcare.kernel.actors import SYSTEM
from throughcare.kernel.ports import SignedCalls
from throughcare.kernel.work import AlreadyDone, Desk

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


def take_text(desk: Desk, calls: SignedCalls, call: Call) -> int:
    """Keep a text and settle it; the HTTP status. Kept is enough: what cannot be settled now is settled by a round."""
    fields = calls.read(call.path, call.query, call.body, call.signature)
    if fields is None or not fields.get("MessageSid"):
        CALLS.labels("text", "refused").inc()
        return 403
    if not _stored(desk, fields):
        CALLS.labels("text", "duplicate").inc()
        return 200
    CALLS.labels("text", "taken").inc()
    try:
        with desk.work(SYSTEM) as work:
            inbound.settle_number(work, fields.get("From", ""))
    except Exception:
        log.exception("a text is kept and will be settled later")
    return 200


def _stored(desk: Desk, fields: Mapping[str, str]) -> bool:
    try:
        with desk.work(SYSTEM) as work:
            return inbound.store(work, fields)
    except AlreadyDone:  # the same call came twice at once
        return False


def take_receipt(desk: Desk, calls: SignedCalls, call: Call, message_id: UUID) -> int:
    """What became of one of our texts; the HTTP status. One we do not know of is counted, and not an error (R17)."""
    fields = calls.read(call.path, call.query, call.body, call.signature)
    if fields is None:
        CALLS.labels("receipt", "refused").inc()
        return 403
    with desk.work(SYSTEM) as work:
        known = receipts.arrive(
            work,
            message_id,
            fields.get("MessageStatus", ""),
            inbound.counted(fields.get("ErrorCode", "")),
            fields.get("MessageSid", ""),
        )
    CALLS.labels("receipt", "taken" if known else "unknown").inc()
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
    desk: NamedDependency[Desk],
    signed_calls: NamedDependency[SignedCalls],
) -> Response[str]:
    """A person's text to us."""
    return _answered(take_text(desk, signed_calls, call_of(request, body)))


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
    desk: NamedDependency[Desk],
    signed_calls: NamedDependency[SignedCalls],
) -> Response[str]:
    """What became of a text of ours."""
    return _answered(take_receipt(desk, signed_calls, call_of(request, body), message_id))


def _answered(status: int) -> Response[str]:
    """TwiML that says nothing: our answers go by the outbox. Who is refused learns nothing at all."""
    return Response(NOTHING_TO_SAY if status == 200 else "", status_code=status, media_type="text/xml")  # noqa: PLR2004 - taken


HANDLERS = [text_received, receipt_received]
