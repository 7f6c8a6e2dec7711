"""Receipts for texts that went by GOV.UK Notify: one address for all of them, by the token it was given or nothing (R16, R19)."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response
from litestar.di import NamedDependency
from litestar.params import RawBody

from throughcare.web.webhooks.twilio import Call, Door, called

TOKEN = "Authorization"  # noqa: S105 - the header's name
RECEIPTS = "/webhooks/notify/receipts"


@called(RECEIPTS, sync_to_thread=True)
def receipt_received(
    request: Request[Any, Any, Any],
    body: RawBody,
    notify_door: NamedDependency[Door],
) -> Response[str]:
    """What became of a text of ours."""
    call = Call(request.scope["path"], request.scope["query_string"], body, request.headers.get(TOKEN))
    return Response("", status_code=notify_door.receipt(call).status, media_type="text/plain")


HANDLERS = [receipt_received]
