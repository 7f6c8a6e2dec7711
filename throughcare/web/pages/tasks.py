"""Saying that a piece of work is done, where nothing else in the service could know."""

from __future__ import annotations

from throughcare.casework import done
from throughcare.kernel.work import Work
from throughcare.web.acts import Act, Opening
from throughcare.web.visit import Ids


def opens(work: Work, ids: Ids) -> Opening:
    """The work in its own words."""
    task = done.closable(work, ids["task_id"])
    return Opening(intro=f"{done.words_of(work, task)}.", version=task.version)


ROUTES = (
    Act(
        "/tasks/{task_id:uuid}/done",
        "Mark this as done",
        "Mark as done",
        done.DoneForm,
        opens,
        lambda work, ids, form: done.finish(work, ids["task_id"], form),
        "/",
        said="Marked as done.",
        answers=done.TaskEnded,
        section="My work",
    ),
)
