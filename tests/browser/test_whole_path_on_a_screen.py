"""The whole path on a screen: every step by hand, in the window of the worker whose it is, and nothing wrong on any page.

With room and with little, on one database and on the other; and where there is no JavaScript.
"""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.browser

SCREENS = {
    "desk": {"viewport": {"width": 1280, "height": 900}},
    "320 px": {"viewport": {"width": 320, "height": 640}},
    "no JavaScript": {"viewport": {"width": 1280, "height": 900}, "java_script_enabled": False},
}


@pytest.fixture
def database(databases, screen):
    """Pages are the same on every database, so no screen is walked on two: 320 px on the last of those asked for."""
    return databases[-1 if screen == "320 px" else 0]


@pytest.mark.parametrize("screen", SCREENS)
def test_a_person_is_carried_from_reception_to_a_report_acknowledged(walk, screen):
    with walk(**SCREENS[screen]) as path:
        path.whole()
        report = path.door.open("probation", f"{path.case}/requirements").locator("main").inner_text()
        assert "Acknowledged" in report
        assert "Acceptable absence" in report
        assert path.door.faults == []
