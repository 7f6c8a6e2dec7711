"""What a person agrees to, refuses and takes back. Every answer is a row of its own; withdrawing ends sharing at once."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from sqlalchemy import or_
from sqlmodel import col, select

from throughcare.casework import access, events, standing
from throughcare.casework.agencies import Agency
from throughcare.casework.contact import REACHERS
from throughcare.casework.contacting import Contacting
from throughcare.casework.forms_contact import Purpose, SharingAnswer, TextsAnswer, Withdrawal
from throughcare.casework.people import Consent, ConsentState, Language
from throughcare.casework.rows import Involvement
from throughcare.casework.views import Tells, View
from throughcare.disclosure.policy import BY_AGENCY, Basis, Matrix
from throughcare.kernel.actors import AgencyKind, Role, acts_among
from throughcare.kernel.categories import Category
from throughcare.kernel.clock import end_of
from throughcare.kernel.refusals import Invalid, NotFound, NotPermitted, WrongState, refuse_if
from throughcare.kernel.work import Work

RECORDERS = REACHERS | {Role.PRIVACY}
NEVER_ASKED = frozenset({Category.RECORD})  # comes with whatever is agreed


class AlreadyEnded(WrongState):
    """This consent has already ended."""

    code = "consent_ended"


class InOwnFavour(Invalid):
    """Somebody at another agency must record what the person agrees that your own may have; ask them to."""

    code, beside = "in_own_favour", "agency_id"


class Agreement(View):
    """One answer: what was agreed or refused, for whom, until when, and how it was said."""

    id: UUID | None = None
    purpose: str = ""
    agency: Annotated[str, Tells(Category.RECORD)] = ""
    categories: Annotated[tuple[Category, ...], Tells(Category.RECORD)] = ()
    state: ConsentState | None = None
    route: str = ""
    notice_version: str = ""
    language: Language | None = None
    given_at: datetime | None = None
    expires_on: date | None = None
    ended_at: datetime | None = None
    note: str = ""
    live: Annotated[bool, Tells(Category.RECORD)] = False


def answer_texts(work: Work, case_id: UUID, form: TextsAnswer) -> Agreement:
    """What they said to being texted. A refusal ends what they agreed to before."""
    _may_record(work, case_id)
    return _record(
        work, case_id, form.answer, purpose=Purpose.TEXTS, route=form.route, language=form.language, note=form.note,
        notice_version=work.reference[Contacting].version,
    )  # fmt: skip


def answer_sharing(work: Work, case_id: UUID, form: SharingAnswer) -> Agreement:
    """What they said to an agency having some kinds of information. The newest answer for that agency is the one that holds."""
    _may_record(work, case_id)
    agency = work.session.get(Agency, form.agency_id)
    if agency is None:
        raise Invalid("Select an agency", beside="agency_id")
    past = form.expires_on is not None and form.expires_on < work.today
    refuse_if(past, Invalid("The date must be today or later", beside="expires_on"))
    given = form.answer is ConsentState.GIVEN
    categories = form.categories if given else ()
    stray = [category.label for category in categories if category not in consentable(work, agency)]
    said = f"{', '.join(stray)} cannot go to this agency by consent"
    refuse_if(stray, Invalid(said, beside="categories"))
    refuse_if(not _may_favour(work, case_id, agency.id, categories), InOwnFavour)
    agreed = _record(
        work, case_id, form.answer, purpose=form.purpose, agency_id=agency.id, categories=list(categories),
        route=form.route, expires_on=form.expires_on if given else None, note=form.note,
    )  # fmt: skip
    if given and agency.kind is AgencyKind.PROBATION:
        _end_standing(work, case_id, agency.id)
        _give_standing(work, case_id, agency, form.expires_on)
    return agreed


def withdraw(work: Work, case_id: UUID, consent_id: UUID, form: Withdrawal) -> Agreement:
    """They take it back: what rested on it is no longer shared from this instant."""
    _may_record(work, case_id)
    row = access.take(work, Consent, consent_id)
    refuse_if(row.case_id != case_id, NotFound)
    refuse_if(row.state is not ConsentState.GIVEN or row.ended_at is not None, AlreadyEnded)
    return _record(
        work, case_id, ConsentState.WITHDRAWN, purpose=row.purpose, agency_id=row.agency_id,
        categories=list(row.categories), route=form.route, language=row.language, note=form.note,
    )  # fmt: skip


def texts_agreed(work: Work, case_id: UUID) -> bool:
    """Whether they may be texted: a notice was read to them, they agreed, and have not taken it back."""
    return current(work, case_id, Purpose.TEXTS) is not None


def current(work: Work, case_id: UUID, purpose: Purpose | str, agency_id: UUID | None = None) -> Consent | None:
    """The agreement that holds now for this purpose and agency."""
    query = select(Consent).where(Consent.case_id == case_id, Consent.purpose == purpose, *_live(work))
    about = col(Consent.agency_id) == agency_id if agency_id else col(Consent.agency_id).is_(None)
    return work.session.exec(query.where(about).order_by(col(Consent.given_at).desc())).first()


def covers(work: Work, case_id: UUID, category: Category) -> bool:
    """Whether the person agrees now, for any agency, that this kind of information may be shared."""
    given = select(Consent).where(Consent.case_id == case_id, *_live(work))
    return any(category in consent.categories for consent in work.session.exec(given))


def consentable(work: Work, agency: Agency) -> tuple[Category, ...]:
    """What a person may agree that an agency of this kind has, by the matrix."""
    seat = BY_AGENCY.get(agency.kind)
    if seat is None:
        return ()
    cells = work.reference[Matrix].cells
    asked = (category for category in Category if category not in NEVER_ASKED)
    return tuple(c for c in asked if any(grant.basis is Basis.CONSENT for grant in cells[c][seat]))


def listed(work: Work, case_id: UUID) -> tuple[Agreement, ...]:
    """Every answer the person has given, the newest first."""
    query = select(Consent).where(Consent.case_id == case_id)
    rows = list(work.session.exec(query.order_by(col(Consent.given_at).desc(), col(Consent.created_at).desc())))
    return tuple(_shown(work, rows))


def _record(work: Work, case_id: UUID, state: ConsentState, **told: Any) -> Agreement:
    """The answer as a row of its own; whatever held for the same purpose and agency ends."""
    agency_id = told.get("agency_id")
    for earlier in _holding(work, case_id, told["purpose"], agency_id):
        earlier.ended_at = work.now
        work.session.add(earlier)
    row = work.add(Consent(case_id=case_id, state=state, given_at=work.now, recorded_by=work.actor.id, **told))
    if state is not ConsentState.GIVEN and not _other_agreements(work, case_id, agency_id):
        _end_standing(work, case_id, agency_id)
    kind = {
        ConsentState.GIVEN: events.Consented,
        ConsentState.REFUSED: events.ConsentRefused,
        ConsentState.WITHDRAWN: events.ConsentWithdrawn,
    }[state]
    work.record(kind(subject_id=row.id, case_id=case_id, purpose=str(row.purpose), agency_id=agency_id))
    return _shown(work, [row])[0]


def _holding(work: Work, case_id: UUID, purpose: str, agency_id: UUID | None) -> list[Consent]:
    about = col(Consent.agency_id) == agency_id if agency_id else col(Consent.agency_id).is_(None)
    query = select(Consent).where(
        Consent.case_id == case_id,
        Consent.purpose == purpose,
        Consent.state == ConsentState.GIVEN,
        col(Consent.ended_at).is_(None),
        about,
    )
    return list(work.session.exec(query))


def _other_agreements(work: Work, case_id: UUID, agency_id: UUID | None) -> bool:
    """Whether the person still agrees to something else for this agency."""
    query = select(Consent.id).where(Consent.case_id == case_id, col(Consent.agency_id) == agency_id, *_live(work))
    return work.session.exec(query).first() is not None


def _live(work: Work) -> tuple[Any, ...]:
    lasting = or_(col(Consent.expires_on).is_(None), col(Consent.expires_on) >= work.today)
    return (col(Consent.state) == ConsentState.GIVEN, col(Consent.ended_at).is_(None), lasting)


def _shown(work: Work, rows: list[Consent]) -> list[Agreement]:
    names = {
        row.id: row.name
        for row in work.session.execute(
            select(Agency.id, col(Agency.name)).where(col(Agency.id).in_({row.agency_id for row in rows}))
        )
    }
    more = {
        row.id: {
            "agency": names.get(row.agency_id, ""),
            "categories": tuple(map(Category, row.categories)),
            "live": row.state is ConsentState.GIVEN
            and row.ended_at is None
            and (row.expires_on is None or row.expires_on >= work.today),
        }
        for row in rows
    }
    return access.show_all(work, rows, Agreement, more)


def _may_record(work: Work, case_id: UUID) -> None:
    access.take_case(work, case_id)
    refuse_if(not acts_among(work.actor, RECORDERS), NotPermitted)


def _may_favour(work: Work, case_id: UUID, agency_id: UUID, categories: Collection[Category]) -> bool:
    """Nobody records a consent that gives their own agency what it does not hold already without one."""
    if agency_id != work.actor.agency_id:
        return True
    held, matrix = replace(access.standing(work, case_id), consented=frozenset()), work.reference[Matrix]
    return all(matrix.grant_for(category, held) for category in categories)


def _give_standing(work: Work, case_id: UUID, agency: Agency, until: date | None) -> None:
    """A probation office with no other basis is here by consent alone, and no longer than it lasts.

    A provider's standing begins with a handover it accepts: before that it knows a summary, whatever was agreed.
    """
    involvement = access.involve(work, case_id, agency.id, Basis.CONSENT, "consent")
    involvement.until_at = end_of(until) if until else None
    work.session.add(involvement)


def _end_standing(work: Work, case_id: UUID, agency_id: UUID | None) -> None:
    query = select(Involvement).where(
        Involvement.case_id == case_id,
        Involvement.agency_id == agency_id,
        Involvement.basis == Basis.CONSENT,
        or_(col(Involvement.until_at).is_(None), col(Involvement.until_at) > work.now),
    )
    for involvement in work.session.exec(query).all():
        standing.end(work, involvement)
