"""Writing a text to one person, seen as a locked phone shows it before it goes; and reading one of theirs."""

from __future__ import annotations

from throughcare.casework import access
from throughcare.checkin import actions, looks, thread
from throughcare.checkin.eligibility import may_text
from throughcare.checkin.forms import ReadText, WriteBack
from throughcare.checkin.looks import TextLook
from throughcare.checkin.rows import TextReceived
from throughcare.kernel.delivery import Purpose
from throughcare.kernel.refusals import LookFirst, NotFound, refuse_if
from throughcare.kernel.work import Work
from throughcare.web import words
from throughcare.web.acts import Act, Opening
from throughcare.web.pages.checkins import CASE, HERE
from throughcare.web.shown_checkins import unshown
from throughcare.web.visit import Ids


def opens_writing(work: Work, ids: Ids) -> Opening:
    actions.may_work(work, ids["case_id"])
    _, why = may_text(work, ids["case_id"], Purpose.REPLY)
    return Opening(inset=f"This person cannot be texted now. {why.label}." if why else "")


def look(work: Work, ids: Ids, form: WriteBack) -> None:
    """What these words come to; nothing is sent."""
    actions.may_work(work, ids["case_id"])
    raise LookFirst(looks.look_at(work, ids["case_id"], form.message))


def opens_reading(work: Work, ids: Ids) -> Opening:
    actions.may_work(work, ids["case_id"])
    text = access.find(work, TextReceived, ids["text_id"])
    refuse_if(text.case_id != ids["case_id"], NotFound)
    (told,) = thread.heard(work, text.case_id, [text])
    return Opening(intro=f"It came on {words.instant(told.received_at)}.", inset=told.text or unshown(told))


ROUTES = (
    Act(f"{CASE}/write", "Write a text", "Send text", WriteBack, opens_writing,
        lambda work, ids, form: actions.write_back(work, ids["case_id"], form) and None, HERE,
        said="The text goes as soon as it may: now, or when texts may next be sent.", tab="Check-ins", template="checkins/write.html"),
    Act(f"{CASE}/write/look", "Write a text", "Send text", WriteBack, opens_writing, look, HERE, answers=TextLook,
        tab="Check-ins", template="checkins/write.html"),
    Act(f"{CASE}/texts/{{text_id:uuid}}/read", "Mark this text as read", "Mark as read", ReadText, opens_reading,
        lambda work, ids, form: actions.read_text(work, ids["case_id"], ids["text_id"], form) and None, HERE,
        said="Marked as read", tab="Check-ins"),
)  # fmt: skip
