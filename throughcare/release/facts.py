"""What a release plan stands on: its own rows, the person's contact, and the appointments that lead out of prison."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import or_
from sqlmodel import col, select

from throughcare.casework.calendars import Calendars
from throughcare.casework.clock_rules import ServiceClocks
from throughcare.casework.deadlines import due_at, is_compressed
from throughcare.casework.people import Case, Consent, Person, PhoneNumber, SafeContact
from throughcare.casework.rows import Appointment, AppointmentStatus, CustodyEpisode
from throughcare.kernel.audit import AuditRow
from throughcare.kernel.clock import LONDON, london_day
from throughcare.kernel.refusals import NotFound
from throughcare.kernel.work import Work
from throughcare.release.reference import ReleaseBook
from throughcare.release.rows import ChecklistItem, LeavingMedicines, Lodging, Need, ReleasePlan
from throughcare.release.rules import (
    Bridge,
    Item,
    Medicines,
    NeedStatus,
    Picture,
    Severity,
    Side,
    Slot,
    Tonight,
)

GONE = (AppointmentStatus.REARRANGED, AppointmentStatus.NOT_REQUIRED, AppointmentStatus.CANCELLED_BY_SERVICE)


def current(work: Work, case_id: UUID) -> ReleasePlan | None:
    """The plan that stands, if one was started."""
    found = select(ReleasePlan).where(ReleasePlan.case_id == case_id, col(ReleasePlan.replaced_at).is_(None))
    return work.session.exec(found).first()


def plan_of(work: Work, case_id: UUID) -> ReleasePlan:
    """The plan that stands; NotFound before one is started."""
    plan = current(work, case_id)
    if plan is None:
        raise NotFound
    return plan


def stay(work: Work, case_id: UUID) -> CustodyEpisode | None:
    """The newest stay in custody."""
    found = select(CustodyEpisode).where(CustodyEpisode.case_id == case_id)
    newest = found.order_by(col(CustodyEpisode.received_on).desc(), col(CustodyEpisode.created_at).desc())
    return work.session.exec(newest).first()


def needs_of(work: Work, plan: ReleasePlan) -> Sequence[Need]:
    found = select(Need).where(Need.plan_id == plan.id)
    return work.session.exec(found.order_by(col(Need.created_at), col(Need.id))).all()


def checklist_of(work: Work, plan: ReleasePlan) -> Sequence[ChecklistItem]:
    """In the order of the data file."""
    order = {word.code: place for place, word in enumerate(work.reference[ReleaseBook].checklist)}
    rows = work.session.exec(select(ChecklistItem).where(ChecklistItem.plan_id == plan.id)).all()
    return sorted(rows, key=lambda row: order.get(row.code, len(order)))


def lodging_of(work: Work, plan: ReleasePlan) -> Lodging:
    return work.session.exec(select(Lodging).where(Lodging.plan_id == plan.id)).one()


def medicines_of(work: Work, plan: ReleasePlan) -> LeavingMedicines:
    return work.session.exec(select(LeavingMedicines).where(LeavingMedicines.plan_id == plan.id)).one()


def appointments_of(work: Work, plan: ReleasePlan) -> Sequence[Appointment]:
    """What was booked for after release while this stay lasted, soonest first."""
    episode = work.session.get_one(CustodyEpisode, plan.episode_id)
    found = select(Appointment).where(
        Appointment.case_id == plan.case_id,
        col(Appointment.kind).in_(list(work.reference[ReleaseBook].kinds)),
        col(Appointment.status).not_in(GONE),
        col(Appointment.created_at) >= episode.created_at,
    )
    if episode.released_at:
        before = col(Appointment.created_at) <= episode.released_at
        found = found.where(or_(before, col(Appointment.replaces_id).is_not(None)))
    return work.session.exec(found.order_by(col(Appointment.at), col(Appointment.id))).all()


def picture(work: Work, case: Case, plan: ReleasePlan) -> Picture:
    """All that the plan is judged by."""
    episode = work.session.get_one(CustodyEpisode, plan.episode_id)
    needs, lodging = needs_of(work, plan), lodging_of(work, plan)
    late = [need for need in needs if need.status is NeedStatus.OPEN and need.due_on and need.due_on < work.today]
    numbers = _numbers(work, case.id)
    return Picture(
        release_on=case.release_on,
        confirmed=bool(episode.confirmed_release_date or episode.released_at),
        needs=len(needs),
        unseen=_unseen(work, case, {need.domain for need in needs}),
        overdue=len(late),
        slots=tuple(_slot(row) for row in appointments_of(work, plan)),
        items=tuple(_item(work, row) for row in checklist_of(work, plan)),
        tonight=Tonight(lodging.tonight, lodging.no_fixed_abode),
        medicines=_medicines(medicines_of(work, plan)),
        phone_agreed=any(number.proven_at or number.code_word for number in numbers),
        texts_asked=_texts_asked(work, case.id),
        safe_contact=safe_contact(work, case.id) is not None,
        treatment_by=_treatment_by(work, case),
    )


def _unseen(work: Work, case: Case, seen: set[str]) -> tuple[tuple[str, str], ...]:
    """The pathways offered for this person that nobody has written anything about, be it that there is no need."""
    sex = work.session.exec(select(Person.sex).where(Person.case_id == case.id)).first()
    offered = work.reference[ReleaseBook].domains_for(str(sex))
    return tuple((each.code, each.label) for each in offered if each.code not in seen)


def _slot(row: Appointment) -> Slot:
    return Slot(row.kind, london_day(row.at), row.with_whom, row.place)


def _item(work: Work, row: ChecklistItem) -> Item:
    missing = work.reference[ReleaseBook].item(row.code).missing
    return Item(row.code, row.needed, row.done or bool(row.arranged_by), missing)


def _medicines(row: LeavingMedicines) -> Medicines:
    return Medicines(
        row.opioid_need, row.opioid_medicine, row.naloxone, row.naloxone_trained, row.naloxone_kit,
        row.naloxone_expires_on, row.next_dose_at is not None, Bridge(row.last_supervised_on, row.bridging),
    )  # fmt: skip


def _numbers(work: Work, case_id: UUID) -> Sequence[PhoneNumber]:
    found = select(PhoneNumber).where(
        PhoneNumber.case_id == case_id,
        col(PhoneNumber.until_at).is_(None),
        col(PhoneNumber.suspended_at).is_(None),
    )
    return work.session.exec(found).all()


def _texts_asked(work: Work, case_id: UUID) -> bool:
    """A refusal is an answer too."""
    found = select(Consent.id).where(
        Consent.case_id == case_id, Consent.purpose == "texts", col(Consent.ended_at).is_(None)
    )
    return work.session.exec(found).first() is not None


def safe_contact(work: Work, case_id: UUID) -> SafeContact | None:
    found = select(SafeContact).where(SafeContact.case_id == case_id, col(SafeContact.replaced_at).is_(None))
    return work.session.exec(found).first()


def _treatment_by(work: Work, case: Case) -> date | None:
    if case.release_on is None:
        return None
    rule = work.reference[ServiceClocks].rule("continuity_of_care")
    return due_at(rule, case.release_on, work.reference[Calendars][case.jurisdiction]).astimezone(LONDON).date()


def late_standards(work: Work, case: Case, started_on: date) -> tuple[str, ...]:
    """The standards whose day before release had gone when the plan was started (DOMAIN C.2)."""
    if case.release_on is None:
        return ()
    rules = work.reference[ServiceClocks].hanging_on("release")
    return tuple(rule.name for rule in rules if is_compressed(rule, started_on, case.release_on))


def handover_wanted(work: Work, plan: ReleasePlan) -> bool:
    """Whether a need waits for somebody in the community and nobody has been asked, nor a reason given (R15d)."""
    outside = {Side.COMMUNITY, Side.BOTH}
    waiting = [
        need
        for need in needs_of(work, plan)
        if need.side in outside and need.status is NeedStatus.OPEN and need.severity is not Severity.NONE
    ]
    return bool(waiting) and not handover_settled(work, plan)


def handover_settled(work: Work, plan: ReleasePlan) -> bool:
    """Whether a handover was sent since this stay began and not taken back, or said not to be needed."""
    episode = work.session.get_one(CustodyEpisode, plan.episode_id)
    told = select(AuditRow.name, AuditRow.subject_id).where(
        AuditRow.case_id == plan.case_id,
        col(AuditRow.at) >= episode.created_at,
        col(AuditRow.name).in_(["handover.sent", "handover.recalled", "handover.not_needed"]),
    )
    rows = work.session.exec(told).all()
    by_name = {name: {subject for other, subject in rows if other == name} for name, _ in rows}
    sent = by_name.get("handover.sent", set()) - by_name.get("handover.recalled", set())
    return bool(sent or by_name.get("handover.not_needed"))
