"""Every gateway is held to one contract: Twilio's and Notify's through their clients and over HTTP, the simulator, and the tests'
own fake (R15).
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import timedelta

import pytest

from tests.integrations.benches import (
    NOON,
    OTHER,
    REFERENCE,
    TO,
    TOO_LONG,
    WORDS,
    Bench,
    fake,
    notify,
    simulator,
    text,
    twilio,
)
from throughcare.kernel.ports import SmsBusy, SmsGone, SmsKept, SmsRefused, SmsUnknown, SmsUnreachable

pytestmark = pytest.mark.anyio


@pytest.fixture(params=[twilio, notify, simulator, fake], ids=lambda made: made.__name__)
async def bench(request, tmp_path) -> AsyncIterator[Bench]:
    async with AsyncExitStack() as stack:
        yield await request.param(stack, tmp_path)


@pytest.fixture(params=[twilio, notify, fake], ids=lambda made: made.__name__)
async def failing(request, tmp_path) -> AsyncIterator[Bench]:
    async with AsyncExitStack() as stack:
        yield await request.param(stack, tmp_path)


async def test_what_is_sent_can_be_found_by_number_with_its_words_unchanged(bench):
    sid = await bench.gateway.send(text())
    await bench.gateway.send(text(to=OTHER, reference="other"))
    [found] = await bench.gateway.search(TO, NOON, REFERENCE)
    assert (found.sid, found.to, found.text) == (sid, TO, WORDS)
    assert NOON.replace(microsecond=0) <= found.created_at <= NOON


async def test_a_search_leaves_out_what_was_sent_before_the_given_time_unless_it_is_by_our_reference(bench):
    await bench.gateway.send(text())
    if bench.by_reference:
        [found] = await bench.gateway.search(OTHER, NOON + timedelta(days=1), REFERENCE)
        assert found.reference == REFERENCE
        with pytest.raises(SmsUnknown):
            await bench.gateway.search(TO, NOON)
        return
    assert not await bench.gateway.search(TO, NOON + timedelta(seconds=1))
    assert await bench.gateway.search(TO, NOON - timedelta(days=1))


async def test_a_search_for_a_number_never_written_to_is_empty(bench):
    assert list(await bench.gateway.search(OTHER, NOON, "none")) == []


async def test_many_texts_at_once_each_get_an_id_of_their_own_and_are_all_found(bench):
    references = [str(n) for n in range(30 if bench.by_reference else 120)]
    sids = await asyncio.gather(*(bench.gateway.send(text(reference=each)) for each in references))
    assert len(set(sids)) == len(references)
    asked = references if bench.by_reference else [REFERENCE]
    found = [text for each in asked for text in await bench.gateway.search(TO, NOON, each)]
    assert {text.sid for text in found} == set(sids)


async def test_one_text_can_be_fetched_and_one_that_is_not_there_is_refused(bench):
    sid = await bench.gateway.send(text())
    assert (await bench.gateway.fetch(sid)).text == WORDS
    for ask in (bench.gateway.fetch, bench.gateway.redact):
        with pytest.raises(SmsGone) as refusal:
            await ask(bench.missing)
        assert refusal.value.code == bench.gone


async def test_a_text_that_is_too_long_is_refused_and_not_sent(bench):
    with pytest.raises(SmsRefused) as refusal:
        await bench.gateway.send(text(words=TOO_LONG))
    assert refusal.value.code == bench.too_long
    assert not await bench.gateway.search(TO, NOON, REFERENCE)


async def test_the_words_can_be_blanked_once_the_text_has_come_to_rest_r36(bench):
    sid = await bench.gateway.send(text())
    if bench.settle:
        await bench.settle(sid)
    if not bench.blanks:  # and then it says so
        with pytest.raises(SmsKept):
            await bench.gateway.redact(sid)
        assert (await bench.gateway.fetch(sid)).text == WORDS
        return
    await bench.gateway.redact(sid)
    assert (await bench.gateway.fetch(sid)).text == ""


async def test_closing_twice_does_no_harm(bench):
    await bench.gateway.send(text())
    await bench.gateway.close()
    await bench.gateway.close()


async def test_the_words_cannot_be_blanked_while_the_text_is_on_its_way_r36(failing):
    sid = await failing.gateway.send(text())
    with pytest.raises(SmsRefused if failing.blanks else SmsKept) as refusal:
        await failing.gateway.redact(sid)
    assert not isinstance(refusal.value, SmsGone)


async def test_a_fetched_text_says_why_it_was_not_delivered_r18(failing):
    sid = await failing.gateway.send(text())
    await failing.settle(sid)
    found = await failing.gateway.fetch(sid)
    assert (found.status, found.code) == failing.lost


async def test_a_refusal_carries_the_providers_code_and_nothing_was_sent_r9(failing):
    for number, code in failing.refused:
        with pytest.raises(SmsRefused) as refusal:
            await failing.gateway.send(text(to=number))
        assert refusal.value.code == code
        assert not await failing.gateway.search(number, NOON, REFERENCE)


async def test_a_429_is_busy_and_nothing_was_sent_r9(failing):
    failing.fate("busy")
    with pytest.raises(SmsBusy) as busy:
        await failing.gateway.send(text())
    assert not isinstance(busy.value, SmsUnreachable)
    assert not await failing.gateway.search(TO, NOON, REFERENCE)
    assert await failing.gateway.send(text())


@pytest.mark.parametrize("fate", ["drop_after", "error_after", "garbled", "hang"])
async def test_a_text_taken_without_a_readable_answer_is_unknown_and_then_found_once_r8(failing, fate):
    failing.fate(fate)
    with pytest.raises(SmsUnknown):
        await failing.gateway.send(text())
    assert len(await failing.gateway.search(TO, NOON, REFERENCE)) == 1


@pytest.mark.parametrize("fate", ["drop_before", "error_before"])
async def test_a_text_lost_on_the_way_is_unknown_and_then_not_found_r8(failing, fate):
    failing.fate(fate)
    with pytest.raises(SmsUnknown):
        await failing.gateway.send(text())
    assert not await failing.gateway.search(TO, NOON, REFERENCE)


async def test_a_text_taken_late_is_unknown_then_absent_then_found_r8(failing):
    failing.fate("late")
    with pytest.raises(SmsUnknown):
        await failing.gateway.send(text())
    assert not await failing.gateway.search(TO, NOON, REFERENCE)
    await failing.arrive()
    assert len(await failing.gateway.search(TO, NOON, REFERENCE)) == 1


async def test_a_search_that_cannot_be_made_is_unknown_and_never_empty_r8(failing):
    await failing.gateway.send(text())
    failing.search_down()
    with pytest.raises(SmsUnknown):
        await failing.gateway.search(TO, NOON, REFERENCE)


async def test_a_provider_that_cannot_be_reached_is_unreachable_so_safe_to_try_again_r14(failing):
    await failing.down()
    with pytest.raises(SmsUnreachable):
        await failing.gateway.send(text())
    with pytest.raises(SmsUnknown):
        await failing.gateway.search(TO, NOON, REFERENCE)
