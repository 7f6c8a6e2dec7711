"""Who must see healthcare today, whatever any score says. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from throughcare.kernel.forms import Word
from throughcare.kernel.refusals import Invalid
from throughcare.screening.instruments import Instrument
from throughcare.screening.rules.local import SafetyQuestion


class SafetyAnswer(Word):
    """What the person said, or that nobody knows."""

    YES = "yes", "Yes"
    NO = "no", "No"
    NOT_KNOWN = "not_known", "Not known"


class UnknownSafetyQuestion(Invalid):
    """That is not one of the reception safety questions."""

    code = "unknown_safety_question"


@dataclass(frozen=True)
class Safety:
    """Whether healthcare must see this person today, and the codes of the questions that say so."""

    healthcare_today: bool
    because: tuple[str, ...]

    def about(self, side: str, questions: Sequence[SafetyQuestion]) -> bool:
        """Whether any of it is about this side, "alcohol" or "drugs"."""
        return any(question.code in self.because and question.about in (side, "both") for question in questions)


def safety(questions: Sequence[SafetyQuestion], answers: Mapping[str, SafetyAnswer]) -> Safety:
    """Any yes, any not known, and any question left unanswered: healthcare today."""
    if unknown := set(answers) - {question.code for question in questions}:
        raise UnknownSafetyQuestion(beside=min(unknown))
    because = tuple(
        question.code
        for question in questions
        if answers.get(question.code, SafetyAnswer.NOT_KNOWN) is not SafetyAnswer.NO
    )
    return Safety(bool(because), because)


def call_healthcare_now(instrument: Instrument, totals: Sequence[int]) -> bool:
    """For a time-ordered series of withdrawal scores: severe by any published set, or risen since the one before."""
    if not totals:
        return False
    severe = any(
        band.code == "severe" and band.lowest <= totals[-1] <= band.highest
        for band_set in instrument.band_sets.values()
        for band in band_set.bands
    )
    return severe or totals[-1] > max(totals[-2:-1], default=totals[-1])
