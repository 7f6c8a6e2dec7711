"""A legal hold on a case: placed and lifted from its sharing page."""

from __future__ import annotations

from throughcare.casework import holds
from throughcare.kernel.work import Work
from throughcare.web.acts import Act, Opening
from throughcare.web.visit import Ids

HERE = "/cases/{case_id}/sharing"


def opens(work: Work, ids: Ids) -> Opening:
    holds.may_keep(work, ids["case_id"])
    return Opening(intro="What was said by text is deleted when it is old enough. On hold, nothing of this case is.")


def opens_lifting(work: Work, ids: Ids) -> Opening:
    holds.may_keep(work, ids["case_id"])
    return Opening(intro="What is old enough is deleted within the day.")


ROUTES = (
    Act(
        "/cases/{case_id:uuid}/sharing/hold", "Put this case on hold", "Put on hold", holds.Hold, opens,
        lambda work, ids, form: holds.place(work, ids["case_id"], form), HERE,
        said="Case put on hold", answers=holds.Held, tab="Sharing",
    ),
    Act(
        "/cases/{case_id:uuid}/sharing/lift-hold", "Lift the hold on this case", "Lift hold", holds.Lift, opens_lifting,
        lambda work, ids, form: holds.lift(work, ids["case_id"], form), HERE,
        said="Hold lifted", answers=holds.Held, tab="Sharing", warns=True,
    ),
)  # fmt: skip
