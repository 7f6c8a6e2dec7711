"""What workers do about check-ins: agree a plan, pause it, say they called, read a text, write one."""

from __future__ import annotations

from uuid import UUID

from sqlmodel import col, select

from throughcare.casework import access, contact, tasks
from throughcare.casework.contact import current_number
from throughcare.casework.forms_contact import CodeWord, NewNumber
from throughcare.casework.people import Case
from throughcare.casework.rows import Task, TaskStatus
from throughcare.checkin import (
    chasing,
    errands,
    events,
    following,
    inbound,
    joining,
    looks,
    optouts,
    replying,
    steps,
    strangers,
    texting,
)
from throughcare.checkin.forms import (
    AgreePlan,
    Call,
    EndPlan,
    PausePlan,
    Place,
    ReadText,
    RecordStop,
    ResumePlan,
    Why,
    WriteBack,
)
from throughcare.checkin.outlook import Proposed
from throughcare.checkin.plans import CheckinPlans
from throughcare.checkin.rows import HELD, PLACED, CheckinPlan, PlanStatus, TextReceived
from throughcare.checkin.service import OneWay
from throughcare.kernel.actors import acts_among
from throughcare.kernel.refusals import Invalid, NotFound, NotPermitted, WrongState, refuse_if
from throughcare.kernel.work import Work


class NoPlan(WrongState):
    """There are no check-ins to change: agree a plan first."""

    code = "no_plan"


class NoAnswers(WrongState):
    """Nobody can answer the texts of this service, so a check-in cannot go by text. Ring the person instead."""

    code = "no_answers"


class NotLookedAt(Invalid):
    """Check how the text looks on a locked phone, tick the box and send it again."""

    code, beside = "not_looked_at", "seen"


class NoNumber(Invalid):
    """Record a number that can be texted first."""

    code, beside = "no_number", "code_word"


def may_work(work: Work, case_id: UUID) -> None:
    """Refuses whoever may not work with this person's check-ins. The case is locked while it is done."""
    access.take_case(work, case_id)
    refuse_if(not acts_among(work.actor, steps.STAFF), NotPermitted)


def may_plan(work: Work, case_id: UUID) -> None:
    """Refuses too where check-ins are calls, whatever anybody agrees to (R15)."""
    may_work(work, case_id)
    refuse_if(work.reference[OneWay].on, NoAnswers)


def propose(work: Work, case_id: UUID, form: AgreePlan) -> Proposed:
    """The plan this form asks for, found to be one there can be."""
    may_plan(work, case_id)
    plans = work.reference[CheckinPlans]
    refuse_if(form.code not in plans.plans, Invalid("Select a plan", beside="code"))
    hour = int(form.hour) if form.hour.isdigit() else None
    refuse_if(hour is not None and hour not in plans.window.hours, Invalid("Select a time", beside="hour"))
    return Proposed(form.code, form.days, hour, form.language)


def agree(work: Work, case_id: UUID, form: AgreePlan) -> CheckinPlan:
    """The plan they agreed to: kept for the release, or in force at once where it has been recorded."""
    wanted = propose(work, case_id, form)
    if form.code_word:
        _agree_word(work, case_id, form.code_word)
    plan = following.open_plan(work, case_id) or work.add(CheckinPlan(case_id=case_id))
    plan.code, plan.days, plan.hour, plan.language = wanted
    plan.next_at = work.now if plan.status is PlanStatus.ACTIVE else None
    work.session.add(plan)
    name = events.PlanChanged if plan.status is not PlanStatus.AGREED else events.PlanAgreed
    work.record(name(subject_id=plan.id, case_id=case_id))
    return plan


def _agree_word(work: Work, case_id: UUID, word: str) -> None:
    number = current_number(work, case_id)
    if number is None:
        raise NoNumber
    contact.agree_code_word(work, case_id, number.id, CodeWord(code_word=word))


def pause(work: Work, case_id: UUID, form: PausePlan) -> CheckinPlan:
    """No texts for a while; what waits is held back."""
    plan = _plan(work, case_id)
    refuse_if(form.until and form.until <= work.today, Invalid("The day must be after today", beside="until"))
    steps.pause(plan, work, form.because, form.until)
    optouts.hold_back(work, case_id, "paused")
    for prompt in optouts.open_prompts(work, case_id):
        prompt.held_at = work.now
        work.session.add(prompt)
    if form.because is not Why.OTHER:  # they asked for it, or are where they cannot answer
        chasing.cannot_answer(work, case_id, form.because)
    return plan


def resume(work: Work, case_id: UUID, _: ResumePlan) -> CheckinPlan:
    """The check-ins go on from the next one due."""
    plan = _plan(work, case_id)
    steps.resume(plan, work)
    return plan


def end(work: Work, case_id: UUID, form: EndPlan) -> CheckinPlan:
    """No more check-ins after this release."""
    plan = _plan(work, case_id)
    following.finish(work, plan, form.because)
    return plan


def _plan(work: Work, case_id: UUID) -> CheckinPlan:
    may_work(work, case_id)
    plan = following.open_plan(work, case_id)
    if plan is None:
        raise NoPlan
    return plan


def spoke(work: Work, case_id: UUID, form: Call) -> None:
    """A call was made. Having spoken closes every open ladder and every call that was asked for (R46)."""
    may_work(work, case_id)
    number = current_number(work, case_id)
    work.record(events.ContactMade(subject_id=case_id, case_id=case_id, how=form.how, reached=form.reached))
    if not form.reached:
        return
    chasing.met(work, case_id, work.now, "spoken_to")
    if form.proven and number:
        replying.prove(work, number, "worker")
    _close(work, case_id, errands.CALLS | {errands.UNSENT.kind}, "spoken_to")


def _close(work: Work, case_id: UUID, kinds: frozenset[str], outcome: str, subject_id: UUID | None = None) -> None:
    still = select(Task).where(Task.case_id == case_id, col(Task.kind).in_(kinds), Task.status == TaskStatus.OPEN)
    for task in work.session.exec(still).all():
        if subject_id is None or task.subject_id == subject_id:
            tasks.close(work, task, outcome)


def read_text(work: Work, case_id: UUID, text_id: UUID, _: ReadText) -> TextReceived:
    """A worker has read this text and done what it asks for."""
    may_work(work, case_id)
    text = access.take(work, TextReceived, text_id)
    refuse_if(text.case_id != case_id, NotFound)
    if text.read_at is None:
        text.read_at, text.read_by = work.now, work.actor.id
        work.session.add(text)
        work.record(events.TextRead(subject_id=text.id, case_id=case_id))
    _close(work, case_id, frozenset({errands.READ.kind}), "read", text.id)
    return text


def write_back(work: Work, case_id: UUID, form: WriteBack) -> UUID:
    """A worker's own words, past the linter, to be sent in sending hours (R33). The id of the text."""
    may_work(work, case_id)
    look = looks.look_at(work, case_id, form.message)
    shown = f"On a locked phone it looks like this. {look.sender}: “{look.shown}” Tick the box to send it."
    refuse_if(not form.seen, NotLookedAt(shown))
    message = texting.write(work, looks.by_hand(work, case_id, form.message))
    refuse_if(message is None, WrongState)
    assert message is not None
    work.record(events.WroteBack(subject_id=message.id, case_id=case_id))
    return message.id


def record_stop(work: Work, case_id: UUID, _: RecordStop) -> None:
    """They told a worker that they want no texts: as good as a STOP (R27)."""
    may_work(work, case_id)
    number = current_number(work, case_id)
    if number is None:
        raise NoNumber("There is no number to stop texts to.")
    optouts.opt_out(work, case_id, number.number, "worker")


def _now_theirs(work: Work, case_id: UUID, number: str) -> None:
    """A worker confirms that this is a number of theirs; it is still to be proven (R24, R35)."""
    if all(row.number != number for row in contact.numbers_of(work, case_id)):
        contact.add_number(work, case_id, NewNumber(number=number, replaces=False))


def _whose(work: Work, form: Place) -> UUID:
    """Whom they selected, or whose reference they entered, among those they may know of."""
    if not form.reference:
        if form.case_id is None:
            raise Invalid("Select a person, or enter the reference of their case", beside="case_id")
        return form.case_id
    query = select(Case.id).where(Case.reference == form.reference.upper())
    found = work.session.exec(query).first()
    if found is None or not access.standing(work, found).bases:
        raise Invalid("Enter the reference of somebody you work with", beside="reference")
    return found


def place(work: Work, text_id: UUID, form: Place) -> TextReceived:
    """A worker says whose text it is: it becomes part of that case, and is acted on but not answered (R23, R24)."""
    case_id = _whose(work, form)
    may_work(work, case_id)
    text = inbound.unplaced(work, text_id)
    if text is None:
        raise NotFound
    if form.new_number and text.fate not in HELD:
        refuse_if(not strangers.may_place(work, text_id), NotPermitted)
        _now_theirs(work, case_id, text.from_number)
    held = contact.numbers_of(work, case_id)
    if not held:
        raise NoNumber("There is no number for them yet: say whether they use this one now.", beside="new_number")
    number = next((each for each in held if each.number == text.from_number), held[0])
    if text.fate in HELD:
        refuse_if(number.number != text.from_number, NotFound)
    else:
        refuse_if(not strangers.may_place(work, text_id), NotPermitted)
    heard = replying.read(work, text, number, by_worker=True)
    text.case_id, text.fate, text.body = case_id, PLACED, ""
    work.session.add(text)
    work.record(events.TextPlaced(subject_id=heard.id, case_id=case_id))
    joining.off_the_lists(work, text_id)
    return heard
