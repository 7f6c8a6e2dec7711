"""A process killed while it takes a call has kept the call whole or not at all, and either way nothing is lost or doubled (R20, T27)."""

from __future__ import annotations

import os

import pytest
from sqlmodel import select

from integrations.spool import FileSpool
from tests.support.texting import NUMBER, answered, forward, texted
from throughcare.checkin import doorstep, inbound
from throughcare.checkin.rows import InboundText, TextReceived
from throughcare.kernel.actors import SYSTEM
from throughcare.kernel.ports import Said
from throughcare.kernel.sealing import Safe

KILLED = 9
NAMED_BY = {"text": "MessageSid", "ring": "CallSid"}

pytestmark = pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")  # the child only writes, and dies


@pytest.fixture
def case(desk, world):
    return texted(desk, world)


def said(desk, what):
    fields = {NAMED_BY[what]: "XX1", "From": NUMBER, "To": "+441632960000", "Body": "call"}
    return Said(desk.clock.now(), fields)


def killed(desk, spool, call, at):
    """Another process takes the call, and is no more when it comes to `at`: its end, which runs nothing on its way."""
    desk.engine.dispose()
    child = os.fork()
    if child == 0:
        desk.engine.dispose(close=False)
        whole = getattr(inbound, at)

        def dies(*given, **named):
            if at == "store":
                whole(*given, **named)  # written, and not committed
            os._exit(KILLED)

        setattr(inbound, at, dies)
        try:
            answered(desk, spool, call)
        finally:
            os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == KILLED


def rows(desk, table):
    with desk.work(SYSTEM) as work:
        return list(work.session.exec(select(table)))


@pytest.mark.parametrize("what", NAMED_BY)
def test_killed_before_it_was_written_down_nothing_is_half_kept_and_the_next_try_is_taken_t27(
    desk, case, tmp_path, what
):
    spool = FileSpool(tmp_path / "spool", desk.reference[Safe])
    killed(desk, spool, said(desk, what), "store")
    assert rows(desk, InboundText) == []
    assert spool.depth() == (0, 0)
    assert answered(desk, spool, said(desk, what)) == doorstep.TAKEN  # the provider's fallback
    assert len(rows(desk, TextReceived)) == 1


@pytest.mark.parametrize("what", NAMED_BY)
def test_killed_after_it_was_written_down_a_round_settles_it_once_t27(desk, case, tmp_path, clock, what):
    spool = FileSpool(tmp_path / "spool", desk.reference[Safe])
    killed(desk, spool, said(desk, what), "settle_number")
    assert [text.settled_at for text in rows(desk, InboundText)] == [None]
    assert rows(desk, TextReceived) == []
    assert answered(desk, spool, said(desk, what)) == doorstep.DUPLICATE
    forward(clock, seconds=11)
    with desk.work(SYSTEM) as work:
        assert inbound.settle_waiting(work) == 1
    with desk.work(SYSTEM) as work:
        assert inbound.settle_waiting(work) == 0
    assert len(rows(desk, TextReceived)) == 1
