"""An event, a deadline and a piece of work tell something by their very words: nobody reads what the matrix withholds."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from config.tables import all_tables
from tests.architecture.test_errands_end import kinds_of_event
from throughcare.casework import done, overview
from throughcare.casework.clock_rules import ServiceClocks
from throughcare.casework.elsewhere import deadlines
from throughcare.casework.rows import Appointment
from throughcare.casework.tasks import ERRANDS, About, For, give
from throughcare.casework.telling import tale_of
from throughcare.casework.timeline import TimelineQuery, timeline
from throughcare.casework.worklist import Whose, WorkQuery, my_work
from throughcare.disclosure.policy import Basis
from throughcare.kernel.audit import Event
from throughcare.kernel.categories import Category
from throughcare.kernel.refusals import NotFound
from throughcare.safeguarding import forms, pregnancy

all_tables()
HAPPENED = (
    "custody.received",
    "handover.sent",
    "handover.fast_tracked",
    "healthcare.seen",
    "screening.completed",
    "screening.pregnancy_told",
    "intervention.given",
    "checkin.low_score",
    "safeguarding.referred",
    "safeguarding.concern_recorded",
    "safeguarding.pregnancy_known",
    "plan.medicines_recorded",
    "contact.number_changed",
)
FAMILY = {"safeguarding.referred", "safeguarding.concern_recorded"}
PREGNANCY = {"handover.fast_tracked", "screening.pregnancy_told", "safeguarding.pregnancy_known"}
TOLD = {
    "other_officer": set(HAPPENED) - PREGNANCY - {"safeguarding.referred"},
    "healthcare": set(HAPPENED) - {"checkin.low_score"},
    "provider": set(HAPPENED),
    "probation": {"custody.received", "handover.sent", "safeguarding.concern_recorded"},
    "probation_manager": {"custody.received", "handover.sent", "safeguarding.concern_recorded"},
    "prison_manager": set(HAPPENED) - PREGNANCY - {"safeguarding.referred"},
    "privacy": set(HAPPENED) - PREGNANCY - {"safeguarding.referred"},
}
SECRET = ("pregnancy_book", "child_refer", "checkin_low_score", "checkin_opted_out")


@pytest.fixture
def case(desk, world):
    case = world.case()
    with desk.work(world.officer) as work:
        world.involve(work, case, "probation", Basis.TASK)
        world.involve(work, case, "provider", Basis.CARE)
    return case


def happen(desk, actor, case, names=HAPPENED, about=None):
    for name in names:
        kind = type(name, (Event,), {"name": name, "__annotations__": {}, "__module__": "tests"})
        with desk.work(actor) as work:
            work.record(kind(subject_id=about or case, case_id=case))


def entries(desk, actor, case):
    with desk.work(actor) as work:
        return {entry.words for entry in timeline(work, case, TimelineQuery()).entries}


def put(desk, world, case, kind, worker="healthcare", agency="prison"):
    with desk.work(world.officer) as work:
        whose = For(world.agencies[agency], worker_id=world.actors[worker].id)
        return give(work, ERRANDS[kind], whose, About(case, case), work.now + timedelta(hours=2)).id


def listed(desk, actor, case):
    """What the case page, and the reader's own and their team's lists, say is to be done."""
    with desk.work(actor) as work:
        page = {job.words for job in overview.show(work, case).jobs}
        lists = [my_work(work, WorkQuery(whose=whose)) for whose in Whose]
        return page | {item.words for view in lists for item in (*view.overdue, *view.today, *view.soon)}


@pytest.mark.parametrize("kind", sorted(ERRANDS))
def test_every_kind_of_work_says_what_its_words_tell(kind):
    assert isinstance(ERRANDS[kind].tells, Category)


def test_every_event_is_judged_and_so_is_every_event_that_a_clock_listens_for(reference):
    named = {one.name for one in kinds_of_event() if one.__module__.startswith("throughcare") and hasattr(one, "name")}
    every = named | set(reference[ServiceClocks].events)
    assert {name for name in every if not isinstance(tale_of(name).category, Category)} == set()
    with pytest.raises(KeyError):
        tale_of("unheard_of.thing")


@pytest.mark.parametrize("reader", sorted(TOLD))
def test_the_timeline_tells_each_seat_what_the_matrix_does(desk, world, case, reference, reader):
    happen(desk, world.treatment, case)
    book = reference[ServiceClocks].events
    told = entries(desk, world.actors[reader], case)
    assert {
        name for name in HAPPENED if book.get(name, name) in told or any(name_said(name) == t for t in told)
    } == TOLD[reader]


def name_said(name):
    return name.replace(".", " ").replace("_", " ").capitalize()


def test_what_somebody_did_themselves_they_know(desk, world, case):
    happen(desk, world.officer, case, ["safeguarding.referred"])
    assert "A referral to children's services was made." in entries(desk, world.officer, case)
    assert "A referral to children's services was made." not in entries(desk, world.other_officer, case)


@pytest.mark.parametrize("kind", SECRET)
def test_another_agencys_work_is_not_on_the_case_page(desk, world, case, kind):
    put(desk, world, case, kind, "provider", "provider")
    assert ERRANDS[kind].words in listed(desk, world.provider, case)
    for reader in ("probation", "probation_manager", "officer", "privacy"):
        assert ERRANDS[kind].words not in listed(desk, world.actors[reader], case)


@pytest.mark.parametrize("kind", ["pregnancy_book", "child_refer"])
def test_health_and_family_work_of_a_colleague_is_not_an_officers_to_read(desk, world, case, kind):
    task = put(desk, world, case, kind)
    assert ERRANDS[kind].words in listed(desk, world.healthcare, case)
    for reader in ("officer", "prison_manager", "privacy"):
        assert ERRANDS[kind].words not in listed(desk, world.actors[reader], case)
    put(desk, world, case, kind, "officer")
    assert ERRANDS[kind].words in listed(desk, world.officer, case)
    with desk.work(world.admin) as work, pytest.raises(NotFound):
        done.closable(work, task)


def test_a_manager_ends_by_hand_what_they_may_not_read(desk, world, case):
    task = put(desk, world, case, "child_tell_family")
    for reader, words in (("prison_manager", done.NOT_TOLD), ("healthcare", ERRANDS["child_tell_family"].words)):
        with desk.work(world.actors[reader]) as work:
            assert done.words_of(work, done.closable(work, task)) == words


def test_a_deadline_about_a_pregnancy_is_for_those_who_may_know_of_it(desk, world, case):
    with desk.work(world.healthcare) as work:
        pregnancy.pregnancy_known(work, case, forms.JustDo())
    words = "Book the pregnant person into treatment"
    for reader, told in (("healthcare", True), ("officer", False), ("probation", False), ("prison_manager", False)):
        with desk.work(world.actors[reader]) as work:
            assert (words in {one.words for one in deadlines(work, case).deadlines}) is told


def test_the_timeline_says_which_appointment_was_booked_to_those_who_may_know_of_it(desk, world, case):
    """Attendance goes to probation where it is ordered or agreed to (DOMAIN G.2); that one was booked is of the record."""
    told = {"kind": "first_treatment", "at": datetime(2026, 12, 2, 10, 30, tzinfo=UTC)}
    with desk.work(world.provider) as work:
        booked = work.add(Appointment(case_id=case, agency_id=world.agencies["provider"], **told))
    happen(desk, world.provider, case, ["appointment.booked"], about=booked.id)
    said = {}
    for who in ("provider", "healthcare", "probation"):
        with desk.work(getattr(world, who)) as work:
            (entry,) = timeline(work, case, TimelineQuery()).entries
        said[who] = (entry.appointment, entry.appointment_at)
    known = ("First treatment", told["at"])
    assert said == {"provider": known, "healthcare": known, "probation": ("", None)}
