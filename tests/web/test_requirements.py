"""Requirements and reports in the browser, for each side; and that nothing clinical is anywhere probation may look."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlmodel import select as rows

from tests.support.requirements import SENTENCE, kept, ordered, released
from throughcare.casework.rows import AppointmentStatus
from throughcare.kernel.actors import SYSTEM
from throughcare.requirement.periods import end_periods
from throughcare.requirement.rows import ComplianceReport

ABSENT = AppointmentStatus.ABSENT
RECORD = {
    "kind": "atr", "order": "community_order", "reference": "T2026/114", "starts_on-day": "1", "starts_on-month": "10",
    "starts_on-year": "2026",
}  # fmt: skip


@pytest.fixture
def case(desk, world):
    return released(desk, world)


@pytest.fixture
def order(desk, world, case):
    return ordered(desk, world, case)


def post(client, path, form=None, version=None):
    """Press a button as the page has it, with the version its form was shown at."""
    shown = client.get(path)
    assert shown.status_code == 200, (path, shown.status_code, shown.text[:400])
    held = re.search(r'name="version" value="(\d+)"', shown.text)
    given = {"version": version or held[1]} if held else {}
    return client.post(path, data={**(form or {}), **given}, follow_redirects=False)


def pressed(client, path, form=None):
    answer = post(client, path, form)
    assert answer.status_code == 303, answer.text
    page = client.get(answer.headers["location"])
    assert page.status_code == 200, page.text
    return page


def test_a_requirement_is_recorded_and_says_what_is_passed_on(client_for, world, case):
    client = client_for(world.provider)
    home = f"/cases/{case}/requirements"
    assert "nothing goes to probation without the person’s consent" in client.get(home).text
    asked = client.get(f"{home}/record")
    assert "Whether you came to each appointment" in asked.text
    wrong = post(
        client, f"{home}/record", RECORD | {"kind": "licence_condition", "officer_id": str(world.probation.id)}
    )
    assert wrong.status_code == 422
    assert "cannot be made under that kind of order" in wrong.text
    assert 'value="T2026/114"' in wrong.text
    none = post(client, f"{home}/record", RECORD)
    assert "Select the responsible officer" in none.text
    page = pressed(client, f"{home}/record", RECORD | {"officer_id": str(world.probation.id)})
    assert "Requirement recorded" in page.text
    assert "Alcohol treatment requirement" in page.text
    assert "Ashby Probation Office" in page.text


def test_a_missed_appointment_goes_from_the_provider_to_probation_and_is_decided(desk, client_for, world, case, order):
    provider, probation = client_for(world.provider), client_for(world.probation)
    home = f"/cases/{case}/requirements"
    booked = {"kind": "session", "on-day": "19", "on-month": "11", "on-year": "2026", "at": "9:30am", "place": "Quay"}
    pressed(provider, f"{home}/{order}/book", booked)
    appointment = re.search(r"appointments/([0-9a-f-]{36})/attendance", provider.get(home).text)[1]
    root = f"{home}/appointments/{appointment}"
    page = pressed(provider, f"{root}/attendance", {"status": "absent", "reason": "forgot"})
    assert f"{root}/tell" in page.text
    assert f"{root}/classify" not in page.text
    assert "19 November 2026 at 9:30am" in provider.get(f"{root}/tell").text
    page = pressed(provider, f"{root}/tell")
    assert "The responsible officer has been told" in page.text
    assert "Decide whether an absence is acceptable" in probation.get(f"/cases/{case}").text
    page = pressed(probation, f"{root}/classify", {"outcome": "unacceptable", "reason": "forgot"})
    assert "Unacceptable absence" in page.text


def test_the_classes_of_absence_and_the_warning_are_asked_on_pages(desk, client_for, world, case, order):
    missed = kept(desk, world, (case, order), 1, ABSENT, "forgot")
    provider, probation = client_for(world.provider), client_for(world.probation)
    root = f"/cases/{case}/requirements/appointments/{missed}"
    assert provider.get(f"{root}/classify").status_code == 403
    assert probation.get(f"{root}/attendance").status_code == 403
    pressed(probation, f"{root}/classify", {"outcome": "unacceptable", "reason": "forgot"})
    again = post(probation, f"{root}/classify", {"outcome": "acceptable", "reason": "illness"})
    assert again.status_code == 422
    assert "Say why it is decided again" in again.text
    asked = probation.get(f"{root}/warn")
    assert "a further breach within 12 months" in asked.text
    bare = post(probation, f"{root}/warn", {"circumstances": "Missed it"})
    assert bare.status_code == 422
    page = pressed(
        probation, f"{root}/warn", {"circumstances": "Missed it", "says_unacceptable": "yes", "says_liable": "yes"}
    )
    assert "Warning recorded" in page.text
    assert "20 November 2027" in page.text
    pressed(probation, f"{root}/enforcement", {"choice": "no_action"})


def test_on_a_licence_no_warning_is_offered_and_the_page_says_why(desk, client_for, world, case):
    made = ordered(desk, world, case, kind="licence_condition", order="licence")
    missed = kept(desk, world, (case, made), 1, ABSENT, "forgot")
    probation = client_for(world.probation)
    root = f"/cases/{case}/requirements/appointments/{missed}"
    page = pressed(probation, f"{root}/classify", {"outcome": "unacceptable", "reason": "forgot"})
    assert f"{root}/warn" not in page.text
    form = {"circumstances": "Missed it", "says_unacceptable": "yes", "says_liable": "yes"}
    no = post(probation, f"{root}/warn", form)
    assert no.status_code == 409
    assert "only on a community order in England and Wales" in no.text


def test_a_report_walks_its_whole_way_on_pages(desk, client_for, world, case, order):
    kept(desk, world, (case, order), 5)
    desk.clock.forward(timedelta(days=1))
    with desk.work(SYSTEM) as work:
        end_periods(work)
        report = work.session.exec(rows(ComplianceReport.id)).one()
    writer, manager, probation = (
        client_for(world.actors[name]) for name in ("provider", "provider_manager", "probation")
    )
    root = f"/cases/{case}/requirements/reports/{report}"
    assert root in writer.get("/reports").text
    assert root not in probation.get("/reports").text
    assert probation.get(root).status_code == 404
    said = {
        "rating": "well", "sentence": "Relapsed last week.", "risk_changed": "no", "stage": "under_way",
        "recommendation": "continue",
    }  # fmt: skip
    refused = post(writer, f"{root}/write", said)
    assert refused.status_code == 422
    assert "Say only how they take part" in refused.text
    page = pressed(writer, f"{root}/write", said | {"sentence": SENTENCE})
    assert f"{root}/countersign" not in page.text
    assert pressed(manager, f"{root}/countersign").status_code == 200
    page = pressed(writer, f"{root}/send")
    assert "It can no longer be changed" in page.text
    seen = probation.get(root)
    assert SENTENCE in seen.text
    assert "T2026/114" in seen.text
    assert root in probation.get("/reports").text
    assert "Report acknowledged" in pressed(probation, f"{root}/acknowledge").text
    new = post(writer, f"{root}/correct")
    assert re.search(r"/reports/[0-9a-f-]{36}", new.headers["location"])
    assert writer.get(new.headers["location"]).status_code == 200


def test_a_change_of_risk_is_rung_about_the_same_day(client_for, world, case, order):
    provider, probation = client_for(world.provider), client_for(world.probation)
    home = f"/cases/{case}/requirements"
    pressed(provider, f"{home}/{order}/risk", {"route": "agency"})
    page = probation.get(home)
    assert "Harbour Recovery, 01632 960100" in page.text
    change = re.search(r"risk/([0-9a-f-]{36})/acknowledge", page.text)[1]
    assert "Risk has changed: ring the service" in probation.get("/").text
    pressed(provider, f"{home}/risk/{change}/notify")
    pressed(probation, f"{home}/risk/{change}/acknowledge")
    assert "Risk has changed: ring the service" not in probation.get("/").text


def test_tests_are_recorded_on_pages_and_a_clinical_one_is_not_there_for_probation(client_for, world, case, order):
    provider, probation = client_for(world.provider), client_for(world.probation)
    home = f"/cases/{case}/requirements"
    pressed(provider, f"{home}/{order}/test", {"type": "urine", "purpose": "supervision"})
    pressed(provider, f"{home}/{order}/test", {"type": "breath", "purpose": "clinical"})
    tests = set(re.findall(r"tests/([0-9a-f-]{36})/result", provider.get(home).text))
    assert len(tests) == 2
    seen = set(re.findall(r"tests/([0-9a-f-]{36})/result", probation.get(home).text))
    assert len(seen) == 1
    assert probation.get(f"{home}/tests/{(tests - seen).pop()}/result").status_code == 404
    (ordered_one,) = seen
    pressed(provider, f"{home}/tests/{ordered_one}/laboratory")
    pressed(provider, f"{home}/tests/{ordered_one}/result", {"result": "positive", "stage": "screening"})
    assert "Nothing follows from it by itself" in probation.get(home).text


def test_the_officer_is_told_what_is_kept_back_and_strangers_find_nothing(desk, client_for, world, case, order):
    kept(desk, world, (case, order), 5)
    page = client_for(world.officer).get(f"/cases/{case}/requirements")
    assert "Not shown to your role: attendance" in page.text
    assert "Drug rehabilitation requirement" in page.text
    stranger = client_for(world.other_provider)
    assert stranger.get(f"/cases/{case}/requirements").status_code == 404
    assert stranger.get(f"/cases/{case}/requirements/{order}/end").status_code == 404
