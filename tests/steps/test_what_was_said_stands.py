"""What a person said by text is seen to: not dropped with a plan, not left by one worker, not hidden, not read elsewhere."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlmodel import select

from tests.support.texting import NUMBER, dispatch, forward, gateway_of, reachable, release, texted, texts
from throughcare.casework import custody, worklist
from throughcare.casework.forms_custody import Death, Recall
from throughcare.casework.people import Case
from throughcare.casework.rows import Task, TaskStatus
from throughcare.casework.worklist import WorkQuery
from throughcare.checkin import actions, errands, inbound, optouts, overdue, receipts, sending
from throughcare.checkin.forms import EndPlan, EndWhy, InboxQuery, Place
from throughcare.checkin.inbox import inbox
from throughcare.checkin.planning import plan_texts
from throughcare.checkin.rows import FAILED, CheckinPlan, CheckinPrompt, InboundText
from throughcare.checkin.sending import Answer
from throughcare.kernel.actors import SYSTEM
from throughcare.kernel.delivery import Delivery
from throughcare.kernel.outbox import OutboxRow
from throughcare.kernel.refusals import NotPermitted

CRISIS = "I want to end it"


@pytest.fixture
def case_id(desk, world):
    return texted(desk, world)


def hear(desk, body):
    forward(desk.clock, seconds=1)
    with desk.work(SYSTEM) as work:
        inbound.store(work, {"MessageSid": uuid4().hex, "From": NUMBER, "To": "+441632960000", "Body": body})
        inbound.settle_number(work, NUMBER)


def on_list_of(desk, actor):
    with desk.work(actor) as work:
        mine = worklist.my_work(work, WorkQuery())
    return [item.words for item in (*mine.overdue, *mine.today, *mine.soon)]


def still_open(desk):
    with desk.work(SYSTEM) as work:
        return set(work.session.exec(select(Task.kind).where(Task.status == TaskStatus.OPEN)))


def end_the_plan(desk, world, case_id):
    with desk.work(world.other_officer) as work:
        actions.end(work, case_id, EndPlan(because=EndWhy.FINISHED))


def recall(desk, world, case_id):
    with desk.work(world.officer) as work:
        custody.recall(work, case_id, Recall(prison_id=world.agencies["prison"], received_on=work.today))


def die(desk, world, case_id):
    with desk.work(world.officer) as work:
        custody.record_death(work, case_id, Death(died_on=work.today))


@pytest.mark.parametrize(
    ("ends", "said", "stands"),
    [
        (end_the_plan, CRISIS, True),
        (end_the_plan, "call", True),
        (end_the_plan, "1", True),
        (recall, CRISIS, True),
        (recall, "call", False),
        (die, CRISIS, False),
    ],
)
def test_what_they_said_is_still_to_be_seen_to_when_check_ins_end(desk, world, case_id, ends, said, stands):
    hear(desk, said)
    asked = {errands.CRISIS.kind, errands.CALL_ASKED.kind, errands.LOW_SCORE.kind}
    assert still_open(desk) & asked
    forward(desk.clock, seconds=1)
    ends(desk, world, case_id)
    assert bool(still_open(desk) & asked) is stands


def test_calls_in_place_of_texts_that_nobody_makes_reach_the_manager_once(desk, world):
    case_id = world.case()
    reachable(desk, case_id, consent=False)
    release(desk, case_id)
    for _ in range(6):
        forward(desk.clock, days=1)
        with desk.work(SYSTEM) as work:
            plan_texts(work)
            overdue.escalate(work)
    assert on_list_of(desk, world.officer).count(errands.CALL.words) > 1
    assert on_list_of(desk, world.prison_manager).count(errands.MANAGER.words) == 1


def test_somebody_who_stopped_the_texts_and_was_not_called_reaches_the_manager(desk, world, case_id):
    hear(desk, "STOP")
    with desk.work(SYSTEM) as work:
        overdue.escalate(work)
    assert errands.MANAGER.words not in on_list_of(desk, world.prison_manager)
    forward(desk.clock, days=1)
    with desk.work(SYSTEM) as work:
        overdue.escalate(work)
    assert errands.MANAGER.words in on_list_of(desk, world.prison_manager)


def test_a_ladder_that_still_climbs_reaches_the_manager_in_its_own_time(desk, world, case_id):
    with desk.work(SYSTEM) as work:
        plan = work.session.exec(select(CheckinPlan)).one()
        prompt = work.add(
            CheckinPrompt(
                case_id=case_id, plan_id=plan.id, step="x", day=1, on=work.today, not_before=work.now,
                expires_at=work.now, look_at=work.now + timedelta(days=3),
            )
        )  # fmt: skip
        errands.alert(work, errands.CALL, case_id, prompt.id, work.now)
    forward(desk.clock, hours=1)
    with desk.work(SYSTEM) as work:
        overdue.escalate(work)
    assert errands.MANAGER.kind not in still_open(desk)


def test_what_is_urgent_is_never_hidden_behind_what_is_late(desk, world, case_id):
    with desk.work(SYSTEM) as work:
        for number in range(worklist.SHOWN + 1):
            late = {"due_at": work.now - timedelta(days=2), "worker_id": world.officer.id}
            whose = {"agency_id": world.agencies["prison"], "case_id": case_id, "subject_id": case_id}
            work.add(Task(key=f"late {number}", kind=errands.READ.kind, **whose, **late))
    hear(desk, CRISIS)
    assert errands.CRISIS.words in on_list_of(desk, world.officer)


def test_a_text_known_late_to_be_taken_is_not_sent_again(desk, case_id):
    hear(desk, "call")
    with desk.work(SYSTEM) as work:
        ids = sending.claim(work, "a", 5)
    with desk.work(SYSTEM) as work:
        sending.complete(work, [Answer(ids[0], sid="SM1")])
    with desk.work(SYSTEM) as work:
        assert ids[0] not in {going.id for going in sending.begin(work, ids, "a")}
        assert work.session.get_one(OutboxRow, ids[0]).state is Delivery.ACCEPTED


def test_a_stranger_with_their_phone_does_not_break_their_silence(desk, world, case_id):
    forward(desk.clock, hours=26)
    with desk.work(SYSTEM) as work:
        plan_texts(work)
    dispatch(desk, gateway_of(desk))
    asked = [text for text in texts(desk, case_id) if text.template == "checkin_question"][-1]
    with desk.work(SYSTEM) as work:
        receipts.arrive(work, asked.id, "delivered")
    hear(desk, "wrong number")
    hear(desk, "lol ok")
    with desk.work(SYSTEM) as work:
        prompt = work.session.exec(select(CheckinPrompt).where(CheckinPrompt.message_id == asked.id)).one()
        assert (prompt.contact_at, prompt.answered_at) == (None, None)


@pytest.fixture
def unsettled(desk, world, case_id):
    """A text of somebody's that could not be worked, in a case that a provider owns."""
    with desk.work(SYSTEM) as work:
        case = work.session.get_one(Case, case_id)
        case.owner_agency_id, case.owner_team_id = world.agencies["provider"], world.teams["provider"]
        case.owner_worker_id, case.officer_id = world.provider.id, None
        work.session.add(case)
        text = InboundText(
            sid="SM2", from_number=NUMBER, to_number="+441632960000", body="About my scan", received_at=work.now,
            tries=5, fate=FAILED, settled_at=work.now,
        )  # fmt: skip
        return work.add(text).id


def read_by(desk, actor):
    with desk.work(actor) as work:
        return [text.text for text in inbox(work, InboxQuery()).unplaced]


def test_a_text_of_somebodys_is_read_by_the_managers_of_those_who_answer_for_them(desk, world, unsettled):
    assert read_by(desk, world.provider_manager) == ["About my scan"]
    assert read_by(desk, world.prison_manager) == []


def test_nor_is_it_placed_by_a_manager_elsewhere(desk, world, case_id, unsettled):
    with pytest.raises(NotPermitted), desk.work(world.prison_manager) as work:
        actions.place(work, unsettled, Place(case_id=case_id))
    with desk.work(SYSTEM) as work:
        assert not optouts.opted_out(work, case_id, NUMBER)
