"""What screening decides, as pure functions: score, carry over, keep safe, choose a pathway, offer again."""

from __future__ import annotations

from throughcare.screening.rules.carrying import Shown, carried, shared, viewed
from throughcare.screening.rules.interview import (
    BadAnswers,
    InstrumentClosed,
    checked,
    contradictions,
    missing,
    next_item,
    skipped,
)
from throughcare.screening.rules.local import Local, SafetyQuestion
from throughcare.screening.rules.offering import Status, WantsHelp, reoffer_on
from throughcare.screening.rules.parsing import BadInstrument, build, parse, with_wording
from throughcare.screening.rules.pathway import (
    NO_NEED,
    OPEN,
    AlcoholFacts,
    DrugFacts,
    NoSuchOverride,
    Outcome,
    OverrideNeedsReason,
    Pathway,
    overridden,
    pathway,
)
from throughcare.screening.rules.profile import withheld_from
from throughcare.screening.rules.safety import (
    Safety,
    SafetyAnswer,
    UnknownSafetyQuestion,
    call_healthcare_now,
    safety,
)
from throughcare.screening.rules.scoring import Basis, Placed, Result, about, score

__all__ = [
    "NO_NEED",
    "OPEN",
    "AlcoholFacts",
    "BadAnswers",
    "BadInstrument",
    "Basis",
    "DrugFacts",
    "InstrumentClosed",
    "Local",
    "NoSuchOverride",
    "Outcome",
    "OverrideNeedsReason",
    "Pathway",
    "Placed",
    "Result",
    "Safety",
    "SafetyAnswer",
    "SafetyQuestion",
    "Shown",
    "Status",
    "UnknownSafetyQuestion",
    "WantsHelp",
    "about",
    "build",
    "call_healthcare_now",
    "carried",
    "checked",
    "contradictions",
    "missing",
    "next_item",
    "overridden",
    "parse",
    "pathway",
    "reoffer_on",
    "safety",
    "score",
    "shared",
    "skipped",
    "viewed",
    "with_wording",
    "withheld_from",
]
