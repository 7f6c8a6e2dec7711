"""Every no as the reader should hear it: a page for people, a problem document for programs, never a stack trace."""

from __future__ import annotations

from collections.abc import Mapping
from traceback import walk_tb
from typing import Any
from uuid import uuid4

import structlog
from litestar import Request, Response
from litestar.exceptions import HTTPException, ValidationException
from litestar.response import Redirect

from throughcare.kernel.refusals import Refusal
from throughcare.web.bodies import Unreadable
from throughcare.web.frame import Frame, Site
from throughcare.web.troubles import trouble

log = structlog.get_logger()
FAULT = 500


class SignInFirst(Refusal):
    """Sign in to see this page."""

    code, status = "sign_in", 401


def say_no(request: Request[Any, Any, Any], refusal: Refusal) -> Response[Any]:
    """A refusal: its own sentence and status."""
    if isinstance(refusal, SignInFirst) and not _for_program(request):
        here = request.url.path if request.method == "GET" else "/"
        return Redirect(f"/sign-in?next={here}", status_code=303)
    told = getattr(refusal, "told", {})
    if (refusal.first or refusal.back) and not _for_program(request):
        return _page(request, refusal.status, refusal.sentence, first=refusal.first, back=refusal.back)
    if refusal.first:
        told = {**told, "first": f"/api{refusal.first[1]}"}
    return _answer(request, refusal.status, refusal.code, refusal.sentence, told=told)


def say_http(request: Request[Any, Any, Any], error: HTTPException) -> Response[Any]:
    """What Litestar refuses by itself: no such page, too large, malformed."""
    if error.status_code >= FAULT:
        return say_fault(request, error)
    said = "; ".join(_faults(error)) if isinstance(error, ValidationException) else ""
    return _answer(request, error.status_code, "http", said or str(error.detail))


def say_unreadable(request: Request[Any, Any, Any], error: UnicodeDecodeError | RecursionError) -> Response[Any]:
    """A JSON body that is not UTF-8 or is nested without end: Litestar lets its decoder's own word for that through.

    Else, our fault.
    """
    *_, (frame, _) = walk_tb(error.__traceback__)
    if frame.f_globals["__name__"].startswith("litestar.serialization"):
        return say_no(request, Unreadable())
    return say_fault(request, error)


def say_fault(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    """Our fault: written to the log without any value, under an id that the reader is shown."""
    reference = uuid4().hex[:8]
    log.error(
        "fault",
        reference=reference,
        error=type(error).__name__,
        path=request.scope.get("path_template", ""),
        exc_info=error,
    )
    return _answer(request, FAULT, "fault", "", reference)


def _faults(error: ValidationException) -> list[str]:
    extra = error.extra if isinstance(error.extra, list) else []
    told = [(fault.get("key", ""), str(fault.get("message", ""))) for fault in extra if isinstance(fault, dict)]
    return [": ".join(filter(None, (key, said.removeprefix("Value error, ")))) for key, said in told]


def _for_program(request: Request[Any, Any, Any]) -> bool:
    return request.url.path.startswith(("/api", "/webhooks", "/schema"))


def _answer(
    request: Request[Any, Any, Any],
    status: int,
    code: str,
    said: str,
    reference: str = "",
    told: Mapping[str, Any] | None = None,
) -> Response[Any]:
    if _for_program(request):
        problem = {
            **(told or {}),
            "type": code,
            "title": said or "There is a problem with the service.",
            "status": status,
        }
        return Response(
            problem | ({"reference": reference} if reference else {}),
            status_code=status,
            media_type="application/problem+json",
        )
    return _page(request, status, said if status != 404 else "", reference=reference)  # noqa: PLR2004 - not found says nothing more


def _page(request: Request[Any, Any, Any], status: int, said: str, **more: Any) -> Response[Any]:
    site = request.app.state.get("site") or Site()
    frame = Frame(site=site, nonce=request.scope.get("state", {}).get("nonce", ""))
    page = trouble(frame, status, said=said, **more)
    return Response(page, status_code=status, media_type="text/html; charset=utf-8")


HANDLERS: dict[int | type[Exception], Any] = {
    Refusal: say_no,
    HTTPException: say_http,
    UnicodeDecodeError: say_unreadable,
    RecursionError: say_unreadable,  # nested deeper than anything means
    Exception: say_fault,
}
