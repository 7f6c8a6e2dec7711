"""Requirements and reports in the browser, for each side; and that nothing clinical is anywhere probation may look."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import JSON, Boolean, Date, DateTime, Enum, Float, Integer, Uuid, insert, select, update
from sqlmodel import select as rows

from config.tables import all_tables
from tests.support.requirements import SENTENCE, kept, ordered, released, written
from throughcare.casework.rows import AppointmentStatus
from throughcare.kernel.actors import SYSTEM
from throughcare.kernel.categories import Category
from throughcare.requirement import reports
from throughcare.requirement.periods import end_periods
from throughcare.requirement.rows import ComplianceReport
from throughcare.web.acts import Look
from throughcare.web.app import declared

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
    page = pressed(provider, f"{root}/tell")
    assert "The responsible officer has been told" in page.text
    assert "decide whether an absence is acceptable" in probation.get("/").text.lower()
    page = pressed(probation, f"{root}/classify", {"outcome": "unacceptable_absence", "reason": "forgot"})
    assert page.status_code == 200


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


KEPT_BACK = {Category.CLINICAL, Category.SMS, Category.PLAN, Category.CHILD, Category.MEDICATION, Category.SCREENING}


def filler(column, case, ids):
    """A value of the column's own type that says nothing."""
    kind = column.type
    kind = getattr(kind, "impl", kind)
    if column.foreign_keys:
        return case if column.name == "case_id" else ids(next(iter(column.foreign_keys)).column.table)
    if isinstance(kind, Enum):
        return kind.enums[0]
    plain = {
        Boolean: False, Integer: 1, Float: 0.0, Date: date(2026, 11, 1), DateTime: datetime(2026, 11, 1, tzinfo=UTC),
    }  # fmt: skip
    found = next((value for of, value in plain.items() if isinstance(kind, of)), None)
    if found is not None:
        return found
    if isinstance(kind, Uuid):
        return uuid4()
    return {} if isinstance(kind, JSON) else f"{column.name}{uuid4().hex[:8]}"


def plant(engine, case):
    """A token of its own in every text of every table of the case that probation may never read; what each was put in."""
    planted = {}
    with engine.begin() as connection:
        connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON") if engine.name == "sqlite" else None

        def any_id(table):
            return connection.execute(select(table.c.id)).scalars().first() or UUID(int=0)

        for table in all_tables().sorted_tables:
            secret = [
                column for column in table.c
                if column.info["category"] in KEPT_BACK and not column.foreign_keys
                and type(column.type).__name__ in {"AutoString", "String", "Text"}
            ]  # fmt: skip
            if not secret or "case_id" not in table.c:
                continue
            told = {}
            for column in secret:
                told[column.name] = f"canary{uuid4().hex}"
                planted[told[column.name]] = f"{table.name}.{column.name}"
            standing = connection.execute(select(table.c.id).where(table.c.case_id == case)).first()
            if standing:
                connection.execute(update(table).where(table.c.case_id == case).values(**told))
            else:
                row = {
                    column.name: filler(column, case, any_id) for column in table.c
                    if not column.nullable or column.name == "case_id"
                }  # fmt: skip
                connection.execute(insert(table).values(**row | told))
    return planted


def test_nothing_clinical_or_private_is_anywhere_probation_may_look(desk, client_for, world, case, order):
    kept(desk, world, (case, order), 5)
    kept(desk, world, (case, order), 4, ABSENT, "illness")
    desk.clock.forward(timedelta(days=1))
    with desk.work(SYSTEM) as work:
        end_periods(work)
        report = work.session.exec(rows(ComplianceReport.id)).one()
    planted = plant(desk.engine, case)
    with desk.work(world.provider) as work:
        reports.write(work, case, report, written())
    with desk.work(world.provider_manager) as work:
        reports.countersign(work, case, report)
    with desk.work(world.provider) as work:
        reports.send(work, case, report)
    planted |= plant(desk.engine, case)
    tables = {where.partition(".")[0] for where in planted.values()}
    assert {"brief_intervention", "outbox", "text_received", "consent"} <= tables
    provider, probation = client_for(world.provider), client_for(world.probation)
    ids = {"case_id:uuid": case, "report_id:uuid": report}
    looks = [look for look in declared() if isinstance(look, Look)]
    paths = [path for look in looks if (path := filled(look.path, ids))]
    assert f"/cases/{case}/requirements/reports/{report}" in paths
    read = {path: probation.get(path).text for path in paths for path in (path, f"/api{path}")}
    assert sum("Ashdown" in body for body in read.values()) > 3
    found = [(path, where) for path, body in read.items() for token, where in planted.items() if token in body]
    assert found == []
    with desk.work(SYSTEM) as work:
        rendered = work.session.get_one(ComplianceReport, report).rendered
    assert [token for token in planted if token in rendered] == []
    seen = "".join(provider.get(path).text for path in paths)
    assert any(token in seen for token in planted), "the canaries are nowhere to be seen, even by those who may"


def filled(path, ids):
    """A path with these ids in it; nothing where it needs others."""
    for name, value in ids.items():
        path = path.replace(f"{{{name}}}", str(value))
    return "" if "{" in path else path
