"""A case's timeline, and marking an entry as wrong."""

from __future__ import annotations

from throughcare.casework import access
from throughcare.casework.timeline import Strike, Timeline, TimelineQuery, strike, timeline
from throughcare.kernel.work import Work
from throughcare.web.acts import Act, Look, Opening
from throughcare.web.visit import Ids


def opens(work: Work, ids: Ids) -> Opening:
    """Anyone with standing may open it; only the agency that wrote the entry may strike it."""
    access.check(work, ids["case_id"])
    return Opening()


ROUTES = (
    Look(
        "/cases/{case_id:uuid}/timeline",
        "Timeline",
        "timeline/timeline.html",
        lambda work, ids, query: timeline(work, ids["case_id"], query),
        Timeline,
        query=TimelineQuery,
        tab="Timeline",
    ),
    Act(
        "/cases/{case_id:uuid}/timeline/{entry_id:uuid}/strike",
        "Mark this entry as wrong",
        "Mark as wrong",
        Strike,
        opens,
        lambda work, ids, form: strike(work, ids["case_id"], ids["entry_id"], form),
        "/cases/{case_id}/timeline",
        said="The entry is marked as wrong. It stays on the timeline, struck through.",
        answers=Timeline,
        tab="Timeline",
        warns=True,
    ),
)
