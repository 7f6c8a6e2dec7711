"""What one reception, release, handover, order or parent adds to the counts: one line each, without a name. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Protocol
from uuid import UUID

from throughcare.measures.periods import Period


@dataclass(frozen=True)
class Figures:
    """The numbers the measures turn on, from config/data/measures.toml."""

    least: int  # counts under this are not shown
    audit_need: int
    audit_dependent: int
    dudit_dependent: int
    seen_within: int  # days from reception
    continuity_within: int  # days from release
    adult_at: int  # years


@dataclass(frozen=True)
class Moment:
    """How the counting is done, and the day it is done on."""

    figures: Figures
    today: date


class Fact(Protocol):
    """Something counted at a prison: in which periods, and in which counts."""

    @property
    def prison(self) -> UUID | None: ...
    def falls_in(self, period: Period) -> bool: ...
    def counts(self, at: Moment) -> Iterator[str]: ...


@dataclass(frozen=True)
class Screened:
    """One side of a reception: the first completed AUDIT or DUDIT of the stay, and whether help was wanted."""

    score: int | None = None
    positive: bool = False  # by the instrument's own cut-off: DUDIT's hangs on sex
    wants_help: bool = False


@dataclass(frozen=True)
class Reception:
    """One stay in custody from its first day."""

    prison: UUID | None
    on: date
    left_on: date | None = None
    seen_on: date | None = None  # by the substance team, in this stay
    alcohol: Screened = Screened()
    drugs: Screened = Screened()

    def falls_in(self, period: Period) -> bool:
        return period.holds(self.on)

    def is_held_on_the_day(self, at: Moment) -> bool:
        """Whether the last day of the wait is over, and was spent in custody."""
        day = self.on + timedelta(days=at.figures.seen_within)
        return day < at.today and (self.left_on is None or self.left_on >= day)

    def is_seen(self, at: Moment) -> bool:
        """Whether the substance team saw them by the last day of the wait, that day included."""
        return self.seen_on is not None and self.seen_on <= self.on + timedelta(days=at.figures.seen_within)

    def needs(self, at: Moment) -> dict[str, tuple[bool, bool]]:
        """On each side: whether there is a need, and whether it is one of those whose wish for help is asked after."""
        figures, audit = at.figures, self.alcohol.score
        return {
            "alcohol": (
                audit is not None and audit >= figures.audit_need,
                audit is not None and audit >= figures.audit_dependent,
            ),
            "drugs": (self.drugs.score is not None and self.drugs.positive,) * 2,
        }

    def counts(self, at: Moment) -> Iterator[str]:
        yield "received"
        needs = self.needs(at)
        for side, screened in (("alcohol", self.alcohol), ("drugs", self.drugs)):
            yield from self._side(side, screened, needs[side], at)
        if needs["alcohol"][0] and self.is_held_on_the_day(at):
            yield from self._alcohol_beside_drugs(at, drugs=needs["drugs"][0])

    def _side(self, side: str, screened: Screened, need: tuple[bool, bool], at: Moment) -> Iterator[str]:
        if screened.score is None:
            return
        yield f"{side}_screened"
        cut = at.figures.audit_dependent if side == "alcohol" else at.figures.dudit_dependent
        if screened.score >= cut:
            yield f"{side}_dependent"
        if not need[0]:
            return
        yield f"{side}_need"
        if self.is_held_on_the_day(at):
            yield from self._waited(side, self.is_seen(at), wanting=need[1] and screened.wants_help)

    @staticmethod
    def _waited(side: str, is_seen: bool, *, wanting: bool) -> Iterator[str]:  # noqa: FBT001 - read beside its side
        yield f"{side}_held"
        if is_seen:
            yield f"{side}_seen"
        if wanting:
            yield f"{side}_wanting"
        if wanting and is_seen:
            yield f"{side}_wanting_seen"

    def _alcohol_beside_drugs(self, at: Moment, *, drugs: bool) -> Iterator[str]:
        if self.is_seen(at) and drugs:
            yield "alcohol_seen_drugs"
        if not self.is_seen(at) and not drugs:
            yield "alcohol_only_unseen"


@dataclass(frozen=True)
class Handing:
    """One handover that was sent, whose answer has come or is overdue."""

    prison: UUID | None
    sent_on: date
    in_time: bool

    def falls_in(self, period: Period) -> bool:
        return period.holds(self.sent_on)

    def counts(self, _: Moment) -> Iterator[str]:
        yield "handovers_due"
        if self.in_time:
            yield "handovers_in_time"


@dataclass(frozen=True)
class OrderEnded:
    """One treatment requirement that has ended: on which side, and whether completed or still going at its end."""

    prison: UUID | None
    side: str
    on: date
    kept_to: bool

    def falls_in(self, period: Period) -> bool:
        return period.holds(self.on)

    def counts(self, _: Moment) -> Iterator[str]:
        yield f"{self.side}_orders"
        if self.kept_to:
            yield f"{self.side}_orders_kept"


@dataclass(frozen=True)
class Parent:
    """One adult with children, and the spells in which they were in touch with treatment. Counted once a period."""

    prison: UUID | None
    spells: tuple[tuple[date, date | None], ...] = field(default=())

    def falls_in(self, period: Period) -> bool:
        return any(period.meets(start, end) for start, end in self.spells)

    def counts(self, _: Moment) -> Iterator[str]:
        yield "parents"


@dataclass(frozen=True)
class ToldAboutChild:
    """One consultation with the front door, or one referral to it."""

    prison: UUID | None
    on: date
    referral: bool

    def falls_in(self, period: Period) -> bool:
        return period.holds(self.on)

    def counts(self, _: Moment) -> Iterator[str]:
        yield "child_referrals" if self.referral else "child_consultations"
