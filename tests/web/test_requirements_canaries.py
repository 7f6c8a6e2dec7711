"""Nothing clinical, and nothing said by text, planned or known of a child, is anywhere probation may look."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from pydantic_core import PydanticUndefined
from sqlalchemy import JSON, Boolean, Date, DateTime, Enum, Float, Integer, Uuid, insert, select, text, update
from sqlmodel import select as rows
from structlog.testing import capture_logs

from config.tables import all_tables
from tests.support.release import printing_to
from tests.support.requirements import SENTENCE, kept, ordered, released, written
from throughcare.casework.rows import AppointmentStatus
from throughcare.kernel.actors import SYSTEM
from throughcare.kernel.categories import Category
from throughcare.kernel.rows import Row
from throughcare.requirement import reports
from throughcare.requirement.periods import end_periods
from throughcare.requirement.rows import ComplianceReport
from throughcare.web.acts import Look
from throughcare.web.app import declared

CLASSES = {mapper.class_.__tablename__: mapper.class_ for mapper in Row._sa_registry.mappers}
KEPT_BACK = {Category.CLINICAL, Category.SMS, Category.PLAN, Category.CHILD, Category.MEDICATION, Category.SCREENING}
TEXTS = {"AutoString", "String", "Text"}
MADE_UP_CANNOT_OPEN = ("/card", "/plan", "/plan/needs", "/plan/appointments", "/plan/checklist", "/plan/check")
SKIPPED = ("/admin", "/simulator")


@pytest.fixture
def desk(desk):
    return printing_to(desk, Sheets())


@pytest.fixture
def case(desk, world):
    return released(desk, world)


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


def plant(engine, case):
    """A token of its own in every text of this case that probation may never read; token -> where it was put."""
    planted = {}
    with engine.begin() as connection:
        if engine.name == "sqlite":
            connection.execute(text("PRAGMA defer_foreign_keys=ON"))
        for table in all_tables().sorted_tables:
            secret = [c for c in table.c if c.info["category"] in KEPT_BACK and type(c.type).__name__ in TEXTS]
            if not secret or "case_id" not in table.c:
                continue
            told = {column.name: f"canary{uuid4().hex}" for column in secret}
            planted |= {token: f"{table.name}.{name}" for name, token in told.items()}
            put(connection, table, case, told)
    return planted


def put(connection, table, case, told):
    """On the rows there are, or else on one made for it."""

    def any_id(other):
        return connection.execute(select(other.c.id)).scalars().first() or UUID(int=0)

    if connection.execute(select(table.c.id).where(table.c.case_id == case)).first():
        connection.execute(update(table).where(table.c.case_id == case).values(**told))
        return
    needed = [column for column in table.c if not column.nullable or column.name == "case_id"]
    made = {column.name: filler(column, case, any_id) for column in needed}
    connection.execute(insert(table).values(**made | told))


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
    planted = plant(desk.engine, case)
    send(desk, world, case, report)
    tables = {where.partition(".")[0] for where in planted.values()}
    assert {"brief_intervention", "outbox", "text_received", "consent", "compliance_report"} <= tables
    ids = {"case_id": case, "report_id": report}
    root = f"/cases/{case}/requirements"
    paths = [path for look in declared() if isinstance(look, Look) and (path := filled(look.path, ids))]
    assert {root, f"{root}/reports/{report}", f"/cases/{case}/timeline", "/reports"} <= set(paths)
    probation = client_for(world.probation)
    wanted = [*paths, *(f"/api{path}" for path in paths if path != "/"), f"{root}/reports/{report}/report.pdf"]
    with capture_logs() as logs:  # a page that our made-up rows break says so shortly
        read = {path: probation.get(path).text for path in wanted}
    broken = {log["path"].replace("/api", "", 1) for log in logs}
    assert broken <= {f"/cases/{{case_id}}{tail}" for tail in MADE_UP_CANNOT_OPEN}
    assert SENTENCE in read[f"{root}/reports/{report}"]
    assert SENTENCE in read[wanted[-1]]
    assert [(path, planted[token]) for path, body in read.items() for token in planted if token in body] == []
    with desk.work(SYSTEM) as work:
        rendered = work.session.get_one(ComplianceReport, report).rendered
    assert [where for token, where in planted.items() if token in rendered] == []


def test_the_canaries_sing_where_they_may_be_heard(desk, client_for, world, case, report):
    """The search can fail: with consent's note and a returned report in the provider's own pages, tokens are found."""
    planted = plant(desk.engine, case)
    page = client_for(world.provider).get(f"/cases/{case}/requirements/reports/{report}")
    heard = {planted[token] for token in planted if token in page.text}
    assert "compliance_report.returned_because" in heard
