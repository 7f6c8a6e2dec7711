"""My work: the first screen after signing in."""

from __future__ import annotations

from throughcare.casework.worklist import MyWork, Whose, WorkQuery, my_work
from throughcare.web.acts import Look

ROUTES = (
    Look(
        "/",
        lambda view: Whose.TEAM.label if view.team else Whose.MINE.label,
        "work/mine.html",
        lambda work, _, query: my_work(work, query),
        MyWork,
        query=WorkQuery,
        section="My work",
    ),
)
