"""Silence asks for a nudge, a call, the agreed second contact, the manager; it ends when they are met (R43, R45, R46, T10, T12)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import partial
from uuid import uuid4

import pytest
from sqlmodel import col, select

from scheduler.ticks import TICKS, run
from tests.support.at_once import at_once
from tests.support.on_call import hear
from tests.support.texting import NUMBER, forward, texted
from throughcare.casework.people import SafeContact
from throughcare.casework.rows import Appointment, Task, TaskStatus
from throughcare.casework.timeline import TimelineQuery, timeline
from throughcare.checkin import actions, climbing, inbound, overdue
from throughcare.checkin.climbing import climb_ladders
from throughcare.checkin.forms import Call, PausePlan, Why
from throughcare.checkin.rows import CheckinPlan, CheckinPrompt, Outage
from throughcare.kernel.actors import SYSTEM
from throughcare.kernel.delivery import Delivery, Purpose
from throughcare.kernel.heartbeat import beat
from throughcare.kernel.outbox import OutboxRow
from throughcare.requirement.events import Attended

CALL, SECOND, MANAGER = "checkin_call", "checkin_second_contact", "checkin_manager"


@pytest.fixture
def case_id(desk, world):
    return texted(desk, world)


def delivered(desk, case_id, *, day=1, on=None):
    """A check-in that reached the phone now."""
    with desk.work(SYSTEM) as work:
        plan = work.session.exec(select(CheckinPlan).where(CheckinPlan.case_id == case_id)).one()
        at = {"not_before": work.now, "expires_at": work.now + timedelta(hours=6)}
        text = work.add(
            OutboxRow(
                key=f"asked:{uuid4()}", case_id=case_id, to=NUMBER, purpose=Purpose.CHECKIN, priority=3, text="How are things?",
                template="checkin_question", state=Delivery.DELIVERED, sending_at=work.now, accepted_at=work.now,
                delivered_at=work.now, **at,
            )
        )  # fmt: skip
        prompt = CheckinPrompt(
            case_id=case_id, plan_id=plan.id, step=f"day_{uuid4()}", day=day, on=on or date(2026, 11, 21),
            message_id=text.id, look_at=work.now, **at,
        )  # fmt: skip
        return work.add(prompt).id


def climb(desk):
    with desk.work(SYSTEM) as work:
        return climb_ladders(work)


def calls(desk, *status):
    """The kinds of work that silence asked for, in the order it did."""
    with desk.work(SYSTEM) as work:
        query = select(Task).where(
            col(Task.kind).in_([CALL, SECOND, MANAGER]), col(Task.status).in_(status or ["open"])
        )
        made = work.session.exec(query.order_by(col(Task.created_at), col(Task.kind))).all()
        return list(dict.fromkeys(task.kind for task in made))


def agreed_second(desk, case_id, *, consent):
    with desk.work(SYSTEM) as work:
        safe = work.session.exec(select(SafeContact).where(SafeContact.case_id == case_id)).one()
        safe.second_contact, safe.second_contact_consent = "The hostel", consent
        work.session.add(safe)


@pytest.mark.parametrize("start", ["2026-10-24T09:40", "2027-03-27T10:40", "2026-11-20T10:40"])
@pytest.mark.parametrize(("day", "hours"), [(14, (24, 24, 36)), (15, (48, 72, 120))])
def test_each_rung_comes_when_its_hours_have_passed_and_not_before_across_both_changes_t12(
    desk, request, start, day, hours
):
    desk.clock.at = begun = datetime.fromisoformat(start).replace(tzinfo=UTC)
    case_id = texted(desk, request.getfixturevalue("world"))
    agreed_second(desk, case_id, consent=True)
    delivered(desk, case_id, day=day)
    climb(desk)
    for hour, kind in zip(hours, (CALL, SECOND, MANAGER), strict=True):
        due = begun + timedelta(hours=hour)
        if desk.clock.at < due:
            desk.clock.at = due - timedelta(seconds=1)
            climb(desk)
            assert kind not in calls(desk)
            desk.clock.at = due
            climb(desk)
        assert kind in calls(desk)


def test_a_second_contact_is_tried_only_where_the_person_agreed_to_that_one_r43(desk, case_id):
    agreed_second(desk, case_id, consent=False)
    delivered(desk, case_id)
    forward(desk.clock, hours=37)
    climb(desk)
    assert calls(desk) == [CALL, MANAGER]


def spoken(desk, world, case_id):
    with desk.work(world.officer) as work:
        actions.spoke(work, case_id, Call(reached=True))


def came(desk, world, case_id):
    with desk.work(SYSTEM) as work:
        met = Appointment(
            case_id=case_id,
            agency_id=world.agencies["probation"],
            kind="supervision",
            at=work.now - timedelta(minutes=5),
        )
        row = work.add(met)
        work.record(Attended(subject_id=row.id, case_id=case_id, on=work.today))


def in_hospital(desk, world, case_id):
    with desk.work(world.officer) as work:
        actions.pause(work, case_id, PausePlan(because=Why.HOSPITAL))


def wrote(desk, world, case_id):
    hear(desk, "4")


@pytest.mark.parametrize(
    ("ends", "said"),
    [
        (spoken, "Calls about no answer are done, because somebody spoke to them."),
        (came, "Calls about no answer are done, because they came to an appointment."),
        (in_hospital, "Calls about no answer were called off, because they are in hospital."),
        (wrote, "Calls about no answer were called off, because they wrote or rang."),
    ],
)
def test_the_open_rung_is_closed_and_the_timeline_says_why_r46(desk, world, case_id, ends, said):
    delivered(desk, case_id)
    forward(desk.clock, hours=25)
    climb(desk)
    assert calls(desk) == [CALL]
    forward(desk.clock, hours=1)
    ends(desk, world, case_id)
    assert calls(desk) == []
    forward(desk.clock, days=3)
    climb(desk)
    assert calls(desk) == []
    with desk.work(world.officer) as work:
        assert said in [entry.words for entry in timeline(work, case_id, TimelineQuery()).entries]


def test_an_appointment_before_the_text_arrived_answers_nothing(desk, world, case_id):
    with desk.work(SYSTEM) as work:
        row = work.add(
            Appointment(
                case_id=case_id,
                agency_id=world.agencies["probation"],
                kind="supervision",
                at=work.now - timedelta(hours=2),
            )
        )
    delivered(desk, case_id)
    with desk.work(SYSTEM) as work:
        work.record(Attended(subject_id=row.id, case_id=case_id, on=work.today))
    forward(desk.clock, hours=25)
    climb(desk)
    assert calls(desk) == [CALL]


def round_of(desk, name):
    run(desk, next(tick for tick in TICKS if tick.name == name))


def test_what_we_were_down_for_is_added_to_every_wait_and_a_restart_makes_no_storm_r45(desk, case_id):
    for _ in range(3):
        delivered(desk, case_id)
    round_of(desk, "climb_ladders")
    forward(desk.clock, days=4)
    round_of(desk, "climb_ladders")
    assert calls(desk) == []
    with desk.work(SYSTEM) as work:
        (down,) = work.session.exec(select(Outage)).all()
    assert (down.cause, down.ended_at - down.started_at) == ("ours", timedelta(days=4))
    for more, told in ((timedelta(hours=24) - timedelta(seconds=1), []), (timedelta(seconds=1), [CALL])):
        desk.clock.forward(more)
        with desk.work(SYSTEM) as work:
            beat(work, "climb_ladders")  # the rounds went on meanwhile
        climb(desk)
        assert calls(desk) == told


def test_nobody_is_late_with_what_they_could_not_see_r45(desk, case_id):
    with desk.work(SYSTEM) as work:
        plan = work.session.exec(select(CheckinPlan)).one()
        climbing.errands.alert(work, climbing.errands.OPTED_OUT, case_id, plan.id, work.now + timedelta(hours=2))
        work.add(Outage(cause="ours", started_at=work.now, ended_at=work.now + timedelta(hours=10)))
    for hours, told in ((11, []), (2, [MANAGER])):
        forward(desk.clock, hours=hours)
        with desk.work(SYSTEM) as work:
            overdue.escalate(work)
        assert calls(desk) == told


def test_a_text_that_waits_to_be_read_is_read_before_its_writer_is_called_silent_r21(desk, case_id):
    delivered(desk, case_id)
    forward(desk.clock, hours=24)
    with desk.work(SYSTEM) as work:
        inbound.store(work, {"MessageSid": "SM1", "From": NUMBER, "To": "+441632960000", "Body": "4"})
    climb(desk)
    assert calls(desk) == []
    with desk.work(SYSTEM) as work:
        inbound.settle_number(work, NUMBER)
    forward(desk.clock, minutes=2)
    climb(desk)
    assert calls(desk) == []


# --- T10: a reply and a ladder's time-out at the same instant


def reply(desk):
    with desk.work(SYSTEM) as work:
        inbound.settle_number(work, NUMBER)


def torn(desk):
    """The twin: what is read in one transaction is acted on in the next."""
    with desk.work(SYSTEM) as work:
        due = select(CheckinPrompt.id).where(col(CheckinPrompt.look_at) <= work.now)
        seen = list(work.session.exec(due))
    yield
    with desk.work(SYSTEM) as work:
        for prompt_id in seen:
            prompt = work.session.get_one(CheckinPrompt, prompt_id)
            climbing.errands.alert(work, climbing.errands.CALL, prompt.case_id, prompt.id, work.now)


def both(desk, prompt_id):
    """Whether it is answered and somebody is asked to call all the same."""
    with desk.work(SYSTEM) as work:
        prompt = work.session.get_one(CheckinPrompt, prompt_id)
        asked = select(Task.id).where(Task.subject_id == prompt_id, Task.kind == CALL, Task.status == TaskStatus.OPEN)
        return prompt.answered_at is not None, work.session.exec(asked).first() is not None


def waiting(desk, case_id):
    """A check-in whose call falls due at the very instant at which its answer is read."""
    prompt_id = delivered(desk, case_id)
    forward(desk.clock, hours=24)
    with desk.work(SYSTEM) as work:
        inbound.store(work, {"MessageSid": uuid4().hex, "From": NUMBER, "To": "+441632960000", "Body": "4"})
    return prompt_id


@pytest.fixture
def just_in(monkeypatch):
    """As if the text came only after the ladders had looked for one, so that nothing but the locks keeps the two apart."""
    monkeypatch.setattr(climbing.chasing, "wrote_in", lambda *_: False)


def test_a_reply_and_a_time_out_at_one_instant_are_never_both_answered_and_escalated_t10(desk, case_id, just_in):
    sides = [partial(reply, desk), partial(climb, desk)]
    for turn in range(16):
        prompt_id = waiting(desk, case_id)
        at_once(*sides[:: (1, -1)[turn % 2]])
        assert both(desk, prompt_id) == (True, False)


@pytest.mark.parametrize("order", [(reply, climb), (climb, reply)])
def test_in_either_order_one_after_the_other_t10(desk, case_id, just_in, order):
    prompt_id = waiting(desk, case_id)
    for side in order:
        side(desk)
    assert both(desk, prompt_id) == (True, False)


def test_one_that_reads_and_then_writes_is_caught_t10(desk, case_id):
    prompt_id = waiting(desk, case_id)
    twin = torn(desk)
    next(twin)
    reply(desk)
    next(twin, None)
    assert both(desk, prompt_id) == (True, True)
