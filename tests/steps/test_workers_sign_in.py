"""Signing in: password, then the app; what is refused, what is counted, what is written down (security section 6)."""

from __future__ import annotations

from datetime import timedelta
from threading import Thread

import pyotp
import pytest
from sqlmodel import select

from tests.support.signing_in import PASSWORD, SECRET, figures, with_password
from throughcare.casework import passwords, signin, visitors
from throughcare.casework.agencies import Membership, Worker
from throughcare.casework.credentials import RecoveryCode, Stage, WebSession
from throughcare.casework.signin_events import NOBODY
from throughcare.casework.throttle import TooManyTries, wait_after
from throughcare.kernel.actors import SYSTEM, Role
from throughcare.kernel.audit import AuditRow


@pytest.fixture
def email(desk, world):
    return with_password(desk, world.officer)


def told(desk, prefix="signin."):
    with desk.work(SYSTEM) as work:
        rows = work.session.exec(select(AuditRow).order_by(AuditRow.created_at)).all()
        return [(row.name, row.subject_id) for row in rows if row.name.startswith(prefix)]


def whole(desk, clock, email, device=""):
    """Signed in by both halves; the clock moves a step so that the next time has new figures."""
    half = signin.sign_in(desk, email, PASSWORD, device)
    with desk.work(SYSTEM) as work:
        ticket = signin.verify_totp(work, half.token, figures(clock), device)
    clock.forward(timedelta(seconds=30))
    return ticket


def seen(desk, token):
    with desk.work(SYSTEM) as work:
        return visitors.session_of(work, token)


def test_a_password_alone_opens_nothing(desk, email):
    half = signin.sign_in(desk, email, PASSWORD)
    assert half.stage is Stage.PASSWORD
    assert seen(desk, half.token) is None


def test_password_and_app_together_open_the_service(desk, world, clock, email):
    half = signin.sign_in(desk, f"  {email.upper()} ", PASSWORD)
    with desk.work(SYSTEM) as work:
        ticket = signin.verify_totp(work, half.token, figures(clock))
    assert ticket.stage is Stage.FULL
    assert ticket.token != half.token
    visitor = seen(desk, ticket.token)
    assert visitor.actor == world.officer
    assert visitor.place == "HMP Fallowfield, HMP Fallowfield team"
    assert told(desk) == [("signin.succeeded", world.officer.id)]


def test_the_first_half_is_over_once_the_second_is_done(desk, clock, email):
    half = signin.sign_in(desk, email, PASSWORD)
    with desk.work(SYSTEM) as work:
        signin.verify_totp(work, half.token, figures(clock))
    clock.forward(timedelta(seconds=30))
    with pytest.raises(signin.SignInAgain), desk.work(SYSTEM) as work:
        signin.verify_totp(work, half.token, figures(clock))


def test_no_token_is_stored(desk, clock, email):
    ticket = whole(desk, clock, email)
    with desk.work(SYSTEM) as work:
        for row in work.session.exec(select(WebSession)):
            assert ticket.token not in str(row.__dict__)


@pytest.mark.parametrize("email_typed", ["officer@example.org", "nobody@example.org"])
def test_a_wrong_answer_says_the_same_of_known_and_unknown_accounts(desk, email, email_typed):
    for _ in range(5):
        assert signin.sign_in(desk, email_typed, "not the password at all") is None
    with pytest.raises(TooManyTries) as refused:
        signin.sign_in(desk, email_typed, PASSWORD)
    assert refused.value.sentence == "There have been too many failed tries. Wait 1 second, then try again."


def test_an_account_that_does_not_exist_costs_the_same_sums(desk, monkeypatch):
    asked = []
    monkeypatch.setattr(passwords, "_hasher", type("Counting", (), {"verify": lambda *a: asked.append(a)})())
    monkeypatch.setattr(passwords, "_nobodys", lambda: "dummy")
    assert signin.sign_in(desk, "nobody@example.org", PASSWORD) is None
    assert len(asked) == 1


def test_a_failed_try_is_counted_and_written_down(desk, world, email):
    assert signin.sign_in(desk, email, "wrong but long enough") is None
    assert signin.sign_in(desk, "nobody@example.org", "wrong but long enough") is None
    assert set(told(desk)) == {("signin.failed", world.officer.id), ("signin.failed", NOBODY)}


def test_the_wait_doubles_to_a_quarter_of_an_hour_and_no_more():
    waits = [wait_after(n).total_seconds() for n in range(1, 20)]
    assert waits == [0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900, 900, 900]


def test_an_hour_of_guessing_at_one_account_is_judged_less_than_thirty_times(desk, clock, email, monkeypatch):
    judged = []
    monkeypatch.setattr(passwords, "matches", lambda *typed: judged.append(typed))
    end = clock.now() + timedelta(hours=1)
    while clock.now() < end:
        try:
            signin.sign_in(desk, email, "a guess at the password")
        except TooManyTries as refused:
            clock.forward(timedelta(seconds=refused.seconds))
    assert 5 < len(judged) < 30


def test_the_account_is_never_shut_for_good(desk, clock, email):
    for wait in (0, 0, 0, 0, 0, 1, 2, 4, 8):
        clock.forward(timedelta(seconds=wait))
        assert signin.sign_in(desk, email, "wrong but long enough") is None
    clock.forward(timedelta(seconds=16))
    assert whole(desk, clock, email).stage is Stage.FULL
    assert signin.sign_in(desk, email, PASSWORD)  # and the failures are forgotten


def test_a_right_password_does_not_forget_wrong_codes(desk, clock, email):
    """Else whoever has the password could guess at six figures for ever."""

    def guess_at_the_code():
        half = signin.sign_in(desk, email, PASSWORD)
        with desk.work(SYSTEM) as work:
            assert signin.verify_totp(work, half.token, "000000") is None

    for _ in range(5):
        guess_at_the_code()
    with pytest.raises(TooManyTries):
        guess_at_the_code()


def test_others_failures_do_not_slow_a_browser_the_worker_has_used(desk, clock, email):
    ticket = whole(desk, clock, email)
    for _ in range(5):
        signin.sign_in(desk, email, "wrong but long enough")
    with pytest.raises(TooManyTries):
        signin.sign_in(desk, email, PASSWORD)
    assert signin.sign_in(desk, email, PASSWORD, ticket.device)
    with pytest.raises(TooManyTries):
        signin.sign_in(desk, email, PASSWORD, ticket.device[:-1] + "0x")


def test_many_tries_at_once_are_no_cheaper(desk, email, monkeypatch):
    monkeypatch.setattr(passwords, "matches", lambda *_: False)
    outcomes = []

    def guess():
        try:
            outcomes.append(signin.sign_in(desk, email, "a guess at the password"))
        except TooManyTries:
            outcomes.append("slowed")

    threads = [Thread(target=guess) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(str, outcomes)) == ["None"] * 5 + ["slowed"] * 7


def test_six_figures_do_once(desk, clock, email):
    shown = figures(clock)
    half = signin.sign_in(desk, email, PASSWORD)
    with desk.work(SYSTEM) as work:
        assert signin.verify_totp(work, half.token, f"{shown[:3]} {shown[3:]}")
    half = signin.sign_in(desk, email, PASSWORD)
    with desk.work(SYSTEM) as work:
        assert signin.verify_totp(work, half.token, shown) is None


@pytest.mark.parametrize(("seconds", "good"), [(-60, False), (-30, True), (30, True), (60, False)])
def test_a_phones_clock_may_be_half_a_minute_out(desk, clock, email, seconds, good):
    half = signin.sign_in(desk, email, PASSWORD)
    shown = pyotp.TOTP(SECRET).at(clock.now() + timedelta(seconds=seconds))
    with desk.work(SYSTEM) as work:
        assert bool(signin.verify_totp(work, half.token, shown)) is good


@pytest.mark.parametrize("typed", ["", "١٢٣٤٥٦", "1234567", "abcdef", "🦦"])
def test_odd_figures_are_only_wrong(desk, email, typed):
    half = signin.sign_in(desk, email, PASSWORD)
    with desk.work(SYSTEM) as work:
        assert signin.verify_totp(work, half.token, typed) is None


def test_the_first_sign_in_sets_up_the_app_and_gives_ten_recovery_codes(desk, world, clock):
    email = with_password(desk, world.officer, app=False)
    half = signin.sign_in(desk, email, PASSWORD)
    assert half.stage is Stage.SET_UP
    with desk.work(SYSTEM) as work:
        secret, address = signin.app_to_set_up(work, half.token)
    assert address.startswith("otpauth://totp/Throughcare:officer%40example.org?secret=")
    with desk.work(SYSTEM) as work:
        assert signin.confirm_app(work, half.token, "000000") is None
    with desk.work(SYSTEM) as work:
        ticket, codes = signin.confirm_app(work, half.token, figures(clock, secret))
    assert ticket.stage is Stage.FULL
    assert len(set(codes)) == 10
    with desk.work(SYSTEM) as work:
        kept = " ".join(row.code_mark for row in work.session.exec(select(RecoveryCode)))
        assert secret not in work.session.get_one(Worker, world.officer.id).totp_secret
    assert not any(code in kept or code.replace("-", "") in kept for code in codes)


def test_a_recovery_code_does_once_and_is_written_down(desk, world, clock):
    email = with_password(desk, world.officer, app=False)
    half = signin.sign_in(desk, email, PASSWORD)
    with desk.work(SYSTEM) as work:
        secret, _ = signin.app_to_set_up(work, half.token)
        _, codes = signin.confirm_app(work, half.token, figures(clock, secret))
    for typed, good in ((codes[3].upper().replace("-", " "), True), (codes[3], False), (codes[4], True)):
        half = signin.sign_in(desk, email, PASSWORD)
        with desk.work(SYSTEM) as work:
            assert bool(signin.use_recovery_code(work, half.token, typed)) is good
    assert told(desk, "signin.recovery").count(("signin.recovery_code_used", world.officer.id)) == 2


def test_a_disabled_worker_cannot_begin(desk, world, email):
    with desk.work(SYSTEM) as work:
        work.session.get_one(Worker, world.officer.id).disabled_at = work.now
    assert signin.sign_in(desk, email, PASSWORD) is None


def test_who_has_two_roles_chooses_one_and_may_change_it(desk, world, clock, email):
    with desk.work(SYSTEM) as work:
        other = work.add(
            Membership(
                worker_id=world.officer.id, agency_id=world.agencies["prison"], role=Role.MANAGER, from_on=work.today
            )
        )
        theirs = select(Membership).where(Membership.worker_id == world.officer.id, Membership.role == Role.OFFICER)
        first = work.session.exec(theirs).one()
    ticket = whole(desk, clock, email)
    assert ticket.stage is Stage.CHOOSING
    assert seen(desk, ticket.token) is None
    with desk.work(SYSTEM) as work:
        chosen = signin.choose(work, ticket.token, first.id)
    assert seen(desk, chosen.token).actor.role is Role.OFFICER
    with desk.work(SYSTEM) as work:
        moved = signin.choose(work, chosen.token, other.id)
    assert len({ticket.token, chosen.token, moved.token}) == 3
    assert seen(desk, chosen.token) is None
    assert seen(desk, moved.token).actor.role is Role.MANAGER


def test_nobody_chooses_a_role_that_is_not_theirs(desk, world, clock, email):
    ticket = whole(desk, clock, email)
    with desk.work(SYSTEM) as work:
        foreign = work.session.exec(select(Membership).where(Membership.worker_id == world.provider.id)).one()
    with pytest.raises(signin.NotFound), desk.work(SYSTEM) as work:
        signin.choose(work, ticket.token, foreign.id)
    assert seen(desk, ticket.token).actor == world.officer
