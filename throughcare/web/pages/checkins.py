"""Check-ins: the inbox of a worker or a team, and the thread of one person with the acts on it."""

from __future__ import annotations

from datetime import time

from throughcare.casework import access
from throughcare.casework.contact import Safe, holders_of
from throughcare.casework.views import headings
from throughcare.checkin import actions, following, steps, unplaced, views
from throughcare.checkin.forms import (
    Call,
    EndPlan,
    InboxQuery,
    PausePlan,
    Place,
    ReadText,
    RecordStop,
    ResumePlan,
    WriteBack,
    why_said,
)
from throughcare.checkin.inbox import Inbox, inbox
from throughcare.checkin.replies import Kind
from throughcare.checkin.views import Checkins, HeardShown
from throughcare.kernel.actors import acts_among
from throughcare.kernel.forms import Choice
from throughcare.kernel.refusals import NotFound, NotPermitted, WrongState, refuse_if
from throughcare.kernel.work import Work
from throughcare.web import words
from throughcare.web.acts import Act, Look, Opening
from throughcare.web.parts import Message, Row
from throughcare.web.visit import Ids

CASE = "/cases/{case_id:uuid}/check-ins"
HERE = "/cases/{case_id}/check-ins"
MOVES = {
    "pause": ("Pause check-ins", "pause"),
    "resume": ("Resume check-ins", "resume"),
    "end": ("End check-ins", "end"),
}


class CheckinsPage(Checkins):
    """The same, as a thread and links."""

    @property
    def why(self) -> str:
        """Why the plan is paused or has ended; blank while it runs."""
        because = (self.plan.ended_because or self.plan.paused_because) if self.plan else ""
        return why_said(because) if because else ""

    @property
    def thread(self) -> list[Message]:
        """Both sides in the order they were said."""
        ours = [
            Message(each.text or "Not shared with you", each.at, "Us", sent=True, state=each.said) for each in self.sent
        ]
        theirs = [
            Message(each.text or self.unshown(each), each.at, "Them", sent=False, state=self.noted(each))
            for each in self.heard
        ]
        return sorted([*ours, *theirs], key=lambda message: message.at)

    @staticmethod
    def unshown(text: HeardShown) -> str:
        if text.kind is Kind.RANG:
            return "Rang in"
        return "Not shared with you" if "text" in text.withheld else "An empty text"

    @staticmethod
    def noted(text: HeardShown) -> str:
        if text.media:
            return f"{text.media} picture or sound with it, not fetched"
        if text.to_read:
            return "Read by a worker" if text.read_at else "Waiting to be read"
        return text.kind.label if text.kind and text.kind is not Kind.RANG else ""

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
    def unread(self) -> list[HeardShown]:
        return [text for text in self.heard if text.to_read and text.read_at is None]

    @property
    def links(self) -> list[tuple[str, str]]:
        return [MOVES[name] for name in self.moves if name in MOVES]


def wall(hour: str) -> str:
    """9am, from 09:00."""
    return words.clock(time.fromisoformat(hour)) if hour else ""


def shown(work: Work, ids: Ids, _: object) -> CheckinsPage:
    return CheckinsPage(**dict(views.checkins(work, ids["case_id"])))


def opens_move(work: Work, ids: Ids) -> Opening:
    actions.may_work(work, ids["case_id"])
    plan = following.open_plan(work, ids["case_id"])
    refuse_if(plan is None, actions.NoPlan)
    return Opening()


def opens_resume(work: Work, ids: Ids) -> Opening:
    opening = opens_move(work, ids)
    plan = following.open_plan(work, ids["case_id"])
    if plan and not steps.resume.open_to(plan, work.actor.role):
        raise WrongState(steps.PLAN.sentence(plan, work.actor.role))
    return opening


def opens_work(work: Work, ids: Ids) -> Opening:
    actions.may_work(work, ids["case_id"])
    return Opening()


def opens_writing(work: Work, ids: Ids) -> Opening:
    actions.may_work(work, ids["case_id"])
    cannot = views.checkins(work, ids["case_id"]).cannot_text
    return Opening(inset=f"This person cannot be texted now. {cannot}." if cannot else "")


def opens_reading(work: Work, ids: Ids) -> Opening:
    actions.may_work(work, ids["case_id"])
    text = next((each for each in views.checkins(work, ids["case_id"]).heard if each.id == ids["text_id"]), None)
    if text is None:
        raise NotFound
    return Opening(inset=text.text or "")


def opens_placing(work: Work, ids: Ids) -> Opening:
    refuse_if(not acts_among(work.actor, steps.STAFF), NotPermitted)
    text = unplaced.find(work, ids["text_id"])
    cases = {holder.case_id for holder in holders_of(work, text.from_number)}
    mine = set(work.session.scalars(access.cases_with_standing(work)).all())
    told = headings(work, cases & mine if cases else set(list(mine)[:50]))
    people = tuple(
        Choice(str(case_id), f"{each.given} {each.family}" if each.family else each.reference)
        for case_id, each in told.items()
    )
    return Opening(choices={"people": people}, inset="Rang in" if text.rang else text.body)


ROUTES = (
    Look("/check-ins", "Check-ins", "checkins/inbox.html", lambda work, _, query: inbox(work, query), Inbox,
         query=InboxQuery, section="Check-ins"),
    Act("/check-ins/{text_id:uuid}/place", "Say whose text this is", "Save", Place, opens_placing,
        lambda work, ids, form: actions.place(work, ids["text_id"], form) and None, "/check-ins",
        said="The text is on the person’s record.", section="Check-ins"),
    Look(CASE, "Check-ins", "checkins/case.html", shown, Checkins, tab="Check-ins"),
    Act(f"{CASE}/pause", "Pause check-ins", "Pause check-ins", PausePlan, opens_move,
        lambda work, ids, form: actions.pause(work, ids["case_id"], form) and None, HERE, said="Check-ins paused",
        tab="Check-ins"),
    Act(f"{CASE}/resume", "Resume check-ins", "Resume check-ins", ResumePlan, opens_resume,
        lambda work, ids, form: actions.resume(work, ids["case_id"], form) and None, HERE, said="Check-ins resumed",
        tab="Check-ins"),
    Act(f"{CASE}/end", "End check-ins", "End check-ins", EndPlan, opens_move,
        lambda work, ids, form: actions.end(work, ids["case_id"], form) and None, HERE, said="Check-ins ended",
        tab="Check-ins", warns=True),
    Act(f"{CASE}/spoke", "Record a call or meeting", "Save", Call, opens_work,
        lambda work, ids, form: actions.spoke(work, ids["case_id"], form), HERE, said="Saved", tab="Check-ins"),
    Act(f"{CASE}/write", "Write a text", "Send text", WriteBack, opens_writing,
        lambda work, ids, form: actions.write_back(work, ids["case_id"], form) and None, HERE,
        said="The text will be sent between 9am and 8pm.", tab="Check-ins"),
    Act(f"{CASE}/texts/{{text_id:uuid}}/read", "Mark this text as read", "Mark as read", ReadText, opens_reading,
        lambda work, ids, form: actions.read_text(work, ids["case_id"], ids["text_id"], form) and None, HERE,
        said="Marked as read", tab="Check-ins"),
    Act(f"{CASE}/stop-texts", "Stop texts to this person", "Stop texts", RecordStop, opens_work,
        lambda work, ids, form: actions.record_stop(work, ids["case_id"], form), HERE,
        said="No more texts will be sent", tab="Check-ins", warns=True),
)  # fmt: skip
