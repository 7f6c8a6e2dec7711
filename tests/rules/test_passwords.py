"""What will do for a password: length and not the obvious; no composition rules (security section 6)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event

import pytest

from throughcare.casework import passwords
from throughcare.casework.passwords import Busy, Unsuitable, hash_of, matches, refuse_unsuitable

SLOW = passwords._hasher  # as it is served; the suite has quicker ones
ABOUT = ("wren.holloway@example.org", "Wren Holloway", "Harbour Recovery")


@pytest.fixture(autouse=True)
def slow_sums(monkeypatch):
    monkeypatch.setattr(passwords, "_hasher", SLOW)


@pytest.mark.parametrize(
    "password",
    ["seven otters on a barge", "ffwrnais lân uwchben y môr", "1029 4857 6610 3984", "xK!9 🦦 over the weir it goes"],
)
def test_anything_long_and_not_obvious_will_do(password):
    refuse_unsuitable(password, ABOUT)


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("fourteen chars", "Password must be 15 characters or more"),
        ("a" * 257, "Password must be 256 characters or fewer"),
        ("abababababababab", "Password must not be the same few characters over and over"),
        ("otters otters otters ", "Password must not be one word over and over"),
        ("my ThroughCare account", "Password must not contain “throughcare”, which is easy to guess"),
        ("wren and the HOLLOWAY road", "Password must not contain “wren”, which is easy to guess"),
        ("the harbour at night", "Password must not contain “harbour”, which is easy to guess"),
    ],
)
def test_what_is_easy_to_guess_is_refused_with_why(password, why):
    with pytest.raises(Unsuitable) as refused:
        refuse_unsuitable(password, ABOUT)
    assert (refused.value.sentence, refused.value.field) == (why, "password")


def test_what_is_stored_is_argon2id_with_46_mebibytes_or_more():
    stored = hash_of("seven otters on a barge")
    assert stored.startswith("$argon2id$v=19$m=47104,t=2,p=1$")
    assert matches(stored, "seven otters on a barge")
    assert not matches(stored, "seven otters on a barg")


@pytest.mark.parametrize("stored", ["", "not a hash"])
def test_an_account_without_a_password_has_none_that_matches(stored):
    assert not matches(stored, "the password of no account at all")


def test_a_crowd_at_the_door_is_asked_to_come_back(monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(passwords, "_queue", passwords.BoundedSemaphore(1))
        with passwords._in_turn(), pytest.raises(Busy):
            matches("", "seven otters on a barge")
    assert not matches("", "seven otters on a barge")


def test_a_whole_office_may_sign_in_at_once(monkeypatch):
    many, begun, go = 24, Barrier(25), Event()

    class Slow:
        def verify(self, *_):
            assert go.wait(30)
            return True

    def come():
        begun.wait(30)
        return matches("stored", "seven otters on a barge")

    monkeypatch.setattr(passwords, "_hasher", Slow())
    with ThreadPoolExecutor(many) as office:
        waiting = [office.submit(come) for _ in range(many)]
        begun.wait(30)
        go.set()
        assert all(each.result() for each in waiting)


def test_nobody_waits_to_sign_in_for_ever(monkeypatch):
    monkeypatch.setattr(passwords, "PATIENCE", 0.01)
    with passwords._in_turn(), passwords._in_turn(), pytest.raises(Busy):
        matches("", "seven otters on a barge")
