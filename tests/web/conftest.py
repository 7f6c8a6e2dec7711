"""A browser signed in as anybody, without the signing in."""

from __future__ import annotations

import pytest
from litestar.testing import TestClient

from throughcare.web.app import create_app
from throughcare.web.frame import Site
from throughcare.web.visit import SignedIn


@pytest.fixture
def client_for(desk):
    """`client_for(world.officer)`: every page and API call as that worker."""
    opened = []

    def client(actor) -> TestClient:
        app = create_app(desk, Site(), lambda _: SignedIn(actor, "token", "Here"))
        made = TestClient(app, raise_server_exceptions=False)
        opened.append(made)
        return made.__enter__()  # the app is started, so that its clean-up runs when the test is over

    yield client
    for made in opened:
        made.__exit__(None, None, None)
