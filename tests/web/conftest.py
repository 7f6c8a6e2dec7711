"""A browser signed in as anybody, without the signing in."""

from __future__ import annotations

import pytest
from litestar.testing import TestClient

from throughcare.web import app as web
from throughcare.web.acts import Act, Look
from throughcare.web.frame import Site
from throughcare.web.visit import SignedIn

PAGES = [route for route in web.declared() if isinstance(route, Act | Look)]


@pytest.fixture
def client_for(desk, monkeypatch):
    """`client_for(world.officer)`: every act and look as that worker, on their page and in the API."""
    opened = []
    monkeypatch.setattr(web, "declared", lambda: iter(PAGES))

    def client(actor) -> TestClient:
        app = web.create_app(desk, Site(), lambda _: SignedIn(actor, "token", "Here"))
        made = TestClient(app, raise_server_exceptions=False)
        opened.append(made)
        return made.__enter__()  # the app is started, so that its clean-up runs when the test is over

    yield client
    for made in opened:
        made.__exit__(None, None, None)
