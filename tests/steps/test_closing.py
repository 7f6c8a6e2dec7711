"""A case is closed when nothing of it is live with anybody else; the refusal says what still is."""

from __future__ import annotations

from datetime import time

import pytest
from sqlmodel import select

from tests.support.handovers import Handing
from tests.support.texting import reachable
from throughcare.casework import custody
from throughcare.casework.forms_custody import Release
from throughcare.casework.people import Case
from throughcare.casework.rows import ClockState, ServiceClock, Task, TaskStatus
from throughcare.checkin.rows import CheckinPlan
from throughcare.handover import passing
from throughcare.handover.forms import Completing
from throughcare.journey import closing
from throughcare.journey.closing import Because, CloseForm, OpenAgain, StillLive
from throughcare.kernel.actors import SYSTEM
from throughcare.kernel.refusals import NotFound, NotPermitted, WrongState


def released(desk, world, case):
    with desk.work(world.officer) as work:
        custody.release(work, case, Release(released_on=work.today, released_at=time(9)))


def close(desk, actor, case, verb=closing.close, form=CloseForm(because=Because.ENDED)):  # noqa: B008 - a frozen form
    with desk.work(actor) as work:
        return verb(work, case, form)


def rows(desk, kind, *where):
    with desk.work(SYSTEM) as work:
        return work.session.exec(select(kind).where(*where)).all()


def test_a_case_closes_with_its_deadlines_check_ins_and_open_work(desk, world):
    case = world.case()
    reachable(desk, case)
    released(desk, world, case)
    assert close(desk, world.officer, case).closed
    (row,) = rows(desk, Case, Case.id == case)
    assert (row.closed_at, row.closed_because, row.stage) == (desk.clock.at, "support_ended", "closed")
    assert rows(desk, Task, Task.case_id == case, Task.status == TaskStatus.OPEN) == []
    live = ServiceClock.state.in_([ClockState.RUNNING, ClockState.PAUSED])
    assert rows(desk, ServiceClock, ServiceClock.case_id == case, live) == []
    assert [plan.ended_because for plan in rows(desk, CheckinPlan)] == ["case_closed"]
    with pytest.raises(WrongState):
        close(desk, world.officer, case)


@pytest.mark.parametrize("reached", ["drafted", "sent", "received", "accepted"])
def test_a_live_handover_is_named_and_nothing_is_closed(desk, world, reached):
    handing = Handing(world).agreed()
    getattr(handing, reached)()
    released(desk, world, handing.case_id)
    with pytest.raises(StillLive) as refused:
        close(desk, world.officer, handing.case_id)
    status = handing.row.status.label.lower()
    assert f"The handover to Harbour Recovery alcohol and drugs is {status}" in refused.value.sentence
    assert refused.value.status == 409
    assert handing.case.closed_at is None


def test_somebody_in_custody_keeps_their_case(desk, world):
    with pytest.raises(StillLive, match="They are in custody"):
        close(desk, world.officer, world.case())


def test_after_the_handover_is_completed_its_owner_closes_and_the_sender_was_told_by_a_task(desk, world):
    handing = Handing(world).active()
    released(desk, world, handing.case_id)
    with pytest.raises(StillLive):
        close(desk, world.provider, handing.case_id)
    handing.do(world.provider, passing.complete, Completing(outcome="transferred"))
    (told,) = rows(desk, Task, Task.case_id == handing.case_id, Task.kind == "handover_ended")
    assert told.worker_id == world.officer.id
    assert close(desk, world.provider, handing.case_id).closed


@pytest.mark.parametrize(
    ("who", "no"), [("other_officer", NotPermitted), ("healthcare", NotPermitted), ("provider", NotFound)]
)
def test_only_its_owner_and_their_manager_close_a_case(desk, world, who, no):
    case = world.case()
    released(desk, world, case)
    with pytest.raises(no):
        close(desk, world.actors[who], case)
    assert close(desk, world.prison_manager, case).closed


def test_a_closed_case_is_opened_again(desk, world):
    case = world.case()
    released(desk, world, case)
    close(desk, world.officer, case)
    assert not close(desk, world.officer, case, closing.open_again, OpenAgain()).closed
    assert rows(desk, Case, Case.id == case)[0].closed_at is None
