"""The application, built once in a process and lent to one test after another: to build it costs more than most tests.

What differs from test to test, the desk and who reads, is looked up at each request.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import fields, replace
from functools import cache

from litestar import Litestar
from litestar.testing import TestClient

from config.serving import web
from config.settings import Settings
from throughcare.kernel.work import Desk
from throughcare.web.app import Extras, create_app
from throughcare.web.frame import Site
from throughcare.web.visit import SignedIn

FOUND, VERSION_NEEDED = 200, 428
READER = "x-test-reader"
HEALTH = {"at_head": lambda: True, "metrics_token": ""}


_built: dict[object, tuple[Desk, Litestar]] = {}


def lent(key: object, desk: Desk, build: Callable[[Desk], Litestar]) -> Litestar:
    """The application that `build` makes, made once for each `key`, over this test's desk from now on."""
    if key not in _built:
        held = replace(desk)
        app = build(held)
        app.event_emitter = nullcontext()  # nobody listens to it, and it cannot be entered by two clients at once
        _built[key] = held, app
    held, app = _built[key]
    for each in fields(desk):
        object.__setattr__(held, each.name, getattr(desk, each.name))  # frozen to all but us
    return app


class Visitor(TestClient):
    """A browser, and a program that reads the version of what it is about to change, as it must."""

    def post(self, url, **more):
        answer = super().post(url, **more)
        if answer.status_code != VERSION_NEEDED:
            return answer
        stands = self.get(url)
        if stands.status_code != FOUND:
            return stands
        read = {"if-match": str(stands.json()["version"])}
        return super().post(url, **more | {"headers": {**more.get("headers", {}), **read}})


def client_of(desk: Desk, reader: SignedIn) -> TestClient:
    """Every page and the API, as that reader, without signing in; not yet entered."""
    readers = _readers()
    readers[str(len(readers))] = reader
    client = Visitor(lent("every page", desk, _every_page), raise_server_exceptions=False)
    client.headers[READER] = str(len(readers) - 1)
    return client


@cache
def _readers() -> dict[str, SignedIn]:
    return {}


def whole(settings: Settings, desk: Desk) -> Litestar:
    """The web part as it is put together to be served."""
    return lent(("whole", settings.model_dump_json()), desk, lambda held: web(settings, held))


def _every_page(desk: Desk) -> Litestar:
    return create_app(desk, Site(), lambda request: _readers()[request.headers[READER]], Extras(dependencies=HEALTH))
