"""Safe contact, numbers, code words and consents: in versions, flagged where shared, ended the moment they are taken back."""

from __future__ import annotations

from datetime import date, time, timedelta
from types import SimpleNamespace

import pytest
from pydantic import ValidationError
from sqlmodel import select

from throughcare.casework import access, allocation, consents, contact, details, sharing
from throughcare.casework.forms import Allocation, Details
from throughcare.casework.forms_contact import CodeWord, NewNumber, Safety, SharingAnswer, TextsAnswer, Withdrawal
from throughcare.casework.people import Case, Consent, NameWord, PhoneNumber, SafeContact
from throughcare.casework.rows import Involvement
from throughcare.disclosure.policy import Basis
from throughcare.kernel.actors import SYSTEM
from throughcare.kernel.audit import AuditRow
from throughcare.kernel.categories import Category
from throughcare.kernel.refusals import Invalid, NotFound, NotPermitted

NUMBER = "+447700900123"
SAFE = {"safe_name": "Sam", "phone_shared": "only_me"}


@pytest.fixture
def case(world):
    return world.case()


@pytest.fixture
def does(desk, world, case):
    def run(by, verb, *given):
        with desk.work(world.actors[by]) as work:
            return verb(work, case, *given)

    return SimpleNamespace(
        safety=lambda by="officer", **more: run(by, contact.record_safety, Safety(**SAFE | more)),
        add=lambda number="07700 900123", by="officer", **more: run(
            by, contact.add_number, NewNumber(number=number, **more)
        ),
        word=lambda number_id, word, by="officer": run(
            by, contact.agree_code_word, number_id, CodeWord(code_word=word)
        ),
        end=lambda number_id, by="officer": run(by, contact.end_number, number_id),
        texts=lambda answer="given", by="officer", **more: run(
            by, consents.answer_texts, TextsAnswer(answer=answer, **more)
        ),
        share=lambda to="probation", answer="given", categories=("attendance",), by="officer", **more: run(
            by,
            consents.answer_sharing,
            SharingAnswer(agency_id=world.agencies[to], answer=answer, categories=categories, **more),
        ),
        withdraw=lambda consent_id, by="officer": run(by, consents.withdraw, consent_id, Withdrawal()),
        run=run,
    )


def rows(desk, kind, *where):
    with desk.work(SYSTEM) as work:
        return list(work.session.exec(select(kind).where(*where).order_by(kind.created_at)))


def names(desk):
    return [row.name for row in rows(desk, AuditRow) if not row.name.startswith("disclosure.")]


def test_safe_contact_is_kept_in_versions(does, desk, clock, case):
    does.safety(may_be_told="Nobody")
    clock.forward(timedelta(hours=1))
    does.safety(may_be_told="Sister", safe_from=time(10), safe_until=time(18))
    old, new = rows(desk, SafeContact)
    assert (old.may_be_told, old.replaced_at) == ("Nobody", clock.at)
    assert (new.safe_from, new.safe_until, new.replaced_at) == ("10:00", "18:00", None)
    with desk.work(SYSTEM) as work:
        assert contact.safe_contact_of(work, case).id == new.id


@pytest.mark.parametrize(
    "wrong",
    [
        {"safe_from": time(20), "safe_until": time(9)},
        {"safe_from": time(9), "safe_until": time(9)},
        {"second_contact": "Sister, 01632 960100"},
        {"safe_name": ""},
    ],
)
def test_safe_times_and_a_second_contact_must_make_sense(wrong):
    with pytest.raises(ValidationError):
        Safety(**SAFE | wrong)


def test_a_number_is_kept_as_e164_and_the_new_one_takes_the_old_ones_place(does, desk, case, clock):
    first = does.add()
    clock.forward(timedelta(hours=1))
    does.add("+44 7700 900124")
    with desk.work(SYSTEM) as work:
        assert contact.current_number(work, case).number == "+447700900124"
        assert work.session.get_one(PhoneNumber, first.id).until_at == clock.at
    assert names(desk).count("contact.number_changed") == 3


def test_a_second_number_may_stand_beside_the_first(does, desk, case, clock):
    does.add()
    clock.forward(timedelta(hours=1))
    does.add("01632 960001", replaces=False)
    with desk.work(SYSTEM) as work:
        assert contact.current_number(work, case).number == NUMBER  # a landline is for calls alone
        assert contact.current_number(work, case, texts=False).number == "+441632960001"


@pytest.mark.parametrize("typed", ["12", "070 1234 5678", "+1 202 555 0100", "not a number"])
def test_what_can_be_neither_rung_nor_texted_is_refused_beside_the_field(does, typed):
    with pytest.raises(Invalid) as no:
        does.add(typed)
    assert no.value.field == "number"


def test_the_same_number_twice_is_refused(does):
    does.add()
    with pytest.raises(Invalid):
        does.add(NUMBER)


def test_a_number_that_two_people_use_is_allowed_flagged_and_found_for_both(does, desk, world, case):
    other = world.case(where="scottish_prison", officer="scottish_officer", prison_number="1")
    with desk.work(world.scottish_officer) as work:
        assert contact.add_number(work, other, NewNumber(number=NUMBER)).shared is False
    assert does.add().shared is True
    with desk.work(SYSTEM) as work:
        assert {row.case_id for row in contact.holders_of(work, NUMBER)} == {case, other}
    with desk.work(world.scottish_officer) as work:
        contact.end_number(work, other, contact.current_number(work, other).id)
        assert len(contact.holders_of(work, NUMBER)) == 1


@pytest.mark.parametrize("word", ["Rowan", "ashdown", "STOP", "call", "two words", "abc", "call1234"])
def test_a_code_word_is_one_word_no_name_of_theirs_and_means_nothing_else(does, word):
    number = does.add()
    with pytest.raises(Invalid) as no:
        does.word(number.id, word)
    assert no.value.field == "code_word"


def test_a_code_word_is_agreed_and_a_new_one_has_yet_to_be_proven(does, desk):
    number = does.add(code_word="Harbour")
    with desk.work(SYSTEM) as work:
        row = work.session.get_one(PhoneNumber, number.id)
        assert row.code_word == "harbour"
        row.proven_at = work.now
        work.session.add(row)
    told = does.word(number.id, "lantern")
    assert (told.has_code_word, told.proven_at) == (True, None)
    assert names(desk).count("checkin.code_word_agreed") == 2


def test_a_suspended_number_has_to_be_proven_again(does, desk, case):
    number = does.add()
    with desk.work(SYSTEM) as work:
        row = work.session.get_one(PhoneNumber, number.id)
        row.proven_at = work.now
        contact.suspend(work, row, "30005")
        contact.suspend(work, row, "wrong_number")
    assert [row.suspended_because for row in rows(desk, PhoneNumber)] == ["30005"]
    told = does.run("officer", contact.resume, number.id)
    assert (told.suspended_at, told.proven_at) == (None, None)


def test_an_ended_number_stays_ended_and_another_cases_number_is_not_found(does, world, desk):
    number = does.add()
    does.end(number.id)
    with pytest.raises(contact.NumberEnded):
        does.end(number.id)
    other = world.case(prison_number="B1234BC")
    with desk.work(world.officer) as work:
        theirs = contact.add_number(work, other, NewNumber(number=NUMBER))
    with pytest.raises(NotFound):
        does.end(theirs.id)


def test_probation_does_not_record_contact(does, desk, world, case):
    with desk.work(SYSTEM) as work:
        world.involve(work, case, "probation", Basis.TASK)
    with pytest.raises(NotPermitted):
        does.add(by="probation")
    with pytest.raises(NotPermitted):
        does.texts(by="probation")


def test_texts_are_agreed_on_a_notice_and_a_language(does, desk, case):
    with desk.work(SYSTEM) as work:
        assert not consents.texts_agreed(work, case)
    does.texts(language="cy")
    with desk.work(SYSTEM) as work:
        row = consents.current(work, case, "texts")
        assert (row.notice_version, row.language, consents.texts_agreed(work, case)) == ("2026-11", "cy", True)


def test_a_refusal_ends_what_was_agreed_and_both_are_kept(does, desk, case, clock):
    does.texts()
    clock.forward(timedelta(minutes=1))
    does.texts("refused")
    assert [(row.state, row.ended_at is None) for row in rows(desk, Consent)] == [("given", False), ("refused", True)]
    with desk.work(SYSTEM) as work:
        assert not consents.texts_agreed(work, case)


def test_whoever_agreed_to_texts_takes_it_back_on_the_same_page(does, desk, case):
    agreed = does.texts()
    does.withdraw(agreed.id)
    with desk.work(SYSTEM) as work:
        assert not consents.texts_agreed(work, case)


def test_what_was_agreed_is_read_at_once_and_what_is_taken_back_is_not(does, desk, world, case):
    with desk.work(SYSTEM) as work:
        world.involve(work, case, "probation", Basis.TASK)

    def reads():
        with desk.work(world.probation) as work:
            return access.standing(work, case).consented

    assert reads() == frozenset()
    agreed = does.share(categories=("attendance", "screening"))
    assert reads() == {Category.ATTENDANCE, Category.SCREENING}
    does.withdraw(agreed.id)
    assert reads() == frozenset()
    with pytest.raises(consents.AlreadyEnded):
        does.withdraw(agreed.id)


def test_an_agreement_ends_with_its_last_day(does, desk, world, case, clock):
    does.share(expires_on=date(2026, 11, 21))
    clock.forward(timedelta(days=1))
    with desk.work(world.probation) as work:
        assert access.standing(work, case).consented == {Category.ATTENDANCE}
    clock.forward(timedelta(days=1))
    with desk.work(world.probation) as work, pytest.raises(NotFound):
        access.find_case(work, case)


def test_consent_alone_gives_probation_standing_and_taking_it_back_ends_it(does, desk, world, case):
    agreed = does.share()
    with desk.work(world.probation) as work:
        assert access.find_case(work, case)
    does.withdraw(agreed.id)
    with desk.work(world.probation) as work, pytest.raises(NotFound):
        access.find_case(work, case)


def test_standing_by_consent_lasts_while_anything_is_agreed(does, desk, world, case):
    does.share(purpose="referral")
    agreed = does.share()
    does.withdraw(agreed.id)
    with desk.work(world.probation) as work:
        assert access.find_case(work, case)


def test_consent_gives_a_provider_no_standing_before_it_accepts_a_handover(does, desk, world, case):
    does.share("provider", categories=("identity", "contact"), purpose="referral")
    with desk.work(world.provider) as work, pytest.raises(NotFound):
        access.find_case(work, case)
    assert not rows(desk, Involvement, Involvement.basis == Basis.CONSENT)


def test_what_the_matrix_never_gives_by_consent_cannot_be_agreed(does):
    with pytest.raises(Invalid) as no:
        does.share(categories=("clinical",))
    assert no.value.field == "categories"
    with pytest.raises(ValidationError):
        does.share(categories=())


def test_a_consent_that_has_expired_before_it_began_is_refused(does):
    with pytest.raises(Invalid) as no:
        does.share(expires_on=date(2026, 11, 19))
    assert no.value.field == "expires_on"


def test_who_has_read_is_told_to_owner_manager_and_privacy_officer_alone(does, desk, world, case):
    with desk.work(SYSTEM) as work:
        world.involve(work, case, "probation", Basis.TASK)
    does.safety()

    def told(who):
        return does.run(who, sharing.show).readings

    assert told("probation") is None
    assert told("other_officer") is None
    for who in ("officer", "prison_manager", "privacy"):
        readers = {(row.worker, row.role, row.agency) for row in told(who)}
        assert ("Probation", "Probation practitioner", "Ashby Probation Office") in readers
        officer = next(row for row in told(who) if row.worker == "Officer")
        assert Category.CONTACT in officer.categories
        assert officer.bases[0] in set(Basis)


def test_a_case_is_given_to_a_worker_of_the_team_that_owns_it(does, desk, world, case):
    with desk.work(world.prison_manager) as work:
        offered = allocation.candidates(work, access.find_case(work, case))
        assert [(one.name, one.open_cases) for one in offered] == [
            ("Other Officer", 0),
            ("Prison Manager", 0),
            ("Treatment", 0),
            ("Officer", 1),
        ]
    does.run("prison_manager", allocation.allocate, Allocation(worker_id=world.other_officer.id))
    row = rows(desk, Case)[0]
    assert (row.owner_worker_id, row.officer_id) == (world.other_officer.id, world.other_officer.id)
    assert "case.allocated" in names(desk)


@pytest.mark.parametrize("who", ["provider", "scottish_officer", "healthcare", "admin"])
def test_nobody_outside_the_team_or_without_cases_of_their_own_is_given_one(does, world, who):
    with pytest.raises(Invalid):
        does.run("prison_manager", allocation.allocate, Allocation(worker_id=world.actors[who].id))


def test_only_managers_and_officers_of_the_owning_agency_allocate(does, world, desk, case):
    with desk.work(SYSTEM) as work:
        world.involve(work, case, "provider", Basis.CARE)
    for who in ("treatment", "provider_manager"):
        with pytest.raises(NotPermitted):
            does.run(who, allocation.allocate, Allocation(worker_id=world.officer.id))


DETAILS = {
    "given": "Rowan",
    "family": "Ashdown",
    "birth_date": date(1990, 4, 2),
    "sex": "male",
    "prison_number": "A1234BC",
}


def test_a_correction_keeps_which_fields_changed_and_never_what_they_held(does, desk, case):
    does.run("officer", details.correct, Details(**DETAILS | {"family": "Marlow", "known_as": "Ro"}))
    row = rows(desk, AuditRow, AuditRow.name == "person.identity_changed")[0]
    assert (sorted(row.body["fields"]), "Marlow" in str(row.body)) == (["family", "known_as"], False)
    assert {row.word for row in rows(desk, NameWord)} == {"rowan", "marlow", "ro"}


def test_no_change_is_no_event(does, desk):
    does.run("officer", details.correct, Details(**DETAILS))
    assert "person.identity_changed" not in names(desk)
