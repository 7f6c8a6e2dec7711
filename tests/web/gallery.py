"""Pages that hold every component once, served to a browser from memory under a strict content security policy."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Annotated
from urllib.parse import urlsplit

from markupsafe import Markup

from throughcare.kernel.forms import Ask, Choice, Form, Line, Note, OptionalNote, Word
from throughcare.web.formpage import FormPage, form_page
from throughcare.web.forms import parse_body, read
from throughcare.web.frame import Flash, Frame, Identity, NavItem, Reader, Site, case_tabs
from throughcare.web.parts import Bar, Column, Filtered, Happening, Job, Message, Row, Stat
from throughcare.web.templating import STATIC, environment
from throughcare.web.troubles import stale, trouble

ORIGIN = "https://service.example"
POLICY = (
    "default-src 'none'; script-src 'nonce-n0nce' 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
NOON = datetime(2026, 6, 4, 8, 32, tzinfo=UTC)
PLACES = ("My work", "Cases", "Handovers", "Check-ins", "Reports", "Services", "Admin")
FRAME = Frame(
    Site("Throughcare", training=True),
    nonce="n0nce",
    csrf="t0ken",
    reader=Reader("Amal Khan", "Throughcare officer", "HMP Fictional"),
    navigation=tuple(NavItem(label, f"/{label}", label == "Cases") for label in PLACES),
    flash=Flash("Handover sent to North Bridge Recovery"),
)
CASE = {
    "identity": Identity(
        "Rhys Sample (Bear)",
        (("Date of birth", "4 June 1990 (36 years old)"), ("Prison number", "A1234BC"), ("CRN", "X123456")),
        risks=("Risk of overdose",),
        status="Released",
    ),
    "tabs": case_tabs("/cases/1", "Handovers"),
    "back": "/cases",
}


class Reason(Word):
    FULL = "full", "No capacity until next month"
    AREA = "area", "Outside our area"
    OTHER = "other", "Another reason"


class Declining(Form):
    who: Annotated[Line, Ask("Your name", autocomplete="name", width="20")]
    on: Annotated[date, Ask("Date you decided", section="The decision")]
    at: Annotated[time | None, Ask("Time you decided")] = None
    reason: Annotated[Reason, Ask("Why are you declining?")]
    other: Annotated[OptionalNote, Ask("What is the reason?", missing="Enter the reason", when=("reason", "other"))] = (
        ""
    )
    told: Annotated[bool, Ask("Have you told the sender?")]
    parts: Annotated[tuple[Reason, ...], Ask("Which of these came up?", hint="Select all that apply")] = ()
    agree: Annotated[bool, Ask("I have read the plan", widget="checkboxes")] = False
    team: Annotated[str, Ask("Team", choices="teams")]
    minutes: Annotated[int, Ask("Minutes spent", width="3")]
    note: Annotated[Note, Ask("What should the sender know?", hint="They will read this as you write it")]


ASK = FormPage(
    Declining,
    "Decline handover",
    "Decline handover",
    choices={"teams": (Choice("n", "North"), Choice("s", "South"))},
    version=3,
    intro="The sender is told at once and asked to plan again.",
    cancel="/cases/1",
    draft_key="handover.decline:1",
)
COMPONENTS = """
{% extends "layouts/case.html" %}
{% block title %}Components{% endblock %}
{% block content %}
<h1 class="govuk-heading-l">Components</h1>
{{ ui.alert("The naloxone kit has not been recorded.", "warning", "No naloxone") }}
{{ ui.alert("The next dose is arranged.", "success") }}
{{ ui.alert("Check this before release.", "information") }}
{{ ui.alert("This could not be sent.", "error") }}
{{ ui.warning("An early release moves every appointment.") }}
{{ ui.inset("In the sender's words:\nshe will ring first.") }}
<p class="govuk-body">{{ ui.tag("Sent") }} {{ ui.tag("Accepted", "green") }} {{ ui.tag("Overdue", "red") }} {{ ui.badge("Self-harm") }}</p>
{{ ui.tickets(stats) }}
{% call ui.filter_form("/cases", applied) %}
<div class="govuk-form-group"><label class="govuk-label" for="q">Name</label><input class="govuk-input" id="q" name="q"></div>
{% endcall %}
{{ ui.table("Cases", columns, rows) }}
{{ ui.pagination("?before=1", "?after=1", "cases") }}
{{ ui.table("Nothing", columns, [], empty="There are no cases here. Change the filters.") }}
{{ ui.summary_list(summary) }}
{{ ui.summary_card("Contact", summary) }}
{{ ui.task_list(jobs) }}
{{ ui.bar_chart("reached", "Reached the clinic within 21 days", bars, "Prison", "People") }}
{% call ui.details("What this counts") %}<p class="govuk-body">Everyone released in the period.</p>{% endcall %}
{{ ui.timeline(happenings) }}
{{ ui.messages(messages) }}
{{ ui.button_link("Start handover", "/start") }}
{{ ui.act(frame, "Receive handover", "/receive", 3, "secondary") }}
{{ ui.empty("Nothing needs you today.", "/cases", "See your cases") }}
<p class="govuk-body">{{ ui.time(noon) }}</p>
{% endblock %}
"""
PIECES = {
    "stats": [
        Stat("Overdue", "3", "/?when=overdue", urgent=True),
        Stat("Today", "12", "/?when=today"),
        Stat("Team", "1,204"),
    ],
    "applied": [Filtered("HMP Fictional", "/cases"), Filtered("Released", "/cases")],
    "columns": [
        Column("Name", sort="?sort=name"),
        Column("Release", sort="?sort=release", order="ascending"),
        Column("Days", "numeric"),
    ],
    "rows": [
        (Markup('<a class="govuk-link" href="/1">Rhys Sample</a>'), "4 June 2026", "3"),
        (
            Markup('<a class="govuk-link" href="/2">Averylongfamilynamewithoutanyspaces Exampleton-Fictional</a>'),
            "",
            "12",
        ),
    ],
    "summary": [
        Row("Name", "Rhys Sample", "/name"),
        Row("CRN", "X123456"),
        Row("Phone", "07700 900123", "/phone", "phone"),
    ],
    "jobs": [
        Job("Needs", "Not started", "/needs", hint="Seven pathways", colour="teal"),
        Job("Appointments", "Completed", "/appointments", plain=True),
        Job("Agree the plan", "Cannot start yet", colour="grey"),
    ],
    "bars": [Bar("HMP Fictional", 62, "62"), Bar("HMP Invented", 31, "31"), Bar("HMP Made-up", None, "fewer than 5")],
    "happenings": [
        Happening("Handover sent", NOON, "Amal Khan", "To North Bridge Recovery.\nUrgent."),
        Happening("Screening recorded", NOON, "Amal Khan", struck="Recorded for the wrong person"),
    ],
    "messages": [
        Message("How are you today? 1 (bad) to 5 (good), or CALL.", NOON, "Throughcare", sent=True, state="Delivered"),
        Message("2. not great <tbh>", NOON, "Rhys Sample", sent=False),
    ],
    "noon": NOON,
}


def components() -> str:
    return environment().from_string(COMPONENTS).render(frame=FRAME, **CASE, **PIECES)


def asked(body: bytes | None = None) -> tuple[int, str]:
    """The form, or what becomes of posting it."""
    if body is None:
        return 200, form_page(FRAME, ASK, **CASE)
    posted = parse_body(body)
    form, problems = read(Declining, posted, ASK.choices)
    again = FormPage(
        Declining, ASK.title, ASK.act, values=posted, problems=problems, choices=ASK.choices, draft_key="d:1"
    )
    return (200, "<title>Done</title>" if form else "") if form else (422, form_page(FRAME, again, **CASE))


PAGES = {
    "/components": components,
    "/404": lambda: trouble(FRAME, 404),
    "/500": lambda: trouble(Frame(FRAME.site, nonce="n0nce"), 500, reference="9f2c41aa"),
    "/409": lambda: stale(
        FRAME, "Amal Khan changed this at 9:32am.", [("Reason", "No capacity", "Outside our area")], "/1"
    ),
}


def serve(route) -> None:
    """Answer one request of the browser's."""
    request = route.request
    path = urlsplit(request.url).path
    if path.startswith("/static/"):
        route.fulfill(path=STATIC / path.removeprefix("/static/"))
        return
    if path in {"/drafts", "/session/stay"}:
        route.fulfill(status=204)
        return
    status, body = (200, PAGES[path]()) if path in PAGES else asked(request.post_data_buffer)
    route.fulfill(
        status=status,
        body=body,
        headers={"content-type": "text/html; charset=utf-8", "content-security-policy": POLICY},
    )
