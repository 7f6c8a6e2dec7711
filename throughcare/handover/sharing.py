"""What is shared: which parts may go, what each says now, and the snapshot that is kept of what went."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import or_
from sqlmodel import col, select

from throughcare.casework import access
from throughcare.casework.people import Case, Consent, ConsentState, Person, PhoneNumber
from throughcare.disclosure.policy import Basis, Grant, Matrix, Seat, Standing
from throughcare.handover import parts
from throughcare.handover.marks import address_marks, tells_birth
from throughcare.handover.reasons import HandoverLists
from throughcare.handover.rows import Handover, HandoverSnapshot
from throughcare.handover.rules import age_band, initials, names_somebody, week_of
from throughcare.kernel.categories import Category
from throughcare.kernel.refusals import Invalid, Refusal, refuse_if
from throughcare.kernel.work import Work

Part = Mapping[str, str]  # what it is called -> what it says, in the order it is read
Source = Callable[[Work, UUID], Part]
PREGNANT = "pregnancy"
FIRST_NIGHTS = "first_nights"  # a source that is never a section: what a summary must not give away
TO_REFER = ("referral", "share")


@dataclass(frozen=True)
class Sources:
    """What other features add to the parts a sender may share, by section: journey wires them."""

    held: Mapping[str, Source] = field(default_factory=dict)


class NoConsent(Refusal):
    """Record the person's consent to be referred to this service before you send the handover."""

    code = "no_consent"


class NotShareable(Refusal):
    """Part of what you chose may not be shared with this service now; choose again what to share."""

    code, beside = "not_shareable", "sections"


class PreviewChanged(Refusal):
    """What would be shared has changed since you read the preview; open it again and check it."""

    code = "preview_changed"


class NamesThem(Invalid):
    """Leave out names, numbers and addresses: the team does not yet know who this is."""

    code, beside = "names_them", "words"


def consent_to_refer(work: Work, case_id: UUID, agency_id: UUID) -> Consent | None:
    """The person's live agreement that this agency may have who they are."""
    given = select(Consent).where(
        Consent.case_id == case_id,
        Consent.agency_id == agency_id,
        Consent.state == ConsentState.GIVEN,
        col(Consent.purpose).in_(TO_REFER),
        col(Consent.ended_at).is_(None),
        or_(col(Consent.expires_on).is_(None), col(Consent.expires_on) >= work.today),
    )
    found = work.session.exec(given.order_by(col(Consent.given_at).desc()))
    return next((consent for consent in found if Category.IDENTITY in consent.categories), None)


def offered(work: Work, row: Handover) -> dict[str, str]:
    """The sections that may go to this agency, and that the sender may read: code -> label.

    A sender never learns from a preview what their own standing withholds.
    """
    matrix, lists = work.reference[Matrix], work.reference[HandoverLists]
    consent = consent_to_refer(work, row.case_id, row.to_agency_id)
    agreed = frozenset(map(Category, consent.categories)) if consent else frozenset()
    theirs = Standing(Seat.COMMUNITY_PROVIDER, frozenset({Basis.CARE}), agreed)
    ours = access.standing(work, row.case_id)
    return {
        code: section.label
        for code, section in lists.sections.items()
        if _may(matrix, section.tells, Seat.COMMUNITY_PROVIDER, theirs) and matrix.grant_for(section.tells, ours)
    }


def _may(matrix: Matrix, category: Category, seat: Seat, theirs: Standing) -> Grant | None:
    return matrix.grant_for(category, theirs) if matrix.shareable(category, seat) else None


def chosen(work: Work, row: Handover) -> tuple[str, ...]:
    """What would go: the ticked sections and those that always do, in the order of the list."""
    lists = work.reference[HandoverLists]
    return tuple(code for code, section in lists.sections.items() if section.always or code in row.sections)


@dataclass(frozen=True)
class Preview:
    """Exactly what the receiving team will see: before it accepts, and after."""

    summary: dict[str, Any]
    sections: dict[str, dict[str, str]]

    @property
    def sha256(self) -> str:
        """The hash of it as canonical JSON."""
        return digest(self.summary, self.sections)


def digest(summary: Mapping[str, Any], sections: Mapping[str, Any]) -> str:
    """SHA-256 of what was shared, written as JSON with sorted names and no spaces."""
    text = json.dumps([summary, sections], sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def preview(work: Work, row: Handover) -> Preview:
    """What would be sent as things stand now."""
    case = work.session.get_one(Case, row.case_id)
    return Preview(summary_of(work, row, case), {code: _part(work, row, code) for code in chosen(work, row)})


def _part(work: Work, row: Handover, code: str) -> dict[str, str]:
    source = {**parts.OURS, **work.reference[Sources].held}.get(code)
    told = dict(source(work, row.case_id)) if source else {}
    words = {"plan": row.plan_note, "medication": row.medication_note, "risk": row.risk_note}.get(code, "")
    return told | ({"In the sender's words": words} if words else {})


def summary_of(work: Work, row: Handover, case: Case) -> dict[str, Any]:
    """What a team may know of somebody it has not accepted."""
    lists = work.reference[HandoverLists]
    person = work.session.exec(select(Person).where(Person.case_id == case.id)).one()
    week = week_of(case.release_on)
    return {
        "initials": initials(person.given, person.family),
        "age_band": age_band(person.birth_date, work.today, lists.figures.age_bands),
        "area": row.area,
        "sought": row.sought,
        "release_week": week.isoformat() if week else "",
        "flags": sorted({*row.flags, *([PREGNANT] if is_urgent(person, row) else [])}),
    }


def release_week(work: Work, row: Handover) -> date | None:
    """The Monday of the week in which they are due to leave prison, as it stands now: a summary tells no more of it."""
    return week_of(work.session.get_one(Case, row.case_id).release_on)


def is_urgent(person: Person, row: Handover) -> bool:
    """Pregnancy, or concern for an unborn child: fast track."""
    return bool(person.pregnant) or PREGNANT in row.flags


def flags_told(work: Work, row: Handover, flags: Sequence[str]) -> tuple[str, ...]:
    """What is urgent, as this reader may know it: that a pregnancy on record was added is not for every sender to know."""
    told = work.reference[Matrix].grant_for(Category.CLINICAL, access.standing(work, row.case_id))
    known = told or PREGNANT in row.flags or work.actor.agency_id == row.to_agency_id
    return tuple(flag for flag in flags if known or flag != PREGNANT)


def refuse_unless_sendable(work: Work, row: Handover, seen: str) -> tuple[Consent, Preview]:
    """The consent it goes on and what goes, or the reason it may not."""
    consent = consent_to_refer(work, row.case_id, row.to_agency_id)
    if consent is None:
        raise NoConsent
    refuse_if(set(chosen(work, row)) - offered(work, row).keys(), NotShareable)
    ready = preview(work, row)
    refuse_if(seen != ready.sha256, PreviewChanged)
    return consent, ready


def freeze(work: Work, row: Handover, consent: Consent, sent: Preview) -> HandoverSnapshot:
    """Keep what was sent, for good."""
    return work.add(
        HandoverSnapshot(
            case_id=row.case_id, handover_id=row.id, summary=sent.summary, sections=sent.sections, sha256=sent.sha256,
            consent_id=consent.id, matrix_version=work.reference[Matrix].version,
        )
    )  # fmt: skip


def is_whole(kept: HandoverSnapshot) -> bool:
    """Whether what is kept is still what was hashed when it went."""
    return digest(kept.summary, kept.sections) == kept.sha256


def refuse_if_named(work: Work, case_id: UUID, *texts: str, beside: str = "words") -> None:
    """Refuse words that tell a team who this is before it has accepted them."""
    person = work.session.exec(select(Person).where(Person.case_id == case_id)).one()
    numbers = work.session.exec(select(col(PhoneNumber.number)).where(PhoneNumber.case_id == case_id))
    marks = [person.given, person.family, person.known_as, person.prison_number, person.crn, person.pnc]
    marks += [person.nhs_number, person.chi, person.postcode]
    marks += [f"0{number.removeprefix('+44')}" for number in numbers]
    where = _address(work, case_id)
    marks += [*address_marks(where), *(line for line in where if line.replace(" ", "").isdigit())]
    held = [f"{person.given}{person.family}", *(mark for mark in marks if mark)]
    told = any(names_somebody(text, held) or tells_birth(text, person.birth_date) for text in texts)
    refuse_if(told, NamesThem(beside=beside))


def refuse_unless_area(area: str) -> None:
    """A town has no number in it; a house and a postcode have."""
    numbered = any(unicodedata.normalize("NFKC", letter).isnumeric() for letter in area)
    refuse_if(numbered, Invalid("Enter a town or borough, without a house number or postcode", beside="area"))


def _address(work: Work, case_id: UUID) -> list[str]:
    """What is known of where they will sleep."""
    source = work.reference[Sources].held.get(FIRST_NIGHTS)
    return list(source(work, case_id).values()) if source else []
