"""The Plan tab: what is missing first, a task list, no button that would be refused, and the card to take away (R15d, R29, R35)."""

from __future__ import annotations

import re

import pytest

from tests.support.lending import client_of
from tests.support.release import PaperTray, planned, printing_to
from throughcare.casework.people import Language
from throughcare.disclosure.policy import Basis
from throughcare.kernel.actors import SYSTEM
from throughcare.web.visit import SignedIn

pytestmark = pytest.mark.on_database(-1)  # what the pages show is read on each in tests/steps

NEED = {
    "domain": "drugs_alcohol", "what": "Start treatment outside", "severity": "high", "side": "community",
    "action": "Refer to the provider", "due_on-day": "4", "due_on-month": "1", "due_on-year": "2027",
    "source": "assessment",
}  # fmt: skip
BOOKING = {
    "kind": "probation", "on-day": "20", "on-month": "1", "on-year": "2027", "at": "2pm", "place": "4 Mill Lane",
    "with_whom": "Lee Marsh", "phone": "01632 960300",
}  # fmt: skip


@pytest.fixture
def as_worker(desk, world):
    held = printing_to(desk, PaperTray())

    return lambda name: client_of(held, SignedIn(world.actors[name], "token"))


@pytest.fixture
def case(desk, world):
    return planned(desk, world)


def post(client, path, values):
    """Open the form, then press its button."""
    page = client.get(path)
    assert page.status_code == 200, page.text
    version = re.search(r'name="version" value="(\d+)"', page.text)
    body = {**values, **({"version": version[1]} if version else {})}
    return client.post(path, data=body, follow_redirects=False)


def test_a_plan_is_started_from_its_page(as_worker, world):
    fresh = world.case()
    officer = as_worker("officer")
    assert "Start release plan" in officer.get(f"/cases/{fresh}/plan").text
    answer = post(officer, f"/cases/{fresh}/plan/start", {})
    assert (answer.status_code, answer.headers["location"]) == (303, f"/cases/{fresh}/plan?done=cases.plan.start")
    assert "Being written" in officer.get(f"/cases/{fresh}/plan").text
    assert "Start release plan" not in as_worker("privacy").get(f"/cases/{world.case()}/plan").text


def test_what_is_missing_stands_first_and_leads_to_where_it_is_put_right(as_worker, case):
    text = as_worker("officer").get(f"/cases/{case}/plan").text
    assert "gaps in this plan" in text
    assert f'href="/cases/{case}/plan/appointments">There is no first probation appointment.' in text
    assert text.index("gaps in this plan") < text.index("Not looked at yet")


def test_a_need_is_added_and_warns_until_there_is_a_handover(as_worker, case, world):
    officer = as_worker("officer")
    owner = f"agency:{world.agencies['prison']}"
    answer = post(officer, f"/cases/{case}/plan/needs/add", NEED | {"owner": owner})
    assert answer.headers["location"].startswith(f"/cases/{case}/plan/needs?done=")
    assert "A need in the community has no handover yet" in officer.get(f"/cases/{case}/plan").text
    assert "Send a handover, or record that none is needed" in officer.get("/").text
    needs = officer.get(f"/cases/{case}/plan/needs").text
    assert "Start treatment outside" in needs
    assert "HMP Fallowfield" in needs


def test_a_need_without_an_owner_is_refused_beside_the_field_and_kept(as_worker, case):
    answer = post(as_worker("officer"), f"/cases/{case}/plan/needs/add", NEED)
    assert answer.status_code == 422
    assert "Select who sees to it" in answer.text
    assert 'value="Start treatment outside"' in answer.text


def test_needs_appointments_checklist_and_address_are_changed_on_their_own_pages(as_worker, case, world):
    officer = as_worker("officer")
    made = officer.post(f"/api/cases/{case}/plan/needs/add", json=api_need(world)).json()
    done = {"status": "done", "said": "Accepted", "evidence": "Letter"}
    assert post(officer, f"/cases/{case}/plan/needs/{made['id']}/update", done).status_code == 303
    again = NEED | {"owner": f"agency:{world.agencies['prison']}", "what": "Start with Harbour"}
    assert post(officer, f"/cases/{case}/plan/needs/{made['id']}/edit", again).status_code == 303
    booked = BOOKING | {"agency_id": str(world.agencies["probation"])}
    assert post(officer, f"/cases/{case}/plan/appointments/book", booked).status_code == 303
    view = officer.get(f"/api/cases/{case}/plan").json()
    first = next(row for row in view["appointments"] if row["kind"] == "First probation appointment")
    assert (
        post(officer, f"/cases/{case}/plan/appointments/{first['id']}/move", booked | {"at": "3pm"}).status_code == 303
    )
    item = view["checklist"][1]["id"]
    settled = {"needed": "yes", "arranged_by": "Gate staff"}
    assert post(officer, f"/cases/{case}/plan/checklist/{item}", settled).status_code == 303
    address = {"lodged": "no", "later_nights": "Not known"}
    assert post(officer, f"/cases/{case}/plan/address", address).status_code == 303
    for part in ("needs", "appointments", "checklist", "check"):
        assert officer.get(f"/cases/{case}/plan/{part}").status_code == 200
    assert "a manager must agree the plan" in officer.get(f"/cases/{case}/plan").text
    assert "20 January 2027 at 3pm" in officer.get(f"/cases/{case}/plan/appointments").text


def api_need(world):
    plain = {key: value for key, value in NEED.items() if not key.startswith("due_on")}
    return plain | {"owner": f"agency:{world.agencies['prison']}", "due_on": "2027-01-04"}


def test_a_row_of_another_case_is_not_found_under_this_one(as_worker, desk, world, case):
    other = planned(desk, world, family="Other")
    officer = as_worker("officer")
    item = officer.get(f"/api/cases/{other}/plan").json()["checklist"][0]["id"]
    assert officer.get(f"/cases/{case}/plan/checklist/{item}").status_code == 404
    row = officer.get(f"/api/cases/{other}/plan").json()["appointments"][0]["id"]
    assert officer.get(f"/cases/{case}/plan/appointments/{row}/move").status_code == 404


def test_medicines_are_for_those_who_treat(as_worker, case):
    path = f"/cases/{case}/plan/medicines"
    assert as_worker("officer").get(path).status_code == 403
    nurse = as_worker("healthcare")
    page = nurse.get(path).text
    assert 'value="Quay Pharmacy"' in page
    assert 'name="next_dose_time" type="text" value="10:00"' in page
    given = {"opioid_need": "yes", "naloxone": "refused", "opioid_medicine": "no", "bridging": "not_needed"}
    assert post(nurse, path, given).status_code == 303
    assert "Refused" in as_worker("officer").get(f"/cases/{case}/plan").text


def test_the_plan_goes_forward_and_is_agreed_by_another_with_no_button_that_would_be_refused(as_worker, case):
    officer, other = as_worker("officer"), as_worker("other_officer")
    assert "Put the plan forward" in officer.get(f"/cases/{case}/plan/check").text
    said = {"person_agrees": "yes", "how": "In a meeting"}
    assert post(officer, f"/cases/{case}/plan/submit", said).status_code == 303
    mine, theirs = officer.get(f"/cases/{case}/plan").text, other.get(f"/cases/{case}/plan").text
    assert "Agree the plan" not in mine
    assert "Agree the plan" in theirs
    assert officer.get(f"/cases/{case}/plan/agree").status_code == 403
    assert "Agree or return the release plan" in as_worker("prison_manager").get("/?whose=mine").text
    refused = post(other, f"/cases/{case}/plan/agree", {"reason": ""})
    assert refused.status_code == 422
    assert "enter why it can be agreed with them" in refused.text
    assert post(other, f"/cases/{case}/plan/agree", {"reason": "The rest is booked"}).status_code == 303
    agreed = officer.get(f"/cases/{case}/plan").text
    assert "The rest is booked" in agreed
    assert officer.get(f"/cases/{case}/plan/needs/add").status_code == 409
    assert post(officer, f"/cases/{case}/plan/reopen", {"why": "The bed was lost"}).status_code == 303
    assert officer.get(f"/cases/{case}/plan/needs/add").status_code == 200


def test_a_plan_is_returned_with_a_reason(as_worker, case):
    post(as_worker("officer"), f"/cases/{case}/plan/submit", {"person_agrees": "no", "how": "On the phone"})
    why = {"why": "Nobody is named for housing"}
    assert post(as_worker("prison_manager"), f"/cases/{case}/plan/return", why).status_code == 303
    assert "Nobody is named for housing" in as_worker("officer").get(f"/cases/{case}/plan").text


def test_probation_under_an_order_reads_the_address_and_nothing_else_of_the_plan(as_worker, desk, world, case):
    with desk.work(SYSTEM) as work:
        world.involve(work, case, "probation", Basis.ORDER)
    for path in ("plan", "plan/needs", "plan/appointments", "plan/checklist", "plan/check"):
        text = as_worker("probation").get(f"/cases/{case}/{path}").text
        for secret in ("Quay", "Sam Okoro", "gaps in this plan", "Naloxone", "Being written"):
            assert secret not in text
    assert "3 Harbour Row, Ashby" in as_worker("probation").get(f"/cases/{case}/plan").text
    assert as_worker("probation").get(f"/cases/{case}/plan/address").status_code == 403


def test_nobody_elses_plan_or_card_exists(as_worker, case):
    stranger = as_worker("scottish_officer")
    for path in ("plan", "plan/needs", "plan/start", "plan/submit", "plan/medicines", "card", "card.pdf"):
        assert stranger.get(f"/cases/{case}/{path}").status_code == 404, path


def test_the_card_is_read_on_the_screen_and_printed_under_a_name_that_says_nothing(as_worker, case):
    officer = as_worker("officer")
    page = officer.get(f"/cases/{case}/card").text
    assert "The outside says only “Ro”" in page
    assert "Healthcare can print the whole card" in page
    answer = officer.get(f"/cases/{case}/card.pdf?language=en")
    assert (answer.content, answer.headers["content-type"]) == (b"%PDF", "application/pdf")
    assert answer.headers["content-disposition"] == 'inline; filename="card.pdf"'
    assert answer.headers["cache-control"] == "no-store"


def test_staff_are_told_that_the_welsh_has_not_been_reviewed(as_worker, desk, world):
    case = planned(desk, world, language=Language.WELSH)
    page = as_worker("officer").get(f"/cases/{case}/card").text
    assert "has not been reviewed yet" in page
    assert '<div class="govuk-inset-text" lang="cy">' in page
    assert "has not been reviewed yet" not in as_worker("officer").get(f"/cases/{case}/card?language=en").text
