"""Registering a person on reception: looked for first, opened once, owned from the first instant."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from pydantic import ValidationError
from sqlmodel import select

from throughcare.casework import access, register
from throughcare.casework.duplicates import Looking, TooManyLooks
from throughcare.casework.forms import Registration, SamePerson
from throughcare.casework.people import Case, Person, Sex
from throughcare.casework.rows import CustodyEpisode, CustodyStatus, Involvement, SentenceType, ServiceClock
from throughcare.disclosure.policy import Basis
from throughcare.disclosure.reading import Disclosed
from throughcare.kernel.actors import SYSTEM
from throughcare.kernel.audit import AuditRow
from throughcare.kernel.reference import Reference
from throughcare.kernel.refusals import Invalid, NotFound, NotPermitted

ROWAN = {
    "given": "Rowan",
    "family": "O’Neil-Ashdown",
    "known_as": "Ro",
    "birth_date": date(1990, 4, 2),
    "sex": Sex.MALE,
    "prison_number": "a1234bc",
    "crn": "x123456",
    "pnc": "01/123Y",
    "nhs_number": "999 000 0018",
    "postcode": "zz993vz",
    "received_on": date(2026, 11, 18),
    "custody_status": CustodyStatus.SENTENCED,
    "sentence_type": SentenceType.DETERMINATE,
}


def form(**changed) -> Registration:
    return Registration.model_validate(ROWAN | changed)


def registered(desk, actor, **changed):
    with desk.work(actor) as work:
        return register.begin(work, form(**changed))


def events_of(work, case_id):
    rows = work.session.exec(select(AuditRow).where(AuditRow.case_id == case_id).order_by(AuditRow.created_at)).all()
    return [row for row in rows if row.name != Disclosed.name]


def test_a_registered_person_has_a_case_a_stay_and_an_owner(desk, world):
    answer = registered(desk, world.officer)
    with desk.work(world.officer) as work:
        case = access.find_case(work, answer.id)
        person = work.session.exec(select(Person)).one()
        stay = work.session.exec(select(CustodyEpisode)).one()
    assert (case.owner_worker_id, case.officer_id, case.owner_team_id) == (
        world.officer.id,
        world.officer.id,
        world.teams["prison"],
    )
    assert (person.prison_number, person.crn, person.pnc, person.nhs_number, person.postcode) == (
        "A1234BC",
        "X123456",
        "2001/0000123Y",
        "9990000018",
        "ZZ99 3VZ",
    )
    assert (stay.prison_id, stay.received_on, stay.ended_at) == (world.agencies["prison"], date(2026, 11, 18), None)


def test_the_reference_has_only_letters_nobody_mistakes(desk, world):
    reference = registered(desk, world.officer).reference
    head, first, second = reference.split("-")
    assert (head, len(first), len(second)) == ("TC", 4, 4)
    assert set(first + second) <= set(register.LETTERS)
    assert not set(register.LETTERS) & set("AEIOUILNSZ0125")


def test_the_prison_has_standing_for_its_task_and_for_care(desk, world):
    case_id = registered(desk, world.officer).id
    with desk.work(world.officer) as work:
        rows = work.session.exec(select(Involvement).where(Involvement.case_id == case_id)).all()
    assert {(row.agency_id, row.basis, row.because) for row in rows} == {
        (world.agencies["prison"], Basis.TASK, "reception"),
        (world.agencies["prison"], Basis.CARE, "reception"),
    }


def test_reception_counts_from_the_day_it_was_not_the_day_it_was_written_down(desk, world):
    case_id = registered(desk, world.officer).id
    with desk.work(world.officer) as work:
        received = next(row for row in events_of(work, case_id) if row.name == "custody.received")
        clocks = work.session.exec(select(ServiceClock).where(ServiceClock.case_id == case_id)).all()
    assert received.body["on"] == "2026-11-18"
    screen = next(clock for clock in clocks if clock.code == "substance_screen")
    assert screen.due_at.date() == date(2026, 11, 25)


@pytest.mark.parametrize("who", ["treatment", "healthcare", "prison_manager"])
def test_whoever_else_registers_leaves_the_case_unallocated_in_the_officers_team(desk, world, who):
    case_id = registered(desk, world.actors[who]).id
    with desk.work(world.officer) as work:
        case = access.find_case(work, case_id)
    assert (case.owner_worker_id, case.officer_id, case.owner_team_id) == (None, None, world.teams["prison"])


@pytest.mark.parametrize("who", ["provider", "probation", "admin", "privacy"])
def test_only_prison_staff_register(desk, world, who):
    with pytest.raises(NotPermitted):
        registered(desk, world.actors[who])


def test_the_case_of_a_scottish_prison_is_scottish_and_its_numbers_are_digits(desk, world):
    case_id = registered(desk, world.scottish_officer, prison_number="12345").id
    with desk.work(world.scottish_officer) as work:
        assert access.find_case(work, case_id).jurisdiction == "scotland"
    with pytest.raises(Invalid) as no:
        registered(desk, world.scottish_officer, prison_number="A1234BC", family="Other", birth_date=date(1980, 1, 1))
    assert no.value.field == "prison_number"


@pytest.mark.parametrize(
    ("changed", "beside"),
    [
        ({"birth_date": date(2008, 11, 21)}, "birth_date"),
        ({"birth_date": date(1880, 1, 1)}, "birth_date"),
        ({"received_on": date(2026, 11, 21)}, "received_on"),
        ({"prison_number": "1234"}, "prison_number"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(desk, world, changed, beside):
    with pytest.raises(Invalid) as no:
        registered(desk, world.officer, **changed)
    assert no.value.field == beside


def test_somebody_who_is_eighteen_today_can_be_registered(desk, world):
    assert registered(desk, world.officer, birth_date=date(2008, 11, 20)).id


@pytest.mark.parametrize(
    "changed",
    [
        {"nhs_number": "9990000019"},
        {"pnc": "01/123A"},
        {"crn": "12"},
        {"chi": "0204901234"},
        {"postcode": "nowhere"},
        {"custody_status": CustodyStatus.REMAND},
        {"sentence_type": SentenceType.NONE},
    ],
)
def test_a_wrong_check_digit_or_an_impossible_sentence_is_refused_by_the_form(changed):
    with pytest.raises(ValidationError):
        form(**changed)


def test_a_chi_number_must_begin_with_the_date_of_birth():
    assert form(chi="0204900018", birth_date=date(1990, 4, 2)).chi == "0204900018"
    with pytest.raises(ValidationError, match="does not begin with the date of birth"):
        form(chi="0204900018", birth_date=date(1990, 4, 3))


def test_the_same_identifier_is_shown_before_anything_is_saved(desk, world):
    known = world.case(prison_number="A1234BC", given="Somebody", family="Else", birth_date=date(1970, 1, 1))
    answer = registered(desk, world.officer)
    assert answer.id is None
    assert [(found.case_id, found.why) for found in answer.may_be_known] == [(known, ("Same prison number",))]
    with desk.work(world.officer) as work:
        assert len(work.session.exec(select(Case)).all()) == 1
        assert register.waiting(work) == form(prison_number="A1234BC")


def test_three_particulars_of_four_are_enough_and_two_are_not(desk, world):
    world.case(given="Rowan", family="Oneil Ashdown", birth_date=date(1990, 4, 2), prison_number="B1234BC")
    assert registered(desk, world.officer, prison_number="").may_be_known
    assert registered(desk, world.officer, prison_number="", given="Robin").id


def test_a_record_held_elsewhere_is_said_to_be_and_nothing_more(desk, world):
    hidden = world.case(where="scottish_prison", officer="scottish_officer", crn="X123456")
    answer = registered(desk, world.officer)
    assert (answer.id, answer.may_be_known, answer.held_elsewhere) == (None, (), 1)
    assert str(hidden) not in answer.model_dump_json()


def test_every_look_for_duplicates_is_written_down(desk, world):
    world.case(where="scottish_prison", officer="scottish_officer", crn="X123456")
    registered(desk, world.officer)
    with desk.work(world.officer) as work:
        row = work.session.exec(select(AuditRow).where(AuditRow.name == "person.looked_for")).one()
    assert (row.actor_id, row.body["shown"], row.body["held_elsewhere"]) == (world.officer.id, 0, 1)


def test_a_different_person_is_registered_and_the_records_they_are_not_are_kept(desk, world):
    known = world.case(prison_number="A1234BC")
    registered(desk, world.officer)
    with desk.work(world.officer) as work:
        case_id = register.settle(work, SamePerson(answer="different")).id
        assert register.waiting(work) is None
        made = next(row for row in events_of(work, case_id) if row.name == "person.registered")
    assert made.body["different_from"] == [str(known)]


def test_the_same_person_opens_the_record_there_is(desk, world):
    known = world.case(prison_number="A1234BC")
    registered(desk, world.officer)
    with desk.work(world.officer) as work:
        assert register.settle(work, SamePerson(answer=str(known))).id == known
        assert len(work.session.exec(select(Case)).all()) == 1


def test_a_record_held_elsewhere_cannot_be_opened_by_naming_it(desk, world):
    hidden = world.case(where="scottish_prison", officer="scottish_officer", crn="X123456")
    registered(desk, world.officer)
    with pytest.raises(NotFound), desk.work(world.officer) as work:
        register.settle(work, SamePerson(answer=str(hidden)))


def test_nothing_waiting_is_said_so(desk, world):
    with pytest.raises(register.NothingWaiting), desk.work(world.officer) as work:
        register.settle(work, SamePerson(answer="different"))


def test_names_are_found_by_each_of_their_words():
    assert register.words_of("Zoë", "O’Neil-Ashdown") == {"zoe", "oneilashdown", "oneil", "ashdown"}


def test_every_look_is_written_down_with_who_looked_whatever_it_finds(desk, world):
    world.case(where="scottish_prison", officer="scottish_officer", prison_number="Z9999ZZ", crn="X123456")
    registered(desk, world.officer, given="Nobody", family="Known", prison_number="", crn="")
    registered(desk, world.officer, crn="X123456")
    with desk.work(SYSTEM) as work:
        looks = work.session.exec(
            select(AuditRow).where(AuditRow.name == "person.looked_for").order_by(AuditRow.created_at)
        ).all()
    assert [(look.actor_id, look.body["held_elsewhere"]) for look in looks] == [
        (world.officer.id, 0),
        (world.officer.id, 1),
    ]


def test_a_worker_looks_so_many_times_in_a_day(desk, world, clock):
    few = replace(desk, reference=Reference({**desk.reference.held, Looking: Looking(a_day=1)}))
    registered(few, world.officer, crn="")
    with pytest.raises(TooManyLooks):
        registered(few, world.officer, prison_number="", crn="")
    registered(few, world.other_officer, prison_number="", crn="", given="Somebody", family="Else")
    clock.forward(timedelta(days=1))
    registered(few, world.officer, prison_number="", crn="", given="Another", family="One")
