"""Takes in five hundred handlers without going over those there are for each one more."""

from __future__ import annotations

from collections import defaultdict

from litestar import Litestar, Router
from litestar.routes import ASGIRoute, HTTPRoute, WebSocketRoute
from litestar.types import RouteHandlerMapItem

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
    """The application."""


def _answers(route: Route) -> RouteHandlerMapItem:
    if isinstance(route, HTTPRoute):
        return {method: handler for handler in route.route_handlers for method in handler.http_methods}
    return {"websocket" if isinstance(route, WebSocketRoute) else "asgi": route.route_handler}
