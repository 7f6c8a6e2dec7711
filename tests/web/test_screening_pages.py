"""Screening as a worker meets it in the browser, and as a program meets it over the API."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import UUID

import pytest
from sqlmodel import select

from tests.support.screening import NOBODY_AT_RISK
from throughcare.casework.people import Sex
from throughcare.disclosure.policy import Basis
from throughcare.kernel.actors import SYSTEM
from throughcare.screening.rows import SafetyCheck, Screening

pytestmark = pytest.mark.on_database(-1)  # what the pages show is read on each in tests/steps

AUDIT_12 = dict(zip([f"q{n}" for n in range(1, 11)], [3, 2, 2, 1, 1, 0, 1, 2, 0, 0], strict=True))
AUDIT_20 = dict(zip([f"q{n}" for n in range(1, 11)], [4, 4, 4, 1, 1, 0, 1, 1, 2, 2], strict=True))


@pytest.fixture
def case(world):
    return world.case(sex=Sex.FEMALE)


@pytest.fixture
def officer(client_for, world):
    return client_for(world.officer)


def text_of(page):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.text))


def post(client, path, form=None):
    return client.post(path, data=form or {}, follow_redirects=False)


def row_version(desk, kind, key):
    with desk.work(SYSTEM) as work:
        return work.session.get(kind, key).version


def safety_first(client, case):
    """The reception safety questions, all answered no, where nobody has asked them."""
    if client.get(f"/api/cases/{case}/screening").json()["safety"] is None:
        answered = client.post(f"/api/cases/{case}/screening/safety", json={"answers": NOBODY_AT_RISK})
        assert answered.status_code == 200, answered.text


def start(client, case, instrument, **more):
    """Start a screen on the page and give the address of its questions."""
    form = {
        "instrument": instrument,
        "mode": "interview",
        "setting": "reception",
        "language": "English",
        "wording": "uk_units",
    }
    safety_first(client, case)
    answer = post(client, f"/cases/{case}/screening/start", form | more)
    assert answer.status_code == 303, text_of(answer)[:900]
    return answer.headers["location"]


def fill(client, address, answers, **more):
    page = client.get(address)
    assert page.status_code == 200
    version = re.search(r'name="version" value="(\d+)"', page.text)[1]
    return post(client, address, {"version": version} | {code: str(value) for code, value in answers.items()} | more)


def screen(client, case, instrument, answers, **more):
    return fill(client, start(client, case, instrument, **more), answers)


def test_the_tab_says_that_nothing_has_been_asked_and_offers_to(officer, case):
    page = officer.get(f"/cases/{case}/screening")
    assert page.status_code == 200
    said = text_of(page)
    assert "Not asked yet. They come before any screen." in said
    assert "alcohol and drugs are both still to be screened" in said
    assert "They cannot be asked now" in said
    assert "Start a screen" not in said


def test_the_safety_questions_are_asked_one_under_another_and_a_yes_is_said_in_red(officer, desk, case):
    asked = officer.get(f"/cases/{case}/screening/safety")
    codes = re.findall(r'name="([a-z_]+)" type="radio" value="not_known"', asked.text)
    codes = codes or sorted(set(re.findall(r'name="((?:daily|withdrawal)_[a-z]+)"', asked.text)))
    assert len(codes) == 7
    said = dict.fromkeys(codes, "no") | {"withdrawal_now": "yes"}
    done = post(officer, f"/cases/{case}/screening/safety", said)
    assert done.status_code == 303
    page = text_of(officer.get(done.headers["location"]))
    assert "Healthcare must see this person today, whatever any score says." in page
    assert "Do you have any of those now?" in page
    assert "Safety questions saved" in page


def test_a_safety_question_left_out_is_asked_for_on_the_page(officer, case):
    answer = post(officer, f"/cases/{case}/screening/safety", {"daily_alcohol": "no"})
    assert answer.status_code == 422
    assert "Answer “" in answer.text


def test_audit_is_asked_in_its_own_words_and_its_result_says_it_is_no_diagnosis(officer, case):
    address = start(officer, case, "audit")
    page = text_of(officer.get(address))
    assert "1. How often do you have a drink containing alcohol?" in page
    assert "How many units of alcohol do you drink on a typical day" in page
    assert "Ask about the year before prison. When question 1 scores 0, questions 2 to 8 are left out." in page
    assert "(optional)" not in page
    done = fill(officer, address, AUDIT_12)
    result = text_of(officer.get(done.headers["location"]))
    assert "This is a screening result and not a diagnosis." in result
    assert "Increasing risk (zone II)" in result
    assert "12 out of 40" in result
    assert "AUDIT © World Health Organization" in result
    assert "Brief intervention" in text_of(officer.get(f"/cases/{case}/screening"))


def test_questions_left_out_are_asked_again_with_what_was_answered_still_there(officer, case):
    address = start(officer, case, "audit")
    answer = fill(officer, address, {"q1": 2, "q2": 1})
    assert answer.headers["location"] == address
    page = officer.get(address)
    assert "Still to answer: 3 to 10." in text_of(page)
    assert re.search(r'id="q1-3"[^>]*checked|value="2"[^>]*checked', page.text)


def test_never_drinking_finishes_at_one_nine_and_ten(officer, case):
    done = screen(officer, case, "audit", {"q1": 0, "q9": 0, "q10": 0})
    result = text_of(officer.get(done.headers["location"]))
    assert "Lower risk" in result
    assert result.count("Not asked") == 7


def test_contradictory_answers_come_back_with_their_sentence_until_they_are_confirmed(officer, case):
    address = start(officer, case, "audit")
    odd = dict.fromkeys(AUDIT_12, 0) | {"q4": 1}
    refused = fill(officer, address, odd)
    assert refused.status_code == 422
    assert "Question 1 is answered Never, but question 4 scores 1" in text_of(refused)
    done = fill(officer, address, odd, confirmed="yes")
    assert "contradict each other, confirmed" in text_of(officer.get(done.headers["location"]))


def test_dudit_is_entered_by_number_until_its_wording_is_installed(officer, case):
    safety_first(officer, case)
    chosen = text_of(officer.get(f"/cases/{case}/screening/start"))
    assert "Enter the answers by number from the paper form" in chosen
    page = text_of(officer.get(start(officer, case, "dudit")))
    assert "Question 1" in page
    assert "Question 11" in page
    assert "2-4 times a month" in page


def test_assist_lite_says_why_it_cannot_be_opened(officer, case):
    safety_first(officer, case)
    form = {"instrument": "assist_lite", "mode": "interview", "setting": "reception", "language": "English"}
    answer = post(officer, f"/cases/{case}/screening/start", form)
    assert answer.status_code == 409
    assert "ASSIST-Lite cannot be opened until its licensed pack is installed." in text_of(answer)


def test_a_screen_by_substance_asks_for_the_substance_beside_its_box(officer, case):
    safety_first(officer, case)
    form = {"instrument": "sds", "mode": "interview", "setting": "reception", "language": "English"}
    answer = post(officer, f"/cases/{case}/screening/start", form)
    assert answer.status_code == 422
    assert "Enter the substance that this screen is about" in answer.text


def test_a_positive_short_screen_continues_into_audit(officer, case):
    done = screen(officer, case, "audit_c", {"q1": 3, "q2": 2, "q3": 2})
    here = done.headers["location"].partition("?")[0]
    assert "Continue screen" in officer.get(here).text
    onwards = post(officer, f"{here}/continue")
    assert onwards.status_code == 303
    assert "Still to answer: 4 to 10." in text_of(officer.get(onwards.headers["location"]))


def test_a_person_who_declines_is_asked_again_on_a_day(officer, case):
    done = post(officer, f"/cases/{case}/screening/not-done", {"scope": "both", "status": "declined", "why": "Not now"})
    assert done.status_code == 303
    assert "Ask again on 27 November 2026" in text_of(officer.get(f"/cases/{case}/screening"))


def test_healthcare_records_that_it_has_been_and_an_officer_cannot(officer, client_for, world, desk, case):
    post_safety = officer.post(f"/api/cases/{case}/screening/safety", json={"answers": {}})
    assert post_safety.json()["status"] == "healthcare_today"
    address = f"/cases/{case}/screening/safety/{post_safety.json()['id']}/seen"
    assert officer.get(address).status_code == 403
    nurse = client_for(world.healthcare)
    assert "Record that healthcare has seen them" in nurse.get(address).text
    version = str(row_version(desk, SafetyCheck, UUID(post_safety.json()["id"])))
    assert post(nurse, address, {"version": version}).status_code == 303
    assert "Seen by healthcare" in text_of(nurse.get(f"/cases/{case}/screening"))


def test_the_pathway_is_changed_with_a_reason_and_the_score_stays(officer, case):
    screen(officer, case, "audit", AUDIT_12)
    page = officer.get(f"/cases/{case}/screening")
    address = re.search(r'href="([^"]+/change)"', page.text)[1]
    version = re.search(r'name="version" value="(\d+)"', officer.get(address).text)[1]
    empty = post(officer, address, {"version": version, "override_pathway": "specialist_assessment"})
    assert (empty.status_code, "Say why" in empty.text) == (422, True)
    form = {"version": version, "override_pathway": "specialist_assessment", "override_reason": "Morning drinking"}
    assert post(officer, address, form).status_code == 303
    said = text_of(officer.get(f"/cases/{case}/screening"))
    assert "Specialist assessment" in said
    assert "Morning drinking" in said


def test_another_officer_is_told_what_is_not_shown(officer, client_for, world, case):
    screen(officer, case, "audit", AUDIT_12)
    colleague = client_for(world.other_officer)
    said = text_of(colleague.get(f"/cases/{case}/screening"))
    assert "Not shown to your role" in said
    assert "Increasing risk" not in said
    assert "12 out of 40" not in said


def test_probation_and_strangers_do_not_get_in(client_for, world, desk, case):
    with desk.work(SYSTEM) as work:
        world.involve(work, case, "probation", Basis.ORDER)
    assert client_for(world.probation).get(f"/cases/{case}/screening/start").status_code == 403
    assert client_for(world.other_provider).get(f"/cases/{case}/screening").status_code == 404


def test_a_screening_of_another_case_is_not_found_under_this_one(officer, world, case):
    other = world.case()
    done = screen(officer, other, "audit", AUDIT_12)
    key = done.headers["location"].partition("?")[0].rpartition("/")[2]
    assert officer.get(f"/cases/{case}/screening/{key}").status_code == 404


def test_a_nurse_sees_both_bands_and_is_told_to_call_when_the_score_rises(client_for, world, case):
    nurse = client_for(world.healthcare)
    nine = {f"q{n}": 1 for n in range(1, 10)} | {"q10": 0}
    first = text_of(nurse.get(screen(nurse, case, "ciwa_ar", nine).headers["location"]))
    assert "Published bands disagree" in first
    assert "Call healthcare now" not in first
    world.desk.clock.forward(timedelta(hours=1))
    second = text_of(nurse.get(screen(nurse, case, "ciwa_ar", nine | {"q1": 3}).headers["location"]))
    assert "This score is severe, or has risen. Call healthcare now." in second


def test_the_same_screening_over_the_api(officer, desk, case):
    safety_first(officer, case)
    begun = officer.post(f"/api/cases/{case}/screening/start", json={"instrument": "audit"})
    assert begun.status_code == 200
    here = f"/api/cases/{case}/screening/{begun.json()['id']}"
    part = officer.post(f"{here}/answers", json={"answers": {"q1": 4}})
    assert (part.json()["status"], part.json()["total"]) == ("started", None)
    done = officer.post(f"{here}/answers", json={"answers": AUDIT_20})
    assert (done.json()["total"], done.json()["band"]) == (20, "possible_dependence")
    assert officer.get(here).json()["total"] == 20
    assert officer.get(f"/api/cases/{case}/screening").json()["outcomes"][0]["pathway"] == "specialist_assessment"
    with desk.work(SYSTEM) as work:
        assert work.session.exec(select(Screening.total)).one() == 20


@pytest.mark.parametrize(
    "answers", [{"q1": True}, {"q1": "4"}, {"q1": 9}, {"q99": 1}, {"q9": 1}, {"q1": 1.5}, [], None]
)
def test_a_bad_answer_over_the_api_is_refused_and_nothing_is_kept(officer, desk, case, answers):
    safety_first(officer, case)
    begun = officer.post(f"/api/cases/{case}/screening/start", json={"instrument": "audit"})
    answer = officer.post(f"/api/cases/{case}/screening/{begun.json()['id']}/answers", json={"answers": answers})
    assert answer.status_code in {400, 422}
    with desk.work(SYSTEM) as work:
        assert work.session.exec(select(Screening.answers)).one() == {}


@pytest.mark.parametrize("page", ["", "/safety", "/start", "/not-done", "/beside"])
def test_every_page_of_the_tab_opens_for_a_screener(officer, case, page):
    safety_first(officer, case)
    assert officer.get(f"/cases/{case}/screening{page}").status_code == 200


def test_a_screen_is_not_offered_and_not_begun_before_the_safety_questions(officer, case):
    opened = officer.get(f"/cases/{case}/screening/start")
    assert opened.status_code == 409
    assert "The reception safety questions come first." in text_of(opened)
    assert f'href="/cases/{case}/screening/safety"' in opened.text
    assert "This has changed since you opened it" not in opened.text
    form = {"instrument": "audit", "mode": "interview", "setting": "reception", "language": "English"}
    assert post(officer, f"/cases/{case}/screening/start", form).status_code == 409
    safety_first(officer, case)
    assert "Start a screen" in officer.get(f"/cases/{case}/screening").text


def test_a_program_is_told_what_comes_first(officer, case):
    answer = officer.post(f"/api/cases/{case}/screening/start", json={"instrument": "audit"})
    assert (answer.status_code, answer.json()["type"]) == (409, "ask_safety_first")
    assert answer.json()["first"] == f"/api/cases/{case}/screening/safety"
    unknown = officer.post(f"/api/cases/{case}/screening/safety/not-asked", json={"because": "busy"})
    assert unknown.status_code == 422
    said = officer.post(f"/api/cases/{case}/screening/safety/not-asked", json={"because": "no_interpreter"})
    assert (said.status_code, said.json()["status"], said.json()["answered"]) == (200, "healthcare_today", False)
    assert officer.post(f"/api/cases/{case}/screening/start", json={"instrument": "audit"}).status_code == 200


def test_why_they_cannot_be_asked_is_said_on_the_page_and_they_stay_to_be_asked(officer, case):
    here = f"/cases/{case}/screening/safety/not-asked"
    assert "Unwell or intoxicated" in officer.get(here).text
    empty = post(officer, here)
    assert (empty.status_code, "Select why" in empty.text) == (422, True)
    done = post(officer, here, {"because": "unwell"})
    assert done.status_code == 303
    page = text_of(officer.get(done.headers["location"]))
    assert "They could not be asked on 20 November 2026 at 10am: unwell or intoxicated. Recorded by Officer." in page
    assert "Healthcare must see this person today" in page
    assert "Start a screen" in page
    assert "Ask the safety questions" in page
    assert "Yes, or not known, to" not in page
    safety = officer.get(f"/api/cases/{case}/screening").json()["safety"]
    assert (safety["answered"], safety["not_asked_because"]) == (False, "unwell")


def test_questions_asked_on_an_earlier_day_say_which(officer, case):
    said = {**dict.fromkeys(NOBODY_AT_RISK, "no"), "on-day": "18", "on-month": "11", "on-year": "2026"}
    assert post(officer, f"/cases/{case}/screening/safety", said).status_code == 303
    assert "Asked on 18 November 2026, entered 20 November 2026" in text_of(officer.get(f"/cases/{case}/screening"))
    assert officer.get(f"/cases/{case}/screening/safety/not-asked").status_code == 409


def test_a_step_pressed_twice_by_one_nurse_is_shown_as_done_and_to_another_as_done_before(
    officer, client_for, world, desk, case
):
    check = officer.post(f"/api/cases/{case}/screening/safety", json={"answers": {}}).json()["id"]
    address = f"/cases/{case}/screening/safety/{check}/seen"
    version = {"version": str(row_version(desk, SafetyCheck, UUID(check)))}
    nurse = client_for(world.healthcare)
    first, again = post(nurse, address, version), post(nurse, address, version)
    assert (first.status_code, again.status_code) == (303, 303)
    assert first.headers["location"] == again.headers["location"]
    assert post(nurse, address, {"version": "99"}).status_code == 409
