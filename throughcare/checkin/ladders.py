"""What silence asks for, and what a text that did not arrive asks for: two ladders that never mix (R43-R46). Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from throughcare.checkin.plans import Act, CheckinPlans, Ladder, Step, ladder_for
from throughcare.checkin.schedule import ANY_HOURS, Hours, next_open
from throughcare.kernel.delivery import NOT_DELIVERED, Delivery, Verdict
from throughcare.kernel.forms import Word


@dataclass(frozen=True)
class Span:
    """A time during which nothing could be asked or answered: an outage, ours or the provider's. Open: still going on."""

    start: datetime
    end: datetime | None = None


@dataclass(frozen=True)
class Asked:
    """One check-in as it stands. Instants are UTC; None is not (yet). `accepted_at`: the provider is known to have taken it.

    `contact_at`: any human contact, logged call or kept appointment since. `held_at`: known to be in custody or hospital.
    `failed_at`, `verdict`: when and why it was not delivered. `second_contact`: there is one, with recorded consent.
    """

    day: int
    state: Delivery
    accepted_at: datetime | None = None
    delivered_at: datetime | None = None
    answered_at: datetime | None = None
    contact_at: datetime | None = None
    held_at: datetime | None = None
    stopped_at: datetime | None = None
    failed_at: datetime | None = None
    verdict: Verdict | None = None
    repaired_at: datetime | None = None
    outages: tuple[Span, ...] = ()
    second_contact: bool = False


@dataclass(frozen=True)
class Rung:
    """One thing to do, and from when. Its key with the check-in's makes it happen once (R45)."""

    act: Act
    due_at: datetime


class Outcome(Word):
    """What became of a check-in: five ways of no answer that are never mistaken for each other."""

    ANSWERED = "answered", "Answered"
    ANSWERED_LATE = "answered_late", "Answered late"
    CONTACTED = "contacted", "Spoken to another way"
    WAITING = "waiting", "Delivered, waiting for an answer"
    SILENT = "silent", "Delivered, no answer"
    NOT_DELIVERED = "not_delivered", "Not delivered"
    OPTED_OUT = "opted_out", "Chose not to use texts"
    HELD = "held", "In custody or hospital"
    NOT_PROVEN_SENT = "not_proven_sent", "Not proven to have been sent"
    NOT_PROVEN_DELIVERED = "not_proven_delivered", "Sent, delivery not proven"
    NOT_SENT = "not_sent", "Not sent"


def silence(asked: Asked, plans: CheckinPlans, hours: Hours = ANY_HOURS) -> list[Rung]:
    """The rungs that silence after this check-in asks for; none unless delivery is proven, and none once it is closed.

    Where the service counts a text that was taken and never confirmed as delivered, they start when that is known.
    A nudge is a text: it waits for sending hours, and is left out when the next rung would be due by then.
    """
    start = silent_from(asked, plans)
    if start is None or closed_at(asked):
        return []
    rungs = _climb(ladder_for(plans.silence, asked.day), start, asked)
    moved = [_moved(rung, plans, hours) for rung in rungs]
    first_call = min((rung.due_at for rung in moved if rung.act is not Act.NUDGE), default=None)
    return [rung for rung in moved if rung.act is not Act.NUDGE or first_call is None or rung.due_at < first_call]


def silent_from(asked: Asked, plans: CheckinPlans) -> datetime | None:
    """From when no answer is silence; None while delivery is not proven, unless the service's policy says otherwise."""
    if asked.state is Delivery.DELIVERED:
        return asked.delivered_at
    taken = asked.state is Delivery.UNCONFIRMED and asked.accepted_at is not None
    return asked.failed_at if taken and plans.unconfirmed_is_silence else None


def non_delivery(asked: Asked, plans: CheckinPlans, *, retrying: bool = False) -> list[Rung]:
    """The rungs that a text not delivered asks for; none once the number works or somebody has spoken to the person.

    `retrying`: the one retry of a phone switched off is still to come (30003, 30008). After the first fortnight it is
    waited for; in the fortnight it is not, because a day is too long.
    """
    if asked.failed_at is None or asked.state not in NOT_DELIVERED | {Delivery.UNCONFIRMED} or _mended(asked):
        return []
    if silent_from(asked, plans):
        return []
    ladder = ladder_for(plans.non_delivery, asked.day)
    if retrying and asked.verdict is Verdict.RETRY_LATER and ladder.from_day > 0:
        return []
    return _climb(ladder, asked.failed_at, asked)


def due(rungs: Sequence[Rung], now: datetime) -> list[Rung]:
    """The rungs to act on now."""
    return [rung for rung in rungs if rung.due_at <= now]


def closed_at(asked: Asked) -> datetime | None:
    """When the silence ladder closed, by whatever came first: an answer, any contact, custody or hospital, a STOP (R46)."""
    spoken = asked.contact_at
    if spoken and asked.delivered_at and spoken < asked.delivered_at:
        spoken = None
    ended = [asked.answered_at, spoken, asked.held_at, asked.stopped_at]
    return min((instant for instant in ended if instant), default=None)


def after(start: datetime, wait: timedelta, outages: Sequence[Span]) -> datetime | None:
    """`start` and `wait` of time in which an answer could have come; None while an outage that counts is still open."""
    end = start + wait
    for span in _merged(outages):
        if span.start >= end:
            break
        if span.end is None:
            return None
        end += max(span.end - max(span.start, start), timedelta())
    return end


def outcome(asked: Asked, now: datetime, plans: CheckinPlans) -> Outcome:
    """What became of this check-in, for a worker to read. Silence is only ever said of a text that arrived."""
    if asked.answered_at:
        since = asked.delivered_at or asked.answered_at
        return Outcome.ANSWERED_LATE if asked.answered_at - since > plans.replies.open_for else Outcome.ANSWERED
    for instant, found in (
        (asked.stopped_at, Outcome.OPTED_OUT),
        (asked.held_at, Outcome.HELD),
        (asked.contact_at, Outcome.CONTACTED),
    ):
        if instant:
            return found
    return _unanswered(asked, now, plans)


_UNPROVEN = {
    Delivery.AMBIGUOUS: Outcome.NOT_PROVEN_SENT,
    Delivery.UNCONFIRMED: Outcome.NOT_PROVEN_SENT,
    Delivery.ACCEPTED: Outcome.NOT_PROVEN_DELIVERED,
    Delivery.SENT: Outcome.NOT_PROVEN_DELIVERED,
    Delivery.UNDELIVERED: Outcome.NOT_DELIVERED,
    Delivery.FAILED: Outcome.NOT_DELIVERED,
}


def _unanswered(asked: Asked, now: datetime, plans: CheckinPlans) -> Outcome:
    if asked.state is Delivery.UNCONFIRMED and asked.accepted_at:
        return Outcome.NOT_PROVEN_DELIVERED
    if asked.state is not Delivery.DELIVERED:
        return _UNPROVEN.get(asked.state, Outcome.NOT_SENT)
    first = min((rung.due_at for rung in silence(asked, plans) if rung.act is Act.CALL), default=None)
    return Outcome.SILENT if first and first <= now else Outcome.WAITING


def _climb(ladder: Ladder, start: datetime, asked: Asked) -> list[Rung]:
    rungs = ((step, after(start, step.after, asked.outages)) for step in ladder.steps if _applies(step, asked))
    return [Rung(step.act, due_at) for step, due_at in rungs if due_at]


def _applies(step: Step, asked: Asked) -> bool:
    return step.act is not Act.SECOND_CONTACT or asked.second_contact


def _moved(rung: Rung, plans: CheckinPlans, hours: Hours) -> Rung:
    if rung.act is not Act.NUDGE:
        return rung
    return Rung(rung.act, next_open(rung.due_at, plans.window, hours))


def _mended(asked: Asked) -> bool:
    ended = [asked.repaired_at, asked.contact_at, asked.answered_at, asked.held_at]
    return any(instant and asked.failed_at and instant >= asked.failed_at for instant in ended)


def _merged(outages: Sequence[Span]) -> list[Span]:
    """The outages in order, overlapping ones as one."""
    found: list[Span] = []
    for span in sorted(outages, key=lambda span: span.start):
        last = found[-1] if found else None
        if last and (last.end is None or span.start <= last.end):
            ends = [last.end, span.end]
            found[-1] = Span(last.start, None if None in ends else max(end for end in ends if end))
        else:
            found.append(span)
    return found
