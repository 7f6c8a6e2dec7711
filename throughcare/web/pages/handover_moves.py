"""The moves of a handover, each a page and an API call: what the state machine allows and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from throughcare.handover import answering, doors, forms, offering, passing, sharing, steps, workers
from throughcare.handover.reasons import HandoverLists, Labels, options
from throughcare.handover.rows import Handover
from throughcare.handover.shapes import HandoverView, Summary
from throughcare.journey import first_appointment
from throughcare.kernel.forms import Choice, Form
from throughcare.kernel.refusals import refuse_if
from throughcare.kernel.steps import Step
from throughcare.kernel.work import Work
from throughcare.web.acts import Act, Opening
from throughcare.web.pages.handovers import whole
from throughcare.web.visit import Ids
from throughcare.web.words import day

HANDOVER = "/handovers/{handover_id:uuid}"
AFTER = "/handovers/{handover_id}"

Offer = Callable[[Work, Handover], tuple[Choice, ...]]


def opening(
    *made: Step[Handover, Any], intro: str = "", inset: Callable[[Work, Handover], str] | None = None, **offers: Offer
) -> Callable[[Work, Ids], Opening]:
    """The opening of a move's form: refused, saying what can be done instead, unless one of these steps is open."""

    def opens(work: Work, ids: Ids) -> Opening:
        row = doors.find(work, ids["handover_id"])
        doors.refuse_unless_open(work, row, *made)
        return Opening(
            choices={name: offer(work, row) for name, offer in offers.items()},
            version=row.version,
            intro=intro,
            inset=inset(work, row) if inset else "",
        )

    return opens


def leaves(work: Work, row: Handover) -> str:
    """When they leave prison, as the team was told: an appointment outside before it could not be kept."""
    week = sharing.release_week(work, row)
    return f"They are due to leave prison in the week of {day(week)}." if week and week > work.today else ""


def listed(name: str) -> Offer:
    """A list of config/data/handover.toml as options."""

    def offer(work: Work, _: Handover) -> tuple[Choice, ...]:
        labels: Labels = getattr(work.reference[HandoverLists], name)
        return options(labels)

    return offer


def named(work: Work, row: Handover) -> tuple[Choice, ...]:
    return tuple(Choice(str(worker.id), worker.name) for worker in workers.of_team(work, row.to_team_id))


def chooses(work: Work, ids: Ids) -> Opening:
    """What may be shared, with what is ticked and written now."""
    row = doors.find(work, ids["handover_id"])
    offering.refuse_unless_drafting(work, row)
    may = sharing.offered(work, row)
    return Opening(
        values={
            "sections": list(sharing.chosen(work, row)),
            "plan_note": [row.plan_note],
            "medication_note": [row.medication_note],
            "risk_note": [row.risk_note],
        },
        choices={"sections": options(may)},
        version=row.version,
        intro="The team reads these parts once it accepts. A part that may not be shared with them is not listed.",
    )


def sends(work: Work, ids: Ids) -> Opening:
    """The preview, word for word, with its hash: what is sent is what is read here."""
    row = doors.find(work, ids["handover_id"])
    doors.refuse_unless_open(work, row, steps.send)
    refuse_if(sharing.consent_to_refer(work, row.case_id, row.to_agency_id) is None, sharing.NoConsent)
    ready = sharing.preview(work, row)
    return Opening(
        values={"sha256": [ready.sha256]},
        version=row.version,
        intro="This is exactly what the team will see. It is kept as it is now, and cannot be changed once it is sent.",
        inset=as_read(work, row, ready),
    )


def as_read(work: Work, row: Handover, ready: sharing.Preview) -> str:
    """The preview as lines of text."""
    lists = work.reference[HandoverLists]
    told = ready.summary
    flags = ", ".join(lists.flags.get(flag, flag) for flag in sharing.flags_told(work, row, told["flags"])) or "none"
    lines = [
        "Before they accept",
        f"{told['initials']}, {told['age_band']}, {told['area']}",
        f"Asked for: {lists.options.get(told['sought'], told['sought'])}",
        f"Release: {'week of ' + day(date.fromisoformat(told['release_week'])) if told['release_week'] else 'not known yet'}",
        f"Urgent: {flags}",
        "",
        "Once they accept",
    ]
    for code, part in ready.sections.items():
        lines += [lists.sections[code].label, *part_lines(part), ""]
    return "\n".join(lines).strip()


def part_lines(part: Mapping[str, str]) -> list[str]:
    return [f"{name}: {value}" for name, value in part.items()] or ["Nothing recorded"]


def move(tail: str, words: tuple[str, str, str], form: type[Form], opens: Any, do: Any, **more: Any) -> Act[Any]:
    """One move: `words` are the page's title, the button and what is said once it is done."""
    title, button, said = words

    def press(work: Work, ids: Ids, given: Form) -> HandoverView:
        args = () if form is forms.Nothing else (given,)
        told: Summary = do(work, ids["handover_id"], *args)
        return whole(told)

    return Act(
        f"{HANDOVER}/{tail}", title, button, form, opens, press, AFTER, said=said, answers=HandoverView,
        section="Handovers", **more,
    )  # fmt: skip


def reasons_of_either(work: Work, _: Handover) -> tuple[Choice, ...]:
    """Whose reason it is stands beside each."""
    return tuple(
        Choice(code, label, whose.label)
        for whose, labels in work.reference[HandoverLists].decline.items()
        for code, label in labels.items()
    )


ROUTES = (
    move("share", ("Choose what to share", "Save and preview", "Saved. Check the preview before you send."), forms.Sharing, chooses, offering.choose),
    move("send", ("Check and send", "Send handover", "Handover sent"), forms.Sending, sends, offering.send),
    move("discard", ("Discard this draft", "Discard draft", "Draft discarded"), forms.Nothing, opening(steps.discard), offering.discard, warns=True),
    move("receive", ("Open this handover", "Open handover", "Handover opened"), forms.Nothing, opening(steps.receive, intro="The sender sees that your team has it."), answering.receive),
    move("ask", ("Ask for information", "Ask for information", "Question sent. Your clock stands still until it is answered."), forms.Asking, opening(steps.ask, information=listed("information")), answering.ask),
    move("answer", ("Give information", "Give information", "Information given"), forms.Answering, opening(steps.answer), offering.answer),
    move("waiting-list", ("Put on a waiting list", "Put on waiting list", "Put on the waiting list"), forms.Waiting, opening(steps.waiting_list), answering.wait),
    move("accept", ("Accept this handover", "Accept handover", "Handover accepted. You can now read what was shared."), forms.Accepting, opening(steps.accept, intro="From now your worker shares responsibility. The case passes to you on first contact.", inset=leaves, workers=named), answering.accept),
    move("decline", ("Decline this handover", "Decline handover", "Handover declined. The sender has been asked to plan again."), forms.Declining, opening(steps.decline, reasons=reasons_of_either), answering.decline, warns=True),
    move("recall", ("Recall this handover", "Recall handover", "Handover recalled"), forms.Recalling, opening(steps.recall, reasons=listed("recall")), offering.recall, warns=True),
    move("first-contact", ("Record first contact", "Record first contact", "First contact recorded. The case is now yours."), forms.FirstContact, opening(steps.first_contact, intro="The case passes to your team when you record this."), passing.first_contact),
    move("appointment", ("What happened at the first appointment?", "Save", "Saved."), first_appointment.AtFirst, opening(steps.first_contact, intro="If they came, first contact is recorded with it and the case passes to your team."), first_appointment.record),
    move("treatment", ("Start of structured treatment", "Record start of treatment", "Start of treatment recorded"), forms.TreatmentStart, opening(steps.complete), passing.start_treatment),
    move("complete", ("Complete this handover", "Complete handover", "Handover completed"), forms.Completing, opening(steps.complete, outcomes=listed("outcomes")), passing.complete),
    move("return", ("Return this case", "Return case", "Return offered. The case stays with you until it is accepted."), forms.Returning, opening(steps.offer_return, reasons=listed("returned")), passing.offer_return),
    move("return/accept", ("Take this case back", "Accept return", "Return accepted. The case is yours again."), forms.Nothing, opening(steps.accept_return), passing.accept_return),
    move("return/decline", ("Decline this return", "Decline return", "Return declined"), forms.RefusingReturn, opening(steps.decline_return, steps.decline_early_return, reasons=listed("return_declined")), passing.decline_return),
)  # fmt: skip
