"""The page of brief interventions and referrals as cards: what each says, and what may be done with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from throughcare.casework import access
from throughcare.intervention import actions, steps, views
from throughcare.intervention.rows import BriefIntervention, BriefStatus, SpecialistReferral
from throughcare.intervention.rules import Frames
from throughcare.intervention.views import BriefShown, CaseInterventions, ReferralShown, SessionShown
from throughcare.kernel.steps import Machine
from throughcare.kernel.work import Work
from throughcare.web import words
from throughcare.web.parts import Row

PATHS = {
    "offer": "offer", "give": "give", "decline": "decline", "follow_up": "follow-up",
    "refer": "refer", "accept": "accept", "turn_down": "decline", "see": "seen", "conclude": "outcome",
}  # fmt: skip


@dataclass(frozen=True)
class Card:
    """One brief intervention or referral; `moves` are (words, address) of what this reader may do with it."""

    title: str
    rows: tuple[Row, ...]
    moves: tuple[tuple[str, str], ...]


class InterventionsPage(CaseInterventions):
    """The page."""

    brief_cards: tuple[Card, ...] = ()
    referral_cards: tuple[Card, ...] = ()
    may_record_contact: bool = False


def tab_page(work: Work, case_id: UUID) -> InterventionsPage:
    """The page as this reader has it."""
    page = views.page(work, case_id)
    here = f"/cases/{case_id}/interventions"
    return InterventionsPage(
        **dict(page),
        brief_cards=tuple(_brief(work, brief, page.sessions, here) for brief in page.briefs if brief.status),
        referral_cards=tuple(_referral(work, referral, here) for referral in page.referrals if referral.status),
        may_record_contact=work.actor.role in actions.SUBSTANCE_TEAM and not page.contacts,
    )


def _brief(work: Work, brief: BriefShown, sessions: list[SessionShown], here: str) -> Card:
    address = f"{here}/{brief.id}"
    moves = _moves(work, steps.briefs, access.find(work, BriefIntervention, brief.id), address)
    given = brief.status in (BriefStatus.GIVEN, BriefStatus.FOLLOWED_UP)
    if given and work.actor.role in steps.DELIVERERS:
        moves = (*moves, ("Record an extended session", f"{address}/sessions"))
    return Card(f"Brief intervention: {_side(brief)}", _filled(*_brief_lines(brief, sessions)), moves)


def _brief_lines(brief: BriefShown, sessions: list[SessionShown]) -> list[tuple[str, str]]:
    held = [session for session in sessions if session.intervention_id == brief.id]
    return [
        ("Status", brief.status.label if brief.status else ""),
        ("Extended sessions", _sessions(held) or ("To follow" if brief.extended else "")),
        ("Given on", words.day(brief.given_on)),
        ("Minutes", str(brief.minutes or "")),
        ("Covered", words.listed([Frames(code).label.partition(":")[0] for code in brief.elements or []])),
        ("Readiness", "" if brief.readiness is None else f"{brief.readiness} out of 10"),
        ("Goal, in their words", brief.goal or ""),
        ("Leaflet", "Given" if brief.leaflet else ""),
        ("Follow up on", words.day(brief.follow_up_on)),
        ("Followed up", words.day(brief.followed_up_on)),
        ("How it has gone", brief.follow_up_note or ""),
        ("What they said", brief.declined_because or ""),
    ]


def _sessions(held: list[SessionShown]) -> str:
    return words.listed([f"{words.day(it.on)} ({it.minutes} minutes)" for it in reversed(held)])


def _referral(work: Work, referral: ReferralShown, here: str) -> Card:
    row = access.find(work, SpecialistReferral, referral.id)
    lines = (
        ("Status", referral.status.label if referral.status else ""),
        ("How soon", "Today: there is a risk of withdrawal" if referral.today else ""),
        ("Service", referral.to_service or ""),
        ("Referred", words.instant(referral.referred_at)),
        ("Accepted", words.day(referral.accepted_on)),
        ("Assessment", words.day(referral.appointment_on)),
        ("Seen", words.day(referral.seen_on)),
        ("Seen by", referral.seen_by or ""),
        ("Outcome", referral.assessed.label if referral.assessed else ""),
        ("For healthcare", referral.note or ""),
        ("Declined by", referral.declined_by.label if referral.declined_by else ""),
        ("Why", referral.declined_because or ""),
    )
    moves = _moves(work, steps.referrals, row, f"{here}/referrals/{referral.id}")
    return Card(f"Specialist referral: {_side(referral)}", _filled(*lines), moves)


def _moves(work: Work, machine: Machine[Any], row: Any, address: str) -> tuple[tuple[str, str], ...]:
    """The steps this reader may press, each with its form's address; a step without one belongs to the service."""
    may = machine.open_to(row, work.actor.role)
    return tuple((step.label, f"{address}/{PATHS[step.name]}") for step in may if step.name in PATHS)


def _side(shown: BriefShown | ReferralShown) -> str:
    return words.lower_first(shown.side.label) if shown.side else ""


def _filled(*lines: tuple[str, str]) -> tuple[Row, ...]:
    return tuple(Row(key, value) for key, value in lines if value)
