"""The whole path on a screen: every step by hand, in the window of the worker whose it is, and nothing wrong on any page."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.browser


def test_a_person_is_carried_from_reception_to_a_report_acknowledged(walk):
    with walk(viewport={"width": 1280, "height": 900}) as path:
        path.whole()
        report = path.door.open("probation", f"{path.case}/requirements").locator("main").inner_text()
        assert "Acknowledged" in report
        assert "Acceptable absence" in report
        assert path.door.faults == []
