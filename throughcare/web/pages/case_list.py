"""The cases a worker has standing in: filtered, searched and paged by the address."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlencode

from throughcare.casework import search
from throughcare.casework.forms import CaseFilter
from throughcare.casework.register import REGISTERS
from throughcare.casework.stage import Stage
from throughcare.casework.views_people import CasePage
from throughcare.kernel.actors import AgencyKind
from throughcare.kernel.work import Work
from throughcare.web import words
from throughcare.web.acts import Look
from throughcare.web.parts import Filtered
from throughcare.web.visit import Ids

SHOWN = {"mine": "Mine", "team": "My team’s", "all": "All I may see"}
RELEASED = {"12": "Release in the next 12 weeks", "24": "Release in the next 24 weeks"}


class CasesPage(CasePage):
    """The list with what stands around it."""

    asked: CaseFilter = CaseFilter()
    registers: bool = False
    stages: tuple[tuple[str, str], ...] = (("", "Any open"), *((stage.value, stage.label) for stage in Stage))
    applied: tuple[Filtered, ...] = ()
    earlier_href: str = ""
    later_href: str = ""

    @property
    def counted(self) -> str:
        """How many cases these filters give."""
        over = self.count > search.COUNTED
        return f"More than {words.number(search.COUNTED)} cases" if over else words.plural(self.count, "case")

    @property
    def wider(self) -> str:
        """The same search and filters among all the cases this reader may know of."""
        return href(self.asked, show="all")


def cases(work: Work, _: Ids, asked: CaseFilter) -> CasesPage:
    page = search.find(work, asked)
    actor = work.actor
    return CasesPage(
        **dict(page),
        asked=asked,
        registers=actor.role in REGISTERS and actor.agency_kind is AgencyKind.PRISON,
        applied=tuple(applied(asked)),
        earlier_href=href(asked, before=page.earlier) if page.earlier else "",
        later_href=href(asked, after=page.later) if page.later else "",
    )


def href(asked: CaseFilter, **changed: str) -> str:
    """The list's address with these filters changed. Another filter begins at the first page again."""
    values = {**asked.model_dump(exclude={"after", "before"}), **changed}
    query = urlencode({name: value for name, value in values.items() if value})
    return f"/cases?{query}" if query else "/cases"


def applied(asked: CaseFilter) -> Iterator[Filtered]:
    """The filters now on, each with the address without it."""
    if asked.show:
        yield Filtered(SHOWN[asked.show], href(asked, show=""))
    if asked.stage in set(Stage):
        yield Filtered(Stage(asked.stage).label, href(asked, stage=""))
    if asked.release:
        yield Filtered(RELEASED[asked.release], href(asked, release=""))
    if asked.q:
        yield Filtered(f"“{asked.q}”", href(asked, q=""))


ROUTES: tuple[object, ...] = (Look("/cases", "Cases", "cases/list.html", cases, CasesPage, query=CaseFilter),)
