"""The card says where to go, when, whom to see and whom to ring, in English or Welsh, and hides nothing by leaving it out (R35)."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from throughcare.release.reference import ReleaseBook
from throughcare.release.rules.card import Dose, Stop, Told, Tongue, sections

CLINIC = Stop(
    "first_treatment", datetime(2027, 1, 21, 9, 30, tzinfo=UTC), "12 Quay Street", "Sam Okoro", "01632 960201"
)
TOLD = Told(
    stops=(CLINIC, Stop("probation", datetime(2027, 6, 22, 13, 0, tzinfo=UTC))),
    tonight="3 Harbour Row\nAshby", tonight_phone="01632 960202", later="The same",
    dose=Dose(datetime(2027, 1, 21, 12, 0, tzinfo=UTC), "Quay Pharmacy", "01632 960207"),
    worker="Sam Okoro", worker_phone="01632 960201", help=("Samaritans 116 123",), emergency="999",
)  # fmt: skip


def tongue(reference, language="en"):
    words = reference[ReleaseBook].cards[language]
    return Tongue(words.words, words.kinds, words.days, words.months)


def told(reference, given=TOLD, language="en", shown=None):
    return {part.heading: part.blocks for part in sections(given, tongue(reference, language), shown)}


def test_the_inside_says_where_when_who_and_whom_to_ring(reference):
    said = told(reference)
    assert said["Where to go"][0] == (
        "Alcohol and drug service", "Thursday 21 January at 9:30am", "12 Quay Street", "See Sam Okoro",
        "Ring 01632 960201",
    )  # fmt: skip
    assert said["Tonight"] == (("3 Harbour Row", "Ashby", "Ring 01632 960202"), ("After tonight: The same",))
    assert said["Your next dose"] == (("Thursday 21 January at 12:00pm", "Quay Pharmacy", "Ring 01632 960207"),)
    assert said["If things get hard"][1] == ("In an emergency ring 999", "Samaritans 116 123")


def test_a_time_in_summer_is_on_londons_clock(reference):
    assert told(reference)["Where to go"][1] == ("Probation", "Tuesday 22 June at 2:00pm")


def test_in_welsh_every_word_of_ours_is_welsh(reference):
    said = told(reference, language="cy")
    assert said["Ble i fynd"][0][:2] == ("Gwasanaeth alcohol a chyffuriau", "Dydd Iau 21 Ionawr am 9:30yb")
    assert set(said) == {"Ble i fynd", "Heno", "Eich dos nesaf", "Os bydd pethau’n mynd yn anodd"}
    english, welsh = tongue(reference), tongue(reference, "cy")
    assert {key for key in english.words if english.words[key] == welsh.words[key]} == set()


def test_what_is_not_known_is_asked_for_and_never_left_blank(reference):
    said = told(reference, Told(dose_withheld=True, emergency="999"))
    assert said["Where to go"] == (("Before you leave, ask what has been booked for you.",),)
    assert said["Tonight"] == (("Before you leave, ask where you will sleep tonight.",),)
    assert said["Your next dose"] == (("Before you leave, ask healthcare when and where your next dose is.",),)


def test_appointments_left_off_are_spoken_of(reference):
    blocks = told(reference, shown=1)["Where to go"]
    assert len(blocks) == 2
    assert blocks[1] == ("You have more appointments. Ask your worker for the list.",)


@pytest.mark.parametrize(("nation", "line"), [("england", "NHS 111 (choose option 2)"), ("scotland", "NHS 24 on 111")])
def test_crisis_numbers_are_the_nations_own_and_only_those_somebody_has_checked(reference, nation, line):
    book = reference[ReleaseBook]
    assert line in book.crisis_lines(nation, "en")
    assert not any("0808 164 0123" in said for said in book.crisis_lines("wales", "en"))
    assert book.emergency == "999"


def test_welsh_is_unreviewed_until_a_reviewer_is_named(reference):
    cards = reference[ReleaseBook].cards
    assert (cards["en"].reviewed, cards["cy"].reviewed) == (True, False)
    assert cards["cy"].model_copy(update={"reviewed_by": "A. Reader"}).reviewed


def test_a_card_that_lacks_a_word_is_refused_at_the_start(reference):
    book = reference[ReleaseBook]
    short = book.cards["cy"].model_copy(update={"words": {"go": "Ble"}})
    with pytest.raises(ValueError, match="does not have the words"):
        ReleaseBook.model_validate({**dict(book), "cards": {**book.cards, "cy": short}})


def test_womens_pathways_are_offered_to_women_and_where_sex_is_not_recorded(reference):
    """DOMAIN C.1."""
    book = reference[ReleaseBook]
    assert len(book.domains_for("male")) == 8
    assert len(book.domains_for("female")) == len(book.domains_for("not_recorded")) == 10


def test_every_figure_says_whose_it_is(reference):
    book = reference[ReleaseBook]
    for sourced in (*book.domains, *book.subsistence.values()):
        assert sourced.authority
        assert sourced.certainty in {"verified", "from_memory", "local"}
