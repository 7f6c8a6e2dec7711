"""Whoever changes the journal or the moves of a text behind the service's back is found out, and where (R51)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import count
from typing import ClassVar
from uuid import UUID, uuid4

import pytest
from sqlalchemy import delete, event, insert, select, update

from config import commands, looking
from integrations.witness_file import FileWitness
from throughcare.kernel import checkpoints
from throughcare.kernel.actors import SYSTEM
from throughcare.kernel.audit import AuditRow, Event
from throughcare.kernel.checkpoints import Checkpoint, seal_journal
from throughcare.kernel.delivery import Delivery
from throughcare.kernel.marking import first_id, id_at, unpacked
from throughcare.kernel.moves import EVENTS, Moved, record
from throughcare.kernel.ports import Witnessing
from throughcare.kernel.reference import Reference
from throughcare.kernel.sealing import Safe
from throughcare.kernel.verifying import broken
from throughcare.kernel.work import JOURNAL

MINUTE = timedelta(minutes=1)


class Happened(Event):
    name: ClassVar[str] = "case.tested"
    count: int
    share: float = 0.5
    where: str = "Ynys Môn"


@pytest.fixture
def witness(tmp_path):
    return FileWitness(tmp_path / "outside" / "journal.txt")


@pytest.fixture
def desk(desk, witness):
    return replace(desk, reference=Reference({**desk.reference.held, Witnessing: Witnessing(witness)}))


def happen(desk, times=3):
    """Some lines of each kind, and a minute."""
    with desk.work(SYSTEM) as work:
        for number in range(times):
            work.record(Happened(subject_id=uuid4(), count=number))
        moves = [Moved(uuid4(), Delivery.PLANNED, Delivery.CLAIMED) for _ in range(times)]
        record(work.session, moves, work.now)
    desk.clock.forward(MINUTE)


def seal(desk):
    with desk.work(SYSTEM) as work:
        return seal_journal(work)


def verify(desk, newest=None):
    with desk.work(SYSTEM) as work:
        return broken(work, newest)


def lived(desk, rounds=4):
    """Some minutes of work, each sealed; the last round tells the witness of the one before."""
    for _ in range(rounds):
        happen(desk)
        assert seal(desk)
    desk.clock.forward(MINUTE)
    seal(desk)


def tamper(engine, statement):
    with engine.begin() as connection:
        return connection.execute(statement)


def some(engine, table, number=5):
    with engine.connect() as connection:
        return connection.scalars(select(table.c.id).order_by(table.c.id)).all()[number]


BOTH = pytest.mark.parametrize("table", [JOURNAL, EVENTS], ids=str)


def test_an_untouched_journal_is_as_it_was_written(desk, world):
    lived(desk)
    happen(desk)  # and what is not sealed yet is no fault
    assert verify(desk) == verify(desk, newest=2) == ""


def test_the_commands_say_whether_it_is_and_where_not(desk, engine, monkeypatch, capsys):
    monkeypatch.setattr(looking, "at_head", lambda _: True)
    monkeypatch.setattr(commands, "_opened", lambda: (None, desk))
    lived(desk)
    assert not any("journal" in said for said in looking.looked_at(desk))
    assert commands.audit_verify(None) == 0
    line = some(engine, JOURNAL)
    tamper(engine, delete(JOURNAL).where(JOURNAL.c.id == line))
    assert any("journal is not as it was written" in said for said in looking.looked_at(desk))
    assert commands.audit_verify(None) == 1
    assert str(line) in capsys.readouterr().out


def test_nothing_new_makes_no_checkpoint(desk):
    lived(desk, 1)
    assert seal(desk) == 0


@BOTH
def test_a_changed_line_is_named(desk, engine, table):
    lived(desk)
    line = some(engine, table)
    changed = {"name": "case.forged"} if table is JOURNAL else {"new": "delivered"}
    tamper(engine, update(table).where(table.c.id == line).values(changed))
    assert verify(desk).startswith(f"Line {line} of {table.name}, sealed by checkpoint")
    assert "was changed" in verify(desk)


def test_a_changed_body_is_named(desk, engine):
    lived(desk)
    line = some(engine, JOURNAL)
    tamper(engine, update(AuditRow).where(AuditRow.id == line).values(body={"count": 9}))
    assert str(line) in verify(desk)


@BOTH
def test_a_line_taken_out_of_the_middle_is_named(desk, engine, table):
    lived(desk)
    line = some(engine, table)
    tamper(engine, delete(table).where(table.c.id == line))
    assert verify(desk).startswith(f"Line {line} of {table.name}, sealed by checkpoint")
    assert "is missing" in verify(desk)


@BOTH
@pytest.mark.parametrize("ago", [timedelta(0), timedelta(days=400)], ids=["new", "old"])
def test_a_line_put_in_is_named_and_never_sealed_as_ours(desk, engine, table, ago):
    """Even where its mark was copied from another line."""
    lived(desk)
    with engine.connect() as connection:
        row = dict(connection.execute(select(table).limit(1)).mappings().one())
    forged = id_at(desk.clock.now() - ago)
    tamper(engine, insert(table).values(row | {"id": forged}))
    assert f"Line {forged} of {table.name}" in verify(desk)
    desk.clock.forward(MINUTE)
    assert seal(desk) == 0
    assert f"Line {forged} of {table.name}" in verify(desk)


def test_a_line_made_out_to_be_from_before_there_were_marks_is_counted(desk, engine):
    lived(desk)
    with engine.connect() as connection:
        row = dict(connection.execute(select(JOURNAL).limit(1)).mappings().one())
    tamper(engine, insert(JOURNAL).values(row | {"id": uuid4(), "mark": ""}))
    assert "without a mark" in verify(desk)


def test_lines_from_before_there_were_marks_are_no_fault(desk, engine):
    happen(desk)
    tamper(engine, update(JOURNAL).values(mark=""))
    lived(desk)
    assert verify(desk) == ""


def cut(engine, since):
    """As somebody would who may write anything in the database: the newest lines and their checkpoints, all of them."""
    tamper(engine, delete(Checkpoint).where(Checkpoint.at >= since))
    for table in (JOURNAL, EVENTS):
        tamper(engine, delete(table).where(table.c.at >= since - MINUTE))


def test_cutting_off_the_newest_end_is_found_by_what_was_written_outside(desk, engine):
    lived(desk)
    cut(engine, desk.clock.now() - 2 * MINUTE)
    found = "Checkpoint 3 was written outside the database and is not in it: the newest lines were cut off."
    assert verify(desk) == found


def test_the_twin_without_a_witness_does_not_see_that_its_end_was_cut_off(desk, engine):
    """The broken twin: a chain whose newest end is gone is still a chain."""
    lived(desk)
    cut(engine, desk.clock.now() - 2 * MINUTE)
    twin = replace(desk, reference=Reference({**desk.reference.held, Witnessing: Witnessing(None)}))
    assert verify(twin) == ""


def test_a_chain_made_anew_without_the_key_is_found(desk, engine):
    """Whoever takes a line out and reckons everything again cannot make the seal."""
    lived(desk)
    line = some(engine, JOURNAL, -1)
    tamper(engine, delete(JOURNAL).where(JOURNAL.c.id == line))
    stranger = replace(
        desk, reference=Reference({**desk.reference.held, Safe: Safe(["the stranger's own key " + "x" * 20])})
    )
    tamper(engine, delete(Checkpoint))
    seal(stranger)
    desk = replace(desk)  # our own keys again
    assert verify(desk)


@pytest.mark.parametrize("column", ["digest", "chain", "before", "seal", "unmarked"])
def test_a_changed_checkpoint_is_found(desk, engine, column):
    lived(desk)
    no, junk = (
        (4 if column == "seal" else 2),
        (7 if column == "unmarked" else "0" * 64),
    )  # an old seal may be of an old key
    tamper(engine, update(Checkpoint).where(Checkpoint.no == no).values({column: junk}))
    assert f"heckpoint {no}" in verify(desk)


def test_a_checkpoint_taken_out_is_named(desk, engine):
    lived(desk)
    tamper(engine, delete(Checkpoint).where(Checkpoint.no == 2))
    assert verify(desk) == "Checkpoint 2 is missing."


def test_a_line_committed_late_is_no_false_alarm_and_is_sealed_then(desk, engine):
    """A long transaction began before a checkpoint and is committed after it: its lines bear the time of its beginning."""
    happen(desk)
    began = desk.clock.now()
    desk.clock.forward(10 * MINUTE)
    happen(desk)
    seal(desk)
    now, desk.clock.at = desk.clock.now(), began
    happen(desk, 1)
    desk.clock.at = now
    assert verify(desk) == ""
    assert seal(desk) == 2
    assert verify(desk) == ""


def verify_while(desk, meanwhile, at):
    """Verify, and before the statement `at` do what another process does and commits; how many statements there were."""
    asked, said = count(), []
    with desk.work(SYSTEM) as work:

        def watch(*_):
            if next(asked) == at:
                meanwhile(work)

        connection = work.session.connection()
        event.listen(connection, "before_cursor_execute", watch)
        said.append(broken(work))
        event.remove(connection, "before_cursor_execute", watch)
    assert said == [""]
    return next(asked)


@pytest.mark.parametrize("sealing", [False, True], ids=["written", "written and sealed"])
def test_what_is_committed_between_two_statements_of_the_verification_is_no_alarm(desk, sealing):
    """As on PostgreSQL, where each statement sees what was committed before it, while the service goes on."""

    def meanwhile(work):
        work.record(Happened(subject_id=uuid4(), count=0))
        record(work.session, [Moved(uuid4(), Delivery.PLANNED, Delivery.CLAIMED)], work.now)
        work.session.flush()
        if sealing:
            seal_journal(work)

    lived(desk, 1)
    happen(desk)
    statements = verify_while(desk, meanwhile, None)
    assert statements > 10
    for at in range(statements):
        verify_while(desk, meanwhile, at)


@pytest.mark.parametrize("before", [0, 1], ids=["from the first", "after some"])
def test_much_that_waited_for_days_is_sealed_a_part_at_a_time_with_nothing_left_out(desk, monkeypatch, before):
    """As when no scheduler ran: what the first part leaves is older than the hour that a late line is looked for."""
    lived(desk, before)
    monkeypatch.setattr(checkpoints, "MOST", 2)
    monkeypatch.setattr(checkpoints, "AT_ONCE", 2)
    for _ in range(4):
        happen(desk)
        desk.clock.forward(timedelta(days=1))
    parts = []
    while part := seal(desk):
        parts.append(part)
        desk.clock.forward(MINUTE)
    assert sum(parts) == 24
    assert len(parts) > 2
    assert verify(desk) == ""


def test_a_clock_that_steps_back_leaves_no_line_out(desk):
    lived(desk)
    desk.clock.forward(-timedelta(hours=2))
    happen(desk)
    assert seal(desk) == 6
    assert verify(desk) == ""


def sealed_lines(desk, table):
    with desk.work(SYSTEM) as work:
        packs = work.session.scalars(select(getattr(Checkpoint, table.name))).all()
        return [line for pack in packs for line in unpacked(pack)]


def test_lines_of_a_clock_that_is_ahead_are_sealed_once_and_when_their_time_has_come(desk, engine):
    """Sealed at once, they would be sealed again when the hours in which late lines are looked for have passed."""
    ahead = timedelta(hours=4)
    lived(desk, 1)
    desk.clock.forward(ahead)
    happen(desk)
    desk.clock.forward(-ahead)
    for _ in range(7):
        happen(desk, 1)
        seal(desk)
        desk.clock.forward(timedelta(hours=1))
    assert verify(desk) == ""
    for table in (JOURNAL, EVENTS):
        lines = sealed_lines(desk, table)
        assert len(lines) == len(set(lines)) == 3 + 3 + 7
    forged = id_at(desk.clock.now() + ahead)
    tamper(engine, update(EVENTS).where(EVENTS.c.id == lines[0]).values(id=forged))
    assert verify(desk)  # however far ahead


def plan(engine, statement, told):
    """How the database would look for it, had it many."""
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        how = "EXPLAIN " if engine.dialect.name == "postgresql" else "EXPLAIN QUERY PLAN "
        return str(connection.exec_driver_sql(how + statement, told).all())


@BOTH
def test_a_round_reads_no_line_from_before_there_were_marks_however_many_there_are(desk, engine, table):
    """Their ids begin with anything: most of them are after every one that a clock gives."""
    lived(desk, 1)
    said = []

    def watch(_, __, sql, told, *___):
        said.append((sql, told))

    event.listen(engine, "before_cursor_execute", watch)
    with desk.work(SYSTEM) as work:
        checkpoints.unsealed_ids(work, table, checkpoints._last(work), 10)
        checkpoints.unmarked(work.session.connection())
    event.remove(engine, "before_cursor_execute", watch)
    ours = [one for one in said if f"FROM {table.name}" in one[0]]
    marked = [sql for sql, _ in ours if "mark <> ''" in sql]
    assert len(marked) == 2
    assert all(f"{table.name}.id <" in sql for sql in marked)
    (counted,) = [one for one in ours if "mark = ''" in one[0]]
    assert f"ix_{table.name}_unmarked" in plan(engine, *counted)


def test_with_a_new_key_old_checkpoints_hold_by_those_after_them(desk, engine):
    held = desk.reference.held
    lived(desk)
    renewed = replace(desk, reference=Reference({**held, Safe: Safe(["a newer key " + "n" * 40])}))
    happen(renewed)
    assert seal(renewed)
    assert verify(renewed) == ""
    line = some(engine, EVENTS)
    tamper(engine, delete(EVENTS).where(EVENTS.c.id == line))
    assert str(line) in verify(renewed)
    replace(desk)


def test_the_witness_is_told_of_what_is_committed_and_forgets_half_a_line(desk, witness):
    happen(desk)
    seal(desk)
    assert witness.kept() == {}  # this round's may yet be taken back
    desk.clock.forward(MINUTE)
    seal(desk)
    assert list(witness.kept()) == [1]
    with witness.path.open("a") as file:
        file.write("2 abc")
    assert list(witness.kept()) == [1]
    assert witness.last() == 1


def test_ids_of_lines_begin_with_their_time(desk):
    now = desk.clock.now()
    made = [id_at(now + n * timedelta(milliseconds=1)) for n in range(50)]
    assert made == sorted(made)
    assert first_id(now) <= made[0] < first_id(now + MINUTE)
    assert {each.version for each in made} == {7}
    assert first_id(desk.clock.now() - timedelta(days=40_000)) == UUID(int=0)
