"""Receptions of a year: what screening first found in each stay, and when the substance team first saw the person."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlmodel import col

from throughcare.intervention.rows import FirstContact
from throughcare.kernel.work import Work
from throughcare.measures.facts import Reception, Screened
from throughcare.measures.gathering import ByCase, Cases, Stay, by_case, pick
from throughcare.screening.rows import AskedToo, Screening
from throughcare.screening.rules import Status, WantsHelp


def receptions(work: Work, stays: Sequence[Stay], cases: Cases) -> Iterator[Reception]:
    """Each stay as a reception."""
    screens, asked, contacts = _screens(work, cases), _asked(work, cases), _contacts(work, cases)
    for stay in stays:
        wants = _newest(asked, stay)
        yield Reception(
            prison=stay.prison,
            on=stay.received_on,
            left_on=stay.left_on,
            seen_on=next((row.on for row in contacts.get(stay.case_id, ()) if stay.holds(row.on)), None),
            alcohol=_first(screens, stay, "audit", wants_help=wants[0]),
            drugs=_first(screens, stay, "dudit", wants_help=wants[1]),
        )


def _first(screens: ByCase, stay: Stay, instrument: str, *, wants_help: bool) -> Screened:
    for row in screens.get(stay.case_id, ()):
        if row.instrument == instrument and stay.holds(row.on):
            return Screened(row.total, bool(row.positive), wants_help)
    return Screened(wants_help=wants_help)


def _newest(asked: ByCase, stay: Stay) -> tuple[bool, bool]:
    """Whether help is wanted with alcohol, and with drugs, as last said in this stay. Unsure is not yes."""
    said: Any = None
    for row in asked.get(stay.case_id, ()):
        said = row if stay.holds(row.on) else said
    return (said.alcohol_help is WantsHelp.YES, said.drugs_help is WantsHelp.YES) if said else (False, False)


def _screens(work: Work, cases: Cases) -> ByCase:
    query = pick(
        Screening.case_id, Screening.on, Screening.instrument, Screening.total, Screening.positive
    ).where(
        col(Screening.case_id).in_(cases),
        col(Screening.instrument).in_(["audit", "dudit"]),
        col(Screening.status) == Status.COMPLETED,
    )  # fmt: skip
    return by_case(work, query.order_by(col(Screening.on), col(Screening.completed_at)))


def _asked(work: Work, cases: Cases) -> ByCase:
    query = pick(AskedToo.case_id, AskedToo.on, AskedToo.alcohol_help, AskedToo.drugs_help)
    return by_case(work, query.where(col(AskedToo.case_id).in_(cases)).order_by(col(AskedToo.created_at)))


def _contacts(work: Work, cases: Cases) -> ByCase:
    query = pick(FirstContact.case_id, FirstContact.on)
    return by_case(work, query.where(col(FirstContact.case_id).in_(cases)).order_by(col(FirstContact.on)))
