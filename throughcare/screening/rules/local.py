"""What a service decides for itself around screening: safety questions, thresholds, days. Pure; `config` reads the file."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, StrictInt, model_validator

from throughcare.screening.instruments import Certainty, Code, Frozen, Sentence


class Sourced(Frozen):
    """A figure says who set it, where it comes from and how sure we are."""

    authority: Sentence
    certainty: Certainty
    source: Sentence


class SafetyQuestion(Frozen):
    """One reception safety question, and which side it is about."""

    code: Code
    about: Literal["alcohol", "drugs", "both"]
    text: Sentence


class NotAsked(Frozen):
    """One reason for which the safety questions could not be asked then."""

    code: Code
    said: Sentence


class Days(Sourced):
    """Calendar days."""

    days: StrictInt = Field(ge=1, le=90)


class Threshold(Sourced):
    """A total from which something applies."""

    at: StrictInt = Field(ge=1)


class StopRule(Sourced):
    """The published stop rule an instrument follows here, by the name it has in the instrument's file."""

    rule: Code


class Thresholds(Frozen):
    """The totals that move a person along the pathway (DOMAIN B.1)."""

    brief_intervention: Threshold
    extended_intervention: Threshold
    specialist_assessment: Threshold
    referral_with_illness: Threshold
    dudit_specialist_assessment: Threshold
    sadq_specialist_assessment: Threshold

    @model_validator(mode="after")
    def _rise(self) -> Thresholds:
        steps = [self.brief_intervention.at, self.extended_intervention.at, self.specialist_assessment.at]
        if steps != sorted(set(steps)):
            raise ValueError("the AUDIT thresholds must rise from brief to extended to specialist")
        return self


class Reoffer(Frozen):
    """When to ask again somebody who was not screened."""

    declined: Days
    not_able: Days


class Local(Frozen):
    """The whole of config/data/screening.toml."""

    safety: tuple[SafetyQuestion, ...] = Field(min_length=1)
    safety_basis: Sourced
    safety_not_asked: tuple[NotAsked, ...] = Field(min_length=1)
    stop_rules: dict[str, StopRule] = Field(default_factory=dict)
    reoffer: Reoffer
    thresholds: Thresholds

    @model_validator(mode="after")
    def _asked_once(self) -> Local:
        codes = [question.code for question in self.safety]
        if len(set(codes)) != len(codes):
            raise ValueError("a safety question is listed twice")
        reasons = [reason.code for reason in self.safety_not_asked]
        if len(set(reasons)) != len(reasons):
            raise ValueError("a reason for not asking is listed twice")
        return self
