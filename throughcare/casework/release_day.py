"""The stay that is open, the day to plan its release on, and the day the rules suggest."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlmodel import col, select

from throughcare.casework import access
from throughcare.casework.calendars import Calendars
from throughcare.casework.people import Case
from throughcare.casework.release_dates import ReleaseFacts, Suggestion, suggest
from throughcare.casework.rows import CustodyEpisode
from throughcare.kernel.actors import Role, acts_among
from throughcare.kernel.refusals import NotPermitted, WrongState, refuse_if
from throughcare.kernel.work import Work

KEEPERS = frozenset({Role.OFFICER, Role.TREATMENT, Role.HEALTHCARE, Role.MANAGER})


class NotInCustody(WrongState):
    """This person is not in custody, so there is no release to plan."""

    code = "not_in_custody"


def take_stay(work: Work, case_id: UUID, by: frozenset[Role] = KEEPERS) -> tuple[Case, CustodyEpisode]:
    """The case and its open stay, both locked; NotInCustody where there is none."""
    case = access.take_case(work, case_id)
    refuse_if(not acts_among(work.actor, by), NotPermitted)
    stay = open_stay(work, case_id)
    if stay is None:
        raise NotInCustody
    return case, access.take(work, CustodyEpisode, stay.id)


def open_stay(work: Work, case_id: UUID) -> CustodyEpisode | None:
    """The stay that has not ended: at most one."""
    query = select(CustodyEpisode).where(CustodyEpisode.case_id == case_id, col(CustodyEpisode.ended_at).is_(None))
    return work.session.exec(query).first()


def planned_on(stay: CustodyEpisode) -> date | None:
    """The day to plan on: confirmed, or suggested, or the sentence's own."""
    return stay.confirmed_release_date or stay.suggested_release_date or stay.sentence_release_date


def suggestion_for(work: Work, case: Case, stay: CustodyEpisode, today: date | None = None) -> Suggestion:
    """What the rules of the case's jurisdiction suggest, and why; with `today`, never a day that has passed."""
    facts = ReleaseFacts(
        jurisdiction=case.jurisdiction,
        due=stay.sentence_release_date,
        custody_status=stay.custody_status,
        sentence_type=stay.sentence_type,
        release_type=stay.release_type,
        days_served=stay.days_served_by_release,
        today=today,
    )
    return suggest(facts, work.reference[Calendars][case.jurisdiction])


def reasons_for(work: Work, case: Case, stay: CustodyEpisode) -> tuple[str, ...]:
    """Why the suggested date is what it is, or why there is none."""
    first = suggestion_for(work, case, stay)
    if first.day == stay.suggested_release_date:
        return first.reasons
    return suggestion_for(work, case, stay, work.today).reasons
