"""What a plan comes to for one person: the next twelve weeks as a calendar, before it is saved and after (R39)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Annotated, NamedTuple
from uuid import UUID

from pydantic import Field
from sqlmodel import col, select

from throughcare.casework import access
from throughcare.casework.calendars import Calendars
from throughcare.casework.people import Case, Language, SafeContact
from throughcare.casework.views import Tells, View
from throughcare.checkin import own_days
from throughcare.checkin.grounds import hours_of
from throughcare.checkin.plans import CheckinPlans, Plan
from throughcare.checkin.rows import CheckinPlan, PlanStatus
from throughcare.checkin.schedule import Hours, NoSafeTime, Slot, slots
from throughcare.checkin.weeks import WEEK, WEEKS, Week, monday_of, weeks
from throughcare.kernel.categories import Category
from throughcare.kernel.work import Work

USUAL = "standard"


class Proposed(NamedTuple):
    """A plan that is or might be: its code, the days of this person's own as kept, the hour they chose, the language."""

    code: str
    days: str = ""
    hour: int | None = None
    language: Language = Language.ENGLISH


class Outlook(View):
    """Twelve weeks of a plan. Without a day of release there is no calendar, and the days are counted from it.

    `more` is how many check-ins there are in these weeks beyond those of the usual plan.
    """

    plan_label: Annotated[str, Tells(Category.RECORD)] = ""
    own: Annotated[bool, Tells(Category.RECORD)] = False
    days: Annotated[str, Tells(Category.RECORD)] = ""
    release_on: Annotated[date | None, Tells(Category.CUSTODY)] = None
    supposed: Annotated[bool, Tells(Category.RECORD)] = False  # the release is planned, and not recorded
    paused: Annotated[str, Tells(Category.RECORD)] = ""
    hour: Annotated[int | None, Tells(Category.CONTACT)] = None
    language: Annotated[Language | None, Tells(Category.CONTACT)] = None
    no_safe_time: Annotated[bool, Tells(Category.CONTACT)] = False
    asked: Annotated[int, Tells(Category.CONTACT)] = 0
    more: Annotated[int, Tells(Category.CONTACT)] = 0
    weeks: Annotated[tuple[Week, ...], Tells(Category.CONTACT)] = Field(default=())


class _Span(NamedTuple):
    """From which day's start to which day's end, and what is counted from."""

    first: date
    last: date
    released_on: date

    def holds(self, slot: Slot, now: datetime) -> bool:
        return self.first <= slot.on <= self.last and slot.expires_at > now


def outlook(work: Work, case_id: UUID, proposed: Proposed | None = None) -> Outlook:
    """The weeks of this plan for this person; of the plan they have when none is proposed. NotFound without standing."""
    case = access.find_case(work, case_id)
    plan = _plan(work, case_id)
    wanted = proposed or _standing(plan)
    released = _released(work, case, plan)
    told = _calendar(work, case, plan, wanted, released) if released else {}
    chosen = work.reference[CheckinPlans].plan_of(wanted.code, wanted.days)
    more = {
        "plan_label": chosen.label,
        "own": bool(wanted.days),
        "days": own_days.written(chosen.days),
        "release_on": released,
        "supposed": not (plan and plan.released_on),
        "paused": _paused(plan),
        "hour": wanted.hour,
        "language": wanted.language,
        "no_safe_time": False,
        "asked": 0,
        "more": 0,
        "weeks": (),
    } | told
    return access.show(work, access.person_of(work, case_id), Outlook, **more)


def _plan(work: Work, case_id: UUID) -> CheckinPlan | None:
    live = select(CheckinPlan).where(CheckinPlan.case_id == case_id, CheckinPlan.status != PlanStatus.ENDED)
    return work.session.exec(live).first()


def _standing(plan: CheckinPlan | None) -> Proposed:
    return Proposed(plan.code, plan.days, plan.hour, plan.language) if plan else Proposed(USUAL)


def _released(work: Work, case: Case, plan: CheckinPlan | None) -> date | None:
    """The recorded day; else the planned one, for those who may know it."""
    if plan and plan.released_on:
        return plan.released_on
    return case.release_on if access.told(work, case.id, Category.CUSTODY) else None


def _paused(plan: CheckinPlan | None) -> str:
    if plan is None or plan.status is not PlanStatus.PAUSED:
        return ""
    return plan.paused_until.isoformat() if plan.paused_until else "open"


def _calendar(work: Work, case: Case, plan: CheckinPlan | None, wanted: Proposed, released: date) -> dict[str, object]:
    """The check-ins of these weeks. Where no time is safe each is a call, at the time its text would have gone."""
    first = monday_of(max(work.today, released))
    span = _Span(first, first + WEEKS * WEEK, released)
    plans = work.reference[CheckinPlans]
    hours = _hours(work, case.id, wanted)
    asked = _asked(work, case, plans.plan_of(wanted.code, wanted.days), span, hours)
    usual = _asked(work, case, plans.plan_of(USUAL), span, hours)
    if plan and plan.status is PlanStatus.PAUSED:
        asked = [slot for slot in asked if plan.paused_until and slot.on >= plan.paused_until]
    by_day = {slot.on: slot.not_before for slot in asked}
    return {
        "no_safe_time": hours is None,
        "asked": len(by_day),
        "more": max(0, len(by_day) - len(usual)),
        "weeks": weeks(first, by_day, _marks(work, case, released), released),
    }


def _asked(work: Work, case: Case, plan: Plan, span: _Span, hours: Hours | None) -> list[Slot]:
    window, key = work.reference[CheckinPlans].window, str(case.id)
    try:
        found: Iterable[Slot] = slots(span.released_on, plan, window, key=key, hours=hours or Hours())
    except NoSafeTime:
        found = slots(span.released_on, plan, window, key=key)
    return [slot for slot in found if span.holds(slot, work.now)]


def _hours(work: Work, case_id: UUID, wanted: Proposed) -> Hours | None:
    live = select(SafeContact).where(SafeContact.case_id == case_id, col(SafeContact.replaced_at).is_(None))
    safe = work.session.exec(live).first()
    hours = hours_of(safe, wanted.hour)
    return Hours(wanted.hour, hours.safe_from, hours.safe_to) if hours else None


def _marks(work: Work, case: Case, released: date) -> Mapping[date, list[str]]:
    marks: dict[date, list[str]] = defaultdict(list)
    marks[released].append("Release day")
    marks[work.today].append("Today")
    for file in work.reference[Calendars].reviewed:
        if file.code == case.jurisdiction:
            for day, name in file.days.items():
                marks[day].append(f"Bank holiday: {name}")
    return marks
