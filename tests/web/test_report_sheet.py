"""The printed compliance report: whoever may read the page has the sheet, and nobody else."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from sqlmodel import select

from tests.support.release import printing_to
from tests.support.requirements import SENTENCE, kept, ordered, released, written
from throughcare.kernel.actors import SYSTEM
from throughcare.requirement import reports
from throughcare.requirement.periods import end_periods
from throughcare.requirement.rows import ComplianceReport


class Sheets:
    """A printer whose sheets are the very data they would be printed from."""

    def print(self, document, data):
        return json.dumps([document, dict(data)], ensure_ascii=False).encode()


@pytest.fixture
def desk(desk):
    return printing_to(desk, Sheets())


@pytest.fixture
def drafted(desk, world):
    """The case and its report, written by the provider and not yet sent."""
    case = released(desk, world)
    kept(desk, world, (case, ordered(desk, world, case)), 5)
    desk.clock.forward(timedelta(days=1))
    with desk.work(SYSTEM) as work:
        end_periods(work)
        report = work.session.exec(select(ComplianceReport.id)).one()
    with desk.work(world.provider) as work:
        reports.write(work, case, report, written())
    return case, report


def sent(desk, world, case, report):
    with desk.work(world.provider_manager) as work:
        reports.countersign(work, case, report)
    with desk.work(world.provider) as work:
        reports.send(work, case, report)


READERS = ("provider", "provider_manager", "probation", "officer", "healthcare", "stranger", "other_provider", "admin")


def test_the_sheet_is_had_by_whoever_may_read_the_page(desk, client_for, world, drafted):
    page = "/cases/{}/requirements/reports/{}".format(*drafted)
    for step in (lambda: None, lambda: sent(desk, world, *drafted)):
        step()
        for reader in [name for name in READERS if name in world.actors]:
            client = client_for(world.actors[reader])
            assert client.get(f"{page}/report.pdf").status_code == client.get(page).status_code, reader


def test_probation_has_the_sheet_once_it_is_sent_and_its_author_before(desk, client_for, world, drafted):
    sheet = "/cases/{}/requirements/reports/{}/report.pdf".format(*drafted)
    assert client_for(world.probation).get(sheet).status_code == 404
    assert client_for(world.provider).get(sheet).status_code == 200
    sent(desk, world, *drafted)
    answer = client_for(world.probation).get(sheet)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"] == 'inline; filename="report.pdf"'
    assert answer.headers["cache-control"] == "no-store"
    document, told = json.loads(answer.text)
    assert document == "report"
    assert SENTENCE in answer.text
    assert told["status"] == "This report is sent."
