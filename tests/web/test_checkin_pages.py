"""The pages of check-ins: who needs a person, the thread with what became of each text, and the phones of the demo."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from litestar.testing import TestClient
from sqlmodel import select

from config.gateways import carrier_of
from tests.support.lending import whole
from tests.support.texting import NUMBER, dispatch, forward, gateway_of, proven, reachable, release, texts
from throughcare.casework.people import PhoneNumber
from throughcare.casework.rows import Task, TaskStatus
from throughcare.checkin import inbound, optouts, thread
from throughcare.checkin.planning import plan_texts
from throughcare.checkin.rows import CheckinPlan, InboundText, PlanStatus, TextReceived
from throughcare.kernel.actors import SYSTEM
from throughcare.kernel.delivery import Delivery
from throughcare.kernel.outbox import OutboxRow


@pytest.fixture
def case(desk, world, clock):
    """The check-in of day 1 is on the phone."""
    made = world.case()
    reachable(desk, made)
    release(desk, made)
    proven(desk, made)
    forward(clock, hours=26)
    with desk.work(SYSTEM) as work:
        plan_texts(work)
    dispatch(desk, gateway_of(desk), rounds=2)
    return made


@pytest.fixture
def browse(client_for, world):
    return lambda name="officer": client_for(world.actors[name])


def hear(desk, body, number=NUMBER, media="0"):
    forward(desk.clock, seconds=1)
    said = {"MessageSid": uuid4().hex, "From": number, "To": "+441632960000", "Body": body, "NumMedia": media}
    with desk.work(SYSTEM) as work:
        inbound.store(work, said)
        inbound.settle_number(work, number)


def rows(desk, table):
    with desk.work(SYSTEM) as work:
        return list(work.session.exec(select(table)))


def test_the_thread_shows_both_sides_and_what_became_of_each_r25(desk, browse, case):
    hear(desk, "4 but <b>struggling</b>", media="2")
    page = browse().get(f"/cases/{case}/check-ins").text
    assert "How are things today?" in page
    assert "4 but &lt;b&gt;struggling&lt;/b&gt;" in page
    assert "Taken by the phone company" in page
    assert "2 pictures or sounds with it, not fetched" in page
    assert "Waiting to be read" in page
    assert "Next check-ins" in page


def test_the_inbox_puts_what_is_urgent_first(desk, browse, case):
    hear(desk, "hmm")
    hear(desk, "CALL")
    view = browse().get("/api/check-ins").json()
    assert view["waiting"][0]["urgent"] is True
    assert "Call them" in browse().get("/check-ins").text
    assert browse("other_provider").get("/api/check-ins").json()["waiting"] == []


def test_another_agency_finds_no_thread_and_probation_no_page(browse, case):
    assert browse("other_provider").get(f"/cases/{case}/check-ins").status_code == 404
    assert browse("probation").get(f"/cases/{case}/check-ins").status_code in {403, 404}
    assert browse("probation").get("/check-ins").status_code == 403


def test_a_worker_agrees_a_plan_before_release(desk, browse, world):
    made = world.case(given="Sorrel", family="Marsh")
    reachable(desk, made, number="+447700900124", word="")
    answer = browse().post(
        f"/cases/{made}/check-ins/plan",
        data={"code": "closer", "hour": "18", "language": "cy", "code_word": "Harvest"},
        follow_redirects=False,
    )
    assert answer.status_code == 303
    (plan,) = rows(desk, CheckinPlan)
    assert (plan.code, plan.hour, plan.language, plan.status) == ("closer", 18, "cy", PlanStatus.AGREED)
    assert rows(desk, PhoneNumber)[0].code_word == "harvest"
    assert re.search(r"Time of day\s*</dt>\s*<dd[^>]*>\s*6pm\s*<", browse().get(f"/cases/{made}/check-ins").text)
    offered = browse().get(f"/cases/{made}/check-ins/plan").text
    assert offered.count('<option value="">') + offered.count('<option value="" selected>') == 1, "no hour is said once"


@pytest.mark.parametrize("typed", [{"code": "none"}, {"hour": "3"}, {"code_word": "STOP"}])
def test_a_plan_that_will_not_do_is_put_right_beside_the_field(browse, case, typed):
    answer = browse().post(
        f"/cases/{case}/check-ins/plan", data={"code": "standard", "hour": "", "language": "en", **typed}
    )
    assert answer.status_code == 422


def test_words_that_give_a_person_away_are_blocked_beside_the_field(desk, browse, case):
    before = len(texts(desk))
    answer = browse().post(f"/cases/{case}/check-ins/write", data={"message": "See you at probation", "seen": "true"})
    assert answer.status_code == 422
    assert "Take out “probation”" in answer.text
    assert "See you at probation" in answer.text
    assert len(texts(desk)) == before


def test_a_text_is_shown_as_a_locked_phone_shows_it_before_it_goes(desk, browse, case):
    before = len(texts(desk))
    said = {"message": "Hope today went well. Ring me any time."}
    first = browse().post(f"/cases/{case}/check-ins/write", data=said)
    assert first.status_code == 422
    assert "On a locked phone" in first.text
    assert len(texts(desk)) == before
    browse().post(f"/cases/{case}/check-ins/write", data={**said, "seen": "true"})
    gateway = gateway_of(desk)
    dispatch(desk, gateway)
    assert "Hope today went well" in gateway.texts[-1].text


def test_having_spoken_closes_every_open_call(desk, browse, case):
    hear(desk, "CALL")
    browse().post(f"/cases/{case}/check-ins/spoke", data={"reached": "yes", "how": "phone"})
    assert [task for task in rows(desk, Task) if task.status is TaskStatus.OPEN and "call" in task.kind] == []


def test_not_having_reached_them_closes_nothing(desk, browse, case):
    hear(desk, "CALL")
    browse().post(f"/cases/{case}/check-ins/spoke", data={"reached": "no", "how": "phone"})
    assert {task.kind for task in rows(desk, Task) if task.status is TaskStatus.OPEN} == {"checkin_call_asked"}


def test_a_text_is_read_once_and_off_the_list(desk, browse, case):
    hear(desk, "can you ask about my flat")
    (text,) = rows(desk, TextReceived)
    path = f"/cases/{case}/check-ins/texts/{text.id}/read"
    assert "can you ask about my flat" in browse().get(path).text
    assert path in browse().get(f"/cases/{case}/check-ins").text
    seen = browse("privacy").get(f"/cases/{case}/check-ins").text
    assert ("Waiting to be read" in seen, path in seen) == (True, False), "whoever only reads would be refused there"
    browse().post(path, data={})
    assert rows(desk, TextReceived)[0].read_at
    assert not [task for task in rows(desk, Task) if task.status is TaskStatus.OPEN]
    assert browse().get(f"/cases/{case}/check-ins/texts/{uuid4()}/read").status_code == 404


def test_a_pause_an_end_and_a_stop_by_a_worker(desk, browse, case):
    browse().post(f"/cases/{case}/check-ins/pause", data={"because": "hospital"})
    assert rows(desk, CheckinPlan)[0].status is PlanStatus.PAUSED
    browse().post(f"/cases/{case}/check-ins/resume", data={})
    browse().post(f"/cases/{case}/check-ins/stop-texts", data={})
    with desk.work(SYSTEM) as work:
        assert optouts.opted_out(work, case, NUMBER)
    assert "/stop-texts" not in browse().get(f"/cases/{case}/check-ins").text
    browse().post(f"/cases/{case}/check-ins/end", data={"because": "finished"})
    assert rows(desk, CheckinPlan)[0].status is PlanStatus.ENDED
    assert browse().get(f"/cases/{case}/check-ins/pause").status_code == 409


def test_a_worker_says_whose_text_from_a_shared_number_it_is(desk, browse, case, world):
    other = world.case(given="Sorrel", family="Marsh")
    reachable(desk, other)
    hear(desk, "3")
    (text,) = rows(desk, InboundText)
    page = browse().get(f"/check-ins/{text.id}/place").text
    assert "Sorrel Marsh" in page
    browse().post(f"/check-ins/{text.id}/place", data={"case_id": str(case)})
    assert [heard.case_id for heard in rows(desk, TextReceived)] == [case]
    assert rows(desk, InboundText)[0].body == ""


def test_only_a_manager_sees_texts_from_numbers_nobody_knows(desk, browse, case):
    hear(desk, "is this the right place", number="+447700900999")
    (text,) = rows(desk, InboundText)
    assert "is this the right place" in browse("prison_manager").get("/check-ins").text
    assert "is this the right place" not in browse().get("/check-ins").text
    assert browse().get(f"/check-ins/{text.id}/place").status_code == 404


def test_the_phone_on_the_screen_shows_texts_and_answers_by_the_signed_door(desk, settings, case):
    (number,) = rows(desk, PhoneNumber)
    with TestClient(whole(settings, desk), base_url="http://127.0.0.1:8000") as client:
        assert "Rowan Ashdown" in client.get("/simulator").text
        assert "How are things today?" in client.get(f"/simulator/{number.id}").text
        answer = client.post(
            f"/simulator/{number.id}/reply",
            data={"text": "5"},
            headers={"sec-fetch-site": "same-origin"},
            follow_redirects=False,
        )
        assert answer.status_code == 303
        kind = {"sec-fetch-site": "same-origin", "content-type": "application/x-www-form-urlencoded"}
        half = client.post(
            f"/simulator/{number.id}/reply", content=b"text=%ED%A0%80", headers=kind, follow_redirects=False
        )
        assert half.status_code == 303
        assert client.get(f"/simulator/{uuid4()}").status_code == 404
    assert {(text.value, text.text) for text in rows(desk, TextReceived)} == {(5, "5"), (None, "?")}


def test_outside_the_demonstration_there_are_no_phones(desk, settings):
    settings = settings.model_copy(update={"environment": "production"})
    with TestClient(whole(settings, desk)) as client:
        assert client.get("/simulator", follow_redirects=False).status_code == 404
    assert carrier_of(settings, desk).door.calls


def test_a_text_from_a_number_nobody_has_is_on_the_pages_of_those_on_duty(desk, world, client_for):
    with desk.work(SYSTEM) as work:
        inbound.store(work, {"MessageSid": "SMx", "From": "+447700900998", "Body": "I want to end it"})
        inbound.settle_number(work, "+447700900998")
    for who in (world.prison_manager, world.officer):
        mine = client_for(who).get("/")
        assert mine.status_code == 200
        assert "A text or call came from a number nobody has" in mine.text
        assert "Not known yet" in mine.text
        assert "I want to end it" in client_for(who).get("/check-ins").text
        assert client_for(who).get("/api/my-work").json()["today"][0]["heading"] is None
    page = client_for(world.officer).get("/?whose=team")
    assert (page.status_code, "Not known yet" in page.text) == (200, True)


def test_a_text_is_looked_at_with_its_size_and_price_before_it_goes(desk, browse, case):
    before = len(texts(desk))
    look = f"/cases/{case}/check-ins/write/look"
    page = browse().post(look, data={"message": "Hope today went well. Ring me any time."})
    assert (page.status_code, "Error:" in page.text) == (200, False)
    assert "How it looks on a locked phone" in page.text
    assert "1 segment of at most 4" in page.text
    assert "Hope today went well" in page.text
    told = browse().post(f"/api{look}", json={"message": "Ring me, Siân \u0175"}).json()
    assert (told["encoding"], told["segments"], told["pence"]) == ("ucs2", 1, None)
    blocked = browse().post(look, data={"message": "See you at probation"})
    assert (blocked.status_code, "Take out “probation”" in blocked.text) == (422, True)
    assert len(texts(desk)) == before


def test_a_long_thread_is_read_to_its_beginning_and_each_text_says_what_became_of_it(desk, browse, case, monkeypatch):
    monkeypatch.setattr(thread, "PAGE", 2)
    for word in ("hm", "hm hm", "hm hm hm"):
        hear(desk, word)
    seen, before = [], ""
    while True:
        view = browse().get(f"/api/cases/{case}/check-ins", params={"before": before}).json()
        assert len(view["unread"]) == min(len(rows(desk, TextReceived)), 2)
        seen += [(each["id"], each["received_at"]) for each in view["heard"]]
        seen += [(each["id"], each["sending_at"] or each["not_before"]) for each in view["sent"]]
        before = view["older"]
        if not before:
            break
    ids = [each for each, _ in seen]
    assert sorted(ids) == sorted({str(row.id) for row in (*texts(desk), *rows(desk, TextReceived))})


@pytest.mark.parametrize(
    ("state", "more", "told"),
    [
        (Delivery.UNCONFIRMED, {}, "Not proven to have been sent"),
        (
            Delivery.UNCONFIRMED,
            {"accepted_at": True, "why": "no_receipt"},
            "Sent, delivery not proven. The phone company",
        ),
        (Delivery.AMBIGUOUS, {}, "May not have been sent: being checked"),
        (Delivery.SUPPRESSED, {"why": "opted_out"}, "Held back. The person chose not to use texts"),
        (Delivery.CANCELLED, {"why": "recalled"}, "Cancelled. They were recalled to custody"),
        (Delivery.UNDELIVERED, {"provider_code": 30005}, "Not delivered. The number is unknown or no longer in use"),
        (Delivery.EXPIRED, {"why": "late"}, "Too late to send. Its time was over before it could go"),
    ],
)
def test_what_became_of_a_text_is_said_in_words_and_nothing_unproven_is_missed(desk, browse, case, state, more, told):
    with desk.work(SYSTEM) as work:
        row = work.session.exec(select(OutboxRow).where(OutboxRow.template == "checkin_question")).one()
        row.state, row.accepted_at = state, None
        for name, value in more.items():
            setattr(row, name, work.now if value is True else value)
        work.session.add(row)
    page = browse().get(f"/cases/{case}/check-ins").text
    assert f"Check-in. {told}" in page
    assert "issed" not in page
