"""Service clocks kept running: every event is read against the clock file, and starts, stops, pauses or moves what it names."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, time
from uuid import UUID

from sqlmodel import col, select

from throughcare.casework.agencies import Agency
from throughcare.casework.calendars import Calendars
from throughcare.casework.clock_rules import ClockRule, ServiceClocks
from throughcare.casework.deadlines import DayNotKnown, Pause, due_at, extended
from throughcare.casework.people import Case
from throughcare.casework.rows import ClockState, CustodyEpisode, ServiceClock
from throughcare.casework.tasks import reaching
from throughcare.casework.whose import whose_turn
from throughcare.kernel.audit import AuditRow, Event
from throughcare.kernel.clock import Calendar, at, end_of, london_day
from throughcare.kernel.work import Work

Change = Callable[[Work, ServiceClock, ClockRule, Event], None]
LIVE = (ClockState.RUNNING, ClockState.PAUSED)
MOVED = frozenset({
    "custody.release_date_set", "custody.release_date_confirmed", "custody.release_date_unconfirmed", "custody.released",
})  # fmt: skip


def keep_clocks(work: Work, event: Event) -> None:
    """The reaction to every event about a case: what it meets stops first, then what it starts starts."""
    book = work.reference[ServiceClocks]
    if event.case_id is None or event.name not in book.moved_by | MOVED:
        return
    case = work.session.get_one(Case, event.case_id)
    _change(work, book, event)
    for rule in book.started_by(event.name, case.jurisdiction, work.today):
        if rule.due.counts_from != "release":
            start(work, case, rule, event)
    move_with_release(work, case, {event.name})


def start(work: Work, case: Case, rule: ClockRule, event: Event) -> ServiceClock | None:
    """Start a clock, or re-issue the one running; None when the day it counts from is not known yet."""
    whose = reaching(work, whose_turn(work, case, rule.owner_role, event))
    due = _due(work, case, rule, event, whose.agency_id)
    if due is None:
        return None
    clock = work.add(
        ServiceClock(
            case_id=case.id,
            code=rule.code,
            subject_id=event.subject_id,
            agency_id=whose.agency_id,
            worker_id=whose.worker_id,
            role=whose.role,
            jurisdiction=case.jurisdiction,
            started_on=event.on or work.today,
            due_at=due,
        )
    )
    for old in running(work, case.id, {rule.code}, event.subject_id if rule.per == "subject" else None):
        if old.id != clock.id:
            old.state, old.reissued_as, old.stopped_at = ClockState.REISSUED, clock.id, work.now
            work.session.add(old)
    return clock


def _due(work: Work, case: Case, rule: ClockRule, event: Event, agency_id: UUID) -> datetime | None:
    """When it runs out, in the working days of its owner's jurisdiction; None where the day it hangs on is not known."""
    began, calendar = event.on or work.now, calendar_for(work, agency_id)
    received_on = _received_on(work, case.id) if rule.due.counts_from == "reception" else None
    try:
        return due_at(rule, began, calendar, case.release_on, received_on)
    except DayNotKnown:
        return None


def running(work: Work, case_id: UUID, codes: Iterable[str], subject_id: UUID | None = None) -> list[ServiceClock]:
    """The clocks of these codes that still run for a case, or for one thing in it."""
    query = select(ServiceClock).where(
        ServiceClock.case_id == case_id, col(ServiceClock.code).in_(set(codes)), col(ServiceClock.state).in_(LIVE)
    )
    if subject_id:
        query = query.where(ServiceClock.subject_id == subject_id)
    return list(work.session.exec(query.order_by(col(ServiceClock.created_at))))


def move_with_release(work: Work, case: Case, names: set[str]) -> list[tuple[ServiceClock, ServiceClock | None]]:
    """Issue, or issue again, what counts from the release day: (new, old) pairs. A clock already met stays met.

    Where no day is left to count from, what ran is cancelled and stays on record.
    """
    rules = [rule for rule in work.reference[ServiceClocks].hanging_on("release") if names & {*rule.starts_on, *MOVED}]
    if not rules:
        return []
    moved, told = [], _told(work, case, rules, _received_on(work, case.id))
    live = {clock.code: clock for clock in reversed(running(work, case.id, {rule.code for rule in rules}))}
    for rule in rules:
        trigger = _trigger(rule, told) if rule.holds(case.jurisdiction, work.today) else None
        new = _unless_same(work, case, rule, trigger, live.get(rule.code)) if trigger else None
        if new:
            moved.append((new, live.get(rule.code)))
    return moved


def _unless_same(
    work: Work, case: Case, rule: ClockRule, trigger: AuditRow, old: ServiceClock | None
) -> ServiceClock | None:
    told = date.fromisoformat(trigger.body["on"]) if trigger.body.get("on") else None
    began = Event(subject_id=trigger.subject_id, case_id=case.id, on=told or london_day(trigger.at))
    due = _due(work, case, rule, began, whose_turn(work, case, rule.owner_role, began).agency_id)
    if old is not None and due is None:
        _cancel(work, old, rule, began)
        work.session.add(old)
    late = old is not None and due is not None and due <= old.due_at <= end_of(work.today)  # a late clock stays as late
    if due is None or late or (old is not None and old.due_at == due):
        return None
    return start(work, case, rule, began.model_copy(update={"on": told}))


def _told(work: Work, case: Case, rules: Iterable[ClockRule], received_on: date | None) -> Sequence[AuditRow]:
    """What happened in this stay that starts, meets or cancels one of these, in its order."""
    names = {name for rule in rules for name in (*rule.starts_on, *rule.stops_on, *rule.cancelled_by)}
    since = at(received_on or date.min, time(0))
    query = select(AuditRow).where(AuditRow.case_id == case.id, col(AuditRow.at) >= since)
    found = query.where(col(AuditRow.name).in_(names)).order_by(col(AuditRow.at), col(AuditRow.created_at))
    return work.session.exec(found).all()


def _trigger(rule: ClockRule, told: Sequence[AuditRow]) -> AuditRow | None:
    """The event of this stay that starts the clock: none once it was met, and none that came before it was cancelled."""
    if any(each.name in rule.stops_on for each in told):
        return None
    cancelled = [each.at for each in told if each.name in rule.cancelled_by]
    since = [each for each in told if not cancelled or each.at > cancelled[-1]]
    return next((each for each in since if each.name in rule.starts_on), None)


def calendar_for(work: Work, agency_id: UUID) -> Calendar:
    """The working days of the jurisdiction an agency works in: whoever must act counts their own."""
    return work.reference[Calendars][work.session.get_one(Agency, agency_id).jurisdiction]


def calendar_of(work: Work, case: Case) -> Calendar:
    """The working days of the case's jurisdiction."""
    return work.reference[Calendars][case.jurisdiction]


def _received_on(work: Work, case_id: UUID) -> date | None:
    latest = select(col(CustodyEpisode.received_on)).where(CustodyEpisode.case_id == case_id)
    return work.session.exec(latest.order_by(col(CustodyEpisode.received_on).desc())).first()


def _change(work: Work, book: ServiceClocks, event: Event) -> None:
    """What this event meets, makes pointless, pauses and resumes, of the clocks that run."""
    changes: tuple[tuple[Callable[[str], tuple[ClockRule, ...]], Change], ...] = (
        (book.stopped_by, meet),
        (book.cancelled_by, _cancel),
        (book.paused_by, _pause),
        (book.resumed_by, _resume),
    )
    named = [(rule, change) for rules, change in changes for rule in rules(event.name)]
    if event.case_id is None or not named:
        return
    live = running(work, event.case_id, {rule.code for rule, _ in named})
    for rule, change in named:
        for clock in live:
            if _about(clock, rule, event):
                change(work, clock, rule, event)
                work.session.add(clock)


def _about(clock: ServiceClock, rule: ClockRule, event: Event) -> bool:
    """Whether it still runs, by this rule, for what the event happened to."""
    same = rule.per != "subject" or clock.subject_id == event.subject_id
    return same and clock.code == rule.code and clock.state in LIVE


def meet(work: Work, clock: ServiceClock, rule: ClockRule, event: Event) -> None:
    """Stop a clock: late by when the thing happened, which may be long before it was recorded."""
    told = event.on if rule.judged_by == "happened" and event.on and event.on < work.today else None
    late = _counted_until(work, clock, told) > clock.due_at
    clock.state, clock.stopped_at = (ClockState.STOPPED_LATE if late else ClockState.STOPPED), work.now
    clock.happened_on = told


def _counted_until(work: Work, clock: ServiceClock, told: date | None) -> datetime:
    """The instant it is judged by. A thing told by its day alone counts at the end of it: nothing is in time by chance.

    A paused clock stood still from its pause on; one that had run out before then is late all the same.
    """
    happened = end_of(told) if told else work.now
    return min(happened, clock.paused_at) if clock.paused_at else happened


def _cancel(work: Work, clock: ServiceClock, _: ClockRule, __: Event) -> None:
    clock.state, clock.stopped_at = ClockState.CANCELLED, work.now


def _pause(work: Work, clock: ServiceClock, _: ClockRule, __: Event) -> None:
    clock.state, clock.paused_at = ClockState.PAUSED, work.now


def _resume(work: Work, clock: ServiceClock, rule: ClockRule, _: Event) -> None:
    """Give back the time it stood still; the pause stays on record."""
    if clock.paused_at is None:
        return
    still = Pause(clock.paused_at, work.now)
    clock.due_at = extended(rule, clock.due_at, [still], calendar_for(work, clock.agency_id), work.now)
    clock.pauses = [*clock.pauses, {"from": clock.paused_at.isoformat(), "until": work.now.isoformat()}]
    clock.state, clock.paused_at = ClockState.RUNNING, None
