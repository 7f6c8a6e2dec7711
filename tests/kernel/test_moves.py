"""Texts are moved many at a time, and none from a state it is no longer in (R3)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.support.texting import NUMBER, texted, texts
from throughcare.kernel.actors import SYSTEM
from throughcare.kernel.delivery import Delivery, Purpose
from throughcare.kernel.moves import Moved, move
from throughcare.kernel.outbox import Message, send
from throughcare.kernel.refusals import Stale


@pytest.fixture
def three(desk, world):
    case = texted(desk, world)
    with desk.work(SYSTEM) as work:
        window = {"not_before": work.now, "expires_at": work.now + timedelta(hours=6)}
        wanted = [
            Message(f"k{n}", case, NUMBER, Purpose.REPLY, "staff_message", "en", "Hello", **window) for n in range(3)
        ]
        return [send(work, each).id for each in wanted]


def cancelled(ids, whys):
    return [
        Moved(each, Delivery.PLANNED, Delivery.CANCELLED, "moved", {"leased_by": why})
        for each, why in zip(ids, whys, strict=True)
    ]


@pytest.mark.parametrize("whys", [("a", "a", "a"), ("a", "b", "c")], ids=["all alike", "each its own"])
def test_where_one_text_has_moved_meanwhile_none_is_moved(desk, three, whys):
    with desk.work(SYSTEM) as work:
        move(work.session, cancelled(three[:1], whys[:1]), work.now)
    with pytest.raises(Stale), desk.work(SYSTEM) as work:
        move(work.session, cancelled(three, whys), work.now)
    found = {text.id: (text.state, text.leased_by) for text in texts(desk)}
    assert [found[each] for each in three] == [(Delivery.CANCELLED, "a"), *[(Delivery.PLANNED, "")] * 2]
    with desk.work(SYSTEM) as work:
        move(work.session, cancelled(three[1:], whys[1:]), work.now)
    found = {text.id: text.leased_by for text in texts(desk)}
    assert tuple(found[each] for each in three) == whys
