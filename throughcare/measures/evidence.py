"""How check-ins go, beside what has been published: replies by day since release, delivery, and calls, small numbers hidden."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict
from sqlalchemy import ColumnElement, case, func, literal, or_, select
from sqlmodel import col

from throughcare.casework.rows import Task
from throughcare.checkin import errands, steps
from throughcare.checkin.on_call_rows import TextAgain
from throughcare.checkin.rows import CheckinPrompt, TextReceived
from throughcare.checkin.schedule import PROOF_STEP
from throughcare.kernel.actors import Role, acts_among
from throughcare.kernel.delivery import Delivery
from throughcare.kernel.forms import Ask, Choice, Form, OptionalLine
from throughcare.kernel.outbox import OutboxRow
from throughcare.kernel.refusals import NotPermitted, refuse_if
from throughcare.kernel.work import Work
from throughcare.measures.gathering import cases_of
from throughcare.measures.periods import Period, years_to
from throughcare.measures.suppression import Sum, Table, hidden, rate

YEARS = 3
ALL = "all"
PARTS = ("delivered", "answered", "called")
NAMES = {"delivered": "delivered", "answered": "answered", "called": "led to a call"}


class Band(BaseModel):
    """Days since release, both counted."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    label: str
    first: int
    last: int


class Figure(BaseModel):
    """A published figure with its source; `measure` is what of ours it may stand beside, blank where nothing is like it."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    study: str
    measure: str = ""
    per_cent: float | None = None
    said: str
    who: str
    source: str
    certainty: str


class Evidence(BaseModel):
    """The file as read: the days that are counted together, the least that is shown, and what was published."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    version: str
    least: int
    band: tuple[Band, ...]
    figure: tuple[Figure, ...]


class EvidenceQuery(Form):
    """Which financial year."""

    year: Annotated[OptionalLine, Ask("Year", choices="years", widget="select")] = ""


class BandShown(BaseModel):
    """Texts of these days: how many, and of these how many per cent. None may not be shown."""

    model_config = ConfigDict(frozen=True, defer_build=True)
    label: str
    asked: int | None = None
    delivered: float | None = None
    answered: float | None = None
    called: float | None = None


class Beside(BaseModel):
    """A published figure, with ours beside it in a sentence where there is one."""

    model_config = ConfigDict(frozen=True, defer_build=True)
    figure: Figure
    sentence: str = ""


class EvidencePage(BaseModel):
    """One year of the cases that count for this reader."""

    model_config = ConfigDict(frozen=True, defer_build=True)
    year: str
    first: date
    last: date
    least: int
    whole: BandShown
    bands: tuple[BandShown, ...]
    beside: tuple[Beside, ...]
    years: tuple[Choice, ...]


def show(work: Work, asked: EvidenceQuery) -> EvidencePage:
    """For managers of those who work with texts."""
    refuse_if(work.actor.role is not Role.MANAGER or not acts_among(work.actor, steps.STAFF), NotPermitted)
    book, years = work.reference[Evidence], [year.whole for year in years_to(work.today, YEARS)]
    period = next((year for year in years if year.code == asked.year), years[0])
    counts = {band.label: _counted(work, period, band) for band in book.band}
    told = _told(counts | {ALL: _counted(work, period, None)}, book.least)
    whole = told[ALL]
    return EvidencePage(
        year=period.label,
        first=period.first,
        last=min(period.last, work.today),
        least=book.least,
        whole=whole,
        bands=tuple(told[band.label] for band in book.band),
        beside=tuple(Beside(figure=figure, sentence=_sentence(figure, whole)) for figure in book.figure),
        years=tuple(Choice("" if year is years[0] else year.code, year.label) for year in years),
    )


def _counted(work: Work, period: Period, band: Band | None) -> Mapping[str, tuple[int, int]]:
    """Of check-ins that the provider took: how many texts and how many people, for each part and for what is left over."""
    prompt, message = CheckinPrompt, OutboxRow
    parts = {"asked": literal(1) == literal(1), **_parts()}
    parts |= {f"not_{name}": ~holds for name, holds in _parts().items()}
    texts = [func.count(case((holds, col(prompt.id)))) for holds in parts.values()]
    people = [func.count(func.distinct(case((holds, col(prompt.case_id))))) for holds in parts.values()]
    counted = (
        select(*texts, *people)
        .select_from(prompt)
        .join(message, col(message.id) == col(prompt.message_id))
        .where(
            col(prompt.case_id).in_(cases_of(work.actor)),
            col(prompt.step) != PROOF_STEP,
            col(prompt.on).between(period.first, period.last),
            col(message.accepted_at).is_not(None),
            *((col(prompt.day).between(band.first, band.last),) if band else ()),
        )
    )
    row = work.session.execute(counted).one()
    return {name: (row[at], row[at + len(parts)]) for at, name in enumerate(parts)}


def _parts() -> dict[str, ColumnElement[bool]]:
    """What became of one check-in. A call: somebody was asked to ring because of it."""
    answered = col(CheckinPrompt.answered_at).is_not(None)
    answers: Any = select(TextReceived.id).where(col(TextReceived.prompt_id) == col(CheckinPrompt.id))  # type: ignore[call-overload] # SQLModel's columns
    of_it = answers.correlate(CheckinPrompt)  # or they would be those of any check-in
    subject: Any = col(Task.subject_id)
    called = select(Task.id).where(  # type: ignore[call-overload] # SQLModel's columns
        col(Task.kind).in_(sorted(errands.CALLS)),
        col(Task.case_id) == col(CheckinPrompt.case_id),
        or_(subject == col(CheckinPrompt.id), subject.in_(of_it)),
    )
    again = select(TextAgain.id).where(  # type: ignore[call-overload] # SQLModel's columns
        col(TextAgain.errand).in_(sorted(errands.CALLS)), col(TextAgain.text_id).in_(of_it)
    )  # counted with a call that was still to be made
    delivered = or_(col(OutboxRow.state) == Delivery.DELIVERED, answered)
    return {"delivered": delivered, "answered": answered, "called": or_(called.exists(), again.exists())}


def _told(counts: Mapping[str, Mapping[str, tuple[int, int]]], least: int) -> dict[str, BandShown]:
    """The rates that may be shown. What rests on fewer people than `least` is hidden, and what would give it away."""
    values = {
        (band, name): texts if people >= least else min(texts, 1)
        for band, each in counts.items()
        for name, (texts, people) in each.items()
    }
    unseen = hidden(Table(values, list(_sums(counts)), least, unprinted=[cell for cell in values if "not_" in cell[1]]))
    shown = {}
    for band, each in counts.items():
        seen = {name: None if _kept((band, name), unseen, each) else each[name][0] for name in each}
        label = "All days" if band == ALL else band
        rates = {name: rate(seen[name], seen["asked"]) if seen[f"not_{name}"] is not None else None for name in PARTS}
        shown[band] = BandShown(label=label, asked=seen["asked"], **rates)
    return shown


def _kept(cell: tuple[str, str], unseen: frozenset[tuple[str, str]], each: Mapping[str, tuple[int, int]]) -> bool:
    """Hidden; but nobody is told of by none, where there are people enough in all."""
    return cell in unseen and not (each[cell[1]][0] == 0 and (cell[0], "asked") not in unseen)


def _sums(counts: Mapping[str, Mapping[str, object]]) -> Iterator[Sum[tuple[str, str]]]:
    bands = [band for band in counts if band != ALL]
    for name in counts[ALL]:
        yield Sum((ALL, name), tuple((band, name) for band in bands))
    for band in counts:
        for name in PARTS:
            yield Sum((band, "asked"), ((band, name), (band, f"not_{name}")))


def _sentence(figure: Figure, whole: BandShown) -> str:
    """Ours beside theirs, with what may be said of the difference."""
    if not figure.measure or figure.per_cent is None:
        return ""
    ours = getattr(whole, figure.measure)
    if ours is None:
        return "There are too few here yet to set beside it."
    gap = ours - figure.per_cent
    way = "about the same" if abs(gap) < 1 else f"{abs(gap):.1f} points {'more' if gap > 0 else 'fewer'}"
    return f"Here {ours:g}% of {whole.asked:,} texts were {NAMES[figure.measure]}: {way}.".replace("were led", "led")
