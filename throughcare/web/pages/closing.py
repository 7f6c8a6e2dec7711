"""Closing a case, and opening it again."""

from __future__ import annotations

from throughcare.journey import closing
from throughcare.kernel.work import Work
from throughcare.web.acts import Act, Opening
from throughcare.web.visit import Ids


def opens(work: Work, ids: Ids) -> Opening:
    """Refused, with the list of what is still live, while there is any."""
    intro = "Deadlines, check-ins and open work end, all but work about children. The record stays."
    return Opening(version=closing.closable(work, ids["case_id"]).version, intro=intro)


def opens_again(work: Work, ids: Ids) -> Opening:
    return Opening(version=closing.reopenable(work, ids["case_id"]).version)


ROUTES = (
    Act(
        "/cases/{case_id:uuid}/close", "Close this case", "Close case", closing.CloseForm, opens,
        lambda work, ids, form: closing.close(work, ids["case_id"], form), "/cases/{case_id}",
        said="Case closed", answers=closing.Closed, tab="Overview", warns=True,
    ),
    Act(
        "/cases/{case_id:uuid}/open-again", "Open this case again", "Open case again", closing.OpenAgain, opens_again,
        lambda work, ids, form: closing.open_again(work, ids["case_id"], form), "/cases/{case_id}",
        said="Case open again", answers=closing.Closed, tab="Overview",
    ),
)  # fmt: skip
