"""The state machine of a handover (requirements 2.11): who may move it, from where, to where."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from throughcare.handover import events
from throughcare.handover.rows import Handover
from throughcare.handover.words import LIVE, DeclinedBy, Status
from throughcare.kernel.actors import Actor, Role
from throughcare.kernel.steps import Effect, Machine, Step
from throughcare.kernel.work import Moment

MACHINE = Machine(Handover, "handover")
SENDERS: set[Any] = {Role.OFFICER, Role.TREATMENT, Role.PROVIDER, Role.MANAGER}
BEGUN = frozenset({Status.ACTIVE})
RECEIVERS: set[Any] = {Role.PROVIDER, Role.MANAGER}


def at_sender(row: Handover, actor: Actor) -> bool:
    """Whether they act for the agency that offers the case."""
    return actor.agency_id == row.from_agency_id


def at_receiver(row: Handover, actor: Actor) -> bool:
    """Whether they act for the team it is addressed to; a manager may answer for any team of their agency."""
    if actor.agency_id != row.to_agency_id:
        return False
    return actor.team_id == row.to_team_id or actor.role is Role.MANAGER  # a provider's: nobody else receives


def _by(at: Moment, **more: object) -> Mapping[str, object]:
    return {"moved_at": at.now, "moved_by": at.actor.id, **more}


def _about(row: Handover) -> dict[str, Any]:
    return {"subject_id": row.id, "case_id": row.case_id}


def _to_receiver(row: Handover) -> dict[str, Any]:
    return {**_about(row), "for_agency_id": row.to_agency_id, "for_team_id": row.to_team_id, "for_worker_id": row.worker_id}  # fmt: skip


def _to_sender(row: Handover) -> dict[str, Any]:
    return {
        **_about(row),
        "for_agency_id": row.from_agency_id,
        "for_team_id": row.from_team_id,
        "for_worker_id": row.from_worker_id,
    }


@MACHINE.step("Send handover", frm={Status.DRAFT}, to=Status.SENT, by=SENDERS)
def send(row: Handover, at: Moment, sha256: str, fast_track: bool) -> Effect:  # noqa: FBT001 - a fact of the case
    """The clocks of the receiving team start."""
    sent = events.Sent(**_to_receiver(row), service_id=row.service_id, sections=tuple(row.sections), sha256=sha256)
    return Effect(set=_by(at, sent_at=at.now, fast_track=fast_track, from_worker_id=at.actor.id), event=sent)


@MACHINE.step("Discard draft", frm={Status.DRAFT}, to=Status.DISCARDED, by=SENDERS)
def discard(row: Handover, at: Moment) -> Effect:
    return Effect(set=_by(at), event=events.Discarded(**_about(row)))


@MACHINE.step("Open handover", frm={Status.SENT}, to=Status.RECEIVED, by=RECEIVERS)
def receive(row: Handover, at: Moment) -> Effect:
    return Effect(set=_by(at), event=events.Received(**_to_receiver(row)))


@MACHINE.step(
    "Accept handover", frm={Status.RECEIVED, Status.WAITING_LIST, Status.EXPIRED}, to=Status.ACCEPTED, by=RECEIVERS
)
def accept(row: Handover, at: Moment, worker_id: UUID, appointment_id: UUID) -> Effect:
    """A named worker and a first appointment. The case stays with its owner until first contact."""
    who = {**_to_receiver(row), "for_worker_id": worker_id}
    accepted = events.Accepted(**who, worker_id=worker_id, appointment_id=appointment_id)
    return Effect(
        set=_by(at, worker_id=worker_id, appointment_id=appointment_id, accepted_at=at.now, review_on=None),
        event=accepted,
    )


@MACHINE.step("Ask for information", frm={Status.RECEIVED}, to=Status.INFORMATION_REQUESTED, by=RECEIVERS)
def ask(row: Handover, at: Moment, asked: tuple[str, ...]) -> Effect:
    """The answer clock stands still until the sender answers."""
    return Effect(set=_by(at), event=events.InformationRequested(**_to_sender(row), asked=asked))


@MACHINE.step("Give information", frm={Status.INFORMATION_REQUESTED}, to=Status.RECEIVED, by=SENDERS)
def answer(row: Handover, at: Moment) -> Effect:
    return Effect(set=_by(at), event=events.InformationGiven(**_to_receiver(row)))


@MACHINE.step("Put on waiting list", frm={Status.RECEIVED}, to=Status.WAITING_LIST, by=RECEIVERS)
def waiting_list(row: Handover, at: Moment, review_on: date) -> Effect:
    listed = events.WaitingListed(**_to_receiver(row), review_on=review_on)
    return Effect(set=_by(at, review_on=review_on), event=listed)


@MACHINE.step(
    "Decline handover",
    frm={Status.RECEIVED, Status.INFORMATION_REQUESTED, Status.WAITING_LIST, Status.EXPIRED},
    to=Status.DECLINED,
    by=RECEIVERS,
)
def decline(row: Handover, at: Moment, declined_by: DeclinedBy, reason: str) -> Effect:
    event = events.Declined(**_to_sender(row), declined_by=declined_by, reason=reason)
    return Effect(set=_by(at, review_on=None), event=event)


@MACHINE.step(
    "Recall handover",
    frm={Status.SENT, Status.RECEIVED, Status.INFORMATION_REQUESTED, Status.WAITING_LIST, Status.EXPIRED},
    to=Status.RECALLED,
    by=SENDERS,
)
def recall(row: Handover, at: Moment, reason: str) -> Effect:
    return Effect(set=_by(at, review_on=None), event=events.Recalled(**_to_receiver(row), reason=reason))


@MACHINE.step("Expire", frm={Status.SENT, Status.RECEIVED}, to=Status.EXPIRED, by={Role.SYSTEM})
def expire(row: Handover, at: Moment) -> Effect:
    """Nobody answered in time. It stays live: the receiver may still answer, the sender may recall it."""
    return Effect(set=_by(at), event=events.Expired(**_to_sender(row)))


@MACHINE.step("Record first contact", frm={Status.ACCEPTED}, to=Status.ACTIVE, by=RECEIVERS)
def first_contact(row: Handover, at: Moment, when: datetime, how: str, kept: UUID | None) -> Effect:
    """The case passes here."""
    return Effect(
        set=_by(at, first_contact_at=when, contact_how=how),
        event=events.Activated(**_to_receiver(row), on=Moment(at.actor, when).today, appointment_id=kept),
    )


@MACHINE.step("Complete handover", frm={Status.ACTIVE}, to=Status.COMPLETED, by=RECEIVERS)
def complete(row: Handover, at: Moment, outcome: str) -> Effect:
    return Effect(set=_by(at), event=events.Completed(**_to_sender(row), outcome=outcome))


@MACHINE.step("Return case", frm={Status.ACCEPTED, Status.ACTIVE}, to=Status.RETURN_OFFERED, by=RECEIVERS)
def offer_return(row: Handover, at: Moment, reason: str) -> Effect:
    """A return is a handover too: nothing passes until the sender accepts it."""
    return Effect(set=_by(at), event=events.ReturnOffered(**_to_sender(row), reason=reason))


@MACHINE.step("Accept return", frm={Status.RETURN_OFFERED}, to=Status.RETURNED, by=SENDERS)
def accept_return(row: Handover, at: Moment) -> Effect:
    return Effect(set=_by(at), event=events.ReturnAccepted(**_to_sender(row)))


@MACHINE.step("Decline return", frm={Status.RETURN_OFFERED}, to=Status.ACTIVE, by=SENDERS)
def decline_return(row: Handover, at: Moment, reason: str) -> Effect:
    """It stays with the service that had first contact."""
    return Effect(set=_by(at), event=events.ReturnDeclined(**_to_receiver(row), reason=reason))


@MACHINE.step("Decline return before first contact", frm={Status.RETURN_OFFERED}, to=Status.ACCEPTED, by=SENDERS)
def decline_early_return(row: Handover, at: Moment, reason: str) -> Effect:
    """It stays accepted: first contact is still to come."""
    return Effect(set=_by(at), event=events.ReturnDeclined(**_to_receiver(row), reason=reason))


@MACHINE.step("End draft", frm={Status.DRAFT}, to=Status.DISCARDED, by={Role.SYSTEM})
def end_draft(row: Handover, at: Moment, _: str) -> Effect:
    return Effect(set=_by(at), event=events.Discarded(**_about(row)))


@MACHINE.step("End before first contact", frm=set(LIVE - BEGUN - {Status.DRAFT}), to=Status.RECALLED, by={Role.SYSTEM})
def end_unbegun(row: Handover, at: Moment, reason: str) -> Effect:
    """There is nobody to hand over any more."""
    return Effect(set=_by(at, review_on=None), event=events.Recalled(**_to_receiver(row), reason=reason))


@MACHINE.step("End after first contact", frm=set(BEGUN), to=Status.COMPLETED, by={Role.SYSTEM})
def end_begun(row: Handover, at: Moment, reason: str) -> Effect:
    return Effect(set=_by(at), event=events.Completed(**_to_sender(row), outcome=reason))


ENDED_BY_SERVICE = (end_draft, end_unbegun, end_begun)
OF_SENDER = frozenset(
    {"send", "discard", "answer", "recall", "accept_return", "decline_return", "decline_early_return"}
)


def moves(row: Handover, actor: Actor) -> list[Step[Handover, Any]]:
    """The moves open to this person now: by status, by role, by which side they are on."""
    unfit = "decline_early_return" if row.first_contact_at else "decline_return"
    return [step for step in MACHINE.open_to(row, actor.role) if is_theirs(step, row, actor) and step.name != unfit]


def is_theirs(step: Step[Handover, Any], row: Handover, actor: Actor) -> bool:
    """Whether the step is this person's side's to make."""
    if actor.role is Role.SYSTEM:
        return True
    return at_sender(row, actor) if step.name in OF_SENDER else at_receiver(row, actor)
