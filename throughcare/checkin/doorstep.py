"""What a provider tells us is written in the database, or kept on the disk until it can be: never lost, never twice (R20)."""

from __future__ import annotations

from collections.abc import Sequence

import structlog
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnection

from throughcare.checkin import blanking, errands, inbound, receipts
from throughcare.checkin.retention import Retention
from throughcare.checkin.ringing import withheld
from throughcare.checkin.strangers import tell_on_duty
from throughcare.kernel.actors import SYSTEM
from throughcare.kernel.ports import Said, Spool
from throughcare.kernel.work import Desk

log = structlog.get_logger()
PROVIDER = "Provider"  # the field that says whose call it is
UNREACHABLE = (OperationalError, InterfaceError, NoConnection)
TAKEN, DUPLICATE, UNKNOWN, SPOOLED, WITHHELD = "taken", "duplicate", "unknown", "spooled", "withheld"
LOST = "lost"  # neither the database nor the disk can keep it: whoever called must try elsewhere


def receive(desk: Desk, spool: Spool, said: Said) -> str:
    """Write it down, or keep it for later; what became of it.

    While earlier calls wait, later ones wait behind them: a person's texts stay in the order in which they came (R21).
    Of a ring by somebody who withholds their number nothing is kept.
    """
    if _withheld(said):
        return WITHHELD
    if not spool.waiting:
        try:
            return write_down(desk, said)
        except Exception:
            log.exception("a call cannot be written down, and is kept on the disk")
    try:
        spool.keep(said)
    except OSError:
        log.exception("a call could not be kept")
        return LOST
    return SPOOLED


def receive_together(desk: Desk, spool: Spool, calls: Sequence[Said]) -> list[str]:
    """As receive, of texts and rings that came at the same time, in one transaction; where that fails, of each alone."""
    if not spool.waiting:
        try:
            return _write_together(desk, calls)
        except Exception:
            log.exception("calls cannot be written down together, and are one by one", count=len(calls))
    return [receive(desk, spool, said) for said in calls]


def _write_together(desk: Desk, calls: Sequence[Said]) -> list[str]:
    said_by_somebody = [said for said in calls if not _withheld(said)]
    new = inbound.store_together(desk, said_by_somebody) if said_by_somebody else set()
    outcomes = []
    for said in calls:
        sid = inbound.sid_of(said.fields)
        outcomes.append(WITHHELD if _withheld(said) else TAKEN if sid in new else DUPLICATE)
        new.discard(sid)
    return outcomes


def _withheld(said: Said) -> bool:
    return "CallSid" in said.fields and withheld(said.fields.get("From", ""))


def write_down(desk: Desk, said: Said) -> str:
    """Into the database, once; a text or a ring is settled afterwards, when whoever called has their answer."""
    if said.about:
        return _receipt(desk, said)
    with desk.work(SYSTEM) as work:
        return TAKEN if inbound.store(work, said.fields, said.at) else DUPLICATE


def settle(desk: Desk, number: str) -> None:
    """What this number sent is read and acted on; where that fails a round does it later."""
    try:
        with desk.work(SYSTEM) as work:
            inbound.settle_number(work, number)
    except Exception:
        log.exception("a text is kept and will be settled later")


def _receipt(desk: Desk, said: Said) -> str:
    """One we do not know of is counted, and not an error (R17)."""
    if said.about is None:
        raise ValueError("a receipt for nothing")
    status, code = said.fields.get("MessageStatus", ""), inbound.counted(said.fields.get("ErrorCode", ""))
    with desk.work(SYSTEM) as work:
        known = receipts.arrive(
            work, said.about, status, code, said.fields.get("MessageSid", ""), said.fields.get(PROVIDER, "")
        )
    return TAKEN if known else UNKNOWN


def replay(desk: Desk, spool: Spool) -> int:
    """Write down what was kept, oldest first, until the database is away again; how many. One process of a machine at a
    time, so that the order holds (R21). One that cannot be written by a database that answers is put aside and stops no
    other (R10); those on duty are told each day until it is gone.
    """
    with spool.alone() as ours:
        if not ours:
            return 0
        _tidy(desk, spool)
        count = _written(desk, spool)
        if spool.depth()[1]:
            with desk.work(SYSTEM) as work:
                tell_on_duty(work, errands.PUT_ASIDE, f"{work.today}", work.now, urgent=True)
    return count


def _tidy(desk: Desk, spool: Spool) -> None:
    """What was put aside is kept no longer than the configuration says; that it was deleted is written down (R36)."""
    keep = desk.reference[Retention].put_aside
    if gone := spool.tidy(desk.clock.now(), keep):
        with desk.work(SYSTEM) as work:
            work.record(blanking.deleted(work, "spool", gone, keep))


def _written(desk: Desk, spool: Spool) -> int:
    count = 0
    for name, said in spool.kept():
        try:
            write_down(desk, said)
        except UNREACHABLE:
            return count
        except Exception:
            log.exception("a call that was kept cannot be written down, and is put aside")
            spool.put_aside(name)
            continue
        spool.done(name)
        if not said.about:
            settle(desk, said.fields.get("From", ""))
        count += 1
    return count
