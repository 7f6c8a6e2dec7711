"""Acts and looks as Litestar's page handlers: thin, so that everything a page does can be called without a server."""

from __future__ import annotations

from typing import Any

from litestar import HttpMethod, Request, get, route
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.params import RawBody

from throughcare.web.acts import Act, Look
from throughcare.web.forms import parse_body
from throughcare.web.places import Page, ask_page, look_page, press
from throughcare.web.visit import DONE, Visit


def look_page_at(look: Look) -> HTTPRouteHandler:
    """GET: the page."""

    @get(look.path, sync_to_thread=True, include_in_schema=False, name=f"page:{look.path}")
    def read(request: Request[Any, Any, Any], visit: NamedDependency[Visit]) -> Page:
        query = {name: request.query_params.getall(name) for name in request.query_params}
        return look_page(look, visit, query)

    return read


def act_page(act: Act[Any]) -> HTTPRouteHandler:
    """GET asks, POST does."""
    if act.said:
        DONE[act.key] = act.said

    @route(
        act.path,
        http_method=[HttpMethod.GET, HttpMethod.POST],
        status_code=200,
        sync_to_thread=True,
        include_in_schema=False,
        name=f"page:{act.path}",
    )
    def do(request: Request[Any, Any, Any], visit: NamedDependency[Visit], body: RawBody) -> Page:
        return press(act, visit, parse_body(body)) if request.method == "POST" else ask_page(act, visit)

    return do
