"""What people do with a release plan as a whole: start it, put it forward, agree it, return it, open it again."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from throughcare.casework import access, tasks
from throughcare.casework.clock_rules import ServiceClocks
from throughcare.casework.deadlines import is_compressed
from throughcare.casework.people import Case
from throughcare.casework.rows import CustodyEpisode
from throughcare.casework.tasks import About, For, errand
from throughcare.casework.whose import owner_of
from throughcare.kernel.actors import Role
from throughcare.kernel.audit import Event
from throughcare.kernel.categories import Category
from throughcare.kernel.clock import end_of
from throughcare.kernel.refusals import NotPermitted, Refusal, refuse_if
from throughcare.kernel.work import Work
from throughcare.release import events, handing, showing, steps
from throughcare.release.facts import current, picture, plan_of, stay
from throughcare.release.forms import AgreeForm, Because, SubmitForm
from throughcare.release.reference import ReleaseBook
from throughcare.release.rows import ChecklistItem, LeavingMedicines, Lodging, ReleasePlan
from throughcare.release.rules import gaps
from throughcare.release.views import PlanShown

SIGN_OFF = timedelta(days=7)  # as the clock "plan_signoff"
TO_AGREE = errand(Category.PLAN, "release_plan_to_agree", "Agree or return the release plan", "/cases/{case_id}/plan", {"plan.agreed", "plan.returned", "plan.reopened"})  # fmt: skip
RETURNED = errand(Category.PLAN, "release_plan_returned", "Put the returned release plan right", "/cases/{case_id}/plan", {"plan.submitted"})  # fmt: skip


class AlreadyPlanned(Refusal):
    """This stay already has a release plan."""

    code = "already_planned"


class NotInCustody(Refusal):
    """A release plan is for a person in custody, and no stay is open."""

    code = "not_in_custody"


def moved(work: Work, event: Event) -> None:
    """A reaction to another release date: what counts back from it is due by the new one. What is late stays late."""
    assert event.case_id
    case, plan = work.session.get_one(Case, event.case_id), current(work, event.case_id)
    if plan is None:
        return
    for kind, lead in ((handing.WANTED.kind, handing.LEAD), (TO_AGREE.kind, SIGN_OFF)):
        for task in handing.waiting(work, plan, kind):
            task.due_at = task.due_at if task.due_at < work.now else handing.due_by(work, case, lead)
            work.session.add(task)


def start(work: Work, case_id: UUID) -> PlanShown:
    """Start the plan: 84 days before release, sooner, or at once and marked compressed where less time is left."""
    case = access.take_case(work, case_id)
    refuse_if(work.actor.role not in steps.WRITERS, NotPermitted)
    episode = stay(work, case_id)
    if episode is None or episode.ended_at:
        raise NotInCustody
    before = current(work, case_id)
    if before:
        refuse_if(before.episode_id == episode.id, AlreadyPlanned)
        _put_away(work, before)
    plan = _begun(work, case, episode)
    work.record(events.PlanStarted(subject_id=plan.id, case_id=case_id, compressed=plan.compressed))
    return showing.plan_shown(work, case, plan)


def _begun(work: Work, case: Case, episode: CustodyEpisode) -> ReleasePlan:
    rule = work.reference[ServiceClocks].rule("release_plan_start")
    short = case.release_on is not None and is_compressed(rule, work.today, case.release_on)
    plan = work.add(
        ReleasePlan(
            case_id=case.id, episode_id=episode.id, started_on=work.today, started_by=work.actor.id, compressed=short
        )
    )
    work.add(Lodging(case_id=case.id, plan_id=plan.id))
    work.add(LeavingMedicines(case_id=case.id, plan_id=plan.id))
    for word in work.reference[ReleaseBook].checklist:
        work.add(ChecklistItem(case_id=case.id, plan_id=plan.id, code=word.code))
    return plan


def put_away(work: Work, event: Event) -> None:
    """A reaction to a recall or a new reception: the plan for the stay before is kept, and stands no more."""
    plan = current(work, event.case_id) if event.case_id else None
    newest = stay(work, event.case_id) if event.case_id else None
    if plan and newest and plan.episode_id != newest.id:
        _put_away(work, plan)


def _put_away(work: Work, plan: ReleasePlan) -> None:
    plan.replaced_at = work.now
    work.session.add(plan)
    work.session.flush()
    tasks.cancel(work, subject_id=plan.id, kinds={TO_AGREE.kind, RETURNED.kind, handing.WANTED.kind}, why="put_away")
    work.record(events.PlanPutAway(subject_id=plan.id, case_id=plan.case_id))


def submit(work: Work, case_id: UUID, form: SubmitForm) -> PlanShown:
    """Ask for the plan to be agreed; a manager of the owner's agency is told."""
    case, plan = _taken(work, case_id)
    steps.submit(plan, work, form.person_agrees, form.how)
    for_managers = For(case.owner_agency_id, role=Role.MANAGER)
    about = About(case_id, plan.id, f"{plan.id}:{plan.version}")
    tasks.give(work, TO_AGREE, for_managers, about, handing.due_by(work, case, SIGN_OFF))
    return showing.plan_shown(work, case, plan)


def agree(work: Work, case_id: UUID, form: AgreeForm) -> PlanShown:
    """Agree the plan as somebody other than its author; what is missing needs a reason, no fixed address a manager."""
    case, plan = _taken(work, case_id)
    steps.agree(plan, work, gaps(picture(work, case, plan), work.today), form.reason)
    return showing.plan_shown(work, case, plan)


def give_back(work: Work, case_id: UUID, form: Because) -> PlanShown:
    """Return the plan to its author with a reason."""
    case, plan = _taken(work, case_id)
    steps.give_back(plan, work, form.why)
    author = For(case.owner_agency_id, worker_id=plan.submitted_by) if plan.submitted_by else owner_of(case)
    tasks.give(work, RETURNED, author, About(case_id, plan.id, f"{plan.id}:{plan.version}"), end_of(work.today))
    return showing.plan_shown(work, case, plan)


def reopen(work: Work, case_id: UUID, form: Because) -> PlanShown:
    """Open a plan again so that what was agreed can be changed; it must then be agreed again."""
    case, plan = _taken(work, case_id)
    steps.reopen(plan, work, form.why)
    return showing.plan_shown(work, case, plan)


def _taken(work: Work, case_id: UUID) -> tuple[Case, ReleasePlan]:
    case = access.take_case(work, case_id)
    refuse_if(work.actor.agency_kind not in steps.PLANNING, steps.NotYours)
    return case, access.take(work, ReleasePlan, plan_of(work, case_id).id)
