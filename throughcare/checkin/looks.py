"""What a text comes to before it goes: its encoding, segments and price, and what a locked phone shows of it (R33, R34)."""

from __future__ import annotations

from uuid import UUID

from pydantic import BaseModel, ConfigDict

from throughcare.checkin import texting
from throughcare.checkin.eligibility import may_text
from throughcare.checkin.plans import CheckinPlans
from throughcare.checkin.privacy import lock_screen
from throughcare.checkin.schedule import next_open
from throughcare.checkin.segments import Encoding, segments
from throughcare.checkin.service import Answering, Pacing
from throughcare.checkin.wording import CannotRender
from throughcare.kernel.delivery import REINS, Purpose
from throughcare.kernel.refusals import Invalid, refuse_if
from throughcare.kernel.work import Work

ENCODINGS = {
    Encoding.GSM7: "Plain letters: 160 to a segment, or 153 of several",
    Encoding.UCS2: "Letters beyond the plain ones: 70 to a segment, or 67 of several",
}


class CannotText(Invalid):
    """This person cannot be texted now."""

    code, beside = "cannot_text", "message"


class GivesAway(Invalid):
    """The text says something that a stranger may not read."""

    code, beside = "gives_away", "message"


class TextLook(BaseModel):
    """One text as it would go. `pence` is None where no price is configured; `shown` is what a locked phone shows."""

    model_config = ConfigDict(frozen=True, defer_build=True)
    text: str
    sender: str
    shown: str
    cut: bool
    encoding: str
    encoded: str
    segments: int
    most_segments: int
    pence: float | None = None


def look_of(work: Work, said: str, purpose: Purpose) -> TextLook:
    """What these words come to as a text of this purpose."""
    screen, size = lock_screen(said, work.reference[Answering].sender), segments(said)
    each = work.reference[Pacing].pence_per_segment
    return TextLook(
        text=said,
        sender=screen.sender,
        shown=screen.shown,
        cut=screen.cut,
        encoding=size.encoding,
        encoded=ENCODINGS[size.encoding],
        segments=size.count,
        most_segments=REINS[purpose].most_segments,
        pence=None if each is None else round(each * size.count, 2),
    )


def look_at(work: Work, case_id: UUID, message: str) -> TextLook:
    """A worker's own words as they would go; refused beside the box where they may not."""
    wanted = by_hand(work, case_id, message)
    try:
        chosen, said = texting.worded(work, wanted)
    except texting.Blocked as blocked:
        raise GivesAway(" ".join(dict.fromkeys(finding.says for finding in blocked.findings))) from blocked
    except CannotRender as cannot:
        raise GivesAway("The text is too long, or holds a letter that cannot be sent.") from cannot
    return look_of(work, said, chosen.template.purpose)


def by_hand(work: Work, case_id: UUID, message: str) -> texting.Wanted:
    """A text of a worker's own words, to go in sending hours."""
    to, why = may_text(work, case_id, Purpose.REPLY)
    refuse_if(why, CannotText(f"This cannot be sent: {why.label[0].lower()}{why.label[1:]}." if why else ""))
    opens = next_open(work.now, work.reference[CheckinPlans].window)
    return texting.Wanted(
        "staff_message", f"staff:{case_id}:{work.actor.id}:{work.now.isoformat()}", case_id, to,
        texting.language_of(work, case_id), case_id, opens, opens + texting.ANSWER_WORTH,
        {"message": " ".join(message.split())},
    )  # fmt: skip
