"""What hangs on the release date: what moves with it, what it leaves behind, and who is told at once."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from sqlmodel import col, select

from throughcare.casework import access, events, tasks
from throughcare.casework.agencies import Agency
from throughcare.casework.clock_rules import ServiceClocks
from throughcare.casework.people import Case
from throughcare.casework.rows import Appointment, AppointmentStatus, CustodyEpisode, LeftFor, ServiceClock
from throughcare.casework.tasks import About, For, errand
from throughcare.casework.views import Tells, View
from throughcare.casework.views_people import Moved
from throughcare.casework.whose import everyone_responsible, owner_of
from throughcare.kernel.actors import AgencyKind
from throughcare.kernel.categories import Category
from throughcare.kernel.clock import end_of, london_day
from throughcare.kernel.work import Work

BEFORE_RELEASE = "pre_release_meeting"  # the one kind of appointment that community agencies keep before release

RELEASED_TODAY = errand(
    Category.RECORD,
    "release_moved_to_today",
    "The release has moved to today: get ready now",
    "/cases/{case_id}/custody",
    closed_by={"custody.released"},
)
RELEASED_EARLY = errand(
    Category.RECORD,
    "released_early",
    "They left prison before the planned day: tell whoever expects them and see that tonight is safe",
    "/cases/{case_id}/plan",
    closed_by={"custody.recalled"},
    by_hand=True,
)
REBOOK = errand(
    Category.PLAN,
    "appointment_before_release",
    "An appointment now falls before the release: move it",
    "/cases/{case_id}/plan",
    closed_by={"appointment.moved"},
)


class Stranded(View):
    """An appointment that falls before the release, as far as the reader may know it."""

    at: datetime | None = None
    agency: Annotated[str, Tells(Category.ATTENDANCE)] = ""


def alert(work: Work, case: Case, stay: CustodyEpisode, old: date | None) -> None:
    """Tasks that a change of date calls for: everything now when it is today; each appointment it strands."""
    if case.release_on != work.today:
        tasks.cancel(work, subject_id=stay.id, kinds={RELEASED_TODAY.kind}, why="date_changed")
    if case.release_on == work.today and (old is None or old > work.today):
        work.record(events.BroughtForwardToToday(subject_id=stay.id, case_id=case.id))
        about = About(case.id, stay.id, key=f"{stay.id}:{work.now.isoformat()}")
        for whose in told_of_release(case, stay):
            tasks.give(work, RELEASED_TODAY, whose, about, end_of(work.today), urgent=True)
    for appointment in stranded(work, case):
        key = f"{appointment.id}:{case.release_on}"
        tasks.give(work, REBOOK, owner_of(case), About(case.id, appointment.id, key), end_of(work.today))


def left_early(work: Work, case: Case, stay: CustodyEpisode, planned: date | None) -> None:
    """They have left into the community ahead of the planned day: urgent work for all responsible."""
    if stay.left_for is not LeftFor.COMMUNITY or stay.released_at is None or planned is None:
        return
    if london_day(stay.released_at) < planned:
        for whose in told_of_release(case, stay):
            tasks.give(work, RELEASED_EARLY, whose, About(case.id, stay.id), end_of(work.today), urgent=True)


def told_of_release(case: Case, stay: CustodyEpisode) -> list[For]:
    """The owner, whoever shares responsibility, and the throughcare officer: each once."""
    told = everyone_responsible(case)
    if case.officer_id and case.officer_id not in {whose.worker_id for whose in told}:
        told.append(For(stay.prison_id, worker_id=case.officer_id))
    return told


def what_moved(work: Work, case: Case, at: datetime) -> tuple[Moved, ...]:
    """What a change of date at this instant moved: clocks issued again, and appointments left before the release."""
    query = select(ServiceClock).where(ServiceClock.case_id == case.id, ServiceClock.created_at == at)
    made = {clock.id: clock for clock in work.session.exec(query)}
    older = work.session.exec(select(ServiceClock).where(col(ServiceClock.reissued_as).in_(made))).all()
    replaced = {old.reissued_as: old for old in older if old.id not in made}
    names = {rule.code: rule.name for rule in work.reference[ServiceClocks].hanging_on("release")}
    lasting = [clock for clock in made.values() if clock.code in names and clock.reissued_as not in made]
    clocks = [
        Moved(
            what=names[clock.code],
            was=london_day(replaced[clock.id].due_at) if clock.id in replaced else None,
            now=london_day(clock.due_at),
        )
        for clock in sorted(lasting, key=lambda clock: (clock.due_at, clock.code))
    ]
    return (*clocks, *_left_behind(work, case))


def _left_behind(work: Work, case: Case) -> list[Moved]:
    rows = stranded(work, case)
    if not rows:
        return []
    names = {
        row.id: row.name
        for row in work.session.execute(
            select(Agency.id, col(Agency.name)).where(col(Agency.id).in_({row.agency_id for row in rows}))
        )
    }
    told = access.show_all(work, rows, Stranded, {row.id: {"agency": names[row.agency_id]} for row in rows})
    return [
        Moved(
            what=f"Appointment with {one.agency}, now before the release"
            if one.agency
            else "An appointment, now before the release",
            was=london_day(one.at) if one.at else None,
        )
        for one in told
    ]


def stranded(work: Work, case: Case) -> list[Appointment]:
    """Appointments in the community, still booked, that fall before the day of release."""
    if case.release_on is None:
        return []
    query = (
        select(Appointment)
        .join(Agency, col(Agency.id) == col(Appointment.agency_id))
        .where(
            Appointment.case_id == case.id,
            Appointment.status == AppointmentStatus.BOOKED,
            Appointment.kind != BEFORE_RELEASE,
            Appointment.at > work.now,
            Agency.kind != AgencyKind.PRISON,
        )
    )
    rows = work.session.exec(query.order_by(col(Appointment.at)))
    return [row for row in rows if london_day(row.at) < case.release_on]
