"""Every load and every look at a case goes through here: in by take or find, out by show."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import takewhile
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Select, String, and_, bindparam, cast, or_, true
from sqlalchemy import select as sa_select
from sqlmodel import col, select

from throughcare.casework.events import InvolvementBegan
from throughcare.casework.people import Case, Consent, ConsentState, Person
from throughcare.casework.rows import Involvement
from throughcare.disclosure.policy import Basis, Matrix, Standing, seat_of
from throughcare.disclosure.reading import Disclosed, Line, View, reveal
from throughcare.kernel.actors import Role
from throughcare.kernel.categories import Category
from throughcare.kernel.refusals import NotFound, NotPermitted, refuse_if
from throughcare.kernel.rows import CaseRow
from throughcare.kernel.work import Work

T = TypeVar("T", bound=CaseRow)
V = TypeVar("V", bound=View)
RESTS_ON = (Involvement, Consent)  # the tables that somebody's standing is read from


def standings(work: Work, case_ids: Iterable[UUID]) -> dict[UUID, Standing]:
    """The reader's standing in each of these cases, from the agency's live involvements and the person's live consents.

    Consent opens nothing by itself: it widens what an agency with a live involvement may read. A person may agree to be
    referred to a team that has not accepted them, and may not know of them yet.
    """
    asked = (Standing, work.actor)
    return work.each(asked, set(case_ids), lambda wanted: _standings(work, wanted), RESTS_ON)


def _standings(work: Work, wanted: set[UUID]) -> dict[UUID, Standing]:
    bases: dict[UUID, set[Basis]] = {case_id: set() for case_id in wanted}
    consented: dict[UUID, set[Category]] = {case_id: set() for case_id in wanted}
    asked = {"agency": work.actor.agency_id, "now": work.now, "today": work.today, "wanted": list(wanted)}
    for case_id, basis in work.session.execute(BASES, asked):
        bases[case_id].add(basis)
    for case_id, categories in work.session.execute(CONSENTED, asked):
        consented[case_id].update(map(Category, categories))
    seat = seat_of(work.actor)
    return {c: Standing(seat, frozenset(bases[c]), frozenset(consented[c] if bases[c] else ())) for c in wanted}


def standing(work: Work, case_id: UUID) -> Standing:
    """The reader's standing in one case."""
    return standings(work, [case_id])[case_id]


def _live_of(agency_id: Any, now: Any) -> Select[Any]:
    return sa_select(Involvement.case_id).where(  # type: ignore[call-overload,no-any-return] # SQLModel's columns
        col(Involvement.agency_id) == agency_id,
        col(Involvement.from_at) <= now,
        or_(col(Involvement.until_at).is_(None), col(Involvement.until_at) > now),
    )


def _live(work: Work) -> Select[Any]:
    return _live_of(work.actor.agency_id, work.now)


# Asked more often than anything else, and so put together once: to do it each time costs as much as to ask.
AGENCY: Any = bindparam("agency")
NOW: Any = bindparam("now")
WANTED: Any = bindparam("wanted", expanding=True)
BASES = _live_of(AGENCY, NOW).add_columns(col(Involvement.basis)).where(col(Involvement.case_id).in_(WANTED))
CONSENTED: Select[Any] = sa_select(Consent.case_id, Consent.categories).where(  # type: ignore[call-overload] # a JSON column
    col(Consent.agency_id) == AGENCY,
    col(Consent.state) == ConsentState.GIVEN,
    col(Consent.ended_at).is_(None),
    or_(col(Consent.expires_on).is_(None), col(Consent.expires_on) >= bindparam("today")),
    col(Consent.case_id).in_(WANTED),
)


def cases_with_standing(work: Work) -> Select[Any]:
    """The ids of the cases this reader may know of, as a subquery: every list is filtered by it."""
    if work.actor.role is Role.SYSTEM:
        return select(Case.id)
    refuse_if(seat_of(work.actor) is None, NotPermitted)
    return _live(work)


def known(work: Work, case_id: Any) -> ColumnElement[bool]:
    """Of a query's rows: that the reader may know of the case, asked row by row so that a page costs the same at any size.

    It is a subquery with a value: an EXISTS would be made a join, which PostgreSQL thinks leaves next to nothing, and so
    sorts the whole list for the sake of its first page.
    """
    if work.actor.role is Role.SYSTEM:
        return true()
    refuse_if(seat_of(work.actor) is None, NotPermitted)
    asked = _live(work).where(col(Involvement.case_id) == case_id).limit(1)
    return asked.with_only_columns(true()).scalar_subquery()


def fully_told(work: Work, case_id: Any, category: Category) -> ColumnElement[bool]:
    """Of a query's rows: that the reader is told this of the case, and not in summary; as `standing` and the matrix say."""
    seat = seat_of(work.actor)
    cell = work.reference[Matrix].cells[category][seat] if seat else ()
    full = [grant.basis for grant in takewhile(lambda grant: not grant.summary, cell)]
    live = _live(work).where(col(Involvement.case_id) == case_id).limit(1).with_only_columns(true())
    held = live.where(col(Involvement.basis).in_([basis for basis in full if basis is not Basis.CONSENT]))
    if Basis.CONSENT not in full:
        return held.scalar_subquery()
    agreed = sa_select(true()).where(
        col(Consent.case_id) == case_id,
        col(Consent.agency_id) == work.actor.agency_id,
        col(Consent.state) == ConsentState.GIVEN,
        col(Consent.ended_at).is_(None),
        or_(col(Consent.expires_on).is_(None), col(Consent.expires_on) >= work.today),
        cast(col(Consent.categories), String).contains(f'"{category}"', autoescape=True),
    )
    return or_(held.scalar_subquery(), and_(live.scalar_subquery(), agreed.limit(1).scalar_subquery()))


def take(work: Work, kind: type[T], row_id: UUID) -> T:
    """The row, locked until this work is done: for those about to change it. NotFound where there is no standing."""
    return _seen(work, work.session.get(kind, row_id, with_for_update=True))


def find(work: Work, kind: type[T], row_id: UUID) -> T:
    """The row, to read. NotFound where there is no standing."""
    return _seen(work, work.session.get(kind, row_id))


def take_case(work: Work, case_id: UUID) -> Case:
    """The case, locked: taken first by whatever changes ownership, release or anything one case has one of."""
    return _known(work, work.session.get(Case, case_id, with_for_update=True))


def find_case(work: Work, case_id: UUID) -> Case:
    """The case, to read. NotFound where there is no standing."""
    found = work.each(Case, {case_id}, lambda _: {case_id: work.session.get(Case, case_id)})
    return _known(work, found[case_id])


def person_of(work: Work, case_id: UUID) -> Person:
    """Who the case is about; whether the reader may know of the case is asked beforehand."""
    about = select(Person).where(Person.case_id == case_id)
    return work.each(Person, {case_id}, lambda _: {case_id: work.session.exec(about).one()})[case_id]


def _seen(work: Work, row: T | None) -> T:
    if row is None:
        raise NotFound
    check(work, row.case_id)
    return row


def _known(work: Work, case: Case | None) -> Case:
    if case is None:
        raise NotFound
    check(work, case.id)
    return case


def check(work: Work, case_id: UUID) -> None:
    """A case you have no standing in is indistinguishable from no case."""
    if work.actor.role is Role.SYSTEM:
        return
    refuse_if(work.actor.role is Role.ADMIN, NotFound)
    refuse_if(not standing(work, case_id).bases, NotFound)


def told(work: Work, case_id: UUID, *categories: Category) -> bool:
    """Whether this reader may have any of these, even in summary: where not, that there are such rows is not theirs to know."""
    may, matrix = standing(work, case_id), work.reference[Matrix]
    return any(matrix.grant_for(category, may) for category in categories)


def show(work: Work, row: CaseRow, as_: type[V], **more: Any) -> V:
    """The view this reader may have of the row. `more` gives the fields that are not columns (marked Tells)."""
    return reveal(work, [(row, more)], as_, standings(work, [row.case_id]))[0]


def show_all(
    work: Work, rows: Sequence[CaseRow], as_: type[V], more: Mapping[UUID, Mapping[str, Any]] | None = None
) -> list[V]:
    """One view per row, with one record of the reading for the page. `more` is keyed by row id."""
    extra = more or {}
    return reveal(
        work, [(row, extra.get(row.id, {})) for row in rows], as_, standings(work, {row.case_id for row in rows})
    )


def show_lines(work: Work, lines: Mapping[UUID, Mapping[str, Any]], as_: type[V]) -> list[V]:
    """One view per case of a list selected as columns, keyed by case id, with one record of the reading."""
    return show_lines_of(work, [(Line(case_id, case_id), told) for case_id, told in lines.items()], as_)


def show_lines_of(work: Work, lines: Sequence[tuple[Line, Mapping[str, Any]]], as_: type[V]) -> list[V]:
    """One view per line, each line saying itself what it tells, with one record of the reading."""
    return reveal(work, lines, as_, standings(work, {line.case_id for line, _ in lines}))


def note_unplaced(work: Work, ids: Sequence[UUID], what: str, told: Iterable[Category]) -> None:
    """Record that words which belong to no case yet were read; refused to whoever could not read them in a case."""
    matrix, standing = work.reference[Matrix], Standing(seat_of(work.actor), frozenset({Basis.CARE, Basis.TASK}))
    grants = {category: matrix.grant_for(category, standing) for category in told}
    bases = {category: grant.basis for category, grant in grants.items() if grant and not grant.summary}
    refuse_if(len(bases) < len(grants), NotPermitted)
    if ids:
        work.record(Disclosed(subject_id=ids[0], what=what, bases=bases, withheld=(), shown=len(ids)))


def involve(work: Work, case_id: UUID, agency_id: UUID, basis: Basis, because: str) -> Involvement:
    """Give an agency standing from now, once: a live involvement on the same basis and reason is kept."""
    live = work.session.exec(
        select(Involvement).where(
            Involvement.case_id == case_id,
            Involvement.agency_id == agency_id,
            Involvement.basis == basis,
            Involvement.because == because,
            col(Involvement.until_at).is_(None),
        )
    ).first()
    if live:
        return live
    made = Involvement(case_id=case_id, agency_id=agency_id, basis=basis, because=because, from_at=work.now)
    work.add(made)
    work.record(
        InvolvementBegan(subject_id=made.id, case_id=case_id, agency_id=agency_id, basis=basis, because=because)
    )
    return made
