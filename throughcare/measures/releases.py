"""Releases of a year: the need that was open, who took the person on, and what came after."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from throughcare.casework.rows import AppointmentStatus, LeftFor
from throughcare.intervention.rows import Assessed
from throughcare.kernel.actors import Jurisdiction
from throughcare.kernel.clock import london_day
from throughcare.kernel.work import Work
from throughcare.measures.around import Around, around_releases
from throughcare.measures.book import Scope
from throughcare.measures.gathering import Cases, Stay
from throughcare.measures.leaving import Release
from throughcare.screening.rules import Pathway

STRUCTURED = frozenset({Pathway.SUBSTANCE_TEAM, Pathway.SPECIALIST})
OFF = frozenset({AppointmentStatus.REARRANGED, AppointmentStatus.NOT_REQUIRED, AppointmentStatus.CANCELLED_BY_SERVICE})


def releases(work: Work, stays: Sequence[Stay], cases: Cases, scope: Scope) -> Iterator[tuple[Stay, Release]]:
    """Each stay that ended in a release, once."""
    around = around_releases(work, cases, scope)
    back = next_receptions(stays)
    for stay in stays:
        if stay.released_at is not None:
            yield stay, _release(stay, stay.released_at, back.get(stay.id), around)


def next_receptions(stays: Sequence[Stay]) -> dict[UUID, date]:
    """By stay, the day the same person's next stay began."""
    found: dict[UUID, date] = {}
    last: dict[UUID, Stay] = {}
    for stay in stays:
        if stay.case_id in last:
            found[last[stay.case_id].id] = stay.received_on
        last[stay.case_id] = stay
    return found


def _release(stay: Stay, left: datetime, back_on: date | None, around: Around) -> Release:
    day = london_day(left)
    sent = _sent(stay, back_on, around)
    accepted = [london_day(row.accepted_at) for row in sent if row.accepted_at]
    return Release(
        prison=stay.prison,
        on=day,
        born_on=stay.born_on,
        need=has_need(stay, left, sent, around),
        not_needed=_not_needed(stay, back_on, around),
        outside=_is_outside(stay, sent, around.scope),
        left_for=str(stay.left_for or LeftFor.COMMUNITY),
        died_on=stay.died_on,
        back_on=back_on,
        accepted_on=min(accepted, default=None),
        first_appointment=any(is_confirmed(row, left) for row in around.appointments.get(stay.case_id, ())),
        treatment_on=tuple(row.treatment_started_on for row in sent if row.treatment_started_on),
        **around.plans.about(stay.id, day),
    )


def has_need(stay: Stay, left: datetime, sent: Sequence[Any], around: Around) -> bool:
    """Whether a need for structured treatment stood when they left: found in this stay and not since found not to be one.

    A handover sent for structured treatment says so too, whatever the screens said.
    """
    if any(row.sought in around.scope.structured and row.sent_at <= left for row in sent):
        return True
    settled = {
        row.side
        for row in around.assessed.get(stay.case_id, ())
        if row.assessed is Assessed.NOT_NEEDED and row.concluded_on <= london_day(left) and stay.holds(row.concluded_on)
    }
    return any(
        row.pathway in STRUCTURED and row.side not in settled and _stood(row, stay, left)
        for row in around.outcomes.get(stay.case_id, ())
    )


def _stood(row: Any, stay: Stay, left: datetime) -> bool:
    begun = london_day(row.settled_at) >= stay.received_on and row.settled_at <= left
    return begun and (row.replaced_at is None or row.replaced_at > left)


def is_confirmed(row: Any, left: datetime) -> bool:
    """Whether a first appointment with a named worker had been made, and had not been called off, when they left."""
    made = row.created_at <= left <= row.at and bool(row.with_whom.strip())
    is_off = row.status in OFF and row.recorded_at is not None and row.recorded_at <= left
    return made and not is_off


def _sent(stay: Stay, back_on: date | None, around: Around) -> list[Any]:
    """The handovers that were sent for this release: from this stay's reception until the next."""
    return [row for row in around.handovers.get(stay.case_id, ()) if _is_for(london_day(row.sent_at), stay, back_on)]


def _not_needed(stay: Stay, back_on: date | None, around: Around) -> str:
    """Why no handover was made, as last recorded for this release; blank where one was sent after all."""
    rows = [
        row for row in around.not_needed.get(stay.case_id, ()) if _is_for(london_day(row.created_at), stay, back_on)
    ]
    if not rows or any(row.sent_at > rows[-1].created_at for row in _sent(stay, back_on, around)):
        return ""
    return str(rows[-1].reason)


def _is_for(day: date, stay: Stay, back_on: date | None) -> bool:
    return day >= stay.received_on and (back_on is None or day < back_on)


def _is_outside(stay: Stay, sent: Sequence[Any], scope: Scope) -> bool:
    """Whether the service they were bound for, or failing one the prison, is outside England."""
    bound_for = next((row for row in reversed(sent) if row.accepted_at), sent[-1] if sent else None)
    if bound_for is None:
        return stay.jurisdiction is Jurisdiction.SCOTLAND
    return bound_for.jurisdiction is Jurisdiction.SCOTLAND or bound_for.area in scope.outside
