"""What check-ins do when something happens elsewhere: a release, a recall, a death, another number, a consent."""

from __future__ import annotations

from uuid import UUID

from sqlmodel import col, select

from throughcare.casework import tasks
from throughcare.casework.contact import current_number, numbers_of
from throughcare.casework.people import Person
from throughcare.casework.rows import Appointment, CustodyEpisode, Task, TaskStatus
from throughcare.casework.whereabouts import away
from throughcare.checkin import chasing, errands, optouts, planning, steps
from throughcare.checkin.grounds import TEXTS
from throughcare.checkin.rows import CheckinPlan, PlanStatus
from throughcare.kernel.audit import Event
from throughcare.kernel.clock import end_of
from throughcare.kernel.delivery import Delivery
from throughcare.kernel.work import Work

SEEN_TO = frozenset({errands.CRISIS.kind, errands.UNANSWERED.kind})
SAID = SEEN_TO | {errands.CALL_ASKED.kind, errands.LOW_SCORE.kind}
STANDS = {
    "recalled": SEEN_TO,
    "died": frozenset[str](),
    "case_closed": frozenset[str](),
}  # why check-ins end -> what is still to be done


def open_plan(work: Work, case_id: UUID) -> CheckinPlan | None:
    """The case's open plan, locked."""
    live = select(CheckinPlan).where(CheckinPlan.case_id == case_id, CheckinPlan.status != PlanStatus.ENDED)
    return work.session.exec(live.with_for_update()).first()


def released(work: Work, event: Event) -> None:
    """The recorded release starts the plan that was agreed, or the usual one (R39). Every number is to be proven again."""
    case_id = _case(event)
    stay = work.session.get(CustodyEpisode, event.subject_id)
    if stay and away(stay):
        _not_in_community(work, case_id, f"left_for_{stay.left_for}")
        return
    plan = open_plan(work, case_id)
    if plan and plan.status is not PlanStatus.AGREED:
        finish(work, plan, "released_again")
        plan = _new(work, case_id, like=plan)
    plan = plan or _new(work, case_id)
    for number in numbers_of(work, case_id):
        number.proven_at = None
        work.session.add(number)
    steps.start(plan, work, event.subject_id, event.on or work.today)
    planning.plan_now(work, plan)


def _not_in_community(work: Work, case_id: UUID, because: str) -> None:
    """Hospital, other custody, detention or abroad: nothing runs; a plan that was agreed waits until they come (R6)."""
    plan = open_plan(work, case_id)
    if plan and plan.status is not PlanStatus.AGREED:
        finish(work, plan, because)


def _new(work: Work, case_id: UUID, like: CheckinPlan | None = None) -> CheckinPlan:
    if like:
        return work.add(
            CheckinPlan(case_id=case_id, code=like.code, days=like.days, hour=like.hour, language=like.language)
        )
    person = work.session.exec(select(Person).where(Person.case_id == case_id)).one()
    return work.add(CheckinPlan(case_id=case_id, language=person.language))


def kept(work: Work, event: Event) -> None:
    """They came to an appointment, or were seen: nobody need ask why a text went unanswered (R46)."""
    case_id, meeting = (
        _case(event),
        work.session.get(Appointment, getattr(event, "appointment_id", None) or event.subject_id),
    )
    seen = meeting.at if meeting else end_of(event.on or work.today)
    chasing.met(work, case_id, min(seen, work.now), "kept_appointment")


def recalled(work: Work, event: Event) -> None:
    """Back in custody: nothing more is sent, and nobody is asked to ring a number that will not be answered."""
    _over(work, _case(event), "recalled")


def died(work: Work, event: Event) -> None:
    """Nothing is ever sent again."""
    _over(work, _case(event), "died")


def closed(work: Work, event: Event) -> None:
    """The case is closed: the check-ins end with it."""
    _over(work, _case(event), "case_closed")


def _over(work: Work, case_id: UUID, because: str) -> None:
    plan = open_plan(work, case_id)
    if plan and plan.status is not PlanStatus.AGREED:
        finish(work, plan, because)
    elif plan and because != "recalled":
        steps.end(plan, work, because)


def finish(work: Work, plan: CheckinPlan, because: str) -> None:
    """End the plan with all that hangs on it: texts not yet sent, ladders, and the calls that it would have had made.

    What the person said stands: a crisis is seen to wherever they are, a call they asked for while they can be called.
    """
    steps.end(plan, work, because)
    optouts.hold_back(work, plan.case_id, because, Delivery.CANCELLED)
    for prompt in optouts.open_prompts(work, plan.case_id):
        prompt.held_at, prompt.look_at = work.now, None
        work.session.add(prompt)
    chasing.cannot_answer(work, plan.case_id, because)
    kinds = errands.CALLS | {errands.REPAIR.kind, errands.PROVE.kind, errands.UNSENT.kind}
    kinds -= STANDS.get(because, SAID)
    still = select(Task).where(Task.case_id == plan.case_id, col(Task.kind).in_(kinds), Task.status == TaskStatus.OPEN)
    for subject_id in {task.subject_id for task in work.session.exec(still)}:
        tasks.cancel(work, subject_id=subject_id, kinds=set(kinds), why=because)


def number_changed(work: Work, event: Event) -> None:
    """Another number, or another word agreed: ask for the word from now on, and stop looking for a number that works."""
    case_id = _case(event)
    if getattr(event, "what", "") in {"suspended", "ended"}:
        return
    for prompt in optouts.open_prompts(work, case_id):
        if prompt.failed_at and prompt.repaired_at is None:
            prompt.repaired_at = work.now
            work.session.add(prompt)
    _ask_anew(work, case_id)


def consented(work: Work, event: Event) -> None:
    """Texts agreed to: the code word is asked for now. A consent that a worker records undoes a STOP (R29)."""
    if getattr(event, "purpose", "") != TEXTS:
        return
    case_id = _case(event)
    number = current_number(work, case_id)
    if number:
        optouts.opt_in(work, case_id, number.number, "worker")
    _ask_anew(work, case_id)


def withdrawn(work: Work, event: Event) -> None:
    """Texts no longer agreed to: none goes, and check-ins become calls."""
    if getattr(event, "purpose", "") == TEXTS:
        optouts.hold_back(work, _case(event), "no_consent")


def _ask_anew(work: Work, case_id: UUID) -> None:
    plan = open_plan(work, case_id)
    number = current_number(work, case_id)
    if plan and plan.status is PlanStatus.ACTIVE and not (number and number.proven_at):
        plan.proof_from, plan.wrong_replies, plan.next_at = work.now, 0, work.now
        work.session.add(plan)


def _case(event: Event) -> UUID:
    if event.case_id is None:
        raise ValueError(f"{event.name} without a case")
    return event.case_id
