"""What is wrong or unsafe in the settings, in plain sentences."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from urllib.parse import urlsplit

from config.settings import DEMO_SECRET, Settings

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class Unsafe(RuntimeError):
    """The settings may not be run with; the message says why."""


def is_loopback(url: str) -> bool:
    """Whether an address is on this machine."""
    return urlsplit(url).hostname in LOOPBACK


def faults(settings: Settings) -> list[str]:
    """Every reason not to start; empty when there is none."""
    wrong = _production(settings) if settings.environment == "production" else _demo(settings)
    return [*wrong, *_sms(settings)]


def _production(settings: Settings) -> Iterator[str]:
    if settings.secret_key.get_secret_value() == DEMO_SECRET or len(settings.secret_key.get_secret_value()) < 32:  # noqa: PLR2004 - 256 bits as text
        yield "SECRET_KEY is the demonstration's, or shorter than 32 characters. Set a long random one."
    if settings.sms.gateway == "simulator":
        yield "SMS__GATEWAY is the simulator: no text would reach anybody. Set it to twilio."
    if settings.test_numbers_allowed:
        yield "TEST_NUMBERS_ALLOWED is on: made-up numbers would be accepted as real. Turn it off."
    if not settings.public_base_url.startswith("https://"):
        yield "PUBLIC_BASE_URL is not an https address: sessions and webhooks would not be safe."


def _demo(settings: Settings) -> Iterator[str]:
    if settings.host not in LOOPBACK:
        yield "HOST is open to other machines: the demonstration lets anybody in, so it runs on this machine only."
    if settings.sms.gateway == "twilio" and not is_loopback(settings.twilio.api_base_url):
        yield "SMS__GATEWAY is twilio in a demonstration: fictional people must not send real texts."


def _sms(settings: Settings) -> Iterator[str]:
    sms, twilio = settings.sms, settings.twilio
    if sms.lease <= sms.http_timeout:
        yield "SMS__LEASE must be longer than SMS__HTTP_TIMEOUT, or a text still being sent could be sent again."
    if sms.gateway != "twilio":
        return
    if not (twilio.account_sid and twilio.auth_token.get_secret_value()):
        yield "TWILIO__ACCOUNT_SID and TWILIO__AUTH_TOKEN are needed to send texts."
    if not (twilio.from_number or twilio.messaging_service_sid):
        yield "TWILIO__FROM_NUMBER or TWILIO__MESSAGING_SERVICE_SID is needed to send texts."


def advice(settings: Settings, holidays_end: date, today: date) -> list[str]:
    """What does not stop the service, and still wants doing."""
    said = []
    if settings.sms.gateway == "twilio":
        said.append("Turn off Twilio's own HELP reply, or make it neutral: here HELP, INFO and CYMORTH ask for a call.")
    if settings.database_url.startswith("sqlite") and settings.environment == "production":
        said.append("The database is SQLite: right for one machine, and not for several web or scheduler processes.")
    if (holidays_end - today).days < 365:  # noqa: PLR2004 - a year
        said.append(f"The bank holiday files end on {holidays_end.isoformat()}: review them before deadlines go wrong.")
    if settings.wording_packs is None:
        said.append("No instrument wording is installed: DUDIT, SDS and TOP are asked from the paper form.")
    return said


def refuse_unsafe(settings: Settings) -> None:
    """Raise Unsafe with every fault, so that nothing starts half safe."""
    found = faults(settings)
    if found:
        raise Unsafe("\n".join(f"- {fault}" for fault in found))
