"""Handovers: the lists, one handover for both its sides, and the Handovers tab of a case."""

from __future__ import annotations

from throughcare.handover import doors, listing, meetings, offering, views
from throughcare.handover.directory import picker
from throughcare.handover.forms import Drafting, HandoverQuery, Meeting, NotNeeding
from throughcare.handover.listing import HandoverList
from throughcare.handover.reasons import HandoverLists, options
from throughcare.handover.shapes import CaseHandovers, HandoverView, Summary
from throughcare.kernel.forms import Choice
from throughcare.kernel.work import Work
from throughcare.web.acts import Act, Look, Opening
from throughcare.web.visit import Ids

CASE = "/cases/{case_id:uuid}/handovers"


def whole(told: Summary) -> HandoverView:
    """The summary a deciding team has, or all of it, in one shape."""
    return HandoverView(**dict(told))


def read(work: Work, ids: Ids, _: object) -> HandoverView:
    return whole(views.show(work, doors.find(work, ids["handover_id"])))


def title(view: HandoverView) -> str:
    return f"Handover to {view.service}"


def drafts(work: Work, ids: Ids) -> Opening:
    lists = work.reference[HandoverLists]
    offering.refuse_unless_owner(work, doors.known_case(work, ids["case_id"]))
    return Opening(
        choices={"services": picker(work), "options": options(lists.options), "flags": options(lists.flags)},
        intro="Nothing is shared until you have chosen what to share, read the preview and pressed send.",
    )


def needs_none(work: Work, ids: Ids) -> Opening:
    offering.refuse_unless_owner(work, doors.known_case(work, ids["case_id"]))
    return Opening(choices={"reasons": options(work.reference[HandoverLists].not_needed)})


def meets(work: Work, ids: Ids) -> Opening:
    live = [line for line in listing.of_case(work, ids["case_id"]).handovers if line.status in meetings.to_meet()]
    return Opening(
        choices={"handovers": tuple(Choice(str(line.id), f"{line.service} ({line.receiver})") for line in live)},
        intro="The prison, the community service and the person meet before release.",
    )


ROUTES = (
    Look(
        "/handovers", "Handovers", "handovers/list.html", lambda work, _, query: listing.listed(work, query),
        HandoverList, query=HandoverQuery, section="Handovers",
    ),
    Look("/handovers/{handover_id:uuid}", title, "handovers/handover.html", read, HandoverView, section="Handovers"),
    Look(
        CASE, "Handovers", "handovers/case.html", lambda work, ids, _: listing.of_case(work, ids["case_id"]),
        CaseHandovers, tab="Handovers",
    ),
    Act(
        f"{CASE}/new", "Start a handover", "Save draft", Drafting, drafts,
        lambda work, ids, form: whole(offering.draft(work, ids["case_id"], form)),
        "/handovers/{id}", said="Draft saved. Nothing has been sent yet.", answers=HandoverView, tab="Handovers",
    ),
    Act(
        f"{CASE}/not-needed", "No handover is needed", "Record that none is needed", NotNeeding, needs_none,
        lambda work, ids, form: offering.not_needed(work, ids["case_id"], form),
        "/cases/{case_id}/handovers", said="Recorded that no handover is needed", tab="Handovers",
    ),
    Act(
        f"{CASE}/meeting", "Meeting before release", "Record meeting", Meeting, meets,
        lambda work, ids, form: meetings.record(work, ids["case_id"], form),
        "/cases/{case_id}/handovers", said="Meeting recorded", tab="Handovers",
    ),
)  # fmt: skip
