"""The whole path on a screen: every step by hand, in the window of the worker whose it is, and nothing wrong on any page.

Once with room and JavaScript, where each kind of page is also looked at with little room, which leaves out no script and
no style; once by hand with little room and without JavaScript; the one on one database, the other on the other.
"""

from __future__ import annotations

import pytest

from tests.support.by_browser import NARROW

pytestmark = [pytest.mark.browser, pytest.mark.slow(140)]

SCREENS = {
    "desk": {"viewport": {"width": 1280, "height": 900}},
    "320 px, no JavaScript": {"viewport": NARROW, "java_script_enabled": False},
}


@pytest.fixture
def database(databases, screen):
    """Pages are the same on every database, so no screen is walked on two: the desk on the first of those asked for."""
    return databases[0 if screen == "desk" else -1]


@pytest.mark.parametrize("screen", SCREENS)
def test_a_person_is_carried_from_reception_to_a_report_acknowledged(walk, screen):
    with walk(**SCREENS[screen]) as path:
        path.whole()
        report = path.door.open("probation", f"{path.case}/requirements").locator("main").inner_text()
        assert "Acknowledged" in report
        assert "Acceptable absence" in report
        assert path.door.faults == []
