"""What each release plan held when the person left: naloxone, the first night, and the day it was agreed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypedDict
from uuid import UUID

from sqlmodel import col

from throughcare.kernel.clock import london_day
from throughcare.kernel.work import Work
from throughcare.measures.gathering import Cases, pick
from throughcare.release.rows import LeavingMedicines, Lodging, ReleasePlan
from throughcare.release.rules import Known


class OfPlan(TypedDict, total=False):
    """The part of a release's fact that its plan tells."""

    planned: bool
    plan_agreed_on: date | None
    opioids: bool
    naloxone: str
    address_known: bool
    no_fixed_abode: bool


@dataclass(frozen=True)
class Planned:
    """Plans by the stay they are for."""

    plans: Mapping[UUID, Any]

    def about(self, stay_id: UUID, day: date) -> OfPlan:
        """What the plan of this stay says of a release on `day`."""
        row = self.plans.get(stay_id)
        if row is None:
            return {}
        agreed = london_day(row.agreed_at) if row.agreed_at else None
        return {
            "planned": True,
            "plan_agreed_on": agreed if agreed and agreed <= day else None,
            "opioids": Known.YES in {row.opioid_need, row.opioid_medicine},
            "naloxone": str(row.naloxone or "not_offered"),
            "address_known": row.lodged_at is not None,
            "no_fixed_abode": bool(row.no_fixed_abode),
        }


def planned(work: Work, cases: Cases) -> Planned:
    """The plans of these cases, each with its medicines and its first night."""
    query = (
        pick(
            ReleasePlan.episode_id, ReleasePlan.agreed_at, LeavingMedicines.opioid_need, LeavingMedicines.opioid_medicine,
            LeavingMedicines.naloxone, Lodging.no_fixed_abode, col(Lodging.recorded_at).label("lodged_at"),
        )
        .outerjoin(LeavingMedicines, col(LeavingMedicines.plan_id) == col(ReleasePlan.id))
        .outerjoin(Lodging, col(Lodging.plan_id) == col(ReleasePlan.id))
        .where(col(ReleasePlan.case_id).in_(cases))
        .order_by(col(ReleasePlan.created_at))
    )  # fmt: skip
    return Planned({row.episode_id: row for row in work.session.execute(query)})
