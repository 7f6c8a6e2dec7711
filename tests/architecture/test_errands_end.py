"""Nothing stays on My work for ever: every kind of work, and every service clock, has something that ends it."""

from __future__ import annotations

import importlib
import re
from collections import Counter
from pathlib import Path

import pytest

from config.tables import all_tables
from tests.rules.reference import CLOCKS
from throughcare.casework.tasks import ERRANDS, Errand
from throughcare.kernel.audit import Event
from throughcare.kernel.categories import Category

all_tables()
SHIPPED = sorted(each.kind for each in ERRANDS.values() if not each.kind.startswith("test_"))


def kinds_of_event(kind: type[Event] = Event) -> set[type[Event]]:
    below = kind.__subclasses__()
    return {*below, *(one for each in below for one in kinds_of_event(each))}


def recorded() -> set[str]:
    """The names of events whose class is used somewhere beyond the line that declares it."""
    source = "\n".join(path.read_text("utf-8") for path in Path("throughcare").rglob("*.py"))
    said = Counter(re.findall(r"\w+", source))
    named = [one for one in kinds_of_event() if one.__module__.startswith("throughcare") and hasattr(one, "name")]
    return {one.name for one in named if said[one.__name__] > 1}


def ends(each: Errand, names: set[str]) -> bool:
    if each.closed_in:
        module, _, verb = each.closed_in.rpartition(".")
        return callable(getattr(importlib.import_module(f"throughcare.{module}"), verb, None))
    return each.by_hand or bool(each.closed_by & names)


@pytest.fixture(scope="module")
def names():
    return recorded()


@pytest.mark.parametrize("kind", SHIPPED)
def test_every_kind_of_work_ends(kind, names):
    assert ends(ERRANDS[kind], names)


@pytest.mark.parametrize("kind", SHIPPED)
def test_no_kind_of_work_waits_for_an_event_that_is_never_recorded(kind, names):
    assert ERRANDS[kind].closed_by - names == set()


@pytest.mark.parametrize("rule", [each for each in CLOCKS.clock if not each.met_by_hand], ids=lambda rule: rule.code)
def test_every_service_clock_waits_only_for_what_is_recorded(rule, names):
    assert rule.named_events - names == set()


@pytest.mark.parametrize(
    "never",
    [
        Errand(Category.RECORD, "a", "A"),
        Errand(Category.RECORD, "a", "A", closed_by=frozenset({"x.never"})),
        Errand(Category.RECORD, "a", "A", closed_in="kernel.work.no"),
    ],
)
def test_work_that_nothing_ends_is_told_apart(never, names):
    assert not ends(never, names)
