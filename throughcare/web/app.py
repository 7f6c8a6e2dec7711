"""The web edge put together: every page module's acts and looks as pages and API, and every refusal as an answer."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from litestar import Litestar, Request
from litestar.datastructures import State
from litestar.di import Provide
from litestar.openapi import OpenAPIConfig
from litestar.static_files import create_static_files_router

from throughcare.kernel.work import Desk
from throughcare.web import pages, templating
from throughcare.web.acts import Act, Look
from throughcare.web.answers_out import act_answer, act_opening, look_answer
from throughcare.web.frame import Site
from throughcare.web.refusing import HANDLERS
from throughcare.web.registering import Application, Pages
from throughcare.web.served import act_page, look_page_at
from throughcare.web.visit import SignedIn, Visit

BODY_LIMIT = 1_000_000  # bytes; webhooks have their own, smaller
ReaderOf = Callable[[Request[Any, Any, Any]], SignedIn]


@dataclass(frozen=True)
class Extras:
    """What the composition adds: middleware outermost first, handlers, and what handlers may ask for by name.

    `before_send` hooks see every answer, those to no route and to faults among them.
    """

    middleware: Sequence[Any] = ()
    before_send: Sequence[Any] = ()
    handlers: Sequence[Any] = ()
    dependencies: dict[str, Any] = field(default_factory=dict)
    lifespan: Sequence[Any] = ()


def declared() -> Iterator[Any]:
    """Everything the page modules put in their ROUTES: acts, looks and plain handlers."""
    for module in sorted(pkgutil.iter_modules(pages.__path__), key=lambda found: found.name):
        loaded = importlib.import_module(f"{pages.__name__}.{module.name}")
        yield from loaded.ROUTES


def served(routes: Sequence[Any]) -> Iterator[Any]:
    """Litestar's handlers for them."""
    for route in routes:
        if isinstance(route, Act):
            yield from (act_page(route), act_answer(route), act_opening(route))
        elif isinstance(route, Look):
            yield from (look_page_at(route), look_answer(route))
        else:
            yield route


def create_app(desk: Desk, site: Site, reader_of: ReaderOf, extras: Extras | None = None) -> Litestar:
    """The application. `reader_of` says at once who is signed in (a middleware has looked), or raises SignInFirst."""
    more = extras or Extras()

    def visit(request: Request[Any, Any, Any]) -> Visit:
        return Visit.of(request, desk, site, reader_of(request))

    return Application(
        route_handlers=[Pages("/", route_handlers=list(served(list(declared())))), *more.handlers, *static()],
        dependencies={
            "desk": given(desk),
            "site": given(site),
            "visit": Provide(visit, sync_to_thread=False),
            **{name: given(held) for name, held in more.dependencies.items()},
        },
        exception_handlers=HANDLERS,
        middleware=list(more.middleware),
        before_send=list(more.before_send),
        state=State({"site": site}),
        request_max_body_size=BODY_LIMIT,
        openapi_config=OpenAPIConfig(title=site.service_name, version="1", path="/schema", render_plugins=[]),
        on_startup=[templating.warm],
        lifespan=list(more.lifespan),
        logging_config=None,  # config.logging has set it up
    )


def given(held: Any) -> Provide:
    """A dependency that is always the same object."""
    return Provide(lambda: held, sync_to_thread=False)


def static() -> list[Any]:
    """The built assets, under names that change with their content."""
    folder = Path(templating.STATIC)
    return [create_static_files_router(path="/static", directories=[folder])] if folder.is_dir() else []
