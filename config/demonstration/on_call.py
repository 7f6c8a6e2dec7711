"""Who is on call: the managers have planned the days around today, and not yet all that are promised."""

from __future__ import annotations

from collections.abc import Generator
from datetime import datetime, time

from config.demonstration.playing import Stage
from throughcare.checkin import rota
from throughcare.checkin.forms_on_call import PlanTurn

PLANNED = -2  # days
OPENS, SHUTS = time(9), time(20)
TURNS = (
    # manager, worker, first and last day from today, who is asked first and second, for how many weeks
    ("provider_manager", "provider", -2, 2, 1, 2),
    ("provider_manager", "provider2", -2, 2, 2, 1),
    ("provider_manager", "provider2", 3, 4, 1, 2),
    ("prison_manager", "officer", -2, 1, 1, 2),
    ("prison_manager", "officer2", 2, 4, 1, 1),
    ("marsh_manager", "marsh_officer", -2, 4, 1, 1),
    ("glen_manager", "glen_officer", -2, 4, 1, 2),
    ("northgate_manager", "northgate", -2, 4, 1, 2),
    ("strand_manager", "strand", -2, 4, 1, 1),
)


def rota_planned(stage: Stage) -> Generator[datetime, None, None]:
    """Each manager sits down to it on one morning."""
    yield stage.when(PLANNED, 8)
    for manager, worker, first, last, place, weeks in TURNS:
        turn = PlanTurn(
            worker_id=stage.partnership.actors[worker].id, from_on=stage.day(first), from_at=OPENS,
            until_on=stage.day(last), until_at=SHUTS, place=place, weeks=weeks,
        )  # fmt: skip
        stage.do(manager, rota.plan, turn)
