"""What a program sends with an act: its answers, the version it had read, and a key that makes the act count once."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cache
from typing import Any

from pydantic import BaseModel, create_model

from throughcare.casework.drafts import sent_before
from throughcare.kernel.forms import Form
from throughcare.kernel.refusals import Invalid, Refusal, Stale, refuse_if
from throughcare.kernel.work import Work
from throughcare.web.acts import Act, Opening
from throughcare.web.answers import Unanswerable, check_choice
from throughcare.web.asked import fields_of
from throughcare.web.visit import Visit

LONGEST_KEY = 200


class VersionNeeded(Refusal):
    """Send the version you have read, as `version` or If-Match; a GET of this address gives it."""

    code, status = "version_needed", 428


class StaleForProgram(Stale):
    """Someone else changed this since you read it; what stands now and what you sent are given below."""

    def __init__(self, told: Mapping[str, Any] | None = None) -> None:
        super().__init__()
        self.told = told or {}


class Option(BaseModel):
    """One option that is offered."""

    value: str
    label: str


class Stands(BaseModel):
    """What a form opens with: send `version` back with the answers, where there is one."""

    version: int | None = None
    values: dict[str, list[str]] = {}
    choices: dict[str, list[Option]] = {}


def stands(opening: Opening) -> Stands:
    """An opening as a program reads it."""
    offered = {
        name: [Option(value=choice.value, label=choice.label) for choice in choices]
        for name, choices in opening.choices.items()
    }
    values = {name: list(typed) for name, typed in opening.values.items()}
    return Stands(version=opening.version, values=values, choices=offered)


@cache
def with_version(form: type[Form]) -> type[Form]:
    """The form as a program sends it: with the version it had read."""
    made = create_model(form.__name__, __base__=form, __module__=form.__module__, version=(int | None, None))
    made.__doc__ = form.__doc__
    return made


def plain(form: type[Form], sent: Form) -> Form:
    """The form as its act knows it."""
    answers = {name: getattr(sent, name) for name in form.model_fields}
    return form.model_construct(sent.model_fields_set - {"version"}, **answers)


def refuse_unless_current(opening: Opening, form: Form, version: str) -> None:
    """Refuse what was made against another version than the one that stands."""
    if opening.version is None:
        return
    refuse_if(not version, VersionNeeded)
    if version != str(opening.version):
        now = stands(opening)
        raise StaleForProgram({"version": now.version, "stands": now.values, "sent": form.model_dump(mode="json")})


def refuse_unoffered(act: Act[Any], opening: Opening, form: Form) -> None:
    """Refuse an answer that the page would not have offered."""
    asked: Any = opening.form or act.form
    for field in fields_of(asked):
        if field.name not in form.model_fields_set:
            continue
        answer = getattr(form, field.name)
        said = [str(each) for each in answer] if isinstance(answer, list | tuple | set | frozenset) else answer
        try:
            check_choice(field, said if isinstance(said, list | bool) or said is None else str(said), opening.choices)
        except Unanswerable as fault:
            raise Invalid(f"{field.name}: {fault}", beside=field.name) from fault


def done_before(work: Work, act: Act[Any], visit: Visit, key: str) -> bool:
    """Whether this worker's program has done this with that key; from now on it has. No key: never."""
    if not key:
        return False
    refuse_if(len(key) > LONGEST_KEY, Invalid(f"An Idempotency-Key has at most {LONGEST_KEY} characters."))
    address = "/".join(str(part) for part in visit.ids.values())
    whole = f"{visit.actor.id}\n{act.key}\n{address}\n{key}"
    return sent_before(work, f"key:{hashlib.sha256(whole.encode('utf-8', 'replace')).hexdigest()}")
