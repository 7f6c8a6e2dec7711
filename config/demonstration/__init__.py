"""A fictional partnership and its caseload, the same every time, dated from today: for demonstrations and training."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import text

from config.demonstration import agreeing, custody, keeping, leaving, on_call, supervised
from config.demonstration.partnership import Partnership, found
from config.demonstration.people import Fate, sixty
from config.demonstration.playing import Stage, play
from config.demonstration.texting import phones, stranger
from config.tables import all_tables
from throughcare.casework.phone_numbers import phone_number
from throughcare.handover.expiry import expire_due
from throughcare.kernel.actors import SYSTEM
from throughcare.kernel.clock import SetClock
from throughcare.kernel.work import Desk

__all__ = ["Partnership", "Stage", "load", "perform"]
FAR_BACK = 210  # days before the first reception


def load(desk: Desk) -> Partnership:
    """Empty every table and make the demonstration again."""
    return perform(desk).partnership


def perform(desk: Desk) -> Stage:
    """Play all sixty stories up to now; what the service refused on the way is in the stage's `refused`."""
    with desk.engine.begin() as connection:
        for table in reversed(all_tables().sorted_tables):
            connection.execute(text(f'DELETE FROM "{table.name}"'))  # noqa: S608 - our own table names
    now = desk.clock.now()
    clock = SetClock(now - timedelta(days=FAR_BACK))
    past = replace(desk, clock=clock)
    stage = Stage(past, clock, found(past), now)
    fates = sixty()
    numbers = {phone_number(fate.phone, test_numbers=True): fate for fate in fates}
    first = min(fate.release for fate in fates if fate.release is not None)
    others = (
        phones(stage, numbers, first), stranger(stage), supervised.reports_fall_due(stage, first), agreeing.officer_leaves(stage),
        keeping.lists_kept(stage, first), on_call.rota_planned(stage),
    )  # fmt: skip
    play(stage, [*others, *(life(stage, fate) for fate in fates)])
    with past.work(SYSTEM) as work:
        expire_due(work)
    return stage


def life(stage: Stage, fate: Fate) -> Generator[datetime, None, None]:
    """One person's story: what happens to them runs side by side, in the order of its days."""
    case_id = yield from custody.reception(stage, fate)
    if case_id is None:
        return
    parts = [
        part(stage, fate, case_id)
        for part in (
            custody.screened, custody.helped, custody.dated, custody.reachable, leaving.planned, leaving.handed_over,
            leaving.released, leaving.child_thought_of, supervised.supervised, agreeing.asked_to_share,
        )
    ]  # fmt: skip
    due = {part: next(part, None) for part in parts}
    while waiting := {part: when for part, when in due.items() if when is not None}:
        part = min(waiting, key=lambda found: waiting[found])
        yield waiting[part]
        due[part] = next(part, None)
