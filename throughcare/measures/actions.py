"""The measures: counted afresh from the rows of every feature, with what is too small left out."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from sqlmodel import col, select

from throughcare.casework.agencies import Agency
from throughcare.kernel.actors import AgencyKind, Role
from throughcare.kernel.forms import Choice
from throughcare.kernel.refusals import NotPermitted, refuse_if
from throughcare.kernel.work import Work
from throughcare.measures.book import MeasureBook
from throughcare.measures.facts import Fact, Moment
from throughcare.measures.families import parents, told
from throughcare.measures.following import followed, reports_due
from throughcare.measures.forms import MeasuresQuery
from throughcare.measures.gathering import cases_of, of_year, stays
from throughcare.measures.grid import EVERYWHERE, Grid, counted
from throughcare.measures.handings import handings
from throughcare.measures.orders import orders_ended
from throughcare.measures.periods import Period, Year, named, years_to
from throughcare.measures.receptions import receptions
from throughcare.measures.releases import releases
from throughcare.measures.sheet import csv_of
from throughcare.measures.views import NOT_SHOWN, Lens, MeasuresPage, grouped

READERS = frozenset(Role) - {Role.ADMIN, Role.SYSTEM}
EVERY_PRISON = "Every prison"
HEADINGS = (
    "Measure", "Whom", "Definition", "Numerator", "Denominator", "Count", "Out of", "Per cent", "Period", "Prison",
    "Source", "Certainty",
)  # fmt: skip


def show(work: Work, asked: MeasuresQuery) -> MeasuresPage:
    """The page for one period and prison. NotPermitted for whoever reads no measures."""
    kind = work.actor.agency_kind
    refuse_if(work.actor.role not in READERS or kind is None, NotPermitted)
    book = work.reference[MeasureBook]
    year, period = named(asked.period, work.today, book.scope.years)
    prisons = prisons_named(work)
    place = asked.prison if asked.prison in prisons else EVERYWHERE
    prison = prisons.get(place, EVERY_PRISON)
    lens = Lens(count(work, year, tuple(map(UUID, prisons))), period, place, prison)
    return MeasuresPage(
        asked=MeasuresQuery(
            period="" if period == named("", work.today, 1)[1] else period.code,
            prison="" if place == EVERYWHERE else place,
        ),
        period=period.label,
        first=period.first,
        last=min(period.last, work.today),
        prison=prison,
        least=book.figures.least,
        own=kind is not AgencyKind.PRISON,
        version=book.version,
        groups=tuple(grouped(book, book.seen_by(kind or AgencyKind.PRISON), lens, year.begun(work.today))),
        periods=tuple(_periods(work, book)),
        prisons=(Choice("", EVERY_PRISON), *_options(prisons)),
    )


def sheet_of(page: MeasuresPage) -> str:
    """The same numbers as CSV."""
    return csv_of([HEADINGS, *lines(page)])


def lines(page: MeasuresPage) -> Iterator[tuple[object, ...]]:
    """One line a number, each with all it takes to read it alone."""
    for measure in (measure for group in page.groups for measure in group.measures):
        for it in measure.counted:
            numbers = (
                NOT_SHOWN if it.count is None else it.count,
                (NOT_SHOWN if it.out_of is None else it.out_of) if it.below else "",
                (NOT_SHOWN if it.per_cent is None else it.per_cent) if it.below else "",
            )
            about = (measure.name, it.label, measure.definition, it.above, it.below)
            yield (*about, *numbers, measure.period, measure.prison, measure.source, measure.certainty)


def count(work: Work, year: Year, prisons: tuple[UUID, ...]) -> Grid:
    """Every number of a year, over every prison at once, so that no two pages tell together what one may not."""
    book = work.reference[MeasureBook]
    return counted(list(facts(work, year.whole, book)), year, prisons, Moment(book.figures, work.today))


def facts(work: Work, period: Period, book: MeasureBook) -> Iterator[Fact]:
    """All that is counted in a period for this reader."""
    cases = cases_of(work.actor)
    chosen = of_year(cases, period)
    held = stays(work, chosen)
    yield from receptions(work, held, chosen)
    released = list(releases(work, held, chosen, book.scope))
    yield from (release for _, release in released)
    yield from followed(work, released, chosen)
    yield from reports_due(work, period, cases)
    yield from handings(work, period, cases)
    yield from orders_ended(work, period, cases, book.scope.orders)
    yield from parents(work, period, cases)
    yield from told(work, period, cases)


def prisons_named(work: Work) -> dict[str, str]:
    """Every prison of the partnership, closed ones too, by name."""
    query = select(Agency.id, Agency.name).where(Agency.kind == AgencyKind.PRISON).order_by(col(Agency.name))
    return {str(prison_id): name for prison_id, name in work.session.exec(query)}


def _periods(work: Work, book: MeasureBook) -> Iterator[Choice]:
    for year in years_to(work.today, book.scope.years):
        for period in year.choices(work.today):
            is_first = period.first <= work.today <= period.last and period == year.whole
            yield Choice("" if is_first else period.code, period.label)


def _options(prisons: dict[str, str]) -> Iterator[Choice]:
    return (Choice(value, label) for value, label in prisons.items())
