"""Texts to us, receipts for texts from us, and rings, as Twilio calls: signed or nothing (R16, R19, R20)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property, partial
from typing import Any, NamedTuple
from uuid import UUID

import structlog
from litestar import Request, Response, asgi, post
from litestar.di import NamedDependency
from litestar.handlers import ASGIRouteHandler
from litestar.params import FromPath, RawBody
from litestar.types import Receive, Scope, Send
from prometheus_client import Counter

from throughcare.checkin import doorstep
from throughcare.kernel.ports import Said, SignedCalls, Spool
from throughcare.kernel.straight import straight
from throughcare.kernel.work import Desk
from throughcare.web.webhooks.keeping import Together
from throughcare.web.webhooks.settling import Settling

log = structlog.get_logger()
MOST_BYTES = 65_536
SIGNATURE = "X-Twilio-Signature"
SIGNED = SIGNATURE.lower().encode()
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
counted = cache(CALLS.labels)


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
    provider: str = "twilio"  # whose calls they are

    @cached_property
    def together(self) -> Together:
        """Those who call at the same time."""
        return Together(partial(doorstep.receive_together, self.desk, self.spool))

    @cached_property
    def settling(self) -> Settling:
        """What comes after the answer."""
        return Settling(partial(doorstep.settle, self.desk), lambda: self.together.busy)

    def close(self) -> None:
        """What is under way is ended, and nothing is left open."""
        self.settling.close()
        straight(self.desk).close()

    def take(self, call: Call, about: UUID | None = None) -> Kept:
        """A text to us, or a receipt for the text `about`. 503: neither database nor disk can keep it, and the provider
        tries its fallback.
        """
        return self._alone("receipt" if about else "text", call, about)

    def ring(self, call: Call) -> Kept:
        """Somebody rings our number; as of a text."""
        return self._alone("call", call)

    async def keep(self, kind: str, call: Call) -> Kept:
        """A text or a ring, written down with those that come at the same time, and settled soon after."""
        said = self._said(kind, call)
        kept = _kept(kind, said, await self.together.keep(said)) if said else _refused(kind)
        if kept.number:
            self.settling.ask(kept.number)
        return kept

    def _alone(self, kind: str, call: Call, about: UUID | None = None) -> Kept:
        said = self._said(kind, call, about)
        return _kept(kind, said, doorstep.receive(self.desk, self.spool, said)) if said else _refused(kind)

    def _said(self, kind: str, call: Call, about: UUID | None = None) -> Said | None:
        """None where it is not the provider who calls, or not in the way it does."""
        fields = self.calls.read(call.path, call.query, call.body, call.signature)
        if fields is None or not (about or fields.get(NAMED_BY[kind])):
            return None
        return self._told(fields, about)

    def receipt(self, call: Call) -> Kept:
        """A receipt that says itself, as its Reference, which text of ours it is about. One about none is counted, and no error."""
        fields = self.calls.read(call.path, call.query, call.body, call.signature)
        if fields is None:
            return _refused("receipt")
        try:
            said = self._told(fields, UUID(fields.get("Reference", "")))
        except ValueError:
            counted("receipt", doorstep.UNKNOWN).inc()
            return Kept(200)
        return _kept("receipt", said, doorstep.receive(self.desk, self.spool, said))

    def _told(self, fields: Mapping[str, str], about: UUID | None) -> Said:
        kept = {name: fields[name] for name in KEPT if name in fields}
        return Said(self.desk.clock.now(), kept | {doorstep.PROVIDER: self.provider}, about)


def _refused(kind: str) -> Kept:
    counted(kind, "refused").inc()
    return Kept(403)


def _kept(kind: str, said: Said, outcome: str) -> Kept:
    counted(kind, outcome).inc()
    if outcome == doorstep.LOST:
        return Kept(503)
    to_settle = outcome == doorstep.TAKEN and not said.about
    return Kept(200, said.fields.get("From", "") if to_settle else "")


def call_of(scope: Mapping[str, Any], body: bytes) -> Call:
    """The call as it was signed: not the request's own address, which a proxy may have changed (E5)."""
    signed = next((value for name, value in scope["headers"] if name == SIGNED), None)
    return Call(scope["path"], scope["query_string"], body, signed.decode("latin-1") if signed else None)


def called(path: str, **more: Any) -> post:
    """An address that the provider alone calls: its signature is the way in."""
    return post(
        path,
        status_code=200,
        include_in_schema=False,
        request_max_body_size=MOST_BYTES,
        opt={"door": "open"},
        **more,
    )


@called(f"{RECEIPTS}/{{message_id:uuid}}", sync_to_thread=True)
def receipt_received(
    request: Request[Any, Any, Any],
    message_id: FromPath[UUID],
    body: RawBody,
    provider_door: NamedDependency[Door],
) -> Response[str]:
    """What became of a text of ours."""
    return _answered(provider_door.take(call_of(request.scope, body), message_id))


def _answered(kept: Kept) -> Response[str]:
    """TwiML that says nothing: our answers go by the outbox. Who is refused learns nothing at all."""
    return Response(
        NOTHING_TO_SAY if kept.status == 200 else "",  # noqa: PLR2004 - taken
        status_code=kept.status,
        media_type="text/xml",
    )


def heard(door: Door, path: str, kind: str, said: str) -> ASGIRouteHandler:
    """Texts, or rings: they come by the thousand when many were texted, so nothing is done for them that a page needs."""

    taken = said.encode()

    @asgi(path, opt={"door": "open", "straight": True}, copy_scope=False)
    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        status = 405
        if scope["method"] == "POST":  # type: ignore[typeddict-item]  # there are no sockets here
            status = await _status(door, kind, scope, await _body(receive))
        words = taken if status == 200 else b""  # noqa: PLR2004 - taken
        headers = [(b"content-type", b"text/xml; charset=utf-8"), (b"content-length", b"%d" % len(words))]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": words, "more_body": False})

    return answer


async def _status(door: Door, kind: str, scope: Scope, body: bytes) -> int:
    """What the call is answered with. A fault of ours is no reason to lose a text: its provider tries its fallback."""
    if len(body) > MOST_BYTES:
        return 413
    try:
        return (await door.keep(kind, call_of(scope, body))).status
    except Exception:
        log.exception("a call could not be heard")
        return 503


async def _body(receive: Receive) -> bytes:
    """All of it, or as much as is already too much; nothing where the caller went away."""
    parts, size, more = list[bytes](), 0, True
    while more and size <= MOST_BYTES:
        message: Any = await receive()
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        more = message.get("more_body", False)
    return b"".join(parts)


def handlers(door: Door) -> list[Any]:
    """Texts, rings, and what became of texts of ours."""
    texts, rings = heard(door, TEXTS, "text", NOTHING_TO_SAY), heard(door, VOICE, "call", NOT_ANSWERED)
    return [texts, rings, receipt_received]
