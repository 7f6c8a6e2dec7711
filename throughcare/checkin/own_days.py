"""The days after release on which one person is asked, where they are not those of a plan that others have too (R39). Pure."""

from __future__ import annotations

import re

LAST_DAY = 366
MOST_DAYS = 200


def days_in(typed: str) -> tuple[int, ...]:
    """The days somebody wrote down, rising and each once; none for an empty line. ValueError is a sentence for them."""
    words = [word for word in re.split(r"[\s,;]+", typed.strip()) if word]
    if any(not re.fullmatch("[0-9]{1,3}", word) for word in words):
        raise ValueError("Enter days as numbers with commas between them, like 1, 2, 3, 5, 7")
    days = tuple(int(word) for word in words)
    if any(not 1 <= day <= LAST_DAY for day in days):
        raise ValueError(f"Each day must be from 1, the day after release, to {LAST_DAY}")
    if len(days) > MOST_DAYS:
        raise ValueError(f"Enter {MOST_DAYS} days or fewer")
    return tuple(sorted(set(days)))


def written(days: tuple[int, ...]) -> str:
    """The same as it is kept and shown: "1, 2, 3"."""
    return ", ".join(map(str, days))
