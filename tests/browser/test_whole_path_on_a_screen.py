"""The whole path on a screen: every step by hand, in the window of the worker whose it is, and nothing wrong on any page."""

from __future__ import annotations

from datetime import time, timedelta

import pytest

from config.demonstration.partnership import found
from tests.support.browser import launch
from tests.support.by_browser import ByBrowser, serving
from tests.support.whole_path import WholePath
from throughcare.kernel.clock import at

pytestmark = pytest.mark.browser

WIDE = {"viewport": {"width": 1280, "height": 900}}


@pytest.fixture(scope="module")
def browser():
    with launch() as browser:
        yield browser


@pytest.fixture
def made(desk):
    return found(desk)


@pytest.fixture
def address(settings, desk, made):
    with serving(settings, desk) as address:
        yield address


def test_a_person_is_carried_from_reception_to_the_first_meeting_outside(browser, address, desk, made):
    door = ByBrowser(browser, address, **WIDE)
    release = desk.clock.now().date() + timedelta(days=40)
    path = WholePath(door, desk, made, release)
    path.up_to_acceptance()
    desk.clock.forward(at(release, time(11)) - desk.clock.now())
    path.released()
    desk.clock.forward(timedelta(days=1))
    path.met_outside()
    assert door.faults == []
