"""Who is on call: the rota of the reader's agency, its gaps, and for its manager the planning of it."""

from __future__ import annotations

from datetime import timedelta

from throughcare.checkin import rota
from throughcare.checkin.forms_on_call import PlanTurn, TakeOff
from throughcare.checkin.ladders import Span
from throughcare.checkin.on_call import Stretch, stretches
from throughcare.checkin.rota import Rota
from throughcare.kernel.clock import london_day
from throughcare.kernel.forms import Choice
from throughcare.kernel.work import Work
from throughcare.web import words
from throughcare.web.acts import Act, Look, Opening
from throughcare.web.parts import Row
from throughcare.web.visit import Ids

MOMENT = timedelta(seconds=1)  # what ends at midnight ends on the day before


class RotaPage(Rota):
    """The same, as people say it."""

    @property
    def said(self) -> list[Row]:
        """What stands at the top: who, now."""
        return [Row("On call now", words.listed(list(dict.fromkeys(self.on_call))) or "Nobody")]

    @property
    def stretches(self) -> list[str]:
        """When nobody is on call, the same hours of several days in one line."""
        return [spoken(each) for each in stretches([Span(gap.from_at, gap.until_at) for gap in self.gaps])]


def spoken(stretch: Stretch) -> str:
    """23 November to 6 December 2026, 9am to 8pm each day."""
    start, end = stretch.start, stretch.end
    ends = words.clock(end)
    if london_day(end - MOMENT) != london_day(start):
        if not stretch.daily:
            return f"{words.instant(start)} to {words.instant(end)}"
        ends = f"{ends} the next day"
    each = " each day" if stretch.daily else ""
    return f"{words.days(start, stretch.last)}, {words.clock(start)} to {ends}{each}"


def opens_planning(work: Work, _: Ids) -> Opening:
    workers = tuple(
        Choice(str(one.worker_id), f"{one.name} ({words.calls(one.calls, too_many=one.too_many)})")
        for one in rota.colleagues(work, rota.may_plan(work))
    )
    return Opening(values={"place": ["1"], "weeks": ["1"]}, choices={"workers": workers})


def opens_taking_off(work: Work, ids: Ids) -> Opening:
    row = rota.turn_of(work, ids["turn_id"])
    return Opening(intro=f"From {words.instant(row.from_at)} until {words.instant(row.until_at)}.", version=row.version)


ROUTES = (
    Look("/rota", "Who is on call", "checkins/rota.html", lambda work, _, __: RotaPage(**dict(rota.rota(work))), Rota,
         section="Check-ins"),
    Act("/rota/plan", "Put somebody on call", "Put on call", PlanTurn, opens_planning,
        lambda work, _, form: rota.plan(work, form), "/rota", said="The rota is saved.", section="Check-ins"),
    Act("/rota/{turn_id:uuid}/take-off", "Take this turn off the rota", "Take off", TakeOff, opens_taking_off,
        lambda work, ids, _: rota.take_off(work, ids["turn_id"]), "/rota", said="The turn is off the rota.",
        section="Check-ins", warns=True),
)  # fmt: skip
