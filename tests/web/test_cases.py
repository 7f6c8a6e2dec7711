"""The cases list, registering and the overview, as a worker meets them in the browser."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from sqlalchemy import event
from sqlmodel import select

from tests.factories import PARTNERS
from throughcare.casework import search
from throughcare.casework.people import Case, NameWord, Person
from throughcare.disclosure.policy import Basis
from throughcare.disclosure.reading import Disclosed
from throughcare.kernel.actors import SYSTEM
from throughcare.kernel.audit import AuditRow

pytestmark = pytest.mark.on_database(-1)  # what the pages show is read on each in tests/steps

FORM = {
    "given": "Rowan",
    "family": "Ashdown",
    "birth_date-day": "2",
    "birth_date-month": "4",
    "birth_date-year": "1990",
    "sex": "male",
    "prison_number": "A1234BC",
    "received_on-day": "18",
    "received_on-month": "11",
    "received_on-year": "2026",
    "custody_status": "sentenced",
    "sentence_type": "determinate",
    "language": "en",
    "interpreter": "no",
}


@pytest.fixture
def released_in(desk, world):
    """A case with a release so many days from now."""

    def made(days, **person):
        case_id = world.case(**person)
        with desk.work(SYSTEM) as work:
            case = work.session.get_one(Case, case_id)
            case.release_on = None if days is None else work.today + timedelta(days=days)
            work.session.add(case)
        return case_id

    return made


def names(page):
    return re.findall(r'href="/cases/[0-9a-f-]{36}">([^<]+)</a>', page.text)


def post(client, path, form, **more):
    return client.post(path, data=form, follow_redirects=False, **more)


def test_somebody_is_registered_and_their_page_opens(client_for, world):
    client = client_for(world.officer)
    asked = client.get("/cases/register")
    assert asked.status_code == 200
    assert "HMP Fallowfield" in asked.text
    answer = post(client, "/cases/register", FORM)
    assert answer.status_code == 303, answer.text
    page = client.get(answer.headers["location"])
    assert page.status_code == 200
    assert "Person registered" in page.text
    assert "A1234BC" in page.text
    assert "2 April 1990" in page.text
    assert "Officer, HMP Fallowfield team" in page.text


def test_a_wrong_check_digit_is_said_beside_its_field_and_what_was_typed_is_kept(client_for, world):
    answer = post(client_for(world.officer), "/cases/register", FORM | {"nhs_number": "9990000019"})
    assert answer.status_code == 422
    assert "its last digit does not fit the others" in answer.text
    assert 'value="9990000019"' in answer.text
    assert 'value="Ashdown"' in answer.text


def test_a_record_that_may_be_theirs_is_shown_on_a_page_of_its_own(client_for, world):
    known = world.case()
    client = client_for(world.officer)
    answer = post(client, "/cases/register", FORM)
    assert answer.headers["location"] == "/cases/register/check"
    check = client.get("/cases/register/check")
    assert str(known) in check.text
    assert "Same prison number; Same given name" in check.text
    assert "Person registered" not in check.text
    same = post(client, "/cases/register/check", {"answer": str(known)})
    assert same.headers["location"] == f"/cases/{known}"


def test_a_different_person_is_registered_after_a_look(client_for, world, desk):
    world.case()
    client = client_for(world.officer)
    post(client, "/cases/register", FORM)
    answer = post(client, "/cases/register/check", {"answer": "different"})
    assert re.fullmatch(r"/cases/[0-9a-f-]{36}", answer.headers["location"])
    with desk.work(SYSTEM) as work:
        assert len(work.session.exec(select(Case)).all()) == 2


def test_a_record_held_elsewhere_is_never_identified(client_for, world):
    hidden = world.case(where="scottish_prison", officer="scottish_officer")
    client = client_for(world.officer)
    post(client, "/cases/register", FORM)
    check = client.get("/cases/register/check")
    assert "may be the same person is held elsewhere" in check.text
    for told in (str(hidden), PARTNERS["scottish_prison"][2]):
        assert told not in check.text


def test_programs_register_too_and_are_told_of_records_first(client_for, world):
    known = world.case()
    client = client_for(world.officer)
    body = {
        "given": "Rowan", "family": "Ashdown", "birth_date": "1990-04-02", "sex": "male", "prison_number": "A1234BC",
        "received_on": "2026-11-18", "custody_status": "sentenced", "sentence_type": "determinate",
    }  # fmt: skip
    first = client.post("/api/cases/register", json=body | {"different": True}).json()  # of what, it has not been shown
    assert (first["id"], first["may_be_known"][0]["case_id"]) == (None, str(known))
    other = body | {"given": "Rowena", "different": True}
    assert client.post("/api/cases/register", json=other).json()["id"] is None  # shown for somebody else
    assert client.post("/api/cases/register", json=body).json()["id"] is None
    assert client.post("/api/cases/register", json=body | {"different": True}).json()["id"]


def test_the_list_holds_only_cases_with_standing(client_for, world):
    world.case(given="Ours")
    world.case(where="scottish_prison", officer="scottish_officer", given="Theirs")
    assert names(client_for(world.officer).get("/cases?show=all")) == ["Ashdown, Ours"]
    assert names(client_for(world.provider).get("/cases?show=all")) == []


def test_an_administrator_has_no_list(client_for, world):
    assert client_for(world.admin).get("/cases").status_code == 403


def test_the_soonest_release_comes_first_and_no_date_last(client_for, world, released_in):
    for days, name in [(30, "Later"), (None, "Never"), (2, "Soon")]:
        released_in(days, given=name)
    assert names(client_for(world.officer).get("/cases")) == ["Ashdown, Soon", "Ashdown, Later", "Ashdown, Never"]


@pytest.mark.parametrize(("dated", "undated"), [(60, 0), (0, 60), (30, 30), (25, 25), (26, 24)])
def test_every_case_is_on_one_page_and_one_only_going_on_and_going_back(client_for, world, released_in, dated, undated):
    for number in range(dated):
        released_in(number // 3, given=f"D{number:02}")  # three to a day: the id decides among them
    for number in range(undated):
        released_in(None, given=f"U{number:02}")
    client = client_for(world.officer)
    pages, address = [], "/cases"
    while address:
        view = client.get(f"/api{address}").json()
        pages.append([case["given"] for case in view["cases"]])
        assert view["count"] == dated + undated
        address, back = view["later_href"], view["earlier_href"]
    there = [name for page in pages for name in page]
    assert len(there) == len(set(there)) == dated + undated
    assert all(len(page) == 25 for page in pages[:-1])
    returned = [pages[-1]]
    while back:
        view = client.get(f"/api{back}").json()
        returned.insert(0, [case["given"] for case in view["cases"]])
        back = view["earlier_href"]
    assert [name for page in returned for name in page] == there


def test_a_list_too_long_to_count_is_said_to_be_longer(client_for, world, released_in, monkeypatch):
    monkeypatch.setattr(search, "COUNTED", 26)
    for number in range(26):
        released_in(number, given=f"P{number}")
    assert "<strong>26 cases</strong>" in client_for(world.officer).get("/cases").text
    released_in(30, given="More")
    assert "<strong>More than 26 cases</strong>" in client_for(world.officer).get("/cases").text


def test_the_filters_narrow_and_can_be_taken_off_one_by_one(client_for, world, released_in):
    released_in(30, given="Soon")
    released_in(100, given="Later")
    released_in(-3, given="Gone")
    client = client_for(world.officer)
    assert names(client.get("/cases?release=12")) == ["Ashdown, Soon"]
    assert names(client.get("/cases?release=24")) == ["Ashdown, Soon", "Ashdown, Later"]
    page = client.get("/cases?release=12&q=ashdown&show=team")
    assert 'href="/cases?show=team&amp;q=ashdown"' in page.text
    assert names(client.get("/cases?stage=ready")) == []
    nothing = client.get("/cases?stage=ready&q=ash").text
    assert "No cases match these filters" in nothing
    assert 'href="/cases?show=all&amp;stage=ready&amp;q=ash"' in nothing


def test_mine_is_what_i_own_share_or_am_the_officer_of(client_for, world, desk):
    world.case(given="Mine")
    other = world.case(given="Other", officer="other_officer")
    client = client_for(world.officer)
    assert names(client.get("/cases?show=mine")) == ["Ashdown, Mine"]
    with desk.work(SYSTEM) as work:
        case = work.session.get_one(Case, other)
        case.co_worker_id = world.officer.id
        work.session.add(case)
    assert len(names(client.get("/cases?show=mine"))) == 2


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("ash", True), ("ASHDOWN", True), ("zoe ash", True), ("Zoë", True), ("oneil", True), ("o'neil", True),
        ("down", False), ("a1234bc", True), ("A 1234 BC", True), ("A1234BD", False), ("x123456", True),
        ("999 000 0018", True), ("zoe smith", False), ("%", False), ("'", False), ("tc-", False),
    ],
)  # fmt: skip
def test_a_person_is_found_by_name_or_number_however_it_is_typed(client_for, world, typed, found):
    world.case(given="Zoë", family="O’Neil-Ashdown", crn="X123456", nhs_number="9990000018")
    world.case(given="Kit", family="Marlow", prison_number="B1234BC")
    listed = names(client_for(world.officer).get("/cases", params={"q": typed}))
    assert ("O’Neil-Ashdown, Zoë" in listed) is found
    assert "Marlow, Kit" not in listed


def test_a_search_never_reaches_beyond_standing(client_for, world):
    world.case(where="scottish_prison", officer="scottish_officer")
    assert names(client_for(world.officer).get("/cases?show=all&q=A1234BC")) == []


def test_a_page_is_one_record_of_reading_and_a_fixed_number_of_statements(client_for, world, released_in, desk, engine):
    client = client_for(world.officer)
    counts = []

    def counted():
        told = []

        def tell(*given):
            told.append(given[2])

        event.listen(engine, "before_cursor_execute", tell)
        client.get("/cases")
        event.remove(engine, "before_cursor_execute", tell)
        counts.append(len([each for each in told if not each.startswith("BEGIN")]))

    for number in range(30):
        released_in(number, given=f"P{number}")
        if number in {2, 29}:
            counted()
    assert counts[1] <= counts[0] + 1  # of more than one page is said how many there are
    with desk.work(SYSTEM) as work:
        rows = work.session.exec(select(AuditRow).where(AuditRow.name == Disclosed.name)).all()
    assert sorted((row.body["shown"], len(row.body["cases"])) for row in rows) == [(3, 3), (25, 25)]


def test_probation_sees_the_person_and_is_told_in_words_what_it_does_not(client_for, world, desk):
    case = world.case(postcode="ZZ99 3VZ")
    with desk.work(SYSTEM) as work:
        world.involve(work, case, "probation", Basis.TASK)
    page = client_for(world.probation).get(f"/cases/{case}")
    assert page.status_code == 200
    assert "Rowan Ashdown" in page.text
    assert "Not shown to your role: postcode." in page.text
    assert "ZZ99" not in page.text


def test_a_closed_case_is_listed_only_when_it_is_asked_for(client_for, world, desk):
    case_id = world.case()
    with desk.work(SYSTEM) as work:
        case = work.session.get_one(Case, case_id)
        case.closed_at, case.stage = work.now, "closed"
        work.session.add(case)
    client = client_for(world.officer)
    assert (len(names(client.get("/cases"))), len(names(client.get("/cases?stage=closed")))) == (0, 1)


def test_an_address_that_cannot_be_read_opens_the_list_as_it_is(client_for, world):
    world.case()
    for query in ("after=nonsense", "show=everything", "release=99", "after=2026-13-01~x", "stage=%00"):
        assert client_for(world.officer).get(f"/cases?{query}").status_code == 200


def test_a_persons_own_words_are_never_markup(client_for, world):
    case = world.case(given="<b>Ro</b>", family="select * from")
    for path in ("/cases", f"/cases/{case}"):
        page = client_for(world.officer).get(path)
        assert "<b>Ro" not in page.text
        assert "&lt;b&gt;Ro" in page.text


def test_names_are_indexed_once_each(world, desk):
    case = world.case(given="Ro", known_as="Ro")
    with desk.work(SYSTEM) as work:
        words = work.session.exec(select(NameWord.word).where(NameWord.case_id == case)).all()
        assert sorted(words) == ["ashdown", "ro"]
        assert work.session.exec(select(Person)).one().birth_date == date(1990, 4, 2)
