"""A browser, and the whole path walked through it."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import timedelta

import pytest

from config.demonstration.partnership import found
from tests.support.browser import launch
from tests.support.by_browser import ByBrowser
from tests.support.serving import Scheduler, serving
from tests.support.signing_in import figures, with_password
from tests.support.whole_path import WholePath


@pytest.fixture
def seen():
    """The kinds of page that axe has been over on this screen, so that each is put to it once."""
    return set()


@pytest.fixture(scope="module")
def opened():
    with launch() as browser:
        yield browser


@pytest.fixture
def walk(opened, seen, settings, desk):
    """`walk(viewport=...)`: the whole path on a screen like that, not yet begun."""

    @contextmanager
    def on(**screen):
        made = found(desk)
        with serving(settings, desk) as address:
            door = ByBrowser(opened, address, seen, **screen)
            email = with_password(desk, made.actors["provider_manager"])
            door.accounts["provider_manager"] = email, lambda: figures(desk.clock)
            yield WholePath(door, Scheduler(settings, desk), made, desk.clock.now().date() + timedelta(days=40))
            door.close()

    return on
