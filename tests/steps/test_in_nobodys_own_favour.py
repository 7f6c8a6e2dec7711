"""What a worker may not write: a consent for their own agency, what another agency was told, a pregnancy for probation."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlmodel import select

from throughcare.casework import consents
from throughcare.casework.forms_contact import Route, SharingAnswer
from throughcare.casework.people import ConsentState, Person
from throughcare.disclosure.policy import Basis
from throughcare.kernel.categories import Category
from throughcare.kernel.refusals import NotPermitted
from throughcare.safeguarding import actions, forms, pregnancy, views
from throughcare.safeguarding.rows import Consultation
from throughcare.safeguarding.rules import Level


@pytest.fixture
def case(desk, world):
    case = world.case()
    with desk.work(world.officer) as work:
        for key in ("probation", "provider"):
            world.involve(work, case, key, Basis.TASK)
        world.involve(work, case, "provider", Basis.CARE)
    return case


def answer(world, agency, *categories, said=ConsentState.GIVEN):
    return SharingAnswer(
        agency_id=world.agencies[agency], answer=said, purpose="share", categories=categories, route=Route.IN_PERSON
    )


def share(desk, actor, case, form):
    with desk.work(actor) as work:
        return consents.answer_sharing(work, case, form)


@pytest.mark.parametrize("who", ["officer", "prison_manager", "privacy"])
def test_nobody_records_a_consent_that_gives_their_own_agency_more(desk, world, case, who):
    with pytest.raises(consents.InOwnFavour):
        share(desk, world.actors[who], case, answer(world, "prison", Category.ATTENDANCE))


def test_probation_records_none_at_all_whatever_the_title(desk, world, case):
    privacy = replace(world.privacy, agency_id=world.agencies["probation"], agency_kind=world.probation.agency_kind)
    for actor in (world.probation, world.probation_manager, privacy):
        with pytest.raises(NotPermitted):
            share(desk, actor, case, answer(world, "probation", Category.SCREENING))


def test_what_they_hold_already_a_refusal_and_a_consent_for_others_are_recorded(desk, world, case):
    assert share(desk, world.provider, case, answer(world, "provider", Category.IDENTITY)).live
    assert not share(desk, world.officer, case, answer(world, "prison", said=ConsentState.REFUSED)).live
    assert share(desk, world.officer, case, answer(world, "probation", Category.SCREENING)).live


@pytest.mark.parametrize("who", ["probation", "probation_manager", "privacy"])
def test_a_pregnancy_is_recorded_by_those_who_work_with_the_person(desk, world, case, who):
    for verb, form in (
        (pregnancy.pregnancy_known, forms.JustDo()),
        (pregnancy.pregnancy_booked, forms.BookedForm(where="Riverside")),
    ):
        with desk.work(world.actors[who]) as work, pytest.raises(NotPermitted):
            verb(work, case, form)
    with desk.work(world.actors[who]) as work:
        assert not views.page(work, case).may_record_pregnancy
        assert work.session.exec(select(Person.pregnant).where(Person.case_id == case)).one() is None
    with desk.work(world.officer) as work:
        assert views.page(work, case).may_record_pregnancy


@pytest.fixture
def held(desk, world, case):
    with desk.work(world.provider) as work:
        told = actions.record_concern(work, case, forms.ConcernForm(level=Level.MULTIPLE, what="Alone at night"))
    form = forms.AnonymousConsultationForm(
        front_door_id=world.agencies["front_door"], want="Advice", concerns="A child alone at night"
    )
    with desk.work(world.healthcare) as work:
        actions.consult(work, case, told.concerns[0].id, form)
        return work.session.exec(select(Consultation.id)).one()


@pytest.mark.parametrize("who", ["probation", "probation_manager", "provider"])
def test_the_outcome_of_another_agencys_consultation_is_not_theirs_to_write(desk, world, case, held, who):
    with desk.work(world.actors[who]) as work, pytest.raises(NotPermitted):
        actions.answer_consultation(work, case, held, forms.OutcomeForm(outcome="Nothing to do"))
    with desk.work(world.actors[who]) as work:
        assert not any(one.may_answer for one in views.page(work, case).consultations)


def test_an_outcome_is_written_once(desk, world, case, held):
    with desk.work(world.healthcare) as work:
        assert [one.may_answer for one in views.page(work, case).consultations] == [True]
        actions.answer_consultation(work, case, held, forms.OutcomeForm(outcome="Early Help"))
    with desk.work(world.healthcare) as work, pytest.raises(actions.AlreadyAnswered):
        actions.answer_consultation(work, case, held, forms.OutcomeForm(outcome="Nothing to do"))
    with desk.work(world.healthcare) as work:
        (one,) = views.page(work, case).consultations
        assert (one.outcome, one.may_answer) == ("Early Help", False)
