"""Words are gone when their time is over: here, at the provider, on the disk, and they were never in a log (R36, T23)."""

from __future__ import annotations

import asyncio
import io
import logging
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
import structlog
from sqlalchemy import String, select, type_coerce, update

from config.bootstrap import toml
from config.logging import set_up_logging
from integrations.spool import FileSpool
from scheduler.dispatch import Dispatcher
from scheduler.redacting import redact
from tests.support.texting import NUMBER, answered, dispatch, forward, gateway_of, reachable, texted, texts
from throughcare.casework import holds, tasks
from throughcare.casework.holds import Hold, HoldReason, Lift
from throughcare.casework.people import Case
from throughcare.casework.rows import Task
from throughcare.checkin import blanking, errands, inbound, receipts, redacting, strangers
from throughcare.checkin.blanking import WordsBlanked, blank_old
from throughcare.checkin.redacting import CopiesBlanked
from throughcare.checkin.retention import Retention, Words, retention_from
from throughcare.checkin.rows import InboundText, TextReceived
from throughcare.checkin.unplaced import ABOUT_ONE
from throughcare.kernel.actors import SYSTEM
from throughcare.kernel.audit import AuditRow
from throughcare.kernel.delivery import Delivery, Purpose
from throughcare.kernel.outbox import Message, OutboxRow, send
from throughcare.kernel.ports import Said
from throughcare.kernel.refusals import NotPermitted, Refusal
from throughcare.kernel.resealing import sealed_columns
from throughcare.kernel.sealing import Safe
from throughcare.web.pages.checkins import ThreadQuery, shown

CANARY = "canary-5d1e"
SHARED, STRANGE = "+447700900124", "+447700900125"


@pytest.fixture
def case(desk, world):
    return texted(desk, world)


@pytest.fixture
def logged():
    """Everything the service's own logging writes while the test runs, as it does when it serves."""
    root, heard = logging.getLogger(), io.StringIO()
    before, level, configured = root.handlers[:], root.level, structlog.get_config()
    set_up_logging("DEBUG")
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(heard))
    root.handlers[0].setStream(heard)
    yield heard.getvalue
    structlog.configure(**configured)
    root.handlers[:] = before
    root.setLevel(level)


def write(desk, case, words, purpose=Purpose.REPLY, template="staff_message"):
    with desk.work(SYSTEM) as work:
        return send(work, Message(
            key=uuid4().hex, case_id=case, to=NUMBER, purpose=purpose, template=template, language="en", text=words,
            not_before=work.now, expires_at=work.now + timedelta(hours=6),
        )).id  # fmt: skip


def hear(desk, words, number=NUMBER):
    forward(desk.clock, seconds=1)
    with desk.work(SYSTEM) as work:
        sid = f"SM{uuid4().hex}"
        inbound.store(work, {"MessageSid": sid, "From": number, "To": "+441632960000", "Body": words})
        inbound.settle_number(work, number)
    return sid


def deliver(desk, gateway):
    dispatch(desk, gateway, rounds=3)
    with desk.work(SYSTEM) as work:
        for text in texts(desk):
            if text.state is Delivery.ACCEPTED:
                gateway.settle(text.sid, "delivered")
                receipts.arrive(work, text.id, "delivered")


def blank(desk):
    with desk.work(SYSTEM) as work:
        return blank_old(work)


def words_left(desk):
    """Every sealed value there is, opened."""
    with desk.work(SYSTEM) as work:
        connection = work.session.connection()
        return [words for column in sealed_columns() for words in connection.scalars(select(column)) if words]


def read_all(desk):
    with desk.work(SYSTEM) as work:
        for text in work.session.scalars(select(TextReceived)):
            text.read_at = work.now
            work.session.add(text)
        for task in work.session.scalars(select(Task).where(Task.kind.in_(ABOUT_ONE))):
            tasks.close(work, task)


def close(desk, case):
    with desk.work(SYSTEM) as work:
        work.session.get_one(Case, case).closed_at = work.now


def a_life_of_texts(desk, world, case, gateway):
    """Words of every kind: written, answered, grave, from a shared number, from nobody's, and a stop."""
    for _ in range(2):
        reachable(desk, world.case(), SHARED)
    for purpose in (Purpose.REPLY, Purpose.SAFETY):
        write(desk, case, f"{CANARY} written", purpose)
    deliver(desk, gateway)
    hear(desk, f"{CANARY} I feel ok")
    hear(desk, f"{CANARY} I want to kill myself")
    hear(desk, f"{CANARY} who are you", SHARED)
    hear(desk, f"{CANARY} hello", STRANGE)
    hear(desk, "STOP")
    deliver(desk, gateway)
    read_all(desk)


def test_no_word_outlives_its_time_here_or_at_the_provider_t23(desk, world, case, clock, logged):
    gateway = gateway_of(desk)
    a_life_of_texts(desk, world, case, gateway)
    assert sum(CANARY in words for words in words_left(desk)) == 6
    forward(clock, days=2)
    asyncio.run(redact(Dispatcher(desk, gateway).in_work, gateway))
    assert [found.text for found in gateway.taken.values() if found.text] == []
    forward(clock, days=87)
    assert blank(desk) == 0  # the last day of ninety is not over
    forward(clock, days=2)
    blank(desk)
    assert [words for words in words_left(desk) if CANARY in words] == [f"{CANARY} I want to kill myself"]
    close(desk, case)
    forward(clock, days=366)
    blank(desk)
    assert words_left(desk) == []
    kept = logged()
    assert "kill" not in kept
    assert CANARY not in kept
    assert not any(number in kept for number in (NUMBER, SHARED, STRANGE))


def test_nothing_of_it_is_in_the_database_in_clear_even_before_t23(desk, engine, world, case):
    a_life_of_texts(desk, world, case, gateway_of(desk))
    with engine.connect() as connection:
        for table in OutboxRow.metadata.sorted_tables:
            rows = connection.execute(select(*(type_coerce(column, String) for column in table.columns))).all()
            assert CANARY not in repr(rows), table.name
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            path = connection.exec_driver_sql("PRAGMA database_list").all()[0][2]
        for ending in ("", "-wal"):
            with open(f"{path}{ending}", "rb") as file:  # noqa: PTH123 - a name with an ending
                assert CANARY.encode() not in file.read()


def test_what_goes_wrong_on_the_way_puts_no_word_and_no_number_in_a_log_t23(desk, case, tmp_path, logged, monkeypatch):
    """A text that cannot be settled, one that cannot be sent, and one kept on the disk, sealed there too."""
    monkeypatch.setattr("throughcare.checkin.inbound._settle", lambda *_: 1 / 0)
    spool = FileSpool(tmp_path / "spool", desk.reference[Safe])
    fields = {"MessageSid": "SM1", "From": NUMBER, "To": "+441632960000", "Body": CANARY}
    answered(desk, spool, Said(desk.clock.now(), fields))
    spool.keep(Said(desk.clock.now(), fields | {"MessageSid": "SM2"}))
    write(desk, case, CANARY)
    gateway = gateway_of(desk, script=["hang", "error_after"])
    monkeypatch.setattr(gateway, "search", lambda *_: 1 / 0)
    dispatch(desk, gateway, rounds=2)
    kept = logged()
    assert "ZeroDivisionError" in kept  # with the check that something is logged at all
    assert CANARY not in kept
    assert NUMBER not in kept
    [file] = (tmp_path / "spool").iterdir()
    assert CANARY not in file.read_text("utf-8")
    assert NUMBER not in file.read_text("utf-8")


def test_only_the_words_go(desk, case, clock):
    gateway = gateway_of(desk)
    message = write(desk, case, CANARY)
    deliver(desk, gateway)
    hear(desk, f"{CANARY} 4")
    read_all(desk)
    forward(clock, days=92)
    blank(desk)
    with desk.work(SYSTEM) as work:
        row = work.session.get_one(OutboxRow, message)
        text = work.session.scalars(select(TextReceived)).one()
    assert (row.text, row.state, row.to, row.blanked_at) == ("", Delivery.DELIVERED, NUMBER, clock.now())
    assert (text.text, text.kind is not None, text.blanked_at) == ("", True, clock.now())


def test_a_worker_reads_since_when_words_are_no_longer_kept(desk, world, case, clock):
    write(desk, case, CANARY)
    deliver(desk, gateway_of(desk))
    forward(clock, days=92)
    blank(desk)
    with desk.work(world.officer) as work:
        thread = shown(work, {"case_id": case}, ThreadQuery()).thread
    assert {message.text for message in thread} == {"Words no longer kept (since 20 February 2027)"}


@pytest.mark.parametrize("state", [Delivery.PLANNED, Delivery.AMBIGUOUS, Delivery.ACCEPTED])
def test_what_may_still_be_sent_or_looked_for_keeps_its_words(desk, case, clock, state):
    message = write(desk, case, CANARY)
    with desk.work(SYSTEM) as work:
        work.session.connection().execute(update(OutboxRow).values(state=state))
    forward(clock, days=400)
    blank(desk)
    with desk.work(SYSTEM) as work:
        assert work.session.get_one(OutboxRow, message).text == CANARY


def test_what_nobody_has_read_is_kept_until_it_is(desk, case, clock):
    hear(desk, f"{CANARY} can you tell my mum")
    forward(clock, days=92)
    assert blank(desk) == 0
    read_all(desk)
    assert blank(desk) == 1


def test_a_text_that_nobody_has_placed_or_looked_at_is_kept_and_asked_about_until_somebody_has(
    desk, world, case, clock, monkeypatch
):
    monkeypatch.setattr(strangers, "MOST_WAITING", 1)
    for _ in range(2):
        reachable(desk, world.case(), SHARED)
    hear(desk, f"{CANARY} shared", SHARED)
    for _ in range(2):  # more than are put on anybody's list at once
        hear(desk, f"{CANARY} strange", STRANGE)
    for _ in range(2):
        forward(clock, days=92)
        assert blank(desk) == 0
    with desk.work(SYSTEM) as work:
        about = select(Task).where(Task.kind == errands.LONG_UNREAD.kind)
        told = {(task.key, task.urgent, task.role) for task in work.session.scalars(about)}
    assert len(told) == 2  # once a week, while it is so
    read_all(desk)
    assert blank(desk) == 3


def test_a_case_on_hold_keeps_its_words_until_the_hold_is_lifted(desk, world, case, clock):
    write(desk, case, CANARY)
    deliver(desk, gateway_of(desk))
    with desk.work(world.privacy) as work:
        holds.place(work, case, Hold(because=HoldReason.INQUEST))
    forward(clock, days=400)
    assert blank(desk) == 0
    with desk.work(world.prison_manager) as work:
        assert holds.held(work, case).because is HoldReason.INQUEST
        holds.lift(work, case, Lift())
    assert blank(desk) >= 1


def test_a_hold_keeps_what_came_from_their_number_and_was_placed_with_nobody(desk, world, case, clock):
    """From a number that two people have: the words may be theirs, and an inquest would ask for them."""
    other = world.case()
    for each in (other, world.case()):
        reachable(desk, each, SHARED)
    hear(desk, f"{CANARY} shared", SHARED)
    hear(desk, f"{CANARY} strange", STRANGE)
    with desk.work(world.privacy) as work:
        holds.place(work, other, Hold(because=HoldReason.INQUEST))
    read_all(desk)
    forward(clock, days=92)
    blank(desk)
    assert [words for words in words_left(desk) if CANARY in words] == [f"{CANARY} shared"]
    with desk.work(world.privacy) as work:
        holds.lift(work, other, Lift())
    blank(desk)
    assert not any(CANARY in words for words in words_left(desk))


def test_a_hold_is_a_privacy_officers_or_a_managers_and_there_is_one(desk, world, case):
    with desk.work(world.officer) as work, pytest.raises(NotPermitted):
        holds.place(work, case, Hold(because=HoldReason.CLAIM))
    with desk.work(world.privacy) as work, pytest.raises(Refusal):
        holds.lift(work, case, Lift())
    with desk.work(world.privacy) as work:
        holds.place(work, case, Hold(because=HoldReason.CLAIM))
        with pytest.raises(Refusal):
            holds.place(work, case, Hold(because=HoldReason.CLAIM))


def test_much_is_blanked_a_part_at_a_time_and_each_part_is_written_down(desk, case, clock, monkeypatch):
    monkeypatch.setattr(blanking, "AT_ONCE", 2)
    for _ in range(5):
        write(desk, case, CANARY)
    with desk.work(SYSTEM) as work:
        work.session.connection().execute(update(OutboxRow).values(state=Delivery.DELIVERED))
    forward(clock, days=92)
    while blank(desk):
        pass
    with desk.work(SYSTEM) as work:
        every = work.session.scalars(select(AuditRow).where(AuditRow.name == WordsBlanked.name))
        proofs = [row for row in every if row.body["kind"] == "reply"]
    assert sorted(row.body["count"] for row in proofs) == [1, 2, 2]
    assert {(row.case_id, row.body["kind"], row.body["table"], row.body["before"]) for row in proofs} == {
        (None, "reply", "outbox", "2026-11-22")
    }


def test_the_index_serves_the_round(desk):
    """So that a service with millions of texts does not read them all again each five minutes."""
    with desk.work(SYSTEM) as work:
        connection = work.session.connection()
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("SET LOCAL enable_seqscan = off")  # the table is empty, so anything would do
        for index, sort in zip(
            ("ix_outbox_words", "ix_text_received_words", "ix_inbound_text_words"), (0, 6, 8), strict=True
        ):
            asked = blanking._due(list(blanking.sorts())[sort], desk.reference[Retention], work.today)
            said = str(asked.compile(connection, compile_kwargs={"literal_binds": True}))
            explain = "EXPLAIN QUERY PLAN" if connection.dialect.name == "sqlite" else "EXPLAIN"
            assert index in str(connection.exec_driver_sql(f"{explain} {said}".replace("%", "%%")).all())


def test_a_copy_still_on_its_way_is_asked_for_again_and_given_to_a_person_in_the_end(desk, world, case, clock):
    """20009 until it has come to rest at the provider; after the time for it, a named list (R36)."""
    gateway = gateway_of(desk)
    write(desk, case, CANARY)
    dispatch(desk, gateway)
    with desk.work(SYSTEM) as work:
        work.session.connection().execute(update(OutboxRow).values(state=Delivery.UNCONFIRMED))
    [sid] = gateway.taken

    def ask():
        return asyncio.run(redact(Dispatcher(desk, gateway).in_work, gateway))

    assert ask() == 0  # not within the first day
    forward(clock, hours=25)
    assert (ask(), ask()) == (1, 0)  # and then not at once again
    assert gateway.taken[sid].text == CANARY
    forward(clock, days=15)
    ask()
    with desk.work(SYSTEM) as work:
        assert [copy.sid for copy in redacting.left(work)] == [sid]
        assert redacting.tell_of_left(work) == 1
        assert work.session.scalars(select(Task).where(Task.kind == "texts_copies_left")).first()


def test_a_copy_is_blanked_as_soon_as_the_provider_lets_us_and_that_is_written_down(desk, case, clock):
    gateway = gateway_of(desk)
    write(desk, case, CANARY)
    deliver(desk, gateway)
    [sid] = gateway.taken
    gateway.settle(sid, "sent")
    forward(clock, hours=25)
    asyncio.run(redact(Dispatcher(desk, gateway).in_work, gateway))
    gateway.settle(sid, "delivered")
    forward(clock, hours=12)
    asyncio.run(redact(Dispatcher(desk, gateway).in_work, gateway))
    assert gateway.taken[sid].text == ""
    with desk.work(SYSTEM) as work:
        [proof] = work.session.scalars(select(AuditRow).where(AuditRow.name == CopiesBlanked.name))
        assert (proof.body, redacting.left(work)) == ({"count": 1, "gone": 0}, [])


def test_what_people_sent_us_is_blanked_at_the_provider_too(desk, case, clock):
    """One of theirs the provider knows of, and one it no longer has, which is as good."""
    gateway = gateway_of(desk)
    known, gone = hear(desk, CANARY), hear(desk, CANARY)
    write(desk, case, CANARY)
    deliver(desk, gateway)
    gateway.taken[known] = replace(next(iter(gateway.taken.values())), sid=known)
    forward(clock, hours=25)
    asyncio.run(redact(Dispatcher(desk, gateway).in_work, gateway))
    assert gateway.taken[known].text == ""
    with desk.work(SYSTEM) as work:
        done = {text.sid: text.redacted_at for text in work.session.scalars(select(InboundText))}
    assert done[known]
    assert done[gone]


def test_a_provider_that_is_away_loses_no_copy(desk, case, clock):
    gateway = gateway_of(desk)
    write(desk, case, CANARY)
    deliver(desk, gateway)
    forward(clock, hours=25)
    gateway.down = True
    assert asyncio.run(redact(Dispatcher(desk, gateway).in_work, gateway)) == 1
    gateway.down = False
    forward(clock, hours=12)
    asyncio.run(redact(Dispatcher(desk, gateway).in_work, gateway))
    assert [found.text for found in gateway.taken.values()] == [""]


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda kinds: kinds.pop("crisis"), "crisis"),
        (lambda kinds: kinds.update(gossip={"days": 1}), "gossip"),
        (lambda kinds: kinds.update(routine={"days": 0}), "routine"),
    ],
)
def test_a_file_that_does_not_rule_on_every_kind_is_refused(spoil, said):
    table = toml("retention.toml")
    spoil(table["kinds"])
    with pytest.raises(ValueError, match=said):
        retention_from(table)


def test_ninety_days_is_what_the_file_says_for_routine_words(reference):
    assert reference[Retention].periods[Words.ROUTINE].days == 90
