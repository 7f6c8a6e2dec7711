"""What each form about requirements opens with, and who may open it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from throughcare.casework import access
from throughcare.casework.agencies import Agency, Worker
from throughcare.kernel.actors import acts_among
from throughcare.kernel.forms import Choice
from throughcare.kernel.refusals import NotPermitted, refuse_if
from throughcare.kernel.rows import CaseRow
from throughcare.kernel.work import Work
from throughcare.requirement import orders, reports
from throughcare.requirement.doors import (
    KEEPERS,
    absence_of,
    book,
    officer_of,
    ordered,
    requirement_of,
    row_of,
    supervisors_only,
)
from throughcare.requirement.forms_reports import WriteReport
from throughcare.requirement.rows import Requirement, RequirementWarning, RiskChange
from throughcare.requirement.showing import appointment_shown, risk_shown
from throughcare.requirement.testing import sample_of
from throughcare.web import words
from throughcare.web.acts import Opening
from throughcare.web.boxes import values_of
from throughcare.web.visit import Ids

Options = Mapping[str, Sequence[Choice]]


def recording(work: Work, ids: Ids) -> Opening:
    """Whoever works on the case may record what a court or licence requires."""
    case = access.find_case(work, ids["case_id"])
    refuse_if(not acts_among(work.actor, KEEPERS), NotPermitted)
    kinds = [Choice(kind.code, kind.name) for kind in book(work).kinds_for(case.jurisdiction)]
    told = " ".join(book(work).reports.told)
    return Opening(
        choices={"kinds": kinds, **_officers(work)},
        inset=f"Tell the person what is passed on, and let them sign for it. {told}",
    )


def _officers(work: Work, empty: str = "Nobody") -> Options:
    people = [Choice(str(worker_id), name) for worker_id, name in orders.officers(work)]
    return {"officers": [Choice("", empty), *people]}


def requirement(work: Work, ids: Ids) -> Opening:
    """An act on one requirement."""
    row = row_of(work, Requirement, ids["case_id"], ids["requirement_id"], change=False)
    refuse_if(not acts_among(work.actor, KEEPERS), NotPermitted)
    kinds = [Choice(named.code, named.name) for named in book(work).appointment]
    return Opening(version=row.version, choices={"appointments": kinds, **_officers(work, "Select an officer")})


def booking(work: Work, ids: Ids) -> Opening:
    """Booking changes nothing of the requirement, so two may be booked from one page."""
    opening = requirement(work, ids)
    return Opening(choices=opening.choices)


def outcome(work: Work, ids: Ids) -> Opening:
    """An appointment, for whoever keeps it."""
    row = ordered(work, ids["case_id"], ids["appointment_id"], change=False)
    refuse_if(row.agency_id != work.actor.agency_id or not acts_among(work.actor, KEEPERS), NotPermitted)
    return Opening(version=row.version, choices=reasons(work))


def absence(work: Work, ids: Ids) -> Opening:
    """An absence, for whoever keeps the appointment or supervises."""
    row = absence_of(work, ids["case_id"], ids["appointment_id"], change=False)
    refuse_if(not acts_among(work.actor, KEEPERS), NotPermitted)
    return Opening(version=row.version, inset=which(work, ids))


def deciding(work: Work, ids: Ids) -> Opening:
    """An absence, for whoever decides."""
    row = absence_of(work, ids["case_id"], ids["appointment_id"], change=False)
    supervisors_only(work, requirement_of(work, row))
    return Opening(version=row.version, choices=reasons(work), inset=which(work, ids))


def which(work: Work, ids: Ids) -> str:
    """Which appointment it is about, as far as this reader may know."""
    told = appointment_shown(work, ordered(work, ids["case_id"], ids["appointment_id"], change=False))
    kind = told.kind_name or "Appointment"
    return f"{kind}, {words.instant(told.at)}" if told.at else kind


def warning(work: Work, ids: Ids) -> Opening:
    """An absence about which a warning is to be given: what it must say stands above the form."""
    opening = deciding(work, ids)
    law = book(work).warnings
    return Opening(version=opening.version, intro=" ".join(law.contents), inset=f"{law.authority}, {law.source}")


def reasons(work: Work) -> Options:
    """The reasons for an absence; which are usually accepted is said and decides nothing."""
    said = {"acceptable": "Usually acceptable", "unacceptable": "Usually not acceptable", "neither": ""}
    found = [Choice(one.code, one.name, said[one.usually]) for one in book(work).reason]
    return {"reasons": [Choice("", "None given"), *found]}


def _of(row: CaseRow) -> Opening:
    return Opening(version=row.version)


def withdrawing(work: Work, ids: Ids) -> Opening:
    """A warning, for whoever gave it."""
    row = row_of(work, RequirementWarning, ids["case_id"], ids["warning_id"], change=False)
    supervisors_only(work, requirement_of(work, row))
    return _of(row)


def sample(work: Work, ids: Ids) -> Opening:
    """A test."""
    return _of(sample_of(work, ids["case_id"], ids["test_id"], change=False))


def ringing(work: Work, ids: Ids) -> Opening:
    """A change of risk, with whom to ring about it."""
    row = row_of(work, RiskChange, ids["case_id"], ids["change_id"], change=False)
    told = risk_shown(work, row)
    what = f"Risk changed on {words.day(told.changed_on)}. What changed is not written here: they tell you."
    return replace(_of(row), inset=f"Ring {told.ring}." if told.ring else "", intro=what if told.ring else "")


def telling(work: Work, ids: Ids) -> Opening:
    """A change of risk, with the officer who is to be told of it."""
    row = row_of(work, RiskChange, ids["case_id"], ids["change_id"], change=False)
    officer = officer_of(work, requirement_of(work, row))
    agency = work.session.get_one(Agency, officer.agency_id)
    worker = work.session.get(Worker, officer.worker_id) if officer.worker_id else None
    phone = words.phone((worker.phone if worker else "") or agency.phone)
    who = ", ".join(filter(None, (worker.name if worker else "", agency.name, phone)))
    return replace(_of(row), inset=f"Who is to be told: {who}.")


def report(work: Work, ids: Ids) -> Opening:
    """A report, for its own agency, or for the one it was sent to."""
    return _of(reports.report_of(work, ids["case_id"], ids["report_id"], change=False))


def writing(work: Work, ids: Ids) -> Opening:
    """A report with what was said on it before."""
    row = reports.report_of(work, ids["case_id"], ids["report_id"], change=False)
    refuse_if(row.agency_id != work.actor.agency_id, NotPermitted)
    said = {name: getattr(row, name) for name in WriteReport.model_fields}
    held = {name: value for name, value in said.items() if value not in {None, ""}}
    returned = f"Returned to you: {row.returned_because}" if row.returned_because else ""
    return Opening(version=row.version, values=values_of(WriteReport, held), inset=returned)
