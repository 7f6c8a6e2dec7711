"""The phones: texts leave as the engine plans them, arrive or do not, and are answered as each person would."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from datetime import datetime, timedelta
from uuid import uuid4

from config.demonstration.custody import CODE_WORDS
from config.demonstration.people import Fate
from config.demonstration.playing import Stage
from throughcare.checkin.climbing import climb_ladders
from throughcare.checkin.inbound import settle_number, store
from throughcare.checkin.planning import plan_texts
from throughcare.checkin.receipts import arrive
from throughcare.checkin.sending import Answer, Going, begin, claim, complete
from throughcare.kernel.actors import SYSTEM
from throughcare.kernel.delivery import Purpose
from throughcare.kernel.outbox import OutboxRow

POST = "demonstration"
HOURS = ((9, 30), (10, 45), (12, 0), (15, 0), (19, 0))
RECENT = -12  # days; before that, one round a day tells the same story
SCORES = ("4", "3", "5", "4/5", "3", "4 thanks", "2")
WELSH_SCORES = ("4", "3", "5 diolch", "4")


def phones(stage: Stage, fates: Mapping[str, Fate], first_day: int) -> Generator[datetime, None, None]:
    """Every day since the first release, a few rounds: plan, send, deliver, answer, climb."""
    for day in range(first_day, 1):
        for hour, minute in HOURS if day >= RECENT else HOURS[2:3]:
            yield stage.when(day, hour, minute)
            with stage.desk.work(SYSTEM) as work:
                plan_texts(work)
                climb_ladders(work)
            _post(stage, fates)
            _post(stage, fates)  # what the answers called for: it does not wait for the next round
            stage.clock.forward(timedelta(minutes=4))


def _post(stage: Stage, fates: Mapping[str, Fate]) -> None:
    with stage.desk.work(SYSTEM) as work:
        ids = claim(work, POST, 100)
    if not ids:
        return
    with stage.desk.work(SYSTEM) as work:
        going = begin(work, ids, POST)
    with stage.desk.work(SYSTEM) as work:
        complete(work, [Answer(text.id, sid=f"SM{uuid4().hex}") for text in going])
    for text in going:
        _deliver(stage, text, fates.get(text.sms.to))


def _deliver(stage: Stage, text: Going, fate: Fate | None) -> None:
    with stage.desk.work(SYSTEM) as work:
        lost = fate is not None and fate.texts == "undelivered"
        arrive(work, text.id, "undelivered" if lost else "delivered", 30005 if lost else None)
        row = work.session.get_one(OutboxRow, text.id)
        purpose, asked = row.purpose, row.not_before
    if fate and not lost and (said := reply(fate, purpose, asked)):
        stage.clock.forward(timedelta(minutes=7))
        _write(stage, text.sms.to, said)


def _write(stage: Stage, number: str, said: str) -> None:
    fields = {"MessageSid": f"SM{uuid4().hex}", "From": number, "To": "+447700900001", "Body": said, "NumMedia": "0"}
    with stage.desk.work(SYSTEM) as work:
        store(work, fields)
    with stage.desk.work(SYSTEM) as work:
        settle_number(work, number)


def stranger(stage: Stage) -> Generator[datetime, None, None]:
    """Somebody whose number nobody has writes, an hour ago: the managers' to place."""
    yield stage.now - timedelta(hours=1)
    _write(stage, "+447700900998", "Hi its me, got a new phone. Is this still the right number?")


def reply(fate: Fate, purpose: Purpose, asked: datetime) -> str:
    """What this person texts back, or nothing."""
    turn = fate.number + asked.timetuple().tm_yday
    if purpose is Purpose.PROOF:
        return "" if fate.texts == "unproven" else CODE_WORDS[fate.number % len(CODE_WORDS)]
    if purpose is not Purpose.CHECKIN or fate.texts in {"silent", "unproven"}:
        return ""
    if fate.texts == "stop" and turn % 3 == 0:
        return "STOP"
    if fate.texts == "low":
        return ("3", "1")[turn % 2]
    if fate.texts == "calls" and turn % 4 == 0:
        return "CALL"
    scores = WELSH_SCORES if fate.welsh else SCORES
    return "" if turn % 9 == 0 else scores[turn % len(scores)]
