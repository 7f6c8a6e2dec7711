"""A browser signed in as anybody, without the signing in."""

from __future__ import annotations

import pytest
from litestar.testing import TestClient

from tests.support.lending import client_of
from throughcare.web.visit import SignedIn


@pytest.fixture
def client_for(desk):
    """`client_for(world.officer)`: every act and look as that worker, on their page and in the API; of another desk if given."""
    opened = []

    def client(actor, other=None) -> TestClient:
        made = client_of(other or desk, SignedIn(actor, "token", "Here"))
        opened.append(made)
        return made.__enter__()  # the app is started, so that its clean-up runs when the test is over

    yield client
    for made in opened:
        made.__exit__(None, None, None)
