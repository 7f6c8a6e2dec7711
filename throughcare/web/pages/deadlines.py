"""A case's deadlines, and recording that one was met outside the service."""

from __future__ import annotations

from throughcare.casework import elsewhere
from throughcare.casework.clock_rules import ServiceClocks
from throughcare.casework.elsewhere import Deadline, Deadlines, Elsewhere
from throughcare.casework.elsewhere_rows import MetForm
from throughcare.casework.rows import ClockState
from throughcare.kernel.work import Work
from throughcare.web import words
from throughcare.web.acts import Act, Look, Opening
from throughcare.web.visit import Ids

HERE = "/cases/{case_id:uuid}/deadlines"


class DeadlinesPage(Deadlines):
    """The same, as lines of tables."""

    @property
    def running(self) -> list[Deadline]:
        return [one for one in self.deadlines if one.state in {ClockState.RUNNING, ClockState.PAUSED}]

    @property
    def ended_rows(self) -> list[tuple[str, str, str, str]]:
        ended = [one for one in self.deadlines if one not in self.running]
        return [(one.words, words.by(one.due_at), one.state.label if one.state else "", met(one)) for one in ended]

    @property
    def elsewhere_rows(self) -> list[tuple[str, str, str, str]]:
        return [(one.words, words.day(one.on), known(one), recorded(one)) for one in self.elsewhere]


def met(one: Deadline) -> str:
    """When it was, and when that was recorded, where those are two days."""
    if one.happened_on is None:
        return words.instant(one.stopped_at)
    return f"{words.day(one.happened_on)}, recorded {words.instant(one.stopped_at)}"


def known(one: Elsewhere) -> str:
    """How it is known, as far as the reader may be told."""
    return ": ".join(filter(None, (one.known.label if one.known else "", one.where)))


def recorded(one: Elsewhere) -> str:
    """Who wrote it down and when, and whether it was marked as wrong."""
    by = f"{one.worker}, {words.instant(one.created_at)}"
    return f"{by}. Marked as wrong {words.instant(one.struck_at)}" if one.struck_at else by


def opened(work: Work, ids: Ids, _: None) -> DeadlinesPage:
    return DeadlinesPage(**dict(elsewhere.deadlines(work, ids["case_id"])))


def opens(work: Work, ids: Ids) -> Opening:
    """The deadline, if it is the reader's to record."""
    clock = elsewhere.meetable(work, ids["case_id"], ids["clock_id"])
    rule = work.reference[ServiceClocks].rule(clock.code)
    return Opening(
        title=f"{rule.name}: record that it was met elsewhere",
        intro=f"Due {words.by(clock.due_at)}. Whether it was late is judged by the day it was met, not by today.",
        version=clock.version,
    )


ROUTES: tuple[object, ...] = (
    Look(HERE, "Deadlines", "cases/deadlines.html", opened, Deadlines, tab="Overview"),
    Act(
        HERE + "/{clock_id:uuid}/met",
        "Record that a deadline was met elsewhere",
        "Record as met",
        MetForm,
        opens,
        lambda work, ids, form: elsewhere.meet_elsewhere(work, ids["case_id"], ids["clock_id"], form),
        "/cases/{case_id}/deadlines",
        said="Recorded as met. If it is wrong, mark its entry on the timeline as wrong and the deadline runs again.",
        answers=Deadlines,
        tab="Overview",
    ),
)
