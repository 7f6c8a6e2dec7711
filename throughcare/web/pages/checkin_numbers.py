"""The numbers that keep people from being texted, each with the way to where it is mended."""

from __future__ import annotations

from throughcare.checkin.numbers import Numbers, NumbersQuery, numbers
from throughcare.web.acts import Look

ROUTES = (
    Look(
        "/check-ins/numbers", "Numbers to mend", "checkins/numbers.html",
        lambda work, _, asked: numbers(work, asked or NumbersQuery()), Numbers, query=NumbersQuery, section="Check-ins",
    ),
)  # fmt: skip
