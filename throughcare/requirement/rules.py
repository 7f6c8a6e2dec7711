"""What counts, what is in force, what may be said, and when a period ends. Pure."""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from throughcare.kernel.refusals import Invalid, refuse_if
from throughcare.requirement.words import AbsenceStatus, OrderKind

DECEMBER = 12


class ClinicalWord(Invalid):
    """The sentence on engagement holds clinical or personal words: say only how they take part."""

    code, beside = "clinical_word", "sentence"


class TooLong(Invalid):
    """The sentence on engagement must be 300 characters or fewer."""

    code, beside = "too_long", "sentence"


class OneSentence(Invalid):
    """Say it in one sentence."""

    code, beside = "one_sentence", "sentence"


class NotADate(Invalid):
    """The end must not be before the start."""

    code, beside = "not_a_date", "ends_on"


class NotYetHappened(Invalid):
    """The date cannot be in the future."""

    code = "not_yet_happened"


@dataclass(frozen=True)
class Warned:
    """A warning as the 12-month rule sees it."""

    given_on: date
    expires_on: date
    withdrawn: bool = False


def warning_in_force(warnings: Iterable[Warned], on: date) -> Warned | None:
    """The latest warning that holds on this day, its last day counted in; None when there is none."""
    holding = [one for one in warnings if not one.withdrawn and one.given_on <= on <= one.expires_on]
    return max(holding, key=lambda one: one.given_on, default=None)


def months_after(day: date, months: int) -> date:
    """The corresponding day so many months on: the month's last day where it has no such day (Dodds v Walker)."""
    years, month = divmod(day.month - 1 + months, DECEMBER)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def periods(starts_on: date, months: int) -> Iterator[tuple[date, date]]:
    """The report periods of a requirement, first day and last: each begins where the one before it ended."""
    number = 0
    while True:
        first = months_after(starts_on, number * months)
        yield first, months_after(starts_on, (number + 1) * months) - timedelta(days=1)
        number += 1


def untold(first: date, last: date, told: Iterable[tuple[date, date]]) -> list[tuple[date, date]]:
    """The stretches of these days that no report is about, in order."""
    stretches = []
    for begins, ends in sorted(pair for pair in told if pair[0] <= last):
        if first < begins:
            stretches.append((first, begins - timedelta(days=1)))
        first = max(first, ends + timedelta(days=1))
    return [*stretches, (first, last)] if first <= last else stretches


@dataclass(frozen=True)
class Outcome:
    """One ordered appointment as the report counts it: the fact, and what probation made of an absence."""

    fact: str
    absence: AbsenceStatus | None = None


@dataclass(frozen=True)
class Tally:
    """The report's counts. Offered is the sum of attended, both kinds of absence, those undecided and those cancelled."""

    offered: int = 0
    attended: int = 0
    late: int = 0
    not_engaged: int = 0
    acceptable: int = 0
    unacceptable: int = 0
    undecided: int = 0
    cancelled_by_service: int = 0


CAME = ("attended", "attended_late", "attended_not_engaged")


def tally(outcomes: Sequence[Outcome]) -> Tally:
    """Count the appointments of a period. Rearranged and not required were never kept open, so they are not counted."""

    def with_fact(*facts: str) -> int:
        return sum(one.fact in facts for one in outcomes)

    def missed(*statuses: AbsenceStatus | None) -> int:
        return sum(one.fact == "absent" and one.absence in statuses for one in outcomes)

    return Tally(
        offered=with_fact(*CAME, "absent", "cancelled_by_service"),
        attended=with_fact(*CAME),
        late=with_fact("attended_late"),
        not_engaged=with_fact("attended_not_engaged"),
        acceptable=missed(AbsenceStatus.ACCEPTABLE),
        unacceptable=missed(AbsenceStatus.UNACCEPTABLE),
        undecided=missed(AbsenceStatus.UNDECIDED, AbsenceStatus.AWAITING, None),
        cancelled_by_service=with_fact("cancelled_by_service"),
    )


def unwritten(outcomes: Sequence[Outcome]) -> int:
    """How many appointments of a period have no outcome recorded."""
    return sum(one.fact == "booked" for one in outcomes)


def clinical_words(sentence: str, barred: Sequence[str]) -> list[str]:
    """The barred words a sentence holds; accents, case and look-alike letters do not hide one. `*` is any ending."""
    plain = _plain(sentence)
    squeezed = re.sub(r"[^a-z0-9]+", "", plain)
    found = [word for word in barred if re.search(_pattern(word), plain)]
    spelt_out = re.search(r"\b(?:[a-z][ .\-_]){3,}", plain)
    return found or ([sentence] if spelt_out and any(word.rstrip("*") in squeezed for word in barred) else [])


def _plain(text: str) -> str:
    split = unicodedata.normalize("NFKD", text).casefold()
    return "".join(letter for letter in split if not unicodedata.combining(letter) and letter.isprintable())


def _pattern(word: str) -> str:
    stem = r"[\s\-]+".join(map(re.escape, re.split(r"[ \-]", word.rstrip("*"))))
    return rf"(?<![a-z]){stem}" + ("" if word.endswith("*") else r"(?![a-z])")


def refuse_unfit_sentence(sentence: str, barred: Sequence[str], longest: int) -> None:
    """One sentence of engagement and nothing else: short, single, without figures or clinical words."""
    refuse_if(len(sentence) > longest, TooLong)
    refuse_if(re.search(r"[\n\r]|[.!?;]\s+\S", sentence), OneSentence)
    refuse_if(
        re.search(r"\d", sentence), ClinicalWord("Leave figures out of the sentence: the counts stand beside it.")
    )
    found = clinical_words(sentence, barred)
    refuse_if(
        found, ClinicalWord(f"Say only how they take part, without: {', '.join(found)}.") if found else ClinicalWord
    )


def under_order(order: OrderKind, until: date | None, today: date) -> bool:
    """Whether an order or licence requires the sharing. `until` is its last day, the last report's days added."""
    return order is not OrderKind.NONE and today <= (until or date.max)


def refuse_future(day: date | None, today: date, beside: str) -> None:
    """Refuse a day that has not come: what is recorded here has happened."""
    refuse_if(day is not None and day > today, NotYetHappened(beside=beside))
