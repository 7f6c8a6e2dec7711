"""What a stranger may know of a person, who is waiting for whom, and how a service answers. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median
from typing import Literal

from throughcare.handover.marks import words_of
from throughcare.handover.words import OVER, Status
from throughcare.kernel.clock import LONDON, london_day

Light = Literal["", "amber", "red"]
Turn = Literal["", "receiver", "sender"]
SENDERS_TURN = frozenset({Status.INFORMATION_REQUESTED, Status.RETURN_OFFERED})
SHORTEST_MARK = 3  # letters: a shorter name would find itself in any text


def initials(given: str, family: str) -> str:
    """R.A.: the first letter of each name."""
    return "".join(f"{name.strip()[:1].upper()}." for name in (given, family) if name.strip())


def age_band(birth: date, today: date, starts: Sequence[int]) -> str:
    """25 to 34: the band of whole years lived; "under 18" and "65 and over" at the ends."""
    age = today.year - birth.year - ((today.month, today.day) < (birth.month, birth.day))
    below = [start for start in starts if start <= age]
    if not below:
        return f"under {starts[0]}"
    following = [start for start in starts if start > age]
    return f"{below[-1]} to {following[0] - 1}" if following else f"{below[-1]} and over"


def week_of(day: date | None) -> date | None:
    """The Monday of that week."""
    return day - timedelta(days=day.weekday()) if day else None


def names_somebody(text: str, marks: Collection[str]) -> bool:
    """Whether a text gives away one of these names, numbers or postcodes, however it is spaced, cased or disguised."""
    said = words_of(text)
    words, run = set(said), "".join(said)
    for mark in marks:
        parts = words_of(mark)
        whole = "".join(parts)
        numbered = any(letter.isdigit() for letter in whole)
        if len(whole) >= SHORTEST_MARK and (whole in run if numbered else words.issuperset(parts)):
            return True
    return False


@dataclass(frozen=True)
class Waited:
    """Whole London days since it was sent, and whose they were. The two parts add up to the whole."""

    total: int = 0
    for_them: int = 0  # for the receiving team
    for_us: int = 0  # for the sender
    turn: Turn = ""
    since: datetime | None = None


def waited(moves: Iterable[tuple[Status, datetime]], now: datetime) -> Waited:
    """From each status reached and when: how long it has waited, for whom, and whose turn it is now."""
    days: Counter[str] = Counter()
    turn: Turn = ""
    began = last = None
    for status, at in sorted(moves, key=lambda move: move[1]):
        days[turn] += _days(last, at)
        following = turn_in(status)
        began = began if following == turn else at
        turn, last = following, at
    if turn:
        days[turn] += _days(last, now)
    for_them, for_us = days["receiver"], days["sender"]
    return Waited(for_them + for_us, for_them, for_us, turn, began if turn else None)


def _days(since: datetime | None, until: datetime) -> int:
    return (london_day(until) - london_day(since)).days if since else 0


def turn_in(status: Status) -> Turn:
    """Whose move is awaited; nobody's before it is sent, once the case has passed, and when it is over."""
    if status in OVER or status in {Status.DRAFT, Status.ACTIVE}:
        return ""
    return "sender" if status in SENDERS_TURN else "receiver"


def meeting_light(release_on: date | None, met: bool, today: date, amber: int, red: int) -> Light:  # noqa: FBT001 - a fact
    """How urgent a missing three-way meeting is; blank when it was held, or while release is far off or unknown."""
    if met or release_on is None:
        return ""
    left = (release_on - today).days
    if left <= red:
        return "red"
    return "amber" if left <= amber else ""


@dataclass(frozen=True)
class Answered:
    """One answer a service gave: whole London days from sending, yes or no, and the reason for a no."""

    days: int
    accepted: bool
    reason: str = ""


@dataclass(frozen=True)
class ReplyFigures:
    """How a service answers, from our own record; None while there are too few answers to say."""

    answers: int | None = None
    median_days: float | None = None
    accepted_percent: int | None = None
    top_reasons: tuple[str, ...] = ()


def reply_figures(answers: Sequence[Answered], suppress_under: int) -> ReplyFigures:
    """The middle time to an answer, the share accepted and the commonest reasons for a no; no share over or of a few."""
    if len(answers) < suppress_under:
        return ReplyFigures()
    reasons = Counter(answer.reason for answer in answers if not answer.accepted)
    often = sorted(reasons, key=lambda reason: (-reasons[reason], reason)) if reasons.total() >= suppress_under else []
    accepted, declined = len(answers) - reasons.total(), reasons.total()
    few = any(0 < side < suppress_under for side in (accepted, declined))  # none at all tells of nobody
    percent = None if few else int(100 * accepted / len(answers) + 0.5)
    return ReplyFigures(len(answers), median(answer.days for answer in answers), percent, tuple(often[:3]))


def spoken(at: datetime) -> str:
    """4 June 2026 at 9:32am, on London's clock."""
    local = at.astimezone(LONDON)
    return f"{spoken_day(local.date())} at {local.hour % 12 or 12}:{local:%M}{'am' if local.hour < 12 else 'pm'}"  # noqa: PLR2004 - noon


def spoken_day(on: date) -> str:
    """4 June 2026."""
    return f"{on.day} {on:%B %Y}"
