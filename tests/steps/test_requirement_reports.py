"""A compliance report from the end of its period to its acknowledgement, and what can never get into it."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlmodel import select

from tests.support.requirements import SENTENCE, kept, ordered, released, written
from throughcare.casework import custody
from throughcare.casework.forms_custody import Death
from throughcare.casework.rows import AppointmentStatus, ClockState, ServiceClock, Task
from throughcare.kernel.actors import SYSTEM
from throughcare.kernel.refusals import NotFound, NotPermitted, WrongState
from throughcare.requirement import attendance, deciding, endings, reports, rules, testing
from throughcare.requirement.body import is_whole
from throughcare.requirement.doors import NoOrder
from throughcare.requirement.endings import end_expired
from throughcare.requirement.forms import BookOrdered, Classify, EndRequirement, RecordResult, RecordTest
from throughcare.requirement.forms_reports import BeginReport, ReportFilter, ReturnReport
from throughcare.requirement.orders import begin_due
from throughcare.requirement.page import case_page, report_list
from throughcare.requirement.periods import end_periods
from throughcare.requirement.rows import ComplianceReport, Requirement
from throughcare.requirement.showing import report_shown
from throughcare.requirement.steps_reports import FactsMoved, OwnReport
from throughcare.requirement.words import (
    AbsenceStatus,
    Ending,
    ReportStatus,
    SamplePurpose,
    SampleResult,
    SampleStage,
    SampleType,
)

ABSENT = AppointmentStatus.ABSENT


@pytest.fixture
def case(desk, world):
    return released(desk, world)


@pytest.fixture
def order(desk, world, case):
    return ordered(desk, world, case)


@pytest.fixture
def do(desk):
    def done(actor, verb, *args):
        with desk.work(actor) as work:
            return verb(work, *args)

    return done


@pytest.fixture
def due(desk, do, case, order):
    """The report of the month that ended yesterday; today is Saturday 21 November."""
    desk.clock.forward(timedelta(days=1))
    assert do(SYSTEM, end_periods) == 1
    return the_report(desk).id


@pytest.fixture
def sent(do, world, case, due):
    do(world.provider, reports.write, case, due, written())
    do(world.provider_manager, reports.countersign, case, due)
    do(world.provider, reports.send, case, due)
    return due


def the_report(desk, number=1):
    with desk.work(SYSTEM) as work:
        return work.session.exec(select(ComplianceReport).where(ComplianceReport.number == number)).one()


def open_tasks(desk):
    with desk.work(SYSTEM) as work:
        return {task.kind: task for task in work.session.exec(select(Task).where(Task.status == "open"))}


def test_a_period_that_ended_is_a_report_to_write_with_its_clock_once_however_often_it_is_asked(desk, do, world, due):
    report = the_report(desk)
    assert (report.period_from, report.period_to) == (date(2026, 10, 21), date(2026, 11, 20))
    assert (report.status, report.agency_id) == (ReportStatus.DUE, world.agencies["provider"])
    assert report.due_at == datetime(2026, 11, 27, 23, 59, 59, tzinfo=UTC)
    with desk.work(SYSTEM) as work:
        clock = work.session.exec(select(ServiceClock).where(ServiceClock.code == "compliance_report")).one()
        assert (clock.subject_id, clock.agency_id, clock.due_at) == (report.id, report.agency_id, report.due_at)
    assert "write_report" in open_tasks(desk)
    assert do(SYSTEM, end_periods) == 0


def test_a_scheduler_that_slept_for_months_catches_up_with_every_period(desk, do, order):
    desk.clock.forward(timedelta(days=95))
    assert do(SYSTEM, end_periods) == 4
    with desk.work(SYSTEM) as work:
        found = work.session.exec(select(ComplianceReport).order_by(ComplianceReport.period_from)).all()
    assert [report.period_from for report in found] == [
        date(2026, 10, 21),
        date(2026, 11, 21),
        date(2026, 12, 21),
        date(2027, 1, 21),
    ]


def test_no_report_falls_due_about_somebody_who_was_in_prison_throughout(desk, do, world):
    ordered(desk, world, released(desk, world, held=True, received_on=date(2026, 10, 1)))
    desk.clock.forward(timedelta(days=1))
    assert do(SYSTEM, end_periods) == 0


@pytest.mark.parametrize("round_of", [end_periods, end_expired])
def test_no_round_makes_a_report_or_work_about_somebody_who_has_died(desk, do, world, case, round_of):
    ordered(desk, world, case, ends_on=date(2026, 12, 20))
    with desk.work(world.provider) as work:
        custody.record_death(work, case, Death(died_on=work.today))
    before = set(open_tasks(desk))
    desk.clock.forward(timedelta(days=60))
    do(SYSTEM, round_of)
    with desk.work(SYSTEM) as work:
        assert work.session.exec(select(ComplianceReport.id)).all() == []
        running = select(ServiceClock.code).where(
            ServiceClock.case_id == case, ServiceClock.state == ClockState.RUNNING
        )
        assert work.session.exec(running).all() == []
    assert set(open_tasks(desk)) == before == {"they_have_died"}


def test_supervision_never_begins_for_somebody_who_died_before_its_first_day(desk, do, world):
    case = released(desk, world)
    made = ordered(desk, world, case, starts_on=date(2026, 12, 1), ends_on=None)
    with desk.work(world.provider) as work:
        custody.record_death(work, case, Death(died_on=work.today))
    desk.clock.forward(timedelta(days=20))
    assert do(SYSTEM, begin_due) == 0
    with desk.work(SYSTEM) as work:
        assert work.session.get_one(Requirement, made).supervision_from is None


def test_it_counts_what_was_recorded_and_what_probation_made_of_it(desk, do, world, case, order):
    for days_ago in (20, 18):
        kept(desk, world, (case, order), days_ago)
    kept(desk, world, (case, order), 15, AppointmentStatus.CANCELLED_BY_SERVICE)
    kept(desk, world, (case, order), 13, ABSENT, "no_contact")
    missed = kept(desk, world, (case, order), 8, ABSENT, "illness")
    accepted = Classify(outcome=AbsenceStatus.ACCEPTABLE, reason="illness")
    do(world.probation, deciding.classify, case, missed, accepted)
    desk.clock.forward(timedelta(days=1))
    do(SYSTEM, end_periods)
    shown = do(world.provider, reports.write, case, the_report(desk).id, written())
    assert shown.counts.model_dump() == {
        "offered": 5, "attended": 2, "late": 0, "not_engaged": 0, "acceptable": 1, "unacceptable": 0, "undecided": 1,
        "cancelled_by_service": 1,
    }  # fmt: skip


def test_it_goes_from_its_author_to_another_to_probation_and_comes_back_acknowledged(desk, do, world, case, due):
    do(world.provider, reports.write, case, due, written())
    assert "countersign_report" in open_tasks(desk)
    with pytest.raises(OwnReport):
        do(world.provider, reports.countersign, case, due)
    with pytest.raises(WrongState):
        do(world.provider, reports.send, case, due)
    do(world.provider_manager, reports.countersign, case, due)
    assert "send_report" in open_tasks(desk)
    with pytest.raises(NotFound):
        do(world.probation, reports.acknowledge, case, due)
    do(world.provider, reports.send, case, due)
    tasks = open_tasks(desk)
    assert tasks["acknowledge_report"].worker_id == world.probation.id
    assert not {"write_report", "countersign_report", "send_report"} & tasks.keys()
    with desk.work(SYSTEM) as work:
        clock = work.session.exec(select(ServiceClock).where(ServiceClock.code == "compliance_report")).one()
        assert clock.state is ClockState.STOPPED
    with pytest.raises(NotPermitted):
        do(world.provider, reports.acknowledge, case, due)
    do(world.probation, reports.acknowledge, case, due)
    assert the_report(desk).status is ReportStatus.ACKNOWLEDGED
    assert "acknowledge_report" not in open_tasks(desk)


def test_what_was_sent_is_frozen_under_its_hash(desk, do, world, case, sent):
    report = the_report(desk)
    assert report.sha256 == hashlib.sha256(report.rendered.encode()).hexdigest()
    assert is_whole(report.rendered, report.sha256)
    body = json.loads(report.rendered)
    assert (body["author_id"], body["countersigner_id"]) == (str(world.provider.id), str(world.provider_manager.id))
    assert body["engagement"] == SENTENCE
    with pytest.raises(WrongState):
        do(world.provider, reports.write, case, sent, written())
    with pytest.raises(WrongState):
        do(world.provider, reports.send, case, sent)
    with desk.work(SYSTEM) as work:
        kept_row = work.session.get_one(ComplianceReport, report.id)
        kept_row.rendered = kept_row.rendered.replace('"attended":0', '"attended":1')
        work.session.add(kept_row)
    with desk.work(world.probation) as work:
        assert report_shown(work, work.session.get_one(ComplianceReport, report.id)).whole is False


def test_facts_that_moved_after_it_was_written_send_it_back_to_be_written_again(desk, do, world, case, order, due):
    do(world.provider, reports.write, case, due, written())
    kept(desk, world, (case, order), 9)
    with pytest.raises(FactsMoved):
        do(world.provider_manager, reports.countersign, case, due)
    do(world.provider, reports.write, case, due, written())
    do(world.provider_manager, reports.countersign, case, due)
    kept(desk, world, (case, order), 8)
    with pytest.raises(FactsMoved):
        do(world.provider, reports.send, case, due)
    do(world.provider, reports.write, case, due, written())
    assert the_report(desk).countersigner_id is None


def test_it_may_be_returned_to_its_author_with_why(desk, do, world, case, due):
    do(world.provider, reports.write, case, due, written())
    do(world.provider_manager, reports.give_back, case, due, ReturnReport(because="Say how they take part"))
    assert the_report(desk).status is ReportStatus.DUE
    assert open_tasks(desk)["rewrite_report"].worker_id == world.provider.id
    do(world.provider, reports.write, case, due, written())
    assert "rewrite_report" not in open_tasks(desk)


def test_a_sent_report_is_corrected_by_a_new_version_that_names_it(desk, do, world, case, sent):
    before = the_report(desk).rendered
    new = do(world.provider, reports.correct, case, sent)
    assert (new.number, new.replaces_id, new.sentence) == (2, sent, SENTENCE)
    assert (the_report(desk).rendered, the_report(desk).replaced_by_id) == (before, new.id)
    with pytest.raises(reports.CorrectedAlready):
        do(world.provider, reports.correct, case, sent)
    do(world.provider, reports.write, case, new.id, written(sentence="Comes late but takes part."))
    do(world.provider_manager, reports.countersign, case, new.id)
    do(world.provider, reports.send, case, new.id)
    assert json.loads(the_report(desk, 2).rendered)["replaces_id"] == str(sent)


def test_an_appointment_without_an_outcome_holds_the_report_back(desk, do, world, case, order, due):
    form = BookOrdered(kind="session", on=desk.clock.at.date() - timedelta(days=4), at=time(9, 0))
    do(world.provider, attendance.book_ordered, case, order, form)
    with pytest.raises(reports.OutcomesMissing):
        do(world.provider, reports.write, case, due, written())


def test_clinical_words_are_kept_out_of_the_sentence(do, world, case, due):
    with pytest.raises(rules.ClinicalWord) as no:
        do(world.provider, reports.write, case, due, written(sentence="Stable on methadone."))
    assert "methadone" in no.value.sentence


def test_only_ordered_tests_reach_the_report(desk, do, world, case, order):
    for purpose in (SamplePurpose.SUPERVISION, SamplePurpose.CLINICAL):
        test = do(world.provider, testing.record_test, case, order, RecordTest(type=SampleType.URINE, purpose=purpose))
        came = RecordResult(result=SampleResult.POSITIVE, stage=SampleStage.SCREENING)
        do(world.provider, testing.record_result, case, test.id, came)
    desk.clock.forward(timedelta(days=1))
    do(SYSTEM, end_periods)
    shown = do(world.provider, reports.write, case, the_report(desk).id, written())
    assert [test.purpose for test in shown.tests] == [SamplePurpose.SUPERVISION]
    seen = do(world.probation, case_page, case)
    assert [test.purpose for test in seen.tests] == [SamplePurpose.SUPERVISION]


def test_another_providers_worker_and_probation_before_it_is_sent_find_no_report(do, world, case, due):
    for actor in (world.other_provider, world.probation, world.officer):
        with pytest.raises(NotFound):
            do(actor, reports.write, case, due, written())
    assert do(world.probation, case_page, case).reports == ()
    assert do(world.probation, report_list, ReportFilter()).lines == ()
    assert len(do(world.provider, report_list, ReportFilter()).lines) == 1


def test_nothing_is_sent_once_the_order_is_over_and_its_last_days_have_passed(desk, do, world, case, order, due):
    do(world.provider, reports.write, case, due, written())
    do(world.provider_manager, reports.countersign, case, due)
    do(world.provider, endings.end, case, order, EndRequirement(because=Ending.EXPIRED))
    desk.clock.forward(timedelta(days=15))
    with pytest.raises(NoOrder):
        do(world.provider, reports.send, case, due)


def test_the_end_of_an_order_makes_its_last_report_due_to_its_last_day(desk, do, world, case, order):
    do(world.provider, endings.end, case, order, EndRequirement(because=Ending.COMPLETED))
    assert (the_report(desk).period_from, the_report(desk).period_to) == (date(2026, 10, 21), date(2026, 11, 20))


def test_a_report_may_be_begun_outside_the_round_but_not_about_days_to_come(do, world, case, order):
    ahead = BeginReport(period_from=date(2026, 11, 1), period_to=date(2026, 11, 30))
    with pytest.raises(reports.NotOver):
        do(world.provider, reports.begin, case, order, ahead)
    with pytest.raises(reports.NotOver):  # today is not over
        do(world.provider, reports.begin, case, order, ahead.model_copy(update={"period_to": date(2026, 11, 20)}))
    now = BeginReport(period_from=date(2026, 11, 1), period_to=date(2026, 11, 19))
    assert do(world.provider, reports.begin, case, order, now).status is ReportStatus.DUE
    with pytest.raises(reports.ReportedAlready):
        do(world.provider, reports.begin, case, order, now)


@pytest.mark.parametrize("days", [(1, 12), (5, 9), (9, 19), (10, 10)])
def test_no_two_reports_are_about_the_same_days(do, world, case, order, days):
    about = BeginReport(period_from=date(2026, 11, 1), period_to=date(2026, 11, 10))
    do(world.provider, reports.begin, case, order, about)
    first, last = (date(2026, 11, day) for day in days)
    with pytest.raises(reports.ReportedAlready):
        do(world.provider, reports.begin, case, order, BeginReport(period_from=first, period_to=last))


def test_no_report_is_about_days_past_the_orders_last(desk, do, world, case, order):
    with desk.work(SYSTEM) as work:
        row = work.session.get_one(Requirement, order)
        row.ends_on = date(2026, 11, 15)
        work.session.add(row)
    with pytest.raises(reports.NotOver):
        do(
            world.provider,
            reports.begin,
            case,
            order,
            BeginReport(period_from=date(2026, 11, 1), period_to=date(2026, 11, 16)),
        )
