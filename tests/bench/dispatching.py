"""Texts a second through Twilio's SDK, to the local provider that answers at once: the whole engine, and a bare loop."""

from __future__ import annotations

import asyncio
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

import psycopg
from sqlalchemy import Engine, text

from config.bootstrap import load_reference
from config.gateways import carrier_of
from config.settings import DEMO_KEY, Settings
from scheduler.dispatch import Dispatcher
from tests.bench.filling import Size, fill, insert, numbered
from tests.fake_twilio.settings import ACCOUNT_SID, AUTH_TOKEN, NUMBER
from tests.fake_twilio.starting import program
from tests.faults.sender import Ticking
from throughcare.casework.people import Consent, PhoneNumber, SafeContact
from throughcare.checkin.rows import CheckinPlan
from throughcare.journey.reactions import REACTIONS
from throughcare.kernel.database import open_engine
from throughcare.kernel.delivery import REINS, Purpose
from throughcare.kernel.outbox import OutboxRow
from throughcare.kernel.ports import Sms
from throughcare.kernel.sealing import Safe
from throughcare.kernel.work import Desk

PEOPLE = Size(800)  # of the thousand mobile numbers kept for drama, those that the local provider always takes
IN_FLIGHT = 200
NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
LEFT = "SELECT count(*) FROM outbox WHERE state IN ('planned', 'claimed', 'sending', 'ambiguous')"
CLAIM = """
    UPDATE outbox SET state = 'sending' WHERE id IN (
        SELECT id FROM outbox WHERE state = 'planned' ORDER BY priority, not_before LIMIT %s FOR UPDATE SKIP LOCKED
    ) RETURNING id, "to", text
"""


def measure(url: str, each: int, runs: int) -> tuple[float, float]:
    """Texts a second of the engine and of the bare loop, the middle of the runs; `each` texts to every person."""
    engine = open_engine(url)
    fill(engine, PEOPLE, NOON)
    reach(engine)
    timed: dict[str, list[float]] = {"engine": [], "bare": []}
    with tempfile.TemporaryDirectory() as folder, program(Path(folder) / "ledger", faults='{"receipts": []}') as fake:
        held = settings(url, fake.address)
        for _ in range(runs):
            for side, send in (("engine", by_engine), ("bare", by_hand)):
                queue(engine, each)
                began = time.perf_counter()
                asyncio.run(send(engine, held))
                timed[side].append(PEOPLE.cases * each / (time.perf_counter() - began))
                with engine.connect() as connection:
                    taken = connection.scalar(
                        text("SELECT count(*) FROM outbox WHERE state = 'accepted' AND sid <> ''")
                    )
                assert taken == PEOPLE.cases * each, (side, taken)
    engine.dispose()
    return median(timed["engine"]), median(timed["bare"])


def settings(url: str, provider: str) -> Settings:
    """Nothing holds the sender back but the wire."""
    return Settings(
        environment="demo", _env_file=None, database_url=url,
        sms={"gateway": "twilio", "per_second": 1_000_000, "in_flight": IN_FLIGHT},
        twilio={
            "account_sid": ACCOUNT_SID, "auth_token": AUTH_TOKEN, "from_number": NUMBER, "api_base_url": provider,
        },
    )  # fmt: skip


def reach(engine: Engine) -> None:
    """Everybody is out of custody, has agreed to texts, and has a proven number and a running plan."""
    people, at = numbered(PEOPLE, NOON), f"'{NOON.isoformat()}'::timestamptz"
    about = {"case_id": "case_id"}
    statements = [
        f"UPDATE custody_episode SET ended_at = {at} WHERE ended_at IS NULL",
        insert(
            Consent, people, NOON, purpose="'texts'", state="'given'", given_at=at, recorded_by="case_id", **about
        ),
        insert(SafeContact, people, NOON, **about),
        insert(
            PhoneNumber, people, NOON, number="'+447700900' || lpad(n::text, 3, '0')", from_at=f"{at} - interval '1 day'",
            proven_at=at, **about,
        ),
        insert(CheckinPlan, people, NOON, status="'active'", **about),
    ]  # fmt: skip
    with engine.begin() as connection:
        for statement in (
            "DELETE FROM consent",
            "DELETE FROM safe_contact",
            "DELETE FROM phone_number",
            "DELETE FROM checkin_plan",
            *statements,
        ):
            connection.execute(text(statement))


def queue(engine: Engine, each: int) -> None:
    """The outbox anew: `each` check-ins to every person, due now."""
    people = f"{numbered(PEOPLE, NOON)}, generate_series(1, {each}) s"
    words = Safe([DEMO_KEY]).seal("How are things today?", "outbox.text")
    made = insert(
        OutboxRow, people, NOON, case_id="case_id", key="n || ':' || s", to="'+447700900' || lpad(n::text, 3, '0')",
        purpose="'checkin'", priority=str(REINS[Purpose.CHECKIN].priority), template="'checkin_question'",
        text=f"'{words}'", not_before=f"'{NOON.isoformat()}'::timestamptz",
        expires_at=f"'{(NOON + timedelta(hours=6)).isoformat()}'::timestamptz",
    )  # fmt: skip
    with engine.begin() as connection:
        for statement in ("TRUNCATE outbox, message_event, sender_pace", made):
            connection.execute(text(statement))
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE outbox"))


async def by_engine(engine: Engine, held: Settings) -> None:
    """The dispatcher as it is run, until nothing is left."""
    desk = Desk(engine, Ticking(NOON, time.monotonic()), REACTIONS, load_reference(held))
    stop = asyncio.Event()
    sending = asyncio.create_task(Dispatcher(desk, carrier_of(held, desk).open(), idle=0.05).run(stop))
    while await asyncio.to_thread(left, engine):  # noqa: ASYNC110 - the database cannot set an event
        await asyncio.sleep(0.05)
    stop.set()
    await sending


def left(engine: Engine) -> int:
    with engine.connect() as connection:
        return connection.scalar(text(LEFT))


async def by_hand(engine: Engine, held: Settings) -> None:
    """Take a batch, send it, write it down; no question asked and nothing kept of the way."""
    gateway = carrier_of(held, Desk(engine, Ticking(NOON, time.monotonic()), reference=load_reference(held))).open()
    async with await psycopg.AsyncConnection.connect(held.database_url.replace("+psycopg", "", 1)) as connection:
        while rows := await (await connection.execute(CLAIM, [IN_FLIGHT])).fetchall():
            await connection.commit()
            sids = await asyncio.gather(*(gateway.send(Sms(to, said, str(key), 3600)) for key, to, said in rows))
            done = [(sid, key) for sid, (key, _, _) in zip(sids, rows, strict=True)]
            async with connection.cursor() as cursor:
                await cursor.executemany("UPDATE outbox SET state = 'accepted', sid = %s WHERE id = %s", done)
            await connection.commit()
    await gateway.close()
