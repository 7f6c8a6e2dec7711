"""A case's history is told in the order it came in, and no page of it leaves anything out."""

from __future__ import annotations

import re
from html import unescape

from sqlmodel import select

from tests.kernel.test_clocks_running import event
from throughcare.casework.timeline import PAGE, TimelineQuery, timeline
from throughcare.kernel.audit import AuditRow


def recorded(desk, world, many):
    """A case to which so much happened in one unit of work: its events' ids in the order they came."""
    case = world.case()
    with desk.work(world.officer) as work:
        for _ in range(many):
            work.record(event("custody.received", case))
    with desk.work(world.officer) as work:
        told = work.session.exec(select(AuditRow.id, AuditRow.created_at).where(AuditRow.case_id == case)).all()
    assert len({at for _, at in told}) == many
    return case, [row for row, _ in sorted(told, key=lambda one: one[1])]


def test_what_one_unit_of_work_wrote_is_told_newest_first_over_every_page(desk, world):
    case, came = recorded(desk, world, PAGE + 5)
    with desk.work(world.officer) as work:
        first = timeline(work, case, TimelineQuery())
        rest = timeline(work, case, TimelineQuery(before=first.older))
    assert [entry.id for entry in first.entries] == came[:4:-1]
    assert [entry.id for entry in rest.entries] == came[4::-1]
    assert rest.older is None


def test_the_link_to_what_is_older_leads_there(desk, world, client_for):
    case, came = recorded(desk, world, PAGE + 5)
    client = client_for(world.officer)
    page = client.get(f"/cases/{case}/timeline").text
    (older,) = re.findall(r'href="(\?[^"]*before=[^"]*)"', page)
    rest = client.get(f"/cases/{case}/timeline{unescape(older)}").text
    strikes = re.compile(r"/timeline/([0-9a-f-]{36})/strike")
    assert strikes.findall(page) == [str(row) for row in came[:4:-1]]
    assert strikes.findall(rest) == [str(row) for row in came[4::-1]]
