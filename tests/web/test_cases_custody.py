"""The custody page and its acts, in the browser and by program."""

from __future__ import annotations

from datetime import time

import pytest

from throughcare.casework import custody, events
from throughcare.casework.forms_custody import Release
from throughcare.casework.rows import LeftFor
from throughcare.disclosure.policy import Basis
from throughcare.kernel.actors import SYSTEM

pytestmark = pytest.mark.on_database(-1)  # what the pages show is read on each in tests/steps

SENTENCE = {
    "custody_status": "sentenced",
    "sentence_type": "determinate",
    "release_type": "automatic",
    "days_served_by_release": "90",
    "sentence_release_date-day": "1",
    "sentence_release_date-month": "1",
    "sentence_release_date-year": "2027",
    "source": "Sentence calculation",
    "version": "1",
}
RELEASE = {"released_on-day": "20", "released_on-month": "11", "released_on-year": "2026", "released_at": "9.30am"}


@pytest.fixture
def case(world):
    return world.case()


def post(client, path, form):
    return client.post(path, data=form, follow_redirects=False)


def test_the_sentence_is_recorded_and_the_suggestion_shown_with_its_reason(client_for, world, case):
    client = client_for(world.officer)
    assert client.get(f"/cases/{case}/custody/dates").status_code == 200
    answer = post(client, f"/cases/{case}/custody/dates", SENTENCE)
    assert answer.status_code == 303, answer.text
    page = client.get(answer.headers["location"])
    assert "30 December 2026" in page.text
    assert "release is brought forward to Wednesday 30 December 2026" in page.text
    assert "Sentence calculation, Officer" in page.text


def test_a_confirmed_date_shows_what_moved_and_in_the_api_says_so(client_for, world, case):
    client = client_for(world.officer)
    body = {"confirmed_release_date": "2027-03-31", "source": "Prison"}
    told = client.post(f"/api/cases/{case}/custody/confirm", json=body).json()
    assert {"what": "Start the release plan", "was": None, "now": "2027-01-06", "withheld": []} in told["moved"]
    page = client.get(f"/cases/{case}/custody")
    assert "What moved when the date last changed" in page.text
    assert "6 January 2027" in page.text


def test_probation_sees_the_dates_and_not_what_is_planned(client_for, world, case, desk):
    with desk.work(SYSTEM) as work:
        world.involve(work, case, "probation", Basis.TASK)
    body = {"confirmed_release_date": "2027-03-31", "source": "Prison"}
    client_for(world.officer).post(f"/api/cases/{case}/custody/confirm", json=body)
    page = client_for(world.probation).get(f"/cases/{case}/custody")
    assert "31 March 2027" in page.text
    assert "Start the release plan" not in page.text
    assert "custody/confirm" not in page.text
    assert client_for(world.probation).get(f"/cases/{case}/custody/confirm").status_code == 403


def test_was_released_is_asked_by_name_and_both_answers_work(client_for, world, case):
    client = client_for(world.officer)
    path = f"/cases/{case}/custody/was-released"
    assert "Was Rowan Ashdown released?" in client.get(path).text
    empty = post(client, path, {"version": "1"})
    assert (empty.status_code, "Select yes if they have been released" in empty.text) == (422, True)
    half = post(client, path, {"released": "yes", "version": "1"})
    assert "Enter the date of release" in half.text
    new = {"new_date-day": "23", "new_date-month": "11", "new_date-year": "2026", "source": "Prison"}
    assert post(client, path, {"released": "no", "version": "1", **new}).status_code == 303
    assert post(client, path, {"released": "yes", "version": "2", **RELEASE}).status_code == 303
    assert "20 November 2026 at 9:30am" in client.get(f"/cases/{case}/custody").text


def test_a_release_in_the_future_is_said_beside_its_field(client_for, world, case):
    answer = post(
        client_for(world.officer), f"/cases/{case}/custody/release", RELEASE | {"released_at": "3pm", "version": "1"}
    )
    assert answer.status_code == 422
    assert "The release must not be in the future" in answer.text
    assert 'value="3pm"' in answer.text


def test_a_stale_form_changes_nothing(client_for, world, case):
    client = client_for(world.officer)
    post(client, f"/cases/{case}/custody/dates", SENTENCE)
    late = post(client, f"/cases/{case}/custody/release", RELEASE | {"version": "1"})
    assert late.status_code == 409
    assert "Not released" in client.get(f"/cases/{case}/custody").text


def test_release_recall_and_release_again(client_for, world, case):
    client = client_for(world.officer)
    assert post(client, f"/cases/{case}/custody/release", RELEASE | {"version": "1"}).status_code == 303
    recall = {
        "prison_id": str(world.agencies["prison"]), "custody_status": "recalled", "sentence_type": "determinate",
        "release_type": "fixed_recall", "received_on-day": "20", "received_on-month": "11", "received_on-year": "2026",
    }  # fmt: skip
    assert client.get(f"/cases/{case}/custody/recall").status_code == 200
    assert post(client, f"/cases/{case}/custody/recall", recall).status_code == 303
    page = client.get(f"/cases/{case}/custody").text
    assert ("Present stay" in page, "Earlier stay" in page) == (True, True)
    assert post(client, f"/cases/{case}/custody/release", RELEASE | {"version": "1"}).status_code == 303


def test_a_transfer_takes_the_case_out_of_reach(client_for, world, case):
    client = client_for(world.officer)
    move = {
        "prison_id": str(world.agencies["scottish_prison"]), "version": "1",
        "moved_on-day": "20", "moved_on-month": "11", "moved_on-year": "2026",
    }  # fmt: skip
    assert "HMP Glenmarra" in client.get(f"/cases/{case}/custody/transfer").text
    answer = post(client, f"/cases/{case}/custody/transfer", move)
    assert answer.headers["location"].startswith("/cases?done")
    assert client.get(f"/cases/{case}").status_code == 404
    assert client_for(world.scottish_officer).get(f"/cases/{case}").status_code == 200


def test_a_death_is_recorded_and_said_on_the_case(client_for, world, case):
    client = client_for(world.officer)
    day = {"died_on-day": "20", "died_on-month": "11", "died_on-year": "2026"}
    assert "govuk-button--warning" in client.get(f"/cases/{case}/custody/death").text
    assert post(client, f"/cases/{case}/custody/death", day).status_code == 303
    assert "This person died on 20 November 2026" in client.get(f"/cases/{case}").text


def test_a_deadline_met_elsewhere_is_recorded_on_its_page_and_in_the_api(client_for, desk, world):
    case = world.case()
    with desk.work(world.officer) as work:
        work.record(events.Received(subject_id=case, case_id=case, prison_id=world.agencies["prison"]))
    healthcare = client_for(world.healthcare)
    (first, *_) = [one for one in healthcare.get(f"/api/cases/{case}/deadlines").json()["deadlines"] if one["by_hand"]]
    page = healthcare.get(f"/cases/{case}/deadlines").text
    assert f"/cases/{case}/deadlines/{first['id']}/met" in page
    assert "NG57" in page
    asked = healthcare.get(f"/cases/{case}/deadlines/{first['id']}/met").text
    assert f"{first['words']}: record that it was met elsewhere" in asked
    sent = {"on": "2026-11-20", "known": "seen", "where": "Dr A Field, healthcare"}
    told = healthcare.post(f"/api/cases/{case}/deadlines/{first['id']}/met", json=sent)
    assert told.json()["elsewhere"][0]["where"] == sent["where"], told.text
    assert "I did it, or was there: Dr A Field, healthcare" in healthcare.get(f"/cases/{case}/deadlines").text
    assert healthcare.get(f"/cases/{case}/deadlines/{first['id']}/met").status_code == 409
    assert client_for(world.officer).get(f"/cases/{case}/deadlines/{first['id']}/met").status_code == 403


def test_the_custody_page_offers_and_takes_their_coming(client_for, desk, world, case):
    with desk.work(world.officer) as work:
        custody.release(work, case, Release(released_on=work.today, released_at=time(9), left_for=LeftFor.HOSPITAL))
    client = client_for(world.officer)
    assert f"/cases/{case}/custody/community" in client.get(f"/cases/{case}/custody").text
    told = client.post(f"/api/cases/{case}/custody/community", json={"on": "2026-11-20"})
    assert told.json()["in_community_on"] == "2026-11-20", told.text
    assert f"/cases/{case}/custody/community" not in client.get(f"/cases/{case}/custody").text
    assert client.get(f"/cases/{case}/check-ins").status_code == 200


def test_a_case_is_closed_from_its_page_once_nothing_is_live(client_for, desk, world, case):
    client = client_for(world.officer)
    assert f"/cases/{case}/close" not in client.get(f"/cases/{case}").text
    assert "They are in custody." in client.get(f"/cases/{case}/close").text
    with desk.work(world.officer) as work:
        custody.release(work, case, Release(released_on=work.today, released_at=time(9)))
    assert f"/cases/{case}/close" in client.get(f"/cases/{case}").text
    told = client.post(f"/api/cases/{case}/close", json={"because": "support_ended"})
    assert told.json()["closed"] is True, told.text
    page = client.get(f"/cases/{case}").text
    assert f"/cases/{case}/open-again" in page
    assert client.post(f"/api/cases/{case}/open-again", json={}).json()["closed"] is False
