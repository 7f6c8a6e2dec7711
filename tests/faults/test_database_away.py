"""Texts to us while the database is away: on the disk before they are answered, and written down once, in order (R20, R21, T21)."""

from __future__ import annotations

import json
import os
import sqlite3
import time
from datetime import timedelta
from uuid import uuid4

import psycopg
import pytest
from litestar.testing import TestClient
from sqlalchemy import event
from sqlmodel import col, select

from config.gateways import carrier_of
from config.serving import web
from config.settings import DEMO_KEY
from integrations import form_body
from integrations.spool import FileSpool
from integrations.twilio_signature import sign
from tests.support.texting import NUMBER, answered, forward, texted, texts
from throughcare.casework.keyring import Keyring
from throughcare.casework.rows import Task
from throughcare.checkin import doorstep, inbound
from throughcare.checkin.blanking import WordsBlanked
from throughcare.checkin.rows import TextReceived
from throughcare.kernel.actors import SYSTEM
from throughcare.kernel.audit import AuditRow
from throughcare.kernel.delivery import Delivery, Purpose
from throughcare.kernel.outbox import Message, send
from throughcare.kernel.ports import Said
from throughcare.kernel.sealing import Safe
from throughcare.web.webhooks.replaying import Replaying
from throughcare.web.webhooks.twilio import TEXTS, Call, Door

ACCOUNT = "AC" + "5" * 32
SAFE = Safe([DEMO_KEY])


@pytest.fixture
def case(desk, world):
    return texted(desk, world)


@pytest.fixture
def spool(tmp_path):
    return FileSpool(tmp_path / "spool", SAFE)


class Away:
    """A database that can be taken away and brought back: nothing connects while it is away."""

    def __init__(self, engine):
        self.engine = engine
        self.gone = False
        event.listen(engine, "do_connect", self._refuse)

    def _refuse(self, dialect, *_):
        if self.gone:
            raise {"sqlite": sqlite3, "postgresql": psycopg}[dialect.name].OperationalError("away")

    def go(self):
        self.gone = True
        self.engine.dispose()

    def come_back(self):
        self.gone = False


@pytest.fixture
def database_gone(engine, case):
    away = Away(engine)
    yield away
    away.come_back()


def said(desk, words, *, sid=None):
    fields = {"MessageSid": sid or f"SM{uuid4().hex}", "From": NUMBER, "To": "+441632960000", "Body": words}
    return Said(desk.clock.now(), fields)


def heard(desk):
    with desk.work(SYSTEM) as work:
        order = col(TextReceived.received_at)
        return [(text.text, text.received_at) for text in work.session.exec(select(TextReceived).order_by(order))]


def test_what_came_while_the_database_was_away_is_written_down_once_in_order_t21(desk, spool, clock, database_gone):
    database_gone.go()
    came = []
    for words in ("2", "call", "5"):
        came.append((words, desk.clock.now()))
        assert answered(desk, spool, said(desk, words, sid=f"SM{words}")) == doorstep.SPOOLED
        forward(clock, minutes=1)
    assert answered(desk, spool, said(desk, "call", sid="SMcall")) == doorstep.SPOOLED  # called twice
    assert doorstep.replay(desk, spool) == 0
    assert spool.depth() == (4, 0)
    database_gone.come_back()
    assert answered(desk, spool, said(desk, "later")) == doorstep.SPOOLED  # behind those that wait
    assert doorstep.replay(desk, spool) == 5
    assert heard(desk) == [*came, ("later", desk.clock.now())]
    assert spool.depth() == (0, 0)
    assert answered(desk, spool, said(desk, "now")) == doorstep.TAKEN
    assert doorstep.replay(desk, spool) == 0


def test_a_ring_is_kept_too_and_in_its_place_among_the_texts_r20_r21(desk, spool, clock, database_gone):
    database_gone.go()
    answered(desk, spool, said(desk, "2"))
    forward(clock, minutes=1)
    ring = {"CallSid": "CA1", "From": NUMBER, "To": "+441632960000"}
    assert answered(desk, spool, Said(desk.clock.now(), ring)) == doorstep.SPOOLED
    withheld = ring | {"From": "anonymous"}
    assert answered(desk, spool, Said(desk.clock.now(), withheld)) == doorstep.WITHHELD
    forward(clock, minutes=1)
    answered(desk, spool, said(desk, "5"))
    database_gone.come_back()
    assert doorstep.replay(desk, spool) == 3
    with desk.work(SYSTEM) as work:
        kinds = select(TextReceived.kind).order_by(col(TextReceived.received_at))
        assert list(work.session.exec(kinds)) == ["score", "rang", "score"]


def test_a_restart_finds_what_the_last_run_kept(desk, spool, database_gone):
    database_gone.go()
    answered(desk, spool, said(desk, "2"))
    database_gone.come_back()
    again = FileSpool(spool.folder, SAFE)
    assert again.waiting
    assert doorstep.replay(desk, again) == 1
    assert [words for words, _ in heard(desk)] == ["2"]


def test_a_crash_between_the_database_and_the_disk_writes_nothing_twice_t27(desk, spool, database_gone, monkeypatch):
    database_gone.go()
    answered(desk, spool, said(desk, "2"))
    database_gone.come_back()
    monkeypatch.setattr(FileSpool, "done", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        doorstep.replay(desk, spool)
    monkeypatch.undo()
    assert doorstep.replay(desk, spool) == 1
    assert [words for words, _ in heard(desk)] == ["2"]


def test_a_text_stored_and_not_settled_is_settled_by_a_round_t27(desk, spool, case, clock, monkeypatch):
    monkeypatch.setattr(inbound, "settle_number", lambda *_: 1 / 0)
    assert answered(desk, spool, said(desk, "2")) == doorstep.TAKEN
    monkeypatch.undo()
    assert heard(desk) == []
    forward(clock, seconds=11)
    with desk.work(SYSTEM) as work:
        assert inbound.settle_waiting(work) == 1
    assert [words for words, _ in heard(desk)] == ["2"]


def test_a_receipt_is_kept_too_and_counts_afterwards(desk, spool, case, database_gone):
    with desk.work(SYSTEM) as work:
        window = {"not_before": work.now, "expires_at": work.now + timedelta(hours=6)}
        message = send(work, Message("one", case, NUMBER, Purpose.REPLY, "staff_message", "en", "Hello", **window))
    database_gone.go()
    fields = {"MessageSid": "SM1", "MessageStatus": "delivered"}
    assert answered(desk, spool, Said(desk.clock.now(), fields, message.id)) == doorstep.SPOOLED
    assert answered(desk, spool, Said(desk.clock.now(), fields, uuid4())) == doorstep.SPOOLED
    database_gone.come_back()
    assert doorstep.replay(desk, spool) == 2
    assert [text.state for text in texts(desk, case) if text.id == message.id] == [Delivery.DELIVERED]


def test_one_that_cannot_be_written_down_is_put_aside_and_stops_no_other_r10(
    desk, spool, clock, database_gone, monkeypatch
):
    database_gone.go()
    for words in ("2", "poison", "5"):
        answered(desk, spool, said(desk, words))
        forward(clock, seconds=1)
    (spool.folder / "0-half.part").write_bytes(b"{")
    (spool.folder / "0-broken.json").write_bytes(b"{")
    (spool.folder / "0-wrong.json").write_text(json.dumps({"at": "yesterday"}))
    database_gone.come_back()
    whole = inbound.store

    def store(work, fields, came_at):
        return 1 / 0 if fields["Body"] == "poison" else whole(work, fields, came_at)

    monkeypatch.setattr(inbound, "store", store)
    assert doorstep.replay(desk, spool) == 2
    assert [words for words, _ in heard(desk)] == ["2", "5"]
    assert spool.depth() == (0, 3)
    told = [put_aside(desk)]
    doorstep.replay(desk, spool)
    forward(clock, days=1)
    doorstep.replay(desk, spool)
    told.append(put_aside(desk))
    assert told[0] > 0
    assert told[1] == 2 * told[0]  # once a day, until somebody has seen to it


def kept_in(spool, desk, clock):
    """A text on the disk, kept by another process of this machine; how its file is called."""
    spool.keep(said(desk, "2"))
    forward(clock, seconds=1)
    return next(spool.folder.glob("*.json"))


def test_several_processes_keep_one_order_in_one_folder_and_one_writes_down_at_a_time_r21(desk, spool, case, clock):
    other = FileSpool(spool.folder, SAFE)
    kept_in(spool, desk, clock)
    assert answered(desk, other, said(desk, "5")) == doorstep.SPOOLED  # behind what another process keeps
    with other.alone() as first:
        assert first
        assert doorstep.replay(desk, spool) == 0
    assert doorstep.replay(desk, spool) == 2
    assert [words for words, _ in heard(desk)] == ["2", "5"]
    assert answered(desk, other, said(desk, "4")) == doorstep.TAKEN


@pytest.mark.parametrize("whole", [True, False])
def test_what_a_crash_left_half_kept_is_written_down_where_it_is_whole_and_told_of_where_it_is_not(
    desk, spool, case, clock, whole
):
    half = kept_in(spool, desk, clock).rename(spool.folder / "a.part")
    if not whole:
        half.write_bytes(half.read_bytes()[:-30])
    aged(half, clock, minutes=0)
    assert doorstep.replay(desk, spool) == 0  # somebody may be writing it
    aged(half, clock, minutes=2)
    assert doorstep.replay(desk, spool) == whole
    assert (spool.depth(), spool.waiting) == ((0, 1 - whole), False)
    assert bool(put_aside(desk)) is not whole


def test_what_was_put_aside_is_kept_for_a_stated_time_and_then_deleted_with_proof_r36(desk, spool, case, clock):
    file = kept_in(spool, desk, clock)
    spool.put_aside(file.name)
    aside = next(spool.folder.iterdir())
    aged(aside, clock, days=90)
    doorstep.replay(desk, spool)
    assert spool.depth() == (0, 1)
    aged(aside, clock, days=91)
    doorstep.replay(desk, spool)
    assert spool.depth() == (0, 0)
    with desk.work(SYSTEM) as work:
        (proof,) = work.session.exec(select(AuditRow).where(AuditRow.name == WordsBlanked.name)).all()
    assert (proof.body["table"], proof.body["count"]) == ("spool", 1)


def aged(path, clock, **by):
    at = (clock.now() - timedelta(**by)).timestamp()
    os.utime(path, (at, at))


def put_aside(desk):
    with desk.work(SYSTEM) as work:
        return len(work.session.exec(select(Task).where(Task.kind == "texts_put_aside")).all())


def test_a_fault_of_ours_loses_no_text_either(desk, spool, case, monkeypatch):
    monkeypatch.setattr(inbound, "store", lambda *_: 1 / 0)
    assert answered(desk, spool, said(desk, "2")) == doorstep.SPOOLED
    monkeypatch.undo()
    assert doorstep.replay(desk, spool) == 1
    assert [words for words, _ in heard(desk)] == ["2"]


@pytest.mark.parametrize("trouble", ["full", "no folder"])
def test_with_no_room_on_the_disk_the_provider_is_told_to_try_elsewhere_t21(
    desk, settings, spool, database_gone, trouble
):
    spool.most = 1 if trouble == "full" else 10
    if trouble == "no folder":
        spool.folder.write_text("in the way")
    door = Door(desk, carrier_of(settings, desk).door.calls, FileSpool(spool.folder, SAFE, spool.most))
    database_gone.go()
    statuses = [door.take(call(desk, settings)).status for _ in range(2)]
    assert statuses == ([200, 503] if trouble == "full" else [503, 503])
    database_gone.come_back()
    assert doorstep.replay(desk, door.spool) == (trouble == "full")


def call(desk, settings):
    """A text as the provider sends it, signed."""
    fields = {"AccountSid": ACCOUNT, **said(desk, "2").fields}
    mark = sign(settings.public_base_url + TEXTS, fields, desk.reference[Keyring].mark("simulator", ACCOUNT))
    return Call(TEXTS, b"", form_body.encode(fields.items()), mark)


def test_the_service_writes_down_what_waits_when_it_starts(desk, settings, spool, case):
    spool.keep(said(desk, "2"))
    settings = settings.model_copy(update={"spool": spool.folder})
    with TestClient(web(settings, desk)) as client:
        patience = time.monotonic() + 60
        while not heard(desk) and time.monotonic() < patience:
            time.sleep(0.02)
        while 'throughcare_spool{kind="waiting"} 0.0' not in client.get("/metrics").text:
            assert time.monotonic() < patience
    assert [words for words, _ in heard(desk)] == ["2"]


def test_a_round_that_fails_is_not_the_last(desk, spool, case, monkeypatch):
    replaying = Replaying(type("Anything", (), {"desk": desk, "spool": spool})())
    monkeypatch.setattr(doorstep, "replay", lambda *_: 1 / 0)
    replaying._round()
    monkeypatch.undo()
    spool.keep(said(desk, "2"))
    replaying._round()
    assert [words for words, _ in heard(desk)] == ["2"]


def test_what_is_kept_is_nobody_elses(desk, spool):
    spool.keep(said(desk, "2"))
    (file,) = spool.folder.iterdir()
    assert file.stat().st_mode & 0o777 == 0o600
    assert spool.folder.stat().st_mode & 0o777 == 0o700
