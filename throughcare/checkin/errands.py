"""The work that check-ins put on people's lists, and who gets it: the owner, and whoever shares the responsibility."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import col, select

from throughcare.casework import tasks
from throughcare.casework.agencies import Agency
from throughcare.casework.calendars import Calendars
from throughcare.casework.people import Case
from throughcare.casework.rows import Task, TaskStatus
from throughcare.casework.tasks import ERRANDS, About, Errand, For, errand
from throughcare.casework.whose import everyone_responsible, owner_of
from throughcare.checkin import events
from throughcare.checkin.service import Answering
from throughcare.kernel.actors import Jurisdiction, Role
from throughcare.kernel.categories import Category
from throughcare.kernel.clock import at, end_of
from throughcare.kernel.work import Work

THREAD = "/cases/{case_id}/check-ins"
SPOKE, PROVEN = "checkin.actions.spoke", "checkin.replying.prove"  # what closes the calls, and the search for a number
TAKE = "/check-ins/alarms/{subject_id}/take"  # where somebody says that they are dealing with it

CRISIS = errand(Category.SMS, "checkin_crisis", "Read their text and call them now", THREAD, closed_in=SPOKE, call=True, at_once=True, answers=TAKE)  # fmt: skip
CALL_ASKED = errand(Category.SMS, "checkin_call_asked", "Call them: they asked for a call by text", THREAD, closed_in=SPOKE, call=True, answers=TAKE)  # fmt: skip
LOW_SCORE = errand(Category.SMS, "checkin_low_score", "Call them: they answered low, or lower than before", THREAD, closed_in=SPOKE, call=True, answers=TAKE)  # fmt: skip
SOFT_STOP = errand(Category.SMS, "checkin_soft_stop", "Call them: they asked for the texts to stop, in their own words", THREAD, closed_in=SPOKE, call=True)  # fmt: skip
CALL = errand(Category.SMS, "checkin_call", "Call them: they were not asked by text, or have not answered", THREAD, closed_in=SPOKE, call=True)  # fmt: skip
READ = errand(Category.SMS, "checkin_read", "Read their text and decide what to do", THREAD, closed_in="checkin.actions.read_text")  # fmt: skip
OPTED_OUT = errand(Category.SMS, "checkin_opted_out", "Call them: they chose not to use texts", THREAD, closed_in=SPOKE, call=True)  # fmt: skip
SECOND_CONTACT = errand(Category.SMS, "checkin_second_contact", "Try the second contact they agreed to", THREAD, closed_in=SPOKE, call=True)  # fmt: skip
MANAGER = errand(Category.SMS, "checkin_manager", "Nobody has reached them since the check-in: decide what to do", THREAD, closed_in=SPOKE, call=True)  # fmt: skip
UNANSWERED = errand(Category.SMS, "checkin_unanswered", "A text that could not wait has had no answer: see to it now", THREAD, closed_in=SPOKE, call=True)  # fmt: skip
REPAIR = errand(Category.SMS, "checkin_contact_repair", "Texts do not reach them: find a number that works", THREAD, closed_in=PROVEN)  # fmt: skip
PROVE = errand(Category.SMS, "checkin_prove_number", "Prove their number by speaking to them", THREAD, closed_in=PROVEN)  # fmt: skip
PAUSED = errand(Category.SMS, "checkin_paused", "Check-ins have been paused for two weeks with no end: speak to them and decide", THREAD, closed_by={"checkin.plan_resumed", "checkin.plan_ended", "checkin.plan_paused"})  # fmt: skip
UNSENT = errand(Category.SMS, "checkin_unsent", "A text may not have been sent: see what is known of it", THREAD, closed_in=SPOKE)  # fmt: skip
OPERATIONS = errand(Category.SMS, "checkin_operations", "A text could not be sent: tell whoever runs the service", THREAD, by_hand=True)  # fmt: skip
REVIEW = errand(Category.SMS, "checkin_review_welsh", "A text went in English: the Welsh one has not been reviewed", THREAD, by_hand=True)  # fmt: skip
WORDING = errand(Category.RECORD, "texts_wording_barred", "The words agreed for a text can no longer be sent: draft others", "/check-ins/texts", by_hand=True)  # fmt: skip
WORDING_WAITS = errand(Category.RECORD, "texts_wording_waits", "New words for a text wait for somebody other than their author to agree", "/check-ins/texts", closed_by={"checkin.wording_agreed", "checkin.wording_withdrawn"})  # fmt: skip
RANG = errand(Category.SMS, "checkin_rang", "Call them back: they rang in, and no check-in waited for it", THREAD, closed_in=SPOKE, call=True)  # fmt: skip
FLOOD = errand(Category.SMS, "checkin_flood", "Texts keep coming from their number, and are not answered: see whether a machine sends them", THREAD, by_hand=True)  # fmt: skip
EARLY = errand(Category.SMS, "checkin_early_text", "A text or call came from their number before it was proven theirs: say whose it is", "/check-ins", closed_in="checkin.actions.place", answers=TAKE)  # fmt: skip
SHARED = errand(Category.SMS, "checkin_shared_number", "Two people have the number a text or call came from: say whose it is", "/check-ins", closed_in="checkin.actions.place", answers=TAKE)  # fmt: skip
UNKNOWN = errand(Category.SMS, "checkin_unknown_number", "A text or call came from a number nobody has: see it and say whose it is", "/check-ins", by_hand=True, for_all=True, answers=TAKE)  # fmt: skip
UNSETTLED = errand(Category.SMS, "checkin_unsettled", "A text of theirs could not be worked: read it and call them", "/check-ins", by_hand=True, answers=TAKE)  # fmt: skip
PUT_ASIDE = errand(Category.RECORD, "texts_put_aside", "A text to us could not be written down: have whoever runs the service read it to you now", "/check-ins", by_hand=True)  # fmt: skip
COPIES_LEFT = errand(Category.RECORD, "texts_copies_left", "The phone company still has words that should be deleted: have whoever runs the service see to it", "/check-ins", by_hand=True)  # fmt: skip
KEY_MISSING = errand(Category.RECORD, "texts_key_missing", "Texts wait because the key to their words is not where they are sent from: tell whoever runs the service now", "/check-ins", by_hand=True)  # fmt: skip
LONG_UNREAD = errand(Category.RECORD, "texts_long_unread", "Texts are older than they may be kept, and nobody has read them: read each and say whose it is", "/check-ins", by_hand=True)  # fmt: skip
CAPACITY = errand(Category.RECORD, "texts_capacity", "More check-ins fall on one day than can be sent in time: raise the pace or the limit, or plan calls", "/check-ins", by_hand=True)  # fmt: skip
BUDGET_NEARLY = errand(Category.RECORD, "texts_budget_nearly", "Most of the texts that were budgeted for are used: raise the limit, or tell the teams", "/check-ins", by_hand=True)  # fmt: skip
BUDGET_SPENT = errand(Category.RECORD, "texts_budget_spent", "The budget for texts is used up: check-ins are calls until the limit is raised", "/check-ins", by_hand=True)  # fmt: skip

ABANDONED = errand(Category.RECORD, "texts_nobody_there", "A text that cannot wait came to an agency where nobody is left to read it: have whoever runs the service find whose it is now", "/check-ins", by_hand=True, for_all=True, at_once=True)  # fmt: skip

CALLS = frozenset(kind for kind, each in ERRANDS.items() if each.call)


def alert(  # noqa: PLR0913 - what, about what, by when, and how
    work: Work, what: Errand, case_id: UUID, subject_id: UUID, due_at: datetime, *, key: str = "", urgent: bool = False
) -> None:
    """Put this on the list of everyone responsible for the case, once."""
    case = work.session.get_one(Case, case_id)
    for whose in everyone_responsible(case):
        tasks.give(work, what, whose, About(case_id, subject_id, key), due_at, urgent=urgent)


def ask_to_call(work: Work, what: Errand, case_id: UUID, subject_id: UUID, due_at: datetime) -> None:
    """One such call at a time: while one is to be made it becomes about what was said last, and is due no later."""
    still = select(Task).where(Task.case_id == case_id, Task.kind == what.kind, Task.status == TaskStatus.OPEN)
    waiting = work.session.exec(still.order_by(col(Task.created_at), col(Task.key))).all()
    if not waiting:
        alert(work, what, case_id, subject_id, due_at)
        return
    for task in waiting:
        task.subject_id = subject_id
        work.session.add(task)
    work.record(events.CallStillToMake(subject_id=subject_id, case_id=case_id))


def tell_manager(work: Work, what: Errand, case_id: UUID, subject_id: UUID, due_at: datetime, *, key: str = "") -> bool:
    """Put this on the list of the managers of the team that owns the case, once; whether it was not there yet."""
    whose = owner_of(work.session.get_one(Case, case_id))
    managers = For(whose.agency_id, team_id=whose.team_id, role=Role.MANAGER)
    return tasks.give(work, what, managers, About(case_id, subject_id, key), due_at, urgent=True) is not None


def staffed(work: Work, jurisdiction: Jurisdiction) -> bool:
    """Whether named workers are at work now."""
    answering, day = work.reference[Answering], work.today
    working = work.reference[Calendars][jurisdiction].is_working(day)
    return working and at(day, answering.opens) <= work.now < at(day, answering.shuts)


def today(work: Work) -> datetime:
    """The end of this day in London."""
    return end_of(work.today)


def ring_by(work: Work, case_id: UUID) -> datetime:
    """When somebody will have rung: so much staffed time from now, in the hours of whoever owns the case."""
    owner = work.session.get_one(Case, case_id).owner_agency_id
    return ring_by_in(work, work.session.get_one(Agency, owner).jurisdiction)


def ring_by_in(work: Work, jurisdiction: Jurisdiction) -> datetime:
    """The same, where it is not known whose case it is. What is left at closing time goes on at the next opening."""
    answering, calendar = work.reference[Answering], work.reference[Calendars][jurisdiction]
    left, day = answering.ring_within, calendar.on_or_after(work.today)
    start = max(work.now, at(day, answering.opens))
    while start + left > at(day, answering.shuts):
        left -= max(at(day, answering.shuts) - start, timedelta())
        day = calendar.on_or_after(day + timedelta(days=1))
        start = at(day, answering.opens)
    return start + left
