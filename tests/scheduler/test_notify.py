"""Texts by GOV.UK Notify: told of by its receipts, found by our reference, never doubled, and never taken over by another (R15)."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlmodel import select

from config.gateways import carrier_of, providers_of
from config.looking import in_doubt_with_nobody
from config.settings import Settings
from scheduler.carriers import NOBODY, Carriers
from scheduler.dispatch import Dispatcher
from scheduler.redacting import redact
from tests.fake_notify.faults import Faults
from tests.fake_notify.settings import CALLBACK_TOKEN, SERVICE_ID
from tests.support.texting import NUMBER, dispatch, forward, gateway_of, texted, texts
from tests.support.wired_notify import by_notify, under, wired_notify
from throughcare.checkin import redacting
from throughcare.checkin.service import Pacing
from throughcare.checkin.took import kind_of, same
from throughcare.kernel.actors import SYSTEM
from throughcare.kernel.audit import AuditRow
from throughcare.kernel.delivery import Delivery, Purpose
from throughcare.kernel.outbox import Message, send
from throughcare.web.webhooks.notify import RECEIPTS
from throughcare.web.webhooks.twilio import Call

ACCOUNT, ANOTHER = f"notify:{SERVICE_ID[-8:]}", "notify:00000000"


@pytest.fixture
def case(desk, world):
    return texted(desk, world)


def queue(desk, case_id, purpose=Purpose.REPLY, to=NUMBER):
    with desk.work(SYSTEM) as work:
        window = {"not_before": work.now, "expires_at": work.now + timedelta(days=30)}
        words = "The office is shut today."
        return send(work, Message("one", case_id, to, purpose, "staff_notice", "en", words, **window)).id


def text(desk, message_id):
    return next(row for row in texts(desk) if row.id == message_id)


def test_a_text_by_notify_is_delivered_when_its_receipt_says_so(desk, case, tmp_path):
    message_id = queue(desk, case)

    async def go():
        async with wired_notify(desk, tmp_path, Faults(copies=2)) as wire:
            await wire.sends()
            await wire.until(lambda: text(desk, message_id).state is Delivery.DELIVERED)
            [taken] = wire.provider.ledger.messages.values()
            return wire.provider.asked[0], taken.sid

    asked, sid = asyncio.run(go())
    assert asked["personalisation"] == {"body": "The office is shut today."}
    row = text(desk, message_id)
    assert (asked["reference"], row.provider, row.sid, row.attempts) == (str(message_id), ACCOUNT, sid, 1)


@pytest.mark.parametrize(("signature", "moved"), [("wrong", False), ("none", False), ("right", True)])
def test_a_receipt_without_the_token_moves_nothing_r19(desk, case, tmp_path, signature, moved):
    message_id = queue(desk, case)

    async def go():
        async with wired_notify(desk, tmp_path, Faults(receipts=[])) as wire:
            await wire.sends()
            [taken] = wire.provider.ledger.messages.values()
            taken.status, wire.provider.faults.signature = "permanent-failure", signature
            return await wire.provider.receipt(taken)

    assert asyncio.run(go()) == (200 if moved else 403)
    row = text(desk, message_id)
    assert row.state is (Delivery.UNDELIVERED if moved else Delivery.ACCEPTED)
    assert row.provider_code == (7501 if moved else None)


def test_a_receipt_says_nothing_of_a_text_that_another_provider_took_r15_r16(desk, case):
    """Whoever has the token of one can say nothing of what the other does."""
    message_id = queue(desk, case)
    dispatch(desk, gateway_of(desk))
    before = text(desk, message_id)
    held, other = by_notify(desk)
    said = {"id": str(uuid4()), "reference": str(message_id), "status": "permanent-failure"}
    call = Call(RECEIPTS, b"", json.dumps(said).encode(), f"Bearer {CALLBACK_TOKEN}")
    assert carrier_of(held, other).notify_door.receipt(call).status == 200
    after = text(desk, message_id)
    assert (after.state, after.provider, after.sid) == (before.state, before.provider, before.sid)
    assert (after.state, after.provider_code) == (Delivery.ACCEPTED, None)


def test_a_receipt_under_what_is_no_id_of_theirs_is_refused_and_leaves_nothing_on_the_disk_r16(desk, case, tmp_path):
    """What a database could not keep would wait on the disk, and call those on duty, for ever."""
    message_id = queue(desk, case)
    held, other = by_notify(desk, spool=tmp_path / "spool")
    door = carrier_of(held, other).notify_door
    for sid in ("SM\x00", "\ud800", 7, None, "", {"a": "b"}, "x" * 9_000):
        said = {"id": sid, "reference": str(message_id), "status": "delivered"}
        call = Call(RECEIPTS, b"", json.dumps(said).encode(), f"Bearer {CALLBACK_TOKEN}")
        assert door.receipt(call).status == 403
    assert (text(desk, message_id).state, list(tmp_path.glob("spool/*"))) == (Delivery.PLANNED, [])


def test_a_lost_answer_is_found_by_our_reference_though_its_words_were_changed_and_nothing_goes_twice_t2(
    desk, case, clock, tmp_path
):
    message_id = queue(desk, case)

    async def go():
        async with wired_notify(desk, tmp_path, Faults(script=["drop_after"], receipts=[])) as wire:
            await wire.sends()
            assert text(desk, message_id).state is Delivery.AMBIGUOUS
            [taken] = wire.provider.ledger.messages.values()
            taken.body = f"Service name: {taken.body}"
            forward(clock, minutes=6)
            await wire.dispatcher._reconcile()
            await wire.sends()
            assert wire.references == [str(message_id)]
            return taken.sid

    sid = asyncio.run(go())
    row = text(desk, message_id)
    assert (row.state, row.sid, row.provider) == (Delivery.ACCEPTED, sid, ACCOUNT)


def switched(desk, clock, gateways, carriers=Carriers):
    """A dispatcher that sends by "simulator", with whoever else is configured behind it."""
    held = Settings(environment="demo", _env_file=None)
    return Dispatcher(under(desk, held), carriers("simulator", gateways, "simulator"))


@pytest.mark.parametrize("purpose", [Purpose.REPLY, Purpose.SAFETY])
def test_another_provider_sends_a_text_only_once_the_one_that_may_have_it_says_that_it_has_not(
    desk, case, clock, tmp_path, purpose
):
    """Not even what must reach somebody goes by another while nobody knows (R8, R15)."""
    message_id = queue(desk, case, purpose)

    async def go():
        async with wired_notify(desk, tmp_path, Faults(script=["drop_before"], receipts=[])) as wire:
            await wire.sends()
            assert text(desk, message_id).state is Delivery.AMBIGUOUS
            new = gateway_of(desk)
            wire.provider.faults.search_down = True
            after = switched(desk, clock, {"simulator": new, ACCOUNT: wire.dispatcher.gateway.of(ACCOUNT)})
            for answering in (False, True):
                wire.provider.faults.search_down = not answering
                forward(clock, minutes=30)
                await after._reconcile()
                await after.send_due()
                await after.drain()
                assert [sms.reference for sms in new.texts] == ([str(message_id)] if answering else [])
            assert wire.references == []

    asyncio.run(go())
    row = text(desk, message_id)
    assert (row.state, row.provider) == (Delivery.ACCEPTED, "simulator")


class Forgetful(Carriers):
    """The twin that asks whoever sends now, whoever took the text."""

    def of(self, provider):
        del provider
        return super().of(self.sending)


class ByKind(Carriers):
    """The twin that tells one provider from the other, and not one account from the next."""

    def of(self, provider):
        return next((each for name, each in self.each.items() if kind_of(name) == kind_of(provider)), NOBODY)


@pytest.mark.parametrize(
    ("carriers", "behind", "times"),
    [(Carriers, ACCOUNT, 1), (Forgetful, ACCOUNT, 2), (Carriers, ANOTHER, 1), (ByKind, ANOTHER, 2)],
)
def test_after_a_change_of_provider_or_account_no_text_goes_twice_since_only_the_one_that_has_it_can_say_r15(
    desk, case, tmp_path, carriers, behind, times
):
    message_id = queue(desk, case)

    async def go():
        async with wired_notify(desk, tmp_path, Faults(script=["drop_after"], receipts=[])) as wire:
            await wire.sends()
            new = gateway_of(desk)
            asked = wire.dispatcher.gateway.of(ACCOUNT) if behind == ACCOUNT else new
            after = switched(desk, desk.clock, {"simulator": new, behind: asked}, carriers)
            forward(desk.clock, minutes=30)
            await after._reconcile()
            await after.send_due()
            await after.drain()
            return [*wire.references, *(sms.reference for sms in new.texts)]

    assert asyncio.run(go()) == [str(message_id)] * times


def test_nothing_starts_while_a_text_is_in_doubt_with_a_provider_that_nobody_can_ask(desk, case, clock, tmp_path):
    message_id = queue(desk, case)

    async def go():
        async with wired_notify(desk, tmp_path, Faults(script=["drop_after"], receipts=[])) as wire:
            await wire.sends()

    asyncio.run(go())
    both, _ = by_notify(desk, sms={"gateway": "simulator"})
    alone = Settings(environment="demo", _env_file=None)
    assert providers_of(both) == {"simulator", ACCOUNT}
    assert in_doubt_with_nobody(desk, both) == []
    another, _ = by_notify(desk, notify={"api_key": f"x-{uuid4()}-{uuid4()}"})
    for gone in (alone, another):
        [refusal] = in_doubt_with_nobody(desk, gone)
        assert f"1 texts went by notify, account …{SERVICE_ID[-8:]}" in refusal
    bare = switched(desk, clock, {"simulator": gateway_of(desk)})
    forward(clock, minutes=30)
    asyncio.run(bare._reconcile())
    assert text(desk, message_id).state is Delivery.AMBIGUOUS


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [("notify:a", "notify:a", True), ("notify:a", "notify:b", False), ("notify", "notify:a", True),
     ("notify", "twilio", False), ("notify:a", "twilio:a", False)],
)  # fmt: skip
def test_one_account_is_told_from_the_next_and_a_name_without_one_goes_by_its_kind(one, other, alike):
    assert same(one, other) is same(other, one) is alike


def proofs(desk):
    with desk.work(SYSTEM) as work:
        return work.session.exec(select(AuditRow).where(AuditRow.name == redacting.CopiesBlanked.name)).all()


def test_a_copy_at_notify_counts_as_gone_only_once_notify_says_so_r36(desk, case, clock, tmp_path):
    message_id = queue(desk, case)

    async def go():
        async with wired_notify(desk, tmp_path, Faults()) as wire:
            await wire.sends()
            await wire.until(lambda: text(desk, message_id).state is Delivery.DELIVERED)
            asked = []
            for days in (2, 2, 4):
                forward(clock, days=days)
                if days == 4:
                    wire.provider.ledger.messages.clear()
                asked.append(await redact(wire.dispatcher.in_work, wire.dispatcher.gateway))
                row = text(desk, message_id)
                assert (row.redacted_at is not None) == (days == 4)
                assert len(proofs(desk)) == (days == 4)
            assert asked == [1, 0, 1], "it is asked again when its own time is over, and not before"

    asyncio.run(go())


def test_an_id_of_one_provider_is_never_asked_of_another(desk, case, clock, tmp_path):
    """Twilio says of Notify's id that there is no such text: that is no proof that the words are gone (R36)."""
    message_id = queue(desk, case)

    async def go():
        async with wired_notify(desk, tmp_path, Faults()) as wire:
            await wire.sends()
            await wire.until(lambda: text(desk, message_id).state is Delivery.DELIVERED)

    asyncio.run(go())
    forward(clock, days=2)
    other = switched(desk, clock, {"simulator": gateway_of(desk)})
    assert asyncio.run(redact(other.in_work, other.gateway)) == 1
    assert text(desk, message_id).redacted_at is None


def test_the_chosen_provider_has_a_pace_of_its_own_and_both_doors_stand(desk):
    held, under_it = by_notify(desk)
    assert under_it.reference[Pacing].provider == ACCOUNT
    assert under_it.reference[Pacing].sender.startswith("notify:")
    carrier = carrier_of(held, under_it)
    assert carrier.notify_door.provider == ACCOUNT
    assert carrier.door.calls.read("/webhooks/twilio/messages", b"", b"From=%2B44", "signed") is None
