"""Ways the service says no. The first line of each docstring is shown to the reader."""

from __future__ import annotations

from typing import ClassVar

from pydantic import BaseModel


class Refusal(Exception):
    """This cannot be done."""

    code: ClassVar[str] = "refused"
    status: ClassVar[int] = 409
    beside: ClassVar[str] = ""  # the form field this belongs beside, if it belongs beside one
    first: tuple[str, str] | None = None  # what must be done before it, in words, and the page that does it
    back: str = ""  # the page that shows how things stand, where there is no form left to show

    def __init__(self, said: str = "", *, beside: str = "", shown: BaseModel | None = None) -> None:
        super().__init__(said)
        self.said, self.shown = said, shown  # `shown`: what the page shows beside the form that was refused
        self.field = beside or self.beside

    @property
    def sentence(self) -> str:
        """What the reader sees: the words given for this occasion, or the class's own."""
        return self.said or (self.__doc__ or "").strip().splitlines()[0]


class WrongState(Refusal):
    """This has already moved on; reload the page to see where it is now."""

    code = "wrong_state"


class Stale(Refusal):
    """Someone else changed this while you were working on it; both versions are shown below."""

    code = "stale"


class NotPermitted(Refusal):
    """You do not have permission to do this."""

    code, status = "not_permitted", 403


class NotFound(Refusal):
    """We cannot find what you asked for."""

    code, status = "not_found", 404


class Invalid(Refusal):
    """Something you entered needs to be put right."""

    code, status = "invalid", 422


class LookFirst(Refusal):
    """Nothing has been changed yet: this is what it comes to."""

    code, status = "look_first", 422

    def __init__(self, shown: BaseModel | None = None) -> None:
        super().__init__(shown=shown)


def refuse_if(condition: object, refusal: type[Refusal] | Refusal) -> None:
    """Raise `refusal` when `condition` holds."""
    if condition:
        raise refusal
