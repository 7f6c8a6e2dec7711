"""The whole path over the JSON API, each step by the worker whose it is; twice across the night the clocks change."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from uuid import uuid4

import pytest
from litestar.testing import TestClient
from sqlmodel import col, select

from config.demonstration.partnership import found
from config.serving import web
from tests.support.by_api import ByApi, tokens_for
from tests.support.texting import dispatch, gateway_of, texts
from tests.support.whole_path import ADDRESS, CODE_WORD, PHONE, WholePath
from throughcare.checkin import inbound
from throughcare.checkin.planning import plan_texts
from throughcare.checkin.rows import CheckinPrompt
from throughcare.kernel.actors import SYSTEM
from throughcare.kernel.clock import LONDON, SetClock, at
from throughcare.kernel.delivery import Delivery

# Clocks go back on 25 October 2026 and forward on 28 March 2027.
RELEASES = {
    "the autumn change": date(2026, 10, 22),
    "the spring change": date(2027, 3, 25),
    "no change": date(2027, 1, 6),
}
DAYS = 5  # after release: the fewest that have check-ins on both sides of each change
OFFSETS = {"the autumn change": {0, 1}, "the spring change": {0, 1}, "no change": {0}}


@pytest.fixture(params=RELEASES)
def crossing(request):
    return request.param


@pytest.fixture
def clock(crossing):
    """Reception is three weeks before release."""
    return SetClock(datetime.combine(RELEASES[crossing] - timedelta(days=21), time(10), UTC))


@pytest.fixture
def path(desk, settings, crossing):
    made = found(desk)
    with TestClient(web(settings, desk), base_url="http://testserver.local") as client:
        yield WholePath(ByApi(client, tokens_for(desk, made)), desk, made, RELEASES[crossing])


def until(desk, day, wall):
    desk.clock.forward(at(day, wall) - desk.clock.now())


def send(desk):
    with desk.work(SYSTEM) as work:
        plan_texts(work)
    dispatch(desk, gateway_of(desk))


def number_proven(desk):
    """The code word comes back from the phone it was asked on, and is thanked for."""
    send(desk)
    said = {"MessageSid": uuid4().hex, "From": PHONE.replace(" ", "").replace("0", "+44", 1), "To": "+441632960000"}
    desk.clock.forward(timedelta(minutes=1))
    with desk.work(SYSTEM) as work:
        inbound.store(work, said | {"Body": CODE_WORD})
        inbound.settle_number(work, said["From"])
    send(desk)


def checked_in(path, first, last):
    """The scheduler wakes every hour of each working day."""
    for after in range(first, last + 1):
        for hour in range(9, 18):
            until(path.desk, path.release + timedelta(days=after), time(hour))
            send(path.desk)


def everything(path):
    path.up_to_acceptance()
    until(path.desk, path.release, time(11))
    path.released()
    number_proven(path.desk)
    checked_in(path, 1, 1)
    path.met_outside()
    checked_in(path, 2, DAYS)


def asked_of(path):
    with path.desk.work(SYSTEM) as work:
        asked = select(CheckinPrompt).where(col(CheckinPrompt.step).startswith("day_"))
        return list(work.session.exec(asked.order_by(col(CheckinPrompt.on))))


def test_one_person_is_carried_across_and_is_asked_at_the_same_hour_throughout(path, crossing):
    everything(path)
    assert path.door.read("provider", path.case)["hands"]["owner"].startswith("Priya Lark")
    told = str(path.door.read("probation", path.case))
    assert not [word for word in (ADDRESS, "Ashdown", "audit", "Drink at weekends") if word in told]
    prompts, sent = asked_of(path), {text.id: text for text in texts(path.desk, path.case_id)}
    assert {text.state for text in sent.values()} == {Delivery.ACCEPTED}
    due = [sent[prompt.message_id].not_before.astimezone(LONDON) for prompt in prompts]
    assert [day.date() - path.release for day in due] == [timedelta(days=day) for day in (1, 2, 3, 5)]
    assert len({day.time() for day in due}) == 1
    assert {day.utcoffset() / timedelta(hours=1) for day in due} == OFFSETS[crossing]


@pytest.mark.parametrize("who", ["treatment", "northgate", "glen_officer", "marsh_officer"])
@pytest.mark.parametrize("crossing", ["no change"])
def test_a_worker_with_no_part_in_it_finds_nothing(path, who):
    path.registered()
    expected = 200 if who == "treatment" else 404
    for tail in ("", "/plan", "/screening", "/timeline", "/contact", "/handovers", "/safeguarding"):
        answer = path.door.client.get(f"/api{path.case}{tail}", headers=path.door.headers(who))
        assert answer.status_code == expected, tail
