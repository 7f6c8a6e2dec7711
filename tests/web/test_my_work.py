"""My work answers "what needs me today?" from every source, in order; the timeline tells what happened."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlmodel import select

from throughcare.casework import loads
from throughcare.casework.people import Case
from throughcare.casework.rows import CustodyEpisode
from throughcare.casework.tasks import ERRANDS, About, Errand, For, give
from throughcare.kernel.audit import AuditRow
from throughcare.kernel.categories import Category

CALL = Errand(Category.RECORD, "test_call", "Call them today", "/cases/{case_id}/call/{subject_id}")


@pytest.fixture(autouse=True)
def errand(monkeypatch):
    monkeypatch.setitem(ERRANDS, CALL.kind, CALL)


@pytest.fixture
def as_worker(client_for, world):
    return lambda name: client_for(world.actors[name])


def task(desk, world, case, worker="officer", due=timedelta(hours=2), **more):
    with desk.work(world.officer) as work:
        give(
            work,
            CALL,
            For(world.agencies["prison"], worker_id=world.actors[worker].id),
            About(case, case),
            work.now + due,
            **more,
        )


def test_the_list_is_late_then_today_then_the_week(as_worker, desk, world):
    for due, name in (
        (timedelta(hours=-3), "Late"),
        (timedelta(hours=3), "Today"),
        (timedelta(days=3), "Soon"),
        (timedelta(days=30), "Later"),
    ):
        task(desk, world, world.case(family=name), due=due)
    view = as_worker("officer").get("/api/my-work").json()
    assert [[item["heading"]["family"] for item in view[key]] for key in ("overdue", "today", "soon")] == [
        ["Late"],
        ["Today"],
        ["Soon"],
    ]
    assert view["later"] == 1


def test_a_release_this_week_stands_on_its_officers_list(as_worker, desk, world):
    case = world.case(family="Leaving")
    with desk.work(world.officer) as work:
        row = work.session.get_one(Case, case)
        row.release_on = work.today + timedelta(days=4)
        work.session.add(row)
    page = as_worker("officer").get("/")
    assert "Release" in page.text
    assert "Leaving" in page.text
    assert "Leaving" not in as_worker("other_officer").get("/").text
    with desk.work(world.officer) as work:
        stay = work.session.exec(select(CustodyEpisode).where(CustodyEpisode.case_id == case)).one()
        stay.ended_at = work.now
        work.session.add(stay)
    assert "Leaving" not in as_worker("officer").get("/").text


def test_a_colleagues_task_is_on_the_teams_list_only(as_worker, desk, world):
    task(desk, world, world.case(family="Ashdown"), worker="other_officer")
    assert "Ashdown" not in as_worker("officer").get("/").text
    team = as_worker("officer").get("/?whose=team")
    assert "Ashdown" in team.text
    assert "Other Officer" in team.text


def test_another_agencys_work_is_not_seen(as_worker, desk, world):
    task(desk, world, world.case(family="Ashdown"))
    assert "Ashdown" not in as_worker("provider").get("/?whose=team").text


def test_an_unallocated_case_and_one_whose_worker_left_are_named(as_worker, desk, world):
    left, nobody = world.case(family="Left"), world.case(family="Nobody")
    with desk.work(world.officer) as work:
        case = work.session.get_one(Case, nobody)
        case.owner_worker_id = None
        other = work.session.get_one(Case, left)
        other.owner_worker_id = world.provider.id
        work.session.add_all([case, other])
    view = as_worker("prison_manager").get("/api/my-work?whose=team").json()
    assert [h["family"] for h in view["unallocated"]] == ["Nobody"]
    assert [h["family"] for h in view["orphans"]] == ["Left"]


def test_of_more_cases_nobody_has_than_are_shown_those_who_leave_prison_first_are(as_worker, desk, world, monkeypatch):
    monkeypatch.setattr(loads, "SHOWN", 2)
    leaving = {"Undated": None, "Third": 30, "First": 3, "Second": 9}
    for family, days in leaving.items():
        case_id = world.case(family=family)
        with desk.work(world.officer) as work:
            case = work.session.get_one(Case, case_id)
            case.owner_worker_id, case.release_on = None, work.today + timedelta(days=days) if days else None
            work.session.add(case)
    view = as_worker("prison_manager").get("/api/my-work?whose=team").json()
    assert [heading["family"] for heading in view["unallocated"]] == ["First", "Second"]


def test_every_list_page_writes_one_record_of_the_reading(as_worker, desk, world):
    for name in ("One", "Two", "Three"):
        task(desk, world, world.case(family=name))
    as_worker("officer").get("/")
    with desk.work(world.officer) as work:
        (read,) = work.session.exec(select(AuditRow).where(AuditRow.name == "disclosure.read")).all()
    assert (read.body["shown"], len(read.body["cases"])) == (3, 3)


def test_the_timeline_tells_what_happened_and_a_wrong_entry_stays_struck_through(as_worker, desk, world):
    case = world.case()
    task(desk, world, case)
    with desk.work(world.officer) as work:
        from tests.kernel.test_clocks_running import event  # noqa: PLC0415 - the same made-up events

        work.record(event("custody.received", case, on=date(2026, 11, 20)))
    client = as_worker("officer")
    page = client.get(f"/cases/{case}/timeline")
    assert "The person arrived in custody." in page.text
    (entry,) = client.get(f"/api/cases/{case}/timeline").json()["entries"]
    assert client.post(f"/cases/{case}/timeline/{entry['id']}/strike", data={}).status_code == 422
    client.post(f"/cases/{case}/timeline/{entry['id']}/strike", data={"why": "twice"})
    after = client.get(f"/cases/{case}/timeline")
    assert "<del>The person arrived in custody.</del>" in after.text
    assert "it was recorded twice" in after.text


def test_what_is_urgent_stands_first_on_the_page_whenever_it_is_due(as_worker, desk, world):
    task(desk, world, world.case(family="Late"), due=timedelta(hours=-3))
    task(desk, world, world.case(family="Pressing"), due=timedelta(days=3), urgent=True)
    page = as_worker("officer").get("/").text
    assert page.index("Pressing") < page.index("Late")
    assert page.count("Pressing") == 1


def test_an_administrator_has_a_way_to_what_they_do_from_every_page(as_worker):
    for path in ("/", "/admin"):
        assert 'class="govuk-service-navigation__link" href="/admin"' in as_worker("admin").get(path).text
    assert "Go to workers, teams and agencies" in as_worker("admin").get("/").text
