"""The check-ins inbox: the gravest first, whoever has it, and nothing lost between two pages (R41, R42, R47)."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlmodel import select

from tests.steps.test_storms import take
from tests.support.asked import came
from tests.support.on_call import CRISIS, alarms, hear, on_call, tick
from tests.support.texting import forward, reachable, texted
from throughcare.casework import access
from throughcare.casework.paging import newest_first, place
from throughcare.casework.rows import Involvement, Task
from throughcare.casework.tasks import About, For, give
from throughcare.casework.telling import NOT_TOLD
from throughcare.checkin import errands, inbox, overdue, unplaced, views
from throughcare.checkin.forms import InboxQuery, Whose
from throughcare.checkin.inbox import inbox as listed
from throughcare.checkin.needs import Need
from throughcare.checkin.replies import Kind
from throughcare.checkin.rows import UNKNOWN, InboundText, TextReceived
from throughcare.disclosure.policy import Basis
from throughcare.kernel.actors import SYSTEM, Role

IN_ORDER = (
    errands.CRISIS, errands.CALL_ASKED, errands.LOW_SCORE, errands.READ, errands.SOFT_STOP, errands.REPAIR,
    errands.CALL, errands.PAUSED,
)  # fmt: skip


@pytest.fixture
def case(world):
    return world.case()


def put(desk, whose, case, what, *, hours=1, subject=None, **more):
    with desk.work(SYSTEM) as work:
        made = give(work, what, whose, About(case, subject or uuid4()), work.now + timedelta(hours=hours), **more)
        assert made
        return made.id


def see(desk, who, **asked):
    with desk.work(who) as work:
        return listed(work, InboxQuery(**asked))


def test_what_is_gravest_comes_first_however_late_the_rest_is(desk, world, case):
    mine = For(world.officer.agency_id, worker_id=world.officer.id)
    for number, what in enumerate(reversed(IN_ORDER)):
        put(desk, mine, case, what, hours=number - 4)
    shown = see(desk, world.officer)
    assert [item.words for item in shown.waiting] == [what.words for what in IN_ORDER]
    assert [each.need for each in shown.counts] == [item.need for item in shown.waiting]
    assert [item.overdue for item in shown.waiting][-4:] == [True] * 4
    assert {item.has_it for item in shown.waiting} == {world.officer.name}


def test_a_late_answer_and_a_shared_phone_that_may_mean_a_crisis_are_told_apart(desk, world, case):
    mine = For(world.officer.agency_id, worker_id=world.officer.id)
    with desk.work(SYSTEM) as work:
        late = work.add(
            TextReceived(
                case_id=case, inbound_id=uuid4(), from_number="+447700900123", text="hm", received_at=work.now,
                kind=Kind.UNCLEAR, late=True, to_read=True,
            )
        ).id  # fmt: skip
    put(desk, mine, case, errands.READ, subject=late)
    put(desk, mine, case, errands.SHARED, urgent=True)
    put(desk, mine, case, errands.SHARED)
    assert [item.need for item in see(desk, world.officer).waiting] == [Need.CRISIS, Need.READ, Need.LATE]


def test_a_list_longer_than_a_page_is_read_to_its_end_and_nothing_twice(desk, world, case, monkeypatch):
    monkeypatch.setattr(inbox, "PAGE", 3)
    mine = For(world.officer.agency_id, worker_id=world.officer.id)
    made = {put(desk, mine, case, IN_ORDER[number % 4], hours=number % 2) for number in range(10)}
    seen, place_ = [], ""
    while True:
        shown = see(desk, world.officer, after=place_)
        assert shown.total == len(made)
        seen += [(item.need, item.due_at) for item in shown.waiting]
        if not shown.later:
            break
        place_ = shown.later
    assert len(seen) == len(made)
    assert seen == sorted(seen, key=lambda line: (list(Need).index(line[0]), line[1]))


def test_what_nobody_has_yet_says_for_whom_it_waits(desk, world, case):
    put(desk, For(world.officer.agency_id, role=Role.OFFICER), case, errands.CALL)
    put(desk, For(world.officer.agency_id, worker_id=world.other_officer.id), case, errands.CALL)
    (mine,) = see(desk, world.officer).waiting
    assert (mine.has_it, mine.mine) == ("Nobody yet: throughcare officer", False)
    everyones = see(desk, world.officer, whose=Whose.AGENCY)
    assert (everyones.total, {choice.label for choice in everyones.workers}) == (2, {world.other_officer.name})
    (theirs,) = see(desk, world.officer, worker=world.other_officer.id).waiting
    assert theirs.has_it == world.other_officer.name
    assert see(desk, world.officer, need=Need.CRISIS).waiting == ()


def test_neither_the_filter_nor_the_order_nor_a_count_tells_what_a_line_may_not(desk, world, case):
    """Of work on a colleague's list about somebody whose texts this reader is not told of."""
    colleague = For(world.officer.agency_id, worker_id=world.other_officer.id)
    hidden = world.case()
    put(desk, colleague, hidden, errands.CRISIS, hours=1)
    put(desk, colleague, case, errands.CALL, hours=9)
    put(desk, For(world.officer.agency_id, worker_id=world.officer.id), hidden, errands.READ, hours=2)
    with desk.work(SYSTEM) as work:
        for held in work.session.exec(select(Involvement).where(Involvement.case_id == hidden)):
            held.until_at = work.now
        access.involve(work, hidden, world.officer.agency_id, Basis.CONSENT, "referred")
    everyones = see(desk, world.officer, whose=Whose.AGENCY)
    assert [(line.words, line.need) for line in everyones.waiting] == [
        (errands.READ.words, Need.READ),  # it is the reader's own to do
        (errands.CALL.words, Need.SILENT),
        (NOT_TOLD, None),
    ]
    assert (everyones.total, [each.need for each in everyones.counts]) == (3, [Need.READ, Need.SILENT])
    for need in Need:
        told = see(desk, world.officer, whose=Whose.AGENCY, need=need).waiting
        assert NOT_TOLD not in {line.words for line in told}, need
    assert len(see(desk, world.officer, whose=Whose.AGENCY, need=Need.SILENT).waiting) == 1


def test_a_manager_comes_in_to_their_teams_and_a_worker_to_their_own(desk, world, case):
    put(desk, For(world.officer.agency_id, worker_id=world.other_officer.id), case, errands.CALL)
    shown = {who: see(desk, getattr(world, who)) for who in ("prison_manager", "officer")}
    assert {who: (page.whose, page.total) for who, page in shown.items()} == {
        "prison_manager": (Whose.TEAM, 1),
        "officer": (Whose.MINE, 0),
    }


def test_texts_nobody_has_placed_are_paged_and_those_that_may_be_a_crisis_come_first(desk, world, monkeypatch):
    monkeypatch.setattr(unplaced, "PAGE", 2)
    with desk.work(SYSTEM) as work:
        rows = [
            work.add(
                InboundText(
                    sid=f"SM{number}", from_number=f"+44770090099{number}", to_number="", body=f"{number}",
                    received_at=work.now + timedelta(minutes=number), fate=UNKNOWN, settled_at=work.now,
                )
            )
            for number in range(5)
        ]  # fmt: skip
        here = For(world.prison_manager.agency_id, role=Role.MANAGER)
        give(work, errands.UNKNOWN, here, About(None, rows[1].id), work.now, urgent=True)
    seen, place_ = [], ""
    while True:
        shown = see(desk, world.prison_manager, before=place_)
        seen += [text.text for text in shown.unplaced]
        if not shown.older:
            break
        place_ = shown.older
    assert seen == ["1", "4", "3", "2", "0"]


@pytest.mark.parametrize("typed", ["", "x", "0~1~2", "2026-11-20T10:00:00~x", "1~~~", "0001-01-01T00:00:00+00:00~x"])
def test_a_place_that_cannot_be_read_is_the_beginning(desk, world, typed):
    put(desk, For(world.officer.agency_id, worker_id=world.officer.id), world.case(), errands.CALL)
    assert len(see(desk, world.officer, after=typed, before=typed).waiting) == 1


def test_two_rows_of_one_instant_are_on_one_page_each(desk, world, case):
    """A place is an instant and what tells rows of one instant apart: by the instant alone the second would be lost."""
    mine = For(world.officer.agency_id, worker_id=world.officer.id)
    ids = sorted((put(desk, mine, case, errands.CALL) for _ in range(4)), reverse=True)
    with desk.work(SYSTEM) as work:
        order = newest_first(Task.created_at, Task.id)
        at = work.session.get_one(Task, ids[0]).created_at
        rest = select(Task.id).where(order.after(place(at, ids[1]))).order_by(*order.columns)
        assert list(work.session.exec(rest)) == ids[2:]


def test_one_crisis_is_one_line_on_however_many_lists_and_of_one_time_wherever_it_stands(desk, world):
    """It was received at 10:00, and worked at 10:04: kept meanwhile, as when the database is away."""
    case = texted(desk, world)
    came_at = desk.clock.at
    on_call(desk, world.other_officer)
    forward(desk.clock, minutes=4)
    came(desk, {"MessageSid": "SM1", "Body": f"{CRISIS} CALL"}, at=came_at)
    forward(desk.clock, minutes=20)
    tick(desk)  # nobody answered: the managers have it too
    forward(desk.clock, hours=3)
    with desk.work(SYSTEM) as work:
        overdue.escalate(work)
    for who in (world.officer, world.prison_manager):
        shown = see(desk, who, whose=Whose.AGENCY)
        (line,) = shown.waiting
        assert (shown.total, [(each.need, each.count) for each in shown.counts]) == (1, [(Need.CRISIS, 1)])
        assert (line.since, line.urgent, line.overdue, line.mine) == (came_at, True, True, who is world.officer)
        people = {world.officer.name, world.other_officer.name}
        assert set(line.has_it.split("; ")) == {*people, "team manager", "team manager, HMP Fallowfield team"}
        assert line.answer_by == alarms(desk)[0].acknowledge_by
    with desk.work(world.officer) as work:
        told = views.checkins(work, case)
    assert {line.since, told.alarms[0].text_at, told.heard[0].received_at, told.unread[0].received_at} == {came_at}
    take(desk, world.officer, alarms(desk)[0])
    hear(desk, CRISIS)
    again, first = sorted(see(desk, world.officer, whose=Whose.AGENCY).waiting, key=lambda line: line.taken_by)
    assert (first.taken_by, first.answer_by, again.taken_by) == (world.officer.name, None, "")
    assert again.since == desk.clock.at


@pytest.mark.on_database(0)
def test_the_line_of_a_storm_says_how_many_and_each_need_keeps_its_own(desk, world):
    texted(desk, world)
    began = desk.clock.at
    for body in ("CALL", "CALL", CRISIS, CRISIS, CRISIS):
        forward(desk.clock, seconds=1)
        hear(desk, body)
    shown = see(desk, world.officer)
    assert [(line.need, line.times, line.last_at) for line in shown.waiting] == [
        (Need.CRISIS, 3, began + timedelta(seconds=5)),
        (Need.CALL, 2, began + timedelta(seconds=2)),
    ]
    assert see(desk, world.officer, need=Need.CALL).waiting == shown.waiting[1:]


@pytest.mark.on_database(0)
def test_of_a_phone_that_two_people_share_each_has_a_line(desk, world):
    texted(desk, world)
    reachable(desk, world.case(given="Sorrel", family="Marsh"))
    hear(desk, CRISIS)
    assert [line.need for line in see(desk, world.officer).waiting] == [Need.CRISIS] * 2
