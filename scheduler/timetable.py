"""How often each round is done. APScheduler is only the ticker: it keeps no store, holds no truth and may miss a beat."""

from __future__ import annotations

from collections.abc import Callable

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

from scheduler import mailing
from scheduler.deadman import EVERY, tell
from scheduler.ticks import TICKS, run
from throughcare.kernel.ports import Mailer
from throughcare.kernel.work import Desk


def start_ticking(
    desk: Desk, ping: Callable[[], None] | None = None, mailer: Mailer | None = None
) -> BackgroundScheduler:
    """Every round at its own pace, one at a time of each kind, and however late it wakes. `ping` says that all is well."""
    ticker = BackgroundScheduler(
        executors={"default": ThreadPoolExecutor(3)},
        job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
        timezone="UTC",
    )
    for tick in TICKS:
        ticker.add_job(run, "interval", seconds=tick.every, args=[desk, tick], id=tick.name)
    if ping is not None:
        ticker.add_job(tell, "interval", seconds=EVERY, args=[desk, ping], id="tell")
    if mailer is not None:
        ticker.add_job(mailing.tell_staff, "interval", seconds=mailing.EVERY, args=[desk, mailer], id="tell_staff")
    ticker.start()
    return ticker
