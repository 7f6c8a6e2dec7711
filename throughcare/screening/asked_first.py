"""The reception safety questions come first: in custody no screen begins until they were asked, or could not be."""

from __future__ import annotations

from uuid import UUID

from throughcare.kernel.refusals import WrongState, refuse_if
from throughcare.kernel.work import Work
from throughcare.screening.facts import in_custody, safety_of


class AskSafetyFirst(WrongState):
    """The reception safety questions come first. Ask them, or record why they cannot be asked now; then begin this screen."""

    code = "ask_safety_first"

    def __init__(self, case_id: UUID | None = None) -> None:
        super().__init__()
        self.first = ("Ask the safety questions", f"/cases/{case_id}/screening/safety") if case_id else None


def must_be_asked(work: Work, case_id: UUID) -> bool:
    """Whether they are in custody, and the safety questions of this stay were neither answered nor found impossible to ask."""
    return in_custody(work, case_id) and safety_of(work, case_id) is None


def refuse_before(work: Work, case_id: UUID) -> None:
    """Refuse a screen that would begin, or go on, before the safety questions."""
    refuse_if(must_be_asked(work, case_id), AskSafetyFirst(case_id))
