"""Calls that come together are one transaction, and each is told what became of its own; what follows the answer gives way (R20)."""

from __future__ import annotations

import asyncio
import time
from threading import Event, Thread

import pytest
from sqlalchemy import text

from config.settings import DEMO_KEY
from integrations.spool import FileSpool
from tests.support.texting import NUMBER
from throughcare.checkin import doorstep, inbound
from throughcare.kernel.ports import Said
from throughcare.kernel.sealing import Safe
from throughcare.kernel.straight import straight
from throughcare.web.webhooks.keeping import Together
from throughcare.web.webhooks.settling import PATIENCE, Settling


@pytest.fixture
def spool(tmp_path):
    return FileSpool(tmp_path / "spool", Safe([DEMO_KEY]))


def said(desk, sid, kind="MessageSid", number=NUMBER):
    return Said(desk.clock.now(), {kind: sid, "From": number, "To": "+441632960000", "Body": "4"})


def came(desk):
    """Two texts, one of them called twice, a ring, and a ring by somebody who withholds their number."""
    withheld = said(desk, "CA2", "CallSid", "+266696687")
    return [said(desk, "SM1"), said(desk, "SM2"), said(desk, "SM1"), said(desk, "CA1", "CallSid"), withheld]


BECAME = [doorstep.TAKEN, doorstep.TAKEN, doorstep.DUPLICATE, doorstep.TAKEN, doorstep.WITHHELD]


def test_calls_that_come_together_are_written_together_and_each_once(desk, spool, monkeypatch):
    monkeypatch.setattr(inbound, "store", lambda *_: pytest.fail("alone"))
    assert doorstep.receive_together(desk, spool, came(desk)) == BECAME
    again = [doorstep.DUPLICATE] * 4 + [doorstep.WITHHELD]
    assert doorstep.receive_together(desk, spool, came(desk)) == again


def test_where_they_cannot_be_written_together_each_is_alone_and_none_is_lost_r10(desk, spool, monkeypatch):
    monkeypatch.setattr(inbound, "store_together", lambda *_: 1 / 0)
    assert doorstep.receive_together(desk, spool, came(desk)) == BECAME
    monkeypatch.setattr(inbound, "store", lambda *_: 1 / 0)
    assert doorstep.receive_together(desk, spool, came(desk)) == [doorstep.SPOOLED] * 4 + [doorstep.WITHHELD]
    spool.most = 0
    assert doorstep.receive_together(desk, spool, came(desk)) == [doorstep.LOST] * 4 + [doorstep.WITHHELD]


def test_a_connection_that_fails_costs_no_text_and_is_not_used_again_r20(desk, spool):
    way = straight(desk)
    for sid in ("SM1", "SM2", "SM3"):
        assert doorstep.receive_together(desk, spool, [said(desk, sid)]) == [doorstep.TAKEN]
        if way._held and sid == "SM1":  # on PostgreSQL
            process = way._held.exec_driver_sql("SELECT pg_backend_pid()").scalar()
            with desk.engine.begin() as other:
                other.execute(text("SELECT pg_terminate_backend(:process, 60000)"), {"process": process})
    if way._held:
        assert way._held.exec_driver_sql("SELECT pg_backend_pid()").scalar() != process
    assert not spool.waiting


def test_those_behind_what_waits_on_the_disk_wait_too_r21(desk, spool):
    spool.keep(said(desk, "SM0"))
    assert doorstep.receive_together(desk, spool, came(desk)[:2]) == [doorstep.SPOOLED] * 2
    assert [kept.fields["MessageSid"] for _, kept in spool.kept()] == ["SM0", "SM1", "SM2"]


def test_who_calls_while_others_are_written_down_waits_and_goes_with_those_who_wait_too(desk):
    begun, go_on, written = Event(), Event(), []

    def write(calls):
        begun.set()
        assert go_on.wait(60)
        written.append(len(calls))
        return [call.fields["MessageSid"] for call in calls]

    async def call():
        together = Together(write)
        first = asyncio.create_task(together.keep(said(desk, "a")))
        assert await asyncio.to_thread(begun.wait, 60)
        others = [asyncio.create_task(together.keep(said(desk, name))) for name in "bcd"]
        await asyncio.sleep(0)
        others.pop().cancel()  # their caller has gone
        go_on.set()
        return await asyncio.gather(first, *others), await together.keep(said(desk, "e"))

    assert asyncio.run(call()) == (["a", "b", "c"], "e")
    assert written == [1, 3, 1]


def test_a_fault_is_told_to_each_and_the_next_call_is_taken_all_the_same(desk):
    async def call():
        together = Together(lambda calls: [1 / 0 for call in calls if not call.fields["Body"]] or ["well"])
        bad = Said(desk.clock.now(), {"Body": ""})
        faults = await asyncio.gather(together.keep(bad), together.keep(bad), return_exceptions=True)
        return faults, await together.keep(said(desk, "a"))

    faults, after = asyncio.run(call())
    assert [type(fault) for fault in faults] == [ZeroDivisionError] * 2
    assert after == "well"


def test_a_number_that_writes_often_is_settled_once_for_all_that_waits_and_gives_way_though_not_for_ever():
    begun, go_on, settled, looked = Event(), Event(), [], []

    def settle(number):
        settled.append(number)
        begun.set()
        assert go_on.wait(60)

    settling = Settling(settle, lambda: looked.append(1) or True, look=0)
    settling.ask("first")
    assert begun.wait(60)
    for number in ("second", "first", "second", "second"):
        settling.ask(number)
    go_on.set()
    settling._thread.join()
    assert settled == ["first", "second", "first"]
    assert len(looked) == 3 * PATIENCE


def test_what_is_still_to_be_settled_at_the_end_is_left_to_a_round():
    begun, go_on, settled = Event(), Event(), []

    def settle(number):
        settled.append(number)
        begun.set()
        assert go_on.wait(60)

    settling = Settling(settle, lambda: False)
    settling.ask("first")
    assert begun.wait(60)
    settling.ask("second")
    closing = Thread(target=settling.close)
    closing.start()
    while settling._numbers:
        time.sleep(0.001)
    go_on.set()
    closing.join()
    assert settled == ["first"]
