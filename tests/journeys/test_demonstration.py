"""The demonstration holds people in every state, invents every one of them, and leaves no case without an owner."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from sqlmodel import select

from config.demonstration import perform
from config.demonstration.people import sixty
from throughcare.casework.people import Case, Person, PhoneNumber
from throughcare.casework.rows import Task
from throughcare.casework.worklist import Whose, WorkQuery, my_work
from throughcare.checkin.rows import CheckinPlan
from throughcare.handover.rows import Handover
from throughcare.intervention.rows import BriefIntervention
from throughcare.kernel.actors import SYSTEM
from throughcare.kernel.outbox import OutboxRow
from throughcare.release.rows import ReleasePlan
from throughcare.screening.rows import Screening

DRAMA = re.compile(r"\+447700900\d{3}|\+441632960\d{3}")


def test_sixty_people_are_the_same_sixty_every_time():
    assert len(sixty()) == 60
    assert sixty() == sixty()
    assert len({fate.phone for fate in sixty()}) == len({fate.prison_number for fate in sixty()}) == 60


@pytest.mark.slow
def test_the_caseload_played_forward_is_whole(desk):
    stage = perform(desk)
    with desk.work(SYSTEM) as work:

        def held(kind):
            return list(work.session.exec(select(kind)))

        cases = held(Case)
        assert len(cases) == len(held(Person)) == 60
        assert all(case.owner_agency_id and case.is_synthetic for case in cases)
        assert all(DRAMA.fullmatch(row.number) for row in held(PhoneNumber))
        assert len({case.stage for case in cases}) >= 6
        assert len({row.status for row in held(Handover)}) >= 7
        assert len({row.status for row in held(ReleasePlan)}) >= 3
        assert len({row.status for row in held(Screening)}) >= 4
        assert len({row.status for row in held(BriefIntervention)}) >= 3
        assert {row.status.value for row in held(CheckinPlan)} >= {"active", "ended"}
        assert {row.state.value for row in held(OutboxRow)} >= {"delivered", "undelivered"}
        assert len(Counter(task.kind for task in held(Task))) >= 15
    assert stage.refused == []
    for key in ("officer", "treatment", "prison_manager", "provider", "marsh_officer", "glen_officer"):
        with desk.work(stage.partnership.actors[key]) as work:
            view = my_work(work, WorkQuery(whose=Whose.TEAM))
        assert view.overdue, key
    with desk.work(stage.partnership.actors["prison_manager"]) as work:
        assert my_work(work, WorkQuery(whose=Whose.TEAM)).unallocated
