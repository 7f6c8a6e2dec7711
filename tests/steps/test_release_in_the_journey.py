"""What the release plan takes from screening, recall and handover, and what it gives to the handover (R15d, R16)."""

from __future__ import annotations

from datetime import time, timedelta
from uuid import uuid4

import pytest
from sqlmodel import select

from tests.support.release import RELEASE, planned
from throughcare.casework import events as spine
from throughcare.casework.rows import Appointment, CustodyEpisode, Task
from throughcare.handover import events as handover
from throughcare.journey.around_the_plan import OPIOIDS
from throughcare.kernel.actors import SYSTEM
from throughcare.kernel.audit import AuditRow
from throughcare.kernel.clock import at
from throughcare.release import facts, handing, plans, writing
from throughcare.release.forms import NeedForm
from throughcare.release.rules import Known, Severity, Side
from throughcare.screening import asking
from throughcare.screening.forms import SafetyAnswers
from throughcare.screening.rules import Local, SafetyAnswer


@pytest.fixture
def case(desk, world):
    return planned(desk, world)


def asked(desk, world, case, **answers):
    with desk.work(world.officer) as work:
        no = {question.code: SafetyAnswer.NO for question in work.reference[Local].safety}
        asking.ask_safety(work, case, SafetyAnswers(answers=no | answers))


def opioid_need(desk, case):
    with desk.work(SYSTEM) as work:
        return facts.medicines_of(work, facts.plan_of(work, case)).opioid_need


def need(world, **changed):
    given = {
        "domain": "drugs_alcohol", "what": "Start treatment", "severity": Severity.HIGH, "side": Side.COMMUNITY,
        "owner": f"agency:{world.agencies['prison']}", "action": "Refer", "due_on": RELEASE,
    }  # fmt: skip
    return NeedForm(**{**given, **changed})


def test_daily_opioids_told_of_at_reception_are_an_opioid_need_in_the_plan(desk, world):
    case = world.case()
    asked(desk, world, case, **{OPIOIDS: SafetyAnswer.YES})
    with desk.work(world.officer) as work:
        plans.start(work, case)
    assert opioid_need(desk, case) is Known.YES


def test_asked_after_the_plan_began_it_is_noted_then_and_a_no_is_left_to_healthcare(desk, world):
    late, none = world.case(family="Late"), world.case(family="None")
    for case in (late, none):
        with desk.work(world.officer) as work:
            plans.start(work, case)
    asked(desk, world, late, **{OPIOIDS: SafetyAnswer.YES})
    asked(desk, world, none)
    assert (opioid_need(desk, late), opioid_need(desk, none)) == (Known.YES, Known.NOT_KNOWN)


@pytest.mark.parametrize("answer", ["sent", "not_needed"])
def test_a_handover_sent_or_said_not_to_be_needed_ends_the_warning(desk, world, case, answer):
    with desk.work(world.officer) as work:
        writing.add_need(work, case, need(world))
        assert facts.handover_wanted(work, facts.plan_of(work, case))
    told = {"subject_id": uuid4(), "case_id": case}
    event = {
        "sent": lambda: handover.Sent(**told, service_id=uuid4(), sections=(), sha256=""),
        "not_needed": lambda: handover.NotNeeded(**told, reason="moving_abroad"),
    }[answer]()
    with desk.work(world.officer) as work:
        work.record(event)
    with desk.work(world.officer) as work:
        assert not facts.handover_wanted(work, facts.plan_of(work, case))
        found = select(Task.status).where(Task.case_id == case, Task.kind == handing.WANTED.kind)
        assert [str(status) for status in work.session.exec(found)] == ["done"]


def test_an_accepted_handovers_appointment_is_the_first_one_confirmed(desk, world, case):
    with desk.work(world.provider) as work:
        booked = work.add(
            Appointment(
                case_id=case, agency_id=world.agencies["provider"], kind="first_treatment",
                at=at(RELEASE + timedelta(days=1), time(11)), place="12 Quay Street", with_whom="Provider",
            )
        )  # fmt: skip
        work.record(
            handover.Accepted(subject_id=uuid4(), case_id=case, worker_id=world.provider.id, appointment_id=booked.id)
        )
        found = select(AuditRow.subject_id).where(AuditRow.name == "plan.first_appointment_confirmed")
        assert booked.id in set(work.session.exec(found))


def test_a_recall_puts_the_plan_away(desk, world, case):
    with desk.work(SYSTEM) as work:
        stay = work.session.exec(select(CustodyEpisode).where(CustodyEpisode.case_id == case)).one()
        stay.released_at = stay.ended_at = work.now
        work.session.add(stay)
        work.session.flush()
        again = CustodyEpisode(
            case_id=case, prison_id=stay.prison_id, received_on=work.today, custody_status=stay.custody_status
        )
        work.add(again)
        work.record(spine.Recalled(subject_id=again.id, case_id=case, prison_id=stay.prison_id))
        assert facts.current(work, case) is None
