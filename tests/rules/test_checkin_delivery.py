from __future__ import annotations

import tomllib
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from throughcare.kernel.delivery import (
    EDGES,
    OPEN,
    RECEIPTS,
    REINS,
    STOPPABLE,
    Delivery,
    Purpose,
    Verdict,
    after_error,
    may_move,
    provider_codes_from,
    rank,
    settle,
)

D = Delivery
TABLE = tomllib.loads(Path("config/data/twilio_errors.toml").read_text("utf-8"))
CODES = provider_codes_from(TABLE)
SIX = ("queued", "sending", "sent", "undelivered", "delivered", "delivered")


@pytest.mark.parametrize("start", [D.SENDING, D.ACCEPTED, D.AMBIGUOUS, D.UNCONFIRMED])
def test_all_720_orders_of_receipts_end_delivered_and_never_go_down_r16_t9(start):
    said = [D(TABLE["statuses"][word]) for word in SIX]
    for order in permutations(said):
        state, ranks = start, []
        for receipt in order:
            state = settle(state, receipt)
            ranks.append(rank(state))
        assert state is D.DELIVERED
        assert ranks == sorted(ranks)


def test_delivered_after_undelivered_is_allowed_and_the_way_back_is_not_r16():
    assert may_move(D.UNDELIVERED, D.DELIVERED)
    assert may_move(D.FAILED, D.DELIVERED)
    assert not may_move(D.DELIVERED, D.UNDELIVERED)
    assert not may_move(D.UNDELIVERED, D.FAILED)


@given(st.sampled_from(Delivery), st.lists(st.sampled_from(sorted(RECEIPTS)), max_size=12))
def test_receipts_only_raise_what_has_been_shown(start, receipts):
    state = start
    for receipt in receipts:
        after = settle(state, receipt)
        assert after is state or (rank(after) > rank(state) and may_move(state, after))
        state = after
    if D.DELIVERED in receipts:
        assert state is D.DELIVERED


@pytest.mark.parametrize("state", list(Delivery))
def test_a_duplicate_is_never_a_move(state):
    assert not may_move(state, state)


def test_a_receipt_before_our_own_accepted_commit_is_not_undone_by_it_r17():
    assert settle(settle(D.SENDING, D.DELIVERED), D.ACCEPTED) is D.DELIVERED


@pytest.mark.parametrize("state", [D.PLANNED, D.CLAIMED, D.CANCELLED, D.SUPPRESSED, D.EXPIRED])
def test_a_receipt_proves_the_text_left_even_where_we_thought_it_had_not(state):
    assert settle(state, D.SENT) is D.SENT


def test_a_text_in_sending_is_never_claimed_again_without_being_resolved_r4():
    assert not may_move(D.SENDING, D.CLAIMED)
    assert may_move(D.SENDING, D.AMBIGUOUS)
    assert not may_move(D.AMBIGUOUS, D.SENDING)
    assert not may_move(D.ACCEPTED, D.PLANNED)


def test_what_was_suppressed_expired_or_cancelled_is_never_sent_by_us():
    for state in (D.SUPPRESSED, D.EXPIRED, D.CANCELLED):
        assert EDGES[state] == RECEIPTS


def test_a_row_sends_only_from_a_claim_and_a_stop_reaches_all_before_it_r6():
    into_sending = {state for state in Delivery if may_move(state, D.SENDING)}
    assert into_sending == {D.CLAIMED}
    assert {state for state in Delivery if may_move(state, D.SUPPRESSED)} == set(STOPPABLE)


def test_every_open_state_can_end():
    for state in OPEN:
        assert EDGES[state] - OPEN


def test_only_safety_is_exempt_and_sent_at_least_once_r8_r12():
    assert {p for p in Purpose if REINS[p].exempt} == {Purpose.SAFETY}
    assert {p for p in Purpose if REINS[p].at_least_once} == {Purpose.SAFETY}
    first_to_last = sorted(Purpose, key=lambda p: REINS[p].priority)
    assert (first_to_last[0], first_to_last[-2:]) == (Purpose.SAFETY, [Purpose.CHECKIN, Purpose.NEUTRAL])


@pytest.mark.parametrize(
    ("code", "verdict", "state"),
    [
        (20429, Verdict.RETRY, D.PLANNED),
        (429, Verdict.RETRY, D.PLANNED),
        (21211, Verdict.NUMBER_INVALID, D.FAILED),
        (21614, Verdict.NUMBER_INVALID, D.FAILED),
        (21610, Verdict.OPTED_OUT, D.FAILED),
        (21611, Verdict.SENDER_FULL, D.PLANNED),
        (30001, Verdict.SENDER_FULL, D.PLANNED),
        (30003, Verdict.RETRY_LATER, D.FAILED),
        (30005, Verdict.SUSPEND_NUMBER, D.FAILED),
        (30006, Verdict.NOT_MOBILE, D.FAILED),
        (30007, Verdict.FILTERED, D.FAILED),
        (30008, Verdict.RETRY_LATER, D.FAILED),
        (99999, Verdict.UNKNOWN, D.FAILED),
    ],
)
def test_what_each_code_means_r9(code, verdict, state):
    assert CODES.judge(code) is verdict
    assert after_error(verdict) is state
    assert may_move(D.SENDING, state)


def test_every_code_is_listed_once_with_its_certainty():
    codes = [row["code"] for row in TABLE["errors"]]
    assert len(codes) == len(set(codes))
    assert {row["certainty"] for row in TABLE["errors"]} <= {"documented", "measured", "confirm"}
    assert all(CODES.means[code] for code in codes)


def test_a_status_we_do_not_know_moves_nothing_and_one_that_is_not_a_receipt_is_refused():
    assert CODES.receipt("Delivered") is D.DELIVERED
    assert CODES.receipt("teleported") is None
    with pytest.raises(ValueError, match="receipt"):
        provider_codes_from({"statuses": {"sent": "cancelled"}, "errors": []})


def test_an_unknown_outcome_is_ambiguous_never_a_retry_r8():
    assert after_error(Verdict.AMBIGUOUS) is D.AMBIGUOUS
