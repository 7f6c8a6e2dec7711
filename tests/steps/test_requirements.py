"""A requirement from its recording to its end: who keeps the facts, who decides, and what goes where."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlmodel import col, select

from throughcare.casework.people import Case, Consent, ConsentState
from throughcare.casework.rows import (
    Appointment,
    AppointmentStatus,
    ClockState,
    CustodyEpisode,
    Involvement,
    ServiceClock,
    Task,
)
from throughcare.disclosure.policy import Basis
from throughcare.kernel.actors import SYSTEM, Jurisdiction
from throughcare.kernel.audit import AuditRow
from throughcare.kernel.refusals import Invalid, NotFound, NotPermitted, WrongState
from throughcare.requirement import attendance, deciding, endings, orders, risk, testing
from throughcare.requirement.doors import NoOrder, may_tell, row_of
from throughcare.requirement.forms import (
    BookOrdered,
    ChangeOfficer,
    Classify,
    DecideEnforcement,
    EndRequirement,
    FollowUp,
    GiveWarning,
    RecordEvidence,
    RecordOutcome,
    RecordRequirement,
    RecordResult,
    RecordRisk,
    RecordTest,
    WithdrawWarning,
)
from throughcare.requirement.rows import Requirement
from throughcare.requirement.showing import shown
from throughcare.requirement.steps import SayWhy, TooSoon
from throughcare.requirement.words import (
    AbsenceStatus,
    ContactRoute,
    Ending,
    EnforcementChoice,
    Evidence,
    OrderKind,
    SamplePurpose,
    SampleResult,
    SampleStage,
    SampleStatus,
    SampleType,
)

ABSENT, ATTENDED = AppointmentStatus.ABSENT, AppointmentStatus.ATTENDED
TODAY = date(2026, 11, 20)


@pytest.fixture
def case(desk, world):
    """Released a month ago, and with a community provider."""
    made = world.case()
    with desk.work(SYSTEM) as work:
        stay = work.session.exec(select(CustodyEpisode).where(CustodyEpisode.case_id == made)).one()
        stay.ended_at = stay.released_at = work.now - timedelta(days=29)
        work.session.add(stay)
        world.involve(work, made, "provider", Basis.CARE)
    return made


@pytest.fixture
def do(desk):
    """`do(actor, verb, ...)` in a unit of work of its own."""

    def done(actor, verb, *args):
        with desk.work(actor) as work:
            return verb(work, *args)

    return done


@pytest.fixture
def order(do, world, case):
    return do(world.provider, orders.record, case, recorded(world)).id


def recorded(world, **changed):
    said = {
        "kind": "atr", "order": OrderKind.COMMUNITY_ORDER, "reference": "T2026/114",
        "starts_on": TODAY - timedelta(days=45), "officer_id": world.probation.id,
    }  # fmt: skip
    return RecordRequirement(**said | changed)


def on_order(world, **changed):
    return recorded(world, kind="drr", **changed)


@pytest.fixture
def booked(do, world, case, order):
    """`booked(days_ago)`: an ordered appointment that the provider keeps."""

    def made(days=0, by=world.provider, requirement=None):
        form = BookOrdered(kind="session", on=TODAY - timedelta(days=days), at=time(9, 0))
        return do(by, attendance.book_ordered, case, requirement or order, form).id

    return made


@pytest.fixture
def missed(do, world, case, booked):
    """`missed(days_ago)`: one that was missed, and told."""

    def made(days=0, *, told=True, reason="forgot"):
        appointment = booked(days)
        do(world.provider, attendance.record_outcome, case, appointment, RecordOutcome(status=ABSENT, reason=reason))
        if told:
            do(world.provider, attendance.tell, case, appointment)
        return appointment

    return made


@pytest.fixture
def running(desk, case):
    def found():
        with desk.work(SYSTEM) as work:
            clocks = select(ServiceClock).where(ServiceClock.case_id == case, ServiceClock.state == ClockState.RUNNING)
            return {clock.code: clock for clock in work.session.exec(clocks)}

    return found


@pytest.fixture
def open_tasks(desk, case):
    def found():
        with desk.work(SYSTEM) as work:
            tasks = select(Task).where(Task.case_id == case, Task.status == "open")
            return {task.kind: task for task in work.session.exec(tasks)}

    return found


def events_of(desk, case):
    with desk.work(SYSTEM) as work:
        return list(
            work.session.exec(select(AuditRow.name).where(AuditRow.case_id == case).order_by(col(AuditRow.created_at)))
        )


def unacceptable(**changed):
    return Classify(**{"outcome": AbsenceStatus.UNACCEPTABLE, "reason": "forgot"} | changed)


def warning(**changed):
    said = {"circumstances": "Missed the session", "says_unacceptable": True, "says_liable": True}
    return GiveWarning(**said | changed)


def test_recording_an_order_gives_probation_its_standing_and_starts_supervision(desk, do, world, case, order, running):
    with desk.work(SYSTEM) as work:
        bases = {
            row.basis
            for row in work.session.exec(
                select(Involvement).where(
                    Involvement.case_id == case, Involvement.agency_id == world.agencies["probation"]
                )
            )
        }
    assert bases == {Basis.ORDER, Basis.TASK}
    clock = running()["probation_first_appointment"]
    assert (clock.agency_id, clock.worker_id) == (world.agencies["probation"], world.probation.id)


def test_no_order_gives_nobody_standing_and_lets_nothing_be_told(desk, do, world, case):
    made = do(world.provider, orders.record, case, recorded(world, kind="none", order=OrderKind.NONE, officer_id=None))
    with desk.work(SYSTEM) as work:
        held = select(Involvement.id).where(Involvement.agency_id == world.agencies["probation"])
        assert work.session.exec(held).first() is None
    with pytest.raises(NoOrder):
        do(world.provider, risk.record_risk, case, made.id, RecordRisk(route=ContactRoute.WORKER))


def test_with_no_order_a_missed_appointment_is_told_only_once_the_person_has_agreed(desk, do, world, case):
    form = recorded(world, kind="none", order=OrderKind.NONE)
    made = do(world.provider, orders.record, case, form)
    book = BookOrdered(kind="session", on=TODAY, at=time(9, 0))
    appointment = do(world.provider, attendance.book_ordered, case, made.id, book).id
    do(world.provider, attendance.record_outcome, case, appointment, RecordOutcome(status=ABSENT, reason="forgot"))
    with pytest.raises(NoOrder):
        do(world.provider, attendance.tell, case, appointment)
    with desk.work(SYSTEM) as work:
        work.add(
            Consent(
                case_id=case, purpose="share", agency_id=world.agencies["probation"], state=ConsentState.GIVEN,
                categories=["attendance", "engagement"], given_at=work.now, recorded_by=world.provider.id,
            )
        )  # fmt: skip
    assert do(world.provider, attendance.tell, case, appointment).notified_at


@pytest.mark.parametrize(
    "changed",
    [
        {"kind": "made_up"},
        {"kind": "licence_condition"},  # not under a community order
        {"kind": "pss_requirement", "order": OrderKind.POST_SENTENCE_SUPERVISION},  # repealed
        {"kind": "aamr", "ends_on": TODAY + timedelta(days=100)},  # longer than 120 days
        {"told_on": TODAY + timedelta(days=1)},
    ],
)
def test_what_cannot_be_ordered_is_refused(do, world, case, changed):
    with pytest.raises(Invalid):
        do(world.provider, orders.record, case, recorded(world, **changed))


def test_an_old_supervision_after_sentence_may_still_be_kept(do, world, case):
    form = recorded(
        world, kind="pss_requirement", order=OrderKind.POST_SENTENCE_SUPERVISION, starts_on=date(2026, 2, 1)
    )
    assert do(world.provider, orders.record, case, form).order is OrderKind.POST_SENTENCE_SUPERVISION


def test_only_a_probation_worker_is_a_responsible_officer(do, world, case):
    with pytest.raises(orders.NotAnOfficer):
        do(world.provider, orders.record, case, recorded(world, officer_id=world.officer.id))


def test_a_licence_begins_on_release(desk, do, world, running):
    case = world.case()
    form = recorded(world, kind="licence_condition", order=OrderKind.LICENCE, starts_on=TODAY)
    made = do(world.officer, orders.record, case, form)
    with desk.work(SYSTEM) as work:
        assert work.session.get_one(Requirement, made.id).supervision_from is None
        orders.begin_on_release(work, case, TODAY)
        assert work.session.get_one(Requirement, made.id).supervision_from == TODAY
    assert "requirement.supervision_started" in events_of(desk, case)


def test_the_outcome_is_recorded_once_by_whoever_keeps_the_appointment(do, world, case, booked):
    appointment = booked()
    said = RecordOutcome(status=ATTENDED)
    with pytest.raises(NotPermitted):
        do(world.probation, attendance.record_outcome, case, appointment, said)
    assert do(world.provider, attendance.record_outcome, case, appointment, said).status is ATTENDED
    with pytest.raises(WrongState):
        do(world.provider, attendance.record_outcome, case, appointment, said)


def test_an_appointment_to_come_has_no_outcome_but_may_be_called_off(do, world, case, booked):
    ahead = booked(-3)
    with pytest.raises(TooSoon):
        do(world.provider, attendance.record_outcome, case, ahead, RecordOutcome(status=ATTENDED))
    off = RecordOutcome(status=AppointmentStatus.CANCELLED_BY_SERVICE)
    assert do(world.provider, attendance.record_outcome, case, ahead, off).status is off.status


def test_a_missed_appointment_starts_each_sides_clocks_and_the_work_of_telling(world, missed, running, open_tasks):
    missed(told=False)
    clocks = running()
    provider, probation = world.agencies["provider"], world.agencies["probation"]
    assert clocks["missed_ordered_appointment"].agency_id == provider
    assert clocks["missed_ordered_appointment"].due_at == datetime(2026, 11, 23, 23, 59, 59, tzinfo=UTC)
    assert clocks["absence_evidence"].agency_id == provider
    assert clocks["absence_evidence"].due_at == datetime(2026, 11, 27, 23, 59, 59, tzinfo=UTC)
    assert (clocks["absence_decision"].agency_id, clocks["absence_decision"].worker_id) == (
        probation,
        world.probation.id,
    )
    assert clocks["absence_decision"].due_at == datetime(2026, 12, 4, 23, 59, 59, tzinfo=UTC)
    assert "scotland_noncompliance" not in clocks
    task = open_tasks()["tell_missed_appointment"]
    assert (task.worker_id, task.due_at) == (world.provider.id, clocks["missed_ordered_appointment"].due_at)
    assert "decide_absence" not in open_tasks()


def test_telling_probation_meets_the_clock_and_puts_it_on_the_responsible_officers_list(
    do, world, case, missed, running, open_tasks
):
    appointment = missed()
    assert "missed_ordered_appointment" not in running()
    tasks = open_tasks()
    assert "tell_missed_appointment" not in tasks
    assert tasks["decide_absence"].worker_id == world.probation.id
    with pytest.raises(attendance.ToldAlready):
        do(world.provider, attendance.tell, case, appointment)


def test_what_probation_keeps_itself_it_is_told_at_once(do, world, case, booked, running, open_tasks):
    appointment = booked(by=world.probation)
    missed = RecordOutcome(status=ABSENT, reason="no_contact")
    assert do(world.probation, attendance.record_outcome, case, appointment, missed).notified_at
    assert "missed_ordered_appointment" not in running()
    assert "decide_absence" in open_tasks()


def test_in_scotland_it_is_followed_up_within_two_working_days_and_no_warning_is_given(desk, do, world, running, case):
    with desk.work(SYSTEM) as work:
        found = work.session.get_one(Case, case)
        found.jurisdiction = Jurisdiction.SCOTLAND
        work.session.add(found)
    form = recorded(world, kind="cpo_alcohol", order=OrderKind.COMMUNITY_PAYBACK_ORDER)
    made = do(world.provider, orders.record, case, form)
    assert (made.supervisor_word, made.officer_word) == ("Justice social work", "Justice social worker")
    book = BookOrdered(kind="session", on=TODAY, at=time(9, 0))
    appointment = do(world.provider, attendance.book_ordered, case, made.id, book).id
    do(world.provider, attendance.record_outcome, case, appointment, RecordOutcome(status=ABSENT))
    clock = running()["scotland_noncompliance"]
    assert clock.due_at == datetime(2026, 11, 24, 23, 59, 59, tzinfo=UTC)
    assert clock.worker_id == world.probation.id
    do(world.probation, deciding.classify, case, appointment, unacceptable())
    with pytest.raises(deciding.NoWarningsHere) as no:
        do(world.probation, deciding.warn, case, appointment, warning())
    assert "not in Scotland" in no.value.sentence


def test_following_up_meets_the_scottish_clock(desk, do, world, running, case):
    with desk.work(SYSTEM) as work:
        found = work.session.get_one(Case, case)
        found.jurisdiction = Jurisdiction.SCOTLAND
        work.session.add(found)
    form = recorded(world, kind="licence_scotland", order=OrderKind.LICENCE)
    made = do(world.provider, orders.record, case, form)
    book = BookOrdered(kind="session", on=TODAY, at=time(9, 0))
    appointment = do(world.provider, attendance.book_ordered, case, made.id, book).id
    do(world.provider, attendance.record_outcome, case, appointment, RecordOutcome(status=ABSENT))
    do(world.probation, attendance.follow_up, case, appointment, FollowUp())
    assert "scotland_noncompliance" not in running()


def test_probation_alone_decides_and_deciding_again_needs_a_reason_and_keeps_the_first(do, world, case, missed):
    appointment = missed()
    with pytest.raises(NotPermitted):
        do(world.provider, deciding.classify, case, appointment, unacceptable())
    with pytest.raises(NotPermitted):
        do(world.provider_manager, deciding.classify, case, appointment, unacceptable())
    do(world.probation, deciding.classify, case, appointment, unacceptable())
    accepted = Classify(outcome=AbsenceStatus.ACCEPTABLE, reason="illness")
    with pytest.raises(SayWhy):
        do(world.probation, deciding.classify, case, appointment, accepted)
    because = accepted.model_copy(update={"because": "The certificate came"})
    seen = do(world.probation_manager, deciding.classify, case, appointment, because)
    assert [(it.outcome, it.because, it.by) for it in seen.decisions] == [
        (AbsenceStatus.UNACCEPTABLE, "", "Probation"),
        (AbsenceStatus.ACCEPTABLE, "The certificate came", "Probation Manager"),
    ]
    assert seen.absence is AbsenceStatus.ACCEPTABLE


def test_waiting_for_evidence_decides_nothing_and_its_window_goes_on(do, world, case, missed, running, open_tasks):
    appointment = missed()
    do(world.probation, deciding.classify, case, appointment, Classify(outcome=AbsenceStatus.AWAITING))
    assert {"absence_evidence", "absence_decision"} <= running().keys()
    assert "decide_absence" in open_tasks()
    do(world.provider, attendance.record_evidence, case, appointment, RecordEvidence(evidence=Evidence.CERTIFICATE))
    assert "absence_evidence" not in running()
    assert "absence_decision" in running()
    do(world.probation, deciding.classify, case, appointment, Classify(outcome=AbsenceStatus.ACCEPTABLE))
    assert "absence_decision" not in running()
    assert "decide_absence" not in open_tasks()


def test_a_warning_needs_its_prescribed_contents_and_an_unacceptable_absence(do, world, case, missed, running):
    appointment = missed()
    with pytest.raises(deciding.NotUnacceptable):
        do(world.probation, deciding.warn, case, appointment, warning())
    with pytest.raises(ValueError, match="must say what follows"):
        warning(says_liable=False)
    with pytest.raises(ValueError, match="must say that the circumstances"):
        warning(says_unacceptable=False)
    do(world.probation, deciding.classify, case, appointment, unacceptable())
    with pytest.raises(NotPermitted):
        do(world.provider, deciding.warn, case, appointment, warning())
    given = do(world.probation, deciding.warn, case, appointment, warning())
    assert (given.given_on, given.expires_on) == (TODAY, date(2027, 11, 20))
    assert running()["warning_expiry"].due_at.date() == date(2027, 11, 20)
    with pytest.raises(deciding.WarnedAlready):
        do(world.probation, deciding.warn, case, appointment, warning())


@pytest.mark.parametrize(
    ("kind", "order"),
    [("licence_condition", OrderKind.LICENCE), ("atr", OrderKind.SUSPENDED_SENTENCE_ORDER)],
)
def test_no_warning_is_given_on_a_licence_or_a_suspended_sentence(do, world, case, kind, order):
    made = do(world.provider, orders.record, case, recorded(world, kind=kind, order=order))
    book = BookOrdered(kind="session", on=TODAY, at=time(9, 0))
    appointment = do(world.provider, attendance.book_ordered, case, made.id, book).id
    do(world.provider, attendance.record_outcome, case, appointment, RecordOutcome(status=ABSENT))
    do(world.probation, deciding.classify, case, appointment, unacceptable())
    with pytest.raises(deciding.NoWarningsHere):
        do(world.probation, deciding.warn, case, appointment, warning())


def test_a_second_unacceptable_absence_under_a_warning_asks_the_officer_and_decides_nothing(
    do, world, case, missed, running, open_tasks
):
    first = missed(7)
    do(world.probation, deciding.classify, case, first, unacceptable())
    do(world.probation, deciding.warn, case, first, warning(given_on=TODAY - timedelta(days=3)))
    assert "breach_action" not in running()
    second = missed()
    assert "breach_action" not in running()
    do(world.probation, deciding.classify, case, second, unacceptable())
    assert running()["breach_action"].worker_id == world.probation.id
    assert open_tasks()["decide_enforcement"].worker_id == world.probation.id
    with pytest.raises(deciding.WarningHolds):
        do(world.probation, deciding.warn, case, second, warning())
    seen = do(world.probation, deciding.decide, case, second, DecideEnforcement(choice=EnforcementChoice.REFERRED))
    assert seen.enforcement is EnforcementChoice.REFERRED
    assert "breach_action" not in running()
    assert "decide_enforcement" not in open_tasks()


def test_an_absence_before_the_warning_or_after_it_was_withdrawn_is_no_second_one(do, world, case, missed, running):
    first, second = missed(7), missed(5)
    do(world.probation, deciding.classify, case, first, unacceptable())
    given = do(world.probation, deciding.warn, case, first, warning(given_on=TODAY - timedelta(days=3)))
    do(world.probation, deciding.classify, case, second, unacceptable())
    assert "breach_action" not in running()
    do(world.probation, deciding.withdraw_warning, case, given.id, WithdrawWarning(because="Wrong day"))
    assert "warning_expiry" not in running()
    third = missed(1)
    do(world.probation, deciding.classify, case, third, unacceptable())
    assert "breach_action" not in running()


def test_a_positive_test_alone_triggers_nothing(desk, do, world, case, running, open_tasks):
    made = do(world.provider, orders.record, case, on_order(world))
    before, events = (running().keys(), open_tasks().keys()), Counter(events_of(desk, case))
    taken = RecordTest(type=SampleType.ORAL_FLUID, purpose=SamplePurpose.SUPERVISION)
    test = do(world.provider, testing.record_test, case, made.id, taken)
    do(world.provider, testing.record_lab, case, test.id)
    waiting = running()["test_result_wait"]
    assert waiting.worker_id == world.probation.id
    assert waiting.due_at == datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
    came = RecordResult(result=SampleResult.POSITIVE, stage=SampleStage.SCREENING)
    assert do(world.probation, testing.record_result, case, test.id, came).status is SampleStatus.RESULT
    assert (running().keys(), open_tasks().keys()) == before
    new = {name for name in Counter(events_of(desk, case)) - events if not name.startswith("disclosure.")}
    assert new == {"requirement.sample_received_by_lab", "requirement.test_result_recorded"}


def test_a_clinical_test_is_not_there_for_probation(desk, do, world, case):
    made = do(world.provider, orders.record, case, on_order(world))
    taken = RecordTest(type=SampleType.URINE, purpose=SamplePurpose.CLINICAL)
    test = do(world.provider, testing.record_test, case, made.id, taken)
    came = RecordResult(result=SampleResult.POSITIVE, stage=SampleStage.SCREENING)
    with pytest.raises(NotFound):
        do(world.probation, testing.record_result, case, test.id, came)
    assert do(world.provider, testing.record_result, case, test.id, came).result is SampleResult.POSITIVE
    assert not [name for name in events_of(desk, case) if name == "requirement.test_result_recorded"]


def test_a_test_cannot_be_ordered_where_none_can(do, world, case, order):
    taken = RecordTest(type=SampleType.URINE, purpose=SamplePurpose.SUPERVISION)
    with pytest.raises(testing.NotOrderedHere):
        do(world.provider, testing.record_test, case, order, taken)


def test_a_change_of_risk_asks_the_officer_the_same_day_whom_to_ring_and_says_no_more(
    do, world, case, order, running, open_tasks
):
    change = do(world.provider, risk.record_risk, case, order, RecordRisk(route=ContactRoute.WORKER))
    assert running()["risk_change_notice"].agency_id == world.agencies["provider"]
    task = open_tasks()["risk_changed"]
    assert (task.worker_id, task.urgent) == (world.probation.id, True)
    assert task.due_at == datetime(2026, 11, 20, 23, 59, 59, tzinfo=UTC)
    do(world.provider, risk.notify, case, change.id)
    assert "risk_change_notice" not in running()
    assert "risk_changed" in open_tasks()
    seen = do(world.probation, risk.acknowledge_risk, case, change.id)
    assert seen.ring == "Provider, 01632 960100"
    assert not {"risk_changed", "tell_risk_changed"} & open_tasks().keys()


def test_ending_a_requirement_ends_what_it_gave(desk, do, world, case, order, booked):
    ahead = booked(-5)
    do(world.provider, endings.end, case, order, EndRequirement(because=Ending.COMPLETED))
    assert do(world.probation, orders_shown, case, order).ended_because is Ending.COMPLETED
    with desk.work(SYSTEM) as work:
        assert work.session.get_one(Appointment, ahead).status is AppointmentStatus.NOT_REQUIRED
    desk.clock.forward(timedelta(days=15))
    with pytest.raises(NotFound):
        do(world.probation, orders_shown, case, order)
    with pytest.raises(NoOrder):
        do(world.provider, risk.record_risk, case, order, RecordRisk(route=ContactRoute.WORKER))


def test_what_was_recorded_by_mistake_ends_at_once(do, world, case, order):
    do(world.provider, endings.end, case, order, EndRequirement(because=Ending.MISTAKEN))
    with pytest.raises(NotFound):
        do(world.probation, orders_shown, case, order)


def test_another_officer_takes_over(do, world, case, order):
    with pytest.raises(orders.NotAnOfficer):
        do(world.provider, orders.change_officer, case, order, ChangeOfficer(officer_id=world.provider.id))
    seen = do(world.probation, orders.change_officer, case, order, ChangeOfficer(officer_id=world.probation.id))
    assert seen.officer == "Probation"


def test_another_agency_finds_nothing(do, world, case, order, missed):
    appointment = missed()
    for verb, *args in (
        (endings.end, order, EndRequirement(because=Ending.EXPIRED)),
        (attendance.record_outcome, appointment, RecordOutcome(status=ATTENDED)),
        (attendance.tell, appointment),
        (deciding.classify, appointment, unacceptable()),
    ):
        with pytest.raises(NotFound):
            do(world.other_provider, verb, case, *args)


def test_a_row_of_one_case_is_not_found_through_another(do, world, case, order, missed):
    other, appointment = world.case(given="Ash"), missed()
    with pytest.raises(NotFound):
        do(world.officer, endings.end, other, order, EndRequirement(because=Ending.EXPIRED))
    with pytest.raises(NotFound):
        do(world.officer, attendance.tell, other, appointment)


def orders_shown(work, case, order):
    return shown(work, row_of(work, Requirement, case, order, change=False))


def second_under_warning(do, world, case, missed):
    first = missed(7)
    do(world.probation, deciding.classify, case, first, unacceptable())
    given = do(world.probation, deciding.warn, case, first, warning(given_on=TODAY - timedelta(days=3)))
    second = missed()
    do(world.probation, deciding.classify, case, second, unacceptable())
    return first, second, given


ACCEPTED = Classify(outcome=AbsenceStatus.ACCEPTABLE, reason="illness", because="The certificate came")


@pytest.fixture
def to_enforce(running, open_tasks):
    """Whether there is a decision to take: as a deadline, and as work."""
    return lambda: ("breach_action" in running(), "decide_enforcement" in open_tasks())


@pytest.mark.parametrize("which", [0, 1])
def test_an_absence_accepted_after_all_leaves_nothing_to_enforce(do, world, case, missed, to_enforce, which):
    pair = second_under_warning(do, world, case, missed)
    do(world.probation, deciding.classify, case, pair[which], ACCEPTED)
    assert to_enforce() == (False, False)


def test_a_warning_taken_back_leaves_nothing_to_enforce(do, world, case, missed, to_enforce):
    *_, given = second_under_warning(do, world, case, missed)
    do(world.probation, deciding.withdraw_warning, case, given.id, WithdrawWarning(because="Wrong day"))
    assert to_enforce() == (False, False)


def test_an_absence_unacceptable_again_is_to_be_decided_about_again(do, world, case, missed, to_enforce, clock):
    _, second, _ = second_under_warning(do, world, case, missed)
    do(world.probation, deciding.classify, case, second, ACCEPTED)
    clock.forward(timedelta(hours=1))
    do(world.probation, deciding.classify, case, second, unacceptable(because="The certificate was another person's"))
    assert to_enforce() == (True, True)


def test_the_twelve_months_are_looked_at_on_the_day_of_the_officers_decision(do, world, case, missed, running, clock):
    """DOMAIN D.5: a warning within the 12 months before the officer's opinion, whenever the absence was."""
    first = missed(7)
    do(world.probation, deciding.classify, case, first, unacceptable())
    do(world.probation, deciding.warn, case, first, warning(given_on=TODAY - timedelta(days=3)))
    second = missed()
    clock.at = datetime(2027, 11, 18, 10, tzinfo=UTC)  # the warning ran out the day before
    do(world.probation, deciding.classify, case, second, unacceptable())
    assert "breach_action" not in running()
    do(world.probation, deciding.warn, case, second, warning())


@pytest.mark.parametrize("by_round", [True, False])
def test_a_requirement_past_its_last_day_lets_nothing_more_be_told(desk, do, world, case, clock, by_round):
    """Standing, notices and reports end with the order's own last day and the days its last report takes."""
    ends = TODAY + timedelta(days=9)
    made = do(world.provider, orders.record, case, recorded(world, ends_on=ends)).id
    clock.forward(timedelta(days=10))
    if by_round:
        assert do(SYSTEM, endings.end_expired) == 1
        assert do(SYSTEM, endings.end_expired) == 0
    with desk.work(SYSTEM) as work:
        row = work.session.get_one(Requirement, made)
        assert (row.ended_on, row.ended_because) == ((ends, Ending.EXPIRED) if by_round else (None, None))
        assert may_tell(work, row)  # the last report
    clock.forward(timedelta(days=60))
    with desk.work(SYSTEM) as work:
        assert not may_tell(work, work.session.get_one(Requirement, made))
    if by_round:
        with pytest.raises(NotFound):
            do(world.probation, lambda work: row_of(work, Requirement, case, made))
        assert "requirement.ended" in events_of(desk, case)


def test_what_was_booked_past_the_last_day_is_no_longer_required(desk, do, world, case, clock):
    made = do(world.provider, orders.record, case, recorded(world, ends_on=TODAY + timedelta(days=2))).id
    book = BookOrdered(kind="session", on=TODAY + timedelta(days=1), at=time(9, 0))
    appointment = do(world.provider, attendance.book_ordered, case, made, book).id
    with desk.work(SYSTEM) as work:
        row = work.session.get_one(Appointment, appointment)
        row.at += timedelta(days=8)
        work.session.add(row)
    clock.forward(timedelta(days=3))
    do(SYSTEM, endings.end_expired)
    with desk.work(SYSTEM) as work:
        assert work.session.get_one(Appointment, appointment).status is AppointmentStatus.NOT_REQUIRED
