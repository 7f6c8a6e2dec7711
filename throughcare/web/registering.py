"""Takes in five hundred handlers without going over those there are for each one more."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from litestar import Litestar, Router
from litestar.routes import ASGIRoute, HTTPRoute, WebSocketRoute
from litestar.status_codes import HTTP_200_OK
from litestar.types import ASGIApp, Message, RouteHandlerMapItem, Scope, Send

Route = HTTPRoute | WebSocketRoute | ASGIRoute


class Added:
    """Litestar makes its map of routes anew for every path it takes in; here it is added to."""

    routes: list[Route]

    @property
    def route_handler_method_map(self) -> dict[str, RouteHandlerMapItem]:
        """As Litestar's own: what answers at each path, by method."""
        kept: dict[str, RouteHandlerMapItem] = self.__dict__.setdefault("_kept", defaultdict(dict))
        seen: list[Route] = self.__dict__.setdefault("_seen", [])
        for at, route in enumerate(self.routes):
            if at == len(seen):
                seen.append(route)
            elif seen[at] is route:
                continue
            seen[at] = route
            kept[route.path].update(_answers(route))
        return kept


class Pages(Added, Router):
    """Handlers that the application takes in together."""


class Application(Added, Litestar):
    """The application. What is posted to a handler with `opt={"straight": True}` goes to it past all that pages need."""

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        handlers = [route.route_handler for route in self.routes if isinstance(route, ASGIRoute)]
        marked = [handler for handler in handlers if handler.opt.get("straight")]
        self._straight: dict[str, ASGIApp] = {path: handler.fn for handler in marked for path in handler.paths}

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """As Litestar's own."""
        handler = self._straight.get(scope["path"]) if scope["type"] == "http" and scope["method"] == "POST" else None
        if handler:
            await handler(scope, receive, self._telling_browsers(scope, send))
        else:
            await super().__call__(scope, receive, send)

    def _telling_browsers(self, scope: Scope, send: Send) -> Send:
        """What an answer says besides, unless it takes the call: who proved to be the provider is no browser."""

        async def told(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] != HTTP_200_OK:
                scope.setdefault("state", {})
                for hook in self.before_send:
                    await hook(message, scope)
            await send(message)

        return told


def _answers(route: Route) -> RouteHandlerMapItem:
    if isinstance(route, HTTPRoute):
        return {method: handler for handler in route.route_handlers for method in handler.http_methods}
    return {"websocket" if isinstance(route, WebSocketRoute) else "asgi": route.route_handler}
