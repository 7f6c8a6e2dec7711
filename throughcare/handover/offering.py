"""The sender's side: draft, choose what to share, send, answer, take back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlmodel import col, select

from throughcare.casework import access
from throughcare.casework.agencies import Agency, Service, Team
from throughcare.casework.people import Case
from throughcare.casework.tasks import cancel
from throughcare.handover import doors, errands, events, shapes, sharing, steps, views
from throughcare.handover.answer_clock import answer_clock
from throughcare.handover.forms import Answering, Drafting, NotNeeding, Recalling, Sending, Sharing
from throughcare.handover.reasons import HandoverLists
from throughcare.handover.rows import Handover, NoHandover
from throughcare.handover.words import LIVE, Status
from throughcare.kernel.actors import AgencyKind, acts_among
from throughcare.kernel.refusals import Invalid, NotPermitted, Refusal, WrongState, refuse_if
from throughcare.kernel.work import Work


class NotTheOwner(NotPermitted):
    """Only the agency that owns the case can hand it over."""

    code = "not_the_owner"


class CaseClosed(WrongState):
    """This case is closed; open it again first."""

    code = "case_closed"


class AlreadyLive(Refusal):
    """There is already a handover of this case to this service; finish or recall that one first."""

    code, beside = "already_live", "service_id"


class NoSuchService(Invalid):
    """Select a service that is open."""

    code, beside = "no_such_service", "service_id"


class NotListed(Invalid):
    """Select from the list."""

    code = "not_listed"


class NotDraft(WrongState):
    """This has been sent: what was shared cannot be changed."""

    code = "not_draft"


def refuse_unless_listed(code: str, labels: Any, beside: str) -> None:
    """A code that is not on the list is refused beside its field, for programs as for people."""
    refuse_if(code not in labels, NotListed(beside=beside))


def refuse_unless_owner(work: Work, case: Case) -> None:
    """Refuse whoever does not act for the case's owner, and everyone once it is closed."""
    refuse_if(case.closed_at, CaseClosed)
    refuse_if(work.actor.agency_id != case.owner_agency_id or not acts_among(work.actor, steps.SENDERS), NotTheOwner)


def draft(work: Work, case_id: UUID, form: Drafting) -> shapes.Summary:
    """Begin a handover to one service. Nothing is shared yet."""
    case = access.take_case(work, case_id)
    refuse_unless_owner(work, case)
    _check(work, form)
    service, team = _open_service(work, form.service_id)
    live = select(Handover.id).where(
        Handover.case_id == case_id, Handover.service_id == service.id, col(Handover.status).in_(LIVE)
    )
    refuse_if(work.session.exec(live).first(), AlreadyLive)
    made = work.add(
        Handover(
            case_id=case_id, service_id=service.id, to_agency_id=team.agency_id, to_team_id=team.id, sought=form.sought,
            area=form.area, flags=list(form.flags), from_agency_id=case.owner_agency_id, from_team_id=work.actor.team_id,
            from_worker_id=work.actor.id,
        )
    )  # fmt: skip
    sharing.refuse_unless_area(form.area)
    sharing.refuse_if_named(work, case_id, form.area, beside="area")
    work.record(events.Drafted(subject_id=made.id, case_id=case_id, service_id=service.id))
    doors.keep(work, made, "draft")
    return views.show(work, made)


def _check(work: Work, form: Drafting) -> None:
    lists = work.reference[HandoverLists]
    refuse_unless_listed(form.sought, lists.options, "sought")
    for flag in form.flags:
        refuse_unless_listed(flag, lists.flags, "flags")


def _open_service(work: Work, service_id: UUID) -> tuple[Service, Team]:
    service = work.session.get(Service, service_id)
    if service is None or (service.closed_on and service.closed_on <= work.today):
        raise NoSuchService
    team = work.session.get_one(Team, service.team_id)
    agency = work.session.get_one(Agency, team.agency_id)
    refuse_if(agency.kind is not AgencyKind.PROVIDER or agency.closed_on, NoSuchService)
    return service, team


def refuse_unless_drafting(work: Work, row: Handover) -> None:
    """What is shared is chosen by those who send it, while it is a draft."""
    refuse_if(row.status is not Status.DRAFT, NotDraft)
    refuse_if(not steps.at_sender(row, work.actor), doors.OtherSide)
    refuse_if(not acts_among(work.actor, steps.SENDERS), NotPermitted)


def choose(work: Work, handover_id: UUID, form: Sharing) -> shapes.Summary:
    """Choose, part by part, what the team will read once it accepts."""
    row, _ = doors.take(work, handover_id)
    refuse_unless_drafting(work, row)
    may = sharing.offered(work, row)
    refuse_if(set(form.sections) - may.keys(), sharing.NotShareable)
    row.sections = list(form.sections)
    row.plan_note, row.medication_note, row.risk_note = form.plan_note, form.medication_note, form.risk_note
    work.session.add(row)
    work.session.flush()
    return views.show(work, row)


def send(work: Work, handover_id: UUID, form: Sending) -> shapes.Summary:
    """Send what was previewed, on the person's consent, and keep it as it went."""
    row, case = doors.take(work, handover_id)
    doors.refuse_unless_open(work, row, steps.send)
    refuse_unless_owner(work, case)
    consent, ready = sharing.refuse_unless_sendable(work, row, form.sha256)
    fast = sharing.PREGNANT in ready.summary["flags"]
    sharing.freeze(work, row, consent, ready)
    doors.press(work, steps.send, row, ready.sha256, fast)
    if fast:
        work.record(
            events.FastTracked(
                subject_id=row.id, case_id=case.id, for_agency_id=row.to_agency_id, for_team_id=row.to_team_id
            )
        )
    doors.keep(work, row, "send")
    for earlier in work.session.exec(select(Handover.id).where(Handover.case_id == case.id)):
        cancel(work, subject_id=earlier, kinds={errands.REPLAN.kind}, why="sent_again")
    errands.put(
        work, errands.OPEN, errands.receiver(row), row, errands.next_day(work, errands.receiver(row), 1 if fast else 2)
    )
    return views.show(work, row)


def discard(work: Work, handover_id: UUID) -> shapes.Summary:
    """Throw a draft away."""
    row, _ = doors.take(work, handover_id)
    doors.press(work, steps.discard, row)
    doors.keep(work, row, "discard")
    return views.show(work, row)


def answer(work: Work, handover_id: UUID, form: Answering) -> shapes.Summary:
    """Answer what the team asked; its clock runs on."""
    row, case = doors.take(work, handover_id)
    doors.refuse_unless_open(work, row, steps.answer)
    sharing.refuse_if_named(work, case.id, form.words)
    doors.press(work, steps.answer, row)
    doors.keep(work, row, "answer", words=form.words)
    clock = answer_clock(work, row)
    due = clock.due_at if clock else errands.next_day(work, errands.receiver(row))
    errands.put(work, errands.DECIDE, errands.receiver(row), row, due)
    return views.show(work, row)


def recall(work: Work, handover_id: UUID, form: Recalling) -> shapes.Summary:
    """Take it back before it is accepted."""
    row, case = doors.take(work, handover_id)
    doors.refuse_unless_open(work, row, steps.recall)
    refuse_unless_listed(form.reason, work.reference[HandoverLists].recall, "reason")
    sharing.refuse_if_named(work, case.id, form.words)
    doors.press(work, steps.recall, row, form.reason)
    doors.keep(work, row, "recall", [form.reason], form.words)
    errands.put(work, errands.GONE, errands.receiver(row), row, errands.next_day(work, errands.receiver(row), 2))
    return views.show(work, row)


def not_needed(work: Work, case_id: UUID, form: NotNeeding) -> None:
    """Say that no handover is made, and why: the clock for sending one is met."""
    case = access.take_case(work, case_id)
    refuse_unless_owner(work, case)
    refuse_unless_listed(form.reason, work.reference[HandoverLists].not_needed, "reason")
    made = work.add(NoHandover(case_id=case_id, reason=form.reason, words=form.words, recorded_by=work.actor.id))
    work.record(events.NotNeeded(subject_id=made.id, case_id=case_id, reason=form.reason))
