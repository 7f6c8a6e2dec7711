"""Keeping what is being written, while it is written: a page's script posts here every few seconds."""

from __future__ import annotations

from litestar import post
from litestar.di import NamedDependency
from litestar.params import RawBody

from throughcare.casework.drafts import keep_draft
from throughcare.web.forms import parse_body
from throughcare.web.frame import CSRF_FIELD
from throughcare.web.visit import Visit

LONGEST = 12_000  # characters a box


@post("/drafts", status_code=204, sync_to_thread=True, include_in_schema=False)
def save(visit: NamedDependency[Visit], body: RawBody) -> None:
    """Save the boxes of one form under its key; nothing else is done with them."""
    posted = parse_body(body)
    key = (posted.pop("draft_key", None) or [""])[-1][:200]
    posted.pop(CSRF_FIELD, None)
    if key:
        with visit.desk.work(visit.actor) as work:
            keep_draft(work, key, {name[:100]: values[-1][:LONGEST] for name, values in posted.items()})


ROUTES = (save,)
