"""One declaration, two doors: an Act or a Look is a page for people and an API call for programs, with the same rules."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from pydantic import BaseModel

from throughcare.kernel.forms import Choice, Form
from throughcare.kernel.work import Work
from throughcare.web.forms import Values
from throughcare.web.visit import Ids

F = TypeVar("F", bound=Form)


class Done(BaseModel):
    """The answer of an act that shows nothing."""

    done: bool = True


@dataclass(frozen=True)
class Opening:
    """What a form opens with. Making it also asks whether this reader may open it at all."""

    values: Values = field(default_factory=dict)  # what stands now, as typed text by box
    choices: Mapping[str, Sequence[Choice]] = field(default_factory=dict)
    version: int | None = None  # of the row it changes: a form filled in against another version is refused
    title: str = ""
    intro: str = ""
    inset: str = ""
    shown: Any = None  # what an act's own template shows beside the form
    form: type[Form] | None = None  # what the page asks, where that hangs on the row: an instrument's own questions


@dataclass(frozen=True)
class Act(Generic[F]):
    """Something a person does: asked on a page at `path`, taken by POST there, and by POST at /api + path.

    `opens` gives the Opening or refuses; `do` is the verb; `after` is where the browser goes next, with the path's ids
    and the answer's `id` filled in; `said` is what the next page says was done.
    """

    path: str
    title: str
    button: str
    form: type[F]
    opens: Callable[[Work, Ids], Opening]
    do: Callable[[Work, Ids, F], Any]
    after: str
    said: str = ""
    answers: type[BaseModel] = Done
    tab: str = ""  # the case tab it belongs to, for a path under /cases/{case_id}
    section: str = "Cases"
    warns: bool = False  # a red button: it cannot be undone
    template: str = "form.html"
    above: str = ""  # where Cancel leads, when not where `after` does
    turns: Callable[[Any], str] | None = None  # for some answers another address, such as a question to settle first

    @property
    def key(self) -> str:
        """Its name in links, drafts and the API: the path without its ids."""
        return ".".join(part for part in self.path.split("/") if part and not part.startswith("{"))

    def back(self, ids: Ids) -> str:
        """Where Cancel leads. Nothing was made whose `id` could be filled in: so to the page above that one's."""
        return (self.above or self.after.partition("?")[0].partition("/{id}")[0]).format(**ids)


@dataclass(frozen=True)
class Look:
    """Something a person reads: a page at `path`, and the same view as JSON at /api + path.

    `query` is a Form read from the address: filters live there. `do` gives a view (a pydantic model).
    """

    path: str
    title: str | Callable[[Any], str]
    template: str
    do: Callable[[Work, Ids, Any], BaseModel]
    answers: type[BaseModel]
    query: type[Form] | None = None
    tab: str = ""
    section: str = "Cases"
