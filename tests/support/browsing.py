"""A browser as far as signing in needs one: cookies, the headers browsers send, and the token of the page it is on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from litestar.testing import TestClient

from tests.support.lending import lent
from throughcare.casework.keyring import Keyring
from throughcare.kernel.reference import Reference
from throughcare.kernel.work import Desk
from throughcare.web.app import create_app
from throughcare.web.frame import Site
from throughcare.web.front import front_door, signed_in

HTTP, HTTPS = "http://testserver.local", "https://testserver.local"
SECRET_KEY = "only-for-tests-and-long-enough-to-be-a-secret"


def production(desk: Desk) -> Desk:
    """The same desk as it is in production: no buttons."""
    return Desk(
        desk.engine, desk.clock, desk.reactions, Reference({**desk.reference.held, Keyring: Keyring(SECRET_KEY)})
    )


def app_of(desk: Desk, address: str = HTTP, *handlers):
    """The service as it is composed, with a few handlers more; the checks on its health are answered yes."""

    def build(held: Desk):
        door = front_door(held, address)
        health = {"at_head": lambda: True, "metrics_token": ""}
        extras = replace(door, handlers=[*door.handlers, *handlers], dependencies=health)
        return create_app(held, Site(), signed_in, extras)

    return lent((address, desk.reference[Keyring].demonstration, handlers), desk, build)


@dataclass
class Browser:
    """`page` is the last answer. It posts as a browser does from our own pages, unless told otherwise."""

    client: TestClient
    headers: dict[str, str] = field(default_factory=lambda: {"sec-fetch-site": "same-origin"})
    csrf: str = ""

    def get(self, path, **options):
        return self._keep(self.client.get(path, follow_redirects=False, **options))

    def post(self, path, values=None, *, csrf=None, headers=None, **options):
        body = {"csrf_token": self.csrf if csrf is None else csrf} | (values or {})
        said = self.headers if headers is None else headers
        return self._keep(self.client.post(path, data=body, headers=said, follow_redirects=False, **options))

    def _keep(self, answer):
        self.page = answer
        if found := re.search(r'name="csrf_token" value="([^"]*)"', answer.text):
            self.csrf = found[1]
        return answer

    def follow(self):
        return self.get(self.page.headers["location"])


@contextmanager
def browser(desk: Desk, address: str = HTTP, *handlers) -> Iterator[Browser]:
    with TestClient(app_of(desk, address, *handlers), base_url=address) as client:
        yield Browser(client)
