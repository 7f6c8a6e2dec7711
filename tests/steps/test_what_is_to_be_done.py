"""The first page of a case says what is to be done there: work and deadlines alike, and where each is done."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.factories import PARTNERS
from tests.support.handovers import Handing
from throughcare.casework import overview
from throughcare.casework.clock_rules import ServiceClocks
from throughcare.casework.people import Case
from throughcare.casework.tasks import ERRANDS, About, For, give
from throughcare.casework.worklist import WorkQuery, my_work
from throughcare.checkin.forms import InboxQuery
from throughcare.checkin.inbox import inbox
from throughcare.kernel.actors import SYSTEM
from throughcare.kernel.audit import Event

RECORD, SCREEN = "Record the release", "Screen for alcohol and drugs"


def tell(desk, actor, name, case):
    made = type("Told", (Event,), {"name": name, "__annotations__": {}})
    with desk.work(actor) as work:
        work.record(made(subject_id=case, case_id=case))


def jobs(desk, actor, case):
    with desk.work(actor) as work:
        return {job.words: job for job in overview.show(work, case).jobs}


@pytest.fixture
def case(desk, world):
    case = world.case()
    with desk.work(SYSTEM) as work:
        row = work.session.get_one(Case, case)
        row.release_on = work.today
        work.session.add(row)
    tell(desk, world.officer, "custody.release_date_confirmed", case)
    return case


def test_a_release_to_record_today_stands_on_the_cases_first_page_and_leads_to_where_it_is_recorded(desk, world, case):
    job = jobs(desk, world.officer, case)[RECORD]
    assert job.href == f"/cases/{case}/custody"
    assert job.whose == world.officer.name
    assert job.due_at is not None


def test_a_deadline_that_has_ended_is_not_to_be_done(desk, world, case):
    tell(desk, world.officer, "custody.released", case)
    assert RECORD not in jobs(desk, world.officer, case)


def test_a_deadline_is_an_act_to_whoever_meets_it_and_a_name_without_a_link_to_a_colleague(desk, world):
    case = world.case()
    tell(desk, world.officer, "custody.received", case)
    assert jobs(desk, world.officer, case)[SCREEN].href == f"/cases/{case}/screening"
    colleagues = jobs(desk, world.treatment, case)
    assert SCREEN not in colleagues
    assert colleagues["Alcohol and drug screen"].href == ""


def test_what_another_agency_is_to_do_is_named_as_theirs_and_has_no_link_here(desk, world):
    handing = Handing(world)
    handing.received()
    job = jobs(desk, world.officer, handing.case_id)["Accept or decline the handover"]
    assert PARTNERS["provider"][2] in job.whose
    assert job.href == ""


def test_a_plan_is_the_managers_to_agree_and_its_owner_is_told_and_not_asked(desk, world, case):
    tell(desk, world.officer, "plan.started", case)
    assert "Agree the release plan" in jobs(desk, world.prison_manager, case)
    told = jobs(desk, world.officer, case)
    assert told["Release plan agreed"].whose == "Team manager"
    assert told["Release plan agreed"].href == ""


def listed(desk, actor):
    with desk.work(actor) as work:
        told = my_work(work, WorkQuery())
        return [item.words for item in (*told.overdue, *told.today, *told.soon)]


def test_what_work_already_asks_for_as_soon_is_not_asked_for_again_as_a_deadline(desk, world):
    Handing(world).sent()
    words = listed(desk, world.provider)
    assert "Open a handover sent to your team" in words
    assert "Open the handover" not in words


def test_a_release_to_record_is_one_line_and_not_a_second_that_says_release(desk, world, case):
    words = listed(desk, world.officer)
    assert words.count(RECORD) == 1
    assert "Release" not in words


def test_what_a_deadline_is_asked_by_is_work_that_there_is(reference):
    named = {kind for rule in reference[ServiceClocks].clock for kind in rule.asked_by}
    assert named <= set(ERRANDS)


def test_a_text_that_speaks_of_dying_stands_before_all_other_work_however_late_that_is(desk, world, case):
    with desk.work(world.officer) as work:
        mine = For(world.agencies["prison"], worker_id=world.officer.id)
        give(work, ERRANDS["checkin_low_score"], mine, About(case, case), work.now - timedelta(days=2), urgent=True)
        give(work, ERRANDS["checkin_crisis"], mine, About(case, case), work.now + timedelta(hours=2), urgent=True)
    with desk.work(world.officer) as work:
        told = my_work(work, WorkQuery())
        waiting = inbox(work, InboxQuery()).waiting
    assert [item.at_once for item in told.today if item.urgent] == [True]
    assert waiting[0].words == ERRANDS["checkin_crisis"].words
