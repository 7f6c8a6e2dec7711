"""What people said is sealed in the database and opens only with our keys, in its own place (R36, R10)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import String, insert, select, type_coerce, update
from sqlalchemy.exc import StatementError

from config.tables import all_tables
from tests.support.texting import dispatch, forward, gateway_of, reconcile, texted, texts
from throughcare.casework import drafts
from throughcare.casework.drafts import Draft
from throughcare.casework.rows import Task
from throughcare.checkin import errands
from throughcare.checkin.rows import InboundText, OptOut
from throughcare.kernel.actors import SYSTEM
from throughcare.kernel.categories import Category
from throughcare.kernel.database import open_engine
from throughcare.kernel.delivery import Delivery, Purpose
from throughcare.kernel.moves import OUTBOX
from throughcare.kernel.outbox import Message, OutboxRow, send
from throughcare.kernel.reference import Reference
from throughcare.kernel.sealing import Safe, Sealed, SealedObject, Unopened, Unreadable, unlock

OLD, NEW = "the first key, " + "a" * 32, "the second key, " + "b" * 32
CANARY = "canary-7f3d"
WHERE = "outbox.text"
SEALED = [c for t in all_tables().sorted_tables for c in t.columns if isinstance(c.type, Sealed | SealedObject)]


def raw(engine, column):
    """The column as a copy of the database has it."""
    with engine.connect() as connection:
        return list(connection.scalars(select(type_coerce(column, String))))


def queue(desk, case, words, key="one"):
    with desk.work(SYSTEM) as work:
        message = Message(
            key=key, case_id=case, to="+447700900123", purpose=Purpose.REPLY, template="written", language="en",
            text=words, not_before=work.now, expires_at=work.now.replace(hour=23),
        )  # fmt: skip
        return send(work, message).id


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_what_is_sealed_comes_back_as_it_was_and_looks_different_each_time(words):
    safe = Safe([NEW])
    once, again = safe.seal(words, WHERE), safe.seal(words, WHERE)
    assert once != again
    assert safe.open(once, WHERE) == safe.open(again, WHERE) == words


def test_nothing_is_nothing_to_hide():
    assert Safe([NEW]).seal("", WHERE) == Safe([NEW]).open("", WHERE) == ""


def test_a_seal_names_its_key_and_an_older_key_still_opens_what_it_sealed():
    before, after = Safe([OLD]), Safe([NEW, OLD])
    kept = before.seal(CANARY, WHERE)
    assert kept.split(":")[1] == before.newest == after.keys[1]
    assert after.open(kept, WHERE) == CANARY
    assert after.seal(CANARY, WHERE).split(":")[1] == after.newest != before.newest


@pytest.mark.parametrize(
    "spoilt",
    [
        pytest.param(lambda _: Safe([OLD]).seal(CANARY, WHERE), id="another key"),
        pytest.param(lambda _: Safe([NEW]).seal(CANARY, "text_received.text"), id="another column"),
        pytest.param(lambda kept: kept[:-8] + "AAAAAAA=", id="changed"),
        pytest.param(lambda kept: kept[:-20], id="cut short"),
        pytest.param(lambda kept: kept.rpartition(":")[0] + ":*", id="not base 64"),
        pytest.param(lambda _: "sealed:", id="the form alone"),
        pytest.param(lambda _: CANARY, id="clear words put in its place"),
    ],
)
def test_what_is_not_ours_does_not_open_and_says_so_to_its_reader(spoilt):
    safe = Safe([NEW])
    kept = spoilt(safe.seal(CANARY, WHERE))
    with pytest.raises(Unopened):
        safe.open(kept, WHERE)
    assert isinstance(safe.read(kept, WHERE), Unreadable)
    assert "cannot be read" in safe.read(kept, WHERE)


def test_words_from_before_there_were_seals_are_read_until_the_setting_says_that_all_are_sealed():
    assert Safe([NEW], clear_readable=True).read(CANARY, WHERE) == CANARY
    assert isinstance(Safe([NEW]).read(CANARY, WHERE), Unreadable)


def test_keys_are_named_without_telling_anything_of_them():
    assert repr(Safe([NEW])).find("second") == -1
    assert all(len(name) == 8 for name in Safe([NEW, OLD]).keys)


def test_every_column_of_what_was_said_by_text_is_sealed_for_its_own_place():
    assert {str(column) for column in SEALED} == {column.type.about for column in SEALED}
    assert {str(column) for column in SEALED} >= {
        "outbox.text", "inbound_text.body", "text_received.text", "opt_out.verbatim", "draft.boxes",
    }  # fmt: skip
    said = [
        c for t in all_tables().sorted_tables for c in t.columns
        if c.info["category"] is Category.SMS and type(c.type) is not Sealed and c.name in {"text", "body", "verbatim"}
    ]  # fmt: skip
    assert said == []


def test_a_copy_of_the_database_does_not_give_a_word(desk, engine, world):
    case = texted(desk, world)
    queue(desk, case, CANARY)
    with desk.work(SYSTEM) as work:
        work.add(InboundText(sid="SM1", from_number="1", to_number="2", body=CANARY, received_at=work.now))
        work.add(OptOut(number="1", out=True, source="sms", verbatim=CANARY, by=SYSTEM.id, at=work.now))
    with desk.work(world.officer) as work:
        drafts.keep_draft(work, "a form", {"what": CANARY})
    kept = [value for column in SEALED for value in raw(engine, column)]
    assert len(kept) == 5  # with the check of their number
    assert not any(CANARY in value for value in kept)
    with desk.work(world.officer) as work:
        assert drafts.draft_of(work, "a form") == {"what": [CANARY]}


def test_statements_that_name_the_table_seal_and_open_too(desk, engine, world):
    message = queue(desk, texted(desk, world), CANARY)
    mine = OUTBOX.c.id == message
    with engine.begin() as connection:
        returned = connection.execute(update(OUTBOX).where(mine).values(why="seen").returning(OUTBOX.c.text))
        assert returned.scalars().all() == [CANARY]
        row = dict(connection.execute(select(OUTBOX).where(mine)).mappings().one())
        connection.execute(insert(OUTBOX), [row | {"id": row["case_id"], "key": "another"}])
        assert (
            list(connection.scalars(select(OUTBOX.c.text).where(OUTBOX.c.key.in_(["one", "another"])))) == [CANARY] * 2
        )
        connection.execute(update(OUTBOX).values(text=""))
    assert set(raw(engine, OUTBOX.c.text)) == {""}


def test_sealed_words_cannot_be_asked_for_in_a_statement_except_whether_there_are_any(desk, world):
    queue(desk, texted(desk, world), CANARY)
    with pytest.raises(TypeError, match="compared"):
        select(OutboxRow).where(OutboxRow.text == CANARY)
    with pytest.raises(TypeError, match="compared"):
        select(OutboxRow).where(OUTBOX.c.text.contains("canary"))
    with desk.work(SYSTEM) as work:
        assert len(work.session.scalars(select(OutboxRow).where(OutboxRow.text != "")).all()) >= 1


def test_a_lost_key_is_told_to_the_reader_and_stops_no_other_text_r10(desk, engine, world):
    case = texted(desk, world)
    queue(desk, case, "sealed by a key that will be lost", "lost")
    lost = desk.reference[Safe]
    unlock(engine, Safe([NEW]))
    try:
        queue(desk, case, CANARY, "kept")
        gateway = gateway_of(desk)
        dispatch(desk, gateway, rounds=2)
        assert [sms.text for sms in gateway.texts] == [CANARY]
        by_key = {text.key: text for text in texts(desk, case)}
        assert (by_key["lost"].state, by_key["lost"].why) == (Delivery.PLANNED, "unreadable")
        assert "cannot be read" in by_key["lost"].text
        with desk.work(SYSTEM) as work:
            told = select(Task).where(Task.kind == errands.KEY_MISSING.kind)
            assert [task.urgent for task in work.session.scalars(told)] == [True]
    finally:
        unlock(engine, lost)
    forward(desk.clock, seconds=6)  # another process has the key: a new one is not in all of them at once
    dispatch(desk, gateway)
    assert gateway.texts[-1].text == "sealed by a key that will be lost"


def test_a_text_that_may_have_been_sent_is_not_taken_for_absent_by_a_process_without_its_key_r8(desk, engine, world):
    message = queue(desk, texted(desk, world), CANARY)
    gateway = gateway_of(desk, script=["drop_after"] * 2)
    dispatch(desk, gateway)
    forward(desk.clock, minutes=10)
    held = desk.reference[Safe]
    unlock(engine, Safe([NEW]))
    try:
        reconcile(desk, gateway)
    finally:
        unlock(engine, held)
    assert next(text.state for text in texts(desk) if text.id == message) is Delivery.AMBIGUOUS
    forward(desk.clock, minutes=10)
    reconcile(desk, gateway)
    assert next(text.state for text in texts(desk) if text.id == message) is Delivery.ACCEPTED


def test_what_cannot_be_read_is_never_kept_as_if_it_were_words(desk):
    with pytest.raises(StatementError, match="cannot be kept"), desk.work(SYSTEM) as work:
        work.add(InboundText(sid="SM1", from_number="1", to_number="2", body=Unreadable(), received_at=work.now))


def test_a_draft_that_cannot_be_opened_is_no_draft(desk, engine, world):
    with engine.begin() as connection:
        values = {"id": world.officer.id, "version": 1, "created_at": desk.clock.now(), "worker_id": world.officer.id}
        connection.execute(insert(Draft).values(**values, key="a form", boxes={"what": CANARY}))
        connection.execute(update(Draft).values(boxes={"what": CANARY}))
        kept = connection.scalar(select(type_coerce(Draft.boxes, String)))
        assert CANARY not in kept
    unlock(engine, Safe([NEW]))
    try:
        with desk.work(world.officer) as work:
            assert drafts.draft_of(work, "a form") == {}
    finally:
        unlock(engine, desk.reference[Safe])


def test_a_database_opened_without_keys_gives_and_takes_nothing_sealed(tmp_path):
    engine = open_engine(f"sqlite:///{tmp_path}/bare.db")
    all_tables().create_all(engine)
    with engine.connect() as connection, pytest.raises(StatementError, match="NoKeys"):
        connection.execute(insert(OptOut).values(verbatim=CANARY))
    engine.dispose()


def test_a_reference_without_keys_leaves_those_an_engine_has(desk, engine):
    kept = engine.dialect.safe
    type(desk)(engine, desk.clock, reference=Reference())
    assert engine.dialect.safe is kept
