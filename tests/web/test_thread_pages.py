"""The thread of one person as each reader has it: which of several alarms a button is of, no code word, nothing hidden twice."""

from __future__ import annotations

import re

import pytest

from tests.support.asked import asked_on_day_one, hear, rows
from tests.support.on_call import CRISIS
from tests.support.texting import WORD, dispatch, forward, gateway_of, reachable, release
from throughcare.checkin.rows import TextReceived
from throughcare.kernel.actors import SYSTEM
from throughcare.web.checkin_counts import checkin_facts

pytestmark = pytest.mark.on_database(-1)

BUTTON = re.compile(r'<button type="submit"[^>]*>(I am dealing with this.*?)</button>', re.DOTALL)


def named(page):
    """What each button is called where it is read out."""
    return [re.sub(r"<[^>]+>", "", found) for found in BUTTON.findall(page)]


@pytest.fixture
def case(desk, world):
    """Their number is proven by the word that they sent."""
    made = world.case()
    reachable(desk, made)
    release(desk, made)
    dispatch(desk, gateway_of(desk))
    hear(desk, f" {WORD.title()}!")
    return made


def test_each_of_several_alarms_says_which_text_it_is_of_to_the_eye_and_to_the_ear_r42(desk, world, client_for, case):
    """On a Saturday, where a low score and a call asked for cannot wait for the named worker either."""
    forward(desk.clock, hours=24)
    for body in (CRISIS, "CALL", "1"):
        hear(desk, body)
    browser = client_for(world.officer)
    for path in (f"/cases/{case}/check-ins", "/"):
        found = named(browser.get(path).text)
        assert len(found) == len(set(found)) == 3, path
    page = browser.get(f"/cases/{case}/check-ins").text
    for number in (1, 2, 3):
        assert f"{number} of 3: the text of 21 November 2026 at 10am" in page
    assert "Words that may mean a crisis" in page
    links = re.findall(r"Read the text of [^<]*", page)
    assert len(links) == len(set(links)) == 2, "those that call for a person to read them, told apart too"
    (first, *_) = browser.get(f"/api/cases/{case}/check-ins").json()["alarms"]
    here = f"/check-ins/alarms/{first['text_id']}"
    assert "The text of 21 November 2026 at 10am" in browser.get(f"{here}/take").text
    browser.post(f"/api{here}/take", json={})
    assert "The text of 21 November 2026 at 10am" in browser.get(f"{here}/hand-on").text


def test_the_code_word_stands_in_no_thread_and_is_kept_as_it_was_r35_r36(desk, world, client_for, case):
    """It proves the number again one day: whoever reads it here could answer as them."""
    hear(desk, WORD)
    browser, here = client_for(world.officer), f"/cases/{case}/check-ins"
    again = browser.get(f"/api{here}").json()["unread"][0]["id"]
    for path in (here, f"/api{here}", f"{here}/texts/{again}/read"):
        shown = browser.get(path).text
        assert WORD not in shown.lower(), path
        assert "[code word]" in shown, path
    assert [row.text.strip(" !").lower() for row in rows(desk, TextReceived)] == [WORD, WORD]
    hear(desk, f"{WORD} moon")
    assert f"{WORD} moon" in browser.get(here).text, "words that only hold it are read"


def test_texts_that_a_reader_is_not_told_are_one_line_however_many_r48(desk, world, client_for, case):
    forward(desk.clock, hours=24)
    hear(desk, "hmm")
    page = client_for(world.treatment).get(f"/cases/{case}/check-ins").text
    thread = page.partition('id="messages"')[2].partition("</h2>")[0]
    assert "5 texts not shared with you, 20 to 21 November 2026" in thread
    assert "3 from us and 2 from them" in thread
    assert "Not shared with you" not in thread
    assert "not shared" not in client_for(world.officer).get(f"/cases/{case}/check-ins").text.lower()


def test_probation_is_told_of_check_ins_alone_and_of_a_choice_as_it_stands_r30_r48(desk, case):
    """To ask for the code word is no check-in, and one that was not answered would count against them."""

    def told():
        with desk.work(SYSTEM) as work:
            return checkin_facts(work, case)

    assert told() is None
    asked_on_day_one(desk, case)
    assert (told().sent, told().delivered, told().answered) == (1, 1, 0)
    for body, chose in (("4", False), ("STOP", True), ("START", False)):
        hear(desk, body)
        assert (told().answered, told().chose_not_to_use_texts) == (1, chose)
