"""The same whole path where there is little room, and where there is no JavaScript."""

from __future__ import annotations

import shutil

import pytest

from throughcare.kernel.database import open_engine

pytestmark = pytest.mark.browser

SCREENS = {
    "320 px": {"viewport": {"width": 320, "height": 640}},
    "no JavaScript": {"viewport": {"width": 1280, "height": 900}, "java_script_enabled": False},
}


@pytest.fixture
def engine(empty_sqlite, tmp_path):
    """One database is enough here: the pages are the same on both."""
    path = tmp_path / "test.db"
    shutil.copy(empty_sqlite, path)
    engine = open_engine(f"sqlite:///{path}")
    yield engine
    engine.dispose()


@pytest.mark.parametrize("screen", SCREENS)
def test_a_person_is_carried_from_reception_to_a_report_acknowledged(walk, screen):
    with walk(**SCREENS[screen]) as path:
        path.whole()
        assert path.door.faults == []
