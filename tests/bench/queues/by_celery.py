"""Celery, one job a text, its processes forked beforehand and its broker in the same database: puts them in, and works them."""

from __future__ import annotations

import os
import sys
from functools import cache
from typing import Any

import psycopg
from celery import Celery
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client

from tests.bench.queues.job import PROVIDER, SENT, URL, texts
from tests.fake_twilio.settings import ACCOUNT_SID, AUTH_TOKEN, NUMBER

PROCESSES = 4  # of two cores: while one waits for the provider another works
app = Celery("tests.bench.queues.by_celery", broker="sqla+" + URL.replace("postgresql:", "postgresql+psycopg:", 1))
app.conf.update(task_ignore_result=True, worker_prefetch_multiplier=4, broker_connection_retry_on_startup=True)


@cache
def client() -> Client:
    """Each process's own."""
    made = Client(ACCOUNT_SID, AUTH_TOKEN, http_client=TwilioHttpClient())
    made.api.base_url = PROVIDER
    return made


@cache
def connection() -> psycopg.Connection[Any]:
    return psycopg.connect(URL, autocommit=True)


@app.task(name="send")
def send(key: int, to: str, words: str) -> None:
    """The SDK has no asynchronous client for a process that does one thing at a time."""
    taken = client().messages.create(to=to, body=words, from_=NUMBER, validity_period=36_000)
    connection().execute(SENT, [taken.sid, key])


def main() -> None:
    for text in texts():
        send.delay(**text)
    quiet = ["--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel=ERROR"]
    worker = ["worker", "--pool=prefork", f"--concurrency={PROCESSES}", *quiet]
    os.execv(sys.executable, [sys.executable, "-m", "celery", "-A", "tests.bench.queues.by_celery", *worker])


if __name__ == "__main__":
    main()
