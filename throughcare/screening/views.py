"""What may be told of screening: each field on its own basis, and the whole page of one case."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel
from sqlmodel import col, select

from throughcare.casework import access
from throughcare.casework.agencies import Worker
from throughcare.casework.sides import Side
from throughcare.disclosure.policy import Seat, seat_of
from throughcare.disclosure.reading import Tells, View
from throughcare.kernel.categories import Category
from throughcare.kernel.refusals import NotFound, refuse_if
from throughcare.kernel.work import Work
from throughcare.screening.facts import known, waiting_for_healthcare
from throughcare.screening.instruments import Instrument, Instruments
from throughcare.screening.rows import (
    Mode,
    SafetyCheck,
    SafetyStatus,
    Scope,
    Screening,
    Setting,
    ToldUs,
)
from throughcare.screening.rules import Local, Pathway, Status, WantsHelp, missing, withheld_from
from throughcare.screening.settling import current

TELLS = (Category.PLAN, Category.SCREENING)  # what it tells that somebody was screened, and with what


class SafetyShown(View):
    """The reception safety questions as answered, or that they could not be asked; `reason` in words."""

    id: UUID
    asked_at: datetime
    asked_on: date | None = None
    answered: Annotated[bool, Tells(Category.RECORD)] = True
    asker: Annotated[str, Tells(Category.RECORD)] = ""
    not_asked_because: str | None = None
    reason: Annotated[str | None, Tells(Category.SCREENING)] = None
    asked_by: UUID | None = None
    status: SafetyStatus | None = None
    answers: dict[str, Any] | None = None
    because: list[Any] | None = None
    seen_at: datetime | None = None


class AskedShown(View):
    """What else was asked."""

    id: UUID
    on: date
    alcohol_help: WantsHelp | None = None
    drugs_help: WantsHelp | None = None
    related_illness: bool | None = None
    children: ToldUs | None = None
    pregnant: ToldUs | None = None


class OutcomeShown(View):
    """The pathway on one side."""

    id: UUID
    side: Side
    settled_at: datetime
    pathway: Pathway | None = None
    computed: Pathway | None = None
    reasons: list[Any] | None = None
    referral_offered: bool | None = None
    healthcare_today: bool | None = None
    override_reason: str | None = None


class ScreeningShown(View):
    """One screening. The band is a screening result and not a diagnosis."""

    id: UUID
    case_id: UUID
    title: Annotated[str, Tells(Category.RECORD)] = ""
    status: Status
    scope: Scope
    instrument: str
    instrument_version: str
    variant: str
    stage: str
    period: str
    on: date
    screener: Annotated[str, Tells(Category.RECORD)] = ""
    mode: Mode
    setting: Setting
    language: str
    share_agreed: bool | None = None
    reoffer_on: date | None = None
    continues_id: UUID | None = None
    continues_into: Annotated[str, Tells(Category.RECORD)] = ""
    band: str | None = None
    band_label: Annotated[str | None, Tells(Category.SCREENING, summary=True)] = None
    positive: bool | None = None
    substance: str | None = None
    total: int | None = None
    most: Annotated[int | None, Tells(Category.SCREENING)] = None
    subscales: dict[str, Any] | None = None
    bands: list[Any] | None = None
    band_set: str | None = None
    rule: str | None = None
    threshold: int | None = None
    threshold_said: str | None = None
    answers: Annotated[dict[str, Any] | None, Tells(Category.SCREENING)] = None
    missing: Annotated[tuple[str, ...] | None, Tells(Category.SCREENING)] = None
    warnings: list[Any] | None = None
    not_done_because: str | None = None


class CaseScreening(BaseModel):
    """The Screening page of one case."""

    safety: SafetyShown | None
    waiting: SafetyShown | None = None  # what healthcare is still to see them for
    asked: AskedShown | None
    outcomes: list[OutcomeShown]
    screenings: list[ScreeningShown]


def safety_shown(work: Work, check: SafetyCheck) -> SafetyShown:
    """The safety questions as this reader may have them."""
    reasons = {reason.code: reason.said for reason in work.reference[Local].safety_not_asked}
    told = {"answered": not check.not_asked_because, "asker": _names(work, [check.asked_by]).get(check.asked_by, "")}
    reason = reasons.get(check.not_asked_because, check.not_asked_because)
    return access.show(work, check, SafetyShown, **told, reason=reason)


def shown(work: Work, screening: Screening) -> ScreeningShown:
    """One screening as this reader may have it."""
    refuse_if(not access.told(work, screening.case_id, *TELLS), NotFound)
    names = _names(work, [screening.by])
    return access.show(work, screening, ScreeningShown, **_beside(work, screening, names))


def page(work: Work, case_id: UUID) -> CaseScreening:
    """Everything about screening on one case, since it began, newest first. NotFound where there is no standing."""
    access.find_case(work, case_id)
    if not access.told(work, case_id, *TELLS):
        return CaseScreening(safety=None, asked=None, outcomes=[], screenings=[])
    now = known(work, case_id)
    rows = work.session.exec(
        select(Screening)
        .where(Screening.case_id == case_id)
        .order_by(col(Screening.on).desc(), col(Screening.created_at).desc())
    ).all()
    names = _names(work, [row.by for row in rows])
    outcomes = current(work, case_id)
    waits = next(iter(waiting_for_healthcare(work, case_id)), None)
    checks = {check.id: safety_shown(work, check) for check in (now.safety, waits) if check}
    return CaseScreening(
        safety=checks[now.safety.id] if now.safety else None,
        waiting=checks[waits.id] if waits else None,
        asked=access.show(work, now.asked, AskedShown) if now.asked else None,
        outcomes=access.show_all(work, [outcomes[side] for side in Side if side in outcomes], OutcomeShown),
        screenings=access.show_all(work, rows, ScreeningShown, {row.id: _beside(work, row, names) for row in rows}),
    )


def _names(work: Work, ids: Iterable[UUID]) -> dict[UUID, str]:
    found = select(Worker.id, Worker.name).where(col(Worker.id).in_(set(ids)))
    return {key: name for key, name in work.session.exec(found)}  # noqa: C416 - rows are not pairs to dict()


def _beside(work: Work, row: Screening, names: Mapping[UUID, str]) -> dict[str, Any]:
    """The fields that are not columns."""
    instrument = work.reference[Instruments].by_id.get(row.instrument)
    told: dict[str, Any] = {"screener": names.get(row.by, ""), "title": "Offer of screening"}
    if instrument is None:
        return told | {"answers": {}, "missing": (), "continues_into": "", "band_label": "", "most": None}
    return told | {
        "title": _title(instrument, row),
        "answers": _answers(work, instrument, row),
        "missing": missing(instrument, row.answers, row.rule or None),
        "continues_into": instrument.continues_into,
        "band_label": _band_label(instrument, row),
        "most": instrument.range[1] if instrument.range else None,
    }


def _title(instrument: Instrument, row: Screening) -> str:
    return f"{instrument.short}: {row.substance}" if row.substance else instrument.short


def _answers(work: Work, instrument: Instrument, row: Screening) -> dict[str, Any]:
    """The answers, without those that this reader's agency must never be given."""
    hidden = withheld_from(instrument, str(seat_of(work.actor) or Seat.PROBATION))
    return {code: value for code, value in row.answers.items() if code not in hidden}


def _band_label(instrument: Instrument, row: Screening) -> str:
    band_set = instrument.band_sets.get(row.band_set)
    bands = band_set.bands if band_set else ()
    return next((band.label for band in bands if band.code == row.band), "")
