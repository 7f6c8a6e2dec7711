"""What may be told of check-ins: the plan, the thread, and for probation three facts and no more (R48)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from sqlmodel import col, select

from throughcare.casework import access, reach
from throughcare.casework.contact import current_number
from throughcare.casework.people import Language
from throughcare.casework.reach import Reach
from throughcare.checkin import climbing, optouts, outages, planning, steps, taking, thread
from throughcare.checkin.eligibility import may_text
from throughcare.checkin.ladders import outcome
from throughcare.checkin.plans import CheckinPlans
from throughcare.checkin.replies import Kind
from throughcare.checkin.rows import CheckinChoice, CheckinPlan, CheckinPrompt, Choice, PlanStatus, TextReceived
from throughcare.checkin.service import OneWay
from throughcare.checkin.taking import AlarmShown
from throughcare.checkin.thread import HeardShown, SentShown
from throughcare.disclosure.policy import Seat, seat_of
from throughcare.disclosure.reading import Tells, View
from throughcare.kernel.actors import Role, acts_among
from throughcare.kernel.categories import Category
from throughcare.kernel.delivery import Purpose
from throughcare.kernel.outbox import OutboxRow
from throughcare.kernel.refusals import NotPermitted, refuse_if
from throughcare.kernel.work import Work

LATEST = 100  # check-ins told of
AHEAD = 6  # check-ins shown


class PlanShown(View):
    """A plan as it stands."""

    id: UUID
    version: int = 1
    status: PlanStatus
    code: str
    days: str = ""
    hour: int | None = None
    language: Language | None = None
    released_on: date | None = None
    paused_until: date | None = None
    paused_because: str = ""
    ended_because: str = ""


class ChoiceShown(View):
    """What they chose for themselves by text, and what was before."""

    id: UUID
    what: Choice
    was: str | None = None
    became: str | None = None
    at: datetime

    @property
    def said(self) -> str:
        """In words: The hour of the texts: 14:00 (was the usual time)."""
        if self.became is None:
            return self.what.label
        return f"{self.what.label}: {self._put(self.became)}" + (f" (was {self._put(self.was)})" if self.was else "")

    def _put(self, value: str | None) -> str:
        if self.what is Choice.HOUR:
            return f"{value}:00"
        if self.what is Choice.LANGUAGE and value:
            return Language(value).label
        return f"until {value}"


class PromptShown(View):
    """One check-in, and what became of it."""

    id: UUID
    day: int
    on: date
    said: Annotated[str, Tells(Category.RECORD)] = ""
    answered: Annotated[bool, Tells(Category.RECORD)] = False
    score: int | None = None


class Checkins(BaseModel):
    """The whole page of one person's check-ins."""

    model_config = ConfigDict(frozen=True, defer_build=True)
    plan: PlanShown | None = None
    plan_label: str = ""
    moves: tuple[str, ...] = ()
    may_work: bool = False
    may_plan: bool = False
    may_stop: bool = False  # there is a number, and they have not said that they want no texts
    cannot_text: str = ""
    proven: bool = False
    has_code_word: bool = False
    ahead: tuple[datetime, ...] = ()
    asked: tuple[PromptShown, ...] = ()
    sent: tuple[SentShown, ...] = ()
    heard: tuple[HeardShown, ...] = ()
    older: str = ""  # where the texts before these begin
    unread: tuple[HeardShown, ...] = ()  # by a worker, whatever page they are on; the longest wait first
    chosen: tuple[ChoiceShown, ...] = ()
    down_since: datetime | None = None
    alarms: tuple[AlarmShown, ...] = ()  # what cannot wait, for whoever works with them
    reach: Reach | None = None  # how to ring them, for whoever works with them


def checkins(work: Work, case_id: UUID, before: str = "") -> Checkins:
    """The plan, what is coming, and everything that was said. Probation is told facts elsewhere, and not this."""
    refuse_unless_a_reader(work, case_id)
    plan = latest_plan(work, case_id)
    _, why = may_text(work, case_id, Purpose.REPLY)
    number, works = current_number(work, case_id), acts_among(work.actor, steps.STAFF)
    plans = work.reference[CheckinPlans]
    return Checkins(
        plan=access.show(work, plan, PlanShown) if plan else None,
        plan_label=plans.plans[plan.code].label if plan else "",
        moves=tuple(step.name for step in steps.PLAN.open_to(plan, work.actor.role)) if plan else (),
        may_work=works,
        may_stop=works and number is not None and not optouts.opted_out(work, case_id, number.number),
        may_plan=works and not work.reference[OneWay].on,
        cannot_text=why.label if why else "",
        proven=bool(number and number.proven_at),
        has_code_word=bool(number and number.code_word),
        ahead=_ahead(work, plan),
        asked=_asked(work, case_id),
        **thread.page(work, case_id, before),
        unread=thread.unread(work, case_id),
        chosen=tuple(access.show_all(work, _chosen(work, case_id), ChoiceShown)),
        down_since=outages.down_now(work),
        alarms=taking.open_of(work, case_id) if works else (),
        reach=reach.show(work, case_id) if works else None,
    )


def refuse_unless_a_reader(work: Work, case_id: UUID) -> None:
    """Refuses whoever has no page of check-ins. NotFound where there is no standing."""
    access.find_case(work, case_id)
    refuse_if(work.actor.role is Role.HEALTHCARE or seat_of(work.actor) is Seat.PROBATION, NotPermitted)


def _ahead(work: Work, plan: CheckinPlan | None) -> tuple[datetime, ...]:
    if plan is None or plan.status not in {PlanStatus.ACTIVE, PlanStatus.PAUSED}:
        return ()
    return tuple(slot.not_before for slot in planning.upcoming(work, plan).checkins[:AHEAD])


def latest_plan(work: Work, case_id: UUID) -> CheckinPlan | None:
    """The open plan, or the last one."""
    every = select(CheckinPlan).where(CheckinPlan.case_id == case_id)
    return work.session.exec(every.order_by(col(CheckinPlan.created_at).desc())).first()


def _chosen(work: Work, case_id: UUID) -> list[CheckinChoice]:
    every = select(CheckinChoice).where(CheckinChoice.case_id == case_id)
    return list(work.session.exec(every.order_by(col(CheckinChoice.at).desc(), col(CheckinChoice.what)).limit(AHEAD)))


def _asked(work: Work, case_id: UUID) -> tuple[PromptShown, ...]:
    rows = [(prompt, message) for prompt, message in _prompts(work, case_id) if not planning.is_proof(prompt)]
    plans, rings = work.reference[CheckinPlans], _rung(work, case_id)
    more = {}
    for prompt, message in rows:
        said = outcome(climbing.asked_of(work, prompt, message), work.now, plans).label
        how = ": rang in" if prompt.answered_at and prompt.answered_at == rings.get(prompt.id) else ""
        more[prompt.id] = {"said": _instead(prompt) or f"{said}{how}", "answered": prompt.answered_at is not None}
    return tuple(access.show_all(work, [prompt for prompt, _ in rows], PromptShown, more))


def _rung(work: Work, case_id: UUID) -> dict[UUID | None, datetime]:
    """When they rang in about a check-in: the first ring after each."""
    rings = select(TextReceived.prompt_id, TextReceived.received_at).where(
        TextReceived.case_id == case_id, TextReceived.kind == Kind.RANG
    )
    return dict(reversed(work.session.exec(rings.order_by(col(TextReceived.received_at))).all()))


def _instead(prompt: CheckinPrompt) -> str:
    if not prompt.instead or prompt.contact_at or prompt.answered_at:
        return ""
    return "Missed while the service was down" if prompt.instead == planning.LATE else "To be asked by a call"


def _prompts(work: Work, case_id: UUID) -> Iterable[tuple[CheckinPrompt, OutboxRow | None]]:
    every = (
        select(CheckinPrompt, OutboxRow)
        .join(OutboxRow, col(OutboxRow.id) == col(CheckinPrompt.message_id), isouter=True)
        .where(CheckinPrompt.case_id == case_id)
        .order_by(col(CheckinPrompt.not_before).desc())
        .limit(LATEST)
    )
    return work.session.exec(every).all()
