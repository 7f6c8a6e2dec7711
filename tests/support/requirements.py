"""A person under an order with a report to write, for tests that begin there."""

from __future__ import annotations

from datetime import date, time, timedelta

from sqlmodel import select

from throughcare.casework.rows import AppointmentStatus, CustodyEpisode, Involvement
from throughcare.disclosure.policy import Basis
from throughcare.kernel.actors import SYSTEM
from throughcare.requirement import attendance, orders
from throughcare.requirement.forms import BookOrdered, RecordOutcome, RecordRequirement
from throughcare.requirement.forms_reports import WriteReport
from throughcare.requirement.words import OrderKind, Rating, Recommendation, TreatmentStage

BEGAN = date(2026, 10, 21)  # a month before the clock of the suite, so that a period has just ended
SENTENCE = "Comes on time and takes part in every group."


def released(desk, world, *, held=False, **person):
    """Out of prison for five weeks, unless still held, and with a community provider."""
    case = world.case(**person)
    with desk.work(SYSTEM) as work:
        stay = work.session.exec(select(CustodyEpisode).where(CustodyEpisode.case_id == case)).one()
        stay.ended_at = stay.released_at = None if held else work.now - timedelta(days=36)
        work.session.add(stay)
        world.involve(work, case, "provider", Basis.CARE)
        for standing in work.session.exec(select(Involvement).where(Involvement.case_id == case)):
            standing.from_at = work.now - timedelta(days=60)
            work.session.add(standing)
    return case


def ordered(desk, world, case, **changed):
    """An order recorded by the provider on the day it began."""
    said = {
        "kind": "drr", "order": OrderKind.COMMUNITY_ORDER, "reference": "T2026/114", "starts_on": BEGAN,
        "officer_id": world.probation.id,
    }  # fmt: skip
    now = desk.clock.at
    desk.clock.at = now - timedelta(days=30)
    with desk.work(world.provider) as work:
        made = orders.record(work, case, RecordRequirement(**said | changed)).id
    desk.clock.at = now
    return made


def kept(desk, world, under, days_ago, status=AppointmentStatus.ATTENDED, reason=None):
    """An ordered appointment so many days ago, with its outcome; `under` is the case and the requirement."""
    (case, requirement), on = under, desk.clock.at.date() - timedelta(days=days_ago)
    with desk.work(world.provider) as work:
        form = BookOrdered(kind="session", on=on, at=time(9, 0))
        made = attendance.book_ordered(work, case, requirement, form).id
        attendance.record_outcome(work, case, made, RecordOutcome(status=status, reason=reason))
    return made


def written(**changed):
    """What an author says."""
    said = {
        "rating": Rating.WELL, "sentence": SENTENCE, "risk_changed": False, "stage": TreatmentStage.UNDER_WAY,
        "recommendation": Recommendation.CONTINUE,
    }  # fmt: skip
    return WriteReport(**said | changed)
