"""The demonstration holds people in every state, invents every one of them, and leaves no case without an owner."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from sqlmodel import select

from config.demonstration import perform
from config.demonstration.people import sixty
from tests.support.lending import client_of
from throughcare.casework.loads import orphans, unallocated
from throughcare.casework.people import Case, Consent, ConsentState, Person, PhoneNumber
from throughcare.casework.rows import Task, TaskStatus
from throughcare.casework.worklist import Whose, WorkQuery, my_work
from throughcare.checkin.on_call_rows import RotaTurn
from throughcare.checkin.rows import CheckinPlan
from throughcare.handover.rows import Handover
from throughcare.handover.words import Status as HandoverStatus
from throughcare.intervention.rows import BriefIntervention
from throughcare.kernel.actors import SYSTEM, Role, acts_among
from throughcare.kernel.outbox import OutboxRow
from throughcare.release.rows import ReleasePlan
from throughcare.requirement.rows import Absence, ComplianceReport, DrugTest, Requirement, RequirementWarning
from throughcare.requirement.words import AbsenceStatus
from throughcare.safeguarding.rows import Concern
from throughcare.safeguarding.rules import Level
from throughcare.screening.rows import Screening
from throughcare.web.pages.signin import demonstration_people
from throughcare.web.visit import PLACES, SignedIn

DRAMA = re.compile(r"\+447700900\d{3}|\+441632960\d{3}")


def test_sixty_people_are_the_same_sixty_every_time():
    assert len(sixty()) == 60
    assert sixty() == sixty()
    assert len({fate.phone for fate in sixty()}) == len({fate.prison_number for fate in sixty()}) == 60


@pytest.mark.slow(90)
@pytest.mark.on_database(0)
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
        assert {row.status for row in held(Handover)} == set(HandoverStatus)
        assert len({row.status for row in held(ReleasePlan)}) >= 3
        assert len({row.status for row in held(Screening)}) >= 4
        assert len({row.status for row in held(BriefIntervention)}) >= 3
        assert {row.status.value for row in held(CheckinPlan)} >= {"active", "ended"}
        assert {row.state.value for row in held(OutboxRow)} >= {"delivered", "undelivered"}
        assert len(Counter(task.kind for task in held(Task))) >= 15
        assert {row.kind for row in held(Requirement)} >= {"atr", "drr", "licence_condition", "cpo_alcohol", "dtto"}
        assert {row.status.value for row in held(ComplianceReport)} >= {
            "drafted",
            "countersigned",
            "sent",
            "acknowledged",
        }
        assert any(row.replaces_id for row in held(ComplianceReport))
        assert {row.status for row in held(Absence)} == set(AbsenceStatus)
        assert any(row.notified_at is None for row in held(Absence))
        assert held(RequirementWarning)
        assert held(DrugTest)
        assert {row.state for row in held(Consent)} == set(ConsentState)
        assert {row.level for row in held(Concern)} >= {Level.ADDITIONAL, Level.SIGNIFICANT_HARM}
        assert len({turn.agency_id for turn in held(RotaTurn)}) == 6, "no rota opens empty"
        assert {task.status for task in held(Task)} >= {TaskStatus.OPEN, TaskStatus.DONE}
    assert stage.refused == []
    with desk.work(stage.partnership.actors["officer"]) as work:
        team = my_work(work, WorkQuery(whose=Whose.TEAM))
        assert 0 < len(team.overdue) < 60, "some work is late, and a team that keeps up has little of it"
        assert orphans(work)
    with desk.work(stage.partnership.actors["marsh_officer"]) as work:
        assert unallocated(work)
    assert empty_screens(desk, stage) == []


NOBODYS = {(Role.ADMIN, "/"), (Role.PRIVACY, "/")}  # no work ever falls to them, and the page says so
REPORTING = {Role.PROVIDER, Role.PROBATION}  # who write compliance reports, and whom they are sent to
LINE = '<tr class="govuk-table__row">'
CARD = "govuk-summary-card__title-wrapper"


def empty_screens(desk, stage):
    """The places of the navigation where one who comes in as the demonstration's own of a role finds nothing."""
    with desk.work(SYSTEM) as work:
        offered = [worker_id for worker_id, *_ in demonstration_people(work)]
    actors = {actor.id: actor for actor in stage.partnership.actors.values()}
    assert {actors[worker_id].role for worker_id in offered} == set(Role) - {Role.SYSTEM}
    found = []
    for actor in (actors[worker_id] for worker_id in offered):
        with client_of(desk, SignedIn(actor, "token", "Here")) as client:
            for _, path, roles in PLACES:
                if not acts_among(actor, roles) or (path == "/reports" and actor.role not in REPORTING):
                    continue
                page = client.get(path)
                assert page.status_code == 200
                holds = (LINE in page.text or CARD in page.text) and "tc-empty" not in page.text
                if not holds and (actor.role, path) not in NOBODYS:
                    found.append((actor.role.value, path))
    return found
