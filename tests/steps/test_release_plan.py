"""A release plan from its first need to somebody else's signature (R15d, R29; peers F5, F9)."""

from __future__ import annotations

from datetime import date, time, timedelta
from uuid import uuid4

import pytest
from pydantic import ValidationError
from sqlmodel import select

from throughcare.casework import dates
from throughcare.casework.forms_custody import Confirmation
from throughcare.casework.people import Case
from throughcare.casework.rows import Appointment, AppointmentStatus, CustodyEpisode, ServiceClock, Task, TaskStatus
from throughcare.disclosure.policy import Basis
from throughcare.kernel.actors import SYSTEM
from throughcare.kernel.audit import AuditRow, Event
from throughcare.kernel.refusals import NotFound, NotPermitted, WrongState
from throughcare.release import appointments, handing, plans, showing, steps, writing
from throughcare.release.forms import (
    AddressForm,
    AgreeForm,
    AppointmentForm,
    Because,
    ChecklistForm,
    MedicinesForm,
    NeedForm,
    NeedProgress,
    SubmitForm,
)
from throughcare.release.owners import UnknownOwner
from throughcare.release.rows import NeedUpdate, ReleasePlan
from throughcare.release.rules import (
    Agreement,
    Bridging,
    Known,
    Naloxone,
    NeedStatus,
    PlanStatus,
    Severity,
    Side,
)

RELEASE = date(2027, 1, 20)
NONE_NEEDED = {"severity": Severity.NONE, "owner": "", "action": "", "due_on": None}


@pytest.fixture
def case(world, desk):
    case = world.case()
    with desk.work(SYSTEM) as work:
        row = work.session.get(Case, case)
        row.release_on = RELEASE
        work.session.add(row)
    return case


@pytest.fixture
def do(desk):
    def act(actor, verb, *given):
        with desk.work(actor) as work:
            return verb(work, *given)

    return act


@pytest.fixture
def plan(do, world, case):
    return do(world.officer, plans.start, case)


def need(world, **changed):
    given = {
        "domain": "drugs_alcohol", "what": "Start treatment outside", "severity": Severity.HIGH,
        "side": Side.PRISON, "owner": f"agency:{world.agencies['prison']}", "action": "Refer", "due_on": RELEASE,
    }  # fmt: skip
    return NeedForm(**{**given, **changed})


def booking(world, **changed):
    given = {
        "kind": "first_treatment", "agency_id": world.agencies["provider"], "on": RELEASE + timedelta(days=1),
        "at": time(9, 30), "place": "12 Quay Street, Ashby", "with_whom": "Sam Okoro", "phone": "01632 960201",
    }  # fmt: skip
    return AppointmentForm(**{**given, **changed})


def submitted(do, world, case):
    return do(world.officer, plans.submit, case, SubmitForm(person_agrees=Agreement.YES, how="In a meeting"))


def page(do, actor, case):
    return do(actor, showing.page, case)


def recorded(desk, case, prefix="plan."):
    with desk.work(SYSTEM) as work:
        found = select(AuditRow.name).where(AuditRow.case_id == case).order_by(AuditRow.created_at)
        return [name for name in work.session.exec(found) if name.startswith(prefix)]


def tasks_of(desk, case, kind):
    with desk.work(SYSTEM) as work:
        return list(work.session.exec(select(Task).where(Task.case_id == case, Task.kind == kind)))


def test_a_plan_started_in_good_time_is_not_compressed_and_one_started_late_is(do, desk, world, case):
    with desk.work(SYSTEM) as work:
        row = work.session.get(Case, case)
        row.release_on = work.today + timedelta(days=84)
        work.session.add(row)
    assert do(world.officer, plans.start, case).compressed is False
    late = world.case(family="Late")
    with desk.work(SYSTEM) as work:
        row = work.session.get(Case, late)
        row.release_on = work.today + timedelta(days=20)
        work.session.add(row)
    shown = do(world.officer, plans.start, late)
    assert shown.compressed is True
    assert "Send the handover to community treatment" in shown.late
    assert "Release plan agreed" not in shown.late


def test_one_stay_has_one_plan_and_only_those_who_write_plans_start_it(do, world, case, plan):
    with pytest.raises(plans.AlreadyPlanned):
        do(world.officer, plans.start, case)
    with pytest.raises(NotPermitted):
        do(world.privacy, plans.start, world.case(family="Other"))
    with pytest.raises(NotFound):
        do(world.scottish_officer, plans.start, case)


def test_starting_runs_the_clocks_for_sign_off_and_first_appointment(desk, world, case, plan):
    with desk.work(SYSTEM) as work:
        codes = set(work.session.exec(select(ServiceClock.code).where(ServiceClock.case_id == case)))
    assert {"plan_signoff", "appointment_confirmed"} <= codes


def test_a_need_has_an_owner_an_action_and_a_day_unless_nothing_is_needed(world):
    for missing in ("owner", "action", "due_on"):
        with pytest.raises(ValidationError):
            need(world, **{missing: NONE_NEEDED[missing]})
    assert need(world, **NONE_NEEDED).severity is Severity.NONE


def test_updates_are_dated_kept_and_met_only_with_something_to_show(do, desk, world, case, plan):
    """F5, F9: dated updates; met when the outcome is reached."""
    made = do(world.officer, writing.add_need, case, need(world))
    do(world.officer, writing.update_need, case, made.id, NeedProgress(status=NeedStatus.OPEN, said="Form sent"))
    with pytest.raises(ValidationError):
        NeedProgress(status=NeedStatus.DONE, said="Tried")
    desk.clock.forward(timedelta(days=2))
    met = NeedProgress(status=NeedStatus.DONE, said="Accepted", evidence="Letter of 22 November")
    shown = do(world.officer, writing.update_need, case, made.id, met)
    assert (shown.status, shown.evidence, shown.owner) == (NeedStatus.DONE, "Letter of 22 November", "HMP Fallowfield")
    assert [update.said for update in shown.updates] == ["Accepted", "Form sent"]
    with desk.work(SYSTEM) as work:
        assert len(work.session.exec(select(NeedUpdate)).all()) == 2


def test_an_owner_must_be_in_the_case_and_a_pathway_in_the_file(do, world, case, plan):
    outsider = f"worker:{world.scottish_officer.id}"
    with pytest.raises(UnknownOwner):
        do(world.officer, writing.add_need, case, need(world, owner=outsider))
    with pytest.raises(writing.UnknownPathway):
        do(world.officer, writing.add_need, case, need(world, domain="astrology"))


def test_a_first_appointment_with_a_place_and_a_name_is_confirmed_and_moving_it_keeps_the_old_one(
    do, desk, world, case, plan
):
    bare = do(world.officer, appointments.book, case, booking(world, with_whom=""))
    assert "plan.first_appointment_confirmed" not in recorded(desk, case)
    moved = do(world.officer, appointments.move, case, bare.id, booking(world, at=time(11)))
    assert "plan.first_appointment_confirmed" in recorded(desk, case)
    assert [row.id for row in page(do, world.officer, case).appointments] == [moved.id]
    with desk.work(SYSTEM) as work:
        old = work.session.get(Appointment, bare.id)
        assert (old.status, work.session.get(Appointment, moved.id).replaces_id) == (
            AppointmentStatus.REARRANGED, old.id,
        )  # fmt: skip
    with pytest.raises(appointments.AlreadyKept):
        do(world.officer, appointments.move, case, bare.id, booking(world))


def test_an_appointment_in_the_past_or_with_nobody_is_refused(do, world, case, plan):
    with pytest.raises(appointments.InThePast):
        do(world.officer, appointments.book, case, booking(world, on=date(2026, 11, 1)))
    with pytest.raises(appointments.UnknownAgency):
        do(world.officer, appointments.book, case, booking(world, agency_id=uuid4()))


def test_the_plan_is_agreed_by_somebody_else_with_a_reason_for_what_is_missing(do, desk, world, case, plan):
    """R29: approver and author differ; return with a reason."""
    submitted(do, world, case)
    with pytest.raises(steps.OwnPlan):
        do(world.officer, plans.agree, case, AgreeForm(reason="It will do"))
    with pytest.raises(steps.GapsNeedReason):
        do(world.other_officer, plans.agree, case, AgreeForm())
    agreed = do(world.other_officer, plans.agree, case, AgreeForm(reason="The rest is booked for Monday"))
    assert agreed.status is PlanStatus.AGREED
    assert "treatment_appointment" in agreed.agreed_gaps
    assert (agreed.author, agreed.approver) == ("Officer", "Other Officer")
    assert (agreed.person_agrees, agreed.person_agrees_how) == (Agreement.YES, "In a meeting")
    clocks = {clock.code: clock.state.value for clock in _clocks(desk, case)}
    assert clocks["plan_signoff"] == "stopped"


def _clocks(desk, case):
    with desk.work(SYSTEM) as work:
        return list(work.session.exec(select(ServiceClock).where(ServiceClock.case_id == case)))


def test_no_fixed_address_needs_a_manager(do, world, case, plan):
    do(world.officer, writing.record_address, case, AddressForm(lodged=False, later_nights="Not known"))
    submitted(do, world, case)
    offered = page(do, world.other_officer, case).plan.moves
    assert "Agree the plan" not in [move.label for move in offered]
    with pytest.raises(steps.ForManagersOnly):
        do(world.other_officer, plans.agree, case, AgreeForm(reason="It will do"))
    assert "Agree the plan" in [move.label for move in page(do, world.prison_manager, case).plan.moves]
    agreed = do(world.prison_manager, plans.agree, case, AgreeForm(reason="A bed is promised for Tuesday"))
    assert "no_fixed_abode" in agreed.agreed_gaps


def test_a_returned_plan_says_why_and_its_author_is_told(do, desk, world, case, plan):
    submitted(do, world, case)
    assert [task.status for task in tasks_of(desk, case, "release_plan_to_agree")] == [TaskStatus.OPEN]
    back = do(world.prison_manager, plans.give_back, case, Because(why="Nobody is named for housing"))
    assert (back.status, back.returned_because) == (PlanStatus.RETURNED, "Nobody is named for housing")
    assert [task.status for task in tasks_of(desk, case, "release_plan_to_agree")] == [TaskStatus.DONE]
    assert [task.worker_id for task in tasks_of(desk, case, "release_plan_returned")] == [world.officer.id]
    submitted(do, world, case)
    assert [task.status for task in tasks_of(desk, case, "release_plan_returned")] == [TaskStatus.DONE]


def test_what_was_agreed_is_changed_only_after_reopening_but_progress_goes_on(do, world, case, plan):
    made = do(world.officer, writing.add_need, case, need(world))
    submitted(do, world, case)
    do(world.other_officer, plans.agree, case, AgreeForm(reason="It will do"))
    for change in (
        (writing.add_need, case, need(world)),
        (writing.change_need, case, made.id, need(world)),
        (writing.record_address, case, AddressForm(lodged=True, tonight="3 Harbour Row")),
    ):
        with pytest.raises(WrongState, match="reopen the plan"):
            do(world.officer, *change)
    do(world.officer, writing.update_need, case, made.id, NeedProgress(status=NeedStatus.OPEN, said="Rang them"))
    do(world.officer, appointments.book, case, booking(world))
    opened = do(world.officer, plans.reopen, case, Because(why="The bed was lost"))
    assert (opened.status, opened.agreed_at, opened.may_write) == (PlanStatus.REOPENED, None, True)


def test_every_line_of_the_checklist_is_there_and_can_be_settled(do, world, case, plan):
    items = {item.code: item for item in page(do, world.officer, case).checklist}
    assert len(items) == 15
    assert "£89.52" in items["subsistence"].hint
    assert "check the amount in force" in items["subsistence"].hint
    form = ChecklistForm(needed=Known.YES, arranged_by="Gate staff", fallback="Ring the duty governor")
    shown = do(world.officer, writing.record_item, case, items["travel"].id, form)
    assert (shown.arranged_by, shown.done) == ("Gate staff", False)
    assert "checklist_travel" not in [gap.code for gap in page(do, world.officer, case).plan.gaps]


def test_only_those_who_treat_record_medicines_and_an_officer_reads_the_flags_alone(do, world, case, plan):
    form = MedicinesForm(
        opioid_need=Known.YES, opioid_medicine=Known.YES, naloxone=Naloxone.ACCEPTED, naloxone_kit="NX-204",
        naloxone_expires_on=date(2028, 1, 1), naloxone_trained=True, next_dose_on=RELEASE + timedelta(days=1),
        next_dose_time=time(10), next_dose_where="Quay Pharmacy", bridging=Bridging.CONFIRMED,
    )  # fmt: skip
    with pytest.raises(NotPermitted):
        do(world.officer, writing.record_medicines, case, form)
    whole = do(world.healthcare, writing.record_medicines, case, form)
    assert (whole.next_dose_where, whole.naloxone_kit) == ("Quay Pharmacy", "NX-204")
    flags = page(do, world.officer, case).medicines
    assert (flags.naloxone, flags.naloxone_trained, flags.next_dose_arranged) == (Naloxone.ACCEPTED, True, True)
    assert (flags.next_dose_where, flags.naloxone_kit, flags.opioid_need) == (None, None, None)


def test_probation_is_told_of_housing_alone_and_only_under_an_order(do, desk, world, case, plan):
    do(world.officer, writing.add_need, case, need(world))
    home = need(world, domain="accommodation", what="Keep the tenancy")
    do(world.officer, writing.add_need, case, home)
    do(world.officer, writing.record_address, case, AddressForm(lodged=True, tonight="3 Harbour Row"))
    do(world.officer, appointments.book, case, booking(world))
    with desk.work(SYSTEM) as work:
        world.involve(work, case, "probation", Basis.TASK)
    voluntary = page(do, world.probation, case)
    assert (voluntary.needs, voluntary.lodging.tonight) == ((), "")
    with desk.work(SYSTEM) as work:
        world.involve(work, case, "probation", Basis.ORDER)
    told = page(do, world.probation, case)
    assert [shown.what for shown in told.needs] == ["Keep the tenancy"]
    assert told.lodging.tonight == "3 Harbour Row"
    assert (told.plan.gaps, told.plan.moves, told.checklist, told.appointments) == ((), (), (), ())
    assert told.medicines.naloxone is None


def test_a_need_outside_without_a_handover_warns_until_one_is_sent_or_said_not_to_be_needed(
    do, desk, world, case, plan
):
    """R15d."""

    class Sent(Event):
        name = "handover.sent"

    inside = do(world.officer, writing.add_need, case, need(world))
    assert page(do, world.officer, case).plan.handover_wanted is False
    do(world.officer, writing.change_need, case, inside.id, need(world, side=Side.BOTH))
    assert page(do, world.officer, case).plan.handover_wanted is True
    waiting = tasks_of(desk, case, handing.WANTED.kind)
    assert [(task.worker_id, task.status) for task in waiting] == [(world.officer.id, TaskStatus.OPEN)]
    do(world.officer, writing.add_need, case, need(world, side=Side.COMMUNITY))
    assert len(tasks_of(desk, case, handing.WANTED.kind)) == 1
    event = Sent(subject_id=uuid4(), case_id=case)
    with desk.work(world.officer) as work:
        work.record(event)
        handing.answered(work, event)
    assert page(do, world.officer, case).plan.handover_wanted is False
    assert [task.status for task in tasks_of(desk, case, handing.WANTED.kind)] == [TaskStatus.DONE]


def test_a_new_stay_has_a_new_plan_and_the_old_one_is_kept(do, desk, world, case, plan):
    """F10: a recall puts the plan away."""
    with desk.work(SYSTEM) as work:
        stay = work.session.exec(select(CustodyEpisode).where(CustodyEpisode.case_id == case)).one()
        stay.released_at = stay.ended_at = work.now
        work.session.add(stay)
        work.session.flush()
        work.add(
            CustodyEpisode(
                case_id=case, prison_id=stay.prison_id, received_on=work.today, custody_status=stay.custody_status
            )
        )
        plans.put_away(work, Event(subject_id=case, case_id=case))
    gone = page(do, world.officer, case)
    assert (gone.plan, gone.may_start) == (None, True)
    second = do(world.officer, plans.start, case)
    with desk.work(SYSTEM) as work:
        kept = work.session.get(ReleasePlan, plan.id)
        assert kept.replaced_at is not None
    assert second.id != plan.id
    assert "plan.put_away" in recorded(desk, case)


@pytest.mark.parametrize(
    ("step", "status"),
    [(step, status) for step in steps.PLANS.steps for status in PlanStatus],
    ids=lambda given: getattr(given, "name", given),
)
def test_a_step_is_refused_from_every_status_it_does_not_leave_from(desk, world, plan, step, status):
    given = {"submit": (Agreement.NO, "On the phone"), "agree": ((), "")}.get(step.name, ("Because",))
    with desk.work(SYSTEM) as work:
        row = work.session.get(ReleasePlan, plan.id)
        row.status = status
        work.session.add(row)
    with desk.work(world.officer if step.name == "submit" else world.prison_manager) as work:
        row = work.session.get(ReleasePlan, plan.id)
        if status not in step.frm:
            with pytest.raises(WrongState):
                step(row, work, *given)
        else:
            step(row, work, *given)
            assert row.status is step.to


def test_work_that_counts_back_from_the_release_moves_with_it(do, desk, world, case, plan):
    """Sent before the date changes: due a week before the old day, then at once."""
    with desk.work(SYSTEM) as work:
        row = work.session.get_one(Case, case)
        row.release_on = date(2026, 11, 29)
        work.session.add(row)
    do(world.officer, plans.submit, case, SubmitForm(person_agrees=Agreement.YES, how="In a meeting"))
    assert due_on(desk, "release_plan_to_agree") == [date(2026, 11, 22)]
    do(world.officer, dates.confirm, case, Confirmation(confirmed_release_date=date(2026, 11, 28), source="Prison"))
    assert due_on(desk, "release_plan_to_agree") == [date(2026, 11, 21)]
    do(world.officer, dates.confirm, case, Confirmation(confirmed_release_date=date(2027, 1, 20), source="Prison"))
    assert due_on(desk, "release_plan_to_agree") == [date(2026, 11, 27)]  # within the week that My work shows


def due_on(desk, kind):
    with desk.work(SYSTEM) as work:
        return [task.due_at.date() for task in work.session.exec(select(Task).where(Task.kind == kind))]


def test_each_pathway_that_nobody_has_looked_at_is_a_gap_of_its_own(do, world, case, plan):
    """DOMAIN C.1: seven pathways, and ID and bank; that there is no need is a look too."""
    do(world.officer, writing.add_need, case, need(world))
    do(world.officer, writing.add_need, case, need(world, domain="accommodation", **NONE_NEEDED))
    found = {gap.code for gap in page(do, world.officer, case).plan.gaps if gap.code.startswith("pathway_")}
    assert "pathway_finance_id_bank" in found
    assert found.isdisjoint({"pathway_drugs_alcohol", "pathway_accommodation"})
    assert len(found) == 6
