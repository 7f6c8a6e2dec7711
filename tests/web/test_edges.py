"""What nobody should send is refused for what it is, never met with a fault of ours, and never loses somebody's words."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlmodel import select

from tests.support.handovers import Handing
from throughcare.casework import drafts, register
from throughcare.casework.drafts import Draft, FormToken, draft_of, keep_draft
from throughcare.casework.rows import Involvement
from throughcare.casework.standing import end
from throughcare.checkin import inbound
from throughcare.checkin.rows import InboundText
from throughcare.handover import answering
from throughcare.handover.forms import Declining
from throughcare.kernel.actors import SYSTEM
from throughcare.web.pages import health

FORM_KIND = {"content-type": "application/x-www-form-urlencoded"}
SURROGATE = "%ED%A0%80"


@pytest.mark.parametrize("key", [SURROGATE, "~cases.register.waiting", "cases.register:" + "z" * 36, "a" * 300])
def test_a_draft_is_kept_under_a_forms_own_key_and_no_other(client_for, world, desk, key):
    answer = client_for(world.officer).post("/drafts", content=f"draft_key={key}&words=x", headers=FORM_KIND)
    assert answer.status_code == 400
    with desk.work(SYSTEM) as work:
        assert work.session.exec(select(Draft)).all() == []


def test_a_draft_is_kept_whatever_was_typed(client_for, world, desk):
    sent = f"draft_key=cases.plan.needs.add:{uuid4()}&words=half{SURROGATE}%00done&{SURROGATE}=x"
    assert client_for(world.officer).post("/drafts", content=sent, headers=FORM_KIND).status_code == 204
    with desk.work(SYSTEM) as work:
        assert work.session.exec(select(Draft)).one().boxes == {"words": "half?done", "?": "x"}


def test_a_waiting_registration_that_cannot_be_read_is_none(desk, world):
    with desk.work(world.officer) as work:
        keep_draft(work, register.WAITING, {"form": "{"})
        assert register.waiting(work) is None


def test_a_worker_has_so_many_drafts_and_for_so_long(desk, world, clock):
    for each in range(drafts.MOST + 3):
        clock.forward(timedelta(seconds=1))
        with desk.work(world.officer) as work:
            keep_draft(work, f"act.{each}", {"words": "x"})
    with desk.work(world.officer) as work:
        assert len(work.session.exec(select(Draft)).all()) == drafts.MOST
        assert draft_of(work, "act.2") == {}
        assert draft_of(work, "act.3")
        drafts.sent_before(work, "t")
    clock.forward(drafts.KEPT + timedelta(seconds=1))
    with desk.work(SYSTEM) as work:
        drafts.sweep(work)
        assert work.session.exec(select(Draft)).all() == work.session.exec(select(FormToken)).all() == []


def test_what_was_being_written_goes_when_standing_ends(desk, world):
    case, other = world.case(), world.case()
    with desk.work(world.officer) as work:
        for each in (case, other):
            keep_draft(work, f"cases.plan:{each}", {"words": "x"})
    with desk.work(SYSTEM) as work:
        for row in work.session.exec(select(Involvement).where(Involvement.case_id == case)).all():
            assert len(work.session.exec(select(Draft)).all()) == 2
            end(work, row)
        assert [draft.key for draft in work.session.exec(select(Draft))] == [f"cases.plan:{other}"]


@pytest.mark.parametrize(
    "before",
    [
        "2026-11-20T10:00:00", "0001-01-01T00:00:00%2B14:00", "9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00Z", "x",
        "99999999999999999999",
    ],
)  # fmt: skip
def test_a_place_in_a_list_that_is_none_begins_at_the_first(client_for, world, before):
    handing = Handing(world).agreed().drafted()
    officer = client_for(world.officer)
    for address in (f"/cases/{handing.case_id}/timeline?before={before}", f"/handovers?before={before}_{uuid4()}"):
        for door in ("", "/api"):
            assert officer.get(door + address).status_code == 200


def test_a_body_nested_without_end_is_unreadable(client_for, world):
    told = client_for(world.officer).post(
        "/api/cases/register", content="[" * 100_000, headers={"content-type": "application/json"}
    )
    assert (told.status_code, told.json()["type"]) == (400, "unreadable")


@pytest.mark.parametrize("media", ["²", "9" * 30, "-1", "", "two"])
def test_a_text_is_kept_whatever_the_provider_counts(desk, media):
    with desk.work(SYSTEM) as work:
        inbound.store(work, {"MessageSid": "SM1", "From": "+447700900123", "Body": "help", "NumMedia": media})
    with desk.work(SYSTEM) as work:
        (text,) = work.session.exec(select(InboundText)).all()
        assert (text.body, text.media) == ("help", 0)


@pytest.mark.parametrize(("said", "number"), [("30007", 30007), ("²", None), ("", None), ("9" * 30, None)])
def test_a_providers_number_is_read_where_it_is_one(said, number):
    assert inbound.counted(said) == number


@pytest.mark.parametrize("header", ["forwarded", "x-forwarded-for", "x-real-ip"])
def test_the_numbers_are_not_for_whoever_comes_through_a_proxy(client_for, world, header, monkeypatch):
    client = client_for(world.officer)
    monkeypatch.setattr(health, "LOOPBACK", {"testclient"})
    assert client.get("/metrics").status_code == 200
    assert client.get("/metrics", headers={header: "for=203.0.113.7"}).status_code == 404


FULL = Declining(declined_by="provider", reason="no_capacity", words="Full")


@pytest.mark.parametrize("over", [True, False])
def test_what_was_being_written_about_a_handover_goes_with_the_act(desk, world, over):
    handing = Handing(world).received() if over else Handing(world).sent()
    about = f"handovers.decline:{handing.id}"
    for actor in (world.provider, world.provider_manager, world.officer):
        with desk.work(actor) as work:
            keep_draft(work, about, {"words": "half"})
            keep_draft(work, f"handovers.decline:{uuid4()}", {"words": "another"})
    if over:
        handing.do(world.provider, answering.decline, FULL)
    else:
        handing.do(world.provider, answering.receive)
    with desk.work(SYSTEM) as work:
        found = work.session.exec(select(Draft)).all()
    assert [draft.worker_id for draft in found if draft.key == about] == ([] if over else [world.officer.id])
    assert len([draft for draft in found if draft.key != about]) == 3
