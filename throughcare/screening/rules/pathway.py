"""What a person is offered after screening (WHO 2012 model, UK figures); alcohol and drugs apart. Pure.

How soon each is due is a service clock; healthcare today comes before all of them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from throughcare.kernel.forms import Word
from throughcare.kernel.refusals import Invalid
from throughcare.screening.rules.local import Local


class Pathway(Word):
    """What follows from the facts on one side, alcohol or drugs."""

    NOT_SCREENED = "not_screened", "Not yet screened"
    SCREEN_NEGATIVE = "screen_negative", "Short screen negative: information only"
    FINISH_AUDIT = "finish_audit", "Ask the rest of AUDIT"
    FEEDBACK = "feedback", "Positive feedback and information"
    BRIEF = "brief_intervention", "Brief intervention"
    BRIEF_AND_EXTENDED = "brief_and_extended", "Brief intervention and extended sessions"
    SUBSTANCE_TEAM = "substance_team_assessment", "Assessment by the substance team"
    SPECIALIST = "specialist_assessment", "Specialist assessment"


BRIEF_PATHWAYS = frozenset({Pathway.BRIEF, Pathway.BRIEF_AND_EXTENDED})
OPEN = frozenset({Pathway.NOT_SCREENED, Pathway.FINISH_AUDIT})  # not yet an outcome
NO_NEED = frozenset({Pathway.SCREEN_NEGATIVE, Pathway.FEEDBACK})


class OverrideNeedsReason(Invalid):
    """Say why the pathway is changed."""

    code, beside = "override_needs_reason", "override_reason"


class NoSuchOverride(Invalid):
    """The pathway can be changed only to something that can be offered, and only after screening."""

    code, beside = "no_such_override", "override_pathway"


@dataclass(frozen=True)
class AlcoholFacts:
    """What is known about alcohol. `audit` is the total of a complete, full AUDIT, and nothing else."""

    audit: int | None = None
    short_screen_positive: bool | None = None
    sadq: int | None = None
    clinician_asks_specialist: bool = False
    related_illness: bool = False
    withdrawal_risk: bool = False


@dataclass(frozen=True)
class DrugFacts:
    """What is known about drugs; `dudit_positive` is by the cut-off for the person's sex."""

    dudit: int | None = None
    dudit_positive: bool | None = None
    clinician_asks_specialist: bool = False
    withdrawal_risk: bool = False


@dataclass(frozen=True)
class Outcome:
    """The pathway, and why; `computed` stays what the facts gave when staff override it.

    `referral_offered` and `healthcare_today` stand beside the pathway, whichever it is.
    """

    pathway: Pathway
    reasons: tuple[str, ...]
    referral_offered: bool = False
    healthcare_today: bool = False
    computed: Pathway | None = None
    override_reason: str = ""

    @property
    def brief_intervention_may_be_offered(self) -> bool:
        """Never in place of a specialist assessment: somebody possibly dependent is referred."""
        return self.pathway in BRIEF_PATHWAYS


def pathway(facts: AlcoholFacts | DrugFacts, local: Local) -> Outcome:
    """What follows from the facts on one side."""
    specialist = _specialist_reasons(facts, local)
    if specialist:
        found = Outcome(Pathway.SPECIALIST, specialist)
    elif isinstance(facts, DrugFacts):
        found = _drugs(facts)
    else:
        found = _alcohol(facts, local)
    return replace(found, healthcare_today=facts.withdrawal_risk)


def _specialist_reasons(facts: AlcoholFacts | DrugFacts, local: Local) -> tuple[str, ...]:
    limits = local.thresholds
    if isinstance(facts, DrugFacts):
        totals = [("DUDIT", facts.dudit, limits.dudit_specialist_assessment.at)]
    else:
        totals = [
            ("AUDIT", facts.audit, limits.specialist_assessment.at),
            ("SADQ", facts.sadq, limits.sadq_specialist_assessment.at),
        ]
    reasons = [f"{name} {total}: {at} or more" for name, total, at in totals if total is not None and total >= at]
    if facts.clinician_asks_specialist:
        reasons.append("A clinician asks for specialist assessment")
    return tuple(reasons)


def _drugs(facts: DrugFacts) -> Outcome:
    if facts.dudit is None:
        return Outcome(Pathway.NOT_SCREENED, ("No complete DUDIT",))
    if facts.dudit_positive:
        return Outcome(Pathway.SUBSTANCE_TEAM, (f"DUDIT {facts.dudit}: positive",))
    return Outcome(Pathway.FEEDBACK, (f"DUDIT {facts.dudit}: below the cut-off",))


def _alcohol(facts: AlcoholFacts, local: Local) -> Outcome:
    if facts.audit is None:
        return _without_audit(facts)
    limits = local.thresholds
    reason = f"AUDIT {facts.audit}"
    ill = facts.related_illness and facts.audit >= limits.referral_with_illness.at
    reasons = (reason, "Alcohol-related illness: referral offered too") if ill else (reason,)
    if facts.audit >= limits.extended_intervention.at:
        return Outcome(Pathway.BRIEF_AND_EXTENDED, reasons, referral_offered=ill)
    if facts.audit >= limits.brief_intervention.at:
        return Outcome(Pathway.BRIEF, reasons, referral_offered=ill)
    return Outcome(Pathway.FEEDBACK, reasons)


def _without_audit(facts: AlcoholFacts) -> Outcome:
    """A short screen is never an outcome: a positive one continues, a negative one ends in information."""
    if facts.short_screen_positive is None:
        return Outcome(Pathway.NOT_SCREENED, ("No complete AUDIT",))
    if facts.short_screen_positive:
        return Outcome(Pathway.FINISH_AUDIT, ("Short screen positive",))
    return Outcome(Pathway.SCREEN_NEGATIVE, ("Short screen negative",))


def overridden(outcome: Outcome, to: Pathway, reason: str) -> Outcome:
    """The pathway as staff change it, with their reason. What the facts gave is kept, and the score is untouched.

    Turning away from a specialist assessment leaves its referral on offer.
    """
    if not reason.strip():
        raise OverrideNeedsReason
    if to in OPEN or outcome.pathway in OPEN:
        raise NoSuchOverride
    computed = outcome.computed or outcome.pathway
    turned_away = computed is Pathway.SPECIALIST and to is not Pathway.SPECIALIST
    return replace(
        outcome,
        pathway=to,
        computed=computed,
        override_reason=reason.strip(),
        referral_offered=outcome.referral_offered or turned_away,
    )
