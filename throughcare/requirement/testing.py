"""Drug and alcohol tests as facts. A result is written down; nothing follows from it by itself (DOMAIN D.2)."""

from __future__ import annotations

from uuid import UUID

from throughcare.kernel.actors import AgencyKind, acts_among
from throughcare.kernel.refusals import Invalid, NotFound, NotPermitted, WrongState, refuse_if
from throughcare.kernel.work import Work
from throughcare.requirement.doors import KEEPERS, book, hand_to_officer, requirement_of, row_of
from throughcare.requirement.forms import RecordResult, RecordTest
from throughcare.requirement.rows import DrugTest, Requirement
from throughcare.requirement.rules import refuse_future
from throughcare.requirement.showing import sample_shown
from throughcare.requirement.steps import is_ordered, receive, result
from throughcare.requirement.views import SampleShown


class NotOrderedHere(Invalid):
    """Tests cannot be ordered under this requirement. Record it as a clinical test."""

    code, beside = "not_ordered_here", "purpose"


def record_test(work: Work, case_id: UUID, requirement_id: UUID, form: RecordTest) -> SampleShown:
    """A sample was taken, under an order or for treatment."""
    requirement = row_of(work, Requirement, case_id, requirement_id)
    refuse_if(not acts_among(work.actor, KEEPERS), NotPermitted)
    refuse_if(requirement.ended_on is not None, WrongState("This requirement has ended."))
    refuse_future(form.collected_on, work.today, "collected_on")
    made = DrugTest(
        case_id=case_id, requirement_id=requirement.id, type=form.type, purpose=form.purpose,
        collected_on=form.collected_on or work.today,
    )  # fmt: skip
    kind = book(work).kinds.get(requirement.kind)
    refuse_if(is_ordered(made) and not (kind and kind.tests), NotOrderedHere)
    return sample_shown(work, work.add(made))


def record_lab(work: Work, case_id: UUID, test_id: UUID) -> SampleShown:
    """The laboratory has the sample."""
    test = sample_of(work, case_id, test_id)
    receive(test, work)
    hand_to_officer(work, requirement_of(work, test), {"test_result_wait"}, test.id)
    return sample_shown(work, test)


def record_result(work: Work, case_id: UUID, test_id: UUID, form: RecordResult) -> SampleShown:
    """What the test came to."""
    test = sample_of(work, case_id, test_id)
    result(test, work, form.model_dump())
    return sample_shown(work, test)


def sample_of(work: Work, case_id: UUID, test_id: UUID, *, change: bool = True) -> DrugTest:
    """A test of this case; to the supervising agency a clinical one is not there."""
    test = row_of(work, DrugTest, case_id, test_id, change=change)
    refuse_if(not is_ordered(test) and work.actor.agency_kind is AgencyKind.PROBATION, NotFound)
    return test
