"""Whole pages: titles, the reader's own words, the nonce, and what must never be on one."""

from __future__ import annotations

from typing import Annotated

import pytest
from jinja2 import UndefinedError

from throughcare.kernel.forms import Ask, Form, Note
from throughcare.web.formpage import FormPage, form_page
from throughcare.web.frame import Flash, Frame, Identity, NavItem, Reader, Site, case_tabs
from throughcare.web.templating import environment, render, warm
from throughcare.web.troubles import TITLES, stale, trouble

SITE = Site(service_name="Bridges & Gates", training=True)
READER = Reader("Amal Khan", "Throughcare officer", "HMP Fictional")
NAVIGATION = (NavItem("My work", "/", current=True), NavItem("Cases", "/cases"))
FRAME = Frame(SITE, nonce="n0nce", csrf="t0ken", reader=READER, navigation=NAVIGATION)
CASE = {
    "identity": Identity("Rhys Sample", (("CRN", "X000001"), ("Known as", "")), risks=("Risk of overdose",)),
    "tabs": case_tabs("/cases/1", "Plan", frozenset({"Overview", "Plan"})),
}


class Reason(Form):
    why: Annotated[Note, Ask("Why")]


ASKING = FormPage(Reason, "Decline handover", "Decline handover", version=3, cancel="/cases/1", draft_key="handover:1")


def test_a_form_page_asks_and_names_the_act():
    page = form_page(FRAME, ASKING, **CASE)
    assert "<title>Decline handover - Bridges &amp; Gates</title>" in page
    assert 'name="csrf_token" value="t0ken"' in page
    assert 'name="version" value="3"' in page
    assert 'data-draft-key="handover:1"' in page
    assert "Rhys Sample" in page
    assert "Known as" not in page


def test_a_refused_form_says_so_first_and_in_its_title_and_keeps_the_words():
    again = FormPage(Reason, "Decline", "Decline", values={"why": ["<b>no"]}, problems={"why": "Enter why", "": "Oh"})
    page = form_page(FRAME, again)
    assert "<title>Error: Decline - " in page
    assert '<a href="#why">Enter why</a>' in page
    assert page.index("There is a problem") < page.index("<h1")
    assert "&lt;b&gt;no</textarea>" in page


def test_every_script_carries_the_nonce_and_none_is_inline():
    page = form_page(FRAME, ASKING)
    scripts = page.split("<script")[1:]
    assert scripts
    assert all('nonce="n0nce"' in script and 'src="' in script for script in scripts)
    assert page.count("</script>") == page.count("></script>")
    assert "style=" not in page


def test_the_flash_and_the_training_banner_are_shown():
    page = render("layouts/plain.html", frame=Frame(SITE, flash=Flash("Handover <accepted>")))
    assert "Handover &lt;accepted&gt;" in page
    assert "Training" in page
    assert "Sign out" not in page


@pytest.mark.parametrize("status", [*TITLES, 418, 502])
def test_every_trouble_has_a_page_that_says_what_to_do(status):
    page = trouble(FRAME, status, said="Because of this.", reference="abc-123")
    assert "Because of this." in page
    assert "abc-123" in page
    assert page.count("govuk-body") >= 3


def test_a_stale_form_shows_both_versions():
    page = stale(FRAME, "Amal changed this at 9:32am.", [("Why", "Full", "Out of <area>")], reload="/handovers/1")
    assert "As it is now" in page
    assert "Out of &lt;area&gt;" in page
    assert 'href="/handovers/1"' in page


def test_a_name_that_was_not_given_fails_loudly():
    with pytest.raises(UndefinedError):
        environment().from_string("{{ ui.identity_bar(identiy) }}").render()


def test_no_crown_and_no_logotype_of_gov_uk_is_on_a_page():
    page = form_page(FRAME, ASKING).lower()
    assert "crown" not in page
    assert "gov.uk" not in page


def test_every_template_compiles():
    warm()
