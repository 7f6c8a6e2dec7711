"""The receiving team's side until the case passes: open, ask, wait, accept, decline."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from throughcare.casework import access
from throughcare.casework.rows import Appointment
from throughcare.disclosure.policy import Basis
from throughcare.handover import doors, errands, owning, shapes, steps, views, workers
from throughcare.handover.forms import Accepting, Asking, Declining, Waiting
from throughcare.handover.offering import CaseClosed, NotListed, refuse_unless_listed
from throughcare.handover.reasons import HandoverLists
from throughcare.handover.rows import Handover
from throughcare.handover.sharing import consent_to_refer
from throughcare.kernel.clock import at, end_of
from throughcare.kernel.refusals import Invalid, WrongState, refuse_if
from throughcare.kernel.work import Work


class NotInTeam(Invalid):
    """Choose somebody who works in this team now."""

    code, beside = "not_in_team", "worker_id"


class NoLongerAgreed(WrongState):
    """The person no longer agrees to be referred to this service. Ask the sender, or decline."""

    code = "no_longer_agreed"


class InThePast(Invalid):
    """Choose a time that is still to come."""

    code, beside = "in_the_past", "on"


def receive(work: Work, handover_id: UUID) -> shapes.Summary:
    """Say that the team has it."""
    row, _ = doors.take(work, handover_id)
    doors.press(work, steps.receive, row)
    doors.keep(work, row, "receive")
    return views.show(work, row)


def ask(work: Work, handover_id: UUID, form: Asking) -> shapes.Summary:
    """Ask for what is missing; the clock stands still until it comes."""
    row, _ = doors.take(work, handover_id)
    doors.refuse_unless_open(work, row, steps.ask)
    for code in form.asked:
        refuse_unless_listed(code, work.reference[HandoverLists].information, "asked")
    doors.press(work, steps.ask, row, tuple(form.asked))
    doors.keep(work, row, "ask", form.asked, form.words)
    errands.put(work, errands.INFORM, errands.sender(row), row, errands.next_day(work, errands.sender(row)))
    return views.show(work, row)


def wait(work: Work, handover_id: UUID, form: Waiting) -> shapes.Summary:
    """Put the person on a waiting list that is looked at again on a day."""
    row, _ = doors.take(work, handover_id)
    doors.refuse_unless_open(work, row, steps.waiting_list)
    refuse_if(form.review_on <= work.today, InThePast(beside="review_on"))
    doors.press(work, steps.waiting_list, row, form.review_on)
    doors.keep(work, row, "waiting_list", words=form.words)
    errands.put(work, errands.REVIEW, errands.receiver(row), row, end_of(form.review_on))
    errands.put(work, errands.WAIT, errands.sender(row), row, errands.next_day(work, errands.sender(row), 2))
    return views.show(work, row)


def accept(work: Work, handover_id: UUID, form: Accepting) -> shapes.Summary:
    """Take the person on: a named worker, a first appointment, and from now a share in the responsibility."""
    row, case = doors.take(work, handover_id)
    doors.refuse_unless_open(work, row, steps.accept)
    refuse_if(case.closed_at, CaseClosed)
    refuse_if(consent_to_refer(work, case.id, row.to_agency_id) is None, NoLongerAgreed)
    worker = next((who for who in workers.of_team(work, row.to_team_id) if who.id == form.worker_id), None)
    if worker is None:
        raise NotInTeam
    when = at(form.on, form.at)
    refuse_if(when <= work.now, InThePast)
    booked = _book(work, row, form, when, worker.name)
    doors.press(work, steps.accept, row, worker.id, booked.id)
    doors.keep(work, row, "accept", words=form.words)
    access.involve(work, case.id, row.to_agency_id, Basis.CARE, "handover")
    owning.share(work, case)
    owning.move_clocks(work, case, row)
    _after_accepting(work, row, when)
    return views.show(work, row)


def _book(work: Work, row: Handover, form: Accepting, when: datetime, worker: str) -> Appointment:
    return work.add(
        Appointment(
            case_id=row.case_id, agency_id=row.to_agency_id, kind="first_treatment", at=when, place=form.place,
            with_whom=worker, phone=form.phone, handover_id=row.id,
        )
    )  # fmt: skip


def _after_accepting(work: Work, row: Handover, when: datetime) -> None:
    """The sender tells the person; the worker meets them."""
    errands.put(work, errands.TELL, errands.sender(row), row, min(when, errands.next_day(work, errands.sender(row), 2)))
    errands.put(work, errands.MEET, errands.receiver(row), row, when)


def decline(work: Work, handover_id: UUID, form: Declining) -> shapes.Summary:
    """Say no, whose no it is, and why: the sender plans again."""
    row, _ = doors.take(work, handover_id)
    doors.refuse_unless_open(work, row, steps.decline)
    reasons = work.reference[HandoverLists].decline[form.declined_by]
    refuse_if(
        form.reason not in reasons, NotListed("Select a reason of theirs whose decision it was.", beside="reason")
    )
    doors.press(work, steps.decline, row, form.declined_by, form.reason)
    doors.keep(work, row, "decline", [form.reason], form.words, form.declined_by)
    errands.put(work, errands.REPLAN, errands.sender(row), row, errands.next_day(work, errands.sender(row)))
    return views.show(work, row)
