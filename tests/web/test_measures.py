"""The measures page, its filters, and the file it gives."""

from __future__ import annotations

import csv
import io
import re

import pytest
from litestar.testing import TestClient

from tests.support.measuring import LEFT, Counting, several
from throughcare.casework.agencies import Agency
from throughcare.kernel.actors import SYSTEM
from throughcare.web import app as web
from throughcare.web.frame import Site
from throughcare.web.pages import measures as page_module
from throughcare.web.visit import SignedIn


@pytest.fixture
def with_numbers(world):
    """Eleven releases with a need open, six of whom started treatment in time."""
    counting = Counting(world)
    for started in (*[LEFT] * 6, *[None] * 5):
        case_id = counting.released()
        counting.in_need(case_id)
        counting.sent(case_id, on=LEFT, accepted=LEFT, started=started)
    return counting


@pytest.fixture
def file_for(desk, monkeypatch):
    """A browser at the file's address, as anybody."""
    opened = []
    monkeypatch.setattr(web, "declared", lambda: iter(page_module.ROUTES))

    def client(actor):
        app = web.create_app(desk, Site(), lambda _: SignedIn(actor, "token", "Here"))
        opened.append(TestClient(app, raise_server_exceptions=False).__enter__())
        return opened[-1]

    yield client
    for made in opened:
        made.__exit__(None, None, None)


def said(html):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def test_the_page_opens_from_reports_with_every_definition(client_for, world, with_numbers):
    client = client_for(world.officer)
    assert 'href="/measures"' in client.get("/reports").text
    page = client.get("/measures?period=2026-27-q2")
    assert page.status_code == 200, page.text
    text = said(page.text)
    assert "Every prison, July to September 2026: from 1 July 2026 to 30 September 2026." in text
    assert "In community treatment within 21 days of release" in text
    assert "54.5% (6 of 11)" in text
    assert "Denominator Adults released to the community in England with a need for structured treatment open" in text
    assert "not shown (small numbers)" in text
    assert page.text.count("<svg") >= 10
    assert "Ashdown" not in page.text


def test_alcohol_and_drugs_stand_side_by_side_in_one_chart(client_for, world):
    counting = Counting(world)
    for case_id in several(8, counting.held):
        counting.screened(case_id, "audit", 22, positive=True)
        counting.screened(case_id, "dudit", 10, positive=True)
    page = client_for(world.prison_manager).get("/measures?period=2026-27-q2").text
    chart = page.split('id="need-whole-title"')[1].split("</figure>")[0]
    assert chart.count('class="tc-chart__bar"') == 2
    assert said(chart).count("Alcohol: 100% (8 of 8)") == 1
    assert said(chart).count("Drugs: 100% (8 of 8)") == 1
    assert "<table" in chart


def test_filters_are_in_the_address_and_are_named(client_for, world, with_numbers):
    client = client_for(world.officer)
    prison = world.agencies["scottish_prison"]
    page = client.get(f"/measures?period=2026-27-q2&prison={prison}")
    text = said(page.text)
    assert "HMP Glenmarra, July to September 2026" in text
    assert "Prison: HMP Glenmarra" in text
    assert "6 of 11" not in text
    assert f'href="/measures.csv?period=2026-27-q2&amp;prison={prison}"' in page.text
    assert f'<option value="{prison}" selected' in page.text
    assert page.text.count('<option value="" selected') == 0


def test_without_filters_it_is_this_financial_year_at_every_prison(client_for, world, with_numbers):
    page = client_for(world.officer).get("/measures")
    assert "Every prison, April 2026 to March 2027: from 1 April 2026 to 20 November 2026." in said(page.text)
    assert page.text.count('<option value=""') == 2


@pytest.mark.parametrize("query", ["period=nonsense", "prison=nonsense", "period=%00", "prison=" + "9" * 500, "x=1"])
def test_a_filter_that_cannot_be_read_is_ignored(client_for, world, query):
    assert client_for(world.officer).get(f"/measures?{query}").status_code == 200


def test_programs_read_the_same_numbers_and_none_that_is_hidden(client_for, world, with_numbers):
    answer = client_for(world.officer).get("/api/measures?period=2026-27-q2").json()
    told = {m["code"]: m["counted"][0] for group in answer["groups"] for m in group["measures"]}
    assert (told["continuity"]["count"], told["continuity"]["out_of"], told["continuity"]["per_cent"]) == (6, 11, 54.5)
    assert told["appointment"]["count"] is None
    assert told["left_out_died"]["count"] is None


def test_an_administrator_is_refused(client_for, world):
    client = client_for(world.admin)
    assert client.get("/measures").status_code == 403
    assert client.get("/api/measures").status_code == 403


def test_the_file_is_csv_with_every_number_and_no_formula(file_for, world, with_numbers):
    with with_numbers.desk.work(SYSTEM) as work:
        prison = work.session.get_one(Agency, world.agencies["prison"])
        prison.name = "\t=HYPERLINK(1)"
    answer = file_for(world.officer).get(f"/measures.csv?period=2026-27-q2&prison={prison.id}")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="measures-2026-07-01-2026-09-30.csv"'
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    line = next(row for row in rows if row["Measure"] == "In community treatment within 21 days of release")
    assert (line["Count"], line["Out of"], line["Per cent"]) == ("6", "11", "54.5")
    assert line["Period"] == "July to September 2026"
    assert {row["Prison"] for row in rows} == {"'\t=HYPERLINK(1)"}
    assert file_for(world.admin).get("/measures.csv").status_code == 403
