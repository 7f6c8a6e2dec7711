"""The release dates of a stay: recorded, suggested by the law's rule, confirmed by the prison, each change kept with its source."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from throughcare.casework import access, events
from throughcare.casework.forms_custody import Confirmation, Sentence
from throughcare.casework.moving import alert, what_moved
from throughcare.casework.people import Case
from throughcare.casework.release_day import KEEPERS, planned_on, reasons_for, suggestion_for, take_stay
from throughcare.casework.rows import CustodyEpisode, DateChange
from throughcare.casework.views import Tells, View
from throughcare.casework.views_people import Moved
from throughcare.kernel.actors import Role
from throughcare.kernel.categories import Category
from throughcare.kernel.refusals import Invalid, refuse_if
from throughcare.kernel.work import Work

RULES = "The release-day rules"
DECIDES = ("custody_status", "sentence_type", "release_type", "days_served_by_release")


class Dates(View):
    """The dates as they now stand, why the suggested one is what it is, and what the last change moved."""

    id: UUID | None = None
    sentence_release_date: date | None = None
    suggested_release_date: date | None = None
    confirmed_release_date: date | None = None
    reasons: Annotated[tuple[str, ...], Tells(Category.CUSTODY)] = ()
    moved: Annotated[tuple[Moved, ...], Tells(Category.PLAN)] = ()


def record_sentence(work: Work, case_id: UUID, form: Sentence) -> Dates:
    """What the sentence says, and the day the rules then suggest. A confirmed date stands until the prison changes it."""
    case, stay = take_stay(work, case_id)
    old, given = planned_on(stay), form.sentence_release_date
    early = given is not None and given < stay.received_on
    refuse_if(early, Invalid("The release date must not be before reception", beside="sentence_release_date"))
    for name in DECIDES:
        setattr(stay, name, getattr(form, name))
    _change(work, stay, "sentence_release_date", given, form.source)
    return suggest_again(work, case, stay, old)


def confirm(work: Work, case_id: UUID, form: Confirmation, by: frozenset[Role] = KEEPERS) -> Dates:
    """The day the prison has set: everything that counts from the release counts from it."""
    case, stay = take_stay(work, case_id, by)
    day, field = form.confirmed_release_date, "confirmed_release_date"
    refuse_if(day < stay.received_on, Invalid("The release date must not be before reception", beside=field))
    passed = "The date has passed: record the release if they have gone, or enter the new date"
    refuse_if(day < work.today, Invalid(passed, beside=field))
    old = planned_on(stay)
    _change(work, stay, field, day, form.source)
    return _settle(work, case, stay, old, events.ReleaseDateConfirmed)


def unconfirm(work: Work, case_id: UUID, source: str, by: frozenset[Role] = KEEPERS) -> Dates:
    """The confirmed day no longer holds and no other is known: back to the day suggested, or the sentence's own."""
    case, stay = take_stay(work, case_id, by)
    old = planned_on(stay)
    _change(work, stay, "confirmed_release_date", None, source)
    return _settle(work, case, stay, old, events.ReleaseDateUnconfirmed)


def suggest_again(work: Work, case: Case, stay: CustodyEpisode, old: date | None) -> Dates:
    """Work the suggested day out again from what is recorded; `old` is the day that was planned on."""
    suggestion = suggestion_for(work, case, stay, today=work.today)
    _change(work, stay, "suggested_release_date", suggestion.day, RULES)
    return _settle(work, case, stay, old, events.ReleaseDateSet)


def _change(work: Work, stay: CustodyEpisode, field: str, new: date | None, source: str) -> None:
    """Set one date and keep what it was, where it came from and who wrote it. The same date again is no change."""
    old = getattr(stay, field)
    if old == new:
        return
    setattr(stay, field, new)
    work.session.add(stay)
    work.add(
        DateChange(
            case_id=stay.case_id, episode_id=stay.id, field=field, old=old, new=new, source=source, by=work.actor.id
        )
    )


def _settle(
    work: Work,
    case: Case,
    stay: CustodyEpisode,
    old: date | None,
    kind: type[events.ReleaseDateSet | events.ReleaseDateConfirmed | events.ReleaseDateUnconfirmed],
) -> Dates:
    """Put the case on the day to plan on, say so, and let what hangs on it move."""
    case.release_on = planned_on(stay)
    work.session.add_all([case, stay])
    work.session.flush()
    work.record(kind(subject_id=stay.id, case_id=case.id, old=old, new=case.release_on))
    alert(work, case, stay, old)
    moved = what_moved(work, case, work.now)
    return access.show(work, stay, Dates, reasons=reasons_for(work, case, stay), moved=moved)
