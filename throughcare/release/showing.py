"""The Plan page of one case, filled in with what this reader may be told."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlmodel import col, select

from throughcare.casework import access
from throughcare.casework.agencies import Agency, Worker
from throughcare.casework.people import Case
from throughcare.casework.rows import Appointment, AppointmentStatus
from throughcare.kernel.work import Work
from throughcare.release import facts, offers
from throughcare.release.reference import ReleaseBook
from throughcare.release.rows import ChecklistItem, LeavingMedicines, Lodging, Need, NeedUpdate, ReleasePlan
from throughcare.release.rules import gaps
from throughcare.release.views import (
    AppointmentShown,
    ItemShown,
    LodgingShown,
    MedicinesShown,
    NeedShown,
    PlanPage,
    PlanShown,
    UpdateShown,
)


def page(work: Work, case_id: UUID) -> PlanPage:
    """The plan as this reader may have it: a need or a line they may be told nothing of is not there at all."""
    case = access.find_case(work, case_id)
    plan = facts.current(work, case_id)
    if plan is None:
        return PlanPage(may_start=offers.may_start(work, case_id), release_on=case.release_on)
    shown = plan_shown(work, case, plan)
    return PlanPage(
        plan=shown,
        may_start=offers.may_start(work, case_id),
        release_on=None if "gaps" in shown.withheld else case.release_on,
        domains=offers.domains(work, case_id),
        needs=tuple(need for need in needs_shown(work, facts.needs_of(work, plan)) if need.what),
        appointments=tuple(row for row in _appointments(work, facts.appointments_of(work, plan)) if row.kind),
        checklist=tuple(item for item in _items(work, facts.checklist_of(work, plan)) if item.code),
        lodging=lodging_shown(work, facts.lodging_of(work, plan)),
        medicines=medicines_shown(work, facts.medicines_of(work, plan)),
    )


def plan_shown(work: Work, case: Case, plan: ReleasePlan) -> PlanShown:
    missing = gaps(facts.picture(work, case, plan), work.today)
    names = names_of(work, [plan.submitted_by or plan.started_by, plan.agreed_by])
    return access.show(
        work,
        plan,
        PlanShown,
        late=facts.late_standards(work, case, plan.started_on),
        gaps=missing,
        handover_wanted=facts.handover_wanted(work, plan),
        author=names.get(plan.submitted_by or plan.started_by, ""),
        approver=names.get(plan.agreed_by, ""),
        **offers.offered(work, plan, missing),
    )


def need_shown(work: Work, need: Need) -> NeedShown:
    return needs_shown(work, [need])[0]


def needs_shown(work: Work, needs: Sequence[Need]) -> list[NeedShown]:
    workers, agencies = (
        names_of(work, [n.owner_worker_id for n in needs]),
        _agencies(work, [n.owner_agency_id for n in needs]),
    )
    updates = _updates(work, needs)
    more = {
        need.id: {
            "owner": workers.get(need.owner_worker_id) or agencies.get(need.owner_agency_id, ""),
            "updates": tuple(updates.get(need.id, ())),
        }
        for need in needs
    }
    return access.show_all(work, needs, NeedShown, more)


def _updates(work: Work, needs: Sequence[Need]) -> dict[UUID, list[UpdateShown]]:
    """Every update by its need, newest first; one the reader may be told nothing of is left out."""
    found = select(NeedUpdate).where(col(NeedUpdate.need_id).in_([need.id for need in needs]))
    rows = work.session.exec(found.order_by(col(NeedUpdate.created_at).desc())).all()
    names = names_of(work, [row.by for row in rows])
    shown = access.show_all(work, rows, UpdateShown, {row.id: {"worker": names.get(row.by, "")} for row in rows})
    grouped: dict[UUID, list[UpdateShown]] = {}
    for row, told in zip(rows, shown, strict=True):
        if told.said:
            grouped.setdefault(row.need_id, []).append(told)
    return grouped


def appointment_shown(work: Work, row: Appointment) -> AppointmentShown:
    return _appointments(work, [row])[0]


def _appointments(work: Work, rows: Sequence[Appointment]) -> list[AppointmentShown]:
    names = _agencies(work, [row.agency_id for row in rows])
    kinds = work.reference[ReleaseBook].kinds
    more = {
        row.id: {
            "kind": kinds.get(row.kind, row.kind),
            "agency": names.get(row.agency_id, ""),
            "booked": row.status is AppointmentStatus.BOOKED,
        }
        for row in rows
    }
    return access.show_all(work, rows, AppointmentShown, more)


def item_shown(work: Work, item: ChecklistItem) -> ItemShown:
    return _items(work, [item])[0]


def _items(work: Work, rows: Sequence[ChecklistItem]) -> list[ItemShown]:
    more = {row.id: offers.item_words(work, row) for row in rows}
    return access.show_all(work, rows, ItemShown, more)


def lodging_shown(work: Work, row: Lodging) -> LodgingShown:
    return access.show(work, row, LodgingShown)


def medicines_shown(work: Work, row: LeavingMedicines) -> MedicinesShown:
    return access.show(work, row, MedicinesShown, next_dose_arranged=row.next_dose_at is not None)


def names_of(work: Work, ids: Iterable[UUID | None]) -> dict[UUID | None, str]:
    found = select(Worker.id, Worker.name).where(col(Worker.id).in_({one for one in ids if one}))
    return dict(work.session.execute(found).all())


def _agencies(work: Work, ids: Iterable[UUID | None]) -> dict[UUID | None, str]:
    found = select(Agency.id, Agency.name).where(col(Agency.id).in_({one for one in ids if one}))
    return dict(work.session.execute(found).all())
