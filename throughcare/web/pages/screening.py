"""The Screening tab: what is asked, what came of it, and what follows."""

from __future__ import annotations

from typing import Any

from throughcare.kernel.work import Work
from throughcare.screening import actions, asking
from throughcare.screening.forms import (
    Answers,
    AskedBesideForm,
    ClinicianViewForm,
    JustRecord,
    NotScreened,
    OverrideForm,
    SafetyAnswers,
    SafetyNotAskedForm,
    StartScreening,
    Stopped,
    answers_in,
)
from throughcare.screening.rows import Screening
from throughcare.screening.views import AskedShown, CaseScreening, OutcomeShown, SafetyShown, ScreeningShown
from throughcare.web import open_screening as opening
from throughcare.web.acts import Act, Look
from throughcare.web.shown_screening import ResultPage, ScreeningPage, result_page, tab_page
from throughcare.web.visit import Ids

HOME = "/cases/{case_id:uuid}/screening"
ONE = HOME + "/{screening_id:uuid}"
BACK = "/cases/{case_id}/screening"
RESULT = BACK + "/{screening_id}"
TAB = "Screening"


def tab(work: Work, ids: Ids, _: None) -> ScreeningPage:
    return tab_page(work, ids["case_id"])


def one(work: Work, ids: Ids, _: None) -> ResultPage:
    return result_page(work, opening.of_this_case(work, Screening, ids, "screening_id"))


def ask_safety(work: Work, ids: Ids, form: Any) -> SafetyShown:
    """From the page the questions come one by one; from the API by code."""
    if not isinstance(form, SafetyAnswers):
        given = dict(form)
        form = SafetyAnswers(on=given.pop("on"), answers=given)
    return asking.ask_safety(work, ids["case_id"], form)


def answer(work: Work, ids: Ids, form: Any) -> ScreeningShown:
    """From the page the answers come item by item; from the API by code."""
    if not isinstance(form, Answers):
        form = Answers(answers=answers_in(form), confirmed=getattr(form, "confirmed", False))
    return actions.answer(work, ids["screening_id"], form)


def where_next(shown: ScreeningShown) -> str:
    """Back to the questions while any is unanswered."""
    return f"/cases/{shown.case_id}/screening/{shown.id}/answers" if shown.missing else ""


def on_case(do: Any) -> Any:
    return lambda work, ids, form: do(work, ids["case_id"], form)


def on_screening(do: Any) -> Any:
    return lambda work, ids, form: do(work, ids["screening_id"], form)


def act(path: str, title: str, button: str, asks: tuple[type[Any], Any], do: Any, **more: Any) -> Act[Any]:
    """An act of this tab: `asks` is its form and what opens it."""
    return Act(HOME + path, title, button, *asks, do, **{"after": BACK, "tab": TAB, **more})


LOOKS = (
    Look(HOME, TAB, "screening/tab.html", tab, CaseScreening, tab=TAB),
    Look(ONE, lambda view: view.title, "screening/result.html", one, ScreeningShown, tab=TAB),
)
ACTS = (
    act("/safety", "Reception safety questions", "Save answers", (SafetyAnswers, opening.safety), ask_safety,
        said="Safety questions saved", answers=SafetyShown),
    act("/safety/not-asked", "The safety questions cannot be asked now", "Record why",
        (SafetyNotAskedForm, opening.not_asked), on_case(asking.safety_not_asked), answers=SafetyShown,
        said="Recorded. Healthcare is asked to see them today"),
    act("/safety/{check_id:uuid}/seen", "Seen by healthcare", "Record that healthcare has seen them",
        (JustRecord, opening.seen), lambda work, ids, _: asking.healthcare_saw(work, ids["check_id"]),
        said="Recorded as seen by healthcare", answers=SafetyShown),
    act("/start", "Start a screen", "Start screen", (StartScreening, opening.start), on_case(actions.start),
        answers=ScreeningShown, after=BACK + "/{id}/answers"),
    act("/{screening_id:uuid}/answers", "Answers", "Save answers", (Answers, opening.answers), answer,
        said="Screening finished", answers=ScreeningShown, after=RESULT, turns=where_next),
    act("/{screening_id:uuid}/continue", "Continue", "Continue screen", (JustRecord, opening.going_on),
        lambda work, ids, _: actions.go_on(work, ids["screening_id"]), answers=ScreeningShown,
        after=BACK + "/{id}/answers"),
    act("/{screening_id:uuid}/stop", "This screen will not be finished", "Save", (Stopped, opening.stopping),
        on_screening(actions.stop), said="Saved, with a day to ask again", answers=ScreeningShown),
    act("/not-done", "Screening offered but not done", "Save", (NotScreened, opening.for_screeners),
        on_case(actions.not_screened), said="Saved, with a day to ask again", answers=ScreeningShown),
    act("/beside", "Help, children and pregnancy", "Save answers", (AskedBesideForm, opening.for_screeners),
        on_case(asking.ask_beside), said="Answers saved", answers=AskedShown),
    act("/clinician", "Clinician’s view", "Save view", (ClinicianViewForm, opening.clinician),
        on_case(asking.give_view), said="View saved"),
    act("/outcomes/{outcome_id:uuid}/change", "Change the pathway", "Change pathway", (OverrideForm, opening.change),
        lambda work, ids, form: asking.override(work, ids["outcome_id"], form), said="Pathway changed",
        answers=OutcomeShown),
)  # fmt: skip
ROUTES: tuple[object, ...] = (*LOOKS, *ACTS)
