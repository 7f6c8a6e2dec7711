"""Brief interventions and referrals as a worker meets them in the browser, and over the API."""

from __future__ import annotations

import re

import pytest

from tests.steps.test_interventions import BY_TOTAL, audit
from throughcare.disclosure.policy import Basis
from throughcare.kernel.actors import SYSTEM

pytestmark = pytest.mark.on_database(-1)  # what the pages show is read on each in tests/steps


@pytest.fixture
def case(world):
    return world.case()


def text_of(page):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.text))


def link(client, case, words):
    """The address of the link with these words on the page."""
    page = client.get(f"/cases/{case}/interventions")
    return re.search(rf'href="([^"]+)">{words}', page.text)[1]


def press(client, address, form=None):
    asked = client.get(address)
    assert asked.status_code == 200, asked.status_code
    version = re.search(r'name="version" value="(\d+)"', asked.text)
    sent = ({"version": version[1]} if version else {}) | (form or {})
    return client.post(address, data=sent, follow_redirects=False)


def test_a_brief_intervention_is_offered_then_given_on_the_page(desk, world, client_for, case):
    audit(desk, world, case, 12)
    officer = client_for(world.officer)
    assert "Brief intervention: alcohol" in text_of(officer.get(f"/cases/{case}/interventions"))
    assert press(officer, link(officer, case, "Record that it was offered")).status_code == 303
    form = {
        "delivered_by": str(world.officer.id), "minutes": "10", "elements": ["feedback", "advice"],
        "goal": "Home for Christmas, sober", "readiness": "8", "leaflet": "yes",
    }  # fmt: skip
    address = link(officer, case, "Record brief intervention")
    empty = press(officer, address, {"minutes": "10"})
    assert empty.status_code == 422
    assert "Tick at least one element that was covered" in empty.text
    assert press(officer, address, form).status_code == 303
    said = text_of(officer.get(f"/cases/{case}/interventions"))
    for words in (
        "Given",
        "Home for Christmas, sober",
        "8 out of 10",
        "Feedback on their own drinking or use",
        "Leaflet",
    ):
        assert words in said


def test_somebody_at_twenty_has_a_referral_and_no_brief_intervention(desk, world, client_for, case):
    audit(desk, world, case, 20)
    officer = client_for(world.officer)
    said = text_of(officer.get(f"/cases/{case}/interventions"))
    assert "Specialist referral: alcohol" in said
    assert "Brief intervention:" not in said
    assert press(officer, link(officer, case, "Refer"), {"to_service": "Ashby clinic"}).status_code == 303
    assert press(officer, link(officer, case, "Record that it was accepted")).status_code == 303
    treatment = client_for(world.treatment)
    assert press(treatment, link(treatment, case, "Record that a specialist saw them")).status_code == 303
    done = press(treatment, link(treatment, case, "Record outcome"), {"assessed": "treatment", "note": "Relapse risk"})
    assert done.status_code == 303
    assert "Relapse risk" in text_of(treatment.get(f"/cases/{case}/interventions"))
    assert "Relapse risk" not in text_of(officer.get(f"/cases/{case}/interventions"))


def test_a_form_for_a_move_that_is_not_open_names_the_moves_that_are(desk, world, client_for, case):
    audit(desk, world, case, 12)
    officer = client_for(world.officer)
    address = link(officer, case, "Record that it was offered").replace("/offer", "/follow-up")
    answer = officer.get(address)
    assert answer.status_code == 409
    assert "record brief intervention" in text_of(answer)


def test_extended_sessions_are_listed_with_their_minutes(desk, world, client_for, case):
    audit(desk, world, case, 16)
    officer = client_for(world.officer)
    address = link(officer, case, "Record brief intervention")
    form = {"delivered_by": str(world.officer.id), "minutes": "10", "elements": ["advice"]}
    assert press(officer, address, form).status_code == 303
    assert press(officer, link(officer, case, "Record an extended session"), {"minutes": "40"}).status_code == 303
    assert "(40 minutes)" in text_of(officer.get(f"/cases/{case}/interventions"))


def test_the_substance_team_records_its_first_contact_once(desk, world, client_for, case):
    audit(desk, world, case, 12)
    treatment = client_for(world.treatment)
    assert press(treatment, link(treatment, case, "Record the first contact")).status_code == 303
    said = text_of(treatment.get(f"/cases/{case}/interventions"))
    assert "Record the first contact" not in said
    assert client_for(world.officer).get(f"/cases/{case}/interventions/first-contact").status_code == 403


def test_probation_sees_no_card_and_a_stranger_no_page(desk, world, client_for, case):
    audit(desk, world, case, 12)
    with desk.work(SYSTEM) as work:
        world.involve(work, case, "probation", Basis.ORDER)
    said = text_of(client_for(world.probation).get(f"/cases/{case}/interventions"))
    assert "Brief intervention: alcohol" not in said
    assert client_for(world.other_provider).get(f"/cases/{case}/interventions").status_code == 404


def test_an_intervention_of_another_case_is_not_found_under_this_one(desk, world, client_for, case):
    other = world.case()
    audit(desk, world, other, 12)
    officer = client_for(world.officer)
    address = link(officer, other, "Record that it was offered").replace(str(other), str(case))
    assert officer.get(address).status_code == 404
    assert officer.post(address, data={"version": "1"}, follow_redirects=False).status_code == 404


def test_the_same_over_the_api(desk, world, client_for, case):
    audit(desk, world, case, 12)
    officer = client_for(world.officer)
    brief = officer.get(f"/api/cases/{case}/interventions").json()["briefs"][0]
    said = {"delivered_by": str(world.officer.id), "minutes": 5, "elements": ["empathy"]}
    given = officer.post(f"/api/cases/{case}/interventions/{brief['id']}/give", json=said)
    assert (given.status_code, given.json()["status"]) == (200, "given")
    again = officer.post(f"/api/cases/{case}/interventions/{brief['id']}/give", json=said)
    assert again.status_code == 409
    assert sum(BY_TOTAL[12]) == 12


@pytest.mark.parametrize(
    "wrong", [{"minutes": True}, {"minutes": 0}, {"elements": []}, {"elements": ["hope"]}, {"readiness": 11}]
)
def test_bad_input_over_the_api_is_refused(desk, world, client_for, case, wrong):
    audit(desk, world, case, 12)
    officer = client_for(world.officer)
    brief = officer.get(f"/api/cases/{case}/interventions").json()["briefs"][0]
    said = {"delivered_by": str(world.officer.id), "minutes": 5, "elements": ["empathy"]} | wrong
    answer = officer.post(f"/api/cases/{case}/interventions/{brief['id']}/give", json=said)
    assert answer.status_code in {400, 422}
