"""Keeping what is being written, while it is written: a page's script posts here every few seconds."""

from __future__ import annotations

import re

from litestar import post
from litestar.di import NamedDependency
from litestar.params import RawBody

from throughcare.casework.drafts import keep_draft
from throughcare.kernel.refusals import refuse_if
from throughcare.web.forms import Unreadable, parse_body
from throughcare.web.frame import CSRF_FIELD
from throughcare.web.visit import Visit

LONGEST = 12_000  # characters a box
FORM = re.compile(r"[a-z0-9.\-]{1,100}(:[0-9a-f\-]{36}){0,4}")  # an act, and the rows it is about


@post("/drafts", status_code=204, sync_to_thread=True, include_in_schema=False)
def save(visit: NamedDependency[Visit], body: RawBody) -> None:
    """Save the boxes of one form under its key; nothing else is done with them."""
    posted = parse_body(body)
    key = (posted.pop("draft_key", None) or [""])[-1]
    posted.pop(CSRF_FIELD, None)
    refuse_if(key and not FORM.fullmatch(key), Unreadable)
    if key:
        with visit.desk.work(visit.actor) as work:
            keep_draft(work, key, {plain(name)[:100]: plain(values[-1])[:LONGEST] for name, values in posted.items()})


def plain(text: str) -> str:
    """What every database keeps and every page shows."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")


ROUTES = (save,)
