"""The plan of one person's check-ins, with the next twelve weeks as a calendar before it is saved and after."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from throughcare.checkin import actions, outlook, own_days, steps, views
from throughcare.checkin.forms import AgreePlan
from throughcare.checkin.outlook import Outlook, Proposed
from throughcare.checkin.plans import CheckinPlans
from throughcare.checkin.service import OneWay
from throughcare.kernel.actors import acts_among
from throughcare.kernel.forms import Ask, Choice, Form, OptionalLine
from throughcare.kernel.refusals import LookFirst
from throughcare.kernel.work import Work
from throughcare.web import words
from throughcare.web.acts import Act, Done, Look, Opening
from throughcare.web.pages.checkins import CASE, HERE
from throughcare.web.shown_checkins import usual_time, wall
from throughcare.web.visit import Ids

NOON = 12


class OutlookPage(Outlook):
    """The same, with what is said around the calendar."""

    case_id: UUID
    may_change: bool = False
    one_way: bool = False

    @property
    def told(self) -> list[str]:
        """What to know of these weeks, a sentence each."""
        if "weeks" in self.withheld:
            return ["When they are texted is not shared with you."]
        counted = words.plural(self.asked, "check-in")
        more = f", {self.more} more than the usual plan" if self.more else ""
        said = [f"{counted} in these 12 weeks{more}." if self.release_on else ""]
        if self.release_on and self.supposed:
            said.append(f"It supposes release on {words.day(self.release_on)}, which is planned and not recorded.")
        if not self.release_on:
            said.append("The day of release is not known, so there is no calendar yet. Days are counted from it.")
        if self.one_way:
            said.append("Nobody can answer the texts of this service: each check-in becomes a call.")
        elif self.no_safe_time:
            said.append("There is no time at which a text is safe: each check-in becomes a call.")
        return [each for each in [*said, self._pause()] if each]

    def _pause(self) -> str:
        if not self.paused:
            return ""
        if self.paused == "open":
            return "The check-ins are paused: nothing is asked until somebody resumes them."
        return "The check-ins are paused: the calendar begins when the pause ends."


class CalendarQuery(Form):
    """A plan that might be; without a code it is the one they have."""

    code: Annotated[OptionalLine, Ask("Plan")] = ""
    days: Annotated[OptionalLine, Ask("Days")] = ""
    hour: Annotated[OptionalLine, Ask("Hour")] = ""


def shown(work: Work, case_id: UUID, wanted: Proposed | None = None) -> OutlookPage:
    told = outlook.outlook(work, case_id, wanted)
    one_way = work.reference[OneWay].on
    may_change = acts_among(work.actor, steps.STAFF) and not one_way
    return OutlookPage(**dict(told), case_id=case_id, may_change=may_change, one_way=one_way)


def calendar(work: Work, ids: Ids, asked: CalendarQuery) -> OutlookPage:
    views.refuse_unless_a_reader(work, ids["case_id"])
    form = asked or CalendarQuery()
    if form.code not in work.reference[CheckinPlans].plans:
        return shown(work, ids["case_id"])
    try:
        days = own_days.written(own_days.days_in(form.days))
    except ValueError:
        days = ""
    hour = int(form.hour) if form.hour in {str(each) for each in work.reference[CheckinPlans].window.hours} else None
    return shown(work, ids["case_id"], Proposed(form.code, days, hour))


def opens(work: Work, ids: Ids) -> Opening:
    actions.may_plan(work, ids["case_id"])
    plans, plan = work.reference[CheckinPlans], views.latest_plan(work, ids["case_id"])
    values: dict[str, list[str]] = {}
    if plan:
        values = {
            "code": [plan.code],
            "days": [plan.days],
            "hour": [str(plan.hour or "")],
            "language": [str(plan.language)],
        }
    return Opening(
        values=values,
        choices={"plans": choices(plans), "hours": hours(plans)},
        intro="Check-ins start on the day the release is recorded. Each asks one question: how things are, from 1 to 5.",
        shown=shown(work, ids["case_id"]),
    )


def choices(plans: CheckinPlans) -> Sequence[Choice]:
    """Every plan with its days."""
    return tuple(Choice(each.code, each.label, f"Days {own_days.written(each.days)}") for each in plans.plans.values())


def hours(plans: CheckinPlans) -> Sequence[Choice]:
    window = plans.window
    return (Choice("", usual_time(window)), *(Choice(str(hour), wall(f"{hour:02}:00")) for hour in window.hours))


def look(work: Work, ids: Ids, form: AgreePlan) -> None:
    """What this plan comes to; nothing is saved."""
    raise LookFirst(shown(work, ids["case_id"], actions.propose(work, ids["case_id"], form)))


def save(work: Work, ids: Ids, form: AgreePlan) -> Done:
    actions.agree(work, ids["case_id"], form)
    return Done()


ROUTES = (
    Look(
        f"{CASE}/calendar", "The next 12 weeks", "checkins/calendar.html", calendar, OutlookPage, query=CalendarQuery,
        tab="Check-ins",
    ),
    Act(
        f"{CASE}/plan", "Check-in plan", "Save plan", AgreePlan, opens, save, HERE, said="Plan saved", tab="Check-ins",
        template="checkins/plan.html",
    ),
    Act(
        f"{CASE}/plan/look", "Check-in plan", "Save plan", AgreePlan, opens, look, HERE, answers=OutlookPage,
        tab="Check-ins", template="checkins/plan.html",
    ),
)  # fmt: skip
