"""What comes in: the safety questions, an instrument's answers, and what else a person is asked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, create_model

from throughcare.casework.sides import Side
from throughcare.kernel.forms import Ask, Choice, Form, Line, Note, OptionalLine, OptionalNote, Word, choices
from throughcare.screening.instruments import Instrument, Item
from throughcare.screening.rows import Mode, Scope, Setting, ToldUs
from throughcare.screening.rules import Pathway, SafetyAnswer, SafetyQuestion, Status, WantsHelp

MAY_OVERRIDE_TO = (
    Pathway.FEEDBACK, Pathway.BRIEF, Pathway.BRIEF_AND_EXTENDED, Pathway.SUBSTANCE_TEAM, Pathway.SPECIALIST,
)  # fmt: skip
NOT_DONE = (Status.DECLINED, Status.NOT_ABLE)
Code = Annotated[str, Field(max_length=60)]


def only_a_score(value: object) -> object:
    """A whole number as such: neither true nor the text of a number, whatever leniency the reader of JSON allows."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError("must be a whole number")  # noqa: TRY004 - pydantic reads ValueError
    return value


Score = Annotated[int, BeforeValidator(only_a_score)]


class TreatmentStage(Word):
    """At which point a treatment outcomes profile is taken."""

    START = "start", "Start of treatment"
    REVIEW = "review", "Review"
    EXIT = "exit", "Leaving treatment"
    POST_EXIT = "post_treatment_exit", "After leaving treatment"


ASKED_ON = Ask("When were they asked?", hint="Leave this empty if you are asking them now")


class SafetyAnswers(Form):
    """The reception safety questions by code, and the day, where they were asked before today."""

    answers: Annotated[dict[Code, SafetyAnswer], Field(max_length=60)]
    on: Annotated[date | None, ASKED_ON] = None


class SafetyNotAskedForm(Form):
    """Why the safety questions cannot be asked now: one of the configured reasons."""

    because: Annotated[
        Code,
        Ask("Why can they not be asked now?", choices="reasons", widget="radios", missing="Select why"),
    ]


class JustRecord(Form):
    """Nothing is asked: pressing the button is the act."""


class StartScreening(Form):
    """Which instrument, how and where."""

    instrument: Annotated[
        str,
        Field(max_length=40),
        Ask("Which screen?", choices="instruments", widget="radios", missing="Select a screen"),
    ]
    substance: Annotated[
        OptionalLine,
        Ask(
            "Which substance?",
            hint="One word, like heroin or alcohol",
            when=("instrument", "sds"),
            missing="Enter the substance that this screen is about",
        ),
    ] = ""
    stage: Annotated[
        TreatmentStage | None,
        Ask("At which point of treatment?", when=("instrument", "top"), missing="Select the point of treatment"),
    ] = None
    wording: Annotated[str, Field(max_length=40), Ask("Wording used", widget="hidden")] = "uk_units"
    on: Annotated[date | None, Ask("When was it done?", hint="Leave this empty if it is being done now")] = None
    mode: Annotated[Mode, Ask("How is it being done?")] = Mode.INTERVIEW
    setting: Annotated[Setting, Ask("Where?")] = Setting.RECEPTION
    language: Annotated[Line, Ask("In which language?", width="10")] = "English"
    share_agreed: Annotated[
        bool | None, Ask("Do they agree that the result band may be shared with the team that supports them?")
    ] = None


class Answers(Form):
    """An instrument's answers by item code. A set may come in parts: what is missing is asked for again."""

    answers: Annotated[dict[Code, Score], Field(max_length=120)]
    confirmed: bool = False


class NotScreened(Form):
    """Why somebody was not screened."""

    scope: Annotated[Scope, Ask("What were they offered screening for?")] = Scope.BOTH
    status: Annotated[Status, Ask("What happened?", choices=choices(Status, NOT_DONE), missing="Select what happened")]
    why: Annotated[OptionalNote, Ask("Anything they or you want to add", rows=3)] = ""


class Stopped(Form):
    """Why a screening that was started will not be finished today."""

    status: Annotated[Status, Ask("What happened?", choices=choices(Status, NOT_DONE), missing="Select what happened")]
    why: Annotated[OptionalNote, Ask("Anything they or you want to add", rows=3)] = ""


class AskedBesideForm(Form):
    """What every adult is asked beside the instruments."""

    alcohol_help: Annotated[WantsHelp, Ask("Do they want help with alcohol?", missing="Select an answer about alcohol")]
    drugs_help: Annotated[WantsHelp, Ask("Do they want help with drugs?", missing="Select an answer about drugs")]
    related_illness: Annotated[
        bool,
        Ask(
            "Do they have a physical or mental illness that alcohol caused or made worse?",
            missing="Select yes or no",
        ),
    ]
    children: Annotated[
        ToldUs,
        Ask("Do they have children, or live with or look after any?", missing="Select an answer about children"),
    ]
    pregnant: Annotated[
        ToldUs,
        Ask(
            "Are they, or might they be, pregnant?", hint="Ask every adult", missing="Select an answer about pregnancy"
        ),
    ]


class ClinicianViewForm(Form):
    """A clinician's view on one side."""

    side: Annotated[Side, Ask("About", missing="Select alcohol or drugs")]
    asks_specialist: Annotated[
        bool, Ask("Should a specialist assess this person, whatever the score?", missing="Select yes or no")
    ]
    why: Annotated[Note, Ask("Why?", missing="Say why")]


class OverrideForm(Form):
    """Another pathway than the facts give, with a reason. The score stays as it is."""

    override_pathway: Annotated[
        Pathway, Ask("Change the pathway to", choices=choices(Pathway, MAY_OVERRIDE_TO), missing="Select a pathway")
    ]
    override_reason: Annotated[Note, Ask("Why?", hint="The score does not change", missing="Say why")]


@lru_cache(maxsize=256)
def sheet(instrument: Instrument, variant: str) -> type[Form]:
    """A form with one field for each item of the instrument, and its parts, in the order of the sheet."""
    fields: dict[str, Any] = {}
    for item in instrument.items:
        for code in item.parts:
            asked = Ask(_spelt(code), hint=f"0 to {item.parts_highest}", widget="number", width="2", verbatim=True)
            fields[code] = (Annotated[int | None, asked], None)
        fields[item.code] = (Annotated[int | None, _asked(item, variant)], None)
    if instrument.contradictions:
        fields["confirmed"] = _confirmed()
    return create_model(f"Sheet_{instrument.id}_{variant}", __base__=Form, **fields)


def _confirmed() -> tuple[Any, bool]:
    said = "I have checked with the person any two answers that contradict each other"
    return Annotated[bool, Ask(said, widget="checkboxes")], False


def _asked(item: Item, variant: str) -> Ask:
    label = _label(item, variant)
    if item.entry == "options":
        pairs = zip(item.options, item.labels(variant), strict=True)
        offered = tuple(Choice(str(option.score), said) for option, said in pairs)
        return Ask(label, choices=offered, widget="radios", verbatim=True)
    if item.entry == "yes_no":
        return Ask(label, choices=(Choice("1", "Yes"), Choice("0", "No")), widget="radios", verbatim=True)
    hint = f"A whole number from {item.lowest} to {item.highest}"
    return Ask(label, hint=hint, widget="number", width="3", verbatim=True)


def _label(item: Item, variant: str) -> str:
    """The question where its wording is installed; else where to find it on the paper form."""
    numbered = item.number != item.code
    text = item.wording(variant)
    if text:
        return f"{item.number}. {text}" if numbered else text
    return f"Question {item.number}" if numbered else _spelt(item.code)


def _spelt(code: str) -> str:
    return code.replace("_", " ") if code[0].isupper() else code.capitalize()


def answers_in(form: Form) -> dict[str, int]:
    """The answers of a filled-in sheet: the items that were answered."""
    return {name: value for name, value in form if value is not None and not isinstance(value, bool)}


@lru_cache(maxsize=16)
def safety_sheet(questions: Sequence[SafetyQuestion]) -> type[Form]:
    """A form with one question for each configured safety question."""
    fields: dict[str, Any] = {
        question.code: (Annotated[SafetyAnswer, Ask(question.text, missing=f"Answer “{question.text}”")], ...)
        for question in questions
    }
    fields["on"] = (Annotated[date | None, ASKED_ON], None)
    return create_model("SafetySheet", __base__=Form, **fields)
