"""The pages on which a person is registered: what is asked, then the records that may be theirs."""

from __future__ import annotations

from typing import Any

from throughcare.casework import duplicates, register
from throughcare.casework.duplicates import Known
from throughcare.casework.forms import Registration, SamePerson
from throughcare.casework.register import Registered
from throughcare.kernel.forms import Choice
from throughcare.kernel.work import Work
from throughcare.web import words
from throughcare.web.acts import Act, Opening
from throughcare.web.forms import values_of
from throughcare.web.visit import Ids

HELD_ELSEWHERE = (
    "A record that may be the same person is held elsewhere, in a case you have no standing in. "
    "Ask your privacy officer to look before you register them."
)


def opens(work: Work, _: Ids) -> Opening:
    """The empty form, dated today, or the one that was waiting while records were looked at."""
    prison = register.prison_of(work)
    form = register.waiting(work)
    values = values_of(Registration, form) if form else {}
    today = {"day": [str(work.today.day)], "month": [str(work.today.month)], "year": [str(work.today.year)]}
    received = {f"received_on-{part}": typed for part, typed in today.items()}
    return Opening(
        values=received | values | {"different": ["no"]},
        intro=f"They will be registered at {prison.name}. We look for records that may be the same person first.",
    )


def opens_check(work: Work, _: Ids) -> Opening:
    """The records that may be the same person, one of which may be chosen instead of making another."""
    register.prison_of(work)
    form = register.waiting(work)
    if form is None:
        raise register.NothingWaiting
    found = duplicates.look(work, form)
    name = words.name(form.given, form.family)
    different = Choice(register.DIFFERENT, f"No, register {name} as somebody different")
    return Opening(
        choices={"records": [*map(choice, found.known), different]},
        title="Check whether they are already known",
        intro=f"You are registering {name}, born {words.day(form.birth_date)}. Nothing has been saved yet.",
        inset=HELD_ELSEWHERE if found.held_elsewhere else "",
    )


def choice(known: Known) -> Choice:
    """One record found, with why it was."""
    name = words.name(known.given, known.family) or known.reference
    born = f", born {words.day(known.birth_date)}" if known.birth_date else ""
    why = "; ".join(known.why)
    facts = ", ".join(filter(None, (known.prison_number, known.reference)))
    return Choice(str(known.case_id), f"Yes: {name}{born}", f"{facts}. {why}".strip())


def first_look(answer: Any) -> str:
    """Where the browser goes while nothing is saved."""
    return "/cases/register/check" if isinstance(answer, Registered) and answer.id is None else ""


ROUTES: tuple[object, ...] = (
    Act(
        "/cases/register",
        "Register a person",
        "Register person",
        Registration,
        opens,
        lambda work, _, form: register.begin(work, form),
        "/cases/{id}",
        said="Person registered",
        answers=Registered,
        turns=first_look,
    ),
    Act(
        "/cases/register/check",
        "Check whether they are already known",
        "Continue",
        SamePerson,
        opens_check,
        lambda work, _, form: register.settle(work, form),
        "/cases/{id}",
        answers=Registered,
    ),
)
