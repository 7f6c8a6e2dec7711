"""What one job does in every queue beside ours: the same call of the SDK, and one row that says what became of it."""

from __future__ import annotations

import os
from typing import Any

from psycopg_pool import AsyncConnectionPool

from integrations.twilio_sms import TwilioAccount, TwilioSms
from tests.fake_twilio.settings import ACCOUNT_SID, AUTH_TOKEN, NUMBER
from throughcare.kernel.ports import Sms

URL = os.environ.get("BENCH_DATABASE", "")  # as psycopg takes it
PROVIDER = os.environ.get("BENCH_PROVIDER", "")
MANY = int(os.environ.get("BENCH_MANY", "0"))
IN_FLIGHT = 200
CONNECTIONS = 8
DAY = 86_400  # seconds for which a text is worth sending
TABLE = """
    DROP SCHEMA public CASCADE;
    CREATE SCHEMA public;
    CREATE TABLE bench_text (id bigint PRIMARY KEY, state text NOT NULL DEFAULT 'planned', sid text, sent_at timestamptz)
"""
FILL = "INSERT INTO bench_text (id) SELECT generate_series(1, :many)"
SENT = "UPDATE bench_text SET state = 'accepted', sid = %s, sent_at = clock_timestamp() WHERE id = %s"
ACCOUNT = TwilioAccount(ACCOUNT_SID, AUTH_TOKEN, "http://127.0.0.1:1", NUMBER, api_base_url=PROVIDER)


def texts() -> list[dict[str, Any]]:
    """What each job is told."""
    return [
        {"key": each, "to": f"+447700900{each % 800:03d}", "words": f"How are things today? {each}"}
        for each in range(1, MANY + 1)
    ]


class Sending:
    """The job of a queue that is asynchronous."""

    def __init__(self) -> None:
        self.gateway = TwilioSms(ACCOUNT, connections=IN_FLIGHT)
        self.pool = AsyncConnectionPool(URL, min_size=CONNECTIONS, max_size=CONNECTIONS, open=False)

    async def send(self, key: int, to: str, words: str) -> None:
        sid = await self.gateway.send(Sms(to, words, str(key), DAY))
        async with self.pool.connection() as connection:
            await connection.execute(SENT, [sid, key])
