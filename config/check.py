"""What is wrong or unsafe in the settings, in plain sentences."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from datetime import date
from urllib.parse import urlsplit

from config.settings import DEMO_KEY, DEMO_SECRET, Settings
from throughcare.casework.calendars import Calendars, ending_soon
from throughcare.checkin.wording import Wording
from throughcare.kernel.reference import Reference

API_KEY = re.compile(r"[0-9a-f-]{36}-[0-9a-f-]{36}$")  # the service's id at GOV.UK Notify, and its key
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class Unsafe(RuntimeError):
    """The settings may not be run with; the message says why."""


def is_loopback(url: str) -> bool:
    """Whether an address is on this machine."""
    return urlsplit(url).hostname in LOOPBACK


def faults(settings: Settings) -> list[str]:
    """Every reason not to start; empty when there is none."""
    wrong = {"production": _production, "rehearsal": _real, "demo": _demo}[settings.environment](settings)
    return [*wrong, *_sms(settings), *_mail(settings), *_spool(settings)]


def _production(settings: Settings) -> Iterator[str]:
    yield from _real(settings)
    if settings.sms.gateway == "simulator":
        yield "SMS__GATEWAY is the simulator: no text would reach anybody. Set it to twilio or notify."
    if settings.test_numbers_allowed:
        yield "TEST_NUMBERS_ALLOWED is on: made-up numbers would be accepted as real. Turn it off."
    if settings.sms.live_numbers:
        yield "SMS__LIVE_NUMBERS is for a rehearsal: in production everybody who may be texted is. Leave it out."


def _real(settings: Settings) -> Iterator[str]:
    """What holds wherever real people may be reached."""
    if settings.secret_key.get_secret_value() == DEMO_SECRET or len(settings.secret_key.get_secret_value()) < 32:  # noqa: PLR2004 - 256 bits as text
        yield "SECRET_KEY is the demonstration's, or shorter than 32 characters. Set a long random one."
    yield from _keys(settings)
    if not settings.public_base_url.startswith("https://"):
        yield "PUBLIC_BASE_URL is not an https address: sessions and webhooks would not be safe."


def _keys(settings: Settings) -> Iterator[str]:
    keys = settings.sealing.held
    if not keys or any(key in {DEMO_KEY, settings.secret_key.get_secret_value()} or len(key) < 32 for key in keys):  # noqa: PLR2004 - 256 bits as text
        yield (
            "SEALING__KEYS is missing, the demonstration's, the same as SECRET_KEY, or has a key shorter than 32 characters: "
            "what people said would not be safe. Make one with `openssl rand -base64 32` and keep a copy of it apart from the database."
        )


def _demo(settings: Settings) -> Iterator[str]:
    if settings.host not in LOOPBACK:
        yield "HOST is open to other machines: the demonstration lets anybody in, so it runs on this machine only."
    for name, address in (("twilio", settings.twilio.api_base_url), ("notify", settings.notify.api_base_url)):
        if settings.sms.gateway == name and not is_loopback(address):
            yield f"SMS__GATEWAY is {name} in a demonstration: fictional people must not send real texts."


def _sms(settings: Settings) -> Iterator[str]:
    sms, twilio = settings.sms, settings.twilio
    if sms.lease <= sms.http_timeout:
        yield "SMS__LEASE must be longer than SMS__HTTP_TIMEOUT, or a text still being sent could be sent again."
    if sms.gateway == "notify":
        yield from _notify(settings)
    if sms.gateway != "twilio":
        return
    if not (twilio.account_sid and twilio.auth_token.get_secret_value()):
        yield "TWILIO__ACCOUNT_SID and TWILIO__AUTH_TOKEN are needed to send texts."
    if not (twilio.from_number or twilio.messaging_service_sid):
        yield "TWILIO__FROM_NUMBER or TWILIO__MESSAGING_SERVICE_SID is needed to send texts."


def _notify(settings: Settings) -> Iterator[str]:
    notify = settings.notify
    if not API_KEY.search(notify.api_key.get_secret_value()):
        yield "NOTIFY__API_KEY is missing, or does not end in the service's id and a key: copy the whole of it from GOV.UK Notify."
    if not notify.template_id:
        yield "NOTIFY__TEMPLATE_ID is needed to send texts: a template at GOV.UK Notify that is nothing but ((body))."
    if len(notify.callback_token.get_secret_value()) < 20:  # noqa: PLR2004 - letters; Notify itself asks for ten
        yield "NOTIFY__CALLBACK_TOKEN is missing or shorter than 20 characters: no receipt could be told from a made-up one."
    if not settings.sms.one_way:
        yield (
            "SMS__GATEWAY is notify, whose texts nobody can answer: check-ins would ask for replies that cannot come. Set "
            "SMS__ONE_WAY to true for reminders and what workers write, with calls in place of check-ins; or send by Twilio."
        )


def _mail(settings: Settings) -> Iterator[str]:
    mail = settings.mail
    if mail.host and "@" not in mail.sender:
        yield "MAIL__SENDER is needed to send e-mail to staff: the address it comes from."
    if mail.host and mail.security == "none" and mail.host not in LOOPBACK:
        yield "MAIL__SECURITY is none: e-mail would cross a network in the clear. Set it to starttls or tls."
    if mail.username and not mail.password.get_secret_value():
        yield "MAIL__PASSWORD is needed with MAIL__USERNAME."


def _spool(settings: Settings) -> Iterator[str]:
    nearest = next(folder for folder in (settings.spool, *settings.spool.absolute().parents) if folder.exists())
    if not nearest.is_dir() or not os.access(nearest, os.W_OK):
        yield "SPOOL cannot be written to: a text that came while the database was away would be lost."


def advice(settings: Settings, reference: Reference, today: date) -> list[str]:
    """What does not stop the service, and still wants doing."""
    said = [*_at_twilio(settings), *_at_notify(settings), *_welsh(reference[Wording])]
    if settings.database_url.startswith("sqlite") and settings.environment == "production":
        said.append("The database is SQLite: right for one machine, and not for several web or scheduler processes.")
    if not settings.watcher_url:
        said.append(
            "Nobody outside is told that the service is well: set WATCHER_URL to an address that raises an alarm."
        )
    if settings.environment == "rehearsal" and not settings.sms.live_numbers:
        said.append("This is a rehearsal with no SMS__LIVE_NUMBERS: nobody is texted.")
    if not settings.mail.host:
        said.append(
            "Staff are told on their page alone of what cannot wait: set MAIL__HOST and MAIL__SENDER to tell them by "
            "e-mail too."
        )
    said.extend(ending_soon(reference[Calendars], today))
    if settings.wording_packs is None:
        said.append("No instrument wording is installed: DUDIT, SDS and TOP are asked from the paper form.")
    return said


def _at_twilio(settings: Settings) -> Iterator[str]:
    """What is set in Twilio's console, where this service cannot look (checkins R29, R31, R34)."""
    if settings.sms.gateway != "twilio":
        return
    yield "Turn off Twilio's own HELP reply, or make it neutral: here HELP, INFO and CYMORTH ask for a call."
    yield (
        "Set Twilio's Advanced Opt-Out for each language, English and Welsh, with neutral replies: "
        "STOP and STOPIO stop texts, START and DECHRAU bring them back."
    )
    if settings.twilio.from_number:
        yield (
            f"Point the number's voice webhook at {settings.public_base_url}/webhooks/twilio/voice: a ring then counts as "
            "an answer, and costs nothing."
        )
    else:
        yield "Set TWILIO__FROM_NUMBER too: only a ring to that number is taken for one to the service."
    if settings.twilio.messaging_service_sid:
        yield (
            "Turn off Smart Encoding on the messaging service: texts are counted and cleaned here, and Twilio's changes "
            "would alter what was checked."
        )


def _at_notify(settings: Settings) -> Iterator[str]:
    """What is set at GOV.UK Notify, where this service cannot look, and what it cannot do for us (checkins R13, R15, R36)."""
    if settings.sms.gateway != "notify":
        return
    yield (
        "At GOV.UK Notify: let the template be nothing but ((body)), do not start texts with the service's name, choose a neutral "
        f"sender, and point the delivery receipts at {settings.public_base_url}/webhooks/notify/receipts with NOTIFY__CALLBACK_TOKEN."
    )
    yield (
        f"GOV.UK Notify deletes no text when asked: it keeps each for {settings.notify.keeps_days} days (NOTIFY__KEEPS_DAYS must be "
        "what is set there). It goes on trying for days where a phone is off, so a text may also come at night."
    )
    yield "Nobody can stop these texts by text: tell people whom to tell, and record it for them."


def _welsh(wording: Wording) -> Iterator[str]:
    """Which texts go in English because nobody has reviewed the Welsh (R40)."""
    waiting = sorted(template.code for template in wording.templates.values() if not template.reviewed)
    if waiting:
        yield (
            f"{len(waiting)} Welsh texts are not reviewed, so production sends them in English with a task. "
            f"Put the reviewer's name to each in config/data/sms/cy.toml: {', '.join(waiting)}."
        )


def refuse_unsafe(settings: Settings) -> None:
    """Raise Unsafe with every fault, so that nothing starts half safe."""
    found = faults(settings)
    if found:
        raise Unsafe("\n".join(f"- {fault}" for fault in found))
