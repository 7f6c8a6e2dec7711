"""A concern about a child is met by what its level calls for, and nobody learns more than they may."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import pytest
from pydantic import ValidationError
from sqlmodel import select

from throughcare.casework.rows import ClockState, ServiceClock, Task, TaskStatus
from throughcare.disclosure.policy import Basis
from throughcare.kernel.refusals import NotFound, NotPermitted, WrongState
from throughcare.safeguarding import actions, considering, errands, forms, pregnancy, views
from throughcare.safeguarding.rows import Child, Choice, Concern, Consultation, Referral, ReferralStatus
from throughcare.safeguarding.rules import Level
from throughcare.screening.asking import ask_beside
from throughcare.screening.forms import AskedBesideForm


def made(desk, actor, verb, *args):
    with desk.work(actor) as work:
        return verb(work, *args)


def concern(desk, world, case, level=Level.SIGNIFICANT_HARM, actor=None):
    form = forms.ConcernForm(level=level, what="Alone at night")
    view = made(desk, actor or world.treatment, actions.record_concern, case, form)
    return next(told.id for told in view.concerns)


def referral(desk, world, case, concern_id, **changed):
    told = {
        "front_door_id": world.agencies["front_door"], "spoke_to": "A duty worker", "child_details": "Sam, 4, at home",
        "concerns": "Alone at night", "family_knows": True, "availability": "Any morning",
    }  # fmt: skip
    return made(desk, world.treatment, actions.refer, case, concern_id, forms.ReferralForm(**told | changed))


def clocks(desk, actor, code):
    with desk.work(actor) as work:
        return list(work.session.exec(select(ServiceClock).where(ServiceClock.code == code)))


def test_level_4_is_urgent_work_within_the_hour_until_it_is_referred(desk, world):
    case = world.case()
    found = concern(desk, world, case)
    with desk.work(world.treatment) as work:
        (task,) = work.session.exec(select(Task).where(Task.kind == "child_refer")).all()
    assert task.urgent
    assert (task.due_at, task.worker_id) == (datetime(2026, 11, 20, 11, 0, tzinfo=UTC), world.treatment.id)
    referral(desk, world, case, found)
    with desk.work(world.treatment) as work:
        assert work.session.get_one(Task, task.id).status is TaskStatus.DONE
    (decision,) = clocks(desk, world.treatment, "child_decision")
    assert decision.due_at.date().isoformat() == "2026-11-23"  # one working day after a Friday
    assert clocks(desk, world.treatment, "child_referral_L4")[0].state is ClockState.STOPPED


@pytest.mark.parametrize("lacking", ["spoke_to", "child_details", "concerns", "availability"])
def test_a_referral_lacking_a_required_part_is_refused_beside_it(desk, world, lacking):
    case = world.case()
    found = concern(desk, world, case)
    with pytest.raises(ValidationError) as refused:
        referral(desk, world, case, found, **{lacking: " "})
    assert [error["loc"] for error in refused.value.errors()] == [(lacking,)]


def test_a_referral_the_family_does_not_know_of_says_why(desk, world):
    case = world.case()
    found = concern(desk, world, case)
    with pytest.raises(ValidationError):
        referral(desk, world, case, found, family_knows=False)
    referral(desk, world, case, found, family_knows=False, why_not_told="It would raise the risk")


@pytest.mark.parametrize("level", [Level.UNIVERSAL, Level.ADDITIONAL, Level.MULTIPLE])
def test_only_level_4_is_referred(desk, world, level):
    case = world.case()
    found = concern(desk, world, case, level)
    with pytest.raises(actions.NotLevel4):
        referral(desk, world, case, found)


def test_an_anonymous_consultation_has_no_place_for_an_identity():
    told = {"front_door_id": UUID(int=1), "want": "Advice", "concerns": "Drinking at night"}
    assert forms.AnonymousConsultationForm(**told)
    for name in ("child_details", "consent_by", "name", "birth_date"):
        with pytest.raises(ValidationError):
            forms.AnonymousConsultationForm(**told, **{name: "Sam Ashdown"})


def test_a_consultation_is_answered_in_writing_and_the_family_is_to_be_told(desk, world):
    case = world.case()
    found = concern(desk, world, case, Level.MULTIPLE)
    form = forms.AnonymousConsultationForm(
        front_door_id=world.agencies["front_door"], want="Advice", concerns="Drinking"
    )
    made(desk, world.treatment, actions.consult, case, found, form)
    with desk.work(world.treatment) as work:
        held = work.session.exec(select(Consultation)).one()
    made(desk, world.treatment, actions.answer_consultation, case, held.id, forms.OutcomeForm(outcome="Early Help"))
    with desk.work(world.treatment) as work:
        kinds = {task.kind: task.status for task in work.session.exec(select(Task))}
    assert kinds == {"child_consult": TaskStatus.DONE, "child_tell_family": TaskStatus.OPEN}


def test_an_accepted_referral_runs_both_the_local_and_the_statutory_clock(desk, world):
    case = world.case()
    referral(desk, world, case, concern(desk, world, case))
    with desk.work(world.treatment) as work:
        row = work.session.exec(select(Referral)).one()
    decided = forms.DecisionForm(decided=forms.Decided.ACCEPTED, lead_professional="A social worker")
    made(desk, world.treatment, actions.decide, case, row.id, decided)
    assert clocks(desk, world.treatment, "child_assessment_local")[0].due_at.date().isoformat() == "2026-12-04"
    assert len(clocks(desk, world.treatment, "child_assessment_statutory")) == 1
    with pytest.raises(WrongState, match="You can"):
        made(desk, world.treatment, actions.decide, case, row.id, decided)


def test_officers_and_probation_know_the_level_and_not_the_words(desk, world):
    case = world.case()
    with desk.work(world.officer) as work:
        world.involve(work, case, "probation", Basis.TASK)
    concern(desk, world, case)
    for reader in (world.officer, world.probation):
        told = made(desk, reader, views.page, case).concerns[0]
        assert told.level is Level.SIGNIFICANT_HARM
        assert told.what is None
        assert "what" in told.withheld


def test_a_pregnancy_is_fast_tracked_once(desk, world):
    case = world.case()
    for _ in range(2):
        made(desk, world.treatment, pregnancy.pregnancy_known, case, forms.JustDo())
    (booking,) = clocks(desk, world.treatment, "pregnant_fast_track")
    assert booking.due_at.date().isoformat() == "2026-11-23"
    made(desk, world.treatment, pregnancy.pregnancy_booked, case, forms.BookedForm(where="Riverside"))
    assert clocks(desk, world.treatment, "pregnant_fast_track")[0].state is ClockState.STOPPED


def test_sharing_without_consent_needs_every_golden_rule_and_keeps_the_version(desk, world, reference):
    from throughcare.safeguarding.reference import Protocol  # noqa: PLC0415 - only here

    case, protocol = world.case(), reference[Protocol]
    told = {
        "decided": Choice.SHARED_WITHOUT_CONSENT,
        "with_whom": "Front door",
        "what": "The concern",
        "why": "Risk",
        "person_told": True,
    }
    with pytest.raises(actions.RulesNotMet):
        made(desk, world.treatment, actions.decide_sharing, case, forms.SharingForm(**told, rules=("open",)))
    every = tuple(choice.value for choice in protocol.rule_choices)
    assert len(every) == 7
    view = made(desk, world.treatment, actions.decide_sharing, case, forms.SharingForm(**told, rules=every))
    assert len(view.decisions) == 1


def test_another_cases_concern_and_another_agencys_referral_are_out_of_reach(desk, world):
    case, other = world.case(), world.case(family="Other")
    found = concern(desk, world, case)
    referral(desk, world, case, found)
    with desk.work(world.treatment) as work:
        row = work.session.exec(select(Referral)).one()
        world.involve(work, case, "provider", Basis.CARE)
        assert work.session.exec(select(Concern)).one().case_id == case
    with pytest.raises(NotFound):
        referral(desk, world, other, found)
    with pytest.raises(NotPermitted):
        made(desk, world.provider, actions.send_form, case, row.id, forms.JustDo())
    with pytest.raises(NotFound):
        made(desk, world.other_provider, views.page, case)


def asked(**told):
    answers = {"alcohol_help": "no", "drugs_help": "no", "related_illness": False, "children": "no", "pregnant": "no"}
    return AskedBesideForm(**answers | told)


def considering_tasks(desk, case):
    with desk.work(None) as work:
        found = select(Task).where(Task.case_id == case, Task.kind == considering.CONSIDER.kind)
        return work.session.exec(found).all()


def test_children_told_of_at_screening_are_considered_by_the_next_working_day_once(desk, world):
    case = world.case()
    for who in (world.treatment, world.officer):
        made(desk, who, ask_beside, case, asked(children="yes"))
    (task,) = considering_tasks(desk, case)
    assert (task.worker_id, task.due_at) == (world.treatment.id, datetime(2026, 11, 23, 23, 59, 59, tzinfo=UTC))
    view = made(desk, world.treatment, considering.no_concern, case, forms.NoConcernForm(why="With their grandmother"))
    assert [told.why for told in view.none_found] == ["With their grandmother"]
    assert considering_tasks(desk, case)[0].status is TaskStatus.DONE
    made(desk, world.officer, ask_beside, case, asked(children="yes"))
    assert len(considering_tasks(desk, case)) == 1


def test_a_concern_recorded_answers_the_question(desk, world):
    case = world.case()
    made(desk, world.treatment, ask_beside, case, asked(children="yes"))
    concern(desk, world, case, Level.ADDITIONAL)
    assert considering_tasks(desk, case)[0].status is TaskStatus.DONE


def test_a_concern_that_stands_already_is_not_asked_about_again(desk, world):
    case = world.case()
    concern(desk, world, case, Level.ADDITIONAL)
    made(desk, world.treatment, ask_beside, case, asked(children="yes"))
    assert considering_tasks(desk, case) == []


def test_no_children_and_no_pregnancy_ask_nothing(desk, world):
    case = world.case()
    made(desk, world.treatment, ask_beside, case, asked())
    assert considering_tasks(desk, case) == []


def test_a_pregnancy_told_of_at_screening_is_booked_by_the_next_working_day_and_the_baby_considered_once(desk, world):
    case = world.case(sex="female")
    for _ in range(2):
        made(desk, world.treatment, ask_beside, case, asked(children="yes", pregnant="yes"))
    with desk.work(None) as work:
        (booking,) = work.session.exec(select(Task).where(Task.kind == errands.BOOK.kind)).all()
    assert (booking.due_at, booking.urgent) == (datetime(2026, 11, 23, 23, 59, 59, tzinfo=UTC), True)
    assert len(considering_tasks(desk, case)) == 1
    (fast,) = clocks(desk, world.treatment, "pregnant_fast_track")
    assert fast.due_at.date().isoformat() == "2026-11-23"


def test_probation_may_not_read_why_there_is_no_concern(desk, world):
    case = world.case()
    with desk.work(world.officer) as work:
        world.involve(work, case, "probation", Basis.TASK)
    made(desk, world.treatment, considering.no_concern, case, forms.NoConcernForm(why="With their grandmother"))
    with desk.work(world.probation) as work:
        assert views.page(work, case).none_found == ()


def test_probation_is_told_the_level_and_neither_of_a_referral_nor_of_its_status(desk, world):
    """DOMAIN G.2: a child concern goes to probation where relevant; the matrix gives it the summary, which is the level."""
    case = world.case()
    with desk.work(world.officer) as work:
        world.involve(work, case, "probation", Basis.TASK)
        work.add(Child(case_id=case, name="Wren"))
    referral(desk, world, case, concern(desk, world, case))
    with desk.work(world.probation) as work:
        told = views.page(work, case)
    assert told.children == ()  # not even how many there are
    assert [one.level for one in told.concerns] == [Level.SIGNIFICANT_HARM]
    assert (told.referrals, told.consultations, told.decisions) == ((), (), ())
    with desk.work(world.officer) as work:
        assert [one.status for one in views.page(work, case).referrals] == [ReferralStatus.MADE]  # their agency made it
    with desk.work(world.healthcare) as work:
        assert views.page(work, case).referrals[0].concerns
