"""Every text with its verdict, size and review (R32-R34, R40); and how the texts are going, without anybody's data (R10, R49, R50)."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

import pytest
from markupsafe import escape
from sqlmodel import select

from tests.support.texting import dispatch, forward, gateway_of, texted, texts
from throughcare.checkin.planning import plan_texts
from throughcare.checkin.rows import FAILED, InboundText, SenderPace
from throughcare.checkin.service import Pacing
from throughcare.checkin.wording import Wording
from throughcare.kernel.actors import SYSTEM
from throughcare.kernel.audit import AuditRow
from throughcare.kernel.delivery import Delivery
from throughcare.kernel.heartbeat import WATCHER, Rounds, beat
from throughcare.kernel.outbox import OutboxRow
from throughcare.kernel.reference import Reference
from throughcare.web.pages.operations import ROUNDS

SECRETS = ("Rowan", "Ashdown", "7700900", "How are things")


def held(desk, **kinds):
    """The same desk with some of what it refers to replaced, by the name of its kind."""
    named = {kind.__name__: kind for kind in desk.reference.held}
    return replace(desk, reference=Reference({**desk.reference.held, **{named[n]: v for n, v in kinds.items()}}))


@pytest.fixture
def planned(desk, world, clock):
    """One person's check-in that is due."""
    case = texted(desk, world)
    forward(clock, hours=26)
    with desk.work(SYSTEM) as work:
        plan_texts(work)
    return case


def aside(desk):
    with desk.work(SYSTEM) as work:
        row = work.session.exec(select(OutboxRow).where(OutboxRow.template == "checkin_question")).one()
        row.state, row.ended_at = Delivery.QUARANTINED, work.now
        work.session.add(row)
        return row.id


def state(desk):
    (asked,) = [row.state for row in texts(desk) if row.template == "checkin_question"]
    return asked


@pytest.mark.parametrize("language", ["en", "cy"])
def test_every_text_is_shown_with_what_it_comes_to_and_none_is_blocked(desk, world, client_for, language):
    client = client_for(world.officer)
    view = client.get("/api/check-ins/texts", params={"language": language}).json()
    assert {text["code"] for text in view["texts"]} == set(desk.reference[Wording].codes)
    assert (view["blocked"], view["priced"]) == (0, False)
    assert all(text["look"]["segments"] <= text["look"]["most_segments"] for text in view["texts"])
    page = client.get("/check-ins/texts", params={"language": language}).text
    assert page.count("<details") == len({text["topic"] for text in view["texts"]}), (
        "the words are folded away, topic by topic"
    )
    for text in view["texts"]:
        assert f'<a class="govuk-link" href="/check-ins/texts/{text["id"]}">{text["name"]}</a>' in page
        assert escape(text["look"]["text"]) in page
    assert "On a locked phone" in client.get(f"/check-ins/texts/{view['texts'][0]['id']}").text
    assert ("In production the English text is sent instead" in page) == (view["unreviewed"] > 0)


def test_a_text_that_gives_somebody_away_is_said_to_be_blocked_and_a_price_is_shown(desk, world, client_for):
    wording = desk.reference[Wording]
    key = ("checkin_question", "en")
    told = replace(wording.templates[key], text="Your probation officer asks how things are. {sender}")
    pacing = replace(desk.reference[Pacing], pence_per_segment=4.2)
    desk = held(desk, Wording=Wording({**wording.templates, key: told}), Pacing=pacing)
    view = client_for(world.officer, desk).get("/api/check-ins/texts", params={"purpose": "checkin"}).json()
    by_code = {text["code"]: text for text in view["texts"]}
    assert view["blocked"] == 1
    assert "probation" in by_code["checkin_question"]["faults"][0]
    assert by_code["nudge"]["look"]["pence"] == 4.2
    assert "4.2p" in client_for(world.officer, desk).get("/check-ins/texts").text


def test_texts_are_for_those_who_work_with_them_and_for_administrators(world, client_for):
    assert client_for(world.admin).get("/check-ins/texts").status_code == 200
    assert client_for(world.probation).get("/check-ins/texts").status_code == 403
    assert client_for(world.officer).get("/admin/texts").status_code in {403, 404}


def test_how_the_texts_are_going_is_told_in_counts_and_ages_and_nobodys_data(desk, world, client_for, planned):
    view = client_for(world.admin).get("/api/admin/texts").json()
    assert [(each["state"], each["by_purpose"]["Check-in"]) for each in view["queue"]] == [("Planned", 1)]
    assert view["oldest"]["oldest_due"] is None or view["oldest"]["oldest_due"] <= view["at"]
    assert view["budget"] == [
        {"over": "Today", "used": 0, "most": None}, {"over": "This month", "used": 0, "most": None},
    ]  # fmt: skip
    assert all(each["late"] for each in view["rounds"])
    page = client_for(world.admin).get("/admin/texts").text
    assert [secret for secret in SECRETS if secret in page] == []
    assert "Nobody outside watches" in page
    assert set(desk.reference[Rounds].every) == set(ROUNDS), "each round is told in words"
    assert "Silence is followed" in page


def test_what_was_spent_the_rounds_and_the_watcher_are_told(desk, world, client_for, planned):
    dispatch(desk, gateway_of(desk))
    rounds = replace(desk.reference[Rounds], watched=True)
    pacing = replace(desk.reference[Pacing], daily_segments=10)
    desk = held(desk, Rounds=rounds, Pacing=pacing)
    with desk.work(SYSTEM) as work:
        beat(work, WATCHER)
        for name in rounds.every:
            beat(work, name)
        spent = work.session.exec(select(SenderPace)).one().day_used
    view = client_for(world.admin, desk).get("/api/admin/texts").json()
    assert view["budget"][0] == {"over": "Today", "used": spent, "most": 10}
    assert not any(each["late"] for each in view["rounds"])
    page = client_for(world.admin, desk).get("/admin/texts").text
    assert f"{spent} segment of 10 ({spent}0%)" in page
    assert "was last told that all is well" in page


def test_a_text_set_aside_is_tried_again_or_given_up_with_a_reason_once(desk, world, client_for, planned):
    admin, message = client_for(world.admin), aside(desk)
    page = admin.get("/admin/texts").text
    assert str(message) in page
    assert [secret for secret in SECRETS if secret in page] == []
    assert client_for(world.officer).post(f"/admin/texts/{message}/again", data={}).status_code in {403, 404}
    assert admin.post(f"/admin/texts/{message}/again", data={}, follow_redirects=False).status_code == 303
    assert state(desk) is Delivery.PLANNED
    assert admin.post(f"/api/admin/texts/{message}/give-up", json={"why": "too_late"}).status_code == 409
    aside(desk)
    assert admin.post(f"/admin/texts/{message}/give-up", data={}).status_code == 422
    admin.post(f"/admin/texts/{message}/give-up", data={"why": "too_late"})
    assert state(desk) is Delivery.CANCELLED
    with desk.work(SYSTEM) as work:
        named = select(AuditRow).where(AuditRow.subject_id == message, AuditRow.case_id == planned)
        found = {row.name: row.body for row in work.session.exec(named)}
    assert found["checkin.text_given_up"] == {"why": "too_late"}
    assert "checkin.text_tried_again" in found
    assert admin.post(f"/admin/texts/{uuid4()}/again", data={}).status_code == 404


def test_a_text_to_us_that_could_not_be_worked_is_worked_again(desk, world, client_for):
    with desk.work(SYSTEM) as work:
        row = work.add(
            InboundText(
                sid="SM1", from_number="+447700900999", to_number="", body="hello", received_at=work.now, fate=FAILED,
                settled_at=work.now, tries=5,
            )
        )  # fmt: skip
    admin = client_for(world.admin)
    assert "tried 5 times" in admin.get("/admin/texts").text
    path = f"/admin/texts-to-us/{row.id}/again"
    assert client_for(world.prison_manager).post(path, data={}).status_code in {403, 404}
    assert admin.post(path, data={}, follow_redirects=False).status_code == 303
    with desk.work(SYSTEM) as work:
        again = work.session.get_one(InboundText, row.id)
        assert (again.fate, again.settled_at, again.tries) == ("", None, 0)
    assert admin.post(path, data={}).status_code == 409
