"""Our components against the HTML of GOV.UK's macros and of MoJ's templates, so that their style sheets fit."""

from __future__ import annotations

from datetime import UTC, datetime
from textwrap import dedent

import pytest
from markupsafe import Markup

from tests.web.outline import outline, skeleton
from throughcare.web.frame import Identity, NavItem, Site
from throughcare.web.govuk import govuk_environment
from throughcare.web.parts import Bar, Column, Filtered, Happening, Job, Message, Row, Stat
from throughcare.web.templating import chrome, environment

AT = datetime(2026, 6, 4, 8, 32, tzinfo=UTC)
BAD = "<b>&"


def ui(name, *args, **given):
    return environment().globals["ui"].__dict__[name](*args, **given)


def theirs(component, macro, params):
    template = govuk_environment().get_template(f"govuk_frontend_jinja/components/{component}/macro.html")
    return getattr(template.module, macro)(params)


def link(text, hidden):
    return {"items": [{"href": "/x", "text": text, "visuallyHiddenText": hidden}]}


JOB_STATUS = {"tag": {"text": "To do", "classes": "govuk-tag--teal"}}
PAIRS = {
    "tag": (
        lambda: ui("tag", BAD, "red"),
        ("tag", "govukTag", {"text": BAD, "classes": "govuk-tag--red"}),
    ),
    "warning": (
        lambda: ui("warning", BAD),
        ("warning-text", "govukWarningText", {"text": BAD}),
    ),
    "panel": (
        lambda: ui("panel", "Done", BAD),
        ("panel", "govukPanel", {"titleText": "Done", "text": BAD}),
    ),
    "success": (
        lambda: ui("notification", BAD),
        ("notification-banner", "govukNotificationBanner", {"text": BAD, "type": "success"}),
    ),
    "important": (
        lambda: ui("notification", BAD, "important"),
        ("notification-banner", "govukNotificationBanner", {"text": BAD}),
    ),
    "breadcrumbs": (
        lambda: ui("breadcrumbs", [("Cases", "/cases")]),
        ("breadcrumbs", "govukBreadcrumbs", {"items": [{"text": "Cases", "href": "/cases"}]}),
    ),
    "button": (
        lambda: ui("button_link", BAD, "/x", "secondary"),
        ("button", "govukButton", {"text": BAD, "href": "/x", "classes": "govuk-button--secondary"}),
    ),
    "table": (
        lambda: ui("table", BAD, [Column("Name"), Column("Days", "numeric")], [(BAD, "3"), (Markup("<i>x</i>"), "4")]),
        (
            "table",
            "govukTable",
            {
                "caption": BAD,
                "captionClasses": "govuk-table__caption--m",
                "firstCellIsHeader": True,
                "head": [{"text": "Name"}, {"text": "Days", "format": "numeric"}],
                "rows": [
                    [{"text": BAD}, {"text": "3", "format": "numeric"}],
                    [{"html": "<i>x</i>"}, {"text": "4", "format": "numeric"}],
                ],
            },
        ),
    ),
    "summary list": (
        lambda: ui("summary_list", [Row("NHS number", BAD, "/x"), Row("CRN", "X")]),
        (
            "summary-list",
            "govukSummaryList",
            {
                "rows": [
                    {
                        "key": {"text": "NHS number"},
                        "value": {"text": BAD},
                        "actions": link("Change", "NHS number"),
                    },
                    {"key": {"text": "CRN"}, "value": {"text": "X"}},
                ]
            },
        ),
    ),
    "summary card": (
        lambda: ui("summary_card", BAD, [("CRN", "X")]),
        (
            "summary-list",
            "govukSummaryList",
            {"card": {"title": {"text": BAD}}, "rows": [{"key": {"text": "CRN"}, "value": {"text": "X"}}]},
        ),
    ),
    "task list": (
        lambda: ui(
            "task_list",
            [
                Job(BAD, "To do", "/x", hint="Seven", colour="teal"),
                Job("Plan", "Completed", "/y", plain=True),
                Job("Agree", "Cannot start yet", plain=True),
            ],
        ),
        (
            "task-list",
            "govukTaskList",
            {
                "items": [
                    {"title": {"text": BAD}, "href": "/x", "hint": {"text": "Seven"}, "status": JOB_STATUS},
                    {"title": {"text": "Plan"}, "href": "/y", "status": {"text": "Completed"}},
                    {"title": {"text": "Agree"}, "status": {"text": "Cannot start yet"}},
                ]
            },
        ),
    ),
}


@pytest.mark.parametrize("name", PAIRS)
def test_our_component_is_gov_uks_element_for_element(name):
    ours, given = PAIRS[name]
    assert outline(ours()) == outline(theirs(*given))


def test_our_navigation_is_gov_uks_element_for_element():
    items = (NavItem("My work", "/"), NavItem("Cases & more", "/cases", current=True))
    params = {
        "navigation": [{"text": "My work", "href": "/"}, {"text": "Cases & more", "href": "/cases", "active": True}]
    }
    assert outline(chrome(Site(), items, "navigation")) == outline(
        theirs("service-navigation", "govukServiceNavigation", params)
    )


def test_pages_by_key_have_gov_uks_bones():
    params = {"previous": {"href": "/n", "text": "Newer"}, "next": {"href": "/o", "text": "Older"}, "items": []}
    ours = [line for line in skeleton(ui("pagination", "/o", "/n")) if "visually-hidden" not in line]
    assert ours == [
        line
        for line in skeleton(theirs("pagination", "govukPagination", params))
        if ".govuk-pagination__list" not in line
    ]


# The elements and classes that MoJ's own templates (@ministryofjustice/frontend 11.1.0) write for the same things.
MOJ = {
    "identity_bar": """
        div.moj-identity-bar
          div.moj-identity-bar__container
            div.moj-identity-bar__details
              span.moj-identity-bar__title
    """,
    "sub_navigation": """
        nav.moj-sub-navigation
          ul.moj-sub-navigation__list
            li.moj-sub-navigation__item
              a.moj-sub-navigation__link
    """,
    "timeline": """
        div.moj-timeline
          div.moj-timeline__item
            div.moj-timeline__header
              h2.moj-timeline__title
              p.moj-timeline__byline
            p.moj-timeline__date
              time
            div.moj-timeline__description
    """,
    "messages": """
        div.moj-messages-container
          div.moj-message-list
            time.moj-message-list__date
            div.moj-message-item.moj-message-item--received
              div.moj-message-item__text.moj-message-item__text--received
              div.moj-message-item__meta
                span.moj-message-item__meta--sender
                time.moj-message-item__meta--timestamp
    """,
    "badge": """
        span.moj-badge.moj-badge--red.moj-badge--large
    """,
    "alert": """
        div.moj-alert.moj-alert--error
          div
            span.moj-alert__icon
          div.moj-alert__content
            h2.moj-alert__heading
    """,
}
GIVEN = {
    "identity_bar": (Identity("Rhys"),),
    "sub_navigation": ([NavItem("Plan", "/plan", current=True)], "Case"),
    "timeline": ([Happening("Sent", AT, "Amal", "To them")],),
    "messages": ([Message("2", AT, "Rhys", sent=False)],),
    "badge": ("Risk",),
    "alert": ("Text", "error", "Title"),
}


@pytest.mark.parametrize("name", MOJ)
def test_our_component_has_mojs_bones(name):
    assert skeleton(ui(name, *GIVEN[name])) == dedent(MOJ[name]).strip().splitlines()


def test_a_timeline_keeps_what_no_longer_holds_and_says_why():
    html = ui("timeline", [Happening("Screened", AT, struck="Wrong person")])
    assert "<del>Screened</del>" in html
    assert "No longer holds: Wrong person" in html


def test_a_thread_is_dated_once_a_day():
    two = [Message("hi", AT, "Us", sent=True, state="Delivered"), Message(BAD, AT, "Rhys", sent=False)]
    html = ui("messages", two)
    assert html.count("moj-message-list__date") == 1
    assert "9:32am" in html
    assert "&lt;b&gt;&amp;" in html


def test_a_sorted_column_says_so():
    html = ui("table", "Cases", [Column("Name", sort="?sort=name", order="descending"), Column("Days", "numeric")], [])
    assert 'aria-sort="descending"' in html
    assert 'href="?sort=name"' in html


def test_a_table_of_nothing_says_what_to_do():
    html = ui("table", "Cases", [Column("Name")], [], empty="No cases. Change the filters.")
    assert "No cases. Change the filters." in html
    assert "<table" not in html


def test_a_chart_draws_the_greatest_full_and_tells_every_number_in_a_table():
    html = ui(
        "bar_chart", "c", "Reached", [Bar("A", 50, "50"), Bar("B", 25, "25"), Bar("C", None, "fewer than 5")], "Prison"
    )
    assert 'width="100.00%"' in html
    assert 'width="50.00%"' in html
    assert html.count("tc-chart__bar") == 2
    assert html.count("fewer than 5") == 2
    assert "<table" in html
    assert "style=" not in html


def test_a_chart_of_nothing_is_no_drawing():
    html = ui("bar_chart", "c", "Reached", [], "Prison")
    assert "<svg" not in html
    assert "Nothing was counted" in html


def test_filters_are_in_the_address_and_can_be_taken_off_one_by_one():
    html = (
        environment()
        .from_string('{% call ui.filter_form("/cases", on) %}<input name="q">{% endcall %}')
        .render(on=[Filtered("Released", "/cases?q=a")])
    )
    assert '<form method="get" action="/cases">' in html
    assert 'href="/cases?q=a"' in html
    assert html.count("Apply filters") == 1


def test_a_ticket_leads_to_what_it_counts():
    html = ui("tickets", [Stat("Overdue", "1,204", "/?when=overdue", urgent=True)])
    assert 'href="/?when=overdue"' in html
    assert "1,204" in html


def test_an_act_posts_its_token_and_the_version_it_was_pressed_at():
    frame = environment().from_string('{{ ui.act({"csrf": "t"}, "Receive", "/receive", 4) }}').render()
    assert 'name="csrf_token" value="t"' in frame
    assert 'name="version" value="4"' in frame
