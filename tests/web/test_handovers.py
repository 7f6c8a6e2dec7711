"""A handover through the pages and the API, from either side, with everything a hostile or hurried reader may try."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlmodel import select

from tests.support.handovers import Handing
from throughcare.casework.people import Case, Consent
from throughcare.kernel.actors import SYSTEM
from throughcare.kernel.audit import AuditRow

pytestmark = pytest.mark.on_database(-1)  # what the pages show is read on each in tests/steps

ACCEPTANCE = {"on": "2026-12-02", "at": "10:30", "place": "12 Quay Street"}


@pytest.fixture
def handing(world):
    return Handing(world)


def page(client, handing, tail=""):
    return client.get(f"/handovers/{handing.id}{tail}")


def test_the_whole_way_through_pages_alone(client_for, world, handing):
    """Both sides, form by form, as a browser sends them."""
    officer, provider = client_for(world.officer), client_for(world.provider)
    tab = f"/cases/{handing.case_id}/handovers"
    assert "No handover to community treatment has been sent" in officer.get(tab).text
    form = {"service_id": str(world.services["provider"]), "sought": "key_working", "area": "Ashby"}
    assert "Too few answers yet" in officer.get(f"{tab}/new").text
    made = officer.post(f"{tab}/new", data=form, follow_redirects=False)
    assert made.status_code == 303, made.text
    home = made.headers["location"].partition("?")[0]
    assert "has not agreed to be referred" in officer.get(home).text
    assert officer.get(f"{home}/send").status_code == 409
    handing.agreed()
    ticked = {"sections": ["identity", "custody"], "plan_note": "Wants a key worker"}
    unticked = press(officer, f"{home}/share", ticked)
    assert (unticked.status_code, "Select plan to share what you wrote" in unticked.text) == (422, True)
    shared = press(officer, f"{home}/share", ticked | {"sections": ["identity", "plan"]})
    assert shared.status_code == 303, shared.text
    assert "In the sender" in officer.get(home).text
    preview = officer.get(f"{home}/send").text
    assert "Prison number: A1234BC" in preview
    assert "Wants a key worker" in preview
    assert press(officer, f"{home}/send", {"sha256": hidden(preview, "sha256")}).status_code == 303
    assert "R.A." in provider.get("/handovers").text
    assert press(provider, f"{home}/receive", {}).status_code == 303
    answer = {"worker_id": str(world.provider.id), "on-day": "2", "on-month": "12", "on-year": "2026"}
    taken = press(provider, f"{home}/accept", answer | {"at": "10:30am", "place": "12 Quay Street"})
    assert taken.status_code == 303, taken.text
    assert "Rowan Ashdown" in provider.get(home).text
    assert "Rowan Ashdown" in provider.get("/handovers").text
    contact = {"on-day": "20", "on-month": "11", "on-year": "2026", "at": "9:30am", "how": "in_reach"}
    handing.id = home.rpartition("/")[2]
    early = press(provider, f"{home}/first-contact", contact)
    assert (early.status_code, "before the handover was sent" in early.text) == (422, True)
    assert press(provider, f"{home}/first-contact", contact | {"at": "10:00am"}).status_code == 303
    assert "Structured treatment started" in provider.get(home).text
    assert "Rowan Ashdown" in officer.get(tab).text


def hidden(text, name):
    return text.split(f'name="{name}"')[1].split('value="')[1].split('"')[0]


def press(client, path, form):
    asked = client.get(path)
    assert asked.status_code == 200, asked.text
    return client.post(path, data={"version": hidden(asked.text, "version"), **form}, follow_redirects=False)


def test_a_deciding_team_gets_the_summary_from_every_door(client_for, world, handing):
    handing.agreed().drafted().sharing("custody", "risk", risk_note="Kicked a door").sent()
    provider = client_for(world.provider)
    answers = [
        page(provider, handing),
        provider.get(f"/api/handovers/{handing.id}"),
        provider.get("/handovers"),
        provider.get("/api/handovers"),
        provider.post(f"/api/handovers/{handing.id}/receive", json={}),
    ]
    for answer in answers:
        assert answer.status_code == 200
        assert "R.A." in answer.text
        for secret in ("Rowan", "Ashdown", "A1234BC", "1990", "Kicked", str(handing.case_id)):
            assert secret not in answer.text


def test_what_a_team_reads_before_accepting_is_written_down(client_for, world, handing, desk):
    handing.sent()
    page(client_for(world.provider), handing)
    with desk.work(SYSTEM) as work:
        read = work.session.exec(
            select(AuditRow).where(AuditRow.name == "disclosure.read", AuditRow.actor_id == world.provider.id)
        ).all()
    assert read[-1].body["what"] == "Summary"


@pytest.mark.parametrize("who", ["other_provider", "probation", "scottish_officer", "admin"])
def test_for_anybody_else_it_does_not_exist(client_for, world, handing, who):
    handing.sent()
    client = client_for(world.actors[who])
    nobodys = client.get(f"/handovers/{uuid4()}")
    assert (page(client, handing).status_code, page(client, handing).text) == (404, nobodys.text)
    for tail in ("accept", "receive", "decline", "recall", "send", "first-contact", "return/accept"):
        assert page(client, handing, f"/{tail}").status_code == 404
    assert client.post(f"/api/handovers/{handing.id}/receive", json={}).status_code == 404


def test_a_worker_of_another_team_of_the_same_provider_cannot_open_it(client_for, world, handing):
    handing.sent()
    elsewhere = replace(world.provider, team_id=world.teams["other_provider"])
    assert page(client_for(elsewhere), handing).status_code == 404
    assert "R.A." not in client_for(elsewhere).get("/handovers").text
    assert page(client_for(world.provider_manager), handing).status_code == 200


def test_nobody_meets_about_another_cases_handover(client_for, world, handing):
    handing.sent()
    other = world.case(prison_number="A9999ZZ")
    form = {"handover_id": str(handing.id), "held_on": "2026-11-20", "prison": "in_person", "community": "in_person", "person": "in_person"}  # fmt: skip
    officer = client_for(world.officer)
    refused = officer.post(f"/api/cases/{other}/handovers/meeting", json=form)
    assert (refused.status_code, "Select one of the choices given" in refused.text) == (422, True)
    assert officer.post(f"/api/cases/{handing.case_id}/handovers/meeting", json=form).status_code == 200
    assert "20 November 2026" in officer.get(f"/cases/{handing.case_id}/handovers").text


def test_second_to_accept_reads_who_was_first(client_for, world, handing):
    handing.received()
    first, second = client_for(world.provider), client_for(world.provider_manager)
    assert page(second, handing, "/accept").status_code == 200  # both have the form open
    form = {"worker_id": str(world.provider.id), **ACCEPTANCE}
    assert first.post(f"/api/handovers/{handing.id}/accept", json=form).status_code == 200
    late = second.post(f"/api/handovers/{handing.id}/accept", json=form)
    assert late.status_code == 409
    assert "already accepted by Provider on 20 November 2026 at 10:00am" in late.text
    browser = second.post(f"/handovers/{handing.id}/accept", data=form | {"version": "3"})
    assert browser.status_code == 409
    assert "already accepted by Provider" in browser.text


def test_buttons_are_those_the_step_would_allow(client_for, world, handing):
    handing.received()
    receiver, sender = page(client_for(world.provider), handing).text, page(client_for(world.officer), handing).text
    for tail in ("accept", "ask", "waiting-list", "decline"):
        assert f"/handovers/{handing.id}/{tail}" in receiver
        assert f"/handovers/{handing.id}/{tail}" not in sender
    assert f"/handovers/{handing.id}/recall" in sender
    assert f"/handovers/{handing.id}/recall" not in receiver


def test_a_stale_acceptance_form_is_refused_beside_what_was_typed(client_for, world, handing):
    handing.received()
    past = {"worker_id": str(world.provider.id), "on-day": "1", "on-month": "11", "on-year": "2026", "at": "9am", "place": "Here <b>", "version": "3"}  # fmt: skip
    answer = client_for(world.provider).post(f"/handovers/{handing.id}/accept", data=past)
    assert answer.status_code == 422
    assert "Choose a time that is still to come." in answer.text
    assert "Here &lt;b&gt;" in answer.text


def test_a_preview_opened_before_the_record_changed_is_not_sent(client_for, world, handing, desk):
    handing.agreed().drafted()
    old = handing.preview().sha256
    handing.sharing("custody")
    answer = client_for(world.officer).post(f"/api/handovers/{handing.id}/send", json={"sha256": old})
    assert (answer.status_code, "preview_changed" in answer.text) == (409, True)


def test_consent_withdrawn_after_the_preview_stops_the_send(client_for, world, handing, desk):
    handing.agreed().drafted()
    old = handing.preview().sha256
    with desk.work(world.officer) as work:
        work.session.exec(select(Consent)).one().ended_at = work.now
    answer = client_for(world.officer).post(f"/api/handovers/{handing.id}/send", json={"sha256": old})
    assert (answer.status_code, "no_consent" in answer.text) == (409, True)


def test_filters_live_in_the_address(client_for, world, handing):
    handing.sent()
    officer = client_for(world.officer)
    assert "Rowan Ashdown" in officer.get("/handovers?direction=outgoing&status=sent").text
    for empty in ("direction=incoming", "status=accepted", "urgent=on"):
        assert "Rowan Ashdown" not in officer.get(f"/handovers?{empty}").text
    assert officer.get("/handovers?before=nonsense&status=%00").status_code == 200
    assert client_for(world.probation).get("/handovers").status_code == 403


def test_the_directory_says_how_a_service_answers_once_there_are_enough(client_for, world):
    officer = client_for(world.officer)
    assert "Too few answers to say" in officer.get("/services").text
    for number in range(5):
        other = Handing(world, case=world.case(prison_number=f"A100{number}BC"))
        other.accepted() if number else other.received()
    told = {line["name"]: line for line in officer.get("/api/services").json()["services"]}
    assert told["Harbour Recovery alcohol and drugs"]["median_days"] is None
    Handing(world, case=world.case(prison_number="A2000BC")).accepted()
    told = {line["name"]: line for line in officer.get("/api/services?option=key_working&area=ash").json()["services"]}
    harbour = told["Harbour Recovery alcohol and drugs"]
    assert (harbour["answers"], harbour["median_days"], harbour["accepted_percent"]) == (5, 0.0, 100)
    assert officer.get("/api/services?area=nowhere").json()["services"] == []


def test_recording_that_none_is_needed_ends_the_warning(client_for, world, handing):
    officer = client_for(world.officer)
    path = f"/cases/{handing.case_id}/handovers/not-needed"
    done = officer.post(path, data={"reason": "no_need", "words": ""}, follow_redirects=False)
    assert done.status_code == 303, done.text
    text = officer.get(f"/cases/{handing.case_id}/handovers").text
    assert "No handover is needed: no alcohol or drug need in the community" in text
    assert "has been sent for this person" not in text


def test_every_move_page_opens_and_its_form_refuses_nothing_typed(client_for, world, handing):
    handing.received()
    provider = client_for(world.provider)
    for tail in ("ask", "waiting-list", "accept", "decline"):
        assert page(provider, handing, f"/{tail}").status_code == 200
        empty = provider.post(f"/handovers/{handing.id}/{tail}", data={"version": str(handing.row.version)})
        assert empty.status_code == 422


def test_everything_on_the_receivers_first_screen_opens_and_names_nobody(client_for, world, handing):
    handing.sent()
    provider = client_for(world.provider)
    work = provider.get("/api/my-work").json()
    paths = {item["path"] for when in ("overdue", "today", "soon") for item in work[when]}
    assert paths == {f"/handovers/{handing.id}"}
    assert provider.get(paths.pop()).status_code == 200
    for secret in ("Rowan", "Ashdown", "A1234BC"):
        assert secret not in provider.get("/").text


def test_the_history_says_what_was_done_and_the_form_to_accept_says_when_they_leave(client_for, world, handing, desk):
    handing.received()
    with desk.work(SYSTEM) as work:
        row = work.session.get_one(Case, handing.case_id)
        row.release_on = work.today + timedelta(days=21)
        work.session.add(row)
    provider = client_for(world.provider)
    said = [past["what"] for past in provider.get(f"/api/handovers/{handing.id}").json()["history"]]
    assert said == ["Drafted", "Sent", "Opened by the team"]
    assert "in the week of 7 December 2026" in page(provider, handing, "/accept").text


def test_what_is_not_open_now_says_so_and_not_that_somebody_else_changed_it(client_for, world, handing):
    handing.sent()
    shut = page(client_for(world.provider), handing, "/first-contact")
    assert shut.status_code == 409
    assert "This cannot be done as things stand" in shut.text
    assert "Compare the two" not in shut.text
