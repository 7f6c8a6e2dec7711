"""Every text the service sends, as it looks on a locked phone, with its size, price and review."""

from __future__ import annotations

from throughcare.checkin.wordings import WordingQuery, Wordings, wordings
from throughcare.web.acts import Look

ROUTES = (
    Look(
        "/check-ins/texts", "Texts we send", "checkins/wordings.html",
        lambda work, _, asked: wordings(work, asked or WordingQuery()), Wordings, query=WordingQuery, section="Check-ins",
    ),
)  # fmt: skip
