"""Who may read is asked once in a piece of work, and again at once when what the answer rests on may have changed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import count

import pytest
from sqlalchemy import event, select, text, update

from throughcare.casework import access, standing
from throughcare.casework.people import Case, Consent, ConsentState
from throughcare.casework.rows import Involvement
from throughcare.disclosure.policy import Basis
from throughcare.kernel.actors import SYSTEM
from throughcare.kernel.categories import Category
from throughcare.kernel.refusals import NotFound
from throughcare.kernel.work import Moment

NUMBER = count()


@pytest.fixture
def case_id(world):
    return world.case()


@pytest.fixture
def asked(desk):
    """Everything said to the database about involvements from here on."""
    said = []

    def hear(_connection, _cursor, words, *_):
        if words.startswith("SELECT involvement.case_id"):
            said.append(words)

    event.listen(desk.engine, "before_cursor_execute", hear)
    yield said
    event.remove(desk.engine, "before_cursor_execute", hear)


def bases(work, case_id):
    return set(access.standing(work, case_id).bases)


def consented(work, case_id):
    return set(access.standing(work, case_id).consented)


def involvement(work, case_id, basis):
    return work.session.scalars(
        select(Involvement).where(Involvement.case_id == case_id, Involvement.basis == basis)
    ).one()


def agreed(world, case_id, agency="prison"):
    return Consent(
        case_id=case_id, purpose="share", agency_id=world.agencies[agency], categories=[Category.SCREENING.value],
        state=ConsentState.GIVEN, given_at=world.desk.clock.now(), recorded_by=world.officer.id,
    )  # fmt: skip


def test_it_is_asked_once_while_nothing_changes(desk, world, case_id, asked):
    with desk.work(world.officer) as work:
        first = access.standing(work, case_id)
        access.find_case(work, case_id)
        assert access.told(work, case_id, Category.IDENTITY)
        assert access.standing(work, case_id) == first
        assert len(asked) == 1


def test_another_case_is_another_question(desk, world, case_id, asked):
    other = world.case(prison_number="A9999ZZ")
    with desk.work(world.officer) as work:
        assert access.standings(work, [case_id, other]).keys() == {case_id, other}
        access.standing(work, other)
        assert len(asked) == 1
        stranger = access.standing(work, world.agencies["prison"])
        assert not stranger.bases
        assert len(asked) == 2


def test_a_standing_that_begins_or_ends_is_seen_at_once(desk, world, case_id):
    with desk.work(world.officer) as work:
        assert bases(work, case_id) == {Basis.TASK, Basis.CARE}
        access.involve(work, case_id, world.agencies["prison"], Basis.ORDER, "test")
        assert bases(work, case_id) == {Basis.TASK, Basis.CARE, Basis.ORDER}
        for basis in (Basis.TASK, Basis.ORDER, Basis.CARE):
            standing.end(work, involvement(work, case_id, basis))
        assert bases(work, case_id) == set()
        with pytest.raises(NotFound):
            access.find_case(work, case_id)


def test_what_is_changed_and_not_yet_written_counts(desk, world, case_id):
    with desk.work(world.officer) as work:
        care, task = (involvement(work, case_id, basis) for basis in (Basis.CARE, Basis.TASK))
        assert bases(work, case_id) == {Basis.TASK, Basis.CARE}
        care.until_at = work.now
        assert bases(work, case_id) == {Basis.TASK}
        work.session.delete(task)
        assert bases(work, case_id) == set()
        again = {"case_id": case_id, "agency_id": world.agencies["prison"], "from_at": work.now, "created_at": work.now}
        work.session.add(Involvement(basis=Basis.DUTY, because="test", **again))
        assert bases(work, case_id) == {Basis.DUTY}


def test_consent_that_is_given_changed_or_taken_back_is_seen_at_once(desk, world, case_id):
    with desk.work(world.officer) as work:
        assert consented(work, case_id) == set()
        consent = work.add(agreed(world, case_id))
        assert consented(work, case_id) == {Category.SCREENING}
        consent.categories = [Category.SCREENING.value, Category.PLAN.value]
        assert consented(work, case_id) == {Category.SCREENING, Category.PLAN}
        consent.ended_at = work.now
        assert consented(work, case_id) == set()


@pytest.mark.parametrize("by", ["the class", "words"])
def test_rows_changed_without_being_named_are_seen_at_once(desk, world, case_id, by):
    with desk.work(world.officer) as work:
        assert bases(work, case_id)
        over = work.now - timedelta(seconds=1)
        ended = update(Involvement).values(until_at=over) if by == "the class" else text("DELETE FROM involvement")
        work.session.execute(ended)
        assert bases(work, case_id) == set()


def test_what_is_taken_back_to_a_savepoint_is_seen_at_once(desk, world, case_id):
    with desk.work(world.officer) as work:
        tried = work.session.begin_nested()
        standing.end(work, involvement(work, case_id, Basis.CARE))
        assert bases(work, case_id) == {Basis.TASK}
        tried.rollback()
        assert bases(work, case_id) == {Basis.TASK, Basis.CARE}


@pytest.mark.parametrize(
    "lock",
    [
        access.take_case,
        lambda work, case_id: work.session.exec(select(Case).where(Case.id == case_id).with_for_update()).one(),
        lambda work, case_id: work.session.refresh(access.find_case(work, case_id), with_for_update=True),
    ],
    ids=["taken", "chosen", "read anew"],
)
def test_a_lock_may_have_been_waited_for_so_it_is_asked_again(desk, world, case_id, asked, lock):
    with desk.work(world.officer) as work:
        access.standing(work, case_id)
        lock(work, case_id)
        before = len(asked)
        access.standing(work, case_id)
        assert (before, len(asked)) in {(1, 2), (2, 2)}  # `taken` asks by itself


def test_what_ended_elsewhere_while_a_lock_was_waited_for_is_seen(desk, world, case_id, database):
    if database == "sqlite":
        return  # one work at a time: nothing can end elsewhere meanwhile
    with desk.work(world.officer) as work:
        assert bases(work, case_id)
        with desk.work(SYSTEM) as other:
            for basis in (Basis.TASK, Basis.CARE):
                standing.end(other, involvement(other, case_id, basis))
        with pytest.raises(NotFound):
            access.take_case(work, case_id)


def test_each_reader_is_asked_about_apart(desk, world, case_id):
    with desk.work(world.officer) as work:
        assert bases(work, case_id)
        theirs = replace(work, moment=Moment(world.provider, work.now))
        assert bases(theirs, case_id) == set()
        assert bases(work, case_id)


def test_the_next_work_remembers_nothing(desk, world, case_id, asked):
    for _ in range(2):
        with desk.work(world.officer) as work:
            access.standing(work, case_id)
    assert len(asked) == 2
