"""What people text back, and what follows: never guessed, never lost, never held against them (R21-R31, R35, R41-R46)."""

from __future__ import annotations

import pytest
from sqlmodel import select

from tests.support.asked import asked_on_day_one, hear, open_tasks, rows, said
from tests.support.texting import NUMBER, WORD, dispatch, forward, gateway_of, reachable, release, texted, texts
from throughcare.casework.events import Consented, NumberChanged, PersonDied, Recalled
from throughcare.casework.people import Case, Consent, PhoneNumber
from throughcare.casework.rows import CustodyEpisode, CustodyStatus, Task
from throughcare.checkin import errands, optouts, outages, overdue, receipts, texting
from throughcare.checkin.climbing import climb_ladders
from throughcare.checkin.pauses import resume_paused
from throughcare.checkin.planning import plan_texts
from throughcare.checkin.rows import CheckinPlan, CheckinPrompt, InboundText, PlanStatus, TextReceived
from throughcare.checkin.segments import segments
from throughcare.kernel.actors import SYSTEM, Role
from throughcare.kernel.delivery import Delivery


@pytest.fixture
def case(desk, world):
    return texted(desk, world)


@pytest.fixture
def asked(desk, case):
    return asked_on_day_one(desk, case)


def test_the_word_agreed_proves_the_number_once(desk, world):
    case = world.case()
    reachable(desk, case)
    release(desk, case)
    dispatch(desk, gateway_of(desk))
    hear(desk, f" {WORD.title()}! ")
    assert rows(desk, PhoneNumber)[0].proven_at
    assert said(desk, case) == ["proof_request", "proof_thanks"]
    hear(desk, WORD)
    assert said(desk, case).count("proof_thanks") == 1


@pytest.mark.parametrize(("wrong", "proves"), [(("banana", "apple"), True), (("banana", "apple", "pear"), False)])
def test_after_three_wrong_words_not_even_the_right_one_proves_a_number_and_a_person_does_r35(
    desk, world, clock, wrong, proves
):
    """Otherwise whoever has the phone tries words until one is right."""
    case = world.case()
    reachable(desk, case)
    release(desk, case)
    dispatch(desk, gateway_of(desk))
    for word in (*wrong, WORD):
        hear(desk, word)
    assert said(desk, case).count("proof_again") == 1
    assert said(desk, case).count("proof_by_call") == (not proves), "said once, and never that they may try again"
    called = [task for task in rows(desk, Task, kind="checkin_prove_number") if task.worker_id]
    assert len(called) == (not proves), "it is somebody's work from the instant it is promised"
    forward(clock, hours=26)
    with desk.work(SYSTEM) as work:
        plan_texts(work)
    assert bool(rows(desk, PhoneNumber)[0].proven_at) is proves
    assert ("proof_thanks" in said(desk, case)) is proves
    assert ("checkin_prove_number" in open_tasks(desk)) is not proves
    (last,) = (text for text in rows(desk, TextReceived) if text.text == WORD)
    assert last.to_read is not proves  # whoever reads it sees the word


def test_a_score_answers_the_open_check_in(desk, asked):
    hear(desk, "4")
    (prompt,) = rows(desk, CheckinPrompt, step="day_1")
    assert (prompt.score, prompt.late) == (4, False)
    assert prompt.answered_at
    assert open_tasks(desk) == []


@pytest.mark.parametrize(
    ("bodies", "task", "answer"),
    [
        (["CALL"], "checkin_call_asked", "call_reply"),
        (["help"], "checkin_call_asked", "call_reply"),
        (["1"], "checkin_low_score", "low_score_reply"),
        (["5", "3"], "checkin_low_score", "low_score_reply"),
        (["i want to end it all"], "checkin_crisis", "crisis_reply"),
    ],
)
def test_what_cannot_wait_goes_to_the_named_worker_now_and_is_answered(desk, asked, bodies, task, answer):
    for body in bodies:
        hear(desk, body)
    urgent = [each for each in rows(desk, Task, kind=task) if each.urgent and each.worker_id]
    assert len(urgent) == 1
    assert answer in said(desk, asked)
    assert all(text.segments == segments(text.text).count for text in texts(desk))  # what each is paced and paid by


def test_every_alert_goes_to_everyone_responsible(desk, asked, world):
    with desk.work(SYSTEM) as work:
        row = work.session.get_one(Case, asked)
        row.co_agency_id, row.co_worker_id = world.agencies["provider"], world.provider.id
        work.session.add(row)
    hear(desk, "CALL")
    assert {task.agency_id for task in rows(desk, Task, kind="checkin_call_asked")} == {
        world.agencies["prison"],
        world.agencies["provider"],
    }


@pytest.mark.parametrize("body", ["not ok", "3 or 4", "", "can you tell my mum", "7"])
def test_what_is_not_plain_is_read_by_a_person_and_never_guessed(desk, asked, body):
    hear(desk, body)
    assert rows(desk, CheckinPrompt, step="day_1")[0].score is None
    assert "checkin_read" in open_tasks(desk)


def test_one_gentle_asking_again_and_then_a_person(desk, asked):
    for body in ("hmm", "well", "dunno"):
        hear(desk, body)
    assert said(desk, asked).count("ask_again") == 1


def test_stop_stops_every_text_and_a_worker_calls(desk, asked, clock):
    hear(desk, "Stop.")
    assert open_tasks(desk) == ["checkin_opted_out"]
    forward(clock, days=1)
    with desk.work(SYSTEM) as work:
        assert optouts.opted_out(work, asked, NUMBER)
        plan_texts(work)
    assert said(desk, asked)[-1] == "stop_confirmation"
    assert "checkin_call" in open_tasks(desk)


@pytest.mark.parametrize("body", ["4", "CALL", "yes", "sorry, text me again please"])
def test_nothing_but_start_or_a_worker_brings_texts_back(desk, asked, body):
    hear(desk, "STOP")
    hear(desk, body)
    with desk.work(SYSTEM) as work:
        assert optouts.opted_out(work, asked, NUMBER)
    hear(desk, "START")
    with desk.work(SYSTEM) as work:
        assert not optouts.opted_out(work, asked, NUMBER)
    assert said(desk, asked)[-1] == "start_confirmation"


def test_words_that_hold_a_keyword_do_not_opt_out(desk, asked):
    for body in ("cancel my appointment", "quit drinking", "when does it end"):
        hear(desk, body)
    with desk.work(SYSTEM) as work:
        assert not optouts.opted_out(work, asked, NUMBER)


def test_asking_in_other_words_pauses_and_somebody_calls_the_same_day(desk, asked):
    hear(desk, "please stop texting me")
    (plan,) = rows(desk, CheckinPlan)
    assert (plan.status, plan.paused_because) == (PlanStatus.PAUSED, "soft_stop")
    assert "checkin_soft_stop" in open_tasks(desk)


def test_a_pause_ends_by_itself(desk, asked, clock):
    hear(desk, "PAUSE 3")
    assert rows(desk, CheckinPlan)[0].status is PlanStatus.PAUSED
    forward(clock, days=4)
    with desk.work(SYSTEM) as work:
        resume_paused(work)
    assert rows(desk, CheckinPlan)[0].status is PlanStatus.ACTIVE


def test_a_wrong_number_is_suspended_at_once_with_an_apology_and_no_more(desk, asked):
    hear(desk, "wrong number mate")
    assert rows(desk, PhoneNumber)[0].suspended_at
    assert "checkin_contact_repair" in open_tasks(desk)
    gateway = gateway_of(desk)
    dispatch(desk, gateway)
    assert [sms.text for sms in gateway.texts] == ["Sorry to have troubled you. We will not text this number again."]
    hear(desk, "i want to end it all")
    dispatch(desk, gateway)
    assert len(gateway.texts) == 1
    assert "checkin_crisis" in open_tasks(desk)


def test_a_text_from_nobody_we_know_touches_no_case(desk, asked):
    hear(desk, "hello", number="+447700900999")
    assert rows(desk, TextReceived) == []
    assert [(text.fate, text.body) for text in rows(desk, InboundText)] == [("unknown", "hello")]


def test_a_text_from_a_shared_number_waits_for_a_worker(desk, asked, world):
    other = world.case(given="Sorrel", family="Marsh")
    reachable(desk, other)
    hear(desk, "i want to end it all")
    assert rows(desk, TextReceived) == []
    shared = rows(desk, Task, kind="checkin_shared_number")
    assert {task.urgent for task in shared} == {True}
    assert len({task.case_id for task in shared if task.worker_id}) == 2


def test_two_machines_do_not_talk_for_ever(desk, asked):
    for each in range(20):
        hear(desk, f"auto reply CALL {each}")
    answered = [text for text in texts(desk, asked) if text.template in {"call_reply", "ask_again"}]
    assert len(answered) <= 3
    assert len(rows(desk, TextReceived)) == 20


def test_silence_is_nudged_then_called_then_told_to_the_manager(desk, asked, clock):
    for hours, kind in ((5, None), (20, "checkin_call"), (12, "checkin_manager")):
        forward(clock, hours=hours)
        with desk.work(SYSTEM) as work:
            climb_ladders(work)
        if kind:
            assert kind in open_tasks(desk)
    assert said(desk, asked).count("nudge") == 1


def test_an_answer_closes_the_ladder(desk, asked, clock):
    hear(desk, "4")
    forward(clock, days=2)
    with desk.work(SYSTEM) as work:
        climb_ladders(work)
    assert "nudge" not in said(desk, asked)
    assert "checkin_manager" not in open_tasks(desk)


def test_a_text_that_does_not_arrive_is_repaired_and_never_silence(desk, case, clock):
    forward(clock, hours=26)
    with desk.work(SYSTEM) as work:
        plan_texts(work)
    dispatch(desk, gateway_of(desk))
    (text,) = [each for each in texts(desk, case) if each.template == "checkin_question"]
    with desk.work(SYSTEM) as work:
        receipts.arrive(work, text.id, "undelivered", 30005)
    with desk.work(SYSTEM) as work:
        climb_ladders(work)
    assert {"checkin_contact_repair", "checkin_call"} <= set(open_tasks(desk))
    assert rows(desk, PhoneNumber)[0].suspended_at
    assert "nudge" not in said(desk, case)


def test_a_text_held_back_becomes_a_call(desk, case, clock):
    forward(clock, hours=26)
    with desk.work(SYSTEM) as work:
        plan_texts(work)
        consent = work.session.exec(select(Consent)).one()
        consent.ended_at = work.now
        work.session.add(consent)
    dispatch(desk, gateway_of(desk))
    forward(clock, hours=7)
    with desk.work(SYSTEM) as work:
        climb_ladders(work)
    assert "checkin_call" in open_tasks(desk)


def test_a_recall_cancels_what_waits_and_a_second_release_makes_another_plan(desk, case, world, clock):
    forward(clock, hours=26)
    with desk.work(SYSTEM) as work:
        plan_texts(work)
    with desk.work(SYSTEM) as work:
        stay = work.add(
            CustodyEpisode(
                case_id=case, prison_id=world.agencies["prison"], received_on=work.today,
                custody_status=CustodyStatus.RECALLED,
            )
        )  # fmt: skip
        work.record(Recalled(subject_id=stay.id, case_id=case, prison_id=stay.prison_id))
    assert {text.state for text in texts(desk, case)} <= {Delivery.CANCELLED, Delivery.SUPPRESSED}
    assert [plan.ended_because for plan in rows(desk, CheckinPlan)] == ["recalled"]
    forward(clock, days=28)
    release(desk, case)
    assert [plan.status for plan in rows(desk, CheckinPlan)] == [PlanStatus.ENDED, PlanStatus.ACTIVE]
    assert not rows(desk, PhoneNumber)[0].proven_at


def test_nothing_is_sent_after_a_death(desk, case, clock):
    with desk.work(SYSTEM) as work:
        work.record(PersonDied(subject_id=case, case_id=case, on=work.today))
    forward(clock, days=1)
    with desk.work(SYSTEM) as work:
        plan_texts(work)
    gateway = gateway_of(desk)
    dispatch(desk, gateway)
    assert gateway.texts == []
    assert open_tasks(desk) == []


@pytest.mark.parametrize("event", [NumberChanged, Consented])
def test_another_number_or_a_later_consent_asks_for_the_word_again(desk, world, clock, event):
    case = world.case()
    reachable(desk, case, number="")
    release(desk, case)
    forward(clock, days=5)
    reachable(desk, case, consent=False, contact=False)
    more = {"what": "added"} if event is NumberChanged else {"purpose": "texts", "agency_id": None}
    with desk.work(SYSTEM) as work:
        work.record(event(subject_id=case, case_id=case, **more))
    with desk.work(SYSTEM) as work:
        plan_texts(work)
    assert "proof_request" in said(desk, case)


def test_a_number_nothing_has_come_from_for_sixty_days_is_proven_again(desk, asked, clock):
    forward(clock, days=62)
    with desk.work(SYSTEM) as work:
        plan_texts(work)
    with desk.work(SYSTEM) as work:
        plan_texts(work)
    assert not rows(desk, PhoneNumber)[0].proven_at


def test_days_of_downtime_send_one_check_in_and_not_a_storm(desk, case, clock):
    forward(clock, days=10, hours=2)
    gateway = gateway_of(desk)
    for _ in range(3):
        with desk.work(SYSTEM) as work:
            plan_texts(work)
        dispatch(desk, gateway)
        forward(clock, minutes=1)
    assert len([sms for sms in gateway.texts if "from 1 (bad)" in sms.text]) == 1
    assert {prompt.instead for prompt in rows(desk, CheckinPrompt) if prompt.day in {1, 2, 3, 5, 7}} == {"late"}


def test_an_outage_stops_the_clock_of_silence(desk, asked, clock):
    with desk.work(SYSTEM) as work:
        outages.note(work, work.now)
    forward(clock, days=2)
    with desk.work(SYSTEM) as work:
        climb_ladders(work)
    assert [t.key for t in rows(desk, Task)] == []
    with desk.work(SYSTEM) as work:
        outages.note(work, None)
    forward(clock, hours=25)
    with desk.work(SYSTEM) as work:
        climb_ladders(work)
    assert "checkin_call" in open_tasks(desk)


def test_what_could_not_wait_and_was_not_done_goes_to_the_manager(desk, asked, clock):
    hear(desk, "CALL")
    forward(clock, days=3)
    for _ in range(2):
        with desk.work(SYSTEM) as work:
            overdue.escalate(work)
    assert [task.role for task in rows(desk, Task, kind="checkin_unanswered")] == [Role.MANAGER]


def test_one_that_cannot_be_told_of_keeps_no_other_from_the_managers_r10(desk, asked, world, clock, monkeypatch):
    other = world.case()
    reachable(desk, other, "+447700900555")
    release(desk, other)
    hear(desk, "CALL")
    hear(desk, "CALL", "+447700900555")
    forward(clock, days=3)
    whole = errands.tell_manager
    monkeypatch.setattr(
        errands,
        "tell_manager",
        lambda work, what, case, *more: 1 / 0 if case == asked else whole(work, what, case, *more),
    )
    with desk.work(SYSTEM) as work:
        assert overdue.escalate(work) > 0
    assert {task.case_id for task in rows(desk, Task, kind="checkin_unanswered")} == {other}


def test_a_family_name_that_stands_under_every_text_does_not_silence_it(desk, world):
    case = world.case(family="Team")
    reachable(desk, case)
    release(desk, case)
    assert said(desk, case) == ["proof_request"]


def test_a_check_in_that_cannot_be_worded_is_a_call_and_never_undoes_the_release(desk, world, monkeypatch):
    def choke(*_):
        raise texting.Blocked([])

    monkeypatch.setattr(texting, "write", choke)
    case = world.case()
    reachable(desk, case)
    release(desk, case)
    assert rows(desk, CheckinPlan)[0].status is PlanStatus.ACTIVE
    assert {"checkin_call", "checkin_operations"} <= set(open_tasks(desk))
