"""Who carries the texts, and how its calls to us are told from anyone else's: made from the settings."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from uuid import UUID

from config.settings import Settings
from integrations.notify_calls import NotifyCalls
from integrations.notify_words import NotifyWords
from integrations.simulator_sms import Line, Phone, SimulatorSms
from integrations.smtp_mail import SmtpMail, SmtpServer
from integrations.spool import FileSpool
from integrations.twilio_signature import TwilioSignature, TwilioWebhooks
from scheduler.carriers import Carriers
from throughcare.casework.keyring import Keyring
from throughcare.checkin import doorstep
from throughcare.kernel.ports import Mailer, SignedCalls, Sms, SmsGateway
from throughcare.kernel.sealing import Safe
from throughcare.kernel.work import Desk
from throughcare.web.webhooks import twilio as webhooks
from throughcare.web.webhooks.twilio import Call, Door

SIMULATED_ACCOUNT = "AC" + "5" * 32
SIMULATED_NUMBER = "+441632960000"
RingAs = Callable[[str], Awaitable[int]]  # number -> what the webhook answered
ReplyAs = Callable[[str, str], Awaitable[int]]  # number, words -> what the webhook answered


@dataclass(frozen=True)
class Carrier:
    """Both directions: what sends, what proves a call, and (simulator only) how a phone on the screen answers."""

    open: Callable[[], SmsGateway]  # on the loop that will use it
    door: Door
    notify_door: Door
    reply_as: ReplyAs | None = None
    ring_as: RingAs | None = None


def providers_of(settings: Settings) -> frozenset[str]:
    """Who can be asked about texts: the one that sends, and whoever is configured, for what they took before (R15)."""
    return frozenset(map(settings.account, _kinds(settings)))


def _kinds(settings: Settings) -> frozenset[str]:
    held = {
        "twilio": settings.twilio.auth_token.get_secret_value(),
        "notify": settings.notify.api_key.get_secret_value(),
    }
    return frozenset({settings.sms.gateway} | {kind for kind, key in held.items() if key})


def carrier_of(settings: Settings, desk: Desk) -> Carrier:
    """The provider that the settings choose, with the others behind it; the simulator where none is chosen."""
    spool = FileSpool(settings.spool, desk.reference[Safe])
    notify_door = Door(desk, _notify_calls(settings, desk), spool, settings.account("notify"))
    if settings.sms.gateway == "simulator":
        return _simulator(settings, desk, spool, notify_door)
    real = {"twilio": lambda: _twilio(settings), "notify": lambda: _notify(settings, desk)}
    makes = {kind: real[kind]() for kind in sorted(_kinds(settings))}
    sending, hearing = map(
        settings.account, (settings.sms.gateway, "twilio" if "twilio" in makes else settings.sms.gateway)
    )
    return Carrier(
        lambda: Carriers(sending, {settings.account(kind): make() for kind, make in makes.items()}, hearing),
        Door(desk, _twilio_calls(settings), spool, settings.account("twilio")),
        notify_door,
    )


def _simulator(settings: Settings, desk: Desk, spool: FileSpool, notify_door: Door) -> Carrier:
    line = _line(settings, desk)
    calls = TwilioWebhooks(TwilioSignature(line.public_base_url, [line.auth_token]), line.account_sid, [line.number])
    door = Door(desk, calls, spool, "simulator")
    phone = Phone(line, in_process(door))
    return Carrier(lambda: SimulatorSms(_on_screen, desk.clock.now, phone), door, notify_door, phone.reply, phone.ring)


def mailer_of(settings: Settings) -> Mailer | None:
    """Who carries e-mail to staff; None where no server is named."""
    mail = settings.mail
    server = SmtpServer(
        mail.host, mail.port, mail.sender, mail.security, mail.username, mail.password.get_secret_value(), mail.timeout
    )
    return SmtpMail(server) if mail.host else None


def in_process(door: Door) -> Callable[[str, bytes, Mapping[str, str]], Awaitable[int]]:
    """Posts to our own webhooks without a network: the same code, the same signature."""

    async def post(path: str, body: bytes, headers: Mapping[str, str]) -> int:
        call = Call(path, b"", body, headers.get(webhooks.SIGNATURE))
        if path == webhooks.TEXTS:
            kept = await asyncio.to_thread(door.take, call)
        elif path == webhooks.VOICE:
            kept = await asyncio.to_thread(door.ring, call)
        else:
            kept = await asyncio.to_thread(door.take, call, UUID(path.removeprefix(f"{webhooks.RECEIPTS}/")))
        if kept.number:
            await asyncio.to_thread(doorstep.settle, door.desk, kept.number)
        return kept.status

    return post


def _on_screen(sms: Sms, sid: str) -> None:
    """The phone's screen reads what was sent from the outbox: there is nothing more to do."""


def _twilio(settings: Settings) -> Callable[[], SmsGateway]:
    from integrations.twilio_sms import TwilioAccount, TwilioSms  # noqa: PLC0415 - its SDK is slow to load, and only for those it serves

    twilio, sms = settings.twilio, settings.sms
    account = TwilioAccount(
        twilio.account_sid,
        twilio.auth_token.get_secret_value(),
        settings.public_base_url,
        twilio.from_number,
        twilio.messaging_service_sid,
        twilio.api_base_url,
    )
    return lambda: TwilioSms(account, connections=sms.in_flight, seconds=sms.http_timeout)


def _notify(settings: Settings, desk: Desk) -> Callable[[], SmsGateway]:
    from integrations.notify_sms import NotifyAccount, NotifySms  # noqa: PLC0415 - as of Twilio's

    notify, sms = settings.notify, settings.sms
    account = NotifyAccount(
        notify.api_key.get_secret_value(), notify.template_id, notify.sender_id, notify.api_base_url
    )
    words = desk.reference[NotifyWords]
    return lambda: NotifySms(account, words, connections=sms.in_flight, seconds=sms.http_timeout)


def _notify_calls(settings: Settings, desk: Desk) -> SignedCalls:
    notify = settings.notify
    tokens = [notify.callback_token.get_secret_value(), notify.callback_token_secondary.get_secret_value()]
    return NotifyCalls(tokens, desk.reference[NotifyWords].failures)


def _twilio_calls(settings: Settings) -> SignedCalls:
    twilio = settings.twilio
    tokens = [twilio.auth_token.get_secret_value(), twilio.auth_token_secondary.get_secret_value()]
    senders = [twilio.from_number, twilio.messaging_service_sid]
    return TwilioWebhooks(TwilioSignature(settings.public_base_url, tokens), twilio.account_sid, senders)


def _line(settings: Settings, desk: Desk) -> Line:
    token = desk.reference[Keyring].mark("simulator", SIMULATED_ACCOUNT)
    return Line(settings.public_base_url, token, SIMULATED_ACCOUNT, SIMULATED_NUMBER)
