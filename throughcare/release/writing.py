"""What people write in a release plan: needs and their updates, the checklist, tonight's address, medicines."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from throughcare.casework import access
from throughcare.casework.people import Case
from throughcare.kernel.clock import at
from throughcare.kernel.refusals import Invalid, NotFound, NotPermitted, WrongState, refuse_if
from throughcare.kernel.work import Work
from throughcare.release import events, handing, offers, showing, steps
from throughcare.release.facts import current, lodging_of, medicines_of, plan_of
from throughcare.release.forms import AddressForm, ChecklistForm, MedicinesForm, NeedForm, NeedProgress
from throughcare.release.owners import owner_ids
from throughcare.release.reference import ReleaseBook
from throughcare.release.rows import ChecklistItem, LeavingMedicines, Lodging, Need, NeedUpdate, ReleasePlan
from throughcare.release.rules import Known, NeedStatus, Severity, may_change
from throughcare.release.views import ItemShown, LodgingShown, MedicinesShown, NeedShown


class UnknownPathway(Invalid):
    """Select a pathway."""

    code, beside = "unknown_pathway", "domain"


def add_need(work: Work, case_id: UUID, form: NeedForm) -> NeedShown:
    """Record what is needed on one pathway, or that nothing is."""
    case, plan = open_plan(work, case_id)
    refuse_if(work.reference[ReleaseBook].domain(form.domain) is None, UnknownPathway)
    need = Need(
        case_id=case_id, plan_id=plan.id, domain=form.domain, what=form.what, severity=form.severity, side=form.side,
        source=form.source, identified_on=form.identified_on or work.today,
    )  # fmt: skip
    _write(work, need, form)
    work.add(need)
    return _recorded(work, case, plan, need)


def change_need(work: Work, case_id: UUID, need_id: UUID, form: NeedForm) -> NeedShown:
    """Put a need right. What was done about it is an update, not a change."""
    case, plan = open_plan(work, case_id)
    need = need_of(work, case_id, need_id)
    refuse_if(work.reference[ReleaseBook].domain(form.domain) is None, UnknownPathway)
    need.domain, need.what, need.severity, need.side = form.domain, form.what, form.severity, form.side
    need.source, need.identified_on = form.source, form.identified_on or need.identified_on
    _write(work, need, form)
    work.session.add(need)
    work.session.flush()
    return _recorded(work, case, plan, need)


def _write(work: Work, need: Need, form: NeedForm) -> None:
    need.owner_worker_id, need.owner_agency_id = owner_ids(work, need.case_id, form.owner)
    need.action, need.due_on = form.action, form.due_on
    if need.severity is Severity.NONE:
        need.status = NeedStatus.DONE
    elif need.status is NeedStatus.DONE and not need.evidence:
        need.status = NeedStatus.OPEN


def update_need(work: Work, case_id: UUID, need_id: UUID, form: NeedProgress) -> NeedShown:
    """Add a dated update. This may be done whether or not the plan has been agreed."""
    case, plan = writable(work, case_id)
    need = need_of(work, case_id, need_id)
    work.add(
        NeedUpdate(
            case_id=case_id, need_id=need.id, by=work.actor.id, domain=need.domain, status=form.status, said=form.said
        )
    )
    need.status, need.evidence = form.status, form.evidence or need.evidence
    work.session.add(need)
    work.session.flush()
    return _recorded(work, case, plan, need)


def _recorded(work: Work, case: Case, plan: ReleasePlan, need: Need) -> NeedShown:
    work.record(
        events.NeedRecorded(subject_id=need.id, case_id=case.id, domain=need.domain, side=need.side, status=need.status)
    )
    handing.warn(work, case, plan, need)
    return showing.need_shown(work, need)


def need_of(work: Work, case_id: UUID, need_id: UUID) -> Need:
    need = access.take(work, Need, need_id)
    refuse_if(need.case_id != case_id or need.plan_id != plan_of(work, case_id).id, NotFound)
    return need


def item_of(work: Work, case_id: UUID, item_id: UUID) -> ChecklistItem:
    item = access.take(work, ChecklistItem, item_id)
    refuse_if(item.case_id != case_id or item.plan_id != plan_of(work, case_id).id, NotFound)
    return item


def record_item(work: Work, case_id: UUID, item_id: UUID, form: ChecklistForm) -> ItemShown:
    """Say how one line of the day-of-release checklist stands."""
    writable(work, case_id)
    item = item_of(work, case_id, item_id)
    item.needed, item.arranged_by, item.done = form.needed, form.arranged_by, form.done
    item.evidence, item.fallback = form.evidence, form.fallback
    item.recorded_at, item.recorded_by = work.now, work.actor.id
    work.session.add(item)
    work.record(events.ChecklistRecorded(subject_id=item.id, case_id=case_id, code=item.code, done=item.done))
    work.session.flush()
    return showing.item_shown(work, item)


def record_address(work: Work, case_id: UUID, form: AddressForm) -> LodgingShown:
    """Say where they sleep on the night of release. It is part of what is agreed: an agreed plan is reopened first."""
    _, plan = open_plan(work, case_id)
    row = access.take(work, Lodging, lodging_of(work, plan).id)
    row.no_fixed_abode = not form.lodged
    row.tonight, row.tonight_phone = form.tonight, form.tonight_phone
    row.later_nights, row.council_told = form.later_nights, form.council_told
    row.recorded_at, row.recorded_by = work.now, work.actor.id
    work.session.add(row)
    work.record(events.AddressRecorded(subject_id=row.id, case_id=case_id))
    work.session.flush()
    return showing.lodging_shown(work, row)


def record_medicines(work: Work, case_id: UUID, form: MedicinesForm) -> MedicinesShown:
    """Record naloxone, the next dose and what bridges to it. For those who treat; possible at any time."""
    access.take_case(work, case_id)
    refuse_if(work.actor.role not in offers.PRESCRIBING, NotPermitted)
    row = access.take(work, LeavingMedicines, medicines_of(work, plan_of(work, case_id)).id)
    for name in set(MedicinesForm.model_fields) - {"next_dose_on", "next_dose_time"}:
        setattr(row, name, getattr(form, name))
    row.next_dose_at = _next_dose(form)
    row.recorded_at, row.recorded_by = work.now, work.actor.id
    work.session.add(row)
    work.record(events.MedicinesRecorded(subject_id=row.id, case_id=case_id, naloxone=row.naloxone))
    work.session.flush()
    return showing.medicines_shown(work, row)


def opioid_need_found(work: Work, case_id: UUID) -> None:
    """Something recorded elsewhere says there is an opioid need: it stands unless somebody has answered already."""
    plan = current(work, case_id)
    row = medicines_of(work, plan) if plan else None
    if row and row.opioid_need is Known.NOT_KNOWN:
        row.opioid_need = Known.YES
        work.session.add(row)
        work.session.flush()
        work.record(events.MedicinesRecorded(subject_id=row.id, case_id=case_id, naloxone=row.naloxone))


def _next_dose(form: MedicinesForm) -> datetime | None:
    return at(form.next_dose_on, form.next_dose_time) if form.next_dose_on and form.next_dose_time else None


def writable(work: Work, case_id: UUID) -> tuple[Case, ReleasePlan]:
    """The plan, locked, for those who write plans; in any status."""
    case = access.take_case(work, case_id)
    refuse_if(work.actor.role not in steps.WRITERS, NotPermitted)
    return case, access.take(work, ReleasePlan, plan_of(work, case_id).id)


def open_plan(work: Work, case_id: UUID) -> tuple[Case, ReleasePlan]:
    """The plan, locked, while what will be agreed may still be written."""
    case, plan = writable(work, case_id)
    if not may_change(plan.status):
        raise WrongState(steps.PLANS.sentence(plan, work.actor.role))
    return case, plan
