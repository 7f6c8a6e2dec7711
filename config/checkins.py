"""The data files of check-ins, read once into the kinds the rules ask for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import time, timedelta
from typing import Any

from config.settings import Settings, listed
from integrations.notify_words import NotifyWords, notify_words_from
from scheduler.deadman import PERIODS
from throughcare.casework.carrying import Carrying
from throughcare.checkin.alerting import Alerting
from throughcare.checkin.forbidden import Forbidden, forbidden_from
from throughcare.checkin.lexicon import Lexicon, lexicon_from
from throughcare.checkin.on_call import OnCall, on_call_from
from throughcare.checkin.plans import CheckinPlans, plans_from
from throughcare.checkin.privacy import lint
from throughcare.checkin.retention import Retention, retention_from
from throughcare.checkin.saying import CrisisLines, crisis_lines_from
from throughcare.checkin.service import Answering, OneWay, Pacing, Texted
from throughcare.checkin.wording import Wording, wording_from
from throughcare.checkin.wording_rules import WordingRules, wording_rules_from
from throughcare.kernel.delivery import ProviderCodes, provider_codes_from
from throughcare.kernel.heartbeat import Rounds
from throughcare.measures.evidence import Evidence

LANGUAGES = ("en", "cy")


def read_checkins(toml: Callable[[str], dict[str, Any]], settings: Settings) -> dict[type[Any], Any]:
    """What replies are read by, what texts say and may not say, when they go, and what the provider's codes mean."""

    def each(name: str) -> list[dict[str, Any]]:
        return [toml(f"{name.format(language)}.toml") for language in LANGUAGES]

    forbidden = forbidden_from(*each("lexicon/forbidden_{}"))
    return {
        Lexicon: lexicon_from(each("lexicon/replies_{}"), each("lexicon/crisis_{}")),
        Forbidden: forbidden,
        Wording: wording_from(each("sms/{}")),
        WordingRules: wording_rules_from(toml("sms/rules.toml")),
        CrisisLines: crisis_lines_from(toml("sms/crisis_lines.toml")),
        CheckinPlans: plans_from(toml("checkin_plans.toml")),
        Evidence: Evidence.model_validate(toml("evidence.toml")),
        **providers_words(toml("twilio_errors.toml"), toml("notify_errors.toml")),
        OneWay: one_way_of(toml("sms/one_way.toml"), settings),
        Pacing: pacing_of(settings),
        Rounds: Rounds(PERIODS, watched=bool(settings.watcher_url)),
        Texted: texted_of(settings),
        Retention: retention_of(toml("retention.toml"), settings),
        Answering: answering_of(toml("answering.toml"), settings, forbidden),
        OnCall: on_call_from(toml("on_call.toml")),
        Carrying: Carrying(toml("on_call.toml")["load"]["most_open_calls"]),
        Alerting: alerting_of(toml("staff_alert.toml"), settings),
    }


def providers_words(twilio: dict[str, Any], notify: dict[str, Any]) -> dict[type[Any], Any]:
    """What the providers' answers mean, and by which numbers we know those of the one that has none."""
    return {ProviderCodes: provider_codes_from(twilio, notify), NotifyWords: notify_words_from(notify)}


def one_way_of(table: dict[str, Any], settings: Settings) -> OneWay:
    """That nobody can answer, where the settings say so."""
    return OneWay(settings.sms.one_way, tuple(table["asks"]), table["instead"])


def retention_of(table: dict[str, Any], settings: Settings) -> Retention:
    """How long words are kept here, and by the provider that blanks none."""
    return replace(retention_from(table), keeps={"notify": timedelta(days=settings.notify.keeps_days)})


def alerting_of(table: dict[str, Any], settings: Settings) -> Alerting:
    """What an e-mail to staff says, and that they are sent any."""
    return Alerting(
        on=bool(settings.mail.host),
        every=timedelta(minutes=table["every_minutes"]),
        address=f"{settings.public_base_url.rstrip('/')}/",
        **{name: table[name] for name in ("subject", "one", "many", "after")},
    )


def pacing_of(settings: Settings) -> Pacing:
    """How texts leave; ValueError where a lease would end while a call may still be under way (R4)."""
    sms = settings.sms
    if sms.http_timeout >= sms.lease:
        raise ValueError("SMS__LEASE must be longer than SMS__HTTP_TIMEOUT")
    return Pacing(
        sender=sender_of(settings),
        provider=settings.account(sms.gateway),
        http_timeout=timedelta(seconds=sms.http_timeout),
        lease=timedelta(seconds=sms.lease),
        callback_wait=timedelta(seconds=sms.callback_wait),
        settle=timedelta(seconds=sms.settle),
        per_second=sms.per_second,
        in_flight=sms.in_flight,
        daily_segments=sms.daily_segments,
        monthly_segments=sms.monthly_segments,
        pence_per_segment=sms.pence_per_segment,
    )


def sender_of(settings: Settings) -> str:
    """Whose pace it is: each sender has one of its own (R11)."""
    if settings.sms.gateway == "notify":
        return f"notify:{settings.notify.sender_id or settings.notify.template_id}"
    return settings.twilio.messaging_service_sid or settings.twilio.from_number or settings.sms.gateway


def texted_of(settings: Settings) -> Texted:
    """Which numbers are texted; in a rehearsal, those on its list and nobody else, whatever else is configured (R49)."""
    sms = settings.sms
    only = (
        frozenset(listed(sms.live_numbers))
        if settings.environment == "rehearsal" and sms.gateway != "simulator"
        else None
    )
    return Texted(frozenset(listed(sms.countries.upper())), sms.special_rates, only)


def answering_of(table: dict[str, Any], settings: Settings, forbidden: Forbidden) -> Answering:
    """Who answers; ValueError for a name under the texts that would give a person away (R32)."""
    if found := lint(settings.sms.sender_name, forbidden):
        raise ValueError(f"SMS__SENDER_NAME: {found[0].says}")
    return Answering(
        sender=settings.sms.sender_name,
        hours=table["hours"],
        opens=time.fromisoformat(table["opens"]),
        shuts=time.fromisoformat(table["shuts"]),
        ring_within=timedelta(minutes=table["ring_within_minutes"]),
        duty=tuple(table["duty"]),
        reviewed_only=settings.environment == "production",
    )
