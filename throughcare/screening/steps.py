"""How a screening and a safety check change status."""

from __future__ import annotations

from datetime import date
from typing import Any

from throughcare.kernel.actors import Role
from throughcare.kernel.refusals import Invalid, Stale, refuse_if
from throughcare.kernel.steps import Effect, Machine
from throughcare.kernel.work import Moment
from throughcare.screening.events import (
    HealthcareSaw,
    ProfileRecorded,
    ScreeningDeclined,
    ScreeningNotAble,
    ScreeningScored,
)
from throughcare.screening.rows import SafetyCheck, SafetyStatus, Screening
from throughcare.screening.rules import Result, Status

SCREENERS = {Role.OFFICER, Role.TREATMENT, Role.HEALTHCARE, Role.PROVIDER}
HEALTHCARE = {Role.HEALTHCARE, Role.TREATMENT}

safety_checks: Machine[SafetyCheck] = Machine(SafetyCheck, "safety check")
screenings: Machine[Screening] = Machine(Screening, "screening")


class Unfinished(Invalid):
    """There are questions still to answer."""

    code = "unfinished"


class Superseded(Stale):
    """A newer outcome has replaced this one; reload the page to see it."""

    code = "superseded"


@safety_checks.step(
    "Record that healthcare has seen them",
    frm={SafetyStatus.HEALTHCARE_TODAY},
    to=SafetyStatus.SEEN,
    by={Role.HEALTHCARE},
)
def seen(check: SafetyCheck, at: Moment) -> Effect:
    """Healthcare saw the person whom the safety questions sent to them."""
    return Effect(
        set={"seen_at": at.now, "seen_by": at.actor.id},
        event=HealthcareSaw(subject_id=check.id, case_id=check.case_id),
    )


@screenings.step("Finish screening", frm={Status.STARTED}, to=Status.COMPLETED, by=SCREENERS)
def complete(screening: Screening, at: Moment, result: Result) -> Effect:
    """Every question is answered or spared by a skip rule: the result is stored with what it rests on."""
    refuse_if(not result.complete, Unfinished)
    told: dict[str, Any] = {"subject_id": screening.id, "case_id": screening.case_id}
    recorded = ProfileRecorded(**told, stage=screening.stage) if screening.stage else None
    return Effect(
        set={**stored(result), "completed_at": at.now},
        event=recorded or ScreeningScored(**told, instrument=screening.instrument),
    )


def stored(result: Result) -> dict[str, object]:
    """A result as its columns."""
    band = result.band
    return {
        "total": result.total,
        "subscales": dict(result.subscales),
        "band": band.code if band else "",
        "bands": [[placed.band_set, placed.subscale, placed.band.code] for placed in result.bands],
        "band_set": result.basis.band_set,
        "rule": result.basis.rule,
        "threshold": result.basis.threshold,
        "threshold_said": result.basis.threshold_said,
        "positive": result.positive,
        "warnings": list(result.warnings),
    }


@screenings.step("Record that they declined", frm={Status.STARTED}, to=Status.DECLINED, by=SCREENERS)
def decline(screening: Screening, at: Moment, why: str, again_on: date) -> Effect:  # noqa: ARG001 - every effect is given the moment
    """They would rather not; they are asked again on the day given."""
    return Effect(
        set={"not_done_because": why, "reoffer_on": again_on},
        event=ScreeningDeclined(subject_id=screening.id, case_id=screening.case_id),
    )


@screenings.step("Record that they are not able", frm={Status.STARTED}, to=Status.NOT_ABLE, by=SCREENERS)
def not_able(screening: Screening, at: Moment, why: str, again_on: date) -> Effect:  # noqa: ARG001 - every effect is given the moment
    """Intoxicated or unwell; they are asked again on the day given."""
    return Effect(
        set={"not_done_because": why, "reoffer_on": again_on},
        event=ScreeningNotAble(subject_id=screening.id, case_id=screening.case_id),
    )
