"""What the sending of texts costs, through Twilio's SDK to a local provider that answers at once: the whole engine, and a bare loop."""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, fields
from pathlib import Path
from statistics import median

import psycopg
from sqlalchemy import Engine, insert, select, text

from config.bootstrap import load_reference
from config.gateways import carrier_of
from config.migrate import upgrade
from config.settings import DEMO_KEY, Settings
from config.tables import all_tables
from scheduler.dispatch import Dispatcher
from tests.factories import World
from tests.fake_twilio.settings import ACCOUNT_SID, AUTH_TOKEN, NUMBER
from tests.fake_twilio.starting import program
from tests.faults.killing import MORNING, PEOPLE, UNDER_WAY, person
from tests.faults.killing import text as due
from tests.faults.sender import Ticking
from throughcare.casework.people import PhoneNumber
from throughcare.journey.reactions import REACTIONS
from throughcare.kernel.database import open_engine
from throughcare.kernel.delivery import Delivery
from throughcare.kernel.moves import OUTBOX
from throughcare.kernel.ports import Sms
from throughcare.kernel.sealing import Safe, unlock
from throughcare.kernel.work import Desk

IN_FLIGHT, FEW = 200, 20
DELAY = 0.08  # seconds, of a provider that takes its time
CLAIM = """
    UPDATE outbox SET state = 'sending' WHERE id IN (
        SELECT id FROM outbox WHERE state = 'planned' ORDER BY priority, not_before LIMIT %s FOR UPDATE SKIP LOCKED
    ) RETURNING id, "to", text
"""
Send = Callable[[Desk, Settings], Awaitable[None]]


@dataclass(frozen=True)
class Run:
    """One run: texts a second, and what PostgreSQL had to do for each."""

    a_second: float
    transactions: float  # that wrote, a text
    log: float  # bytes of the write-ahead log, a text


@dataclass
class Queue:
    """A database with people who may be texted, and how it sends."""

    held: Settings
    many: int  # texts in a run

    def __post_init__(self) -> None:
        self.engine = open_engine(self.held.database_url)
        unlock(self.engine, Safe([DEMO_KEY]))
        upgrade(self.engine)
        all_tables()
        world = World(self.desk())
        self.people = [person(each, world) for each in range(PEOPLE)]
        with self.engine.begin() as connection:
            for table in self.people[0]:
                connection.execute(insert(table), [each[table] for each in self.people])

    def desk(self) -> Desk:
        """A service of its own, whose day begins as a working day does."""
        return Desk(self.engine, Ticking(MORNING, time.monotonic()), REACTIONS, load_reference(self.held))

    def fill(self) -> None:
        """The outbox anew, all due now."""
        texts = [due(each, self.people[each % PEOPLE][PhoneNumber.__table__]) for each in range(self.many)]
        with self.engine.begin() as connection:
            for table in ("outbox", "message_event", "sender_pace"):
                connection.execute(text(f"DELETE FROM {table}"))
            connection.execute(insert(OUTBOX), texts)
        with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE outbox" if self.counts else "ANALYZE"))

    def sent(self, send: Send) -> Run:
        """A queue sent to its last text; AssertionError unless the provider took every one."""
        self.fill()
        desk = self.desk()
        before, began = self.spent(), time.perf_counter()
        asyncio.run(send(desk, self.held))
        seconds, after = time.perf_counter() - began, self.spent()
        with self.engine.connect() as connection:
            states = connection.execute(select(OUTBOX.c.state, OUTBOX.c.sid.is_not(None))).all()
        assert states == [(Delivery.ACCEPTED, True)] * self.many
        return Run(
            self.many / seconds, *((last - first) / self.many for first, last in zip(before, after, strict=True))
        )

    def beside_a_snapshot(self) -> Run:
        """While another transaction, opened before, goes on looking at the database as it was."""
        with self.engine.connect().execution_options(isolation_level="REPEATABLE READ") as other:
            other.scalar(text("SELECT count(*) FROM outbox"))
            return self.sent(by_engine)

    @property
    def counts(self) -> bool:
        """Does the database count what it does?"""
        return self.engine.dialect.name == "postgresql"

    def spent(self) -> tuple[int, int]:
        """Transactions that wrote, and bytes of log, so far."""
        if not self.counts:
            return 0, 0
        asked = "SELECT pg_current_xact_id()::text::bigint, pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::bigint"
        with self.engine.connect() as connection:
            written, log = connection.execute(text(asked)).one()
        return written, log


def measure(url: str, many: int, runs: int) -> list[str]:
    """Sentences: beside a bare loop, beside a snapshot held open, on SQLite, and to a provider that takes its time."""
    with tempfile.TemporaryDirectory() as folder, program(Path(folder) / "ledger", faults='{"receipts": []}') as fake:
        there = Queue(settings(url, fake.address), many)
        here = Queue(settings(f"sqlite:///{folder}/bench.db", fake.address), many)
        turns: dict[str, Callable[[], Run]] = {
            "engine": lambda: there.sent(by_engine),
            "bare": lambda: there.sent(by_hand),
            "snapshot": there.beside_a_snapshot,
            "sqlite": lambda: here.sent(by_engine),
        }
        got: dict[str, list[Run]] = {name: [] for name in turns}
        for _ in range(runs):
            for name, turn in turns.items():
                got[name].append(turn())
        fake.faults(delay=DELAY)
        there.held, there.many = settings(url, fake.address, in_flight=FEW), many // 2
        got["slow"] = [there.sent(by_engine) for _ in range(runs)]
        for queue in (there, here):
            queue.engine.dispose()
    return said({name: middle(ran) for name, ran in got.items()})


def middle(ran: list[Run]) -> Run:
    """Each number's own middle."""
    return Run(*(median(getattr(run, each.name) for run in ran) for each in fields(Run)))


def said(got: dict[str, Run]) -> list[str]:
    """As the table's sentences."""
    engine, bare, ideal = got["engine"], got["bare"], FEW / DELAY
    speed, log = engine.a_second / bare.a_second, engine.log / bare.log
    return [
        f"- Texts through Twilio's SDK by one dispatcher: {engine.a_second:,.0f} a second, {speed:.2f} of a bare loop's.",
        f"- It writes {engine.transactions:.3f} transactions a text (the loop {bare.transactions:.3f}), and {log:.1f} times its log.",
        f"- With a snapshot held open elsewhere: {got['snapshot'].a_second / engine.a_second:.2f} of that speed.",
        f"- On SQLite: {got['sqlite'].a_second / engine.a_second:.2f} of that speed.",
        f"- To a provider {DELAY} s away, {FEW} in flight: {got['slow'].a_second / ideal:.2f} of the {ideal:,.0f} a second that can be.",
    ]


def settings(url: str, provider: str, in_flight: int = IN_FLIGHT, per_second: float = 1_000_000) -> Settings:
    """Nothing holds the sender back but the wire, unless a pace is given."""
    return Settings(
        environment="demo", _env_file=None, database_url=url,
        sms={"gateway": "twilio", "per_second": per_second, "in_flight": in_flight},
        twilio={
            "account_sid": ACCOUNT_SID, "auth_token": AUTH_TOKEN, "from_number": NUMBER, "api_base_url": provider,
        },
    )  # fmt: skip


async def by_engine(desk: Desk, held: Settings) -> None:
    """The dispatcher as it is run, until nothing is left."""
    stop = asyncio.Event()
    sending = asyncio.create_task(Dispatcher(desk, carrier_of(held, desk).open(), idle=0.05).run(stop))
    while await asyncio.to_thread(left, desk.engine):  # noqa: ASYNC110 - the database cannot set an event
        await asyncio.sleep(0.05)
    stop.set()
    await sending


def left(engine: Engine) -> bool:
    with engine.connect() as connection:
        return connection.scalar(select(OUTBOX.c.id).where(OUTBOX.c.state.in_(UNDER_WAY)).limit(1)) is not None


async def by_hand(desk: Desk, held: Settings) -> None:
    """Take a batch, send it, write it down; no question asked and nothing kept of the way."""
    gateway, safe = carrier_of(held, desk).open(), Safe([DEMO_KEY])
    async with await psycopg.AsyncConnection.connect(held.database_url.replace("+psycopg", "", 1)) as connection:
        while rows := await (await connection.execute(CLAIM, [IN_FLIGHT])).fetchall():
            await connection.commit()
            texts = [Sms(to, safe.open(words, "outbox.text"), str(key), 3600) for key, to, words in rows]
            sids = await asyncio.gather(*map(gateway.send, texts))
            done = [(sid, key) for sid, (key, _, _) in zip(sids, rows, strict=True)]
            async with connection.cursor() as cursor:
                await cursor.executemany("UPDATE outbox SET state = 'accepted', sid = %s WHERE id = %s", done)
            await connection.commit()
    await gateway.close()
