"""The demonstration holds people in every state, invents every one of them, and leaves no case without an owner."""

from __future__ import annotations

import re
import shutil
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
from throughcare.journey.reactions import REACTIONS
from throughcare.kernel.actors import SYSTEM
from throughcare.kernel.database import open_engine
from throughcare.kernel.outbox import OutboxRow
from throughcare.kernel.work import Desk
from throughcare.release.rows import ReleasePlan
from throughcare.screening.rows import Screening

DRAMA = re.compile(r"\+447700900\d{3}|\+441632960\d{3}")


def test_sixty_people_are_the_same_sixty_every_time():
    assert len(sixty()) == 60
    assert sixty() == sixty()
    assert len({fate.phone for fate in sixty()}) == len({fate.prison_number for fate in sixty()}) == 60


@pytest.mark.slow
def test_the_caseload_played_forward_is_whole(empty_sqlite, tmp_path, clock, reference):
    engine = open_engine(f"sqlite:///{shutil.copy(empty_sqlite, tmp_path / 'demo.db')}")
    desk = Desk(engine, clock, REACTIONS, reference)
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
    with desk.work(stage.partnership.actors["officer"]) as work:
        assert my_work(work, WorkQuery(whose=Whose.TEAM)).overdue
    engine.dispose()
