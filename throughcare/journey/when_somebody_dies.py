"""When somebody has died everything ends, and those who were there for them are told once, in plain words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from throughcare.casework import tasks_ending
from throughcare.casework.events import PersonDied
from throughcare.casework.people import Case
from throughcare.casework.tasks import About, For, errand, give
from throughcare.casework.whose import everyone_responsible, prison_of
from throughcare.handover import ending
from throughcare.kernel.audit import Event
from throughcare.kernel.categories import Category
from throughcare.kernel.clock import end_of
from throughcare.kernel.work import Reaction, Work

TOLD = errand(Category.RECORD, "they_have_died", "They have died: see that nobody tries to reach them", by_hand=True)


def end_everything(work: Work, event: Event) -> None:
    """No open work, no handover and no appointment is left; no task names anything as missed or failed."""
    assert event.case_id
    case = work.session.get_one(Case, event.case_id)
    whom = [*everyone_responsible(case), *_officer(work, case)]
    tasks_ending.cancel_all(work, case.id, "died")
    tasks_ending.release_appointments(work, case.id)
    ending.end_all(work, case.id, "died")
    for whose in whom:
        if whose.worker_id != work.actor.id:
            give(work, TOLD, whose, About(case.id, case.id), end_of(work.today))


def _officer(work: Work, case: Case) -> list[For]:
    if case.officer_id is None or case.officer_id in {case.owner_worker_id, case.co_worker_id}:
        return []
    return [For(prison_of(work, case) or case.owner_agency_id, worker_id=case.officer_id)]


REACTIONS: Mapping[type[Event], Sequence[Reaction]] = {PersonDied: (end_everything,)}
