"""When each check-in is to go: by London clocks, spread by person, never in quiet hours (R12, R13, R37-R39). Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from hashlib import sha256

from throughcare.checkin.plans import Plan, Proof, Window
from throughcare.kernel.clock import at, london_day
from throughcare.kernel.delivery import Purpose

LONGEST_VALIDITY = 36_000  # seconds: the most Twilio holds a text
PROOF_STEP = "proof"


@dataclass(frozen=True)
class Slot:
    """One text to be planned. `step` and the London date of `not_before` make its key unique in an episode (R2)."""

    step: str
    day: int  # since release; of a reminder, since the appointment
    purpose: Purpose
    not_before: datetime
    expires_at: datetime

    @property
    def on(self) -> date:
        return london_day(self.not_before)


@dataclass(frozen=True)
class Hours:
    """What one person asked for: an hour of the day, and the times between which a text is safe."""

    chosen: int | None = None
    safe_from: time | None = None
    safe_to: time | None = None


class NoSafeTime(ValueError):
    """There is no time at which this person may be texted."""


ANY_HOURS = Hours()


def sending_hours(day: date, window: Window, hours: Hours = ANY_HOURS) -> tuple[datetime, datetime]:
    """The instants between which a text may go on this day: quiet hours and the person's safe times both kept."""
    opens = max(window.opens, hours.safe_from or window.opens)
    shuts = min(window.shuts, hours.safe_to or window.shuts)
    if opens >= shuts:
        raise NoSafeTime
    return at(day, opens), at(day, shuts)


def may_go(instant: datetime, window: Window, hours: Hours = ANY_HOURS) -> bool:
    """Is this instant inside sending hours?"""
    opens, shuts = sending_hours(london_day(instant), window, hours)
    return opens <= instant < shuts


def next_open(instant: datetime, window: Window, hours: Hours = ANY_HOURS) -> datetime:
    """This instant, or the next at which a text may go."""
    day = london_day(instant)
    opens, shuts = sending_hours(day, window, hours)
    if instant < shuts:
        return max(instant, opens)
    return sending_hours(day + timedelta(days=1), window, hours)[0]


def asked_at(day: date, window: Window, key: str, hours: Hours = ANY_HOURS) -> datetime:
    """This person's minute on this day: the same one every day, and different people's spread evenly (R12)."""
    opens, shuts = sending_hours(day, window, hours)
    start, spread = _usual(day, window, hours)
    start = min(max(start, opens), max(opens, shuts - window.least))
    room = max(min(spread, shuts - window.least - start), timedelta())
    return start + timedelta(minutes=int(_share(key) * (room.total_seconds() // 60)))


def slots(
    released_on: date,
    plan: Plan,
    window: Window,
    *,
    key: str,
    hours: Hours = ANY_HOURS,
    known_at: datetime | None = None,
) -> list[Slot]:
    """The check-ins of `plan` that can still be sent once the release is known, in order.

    What had expired by `known_at` is left out; one `catch_up` may stand for it.
    """
    every = (_checkin(day, released_on, window, key, hours) for day in plan.days)
    return [slot for slot in every if known_at is None or slot.expires_at > known_at]


def proof_slots(
    released_on: date, proof: Proof, window: Window, *, known_at: datetime, hours: Hours = ANY_HOURS
) -> list[Slot]:
    """When the code word is asked for: at once inside sending hours, and on the days after while it is not given (R35).

    Days are counted from the release, or from the day it was recorded when that is later.
    """
    first = next_open(max(known_at, at(released_on, time())), window, hours)
    opens, shuts = sending_hours(london_day(first), window, hours)
    if shuts - first < min(window.least, shuts - opens):
        first = next_open(shuts, window, hours)
    found = []
    for after in proof.days:
        day = london_day(first) + timedelta(days=after)
        opens, shuts = sending_hours(day, window, hours)
        start = first if after == 0 else max(opens, min(at(day, window.usual_from), shuts - window.least))
        found.append(Slot(PROOF_STEP, (day - released_on).days, Purpose.PROOF, start, shuts))
    return found


def reminder(
    appointment_at: datetime, window: Window, *, key: str, now: datetime, hours: Hours = ANY_HOURS
) -> Slot | None:
    """A reminder on the day before, at the person's own minute (R39); None when that day is over.

    One day before cut missed appointments by 29%, two days before did nothing: Hastings 2021, Springer s41887-021-00071-6.
    """
    on = london_day(appointment_at) - timedelta(days=1)
    start, shuts = max(asked_at(on, window, key, hours), now), sending_hours(on, window, hours)[1]
    return Slot("reminder", -1, Purpose.REMINDER, start, shuts) if start < shuts else None


def collapse(planned: Sequence[Slot], now: datetime) -> tuple[Slot | None, list[Slot]]:
    """What to send now, and what to give up: the latest slot still in its time stands for all that are due (R38)."""
    due = [slot for slot in planned if slot.not_before <= now]
    alive = [slot for slot in due if slot.expires_at > now]
    send = max(alive, key=lambda slot: (slot.day, slot.not_before), default=None)
    return send, [slot for slot in due if slot is not send]


def catch_up(
    missed: Sequence[Slot], ahead: Sequence[Slot], now: datetime, window: Window, hours: Hours = ANY_HOURS
) -> Slot | None:
    """One slot for however many were missed, at the next safe time; None when a check-in is coming by tomorrow anyway."""
    if not missed:
        return None
    latest = max(missed, key=lambda slot: slot.day)
    start = next_open(now, window, hours)
    opens, shuts = sending_hours(london_day(start), window, hours)
    if shuts - start < min(window.least, shuts - opens):
        start = next_open(shuts, window, hours)
        _, shuts = sending_hours(london_day(start), window, hours)
    if any(start - timedelta(days=1) < slot.not_before < start + timedelta(days=1) for slot in ahead):
        return None
    return replace(latest, not_before=start, expires_at=min(start + window.worth_sending, shuts))


def validity(expires_at: datetime, now: datetime, window: Window, *, exempt: bool = False) -> int:
    """Seconds the provider may hold a text: never past its expiry nor into quiet hours (R13). Nought: do not send it.

    `exempt` texts answer one just received and may arrive at night.
    """
    end = expires_at if exempt else min(expires_at, at(london_day(now), window.shuts))
    return max(0, min(int((end - now).total_seconds()), LONGEST_VALIDITY))


def proof_failed(first_asked_at: datetime, wrong_replies: int, now: datetime, proof: Proof) -> bool:
    """Is it time for a person to prove the number instead: three tries, or 72 hours (R35)?"""
    return wrong_replies >= proof.tries or now - first_asked_at >= proof.within


def proof_stale(last_heard_at: datetime, now: datetime, proof: Proof) -> bool:
    """Must the number be proven again, nothing having come from it for 60 days (R35)?"""
    return now - last_heard_at >= proof.again_after


def _checkin(day: int, released_on: date, window: Window, key: str, hours: Hours) -> Slot:
    on = released_on + timedelta(days=day)
    start = asked_at(on, window, key, hours)
    shuts = sending_hours(on, window, hours)[1]
    return Slot(f"day_{day}", day, Purpose.CHECKIN, start, min(start + window.worth_sending, shuts))


def _usual(day: date, window: Window, hours: Hours) -> tuple[datetime, timedelta]:
    if hours.chosen is None:
        start = at(day, window.usual_from)
        return start, at(day, window.usual_to) - start
    if hours.chosen not in window.hours:
        raise NoSafeTime
    return at(day, time(hours.chosen)), window.spread


def _share(key: str) -> float:
    """A number from 0 up to 1 that is always the same for this key."""
    return int.from_bytes(sha256(key.encode()).digest()[:8]) / 2**64
