"""A handover from draft to first contact, and every way it can end before that (requirements handover 2.11)."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlmodel import select

from tests.support.handovers import Handing
from throughcare.casework import access, consents
from throughcare.casework.agencies import Worker
from throughcare.casework.forms_contact import Withdrawal
from throughcare.casework.people import Consent, Person
from throughcare.casework.rows import Appointment, ClockState, CustodyEpisode, ServiceClock, Task, TaskStatus
from throughcare.casework.whose import everyone_responsible
from throughcare.handover import answering, doors, expiry, offering, passing, shapes, sharing, views
from throughcare.handover.forms import (
    Answering,
    Asking,
    Completing,
    Declining,
    Recalling,
    RefusingReturn,
    Returning,
    Sending,
    TreatmentStart,
    Waiting,
)
from throughcare.handover.offering import AlreadyLive, NotTheOwner
from throughcare.handover.rows import HandoverSnapshot
from throughcare.handover.words import Status
from throughcare.kernel.actors import SYSTEM
from throughcare.kernel.audit import AuditRow
from throughcare.kernel.categories import Category
from throughcare.kernel.refusals import Invalid, NotFound, NotPermitted, WrongState
from throughcare.release.rows import Lodging, ReleasePlan

FRIDAY = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
A_NO = Declining(declined_by="provider", reason="no_capacity", words="Full until March")


@pytest.fixture
def handing(world):
    return Handing(world)


def read(work, row_id):
    return views.show(work, doors.find(work, row_id))


def tasks(desk, handing, *, still=TaskStatus.OPEN):
    with desk.work(SYSTEM) as work:
        found = select(Task).where(Task.subject_id == handing.id, Task.status == still)
        return {(task.kind, task.agency_id) for task in work.session.exec(found)}


def names(desk, handing):
    with desk.work(SYSTEM) as work:
        found = select(AuditRow.name).where(AuditRow.case_id == handing.case_id).order_by(AuditRow.created_at)
        return [name for name in work.session.exec(found) if name.startswith(("handover.", "case."))]


def clocks(desk, handing):
    with desk.work(SYSTEM) as work:
        return {c.code: c for c in work.session.exec(select(ServiceClock).where(ServiceClock.subject_id == handing.id))}


def test_the_case_passes_on_first_contact_and_not_at_acceptance(handing, world):
    handing.accepted()
    assert (handing.case.owner_agency_id, handing.case.owner_worker_id) == (world.agencies["prison"], world.officer.id)
    assert (handing.case.co_agency_id, handing.case.co_worker_id) == (world.agencies["provider"], world.provider.id)
    assert {whose.worker_id for whose in everyone_responsible(handing.case)} == {world.officer.id, world.provider.id}
    handing.do(world.provider, passing.first_contact, handing.contact())
    assert (handing.case.owner_agency_id, handing.case.owner_worker_id) == (
        world.agencies["provider"],
        world.provider.id,
    )
    assert (handing.case.co_agency_id, handing.case.co_worker_id) == (None, None)


def test_accepting_names_a_worker_and_books_the_first_appointment(handing, world, desk):
    handing.accepted()
    with desk.work(world.provider) as work:
        booked = work.session.exec(select(Appointment).where(Appointment.handover_id == handing.id)).one()
    assert (booked.kind, booked.with_whom, booked.place) == ("first_treatment", "Provider", "12 Quay Street")
    assert handing.row.appointment_id == booked.id


def test_before_acceptance_the_team_reads_the_summary_and_nothing_that_names_anybody(handing, world, desk):
    handing.agreed().drafted().sharing("custody", "risk", risk_note="Do not see alone").sent()
    told = handing.do(world.provider, read)
    assert (type(told), told.initials, told.age_band, told.area) == (shapes.Summary, "R.A.", "35 to 44", "Ashby")
    for secret in ("Rowan", "Ashdown", "A1234BC", "1990", "see alone"):
        assert secret not in told.model_dump_json()
    with pytest.raises(NotFound), desk.work(world.provider) as work:
        access.find_case(work, handing.case_id)


def test_after_acceptance_the_worker_reads_what_was_ticked_and_only_that(handing, world):
    handing.agreed().drafted().sharing("custody", "risk", risk_note="Do not see alone").accepted()
    told = handing.do(world.provider, read)
    assert told.name == "Rowan Ashdown"
    assert told.risk == {"In the sender's words": "Do not see alone"}
    assert told.identity["Prison number"] == "A1234BC"
    assert (told.contact, told.medication) == (None, None)


def test_the_preview_is_what_is_sent_and_what_is_kept(handing, world, desk):
    handing.agreed().drafted().sharing("custody")
    seen = handing.preview()
    handing.sent()
    with desk.work(world.officer) as work:
        kept = work.session.exec(select(HandoverSnapshot)).one()
    assert (kept.summary, kept.sections, kept.sha256) == (seen.summary, seen.sections, seen.sha256)


def test_what_was_sent_does_not_change_when_the_record_does(handing, world, desk):
    handing.accepted()
    with desk.work(world.officer) as work:
        person = work.session.exec(select(Person).where(Person.case_id == handing.case_id)).one()
        person.family = "Altered"
        work.session.add(person)
    told = handing.do(world.provider, read)
    assert told.identity["Name"] == "Rowan Ashdown"
    assert told.whole


def overwrite(work):
    stored = work.session.exec(select(HandoverSnapshot)).one()
    stored.sections = {}
    work.session.add(stored)
    work.session.flush()


def test_a_snapshot_that_was_tampered_with_is_noticed_and_cannot_be_saved(handing, world, desk):
    handing.sent()
    with desk.work(SYSTEM) as work:
        kept = work.session.exec(select(HandoverSnapshot)).one()
        work.session.expunge(kept)
    kept.sections = {"identity": {"Name": "Someone Else"}}
    assert not sharing.is_whole(kept)
    with pytest.raises(AssertionError, match="written once"), desk.work(SYSTEM) as work:
        overwrite(work)


def test_a_preview_that_no_longer_holds_is_not_sent(handing, world, desk):
    handing.agreed().drafted()
    seen = handing.preview().sha256
    with desk.work(world.officer) as work:
        person = work.session.exec(select(Person).where(Person.case_id == handing.case_id)).one()
        person.known_as = "Ro"
        work.session.add(person)
    with pytest.raises(sharing.PreviewChanged):
        handing.do(world.officer, offering.send, Sending(sha256=seen))
    assert handing.row.status is Status.DRAFT


def test_without_consent_to_refer_nothing_is_sent(handing, world):
    handing.drafted()
    with pytest.raises(sharing.NoConsent):
        handing.sent()


@pytest.mark.parametrize(
    "spoilt",
    [
        {"ended_at": FRIDAY},
        {"expires_on": date(2026, 11, 19)},
        {"agency_id": "other_provider"},
        {"categories": [Category.CONTACT]},
        {"purpose": "texts"},
    ],
    ids=["withdrawn", "expired", "for another agency", "without identity", "for texts"],
)
def test_consent_that_no_longer_covers_it_between_draft_and_send_is_refused(handing, world, desk, spoilt):
    handing.agreed().drafted()
    with desk.work(world.officer) as work:
        consent = work.session.exec(select(Consent)).one()
        for name, value in spoilt.items():
            setattr(consent, name, world.agencies.get(value, value) if name == "agency_id" else value)
        work.session.add(consent)
    with pytest.raises(sharing.NoConsent):
        handing.do(world.officer, offering.send, Sending(sha256=handing.preview().sha256))


def test_consent_withdrawn_after_sending_leaves_nothing_to_accept(handing, world, desk):
    handing.received()
    with desk.work(world.officer) as work:
        given = work.session.exec(select(Consent).where(Consent.case_id == handing.case_id)).one()
        consents.withdraw(work, handing.case_id, given.id, Withdrawal())
    with pytest.raises(answering.NoLongerAgreed):
        handing.do(world.provider, answering.accept, handing.acceptance())
    with desk.work(world.provider) as work, pytest.raises(NotFound):
        access.check(work, handing.case_id)
    with desk.work(world.officer) as work:
        given = {"purpose": "referral", "agency_id": world.agencies["provider"], "recorded_by": work.actor.id}
        work.add(
            Consent(case_id=handing.case_id, categories=[Category.IDENTITY], given_at=work.now, state="given", **given)
        )
    handing.do(world.provider, answering.accept, handing.acceptance())


def test_a_sender_cannot_share_what_they_may_not_read(handing, world, desk):
    """An officer reads attendance only with consent, and screening bands too: the preview would tell them."""
    handing.agreed().drafted()
    with desk.work(world.officer) as work:
        may = sharing.offered(work, doors.find(work, handing.id))
    assert "attendance" not in may
    assert "screening" not in may
    assert {"identity", "custody", "contact", "risk", "medication"} <= may.keys()
    with pytest.raises(sharing.NotShareable):
        handing.sharing("attendance")


def test_second_live_handover_to_the_same_service_is_refused_and_another_service_is_not(handing, world):
    handing.sent()
    with pytest.raises(AlreadyLive):
        Handing(world, case=handing.case_id).drafted()
    Handing(world, case=handing.case_id, to="other_provider").drafted()
    handing.do(world.officer, offering.recall, Recalling(reason="plan_changed"))
    Handing(world, case=handing.case_id).drafted()


def test_only_the_agency_that_owns_the_case_hands_it_over(handing, world, desk):
    with desk.work(SYSTEM) as work:
        world.involve(work, handing.case_id, "other_provider", access.Basis.CARE)
    with pytest.raises(NotTheOwner):
        handing.drafted(world.other_provider)
    with pytest.raises(NotFound):
        handing.drafted(world.scottish_officer)


def test_nobody_else_learns_that_it_exists(handing, world):
    handing.sent()
    for stranger in (world.other_provider, world.probation, world.scottish_officer, world.admin):
        with pytest.raises(NotFound):
            handing.do(stranger, doors.find)
        with pytest.raises(NotFound):
            handing.do(stranger, answering.receive)


def test_a_draft_does_not_exist_for_the_team_it_may_go_to(handing, world):
    handing.drafted()
    with pytest.raises(NotFound):
        handing.do(world.provider, answering.receive)


def test_neither_side_makes_the_others_moves(handing, world):
    handing.received()
    with pytest.raises(NotPermitted):
        handing.do(world.officer, answering.accept, handing.acceptance())
    with pytest.raises(NotPermitted):
        handing.do(world.provider, offering.recall, Recalling(reason="other"))


def test_whoever_comes_second_reads_who_came_first_and_when(handing, world):
    handing.accepted()
    with pytest.raises(WrongState) as late:
        handing.do(world.provider_manager, answering.accept, handing.acceptance())
    assert late.value.status == 409
    assert "already accepted by Provider on 20 November 2026 at 10:00am" in late.value.sentence
    assert "You can: record first contact, return case." in late.value.sentence


def test_accepting_after_a_recall_is_refused(handing, world):
    handing.received()
    handing.do(world.officer, offering.recall, Recalling(reason="release_changed"))
    with pytest.raises(WrongState, match="already recalled by Officer"):
        handing.do(world.provider, answering.accept, handing.acceptance())


def test_a_worker_who_was_disabled_cannot_be_named(handing, world, desk):
    handing.received()
    with desk.work(SYSTEM) as work:
        work.session.get_one(Worker, world.provider.id).disabled_at = work.now
    with pytest.raises(answering.NotInTeam) as refused:
        handing.do(world.provider_manager, answering.accept, handing.acceptance())
    assert (refused.value.status, refused.value.field) == (422, "worker_id")


@pytest.mark.parametrize("who", ["other_provider", "officer"])
def test_somebody_from_elsewhere_cannot_be_named(handing, world, who):
    handing.received()
    with pytest.raises(answering.NotInTeam):
        handing.do(world.provider, answering.accept, handing.acceptance(worker_id=world.actors[who].id))


def test_a_first_appointment_in_the_past_is_refused_beside_its_date(handing, world):
    handing.received()
    past = handing.acceptance(on=date(2026, 11, 20), at=time(9, 0))
    with pytest.raises(answering.InThePast) as refused:
        handing.do(world.provider, answering.accept, past)
    assert refused.value.field == "on"


def test_information_is_asked_for_while_the_clock_stands_still(handing, world, desk, clock):
    handing.received()
    before = clocks(desk, handing)["handover_accepted_or_refused"].due_at
    handing.do(world.provider, answering.ask, Asking(asked=("risk", "wishes"), words="Any arson?"))
    assert clocks(desk, handing)["handover_accepted_or_refused"].state is ClockState.PAUSED
    assert ("handover_inform", world.agencies["prison"]) in tasks(desk, handing)
    clock.forward(timedelta(days=4))
    told = handing.do(world.officer, read)
    assert (told.turn, told.days, told.days_for_us, told.days_for_them) == ("sender", 4, 4, 0)
    assert told.clock.paused_at == told.waiting_since
    handing.do(world.officer, offering.answer, Answering(words="No. Wants to stop drinking."))
    after = clocks(desk, handing)["handover_accepted_or_refused"]
    assert (after.state, after.due_at - before) == (ClockState.RUNNING, timedelta(days=4))
    assert ("handover_inform", world.agencies["prison"]) not in tasks(desk, handing)
    assert ("handover_decide", world.agencies["provider"]) in tasks(desk, handing)


@pytest.mark.parametrize(
    "words",
    [
        "Rowan wants to stop",
        "ashdown is fine",
        "number a1234bc",
        "A 1234 BC",
        "Mr ASHDOWN, born 1990",
        "born 1990-04-02",
        "born 2/4/90",
        "born on the 2nd of April 1990",
        "Ro\u200bwan",
        "\uff32owan",
        "R o w a n",
        "RowanAshdown",
    ],
)
def test_an_answer_may_not_name_them(handing, world, words):
    handing.received()
    handing.do(world.provider, answering.ask, Asking(asked=("wishes",)))
    with pytest.raises(sharing.NamesThem):
        handing.do(world.officer, offering.answer, Answering(words=words))


@pytest.mark.parametrize("words", ["at 12 Harbour Road", "the Harbour Road house", "ring 01632 960 111"])
def test_an_answer_may_not_say_where_they_sleep(handing, world, desk, words):
    with desk.work(SYSTEM) as work:
        stay = work.session.exec(select(CustodyEpisode).where(CustodyEpisode.case_id == handing.case_id)).one()
        plan = ReleasePlan(
            case_id=handing.case_id, episode_id=stay.id, started_on=work.today, started_by=world.officer.id
        )
        plan = work.add(plan)
        told = {"tonight": "With a friend, 12 Harbour Road, Ashby", "tonight_phone": "01632 960111"}
        work.add(Lodging(case_id=handing.case_id, plan_id=plan.id, **told))
    handing.received()
    handing.do(world.provider, answering.ask, Asking(asked=("wishes",)))
    handing.do(world.officer, offering.answer, Answering(words="Stays with a friend in Ashby, on a quiet road"))
    handing.do(world.provider, answering.ask, Asking(asked=("wishes",)))
    with pytest.raises(sharing.NamesThem):
        handing.do(world.officer, offering.answer, Answering(words=words))


@pytest.mark.parametrize("area", ["12 Harbour Road", "M1", "Flat \u00b2", "Rowan's town"])
def test_an_area_is_a_town_and_not_an_address(handing, area):
    with pytest.raises(Invalid):
        handing.drafted(area=area)


def test_a_long_answer_is_kept_whole(handing, world):
    handing.received()
    handing.do(world.provider, answering.ask, Asking(asked=("wishes",)))
    told = handing.do(world.officer, offering.answer, Answering(words="é'\U0001f642 select from " * 740))
    assert len(told.history[-1].words) > 11_000


def test_declining_says_whose_no_it_was_and_has_the_sender_plan_again(handing, world, desk):
    handing.received()
    handing.do(world.provider, answering.decline, A_NO)
    assert ("handover_replan", world.agencies["prison"]) in tasks(desk, handing)
    past = handing.do(world.officer, read).history[-1]
    assert (past.declined_by, past.codes, past.words) == (
        "The service",
        ("No capacity now or soon",),
        "Full until March",
    )
    assert (handing.case.owner_agency_id, handing.case.co_agency_id) == (world.agencies["prison"], None)


def test_the_persons_reason_is_not_the_services(handing, world):
    handing.received()
    with pytest.raises(offering.NotListed):
        handing.do(world.provider, answering.decline, Declining(declined_by="person", reason="no_capacity"))


def test_a_new_handover_answers_the_call_to_plan_again(handing, world, desk):
    handing.received()
    handing.do(world.provider, answering.decline, A_NO)
    Handing(world, case=handing.case_id, to="other_provider").sent()
    assert ("handover_replan", world.agencies["prison"]) in tasks(desk, handing, still=TaskStatus.CANCELLED)


def test_a_waiting_list_is_looked_at_again_on_its_day(handing, world, desk):
    handing.received()
    handing.do(world.provider, answering.wait, Waiting(review_on=date(2026, 12, 4)))
    with desk.work(SYSTEM) as work:
        review = work.session.exec(select(Task).where(Task.kind == "handover_review")).one()
    assert (review.due_at.date(), review.agency_id) == (date(2026, 12, 4), world.agencies["provider"])
    other = Handing(world).received()
    with pytest.raises(answering.InThePast):
        other.do(world.provider, answering.wait, Waiting(review_on=date(2026, 11, 20)))


def test_no_answer_expires_and_is_never_silent(handing, world, desk, clock):
    handing.sent()
    with desk.work(SYSTEM) as work:
        assert expiry.expire_due(work) == 0
    clock.forward(timedelta(days=8))
    with desk.work(SYSTEM) as work:
        assert expiry.expire_due(work) == 1
        assert expiry.expire_due(work) == 0
    late = ("handover_late", world.agencies["provider"]), ("handover_late", world.agencies["prison"])
    assert {*late, ("handover_unanswered", world.agencies["prison"])} <= tasks(desk, handing)
    handing.do(world.provider, answering.accept, handing.acceptance())  # expired is still live
    assert handing.row.status is Status.ACCEPTED
    assert not {*late} & tasks(desk, handing)


def test_reminders_go_at_half_and_at_four_fifths_once_each(handing, world, desk, clock):
    handing.sent()
    went = []
    for _ in range(8):
        with desk.work(SYSTEM) as work:
            went.append(expiry.remind_due(work))
        with desk.work(SYSTEM) as work:
            assert expiry.remind_due(work) == 0
        clock.forward(timedelta(days=1))
    assert sum(went) == 2


def test_pregnancy_is_fast_tracked(world, desk):
    handing = Handing(world, case=world.case(pregnant=True)).sent()
    assert {"handover.sent", "handover.fast_tracked"} <= set(names(desk, handing))
    told = handing.do(world.provider, read)
    assert told.fast_track
    assert told.flags == ("Pregnancy or concern for an unborn child",)
    assert told.clock.due_at.date() == date(2026, 11, 23)


def test_structured_treatment_is_a_separate_fact_from_first_contact(handing, world, desk):
    handing.active()
    assert "handover.treatment_started" not in names(desk, handing)
    handing.do(world.provider, passing.start_treatment, TreatmentStart(on=date(2026, 11, 20)))
    assert "handover.treatment_started" in names(desk, handing)
    with pytest.raises(passing.AlreadyStarted):
        handing.do(world.provider, passing.start_treatment, TreatmentStart(on=date(2026, 11, 20)))


def test_treatment_cannot_start_before_first_contact_or_tomorrow(handing, world):
    handing.accepted()
    with pytest.raises(passing.NotActive):
        handing.do(world.provider, passing.start_treatment, TreatmentStart(on=date(2026, 11, 20)))
    handing.do(world.provider, passing.first_contact, handing.contact())
    for day, refusal in ((19, passing.BeforeContact), (21, passing.StillToCome)):
        with pytest.raises(refusal):
            handing.do(world.provider, passing.start_treatment, TreatmentStart(on=date(2026, 11, day)))


def test_a_return_passes_the_case_only_when_it_is_accepted(handing, world, desk):
    handing.active()
    handing.do(world.provider, passing.offer_return, Returning(reason="moved_away", words="Now in Carlisle"))
    assert handing.case.owner_agency_id == world.agencies["provider"]
    assert ("handover_take_back", world.agencies["prison"]) in tasks(desk, handing)
    handing.do(world.officer, passing.accept_return)
    assert (handing.case.owner_agency_id, handing.case.owner_worker_id) == (world.agencies["prison"], world.officer.id)
    assert handing.row.status is Status.RETURNED


@pytest.mark.parametrize(("stage", "back"), [("active", Status.ACTIVE), ("accepted", Status.ACCEPTED)])
def test_a_return_that_is_declined_leaves_it_where_it_was(handing, world, stage, back):
    getattr(handing, stage)()
    handing.do(world.provider, passing.offer_return, Returning(reason="other", words="Please"))
    handing.do(world.officer, passing.decline_return, RefusingReturn(reason="not_tried"))
    assert handing.row.status is back
    assert handing.case.co_agency_id == (world.agencies["provider"] if back is Status.ACCEPTED else None)


def test_a_return_before_first_contact_ends_the_standing_and_the_appointment(handing, world, desk):
    handing.accepted()
    handing.do(world.provider, passing.offer_return, Returning(reason="not_released", words="Still inside"))
    handing.do(world.officer, passing.accept_return)
    assert handing.case.co_agency_id is None
    with pytest.raises(NotFound), desk.work(world.provider) as work:
        access.find_case(work, handing.case_id)
    with desk.work(world.officer) as work:
        assert work.session.exec(select(Appointment)).one().status == "not_required"


def test_the_sender_reads_on_for_ninety_days_and_then_only_the_summary(world, desk, clock):
    handing = Handing(world)
    with desk.work(SYSTEM) as work:
        episode = work.session.exec(select(CustodyEpisode)).one()
        episode.ended_at = episode.released_at = work.now
        work.session.add(episode)
    handing.active()
    clock.forward(timedelta(days=89))
    told = handing.do(world.officer, read)
    assert told.name == "Rowan Ashdown"
    clock.forward(timedelta(days=2))
    told = handing.do(world.officer, read)
    assert type(told) is shapes.Summary
    with pytest.raises(NotFound), desk.work(world.officer) as work:
        access.find_case(work, handing.case_id)


def test_completing_says_how_it_ended_and_leaves_the_owner(handing, world, desk):
    handing.active()
    handing.do(world.provider, passing.complete, Completing(outcome="treatment_completed"))
    assert handing.case.owner_agency_id == world.agencies["provider"]
    assert ("handover_ended", world.agencies["prison"]) in tasks(desk, handing)
