"""Who learns of a text that cannot wait, at once; and what stands with what was told already (R41, R42)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from throughcare.casework.tasks import Errand
from throughcare.checkin import alarms, errands, events, joining
from throughcare.checkin.heard import Heard
from throughcare.checkin.rules import Reason
from throughcare.checkin.service import Answering
from throughcare.kernel.work import Work

CALLED_FOR: Mapping[Reason, tuple[Errand, type[events.CallAsked | events.LowScore]]] = {
    Reason.CALL: (errands.CALL_ASKED, events.CallAsked),
    Reason.SCORE_ONE: (errands.LOW_SCORE, events.LowScore),
    Reason.FALL: (errands.LOW_SCORE, events.LowScore),
}


def tell(work: Work, heard: Heard) -> None:
    """Whoever is responsible learns of it now (R41, R42); a text that is not plain waits for a person to read it."""
    case_id, text, due = heard.case_id, heard.text, errands.ring_by(work, heard.case_id)
    if Reason.CRISIS in heard.why:
        _crisis(work, heard, due)
    calls = {}
    for reason, (what, event) in CALLED_FOR.items():
        if reason in heard.why and what not in calls:
            calls[what] = joining.ask_to_call(work, what, case_id, text, due)
            work.record(event(subject_id=text.id, case_id=case_id))
    if Reason.CRISIS not in heard.why:
        alarms.sound_for(work, case_id, calls, heard.why)
    if text.to_read and not heard.why:
        errands.alert(work, errands.READ, case_id, text.id, due)


def _crisis(work: Work, heard: Heard, due: datetime) -> None:
    """An alarm, or one more text of the alarm that nobody has taken on yet."""
    case_id, text = heard.case_id, heard.text
    work.record(events.CrisisSeen(subject_id=text.id, case_id=case_id))
    if joining.joins(work, errands.CRISIS, case_id, text):
        return
    soon = min(due, work.now + work.reference[Answering].ring_within)  # never waits for an office to open
    errands.alert(work, errands.CRISIS, case_id, text.id, soon, urgent=True)
    if alarm := alarms.sound_for(work, case_id, {errands.CRISIS: text.id}, heard.why):
        joining.tell_who_took(work, alarm)
