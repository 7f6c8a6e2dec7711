"""What is asked about the wording of a text: the new words, and a reviewer's word for them."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import AfterValidator, StringConstraints, model_validator

from throughcare.kernel.forms import Ask, Form, beside, clean

Drafted = Annotated[str, StringConstraints(min_length=1, max_length=2_000), AfterValidator(clean)]


class DraftWording(Form):
    """New words for one text in one language."""

    text: Annotated[Drafted, Ask("New words", widget="textarea", rows=6, missing="Enter the words of the text")]


class AgreeWording(Form):
    """The words hold from now on."""


class WithdrawWording(Form):
    """Nobody is to agree to these words any more."""


class BringBack(Form):
    """These words, which stood before, are drafted again."""


class ReviewWording(Form):
    """Somebody who reads the language has read the words (R40)."""

    read: Annotated[bool, Ask("I read Welsh well, and this says what the English says", widget="checkboxes")] = False

    @model_validator(mode="after")
    def _it_was_read(self) -> Self:
        if not self.read:
            raise beside("read", "Tick the box if you have read the Welsh and it says what the English says")
        return self
