"""The release-day card: read on the screen, and printed."""

from __future__ import annotations

from typing import Annotated, Any

from litestar import Request, get
from litestar.di import NamedDependency
from litestar.response import Response

from throughcare.casework.people import Language
from throughcare.kernel.forms import Ask, Form
from throughcare.kernel.work import Work
from throughcare.release import card
from throughcare.release.card import CardPage
from throughcare.web.acts import Look
from throughcare.web.visit import Ids, Visit


class CardQuery(Form):
    """The card in another language than the person's own."""

    language: Annotated[Language | None, Ask("Language")] = None


def shown(work: Work, ids: Ids, query: CardQuery) -> CardPage:
    return card.card(work, ids["case_id"], query.language)


@get("/cases/{case_id:uuid}/card.pdf", sync_to_thread=True, include_in_schema=False, name="card.pdf")
def pdf(request: Request[Any, Any, Any], visit: NamedDependency[Visit]) -> Response[bytes]:
    """The sheet. Its name says nothing of whose it is."""
    asked = request.query_params.get("language", "")
    language = Language(asked) if asked in set(Language) else None
    with visit.desk.work(visit.actor) as work:
        sheet = card.printed(work, visit.ids["case_id"], language)
    headers = {"content-disposition": 'inline; filename="card.pdf"', "cache-control": "no-store"}
    return Response(sheet, media_type="application/pdf", headers=headers)


ROUTES = (
    Look(
        "/cases/{case_id:uuid}/card",
        "Release-day card",
        "plan/card.html",
        shown,
        CardPage,
        query=CardQuery,
        tab="Plan",
    ),
    pdf,
)
