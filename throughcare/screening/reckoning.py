"""Scores a stored screening on the footing stored with it: the same at its finish and at any time afterwards."""

from __future__ import annotations

from throughcare.kernel.actors import Role
from throughcare.kernel.work import Work
from throughcare.screening.instruments import Instrument, Instruments
from throughcare.screening.rows import Scope, Screening
from throughcare.screening.rules import Result, about, score
from throughcare.screening.steps import SCREENERS

NURSES = frozenset({Role.HEALTHCARE})
CLINICAL = frozenset({Role.HEALTHCARE, Role.TREATMENT})


def instrument_of(work: Work, screening: Screening) -> Instrument:
    """The instrument a screening was made with. NotFound for an offer that was turned down before one was chosen."""
    return work.reference[Instruments][screening.instrument]


def reckon(work: Work, screening: Screening) -> Result:
    """The result of the stored answers: nobody edits a score, so this is the score."""
    return score(
        instrument_of(work, screening),
        screening.answers,
        sex=screening.sex or None,
        rule=screening.rule or None,
        substance=screening.substance or None,
        band_set=screening.band_set or None,
    )


def may_use(instrument: Instrument, role: Role) -> bool:
    """Who may open an instrument: a withdrawal scale is a nurse's, a clinical measure a clinician's."""
    if instrument.use == "clinical":
        return role in NURSES
    return role in (CLINICAL if instrument.by == "healthcare" else SCREENERS)


def scope_of(instrument: Instrument, substance: str) -> Scope:
    """Under which side a result counts."""
    return Scope(about(instrument, substance or None))
