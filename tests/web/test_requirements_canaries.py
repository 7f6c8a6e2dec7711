"""Nothing clinical, and nothing said by text, planned or known of a child, is anywhere probation may look."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from pydantic_core import PydanticUndefined
from sqlalchemy import JSON, Boolean, Date, DateTime, Enum, Float, Integer, Uuid, insert, select, text, update
from sqlmodel import col
from sqlmodel import select as rows

from config.tables import all_tables
from tests.support.release import DOSES, RELEASE, booking, printing_to
from tests.support.requirements import SENTENCE, kept, ordered, released, written
from throughcare.casework.rows import Appointment, AppointmentStatus, CustodyEpisode
from throughcare.kernel.actors import SYSTEM
from throughcare.kernel.categories import Category
from throughcare.kernel.rows import Row
from throughcare.release import appointments, plans, writing
from throughcare.release.forms import AddressForm, NeedForm
from throughcare.release.owners import owner_code
from throughcare.release.rules import Severity, Side
from throughcare.requirement import reports
from throughcare.requirement.periods import end_periods
from throughcare.requirement.rows import ComplianceReport
from throughcare.web.acts import Act, Look
from throughcare.web.app import declared

CLASSES = {mapper.class_.__tablename__: mapper.class_ for mapper in Row._sa_registry.mappers}
KEPT_BACK = {Category.CLINICAL, Category.SMS, Category.PLAN, Category.CHILD, Category.MEDICATION, Category.SCREENING}
TEXTS = {"AutoString", "String", "Text", "Sealed"}
SERVER_FAULT = 500
CODES = {"need.domain", "need_update.domain", "checklist_item.code"}
SKIPPED = ("/admin", "/simulator")


@pytest.fixture
def desk(desk):
    return printing_to(desk, Sheets())


@pytest.fixture
def case(desk, world):
    """Planned for inside, and out for five weeks: the plan's rows are the service's own."""
    case = released(desk, world, held=True)
    with desk.work(world.officer) as work:
        plans.start(work, case)
        appointments.book(work, case, booking(world))
        writing.add_need(work, case, need(world))
        writing.record_address(work, case, AddressForm(lodged=True, tonight="3 Harbour Row, Ashby"))
    with desk.work(world.healthcare) as work:
        writing.record_medicines(work, case, DOSES)
    with desk.work(SYSTEM) as work:
        stay = work.session.exec(rows(CustodyEpisode).where(CustodyEpisode.case_id == case)).one()
        stay.ended_at = stay.released_at = work.now - timedelta(days=36)
        work.session.add(stay)
    return case


def need(world):
    """A need with a note of what is wanted."""
    return NeedForm(
        domain="drugs_alcohol", what="Community treatment", severity=Severity.HIGH, side=Side.COMMUNITY,
        owner=owner_code(world.officer.id, None), action="See to it", due_on=RELEASE,
    )  # fmt: skip


@pytest.fixture
def report(desk, world, case):
    """A report that is due, with an appointment kept and one missed."""
    order = ordered(desk, world, case)
    kept(desk, world, (case, order), 5)
    kept(desk, world, (case, order), 4, AppointmentStatus.ABSENT, "illness")
    desk.clock.forward(timedelta(days=1))
    with desk.work(SYSTEM) as work:
        end_periods(work)
        return work.session.exec(rows(ComplianceReport.id)).one()


def filler(column, case, any_id):
    """The column's own default, or a value of its type that says nothing."""
    field = CLASSES[column.table.name].model_fields[column.name]
    usual = field.get_default(call_default_factory=True, validated_data={})
    if usual is not None and usual is not PydanticUndefined and not column.primary_key:
        return usual
    if column.name == "episode_id":
        return any_id(all_tables().tables["custody_episode"])
    kind = getattr(column.type, "impl", column.type)
    if column.foreign_keys:
        return case if column.name == "case_id" else any_id(next(iter(column.foreign_keys)).column.table)
    if isinstance(kind, Enum):
        return kind.enums[0]
    plain = {
        Boolean: False, Integer: 1, Float: 0.0, Date: date(2026, 11, 1), DateTime: datetime(2026, 11, 1, tzinfo=UTC),
        Uuid: uuid4(), JSON: {},
    }  # fmt: skip
    return next((value for of, value in plain.items() if isinstance(kind, of)), f"{column.name}{uuid4().hex[:8]}")


def says_freely(column):
    """Whether what is kept back may be written here in somebody's own words: a code says one of a few known things."""
    named = f"{column.table.name}.{column.name}"
    return column.info["category"] in KEPT_BACK and type(column.type).__name__ in TEXTS and named not in CODES


def plant(engine, case, inside):
    """A token of its own in every text of this case that probation may never read; token -> where it was put."""
    planted = {}
    with engine.begin() as connection:
        if engine.name == "sqlite":
            connection.execute(text("PRAGMA defer_foreign_keys=ON"))
        for table in all_tables().sorted_tables:
            secret = [column for column in table.c if says_freely(column)]
            if not secret or "case_id" not in table.c:
                continue
            told = {column.name: f"canary{uuid4().hex}" for column in secret}
            planted |= {token: f"{table.name}.{name}" for name, token in told.items()}
            put(connection, table, case, told, inside)
    return planted


def put(connection, table, case, told, inside):
    """On the rows there are, or else on one made for it."""

    def any_id(other):
        """One of this case's where it has some; a screener or an agency inside, who are not of probation."""
        mine = [other.c.case_id == case] if "case_id" in other.c else []
        found = connection.execute(select(other.c.id).where(*mine).order_by(other.c.id)).scalars().first()
        return inside.get(other.name, found) or UUID(int=0)

    if connection.execute(select(table.c.id).where(table.c.case_id == case)).first():
        connection.execute(update(table).where(table.c.case_id == case).values(**told))
        return
    needed = [column for column in table.c if not column.nullable or column.name == "case_id"]
    made = {column.name: filler(column, case, any_id) for column in needed}
    connection.execute(insert(table).values(**made | told))


def inside(world):
    """Who wrote the rows made here."""
    return {"worker": world.officer.id, "agency": world.agencies["prison"]}


def ids_of(desk, case, report):
    """The case's own rows that addresses name."""
    with desk.work(SYSTEM) as work:
        kept = work.session.exec(rows(Appointment).where(col(Appointment.requirement_id).is_not(None))).first()
        return {"case_id": case, "report_id": report, "appointment_id": kept.id, "requirement_id": kept.requirement_id}


def pages(ids):
    """Every page, every question asked on a page, every answer of the API, and the sheet."""
    paths = []
    for route in declared():
        path = filled(route.path, ids) if isinstance(route, Look | Act) else ""
        paths += [path] if path else []
        paths += [f"/api{path}"] if path not in {"", "/"} and isinstance(route, Look) else []
    return [*paths, filled("/cases/{case_id:uuid}/requirements/reports/{report_id:uuid}/report.pdf", ids)]


def filled(path, ids):
    """A path with these ids in it; nothing where it needs others."""
    for name, value in ids.items():
        path = path.replace(f"{{{name}:uuid}}", str(value))
    return "" if "{" in path or path.startswith(SKIPPED) else path


def send(desk, world, case, report):
    with desk.work(world.provider) as work:
        reports.write(work, case, report, written())
    with desk.work(world.provider_manager) as work:
        reports.countersign(work, case, report)
    with desk.work(world.provider) as work:
        reports.send(work, case, report)


class Sheets:
    """A printer whose sheets are the very data they would be printed from: a printed word comes from nowhere else."""

    def print(self, document, data):
        assert document == "report"
        return json.dumps(data, ensure_ascii=False).encode()


def test_nothing_kept_back_is_anywhere_probation_may_look(desk, client_for, world, case, report):
    planted = plant(desk.engine, case, inside(world))
    send(desk, world, case, report)
    tables = {where.partition(".")[0] for where in planted.values()}
    assert {"brief_intervention", "outbox", "text_received", "consent", "compliance_report"} <= tables
    root, wanted = f"/cases/{case}/requirements", pages(ids_of(desk, case, report))
    assert {root, f"{root}/reports/{report}", f"/cases/{case}/timeline", "/reports"} <= set(wanted)
    probation = client_for(world.probation)
    answers = {path: probation.get(path) for path in wanted}
    assert {path: answer.status_code for path, answer in answers.items() if answer.status_code >= SERVER_FAULT} == {}
    read = {path: answer.text for path, answer in answers.items()}
    assert SENTENCE in read[f"{root}/reports/{report}"]
    assert SENTENCE in read[wanted[-1]]
    assert [(path, planted[token]) for path, body in read.items() for token in planted if token in body] == []
    with desk.work(SYSTEM) as work:
        rendered = work.session.get_one(ComplianceReport, report).rendered
    assert [where for token, where in planted.items() if token in rendered] == []


def test_the_canaries_sing_where_they_may_be_heard(desk, client_for, world, case, report):
    """The search can fail: with consent's note and a returned report in the provider's own pages, tokens are found."""
    planted = plant(desk.engine, case, inside(world))
    page = client_for(world.provider).get(f"/cases/{case}/requirements/reports/{report}")
    heard = {planted[token] for token in planted if token in page.text}
    assert "compliance_report.returned_because" in heard
