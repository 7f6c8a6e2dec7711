"""What each of sixty phrases about stopping does, to the ledger, the plan and the lists of those who work with texts (R27-R30, T14)."""

from __future__ import annotations

import tomllib
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

import pytest
from sqlmodel import col, select

from tests.support.asked import rows
from tests.support.on_call import hear
from tests.support.texting import NUMBER, forward, texted, texts
from throughcare.casework import tasks
from throughcare.casework.rows import Task, TaskStatus
from throughcare.checkin import errands, inbound, optouts
from throughcare.checkin.eligibility import facts_about
from throughcare.checkin.grounds import Asking
from throughcare.checkin.rows import CheckinPlan, OptOut, PlanStatus, TextReceived
from throughcare.kernel.actors import SYSTEM
from throughcare.kernel.audit import AuditRow
from throughcare.kernel.delivery import Purpose

STOPPING = tomllib.loads(Path("tests/data/stopping.toml").read_text("utf-8"))
STRANGE = "+447700900998"
ABOUT = {errands.OPTED_OUT.kind, errands.SOFT_STOP.kind}


class Undone(Exception):
    """Leaves nothing behind, so that the next phrase finds what this one found."""


@pytest.fixture
def case(desk, world):
    return texted(desk, world)


def outcome(desk, case, body):
    """Whether they are opted out, whether the plan is paused, and who is to call them about it."""
    found = []
    with suppress(Undone), desk.work(SYSTEM) as work:
        inbound.store(work, {"MessageSid": uuid4().hex, "From": NUMBER, "To": "+441632960000", "Body": body})
        inbound.settle_number(work, NUMBER)
        plan = work.session.exec(select(CheckinPlan)).one()
        open_ = select(Task.kind).where(Task.status == TaskStatus.OPEN, col(Task.kind).in_(ABOUT))
        found = [optouts.opted_out(work, case, NUMBER), plan.status is PlanStatus.PAUSED, *work.session.exec(open_)]
        raise Undone
    return tuple(found)


DOES = {
    "stop": (True, False, errands.OPTED_OUT.kind),
    "soft": (False, True, errands.SOFT_STOP.kind),
    "nothing": (False, False),
    "start": (False, False),
}


@pytest.mark.parametrize("label", DOES)
def test_each_phrase_has_the_outcome_a_careful_reader_gives_it_t14(desk, case, label):
    assert {body: outcome(desk, case, body) for body in STOPPING[label]} == dict.fromkeys(STOPPING[label], DOES[label])


def test_after_a_stop_nothing_un_stops_but_start_t14_r29(desk, case):
    with desk.work(SYSTEM) as work:
        optouts.opt_out(work, case, NUMBER, "worker")
    forward(desk.clock, minutes=1)
    others = [*STOPPING["nothing"], "yes", "HOUR 10", "PAUSE", "ALLMSG", "text me again please"]
    assert {body: outcome(desk, case, body)[0] for body in others} == dict.fromkeys(others, True)
    assert {outcome(desk, case, body)[0] for body in STOPPING["start"]} == {False}


def test_stop_and_start_over_and_over_ask_for_one_call_at_a_time_and_the_timeline_says_so_r30(desk, case):
    def say(*bodies):
        for body in bodies:
            hear(desk, body)
            forward(desk.clock, minutes=1)
        open_ = rows(desk, Task, status=TaskStatus.OPEN)
        return [(task.subject_id, task.due_at) for task in open_ if task.kind in ABOUT]

    ((first, due),) = say("STOP")
    asked = say("START", "STOP", "START", "STOP")
    lines = rows(desk, OptOut)
    assert (first, asked) == (lines[0].id, [(lines[-1].id, due)])  # about what was said last, and due no later
    assert len(rows(desk, AuditRow, name="checkin.call_still_to_make")) == 2
    with desk.work(SYSTEM) as work:
        for task in work.session.exec(select(Task).where(Task.kind == errands.OPTED_OUT.kind)):
            tasks.close(work, task, "spoken_to")
    assert len(say("START", "STOP")) == 1  # they were rung, and stopped texts again: another call
    assert max(rows(desk, OptOut), key=lambda line: line.at).out
    assert [text.template for text in texts(desk, case)].count("stop_confirmation") == 3  # it may be a machine (R26)


def test_who_says_start_is_told_that_it_holds_however_much_they_asked_before_r26_r29(desk, case):
    for body in (*["ALLMSG"] * 4, "STOP", "START"):
        hear(desk, body)
        forward(desk.clock, seconds=1)
    answers = [text.template for text in texts(desk, case)]
    assert answers.count("hours_reply") <= 3
    assert answers[-2:] == ["stop_confirmation", "start_confirmation"]


def test_words_of_a_stop_are_kept_and_a_stop_twice_is_one_line_r27(desk, case):
    with desk.work(SYSTEM) as work:
        for body in ("STOP!", "stop"):
            inbound.store(work, {"MessageSid": uuid4().hex, "From": NUMBER, "To": "+441632960000", "Body": body})
            inbound.settle_number(work, NUMBER)
        lines = work.session.exec(select(OptOut)).all()
        assert [(line.verbatim, line.source, line.out) for line in lines] == [("STOP!", "sms", True)]
        assert len(work.session.exec(select(TextReceived)).all()) == 2


@pytest.mark.parametrize("holder", [True, False], ids=["a person's", "nobody's"])
def test_a_stop_after_the_clock_was_put_back_holds_and_so_does_the_start_after_it_t13(desk, case, holder):
    """The ledger goes by what was said last, whatever the clock said then."""

    def say(body):
        with desk.work(SYSTEM) as work:
            number = NUMBER if holder else STRANGE
            inbound.store(work, {"MessageSid": uuid4().hex, "From": number, "To": "+441632960000", "Body": body})
            inbound.settle_number(work, number)
            return optouts.opted_out(work, case, number), [
                facts.opted_out for facts in facts_about(work, [Asking(case, number, Purpose.CHECKIN)])
            ]

    assert say("STOP") == (True, [True])
    forward(desk.clock, hours=1)
    assert say("START") == (False, [False])
    forward(desk.clock, minutes=-30)
    assert say("STOP") == (True, [True])
    forward(desk.clock, minutes=-5)
    assert say("START") == (False, [False])
    forward(desk.clock, minutes=-5)
    assert say("STOP") == (True, [True])
