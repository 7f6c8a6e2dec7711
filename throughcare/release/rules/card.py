"""What stands on the release-day card, in the person's language, from what may be told of the plan."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from throughcare.kernel.clock import LONDON

NOON = 12
Block = tuple[str, ...]


@dataclass(frozen=True)
class Tongue:
    """The card's words, days and months in one language."""

    words: Mapping[str, str]
    kinds: Mapping[str, str]
    days: Sequence[str]
    months: Sequence[str]

    def when(self, instant: datetime) -> str:
        """Wednesday 20 January at 9:30am."""
        local = instant.astimezone(LONDON)
        half = self.words["pm" if local.hour >= NOON else "am"]
        day = f"{self.days[local.weekday()]} {local.day} {self.months[local.month - 1]}"
        return f"{day} {self.words['at']} {local.hour % NOON or NOON}:{local.minute:02}{half}"


@dataclass(frozen=True)
class Stop:
    """Somewhere to be."""

    kind: str
    at: datetime
    place: str = ""
    with_whom: str = ""
    phone: str = ""


@dataclass(frozen=True)
class Dose:
    """The next dose: when, where and whom to ring."""

    at: datetime
    where: str = ""
    phone: str = ""


@dataclass(frozen=True)
class Told:
    """What may be told. `dose_withheld`: whoever prints it may not know of doses, so the person is told to ask."""

    stops: tuple[Stop, ...] = ()
    tonight: str = ""
    tonight_phone: str = ""
    later: str = ""
    dose: Dose | None = None
    dose_withheld: bool = False
    worker: str = ""
    worker_phone: str = ""
    help: tuple[str, ...] = ()
    emergency: str = ""


@dataclass(frozen=True)
class Section:
    """A heading and what stands under it, in blocks of lines that are not broken over two columns.

    `named`: the first line of each block is its name, and stands out.
    """

    heading: str
    blocks: tuple[Block, ...]
    named: bool = False


def sections(told: Told, tongue: Tongue, stops_shown: int | None = None) -> tuple[Section, ...]:
    """The inside of the card, in the order in which the person needs it."""
    parts: tuple[Callable[[], Iterator[Section]], ...] = (
        lambda: _go(told, tongue, stops_shown),
        lambda: _tonight(told, tongue),
        lambda: _dose(told, tongue),
        lambda: _help(told, tongue),
    )
    return tuple(section for part in parts for section in part())


def _go(told: Told, tongue: Tongue, shown: int | None) -> Iterator[Section]:
    words = tongue.words
    kept = told.stops if shown is None else told.stops[:shown]
    blocks = [_stop(stop, tongue) for stop in kept]
    if len(kept) < len(told.stops):
        blocks.append((words["more"],))
    yield Section(words["go"], tuple(blocks) or ((words["none_booked"],),), named=bool(blocks))


def _stop(stop: Stop, tongue: Tongue) -> Block:
    words = tongue.words
    lines = (
        tongue.kinds.get(stop.kind, tongue.kinds["other"]),
        tongue.when(stop.at),
        stop.place,
        stop.with_whom and f"{words['with']} {stop.with_whom}",
        stop.phone and f"{words['ring']} {stop.phone}",
    )
    return tuple(line for line in lines if line)


def _tonight(told: Told, tongue: Tongue) -> Iterator[Section]:
    words = tongue.words
    lines = [*told.tonight.splitlines(), told.tonight_phone and f"{words['ring']} {told.tonight_phone}"]
    later = told.later and f"{words['later']}: {told.later}"
    blocks = (tuple(filter(None, lines)) or (words["tonight_ask"],), (later,) if later else ())
    yield Section(words["tonight"], tuple(block for block in blocks if block))


def _dose(told: Told, tongue: Tongue) -> Iterator[Section]:
    words = tongue.words
    if told.dose:
        ring = told.dose.phone and f"{words['ring']} {told.dose.phone}"
        yield Section(words["dose"], (tuple(filter(None, (tongue.when(told.dose.at), told.dose.where, ring))),))
    elif told.dose_withheld:
        yield Section(words["dose"], ((words["dose_ask"],),))


def _help(told: Told, tongue: Tongue) -> Iterator[Section]:
    words = tongue.words
    worker = f"{words['worker']}: {told.worker}" if told.worker else ""
    blocks = (
        tuple(filter(None, (worker, told.worker_phone and f"{words['ring']} {told.worker_phone}"))),
        (f"{words['emergency']} {told.emergency}", *told.help),
        (words["tolerance"],),
    )
    yield Section(words["help"], tuple(block for block in blocks if block))
