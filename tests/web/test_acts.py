"""A page and its API call are one act, with one set of rules; what was typed is never lost."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import pytest
from litestar.testing import TestClient
from sqlmodel import select

from throughcare.casework import access
from throughcare.casework.people import Person
from throughcare.disclosure.reading import View
from throughcare.kernel.forms import Ask, Choice, Form, Line
from throughcare.kernel.refusals import Refusal, refuse_if
from throughcare.web import app as web
from throughcare.web.acts import Act, Look, Opening
from throughcare.web.frame import Site
from throughcare.web.visit import SignedIn

pytestmark = pytest.mark.on_database(-1)  # what the pages show is read on each in tests/steps


class Rename(Form):
    known_as: Annotated[Line, Ask("Known as", missing="Enter the name they are known by")]


class Renamed(View):
    known_as: str | None = None


class NotThatName(Refusal):
    """Choose another name."""

    code, status, beside = "not_that_name", 409, "known_as"


def person_of(work, ids):
    return access.find(
        work,
        Person,
        work.session.exec(select(Person.id).where(Person.case_id == ids["case_id"])).first() or UUID(int=0),
    )


def opens(work, ids):
    person = person_of(work, ids)
    return Opening(values={"known_as": [person.known_as]}, version=person.version)


def rename(work, ids, form):
    refuse_if(form.known_as == "Nobody", NotThatName)
    person = person_of(work, ids)
    person.known_as = form.known_as
    work.session.add(person)
    work.session.flush()
    return access.show(work, person, Renamed)


RENAME = Act(
    "/cases/{case_id:uuid}/rename",
    "Change the name",
    "Save name",
    Rename,
    opens,
    rename,
    "/cases/{case_id}",
    said="Name saved",
    answers=Renamed,
    tab="Overview",
)
NAMED = Look(
    "/cases/{case_id:uuid}/named",
    "Name",
    "tests.html",
    lambda work, ids, _: access.show(work, person_of(work, ids), Renamed),
    Renamed,
)


class Choosing(Form):
    colour: Annotated[str, Ask("Colour", choices="colours", widget="radios")]


CHOOSE = Act(
    "/cases/{case_id:uuid}/choose",
    "Choose a colour",
    "Save",
    Choosing,
    lambda *_: Opening(choices={"colours": [Choice("red", "Red")]}),
    lambda *_: None,
    "/cases/{case_id}",
)


@pytest.fixture
def client(desk, world, monkeypatch):
    monkeypatch.setattr(web, "declared", lambda: iter([RENAME, NAMED, CHOOSE]))
    app = web.create_app(desk, Site(), lambda _: SignedIn(world.officer, "token"))
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


def test_the_page_asks_and_the_press_does_and_says_so(client, world):
    case = world.case(known_as="Ro")
    page = client.get(f"/cases/{case}/rename")
    assert page.status_code == 200
    assert 'value="Ro"' in page.text
    answer = client.post(f"/cases/{case}/rename", data={"known_as": "Row", "version": "1"}, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/cases/{case}?done=cases.rename")


def test_page_and_api_are_the_same_act(client, world):
    case = world.case()
    answer = client.post(f"/api/cases/{case}/rename", json={"known_as": "Row", "version": 1})
    assert (answer.status_code, answer.json()["known_as"]) == (200, "Row")
    assert client.get(f"/api/cases/{case}/named").json()["known_as"] == "Row"


def test_what_was_typed_comes_back_beside_the_sentence(client, world):
    case = world.case()
    answer = client.post(f"/cases/{case}/rename", data={"known_as": "Nobody", "version": "1"})
    assert answer.status_code == 409
    assert 'value="Nobody"' in answer.text
    assert "Choose another name." in answer.text
    empty = client.post(f"/cases/{case}/rename", data={"known_as": " ", "version": "1"})
    assert empty.status_code == 422
    assert "Enter the name they are known by" in empty.text


def test_a_stale_form_shows_both_versions_and_loses_nothing(client, world):
    case = world.case(known_as="Ro")
    client.post(f"/api/cases/{case}/rename", json={"known_as": "First", "version": 1})
    late = client.post(f"/cases/{case}/rename", data={"known_as": "Second", "version": "1"})
    assert late.status_code == 409
    assert "First" in late.text
    assert 'value="Second"' in late.text


def test_a_program_sends_the_version_it_read_or_loses_nothing_of_anybodys(client, world):
    case = world.case(known_as="Ro")
    here = f"/api/cases/{case}/rename"
    assert client.get(here).json() == {"version": 1, "values": {"known_as": ["Ro"]}, "choices": {}}
    assert client.post(here, json={"known_as": "First"}).status_code == 428
    assert client.post(here, json={"known_as": "First"}, headers={"if-match": '"1"'}).status_code == 200
    for late in (
        {"json": {"known_as": "Second", "version": 1}},
        {"json": {"known_as": "Second"}, "headers": {"if-match": "1"}},
    ):
        answer = client.post(here, **late)
        assert answer.status_code == 409
        told = answer.json()
        assert (told["type"], told["version"]) == ("stale", 2)
        assert (told["stands"], told["sent"]) == ({"known_as": ["First"]}, {"known_as": "Second"})
    assert client.get(f"/api/cases/{case}/named").json()["known_as"] == "First"


def test_a_program_that_sends_twice_with_one_key_does_it_once(client, world, desk):
    case = world.case()
    ask = {"json": {"known_as": "Row", "version": 1}, "headers": {"idempotency-key": "row-1"}}
    answers = [client.post(f"/api/cases/{case}/rename", **ask) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    with desk.work(world.officer) as work:
        assert person_of(work, {"case_id": case}).version == 2
    other = client.post(f"/api/cases/{world.case()}/rename", **ask)
    assert other.json()["known_as"] == "Row"  # the key is for one act on one thing
    long = {"idempotency-key": "k" * 201}
    assert client.post(f"/api/cases/{case}/rename", json={"known_as": "X"}, headers=long).status_code == 422


def test_what_was_refused_may_be_tried_again_with_the_same_key(client, world):
    here, headers = f"/api/cases/{world.case()}/rename", {"idempotency-key": "again"}
    assert client.post(here, json={"known_as": "Nobody", "version": 1}, headers=headers).status_code == 409
    assert client.post(here, json={"known_as": "Row", "version": 1}, headers=headers).json()["known_as"] == "Row"


def test_a_program_is_held_to_the_choices_offered(client, world):
    case = world.case()
    here = f"/api/cases/{case}/choose"
    assert client.get(here).json()["choices"] == {"colours": [{"value": "red", "label": "Red"}]}
    assert client.post(here, json={"colour": "blue"}).status_code == 422
    assert client.post(here, json={"colour": "red"}).status_code == 200


@pytest.mark.parametrize("token", ["%ED%A0%80", "t" * 101])
def test_a_form_token_that_is_none_is_refused(client, world, token):
    case = world.case()
    body, kind = f"known_as=Row&version=1&form_token={token}", {"content-type": "application/x-www-form-urlencoded"}
    assert client.post(f"/cases/{case}/rename", content=body, headers=kind).status_code == 400


def test_the_same_form_sent_twice_is_done_once(client, world, desk):
    case = world.case()
    form = {"known_as": "Row", "version": "1", "form_token": "t1"}
    first = client.post(f"/cases/{case}/rename", data=form, follow_redirects=False)
    again = client.post(f"/cases/{case}/rename", data=form | {"version": "2"}, follow_redirects=False)
    assert first.headers["location"] == again.headers["location"]
    with desk.work(world.officer) as work:
        assert person_of(work, {"case_id": case}).version == 2


def test_save_pressed_twice_by_one_worker_is_shown_as_saved(client, world, desk):
    case = world.case(known_as="Ro")
    form = {"known_as": "Row", "version": "1", "form_token": "t1"}
    first, again = (client.post(f"/cases/{case}/rename", data=form, follow_redirects=False) for _ in range(2))
    assert (first.status_code, again.status_code) == (303, 303)
    assert first.headers["location"] == again.headers["location"]
    with desk.work(world.officer) as work:
        assert person_of(work, {"case_id": case}).version == 2


def test_a_change_to_what_one_saved_oneself_is_not_said_to_be_somebody_elses(client, world):
    case = world.case(known_as="Ro")
    client.post(f"/cases/{case}/rename", data={"known_as": "Row", "version": "1"}, follow_redirects=False)
    late = client.post(f"/cases/{case}/rename", data={"known_as": "Rowie", "version": "1"})
    assert late.status_code == 409
    assert "You already saved this on 20 November 2026 at 10am." in late.text
    assert "Someone else" not in late.text
    assert 'value="Rowie"' in late.text


def test_what_somebody_changed_after_one_saved_is_shown_and_not_passed_over(client, world):
    case = world.case(known_as="Ro")
    mine = {"known_as": "Row", "version": "1"}
    client.post(f"/cases/{case}/rename", data=mine, follow_redirects=False)
    client.post(f"/api/cases/{case}/rename", json={"known_as": "Rob", "version": 2})
    late = client.post(f"/cases/{case}/rename", data=mine, follow_redirects=False)
    assert (late.status_code, "Rob" in late.text) == (409, True)


def test_another_worker_with_the_same_words_is_told_that_somebody_changed_it(client, desk, world):
    case = world.case(known_as="Ro")
    form = {"known_as": "Row", "version": "1", "form_token": "t1"}
    client.post(f"/cases/{case}/rename", data=form, follow_redirects=False)
    app = web.create_app(desk, Site(), lambda _: SignedIn(world.other_officer, "token"))
    with TestClient(app, raise_server_exceptions=False) as another:
        other = another.post(f"/cases/{case}/rename", data=form | {"form_token": "t2"})
    assert (other.status_code, "Someone else changed this" in other.text) == (409, True)


def test_somebody_elses_case_does_not_exist(client, world, desk):
    case = world.case(where="scottish_prison", officer="scottish_officer")
    theirs, nobodys = client.get(f"/cases/{case}/rename"), client.get(f"/cases/{UUID(int=7)}/rename")
    assert (theirs.status_code, theirs.text) == (404, nobodys.text)
    assert client.post(f"/api/cases/{case}/rename", json={"known_as": "X"}).status_code == 404


@pytest.mark.parametrize(
    "body", [b"{", b"[]", b'{"known_as": 4}', b'{"known_as": "\\ud800"}', b'{"known_as": "a\\u0000"}', b"\xff"]
)
def test_malformed_json_is_400(client, world, body):
    case = world.case()
    answer = client.post(f"/api/cases/{case}/rename", content=body, headers={"content-type": "application/json"})
    assert answer.status_code == 400, answer.text


def test_oversize_is_413_and_unreadable_is_400(client, world):
    case = world.case()
    assert client.post(f"/cases/{case}/rename", data={"known_as": "x" * 1_100_000}).status_code == 413
    assert client.post(f"/cases/{case}/rename", content=b"known_as=%ff").status_code == 400
