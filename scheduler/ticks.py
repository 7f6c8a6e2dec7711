"""What happens when the scheduler wakes: plain functions of the desk. The clock sets the pace; the database holds the truth."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import structlog

from throughcare.casework import drafts
from throughcare.casework.asking import ask_if_released
from throughcare.casework.carrying import watch_loads
from throughcare.casework.signin import sweep
from throughcare.checkin.alarms import keep_asking
from throughcare.checkin.blanking import blank_old
from throughcare.checkin.climbing import climb_ladders
from throughcare.checkin.inbound import settle_waiting
from throughcare.checkin.overdue import escalate
from throughcare.checkin.pauses import ask_about_pauses, resume_paused
from throughcare.checkin.planning import plan_texts
from throughcare.checkin.redacting import tell_of_left
from throughcare.checkin.reminding import remind
from throughcare.checkin.unheard import confirm_old
from throughcare.handover.expiry import expire_due, remind_due
from throughcare.journey.keeping_stage import keep_stages
from throughcare.kernel.actors import SYSTEM
from throughcare.kernel.checkpoints import seal_journal
from throughcare.kernel.heartbeat import beat
from throughcare.kernel.resealing import seal_anew
from throughcare.kernel.work import Desk, Work
from throughcare.requirement.endings import end_expired
from throughcare.requirement.orders import begin_due
from throughcare.requirement.periods import end_periods

log = structlog.get_logger()


@dataclass(frozen=True)
class Tick:
    """One kind of round: how often, in seconds, and what it does. It may be late, skipped or run twice without harm."""

    name: str
    every: int
    do: Callable[[Work], int]


def sweep_sessions(work: Work) -> int:
    """Forget sessions and codes that can no longer be used, and writing that nobody goes on with."""
    sweep(work)
    drafts.sweep(work)
    return 0


TICKS: tuple[Tick, ...] = (
    Tick("plan_texts", 30, plan_texts),
    Tick("remind", 60, remind),
    Tick("ask_if_released", 60, ask_if_released),
    Tick("expire_handovers", 60, expire_due),
    Tick("remind_handovers", 300, remind_due),
    Tick("keep_stages", 900, keep_stages),
    Tick("begin_supervision", 900, begin_due),
    Tick("end_requirements", 900, end_expired),
    Tick("end_report_periods", 900, end_periods),
    Tick("sweep_sessions", 3600, sweep_sessions),
    Tick("settle_inbound", 10, settle_waiting),
    Tick("keep_asking", 10, keep_asking),
    Tick("climb_ladders", 60, climb_ladders),
    Tick("escalate_unanswered", 300, escalate),
    Tick("confirm_old_texts", 600, confirm_old),
    Tick("resume_check_ins", 300, resume_paused),
    Tick("ask_about_pauses", 3600, ask_about_pauses),
    Tick("seal_anew", 30, seal_anew),
    Tick("watch_loads", 900, watch_loads),
    Tick("blank_old", 300, blank_old),
    Tick("seal_journal", 60, seal_journal),
    Tick("tell_of_left_copies", 3600, tell_of_left),
)


def run(desk: Desk, tick: Tick) -> int:
    """One round in one transaction, written down when it ends well. A round that fails is logged and tried again next time."""
    try:
        with desk.work(SYSTEM) as work:
            count = tick.do(work)
            beat(work, tick.name)
    except Exception:
        log.exception("tick failed", tick=tick.name)
        return 0
    if count:
        log.info("tick", tick=tick.name, count=count)
    return count
