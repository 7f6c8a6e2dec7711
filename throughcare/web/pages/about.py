"""What anybody may read without signing in: how to get help, how accessible the service is, and what it does with data."""

from __future__ import annotations

from typing import Any

from litestar import Request, get
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler

from throughcare.web.frame import Frame, Site
from throughcare.web.places import Page, html
from throughcare.web.templating import render


def page(name: str) -> HTTPRouteHandler:
    """One of them, at its own address."""

    @get(f"/{name}", sync_to_thread=False, include_in_schema=False, opt={"door": "open"}, name=f"page:/{name}")
    def read(request: Request[Any, Any, Any], site: NamedDependency[Site]) -> Page:
        frame = Frame(site, nonce=request.scope["state"].get("nonce", ""))
        return html(render(f"about/{name}.html", frame=frame))

    return read


ROUTES = tuple(page(name) for name in ("help", "accessibility", "privacy"))
