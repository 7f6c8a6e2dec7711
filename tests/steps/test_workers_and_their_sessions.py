"""Sessions and tokens end when they should, and what an administrator does is felt on the very next request (T6)."""

from __future__ import annotations

from datetime import timedelta
from threading import Event, Thread

import pytest
from sqlmodel import select

from tests.support.signing_in import PASSWORD, figures, with_password
from throughcare.casework import opening, signin, tokens, visitors, workers
from throughcare.casework.agencies import Membership, Worker
from throughcare.casework.credentials import ApiToken, SignInThrottle, Stage, WebSession
from throughcare.kernel.actors import SYSTEM, Role
from throughcare.kernel.audit import AuditRow
from throughcare.kernel.refusals import Invalid, NotFound, NotPermitted


@pytest.fixture
def email(desk, world):
    return with_password(desk, world.officer)


@pytest.fixture
def enter(desk, clock, email):
    def enter():
        half = signin.sign_in(desk, email, PASSWORD)
        with desk.work(SYSTEM) as work:
            ticket = signin.verify_totp(work, half.token, figures(clock))
        clock.forward(timedelta(seconds=30))
        return ticket.token

    return enter


@pytest.fixture
def seen(desk):
    def seen(token):
        with desk.work(SYSTEM) as work:
            return visitors.session_of(work, token)

    return seen


@pytest.fixture
def membership_id(desk, world):
    with desk.work(SYSTEM) as work:
        return work.session.exec(select(Membership.id).where(Membership.worker_id == world.officer.id)).one()


def names(desk):
    with desk.work(SYSTEM) as work:
        return [row.name for row in work.session.exec(select(AuditRow).order_by(AuditRow.created_at))]


def test_a_session_unused_for_fifteen_minutes_is_over(enter, seen, clock):
    token = enter()
    clock.forward(timedelta(minutes=14))
    assert seen(token)
    clock.forward(timedelta(minutes=14, seconds=59))
    assert seen(token)
    clock.forward(timedelta(minutes=15))
    assert seen(token) is None
    clock.forward(timedelta(minutes=-5))
    assert seen(token)  # it was the time that ended it, and nothing else


def test_a_session_in_use_is_over_after_twelve_hours(enter, seen, clock):
    token = enter()
    clock.forward(timedelta(seconds=-30))
    for _ in range(12 * 6 - 1):
        clock.forward(timedelta(minutes=10))
        assert seen(token)
    clock.forward(timedelta(minutes=10))
    assert seen(token) is None


def test_changing_roles_does_not_lengthen_the_day(enter, seen, clock, desk, membership_id):
    token = enter()
    first = seen(token).expires_at
    clock.forward(timedelta(minutes=10))
    with desk.work(SYSTEM) as work:
        token = signin.choose(work, token, membership_id).token
    assert seen(token).expires_at == first


def test_a_fourth_signing_in_ends_the_first(enter, seen):
    tokens = [enter() for _ in range(4)]
    assert [bool(seen(token)) for token in tokens] == [False, True, True, True]


def test_signing_out_is_at_once_and_written_down(enter, seen, desk):
    token, other = enter(), enter()
    for _ in range(2):
        with desk.work(SYSTEM) as work:
            signin.sign_out(work, token)
    assert seen(token) is None
    assert seen(other)
    assert names(desk).count("signin.signed_out") == 1


def test_two_requests_at_once_may_both_keep_a_session_alive(enter, clock, desk):
    token = enter()
    clock.forward(timedelta(minutes=1))
    with desk.work(SYSTEM) as work:
        row = work.session.exec(select(WebSession).where(WebSession.stage == Stage.FULL)).one()
        visitors.session_of(work, token)
        visitors.stay(work, row.id)
        work.session.refresh(row)
        assert (row.used_at, row.version) == (clock.now(), 1)


@pytest.mark.parametrize("by", ["membership ended", "worker disabled", "worker reset"])
def test_a_leaver_is_refused_on_the_very_next_request(enter, seen, desk, world, membership_id, by):
    token = enter()
    with desk.work(world.admin) as work:
        said = tokens.add(work, membership_id, "caseload export")
    assert seen(token)
    with desk.work(SYSTEM) as work:
        assert visitors.token_of(work, said).actor == world.officer
    with desk.work(world.admin) as work:
        if by == "membership ended":
            workers.end_membership(work, membership_id)
        elif by == "worker disabled":
            workers.disable(work, world.officer.id)
        else:
            workers.reset(work, world.officer.id)
    assert seen(token) is None
    with desk.work(SYSTEM) as work:
        assert visitors.token_of(work, said) is None


def test_no_request_that_begins_after_a_worker_is_disabled_gets_in_however_many_there_are(enter, seen, desk, world):
    token, shut, stop, late = enter(), Event(), Event(), []

    def knock():
        while not stop.is_set():
            after = shut.is_set()
            if seen(token) and after:
                late.append(token)

    threads = [Thread(target=knock) for _ in range(6)]
    for thread in threads:
        thread.start()
    with desk.work(world.admin) as work:
        workers.disable(work, world.officer.id)
    shut.set()
    stop.wait(0.5)
    stop.set()
    for thread in threads:
        thread.join()
    assert not late


def test_a_worker_let_back_in_does_not_get_old_sessions_or_tokens_back(enter, seen, desk, world, membership_id):
    token = enter()
    with desk.work(world.admin) as work:
        said = tokens.add(work, membership_id, "caseload export")
        workers.disable(work, world.officer.id)
        workers.enable(work, world.officer.id)
    assert seen(token) is None
    with desk.work(SYSTEM) as work:
        assert visitors.token_of(work, said) is None
    assert enter()


def test_a_role_that_begins_tomorrow_opens_nothing_today(enter, seen, desk, clock, membership_id):
    token = enter()
    with desk.work(SYSTEM) as work:
        row = work.session.get_one(Membership, membership_id)
        row.from_on = work.today + timedelta(days=1)
    assert seen(token) is None


def test_who_has_no_role_left_is_told_so_when_signing_in(desk, world, clock, email, membership_id):
    with desk.work(world.admin) as work:
        workers.end_membership(work, membership_id)
    half = signin.sign_in(desk, email, PASSWORD)
    with pytest.raises(opening.NoRole), desk.work(SYSTEM) as work:
        signin.verify_totp(work, half.token, figures(clock))


def test_a_token_expires_and_can_be_revoked(desk, world, clock, membership_id):
    with desk.work(world.admin) as work:
        short = tokens.add(work, membership_id, "a day", timedelta(days=1))
        long = tokens.add(work, membership_id, "a year", timedelta(days=366))
    with desk.work(SYSTEM) as work:
        assert "tc_" not in " ".join(row.token_hash for row in work.session.exec(select(ApiToken)))
    clock.forward(timedelta(days=1))
    with desk.work(SYSTEM) as work:
        assert visitors.token_of(work, short) is None
        assert visitors.token_of(work, long)
        assert visitors.session_of(work, long) is None  # a token is no session
    with desk.work(world.admin) as work:
        year = next(token for token in tokens.of_worker(work, world.officer.id) if token.label == "a year")
        tokens.revoke(work, year.id)
        tokens.revoke(work, year.id)
    with desk.work(SYSTEM) as work:
        assert visitors.token_of(work, long) is None
    assert [name for name in names(desk) if name.startswith("token.")] == ["token.added"] * 2 + ["token.revoked"]


def test_a_token_may_not_last_for_ever(desk, world, membership_id):
    for lasts in (timedelta(0), timedelta(days=367)):
        with pytest.raises(Invalid), desk.work(world.admin) as work:
            tokens.add(work, membership_id, "too long", lasts)


def new_worker(world, role=Role.PROVIDER, agency="provider", **values):
    more = {"name": "Wren Holloway", "email": "Wren.Holloway@Example.org", "team_id": world.teams[agency]}
    return workers.NewWorker(role=role, agency_id=world.agencies[agency], **more | values)


def test_a_new_worker_chooses_a_password_with_the_code_they_were_given(desk, world, clock):
    with desk.work(world.admin) as work:
        invited = workers.add(work, new_worker(world))
    assert signin.sign_in(desk, "wren.holloway@example.org", PASSWORD) is None
    assert signin.set_up(desk, "wren.holloway@example.org", "aaaa-bbbb-cccc-dddd", PASSWORD) is None
    ticket = signin.set_up(desk, "wren.holloway@example.org", invited.set_up_code, PASSWORD)
    assert ticket.stage is Stage.SET_UP
    with desk.work(SYSTEM) as work:
        secret, _ = signin.app_to_set_up(work, ticket.token)
        assert signin.confirm_app(work, ticket.token, figures(clock, secret))
    assert signin.set_up(desk, "wren.holloway@example.org", invited.set_up_code, PASSWORD) is None
    assert {"worker.added", "membership.added", "signin.succeeded"} <= set(names(desk))


def test_a_set_up_code_lasts_three_days_and_the_latest_alone_will_do(desk, world, clock, email):
    with desk.work(world.admin) as work:
        first = workers.reset(work, world.officer.id)
        second = workers.reset(work, world.officer.id)
    assert signin.set_up(desk, email, first, PASSWORD) is None
    clock.forward(timedelta(hours=72))
    assert signin.set_up(desk, email, second, PASSWORD) is None
    clock.forward(timedelta(seconds=-1))
    assert signin.set_up(desk, email, second, PASSWORD)


def test_a_reset_takes_password_app_and_recovery_codes_together(desk, world, email):
    with desk.work(world.admin) as work:
        workers.reset(work, world.officer.id)
        worker = work.session.get_one(Worker, world.officer.id)
        assert (worker.password_hash, worker.totp_secret) == ("", "")
    assert signin.sign_in(desk, email, PASSWORD) is None
    assert "worker.reset" in names(desk)


def test_two_workers_cannot_have_one_address(desk, world):
    with desk.work(world.admin) as work:
        workers.add(work, new_worker(world))
    with pytest.raises(workers.AddressTaken), desk.work(world.admin) as work:
        workers.add(work, new_worker(world, email="wren.holloway@EXAMPLE.org"))


@pytest.mark.parametrize(
    ("role", "agency", "beside"),
    [
        (Role.OFFICER, "provider", "role"),
        (Role.PROBATION, "prison", "role"),
        (Role.ADMIN, "front_door", "agency_id"),
        (Role.MANAGER, "commissioner", "agency_id"),
    ],
)
def test_a_role_belongs_to_its_kind_of_agency(desk, world, role, agency, beside):
    with pytest.raises(Invalid) as refused, desk.work(world.admin) as work:
        workers.add(work, new_worker(world, role, agency))
    assert refused.value.field == beside


def test_a_team_belongs_to_its_agency(desk, world):
    with pytest.raises(Invalid) as refused, desk.work(world.admin) as work:
        workers.add(work, new_worker(world, team_id=world.teams["prison"]))
    assert refused.value.field == "team_id"


def test_only_an_administrator_says_who_may_sign_in(desk, world, membership_id):
    for name in set(world.actors) - {"admin"}:
        with pytest.raises(NotPermitted), desk.work(world.actors[name]) as work:
            workers.add(work, new_worker(world))
        with pytest.raises(NotPermitted), desk.work(world.actors[name]) as work:
            workers.end_membership(work, membership_id)
        with pytest.raises(NotPermitted), desk.work(world.actors[name]) as work:
            tokens.add(work, membership_id, "mine")


def test_an_administrator_does_nothing_to_their_own_account(desk, world):
    role = workers.NewRole(role=Role.OFFICER, agency_id=world.agencies["prison"])
    with pytest.raises(workers.NotOnYourself), desk.work(world.admin) as work:
        workers.add_membership(work, world.admin.id, role)
    for act in (workers.disable, workers.enable, workers.reset):
        with pytest.raises(workers.NotOnYourself), desk.work(world.admin) as work:
            act(work, world.admin.id)


def test_what_is_not_there_is_not_found(desk, world):
    for act in (workers.disable, workers.reset, workers.end_membership, tokens.revoke):
        with pytest.raises(NotFound), desk.work(world.admin) as work:
            act(work, world.agencies["prison"])


def test_what_is_long_over_is_forgotten(enter, desk, clock):
    enter()
    signin.sign_in(desk, "nobody@example.org", "wrong but long enough")
    clock.forward(timedelta(days=31))
    with desk.work(SYSTEM) as work:
        signin.sweep(work)
        assert not work.session.exec(select(WebSession)).all()
        assert not work.session.exec(select(SignInThrottle)).all()
