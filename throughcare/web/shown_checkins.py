"""One person's check-ins as their page shows them: the thread with what became of each text, and how to reach them."""

from __future__ import annotations

from datetime import datetime, time
from itertools import groupby

from throughcare.casework.contact import Safe
from throughcare.checkin.forms import why_said
from throughcare.checkin.plans import Window
from throughcare.checkin.replies import Kind
from throughcare.checkin.retention import no_longer_kept
from throughcare.checkin.rules import Reason
from throughcare.checkin.thread import HeardShown, SentShown
from throughcare.checkin.views import Checkins
from throughcare.kernel.delivery import Delivery
from throughcare.web import words
from throughcare.web.parts import Message, Row

NOT_SHARED = "Not shared with you"
MOVES = {
    "pause": ("Pause check-ins", "pause"),
    "resume": ("Resume check-ins", "resume"),
    "end": ("End check-ins", "end"),
}


class CheckinsPage(Checkins):
    """The same, as a thread and links."""

    usual_time: str

    @property
    def time_of_day(self) -> str:
        """When they are texted: the hour they chose, or the usual time."""
        return words.clock(time(self.plan.hour)) if self.plan and self.plan.hour else self.usual_time

    @property
    def why(self) -> str:
        """Why the plan is paused or has ended; blank while it runs."""
        because = (self.plan.ended_because or self.plan.paused_because) if self.plan else ""
        return why_said(because) if because else ""

    @property
    def thread(self) -> list[Message]:
        """Both sides in the order they were said; texts one after another that the reader is not told are one line."""
        ours = [
            Message(each.text or blanked(each) or NOT_SHARED, each.at, "Us", sent=True, state=sent(each))
            for each in self.sent
        ]
        theirs = [
            Message(each.text or blanked(each) or unshown(each), each.at, "Them", sent=False, state=noted(each))
            for each in self.heard
        ]
        said = sorted([*ours, *theirs], key=lambda message: (message.at, message.sent))
        runs = groupby(said, key=lambda message: message.text == NOT_SHARED)
        return [each for hidden, run in runs for each in ([unshared(list(run))] if hidden else run)]

    @property
    def reach_rows(self) -> list[Row]:
        """Whom to ask for, where and when, as the person agreed it: what a worker reads before they ring."""
        told = self.reach
        if told is None:
            return []
        safe, page = told.safe or Safe(), f"/cases/{told.case_id}/contact"
        if safe.withheld or any(each.withheld for each in told.numbers):
            return [Row("Phone", "Not shown to your role")]
        numbers = [words.phone(each.number) for each in told.numbers if each.number and not each.until_at]
        times = f"{wall(safe.safe_from)} to {wall(safe.safe_until)}" if safe.safe_from else "Not recorded"
        return [
            Row(
                "Phone", words.listed(numbers, "or") or "No number is known", page, "how to reach them", "See or change"
            ),
            Row("Ask for", safe.safe_name or "No safe name is recorded"),
            Row("Safe times", times),
            Row("Who else sees the phone", safe.phone_shared.label if safe.phone_shared else "Not recorded"),
            Row("Who may be told", safe.may_be_told or "Nobody"),
        ]

    @property
    def links(self) -> list[tuple[str, str]]:
        return [MOVES[name] for name in self.moves if name in MOVES]


def unshared(run: list[Message]) -> Message:
    """One line for as many: 5 texts not shared with you, 3 to 9 November 2026."""
    first, last = run[0], run[-1]
    ours = sum(message.sent for message in run)
    sides = [f"{count} from {whom}" for count, whom in ((ours, "us"), (len(run) - ours, "them")) if count]
    said = f"{words.plural(len(run), 'text')} not shared with you, {words.days(first.at, last.at)}"
    return Message(said, first.at, "", sent=False, state=words.listed(sides), several=True)


def sent(text: SentShown) -> str:
    """What it was for, how far it got and when, why no further, and in which language."""
    reached = text.told
    if text.state is Delivery.DELIVERED and text.delivered_at:
        reached = f"{reached} {_when(text.delivered_at, text.at)}"
    if text.state is Delivery.PLANNED:
        reached = f"{reached} for {words.instant(text.not_before)}"
    parts = (text.purpose.label, reached, text.because, "In Welsh" if text.language == "cy" else "")
    return ". ".join(part for part in parts if part)


def _when(at: datetime, beside: datetime) -> str:
    """at 9:33am, with the day where it is another."""
    return f"at {words.clock(at)}" if words.day(at) == words.day(beside) else f"on {words.instant(at)}"


def blanked(text: SentShown | HeardShown) -> str:
    """What stands where words were that are no longer kept; blank while they are."""
    if text.blanked_at is None or (isinstance(text, HeardShown) and text.kind is Kind.RANG):
        return ""  # a ring never had any
    return no_longer_kept(words.day(text.blanked_at))


def unshown(text: HeardShown) -> str:
    if text.kind is Kind.RANG:
        return "Rang in"
    return NOT_SHARED if "text" in text.withheld else "An empty text"


def noted(text: HeardShown) -> str:
    """What was made of it, and whether a worker has read it."""
    kind = text.kind.label if text.kind and text.kind is not Kind.RANG else ""
    why = ". ".join(Reason(each).label for each in text.reasons or ())
    read = ("Read by a worker" if text.read_at else "Waiting to be read") if text.to_read else ""
    media = (
        f"{words.plural(text.media, 'picture or sound', 'pictures or sounds')} with it, not fetched"
        if text.media
        else ""
    )
    return ". ".join(part for part in (why or kind, "Came late" if text.late else "", media, read) if part)


def usual_time(window: Window) -> str:
    """When texts go to whoever chose no hour."""
    return f"The usual time, between {words.clock(window.usual_from)} and {words.clock(window.usual_to)}"


def wall(hour: str) -> str:
    """9am, from 09:00."""
    return words.clock(time.fromisoformat(hour)) if hour else ""
