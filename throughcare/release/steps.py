"""How a release plan changes status: put forward, returned, agreed by somebody else, opened again."""

from __future__ import annotations

from collections.abc import Sequence

from throughcare.kernel.actors import AgencyKind, Role
from throughcare.kernel.refusals import Invalid, NotPermitted, Refusal, refuse_if
from throughcare.kernel.steps import Effect, Machine
from throughcare.kernel.work import Moment
from throughcare.release import events
from throughcare.release.rows import ReleasePlan
from throughcare.release.rules import Agreement, Gap, PlanStatus
from throughcare.release.rules.gaps import NO_FIXED_ABODE

WRITERS = {Role.OFFICER, Role.TREATMENT, Role.PROVIDER}
APPROVERS = {Role.OFFICER, Role.MANAGER}
PLANNING = {AgencyKind.PRISON, AgencyKind.PROVIDER}

PLANS: Machine[ReleasePlan] = Machine(ReleasePlan, "release plan")


class OwnPlan(NotPermitted):
    """Somebody other than its author must agree a release plan."""

    code = "own_plan"


class ForManagersOnly(NotPermitted):
    """A plan for a person with no fixed address must be agreed by a manager."""

    code = "for_managers_only"


class GapsNeedReason(Invalid):
    """The plan has gaps; enter why it can be agreed with them."""

    code, beside = "gaps_need_reason", "reason"


class NotYours(Refusal):
    """Release plans are agreed by the prison or the provider."""

    code, status = "not_yours", 403


def is_author(plan: ReleasePlan, at: Moment) -> bool:
    """Whether this is who started it or put it forward."""
    return at.actor.id in {plan.started_by, plan.submitted_by}


@PLANS.step(
    "Put the plan forward",
    frm={PlanStatus.DRAFT, PlanStatus.RETURNED, PlanStatus.REOPENED},
    to=PlanStatus.SUBMITTED,
    by=WRITERS,
)
def submit(plan: ReleasePlan, at: Moment, agrees: Agreement, how: str) -> Effect:
    """The author asks for it to be agreed, and says what the person said of it."""
    return Effect(
        set={
            "submitted_at": at.now, "submitted_by": at.actor.id,
            "person_agrees": agrees, "person_agrees_how": how, "returned_because": "",
        },
        event=events.PlanSubmitted(subject_id=plan.id, case_id=plan.case_id),
    )  # fmt: skip


@PLANS.step("Agree the plan", frm={PlanStatus.SUBMITTED}, to=PlanStatus.AGREED, by=APPROVERS)
def agree(plan: ReleasePlan, at: Moment, missing: Sequence[Gap], reason: str) -> Effect:
    """Somebody else signs it off, knowing what is missing."""
    refuse_if(at.actor.agency_kind not in PLANNING, NotYours)
    refuse_if(is_author(plan, at), OwnPlan)
    codes = [gap.code for gap in missing]
    refuse_if(NO_FIXED_ABODE in codes and at.actor.role is not Role.MANAGER, ForManagersOnly)
    refuse_if(codes and not reason, GapsNeedReason)
    return Effect(
        set={"agreed_at": at.now, "agreed_by": at.actor.id, "agreed_gaps": codes, "agreed_because": reason},
        event=events.PlanAgreed(subject_id=plan.id, case_id=plan.case_id, gaps=tuple(codes)),
    )


@PLANS.step("Return the plan", frm={PlanStatus.SUBMITTED}, to=PlanStatus.RETURNED, by=APPROVERS)
def give_back(plan: ReleasePlan, at: Moment, why: str) -> Effect:
    """It goes back to its author with a reason."""
    refuse_if(at.actor.agency_kind not in PLANNING, NotYours)
    return Effect(set={"returned_because": why}, event=events.PlanReturned(subject_id=plan.id, case_id=plan.case_id))


@PLANS.step(
    "Reopen the plan", frm={PlanStatus.SUBMITTED, PlanStatus.AGREED}, to=PlanStatus.REOPENED, by=WRITERS | APPROVERS
)
def reopen(plan: ReleasePlan, at: Moment, why: str) -> Effect:  # noqa: ARG001 - every effect is given the moment
    """Something changed: what was agreed is written again, and agreed again."""
    return Effect(
        set={"reopened_because": why, "agreed_at": None, "agreed_by": None, "agreed_because": "", "agreed_gaps": []},
        event=events.PlanReopened(subject_id=plan.id, case_id=plan.case_id),
    )
