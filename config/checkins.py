"""The data files of check-ins, read once into the kinds the rules ask for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from throughcare.checkin.forbidden import Forbidden, forbidden_from
from throughcare.checkin.lexicon import Lexicon, lexicon_from
from throughcare.checkin.plans import CheckinPlans, plans_from
from throughcare.checkin.saying import CrisisLines, crisis_lines_from
from throughcare.checkin.wording import Wording, wording_from
from throughcare.kernel.delivery import ProviderCodes, provider_codes_from

LANGUAGES = ("en", "cy")


def read_checkins(toml: Callable[[str], dict[str, Any]]) -> dict[type[Any], Any]:
    """What replies are read by, what texts say and may not say, when they go, and what the provider's codes mean."""

    def each(name: str) -> list[dict[str, Any]]:
        return [toml(f"{name.format(language)}.toml") for language in LANGUAGES]

    return {
        Lexicon: lexicon_from(each("lexicon/replies_{}"), each("lexicon/crisis_{}")),
        Forbidden: forbidden_from(*each("lexicon/forbidden_{}")),
        Wording: wording_from(each("sms/{}")),
        CrisisLines: crisis_lines_from(toml("sms/crisis_lines.toml")),
        CheckinPlans: plans_from(toml("checkin_plans.toml")),
        ProviderCodes: provider_codes_from(toml("twilio_errors.toml")),
    }
