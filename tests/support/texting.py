"""A released person who may be texted, and a dispatcher that sends to a gateway in memory."""

from __future__ import annotations

import asyncio
import time
from datetime import timedelta

from sqlmodel import col, select

from scheduler.dispatch import Dispatcher
from tests.fakes import FakeGateway
from throughcare.casework.events import Released
from throughcare.casework.people import Consent, ConsentState, PhoneNumber, SafeContact
from throughcare.casework.rows import CustodyEpisode
from throughcare.checkin import doorstep
from throughcare.checkin.rows import InboundText
from throughcare.kernel.actors import SYSTEM
from throughcare.kernel.outbox import OutboxRow

NUMBER = "+447700900123"
WORD = "harvest"


def reachable(desk, case_id, number=NUMBER, *, word=WORD, consent=True, contact=True) -> None:
    """Consent, safe contact, a number and the word agreed: all that is recorded before release."""
    with desk.work(SYSTEM) as work:
        if consent:
            work.add(
                Consent(
                    case_id=case_id, purpose="texts", state=ConsentState.GIVEN, given_at=work.now, recorded_by=SYSTEM.id
                )
            )
        if contact:
            work.add(SafeContact(case_id=case_id))
        if number:
            work.add(PhoneNumber(case_id=case_id, number=number, from_at=work.now, code_word=word))


def release(desk, case_id) -> None:
    """The release is recorded now."""
    with desk.work(SYSTEM) as work:
        stay = work.session.exec(
            select(CustodyEpisode).where(CustodyEpisode.case_id == case_id, col(CustodyEpisode.ended_at).is_(None))
        ).one()
        stay.released_at = stay.ended_at = work.now
        work.session.add(stay)
        work.record(Released(subject_id=stay.id, case_id=case_id, on=work.today))


def proven(desk, case_id) -> None:
    """As if the code word had come back."""
    with desk.work(SYSTEM) as work:
        for number in work.session.exec(select(PhoneNumber).where(PhoneNumber.case_id == case_id)):
            number.proven_at = number.last_heard_at = work.now
            work.session.add(number)


def texted(desk, world):
    """A person released just now, whose number is proven."""
    made = world.case()
    reachable(desk, made)
    release(desk, made)
    proven(desk, made)
    return made


def texts(desk, case_id=None) -> list[OutboxRow]:
    """Every text there is, oldest first."""
    with desk.work(SYSTEM) as work:
        found = select(OutboxRow).order_by(col(OutboxRow.created_at), col(OutboxRow.not_before))
        if case_id:
            found = found.where(OutboxRow.case_id == case_id)
        return list(work.session.exec(found))


def dispatch(desk, gateway, *, rounds=1) -> Dispatcher:
    """Send what is due, this many times over, and wait for the answers."""
    dispatcher = Dispatcher(desk, gateway)

    async def go() -> None:
        for _ in range(rounds):
            await dispatcher.send_due()
            await dispatcher.drain()

    asyncio.run(go())
    return dispatcher


def answered(desk, spool, said) -> str:
    """A call that is taken, answered and, as after every answer, settled."""
    outcome = doorstep.receive(desk, spool, said)
    if outcome == doorstep.TAKEN and not said.about:
        doorstep.settle(desk, said.fields["From"])
    return outcome


def settled(desk) -> None:
    """When what was kept at the provider's door has been read: that comes after the answer, on a thread of its own."""
    patience = time.monotonic() + 60
    while time.monotonic() < patience:
        with desk.work(SYSTEM) as work:
            if work.session.exec(select(InboundText.id).where(col(InboundText.settled_at).is_(None))).first() is None:
                return
        time.sleep(0.01)
    raise AssertionError("a text was not settled")


def reconcile(desk, gateway) -> None:
    """Look for what may have been lost."""
    asyncio.run(Dispatcher(desk, gateway)._reconcile())


def gateway_of(desk, **more) -> FakeGateway:
    return FakeGateway(desk.clock.now, **more)


def forward(clock, **by) -> None:
    clock.forward(timedelta(**by))
