"""Safe contact, numbers, consents, who has read, and giving a case to a worker: as a worker meets them in the browser."""

from __future__ import annotations

import re

import pytest

from tests.factories import PARTNERS
from throughcare.disclosure.policy import Basis
from throughcare.kernel.actors import SYSTEM

pytestmark = pytest.mark.on_database(-1)  # what the pages show is read on each in tests/steps


@pytest.fixture
def case(world):
    return world.case()


@pytest.fixture
def client(client_for, world):
    return client_for(world.officer)


def post(client, path, form):
    return client.post(path, data=form, follow_redirects=False)


def link(page, ending):
    found = re.search(rf'href="([^"]*{ending})"', page.text)
    assert found, ending
    return found[1]


SAFE = {"safe_name": "Sam", "safe_from": "10am", "safe_until": "6pm", "phone_shared": "lock_screen", "never_text": "no"}


def test_safe_contact_is_recorded_and_changed(client, case):
    page = client.get(f"/cases/{case}/contact")
    assert "Nothing has been recorded, so nothing is sent." in page.text
    assert post(client, f"/cases/{case}/contact/safe", SAFE).status_code == 303
    page = client.get(f"/cases/{case}/contact")
    assert "10am to 6pm" in page.text
    assert "Others may see the screen" in page.text
    assert 'value="10:00"' in client.get(link(page, "/contact/safe")).text


def test_safe_times_that_end_before_they_begin_are_said_beside_the_field(client, case):
    answer = post(client, f"/cases/{case}/contact/safe", SAFE | {"safe_until": "9am"})
    assert answer.status_code == 422
    assert "Safe until must be later than safe from" in answer.text


def test_a_number_is_added_given_a_code_word_and_ended(client, case):
    add = f"/cases/{case}/contact/numbers/add"
    wrong = post(client, add, {"number": "12", "replaces": "yes"})
    assert (wrong.status_code, 'value="12"' in wrong.text) == (422, True)
    assert post(client, add, {"number": "07700 900123", "replaces": "yes"}).status_code == 303
    page = client.get(f"/cases/{case}/contact")
    assert "07700 900123" in page.text
    assert "Not proven yet" in page.text
    word = link(page, "/code-word")
    assert "means something else in a text" in post(client, word, {"code_word": "stop", "version": "1"}).text
    assert post(client, word, {"code_word": "lantern", "version": "1"}).status_code == 303
    page = client.get(f"/cases/{case}/contact")
    assert "A code word has been agreed." in page.text
    assert "lantern" not in page.text
    assert post(client, link(page, "/end"), {"version": "2"}).status_code == 303
    assert "No longer used" in client.get(f"/cases/{case}/contact").text


def test_the_notice_is_read_out_in_their_language(client_for, world):
    case = world.case(language="cy")
    page = client_for(world.officer).get(f"/cases/{case}/sharing/texts")
    assert "STOPIO" in page.text
    assert re.search(r'value="cy" checked', page.text)


def test_consent_is_given_listed_and_withdrawn(client, world, case):
    ask = f"/cases/{case}/sharing/consent"
    form = {"agency_id": str(world.agencies["probation"]), "purpose": "share", "answer": "given", "route": "in_person"}
    empty = post(client, ask, form)
    assert (empty.status_code, "Select what the agency may have" in empty.text) == (422, True)
    assert post(client, ask, form | {"categories": ["attendance", "housing"]}).status_code == 422  # R, never by consent
    assert post(client, ask, form | {"categories": ["attendance", "screening"]}).status_code == 303
    page = client.get(f"/cases/{case}/sharing")
    assert f"Sharing with an agency: {PARTNERS['probation'][2]}" in page.text
    assert "Attendance and screening scores" in page.text
    assert post(client, link(page, "/withdraw"), {"route": "in_person", "version": "1"}).status_code == 303
    page = client.get(f"/cases/{case}/sharing")
    assert "Does not hold" in page.text
    assert "Holds" not in page.text
    assert "/withdraw" not in page.text


def test_who_is_involved_and_who_has_read_are_told_on_the_sharing_page(client_for, client, world, case, desk):
    with desk.work(SYSTEM) as work:
        world.involve(work, case, "probation", Basis.TASK)
    probation = client_for(world.probation)
    assert probation.get(f"/cases/{case}").status_code == 200
    page = client.get(f"/cases/{case}/sharing")
    assert "Probation, Probation practitioner, Ashby Probation Office" in page.text
    assert "Statutory task" in page.text
    theirs = probation.get(f"/cases/{case}/sharing")
    assert "Who has read this record" not in theirs.text
    assert "/sharing/consent" not in theirs.text


def test_a_case_is_given_to_a_worker_with_their_load_in_view(client_for, world, case):
    client = client_for(world.prison_manager)
    page = client.get(f"/cases/{case}/allocate")
    assert "Throughcare officer, 1 open case" in page.text
    answer = post(client, f"/cases/{case}/allocate", {"worker_id": str(world.other_officer.id), "version": "1"})
    assert "Other Officer, HMP Fallowfield team" in client.get(answer.headers["location"]).text
    late = post(client, f"/cases/{case}/allocate", {"worker_id": str(world.officer.id), "version": "1"})
    assert late.status_code == 409


def test_details_are_corrected_and_somebody_elses_correction_is_never_overwritten(client, case):
    path = f"/cases/{case}/person"
    form = {
        "given": "Rowan", "family": "Marlow", "birth_date-day": "2", "birth_date-month": "4", "birth_date-year": "1990",
        "sex": "male", "prison_number": "A1234BC", "language": "en", "interpreter": "no", "version": "1",
    }  # fmt: skip
    assert 'value="Ashdown"' in client.get(path).text
    assert post(client, path, form).status_code == 303
    assert "Rowan Marlow" in client.get(f"/cases/{case}").text
    assert post(client, path, form | {"family": "Other"}).status_code == 409


def test_long_notes_emoji_and_markup_are_words(client, case):
    post(client, f"/cases/{case}/contact/safe", SAFE | {"may_be_told": "<script>select ' from 🙂</script>"})
    page = client.get(f"/cases/{case}/contact")
    assert "<script>select" not in page.text
    assert "🙂" in page.text
    refused = post(client, f"/cases/{case}/contact/safe", SAFE | {"may_be_told": "a\x00b", "version": "1"})
    assert refused.status_code == 422
    post(client, f"/cases/{case}/contact/safe", SAFE | {"version": "1"})
    assert post(client, f"/cases/{case}/contact/safe", SAFE | {"version": "1"}).status_code == 409


def test_nobody_without_standing_opens_any_of_it(client_for, world, case):
    client = client_for(world.scottish_officer)
    for tail in ("", "/custody", "/contact", "/sharing", "/person", "/allocate", "/contact/safe", "/sharing/texts"):
        assert client.get(f"/cases/{case}{tail}").status_code == 404, tail
