"""How an Act or a Look is served as a page."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

from litestar.response import Redirect, Response

from throughcare.casework.drafts import draft_of, forget_draft, sent_before
from throughcare.casework.views import CaseHeading, heading
from throughcare.kernel.forms import Form
from throughcare.kernel.refusals import LookFirst, Refusal, Stale, refuse_if
from throughcare.kernel.work import Work
from throughcare.web import words
from throughcare.web.acts import Act, Look, Opening
from throughcare.web.formpage import FormPage, form_page
from throughcare.web.forms import AskedField, Posted, Problems, Unreadable, fields_of, read
from throughcare.web.frame import VERSION_FIELD, Identity, case_tabs
from throughcare.web.pressed_again import Pressed
from throughcare.web.spoken import changes
from throughcare.web.templating import render
from throughcare.web.visit import Visit, tabs_of

Page = Response[Any]
LONGEST_TOKEN = 100
MOVED_ON = 409


class Unfilled(Exception):
    """The form needs to be put right before the act can be tried."""

    def __init__(self, problems: Problems) -> None:
        super().__init__("unfilled")
        self.problems = problems


def html(body: str, status: int = 200) -> Page:
    """A page."""
    return Response(body, status_code=status, media_type="text/html; charset=utf-8")


def look_page(look: Look, visit: Visit, query: Posted) -> Page:
    """The page of a Look. A filter that cannot be read is ignored, so that a bookmarked address always opens."""
    asked = read(look.query, query)[0] or look.query() if look.query else None
    with visit.desk.work(visit.actor, reading=True) as work:
        view = look.do(work, visit.ids, asked)
        around = case_around(work, visit, look.tab) if look.tab else {}
        today, now = work.today, work.now
    title = look.title if isinstance(look.title, str) else look.title(view)
    page = {
        "view": view,
        "title": title,
        "ids": visit.ids,
        "query": asked,
        "today": today,
        "now": now,
        "actor": visit.actor,
    }
    return html(render(look.template, frame=visit.frame(look.section), **page, **around))


def ask_page(act: Act[Any], visit: Visit) -> Page:
    """The empty form, or the one with what was being written when the session ended."""
    try:
        with visit.desk.work(visit.actor) as work:
            opening = act.opens(work, visit.ids)
            around = case_around(work, visit, act.tab) if act.tab else {}
            drafted = draft_of(work, draft_key(act, visit))
    except Refusal as no:
        lead_back(no, act, visit)
        raise
    return html(_form(act, visit, opening, {**opening.values, **drafted}, {}, around))


def press(act: Act[Any], visit: Visit, posted: Posted) -> Page:
    """The act, tried. What was typed comes back whenever it is refused."""
    tried = _Try(act, visit, posted)
    try:
        with visit.desk.work(visit.actor) as work:
            return Redirect(tried.go(work), status_code=303)
    except Unfilled as unfilled:
        return tried.again(unfilled.problems, 422)
    except LookFirst as first:
        return tried.looked(first)
    except Refusal as no:
        if no.status in {403, 404} or no.first or tried.opening is None:
            lead_back(no, act, visit)
            raise
        return tried.refused(no)


def lead_back(no: Refusal, act: Act[Any], visit: Visit) -> None:
    """What is not open any more leads to where it is seen how things stand."""
    if no.status == MOVED_ON:
        no.back = act.back(visit.ids)


class _Try:
    """One press of one button: it remembers what the form opened with, to ask again in the same words."""

    def __init__(self, act: Act[Any], visit: Visit, posted: Posted) -> None:
        self.act, self.visit, self.posted = act, visit, posted
        self.opening: Opening | None = None
        self.around: dict[str, Any] = {}

    def go(self, work: Work) -> str:
        act = self.act
        seen = (self.posted.get(VERSION_FIELD) or [""])[-1]
        pressed = Pressed(work, draft_key(act, self.visit), seen, self.posted)
        self.opening = opening = self._open(work, pressed)
        if opening is None:
            return self._onwards(None)
        self.around = case_around(work, self.visit, act.tab) if act.tab else {}
        if opening.version is not None and seen != str(opening.version):
            if pressed.was_saved and not self._differs(opening):
                return self._onwards(None)
            raise pressed.stale()
        form, problems = read(opening.form or act.form, self.posted, opening.choices)
        if form is None:
            raise Unfilled(problems)
        answer = self._once(work, form)
        forget_draft(work, draft_key(act, self.visit))
        if opening.version is not None:
            pressed.keep()
        return self._onwards(answer)

    def _open(self, work: Work, pressed: Pressed) -> Opening | None:
        """What the form opens with; None where this press had been made already, and so it no longer opens."""
        try:
            return self.act.opens(work, self.visit.ids)
        except Refusal as no:
            if no.status == MOVED_ON and pressed.was_saved:
                return None
            raise

    def _differs(self, opening: Opening) -> bool:
        """Whether what stands is other than what was entered; a form that opens empty shows nothing that stands."""
        form = opening.form or self.act.form
        return bool(opening.values) and bool(changes(form, opening.values, self.posted, opening.choices))

    def _onwards(self, answer: Any) -> str:
        """Where the browser goes once it is done."""
        act, ids = self.act, self.visit.ids
        turned = act.turns(answer) if act.turns and answer else ""
        if turned:
            return turned
        target = act.after.format(**ids, id=answer.id) if hasattr(answer, "id") else act.back(ids)
        return f"{target}{'&' if '?' in target else '?'}done={act.key}" if act.said else target

    def _once(self, work: Work, form: Form) -> Any:
        """A form sent twice is done once: the second press goes where the first one went."""
        token = (self.posted.get("form_token") or [""])[-1]
        refuse_if(len(token) > LONGEST_TOKEN or not token.isascii(), Unreadable)
        if token and sent_before(work, token):
            return None
        return self.act.do(work, self.visit.ids, form)

    def looked(self, first: LookFirst) -> Page:
        """The same form with what it comes to beside it: nothing was wrong, and nothing was done."""
        opening = replace(self.opening or Opening(), shown=first.shown)
        return html(_form(self.act, self.visit, opening, self.posted, {}, self.around))

    def refused(self, no: Refusal) -> Page:
        """The same form with what was wrong, and what it would have come to where that was found out."""
        if no.shown is not None and self.opening is not None:
            self.opening = replace(self.opening, shown=no.shown)
        return self.again({no.field: no.sentence}, no.status, stale=isinstance(no, Stale))

    def again(self, problems: Problems, status: int, *, stale: bool = False) -> Page:
        opening = self.opening or Opening()
        versions = changes(opening.form or self.act.form, opening.values, self.posted, opening.choices) if stale else ()
        return html(
            _form(self.act, self.visit, opening, self.posted, problems, self.around | {"versions": versions}), status
        )


def _form(
    act: Act[Any], visit: Visit, opening: Opening, values: Posted, problems: Problems, around: dict[str, Any]
) -> str:
    long_text = any(asked.widget == "textarea" for asked in _fields(act, opening))
    page = FormPage(
        opening.form or act.form,
        opening.title or act.title,
        act.button,
        values=values,
        problems=problems,
        choices=opening.choices,
        version=opening.version,
        intro=opening.intro,
        inset=opening.inset,
        cancel=act.back(visit.ids),
        draft_key=draft_key(act, visit) if long_text else "",
        warns=act.warns,
    )
    return form_page(
        visit.frame(act.section),
        page,
        act.template,
        **{"versions": (), "form_token": uuid4().hex, "ids": visit.ids, "shown": opening.shown} | around,
    )


def _fields(act: Act[Any], opening: Opening) -> tuple[AskedField, ...]:
    form: type[Form] = opening.form or act.form
    return fields_of(form)


def draft_key(act: Act[Any], visit: Visit) -> str:
    """Whose writing, on which form, about which rows."""
    return ":".join([act.key, *(str(value) for value in visit.ids.values())])


def case_around(work: Work, visit: Visit, tab: str) -> dict[str, Any]:
    """The identity bar and tabs of the case in the path."""
    case_id = visit.ids["case_id"]
    return {"identity": identity(heading(work, case_id), work), "tabs": tabs(visit, case_id, tab)}


def tabs(visit: Visit, case_id: UUID, tab: str) -> Any:
    """The case's sub-navigation for this reader."""
    return case_tabs(f"/cases/{case_id}", tab, tabs_of(visit.actor))


def identity(told: CaseHeading, work: Work) -> Identity:
    """The identity bar: only what was disclosed."""
    facts = [("Reference", told.reference), ("Prison number", told.prison_number), ("CRN", told.crn)]
    if told.birth_date:
        facts.insert(0, ("Date of birth", words.born(told.birth_date, work.today)))
    if told.release_on:
        facts.append(("Release", words.day(told.release_on)))
    name = words.name(told.given, told.family) or told.reference
    shown = tuple((label, value) for label, value in facts if value)
    return Identity(f"{name} ({told.known_as})" if told.known_as else name, shown, status=told.stage)
