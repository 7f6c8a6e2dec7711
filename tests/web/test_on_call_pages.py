"""The pages of who is on call, and the button that says "I am dealing with this" (R42)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import select

from tests.support.on_call import CRISIS, alarms, hear, on_call
from tests.support.texting import texted
from throughcare.casework.rows import Task, TaskStatus
from throughcare.checkin import errands
from throughcare.checkin.on_call_rows import AlarmStatus, RotaTurn
from throughcare.kernel.actors import SYSTEM

SATURDAY = {"from_on": "21/11/2026", "from_at": "9am", "until_on": "21/11/2026", "until_at": "8pm"}


@pytest.fixture
def case_id(desk, world):
    return texted(desk, world)


def turn(world, **more):
    days = {
        f"{name}-{part}": value
        for name, on in (("from_on", SATURDAY["from_on"]), ("until_on", SATURDAY["until_on"]))
        for part, value in zip(("day", "month", "year"), on.split("/"), strict=True)
    }
    times = {"from_at": "9am", "until_at": "8pm"}
    return {"worker_id": str(world.officer.id), "place": "1", "weeks": "1"} | days | times | more


def test_the_manager_plans_the_rota_week_after_week_by_london_time_and_gaps_are_shown(client_for, world, desk):
    browser = client_for(world.prison_manager)
    answer = browser.post("/rota/plan", data=turn(world, weeks="20"), follow_redirects=False)
    assert answer.status_code == 303, answer.text
    with desk.work(SYSTEM) as work:
        made = work.session.exec(select(RotaTurn).order_by(RotaTurn.from_at)).all()
    assert [made[0].from_at.isoformat(), made[-1].from_at.isoformat()] == [
        "2026-11-21T09:00:00+00:00", "2027-04-03T08:00:00+00:00",
    ]  # fmt: skip
    view = browser.get("/api/rota").json()
    assert view["on_call"] == []
    assert [gap["from_at"] for gap in view["gaps"]][:2] == ["2026-11-20T10:00:00Z", "2026-11-22T09:00:00Z"]
    page = browser.get("/rota").text
    assert "When nobody is on call" in page
    assert "<li>20 November 2026, 10am to 8pm</li>" in page
    assert "<li>22 to 27 November 2026, 9am to 8pm each day</li>" in page
    assert "in 3 stretches" in page
    assert "Officer" in page


def test_a_turn_that_cannot_be_is_put_right_beside_the_field(client_for, world):
    browser = client_for(world.prison_manager)
    far = {f"{name}-year": "9999" for name in ("from_on", "until_on")}
    for wrong in (far, {"until_at": "8am"}, {"weeks": "99"}, {"worker_id": str(world.provider.id)}):
        assert browser.post("/rota/plan", data=turn(world, **wrong)).status_code == 422


def test_a_turn_taken_off_is_nobodys_and_only_the_manager_there_plans(client_for, world, desk):
    on_call(desk, world.officer)
    manager = client_for(world.prison_manager)
    (shown,) = manager.get("/api/rota").json()["turns"]
    assert client_for(world.officer).get("/rota/plan").status_code == 403
    assert client_for(world.probation_manager).get("/rota").status_code == 403
    assert client_for(world.provider_manager).get(f"/rota/{shown['id']}/take-off").status_code == 404
    assert "Take off" in manager.get(f"/rota/{shown['id']}/take-off").text
    manager.post(f"/api/rota/{shown['id']}/take-off", json={})
    assert manager.get("/api/rota").json()["turns"] == []


def test_one_button_on_my_work_and_on_the_thread_says_that_i_am_dealing_with_it(client_for, world, desk, case_id):
    on_call(desk, world.other_officer)
    hear(desk, CRISIS)
    browser = client_for(world.other_officer)
    path = f"/check-ins/alarms/{alarms(desk)[0].subject_id}/take"
    for page in ("/", f"/cases/{case_id}/check-ins"):
        assert f'action="{path}"' in browser.get(page).text
    assert browser.get(path).status_code == 200
    answer = browser.post(path, data={}, follow_redirects=False)
    assert answer.headers["location"].startswith(f"/cases/{case_id}/check-ins")
    assert alarms(desk)[0].status is AlarmStatus.TAKEN
    for page in ("/", f"/cases/{case_id}/check-ins"):
        assert f'action="{path}"' not in browser.get(page).text
        assert "dealing with this" in browser.get(page).text


def test_it_is_handed_on_from_a_page_that_shows_what_each_carries(client_for, world, desk, case_id):
    hear(desk, CRISIS)
    browser = client_for(world.officer)
    path = f"/check-ins/alarms/{alarms(desk)[0].subject_id}"
    browser.post(f"/api{path}/take", json={})
    page = browser.get(f"{path}/hand-on").text
    assert "Other Officer" in page
    assert "No open calls" in page
    answer = browser.post(f"{path}/hand-on", data={"worker_id": str(world.other_officer.id)}, follow_redirects=True)
    assert answer.url.path == f"/cases/{case_id}/check-ins", answer.text
    assert "Handed on. They have been asked." in answer.text
    assert "It is with Other Officer until" in answer.text
    assert alarms(desk)[0].worker_id == world.other_officer.id


@pytest.mark.on_database(0)
def test_the_page_on_which_it_is_taken_on_says_how_many_there_are_and_what_was_said_last(
    client_for, desk, world, case_id
):
    for _ in range(2):
        hear(desk, CRISIS)
        desk.clock.forward(timedelta(seconds=1))
    hear(desk, "i want to die <now>")
    browser = client_for(world.officer)
    said = "3 texts so far. The last is of 20 November 2026 at 10am"
    for path in (f"/cases/{case_id}/check-ins", f"/check-ins/alarms/{alarms(desk)[0].subject_id}/take"):
        page = browser.get(path).text
        assert f"{said}: “i want to die &lt;now&gt;”" in page


@pytest.mark.on_database(0)
def test_work_is_not_ended_from_a_page_that_was_opened_before_they_wrote_again(client_for, world, desk, case_id):
    strange = "+447700900777"
    hear(desk, CRISIS, strange)
    browser = client_for(world.officer)
    with desk.work(SYSTEM) as work:
        unknown = select(Task.id).where(Task.kind == errands.UNKNOWN.kind, Task.role == world.officer.role)
        path = f"/api/tasks/{work.session.exec(unknown).one()}/done"
    opened = browser.get(path).json()["version"]
    hear(desk, "i want to die", strange)
    assert browser.post(path, json={"how": "done", "version": opened}).status_code == 409
    assert browser.post(path, json={"how": "done", "version": browser.get(path).json()["version"]}).is_success


@pytest.mark.on_database(0)
def test_a_crisis_that_came_while_a_call_was_being_recorded_is_not_ended_with_it(client_for, world, desk, case_id):
    path = f"/cases/{case_id}/check-ins/spoke"
    browser, said = client_for(world.officer), {"reached": "yes", "how": "phone"}
    for times in (1, 2):
        opened = browser.get(f"/api{path}").json()["version"]
        hear(desk, CRISIS)
        assert browser.post(path, data=said | ({"version": opened} if opened else {})).status_code == 409
        with desk.work(SYSTEM) as work:
            still = select(Task.times).where(Task.kind == errands.CRISIS.kind, Task.status == TaskStatus.OPEN)
            assert set(work.session.exec(still)) == {times}
    version = browser.get(f"/api{path}").json()["version"]
    assert browser.post(path, data=said | {"version": version}, follow_redirects=False).status_code == 303
