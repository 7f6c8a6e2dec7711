"""What each form about brief interventions and referrals opens with, and who may open it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlmodel import col, select

from throughcare.casework import access
from throughcare.casework.agencies import Worker
from throughcare.intervention import actions, steps
from throughcare.intervention.rows import BriefIntervention, BriefStatus, SpecialistReferral
from throughcare.kernel.forms import Choice
from throughcare.kernel.refusals import NotFound, NotPermitted, WrongState, refuse_if
from throughcare.kernel.steps import Step
from throughcare.kernel.work import Work
from throughcare.web.acts import Opening
from throughcare.web.visit import Ids


def step_on(kind: type[Any], name: str, step: Step[Any, Any]) -> Callable[[Work, Ids], Opening]:
    """The opening of a form whose button presses this step: open only where the step is."""

    def opens(work: Work, ids: Ids) -> Opening:
        row = access.find(work, kind, ids[name])
        refuse_if(row.case_id != ids["case_id"], NotFound)
        refuse_if(work.actor.role not in step.by, NotPermitted)
        if not step.open_to(row, work.actor.role):
            raise WrongState(step.machine.sentence(row, work.actor.role))
        return Opening(version=row.version, title=_title(row, step))

    return opens


def _title(row: Any, step: Step[Any, Any]) -> str:
    return f"{row.side.label}: {step.label[:1].lower()}{step.label[1:]}"


def brief(step: Step[Any, Any]) -> Callable[[Work, Ids], Opening]:
    return step_on(BriefIntervention, "brief_id", step)


def referral(step: Step[Any, Any]) -> Callable[[Work, Ids], Opening]:
    return step_on(SpecialistReferral, "referral_id", step)


def giving(work: Work, ids: Ids) -> Opening:
    """The form of what was given, with the colleagues who may have given it."""
    opened = brief(steps.give)(work, ids)
    people = select(Worker).where(col(Worker.id).in_(actions.colleagues(work)), col(Worker.disabled_at).is_(None))
    deliverers = [Choice(str(worker.id), worker.name) for worker in work.session.exec(people.order_by(Worker.name))]
    return Opening(
        version=opened.version,
        title=opened.title,
        choices={"deliverers": deliverers},
        values={"delivered_by": [str(work.actor.id)]},
    )


def session(work: Work, ids: Ids) -> Opening:
    """A session of the series, once the brief intervention has been given."""
    row = access.find(work, BriefIntervention, ids["brief_id"])
    refuse_if(row.case_id != ids["case_id"], NotFound)
    refuse_if(work.actor.role not in steps.DELIVERERS, NotPermitted)
    refuse_if(row.status not in (BriefStatus.GIVEN, BriefStatus.FOLLOWED_UP), actions.NotGivenYet)
    return Opening()


def team(work: Work, ids: Ids) -> Opening:
    """The substance team's own first contact."""
    access.find_case(work, ids["case_id"])
    refuse_if(work.actor.role not in actions.SUBSTANCE_TEAM, NotPermitted)
    return Opening()
