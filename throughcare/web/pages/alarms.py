"""Saying "I am dealing with this" of what cannot wait, and handing it on to a colleague."""

from __future__ import annotations

from collections.abc import Callable

from throughcare.checkin import taking
from throughcare.checkin.forms_on_call import HandOn, Take
from throughcare.checkin.taking import AlarmShown
from throughcare.kernel.forms import Choice
from throughcare.kernel.refusals import NotPermitted, refuse_if
from throughcare.kernel.work import Work
from throughcare.web import words
from throughcare.web.acts import Act, Opening
from throughcare.web.visit import Ids

HERE = "/check-ins/alarms/{text_id:uuid}"


def opens_taking(work: Work, ids: Ids) -> Opening:
    alarm = taking.shown(work, taking.reach(work, ids["text_id"]))
    by = f"It is with {alarm.whom}, until {words.instant(alarm.acknowledge_by)}."
    return Opening(intro=f"{about(alarm)} {again(alarm)}{by}", inset="From then on nobody else is asked about it.")


def again(alarm: AlarmShown) -> str:
    """How many texts there are of it by now, and what the last says."""
    if alarm.times == 1 or alarm.last_at is None:
        return ""
    said = f": “{alarm.last}”" if alarm.last else ""
    return f"{alarm.times} texts so far. The last is of {words.instant(alarm.last_at)}{said}. "


def about(alarm: AlarmShown) -> str:
    """Which it is, of several of one kind."""
    return f"The text of {words.instant(alarm.text_at)}. {alarm.words}."


def opens_handing_on(work: Work, ids: Ids) -> Opening:
    """Those it may be handed to, each with the calls they have."""
    alarm = taking.reach(work, ids["text_id"], mine_first=True)
    refuse_if(not taking.may_hand_on(work, alarm), NotPermitted)
    workers = tuple(
        Choice(str(one.worker_id), one.name, words.sentence_case(words.calls(one.calls, too_many=one.too_many)))
        for one in taking.others(work, alarm)
    )
    return Opening(
        choices={"workers": workers},
        intro=f"{about(taking.shown(work, alarm))} Whoever you hand it to is asked at once. Until they say that they are dealing with it, it stays on your list too.",
    )


def onwards(act: str) -> Callable[[AlarmShown], str]:
    """To the person's texts, once it is known who they are, where it is said that this is done."""
    return lambda answer: f"/cases/{answer.case_id}/check-ins?done=check-ins.alarms.{act}" if answer.case_id else ""


ROUTES = (
    Act(f"{HERE}/take", "Say that you are dealing with this", "I am dealing with this", Take, opens_taking,
        lambda work, ids, _: taking.take(work, ids["text_id"]), "/check-ins",
        said="Nobody else is asked: you are dealing with it.", answers=AlarmShown, section="Check-ins", turns=onwards("take")),
    Act(f"{HERE}/hand-on", "Hand this on", "Hand it on", HandOn, opens_handing_on,
        lambda work, ids, form: taking.hand_on(work, ids["text_id"], form), "/check-ins",
        said="Handed on. They have been asked.", answers=AlarmShown, section="Check-ins", turns=onwards("hand-on")),
)  # fmt: skip
