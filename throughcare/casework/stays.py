"""The custody page: every stay, its four dates with where each came from, what the last change moved, and what may be done."""

from __future__ import annotations

from uuid import UUID

from pydantic import BaseModel
from sqlmodel import col, select

from throughcare.casework import access
from throughcare.casework.agencies import Worker
from throughcare.casework.custody import MACHINE, RECALLERS, RELEASERS
from throughcare.casework.moving import what_moved
from throughcare.casework.naming import names_of
from throughcare.casework.overview import person_of, shown_stay, stays_of
from throughcare.casework.people import Case
from throughcare.casework.release_day import KEEPERS, reasons_for
from throughcare.casework.rows import CustodyEpisode, DateChange
from throughcare.casework.views_people import Change, Moved, Stay
from throughcare.casework.whereabouts import away
from throughcare.kernel.actors import acts_among
from throughcare.kernel.work import Work

CODES = {"leave": "release", "move": "transfer", "die": "death"}  # the machine's steps as the page's acts


class Custody(BaseModel):
    """The stays, the latest first; `changes` are those of the dates of all of them, the newest first."""

    case_id: UUID
    stays: tuple[Stay, ...] = ()
    changes: tuple[Change, ...] = ()
    moves: tuple[str, ...] = ()  # acts open now: dates, confirm, release, transfer, death, recall


def show(work: Work, case_id: UUID) -> Custody:
    """The custody page of one case. NotFound where there is no standing."""
    case = access.find_case(work, case_id)
    rows = stays_of(work, case_id)
    changes = _changes(work, case_id)
    stays = [shown_stay(work, stay, reasons_for(work, case, stay), _moved(work, case, stay, changes)) for stay in rows]
    by = names_of(work, Worker, [change.by for change in changes])
    return Custody(
        case_id=case_id,
        stays=tuple(stays),
        changes=tuple(
            access.show_all(
                work, changes, Change, {row.id: {"worker": by.get(row.by, "The service")} for row in changes}
            )
        ),
        moves=moves(work, case_id, rows[0] if rows else None),
    )


def moves(work: Work, case_id: UUID, latest: CustodyEpisode | None) -> tuple[str, ...]:
    """What this reader may do about custody now, in the order it is done."""
    actor = work.actor
    if person_of(work, case_id).deceased_on:
        return ()
    if latest is None or latest.ended_at is not None:
        coming = ("community",) if away(latest) and acts_among(actor, RELEASERS) else ()
        return (*coming, "recall", "death") if acts_among(actor, RECALLERS) else ()
    planning = ("dates", "confirm") if acts_among(actor, KEEPERS) else ()
    open_now = (step for step in MACHINE.open_to(latest, actor.role) if acts_among(actor, step.by))
    return (*planning, *(CODES[step.name] for step in open_now))


def _changes(work: Work, case_id: UUID) -> list[DateChange]:
    query = select(DateChange).where(DateChange.case_id == case_id)
    return list(work.session.exec(query.order_by(col(DateChange.created_at).desc(), col(DateChange.id)).limit(200)))


def _moved(work: Work, case: Case, stay: CustodyEpisode, changes: list[DateChange]) -> tuple[Moved, ...]:
    """What the last change of this stay's dates moved, while the stay goes on."""
    last = next((change.created_at for change in changes if change.episode_id == stay.id), None)
    return what_moved(work, case, last) if last and stay.ended_at is None else ()
