"""A handover's sending side goes with the person: the prison that holds them answers for what another sent."""

from __future__ import annotations

from sqlmodel import col, select

from throughcare.casework.agencies import Agency
from throughcare.casework.release_day import open_stay
from throughcare.casework.standing import team_of_officers
from throughcare.casework.tasks import For
from throughcare.handover.rows import Handover
from throughcare.handover.words import LIVE
from throughcare.kernel.actors import AgencyKind
from throughcare.kernel.audit import Event
from throughcare.kernel.work import Work


def follow(work: Work, event: Event) -> None:
    """A prison that no longer holds the person loses its live handovers to the one that does; a provider keeps its own."""
    stay = open_stay(work, event.case_id) if event.case_id else None
    if stay is None:
        return
    sent_by_prisons = (
        select(Handover)
        .join(Agency, col(Agency.id) == col(Handover.from_agency_id))
        .where(
            Handover.case_id == event.case_id,
            col(Handover.status).in_(LIVE),
            Agency.kind == AgencyKind.PRISON,
            Agency.id != stay.prison_id,
        )
    )
    for row in work.session.exec(sent_by_prisons).all():
        _send_on(work, row, For(stay.prison_id, team_of_officers(work, stay.prison_id)))


def _send_on(work: Work, row: Handover, whose: For) -> None:
    """The sending side is theirs from now; the work about it went along with the person."""
    row.from_agency_id, row.from_team_id = whose.agency_id, whose.team_id
    work.session.add(row)
    work.session.flush()
