"""What the rest of the pathway adds to a handover, and what a handover settles in the release plan."""

from __future__ import annotations

from sqlmodel import select

from tests.support.handovers import Handing
from throughcare.casework.rows import CustodyEpisode, Task
from throughcare.handover import doors, sharing
from throughcare.kernel.actors import SYSTEM
from throughcare.kernel.audit import AuditRow
from throughcare.kernel.categories import Category
from throughcare.release.rows import LeavingMedicines, Lodging, Need, ReleasePlan
from throughcare.release.rules import NeedSource, Severity, Side
from throughcare.screening.rows import Scope, Screening


def planned(work, case_id, by):
    stay = work.session.exec(select(CustodyEpisode).where(CustodyEpisode.case_id == case_id)).one()
    plan = work.add(ReleasePlan(case_id=case_id, episode_id=stay.id, started_on=work.today, started_by=by))
    for domain, what in (("drugs_alcohol", "Key worker in the first week"), ("accommodation", "A bed from day one")):
        work.add(
            Need(
                case_id=case_id, plan_id=plan.id, domain=domain, what=what, severity=Severity.HIGH, side=Side.COMMUNITY,
                source=next(iter(NeedSource)), identified_on=work.today,
            )
        )  # fmt: skip
    work.add(Lodging(case_id=case_id, plan_id=plan.id, tonight="Harbour hostel"))
    work.add(LeavingMedicines(case_id=case_id, plan_id=plan.id))
    return plan


def screened(work, case_id, by, band, *, agreed):
    row = Screening(
        case_id=case_id, scope=next(iter(Scope)), instrument="audit", on=work.today, by=by, share_agreed=agreed, band=band,
        total=31, completed_at=work.now,
    )  # fmt: skip
    work.add(row)


def test_the_plan_the_address_and_the_band_are_shared_and_never_a_score(world, desk):
    handing = Handing(world).agreed(Category.SCREENING).drafted(world.treatment)
    with desk.work(SYSTEM) as work:
        planned(work, handing.case_id, world.officer.id)
        screened(work, handing.case_id, world.treatment.id, "possible_dependence", agreed=True)
    with desk.work(world.treatment) as work:
        row = doors.take(work, handing.id)[0]
        assert "screening" in sharing.offered(work, row)
        row.sections = ["plan", "housing", "screening", "medication"]
        work.session.add(row)
    told = handing.preview(world.treatment).sections
    assert told["plan"] == {"Drugs and alcohol": "Key worker in the first week (high, open)"}
    assert told["housing"]["First night"] == "Harbour hostel"
    assert told["housing"]["Accommodation"] == "A bed from day one (high, open)"
    assert told["screening"] == {"AUDIT": "Possible dependence"}
    assert "31" not in str(told)
    assert set(told["medication"]) == {"Naloxone"}


def test_a_band_the_person_kept_to_themselves_is_not_shared(world, desk):
    handing = Handing(world).agreed().drafted(world.treatment)
    with desk.work(SYSTEM) as work:
        screened(work, handing.case_id, world.treatment.id, "harmful", agreed=False)
    with desk.work(world.treatment) as work:
        row = doors.take(work, handing.id)[0]
        row.sections = ["screening"]
        work.session.add(row)
    assert handing.preview(world.treatment).sections["screening"] == {}


def test_accepting_confirms_the_plans_first_appointment(world, desk):
    handing = Handing(world).accepted()
    with desk.work(SYSTEM) as work:
        names = set(work.session.exec(select(AuditRow.name).where(AuditRow.case_id == handing.case_id)))
    assert "plan.first_appointment_confirmed" in names


def test_sending_takes_the_plans_warning_off_the_list(world, desk):
    handing = Handing(world)
    with desk.work(SYSTEM) as work:
        plan = planned(work, handing.case_id, world.officer.id)
        work.add(
            Task(
                key="wanted", kind="release_handover_wanted", case_id=handing.case_id, subject_id=plan.id,
                agency_id=world.agencies["prison"], due_at=work.now,
            )
        )  # fmt: skip
    handing.sent()
    with desk.work(SYSTEM) as work:
        assert work.session.exec(select(Task.status).where(Task.key == "wanted")).one() == "done"
