"""The card as it is handed over: what each printer of it may know, the name outside, and the record that it was made (R35)."""

from __future__ import annotations

from datetime import time

import pytest
from sqlmodel import select

from tests.support.release import PaperTray, booking, planned, printing_to
from throughcare.casework.people import Language
from throughcare.kernel.actors import SYSTEM
from throughcare.kernel.audit import AuditRow
from throughcare.kernel.refusals import NotFound
from throughcare.release import appointments, card


def events(desk, case, name):
    with desk.work(SYSTEM) as work:
        found = select(AuditRow).where(AuditRow.case_id == case, AuditRow.name == name).order_by(AuditRow.created_at)
        return list(work.session.exec(found))


def seen(desk, actor, case, language=None):
    with desk.work(actor) as work:
        shown = card.card(work, case, language)
    return shown, {part.heading: part.blocks for part in shown.sections}


def test_healthcare_prints_the_next_dose_and_an_officer_without_consent_prints_where_to_ask(desk, world):
    case = planned(desk, world)
    whole, said = seen(desk, world.healthcare, case)
    assert said["Your next dose"] == (("Thursday 21 January at 10:00am", "Quay Pharmacy", "Ring 01632 960207"),)
    assert whole.dose_left_out is False
    less, said = seen(desk, world.officer, case)
    assert said["Your next dose"] == (("Before you leave, ask healthcare when and where your next dose is.",),)
    assert less.dose_left_out is True


@pytest.mark.parametrize(("safe_name", "outside"), [("Ro", "Ro"), ("", "Your plan")])
def test_the_outside_is_the_chosen_name_or_two_plain_words(desk, world, safe_name, outside):
    case = planned(desk, world, safe_name=safe_name)
    assert seen(desk, world.officer, case)[0].title == outside


def test_the_card_follows_the_persons_language_unless_another_is_asked_for(desk, world):
    case = planned(desk, world, language=Language.WELSH, safe_name="")
    welsh, said = seen(desk, world.officer, case)
    assert (welsh.language, welsh.reviewed, welsh.title) == ("cy", False, "Eich cynllun")
    assert "Ble i fynd" in said
    assert seen(desk, world.officer, case, Language.ENGLISH)[0].reviewed is True


def test_reading_and_printing_the_card_are_both_written_down(desk, world):
    case = planned(desk, world)
    tray = PaperTray()
    with printing_to(desk, tray).work(world.healthcare) as work:
        assert card.printed(work, case) == b"%PDF"
    read = [row.body["what"] for row in events(desk, case, "disclosure.read")]
    assert "CardShown" in read
    assert [row.body for row in events(desk, case, "plan.card_printed")] == [{"language": "en", "left_out": 0}]
    assert tray.printed[0][1]["title"] == "Ro"


def test_what_does_not_fit_is_left_off_from_the_end_and_counted(desk, world):
    case = planned(desk, world)
    with desk.work(world.officer) as work:
        for hour in (10, 11, 12):
            appointments.book(work, case, booking(world, days=3, kind="other", at=time(hour)))
    tray = PaperTray(room=2)
    with printing_to(desk, tray).work(world.officer) as work:
        card.printed(work, case)
    blocks = tray.printed[0][1]["sections"][0]["blocks"]
    assert blocks[0][0] == "Alcohol and drug service"
    assert blocks[-1] == ("You have more appointments. Ask your worker for the list.",)
    assert [row.body["left_out"] for row in events(desk, case, "plan.card_printed")] == [2]
    with pytest.raises(card.CardTooLong), printing_to(desk, PaperTray(room=-1)).work(world.officer) as work:
        card.printed(work, case)


def test_there_is_no_card_without_a_plan_and_none_for_a_stranger(desk, world):
    with pytest.raises(NotFound):
        seen(desk, world.officer, world.case())
    with pytest.raises(NotFound):
        seen(desk, world.scottish_officer, planned(desk, world))


def test_an_appointment_before_the_day_of_release_is_not_on_the_card(desk, world):
    case = planned(desk, world)
    with desk.work(world.officer) as work:
        appointments.book(work, case, booking(world, days=-5, kind="gp"))
    _, said = seen(desk, world.officer, case)
    assert [block[0] for block in said["Where to go"]] == ["Alcohol and drug service"]
