"""What watches over the twelve weeks (tests/soak) is not blind: each rule broken before its eyes is seen (T26)."""

from __future__ import annotations

from datetime import time, timedelta
from uuid import uuid4

import pytest
from sqlmodel import select

from tests.soak.town import Someone
from tests.soak.watch import Watch
from tests.soak.weeks import START, Weeks
from tests.steps.test_silence_is_followed import climb, delivered
from tests.support.on_call import CRISIS, hear
from tests.support.texting import texted
from throughcare.casework.people import Case
from throughcare.casework.rows import Task
from throughcare.checkin import errands, taking
from throughcare.checkin.on_call_rows import Alarm, TextAgain
from throughcare.kernel.actors import SYSTEM, Role
from throughcare.kernel.delivery import Purpose
from throughcare.kernel.outbox import OutboxRow
from throughcare.kernel.ports import Sms

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


@pytest.fixture
def watched(desk, world):
    """Watches over one person; what it says is told."""
    made = []

    def over(case_id=None, *others, **how):
        each = somebody(world, case_id or uuid4(), **how)
        made.append(Watch(desk, {each.number: [each, *others]}, {each.case_id: each}, pace=10))
        made[-1]._seen = desk.clock.now() - HOUR
        return made[-1], each

    yield over
    for watch in made:
        watch.eyes.leave()


def somebody(world, case_id, **how):
    safe = (time(12), time(14))
    return Someone(case_id, "+447700900123", "answers", world.officer, START, safe, **{"inside": False} | how)


def sms(number, reference=None):
    return Sms(number, "How are things?", str(reference or uuid4()), 60)


@pytest.mark.parametrize(
    ("how", "hour", "said"),
    [
        ({}, 12, None),
        ({}, 7, "in quiet hours"),
        ({}, 15, "outside their safe times"),
        ({"out_since": START}, 12, "after STOP"),
        ({"suspended": True}, 12, "somebody else has"),
        ({"inside": True}, 12, "not in the community"),
    ],
)
def test_a_text_that_may_not_leave_is_seen_to_leave_t26(watched, clock, how, hour, said):
    watch, each = watched(**how)
    clock.at = START.replace(hour=hour - 1)  # British Summer Time
    watch.routine(sms(each.number), "checkin_question", each)
    assert bool(watch.wrong) == bool(said)
    assert not said or said in watch.wrong[0]


def test_a_text_taken_twice_and_a_number_of_two_people_are_seen_t26(watched, world):
    watch, each = watched(None, somebody(world, uuid4()))
    watch.routine(sms(each.number), "checkin_question", each)
    watch.twice({"a": 1, "b": 2})
    said = " ".join(watch.wrong)
    assert all(each in said for each in ("of two people", "text b went 2 times"))
    assert "text a" not in said


def test_more_in_one_second_than_the_pace_and_words_that_give_away_are_seen_t26(desk, world, watched, clock):
    clock.at = START.replace(hour=11)
    watch, each = watched(world.case())
    with desk.work(SYSTEM) as work:
        times = {"not_before": work.now, "expires_at": work.now + HOUR}
        row = OutboxRow(
            key="one", case_id=each.case_id, to=each.number, purpose=Purpose.CHECKIN, priority=3, template="question",
            text="", **times,
        )  # fmt: skip
        row = work.add(row)
    for _ in range(10):
        watch.left(sms(each.number, row.id))
    assert watch.wrong == []
    watch.left(Sms(each.number, "Your probation meeting", str(row.id), 60))
    assert ["gives them away" in watch.wrong[0], "11 segments in one second" in watch.wrong[1]] == [True, True]
    clock.forward(timedelta(seconds=1))
    watch.left(sms(each.number, row.id))
    assert len(watch.wrong) == 2


def call_at_once(desk, prompt_id, case_id):
    """The twin of a ladder: it does not wait."""
    with desk.work(SYSTEM) as work:
        errands.alert(work, errands.CALL, case_id, prompt_id, work.now)


RUNGS = {"": lambda desk, *_: climb(desk), "nobody was asked to call": lambda *_: None, "too early": call_at_once}


@pytest.mark.parametrize("said", RUNGS)
def test_silence_with_nobody_asked_to_call_and_a_call_before_its_time_are_seen_t26(desk, world, clock, watched, said):
    case_id = texted(desk, world)
    watch, _ = watched(case_id)
    prompt_id = delivered(desk, case_id)
    watch.minute()
    for hours in (1, 23, 3):
        clock.forward(timedelta(hours=hours))
        RUNGS[said](desk, prompt_id, case_id)
        watch.minute()
    assert [said in each for each in watch.wrong[:1]] == [True] * bool(said)


def test_an_answer_before_its_receipt_is_one_and_an_answer_before_the_question_is_none_t26(desk, world, clock, watched):
    watch, each = watched(texted(desk, world))
    delivered(desk, each.case_id)
    each.closings.append(clock.now() - HOUR)
    watch.minute()
    for left, wrong in ((clock.now() - 2 * HOUR, 0), (clock.now(), 1)):
        watch._left = dict.fromkeys(watch._left, left)
        watch._silences = [(clock.now(), *rest) for _, *rest in watch._silences] or watch._silences
        held = list(watch._silences)
        clock.forward(26 * HOUR)
        watch._silences_answered_for()
        assert len(watch.wrong) == wrong
        watch._silences = held


def test_an_outage_puts_silence_off_and_does_not_end_it_t26(desk, world, clock, watched):
    watch, _ = watched(texted(desk, world))
    delivered(desk, next(iter(watch.by_case)))
    watch.minute()
    watch.outages.append([clock.now() + HOUR, clock.now() + 4 * HOUR])
    said = []
    for hours in (26, 4):
        clock.forward(timedelta(hours=hours))
        watch.minute()
        said.append(len(watch.wrong))
    assert said == [0, 1]


def test_work_on_a_list_that_nobody_reads_and_a_case_without_an_owner_are_seen_t26(desk, world, clock, watched):
    watch, each = watched(world.case())
    watch.everything()
    watch.minute()
    assert watch.wrong == []
    clock.forward(HOUR)
    with desk.work(SYSTEM) as work:
        nobody = {"agency_id": world.agencies["probation"], "role": Role.TREATMENT}
        work.add(
            Task(kind="checkin_read", key="one", case_id=each.case_id, subject_id=uuid4(), due_at=work.now, **nobody)
        )
        case = work.session.get_one(Case, each.case_id)
        case.owner_team_id = case.owner_worker_id = None
        work.session.add(case)
    watch.minute()
    watch.everything()
    said = ("checkin_read on a list", "1 open tasks on a list", "1 cases without an owner")
    assert [word in line for word, line in zip(said, watch.wrong, strict=True)] == [True] * 3


def test_a_crisis_without_an_alarm_and_an_alarm_that_stands_still_are_seen_t26(desk, world, clock, watched):
    watch, each = watched(texted(desk, world))
    watch.in_crisis(each)
    watch.minute()
    assert "no alarm" in watch.wrong.pop()
    hear(desk, CRISIS)
    watch.in_crisis(each)
    watch.minute()
    assert watch.wrong == []
    clock.forward(MINUTE)
    hear(desk, CRISIS)  # with the first, which nobody has taken on
    watch.in_crisis(each)
    watch.minute()
    assert watch.wrong == []
    with desk.work(each.actor) as work:
        (alarm,) = work.session.exec(select(Alarm)).all()
        taking.take(work, alarm.subject_id)
    clock.forward(MINUTE)
    with desk.work(SYSTEM) as work:  # the twin: counted with what somebody has taken on, and told to nobody
        work.add(
            TextAgain(
                case_id=each.case_id,
                errand=alarm.errand,
                subject_id=alarm.subject_id,
                text_id=uuid4(),
                received_at=work.now,
            )
        )
    watch.in_crisis(each)
    watch.minute()
    assert "no alarm" in watch.wrong.pop()
    hear(desk, CRISIS)  # an alarm of its own
    watch.in_crisis(each)
    watch.minute()
    assert watch.wrong == []
    clock.forward(HOUR)  # and no round asks the next
    watch.minute()
    assert "stand still" in watch.wrong[0]


def test_a_word_of_what_was_said_before_probation_is_seen_t26(watched):
    watch, _ = watched()
    watch.clinical('{"said": "Sent, delivered and answered"}')
    assert watch.wrong == []
    watch.clinical('{"said": "Answered: Score 2"}')
    assert "probation sees" in watch.wrong[0]


class Forgetful(Weeks):
    """The twin: it does not know that plans fall due."""

    def next_minute(self):
        first = super().next_minute()
        known = [when for name, when in self.known.items() if name != "plan"]
        self.first = min([*known, self.agenda[0][0]])
        return max(first, self.first)


@pytest.mark.parametrize(("kind", "days", "seen"), [(Weeks, 1, False), (Forgetful, 2, True)])
def test_a_minute_left_out_at_which_something_was_due_is_seen_t26(desk, world, kind, days, seen):
    desk.clock.at = START
    weeks = kind(desk, desk.clock, world, ["silent"], seed=3, days=days, downs=(), aways=(), doubted=1)
    weeks.fates.leaves(weeks.people[0])
    wrong = weeks.play().watch.wrong
    assert [weeks.proven > 0, any("nothing was due" in each for each in wrong)] == [True, seen]
