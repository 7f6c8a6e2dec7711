"""The measures: what is reached and what is missed, with each definition beside its number; the same as a file."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, get
from litestar.di import NamedDependency

from throughcare.kernel.work import Work
from throughcare.measures import actions
from throughcare.measures.forms import MeasuresQuery
from throughcare.measures.views import MeasuresPage
from throughcare.web.acts import Look
from throughcare.web.forms import read
from throughcare.web.visit import Ids, Visit


def measures(work: Work, _: Ids, asked: MeasuresQuery) -> MeasuresPage:
    return actions.show(work, asked)


@get("/measures.csv", sync_to_thread=True, include_in_schema=False)
def download(request: Request[Any, Any, Any], visit: NamedDependency[Visit]) -> Response[bytes]:
    """The numbers on the page, one a line, as CSV that opens as text and not as formulas."""
    query = {name: request.query_params.getall(name) for name in request.query_params}
    with visit.desk.work(visit.actor) as work:
        page = actions.show(work, read(MeasuresQuery, query)[0] or MeasuresQuery())
        body = actions.sheet_of(page)
    parts = ("measures", page.first.isoformat(), page.last.isoformat())
    headers = {"Content-Disposition": f'attachment; filename="{"-".join(parts)}.csv"'}
    return Response(body.encode(), media_type="text/csv", headers=headers)


ROUTES: tuple[object, ...] = (
    Look("/measures", "Measures", "measures/measures.html", measures, MeasuresPage, query=MeasuresQuery, section="Reports"),
    download,
)  # fmt: skip
