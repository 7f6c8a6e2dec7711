"""What may be told of a handover: the summary to a team that is still deciding, more to those with standing in the case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from throughcare.casework import access
from throughcare.casework.agencies import Agency, Service, Team
from throughcare.casework.rows import Appointment, AppointmentStatus
from throughcare.disclosure.policy import Basis, Standing, seat_of
from throughcare.disclosure.reading import reveal
from throughcare.handover import doors, sharing
from throughcare.handover.kept import Kept, beside
from throughcare.handover.reasons import HandoverLists
from throughcare.handover.rows import Handover, HandoverMove
from throughcare.handover.rules import waited
from throughcare.handover.shapes import HandoverLine, HandoverView, Move, Past, Summary
from throughcare.handover.steps import MACHINE, at_receiver, at_sender, first_contact, moves
from throughcare.handover.words import BEFORE_SENDING, Status
from throughcare.kernel.actors import Role
from throughcare.kernel.work import Work

PATHS = {
    "waiting_list": "waiting-list",
    "first_contact": "first-contact",
    "offer_return": "return",
    "accept_return": "return/accept",
    "decline_return": "return/decline",
    "decline_early_return": "return/decline",
}
LABELS = {step.name: step.label for step in MACHINE.steps} | {"treatment": "Record start of structured treatment"}
SAID = {"decline_early_return": "Decline return"}
DONE = {  # each move as the history says it
    "draft": "Drafted",
    "send": "Sent",
    "discard": "Draft discarded",
    "receive": "Opened by the team",
    "ask": "Information asked for",
    "answer": "Information given",
    "waiting_list": "Put on a waiting list",
    "accept": "Accepted",
    "decline": "Declined",
    "recall": "Recalled",
    "expire": "Ran out of time with no answer",
    "first_contact": "First contact made: the case passed on",
    "treatment": "Structured treatment started",
    "complete": "Completed",
    "offer_return": "Return offered",
    "accept_return": "Return accepted",
    "decline_return": "Return declined",
    "decline_early_return": "Return declined",
}


SECTIONS = ("identity", "custody", "contact", "housing", "attendance", "plan", "screening", "medication", "risk")


def show(work: Work, row: Handover) -> Summary:
    """What this reader may have of the handover."""
    kept = beside(work, [row])
    if row.id not in kept.open:
        return strangers(work, [row], kept)[0]
    more = summary(work, row, kept) | shared(work, row, kept) | told(work, row, kept)
    return access.show(work, row, HandoverView, **more)


def strangers(work: Work, rows: Sequence[Handover], kept: Kept) -> list[Summary]:
    """The summaries a team may read on the strength of having been sent them: for direct care, and no more than this."""
    standing = Standing(seat_of(work.actor), frozenset({Basis.CARE, Basis.TASK}))
    told = [(row, summary(work, row, kept)) for row in rows]
    return reveal(work, told, Summary, {row.case_id: standing for row in rows})


def lines(work: Work, rows: Sequence[Handover]) -> list[HandoverLine]:
    """One line each, in the order given; a name only for those with standing who are not still deciding."""
    kept = beside(work, rows)
    known = [row for row in rows if row.id in kept.open]
    unknown = [row for row in rows if row.id not in kept.open]
    more = {row.id: summary(work, row, kept) | {"name": _name(kept, row)} for row in known}
    found = {line.id: line for line in access.show_all(work, known, HandoverLine, more)}
    found |= {told.id: HandoverLine(**dict(told)) for told in strangers(work, unknown, kept)}
    return [found[row.id] for row in rows]


def summary(work: Work, row: Handover, kept: Kept) -> dict[str, Any]:
    """The fields of a Summary."""
    sent = kept.snapshots.get(row.id)
    said: Mapping[str, Any] = sent.summary if sent else sharing.preview(work, row).summary
    return _place(work, row, kept) | _said(work, row, said) | _progress(work, row, kept)


def _name(kept: Kept, row: Handover) -> str:
    person = kept.people[row.case_id]
    return f"{person.given} {person.family}"


def _place(work: Work, row: Handover, kept: Kept) -> dict[str, Any]:
    service = work.session.get_one(Service, row.service_id)
    team = work.session.get_one(Team, row.to_team_id)
    return {
        "label": row.status.label,
        "service": service.name,
        "receiver": f"{work.session.get_one(Agency, row.to_agency_id).name}, {team.name}",
        "sender": work.session.get_one(Agency, row.from_agency_id).name,
        "incoming": not at_sender(row, work.actor),
        "party": work.actor.role is not Role.HEALTHCARE
        and (at_sender(row, work.actor) or at_receiver(row, work.actor)),
        "open": row.id in kept.open,
    }


def _said(work: Work, row: Handover, said: Mapping[str, Any]) -> dict[str, Any]:
    lists, flags = work.reference[HandoverLists], sharing.flags_told(work, row, said["flags"])
    return {
        "initials": said["initials"],
        "age_band": said["age_band"],
        "area": said["area"],
        "sought": lists.options.get(said["sought"], said["sought"]),
        "release_week": date.fromisoformat(said["release_week"]) if said["release_week"] else None,
        "flags": tuple(lists.flags.get(flag, flag) for flag in flags),
        "fast_track": sharing.PREGNANT in flags,
    }


def _progress(work: Work, row: Handover, kept: Kept) -> dict[str, Any]:
    past = kept.past.get(row.id, ())
    days = waited([(move.to, move.at) for move in past], work.now)
    return {
        "days": days.total,
        "days_for_them": days.for_them,
        "days_for_us": days.for_us,
        "turn": days.turn,
        "waiting_since": days.since,
        "clock": kept.clocks.get(row.id),
        "moves": tuple(open_moves(work, row)),
        "history": tuple(_past(work, move) for move in past),
    }


def open_moves(work: Work, row: Handover) -> list[Move]:
    """The buttons this reader has now."""
    names = [step.name for step in moves(row, work.actor)]
    if row.status is Status.ACTIVE and row.treatment_started_on is None and "complete" in names:
        names.insert(0, "treatment")
    base = f"/handovers/{row.id}"
    return [Move(name=n, label=SAID.get(n, LABELS[n]), href=f"{base}/{PATHS.get(n, n)}") for n in names]


def _to_record(work: Work, row: Handover, booked: Appointment) -> bool:
    """Whether this reader may say now what happened at the first appointment."""
    has_been = booked.status is AppointmentStatus.BOOKED and booked.at <= work.now
    return has_been and first_contact in moves(row, work.actor)


def _past(work: Work, move: HandoverMove) -> Past:
    return Past(
        what=DONE.get(move.move, move.to.label),
        to=move.to.label,
        at=move.at,
        by=doors.name_of(work, move.by),
        codes=work.reference[HandoverLists].words_of(move.codes),
        declined_by=move.declined_by.label if move.declined_by else "",
        words=move.words,
    )


def shared(work: Work, row: Handover, kept: Kept) -> dict[str, Any]:
    """What was sent; before that, exactly what would be."""
    sent = kept.snapshots.get(row.id)
    now = None if sent else sharing.preview(work, row)
    parts = sent.sections if sent else (now.sections if now else {})
    lists = work.reference[HandoverLists]
    return {code: parts.get(code) for code in SECTIONS} | {
        "shared": tuple((code, lists.sections[code].label) for code in lists.sections if code in parts),
        "sha256": sent.sha256 if sent else (now.sha256 if now else ""),
        "whole": sharing.is_whole(sent) if sent else True,
    }


def told(work: Work, row: Handover, kept: Kept) -> dict[str, Any]:
    """The rest of a HandoverView: whose it is, and what came of it."""
    booked = work.session.get(Appointment, row.appointment_id) if row.appointment_id else None
    drafting = row.status in BEFORE_SENDING
    return {
        "name": _name(kept, row),
        "worker": doors.name_of(work, row.worker_id),
        "appointment_at": booked.at if booked else None,
        "appointment_to_record": booked is not None and _to_record(work, row, booked),
        "appointment_place": booked.place if booked else "",
        "consented": not drafting or sharing.consent_to_refer(work, row.case_id, row.to_agency_id) is not None,
    }
