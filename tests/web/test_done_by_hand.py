"""Work that only its worker can say is done is marked as done from My work, by those whose list it is on."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import select

from throughcare.casework.rows import Task, TaskStatus
from throughcare.casework.tasks import ERRANDS, About, For, give
from throughcare.handover.errands import GONE, OPEN


@pytest.fixture
def given(desk, world):
    """A handover that was taken back, on the provider team's list: they have no standing in the case."""

    def make(what=GONE):
        case = world.case()
        with desk.work(world.officer) as work:
            team = For(world.agencies["provider"], team_id=world.teams["provider"])
            return give(work, what, team, About(case, case), work.now + timedelta(days=1)).id

    return make


def task(desk, task_id):
    with desk.work(None) as work:
        return work.session.exec(select(Task).where(Task.id == task_id)).one()


def test_it_is_marked_as_done_from_my_work_and_leaves_the_list(client_for, desk, world, given):
    client, task_id = client_for(world.provider), given()
    assert f'href="/tasks/{task_id}/done"' in client.get("/").text
    page = client.get(f"/tasks/{task_id}/done").text
    assert GONE.words in page
    answer = client.post(f"/tasks/{task_id}/done", data={"how": "done", "version": "1"}, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"].split("?")[0]) == (303, "/")
    assert (task(desk, task_id).status, task(desk, task_id).outcome) == (TaskStatus.DONE, "done")
    assert task(desk, task_id).done_by == world.provider.id
    assert GONE.words not in client.get("/").text
    assert client.get(f"/tasks/{task_id}/done").status_code == 409


def test_it_is_done_by_program_too(client_for, desk, world, given):
    task_id = given()
    told = client_for(world.provider_manager).post(f"/api/tasks/{task_id}/done", json={"how": "not_needed"})
    assert told.json()["outcome"] == "not_needed", told.text


@pytest.mark.parametrize("who", ["officer", "other_provider", "probation", "admin"])
def test_nobody_else_knows_of_it(client_for, world, given, who):
    assert client_for(world.actors[who]).get(f"/tasks/{given()}/done").status_code == 404


def test_what_the_service_closes_by_itself_is_not_closed_by_hand(client_for, desk, world, given):
    client, task_id = client_for(world.provider), given(OPEN)
    assert f"/tasks/{task_id}/done" not in client.get("/").text
    assert client.post(f"/api/tasks/{task_id}/done", json={"how": "done"}).status_code == 409
    assert task(desk, task_id).status is TaskStatus.OPEN


def test_what_calls_for_a_person_to_be_spoken_to_is_never_closed_by_hand():
    urgent = {"checkin_crisis", "checkin_call_asked", "checkin_low_score", "child_refer", "pregnancy_book"}
    assert not any(ERRANDS[kind].by_hand for kind in urgent)
