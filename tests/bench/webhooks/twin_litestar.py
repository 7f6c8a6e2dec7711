"""A handler that checks the signature as ours does, and stores nothing."""

from __future__ import annotations

from typing import Any

from litestar import Litestar, Request, Response, post
from litestar.params import RawBody

from integrations.twilio_signature import TwilioSignature, TwilioWebhooks
from tests.bench.webhooks.work import ANSWER, PATH, PUBLIC, SIGNATURE, XML
from tests.fake_twilio.settings import ACCOUNT_SID, AUTH_TOKEN, NUMBER

calls = TwilioWebhooks(TwilioSignature(PUBLIC, [AUTH_TOKEN]), ACCOUNT_SID, [NUMBER])


@post(PATH, status_code=200)
async def text(request: Request[Any, Any, Any], body: RawBody) -> Response[str]:
    if calls.read(PATH, b"", body, request.headers.get(SIGNATURE)) is None:
        return Response("", status_code=403)
    return Response(ANSWER, media_type=XML)


app = Litestar([text], openapi_config=None, logging_config=None)
