"""Asks whether somebody was released when the confirmed day has come, the hour has passed, and nobody has said so."""

from __future__ import annotations

from datetime import time, timedelta
from uuid import UUID

from sqlmodel import col, select

from throughcare.casework import tasks
from throughcare.casework.clock_rules import ServiceClocks
from throughcare.casework.moving import told_of_release
from throughcare.casework.people import Case
from throughcare.casework.rows import CustodyEpisode, DateChange
from throughcare.casework.tasks import About, errand
from throughcare.kernel.categories import Category
from throughcare.kernel.clock import LONDON, at
from throughcare.kernel.rounds import each_alone
from throughcare.kernel.work import Work

ASK = errand(
    Category.RECORD,
    "was_released",
    "Was this person released? Record it, or the new date",
    "/cases/{case_id}/custody/was-released",
    closed_by={"custody.released", "custody.release_date_confirmed", "custody.release_date_unconfirmed"},
)


def ask_if_released(work: Work) -> int:
    """A question to the owner and the officer for each release confirmed and not recorded; how many were asked now.

    Each confirmed date is asked about once, from the hour of the clock `release_not_recorded` on.
    """
    hour = work.reference[ServiceClocks].rule("release_not_recorded").due.by or time(14)
    come = work.now.astimezone(LONDON).time() >= hour
    query = (
        select(CustodyEpisode.id)
        .join(Case, col(Case.id) == col(CustodyEpisode.case_id))
        .where(
            col(CustodyEpisode.confirmed_release_date) <= (work.today if come else work.today - timedelta(days=1)),
            col(CustodyEpisode.ended_at).is_(None),
            col(Case.closed_at).is_(None),
        )
    )
    return each_alone(work, work.session.exec(query.order_by(col(CustodyEpisode.confirmed_release_date))).all(), _ask)


def _ask(work: Work, stay_id: UUID) -> int:
    hour = work.reference[ServiceClocks].rule("release_not_recorded").due.by or time(14)
    stay = work.session.get_one(CustodyEpisode, stay_id)
    case = work.session.get_one(Case, stay.case_id)
    day = stay.confirmed_release_date or work.today
    about = About(case.id, stay.id, key=str(_last_change(work, stay) or f"{stay.id}:{day}"))
    given = [tasks.give(work, ASK, whose, about, at(day, hour), urgent=True) for whose in told_of_release(case, stay)]
    return sum(task is not None for task in given)


def _last_change(work: Work, stay: CustodyEpisode) -> UUID | None:
    """The change that set the date now confirmed: a date that was taken back and set again is asked about again."""
    query = select(DateChange.id).where(DateChange.episode_id == stay.id, DateChange.field == "confirmed_release_date")
    return work.session.exec(query.order_by(col(DateChange.created_at).desc(), col(DateChange.id))).first()
