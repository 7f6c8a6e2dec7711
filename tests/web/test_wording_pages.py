"""Changing what a text says, on its pages and through the API: seen before it is asked for, refused beside the box (R31-R34, R40)."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import uuid4

import pytest

from throughcare.checkin.wording_changes import id_of

pytestmark = pytest.mark.on_database(-1)  # the rules are shown on each in tests/steps/test_wording_changes.py

TEXT = f"/check-ins/texts/{id_of('checkin_question', 'en')}"
WELSH = f"/check-ins/texts/{id_of('checkin_question', 'cy')}"
NEW = "Hello. How is today? Reply with one number from 1 (bad) to 5 (good), or CALL to be rung. {sender}"
NEWER = "Good day. How is it going? Reply with one number from 1 (bad) to 5 (good), or CALL. {sender}"
NEW_CY = "Sut mae hi heddiw? Atebwch ag un rhif o 1 (drwg) i 5 (da), neu FFONIO i gael galwad. {sender}"
BAD = "Your probation officer: press HELP {day}"


def seen(client, path):
    """The version that a form opens with."""
    return re.search(r'name="version" value="(\d+)"', client.get(path).text)[1]


def press(client, path, **data):
    return client.post(path, data={"version": seen(client, path), **data}, follow_redirects=False)


def one(client, text=TEXT):
    return client.get(f"/api{text}").json()


def moves(view):
    return {move["label"]: move["href"] for move in view["moves"]}


def test_new_words_are_seen_before_anybody_is_asked_and_nothing_typed_is_lost_r31_r34(world, client_for):
    client, path = client_for(world.prison_manager), f"{TEXT}/draft"
    page = client.get(path).text
    assert "{sender}: the name under our texts" in page
    assert "<li>1 (bad)</li>" in page
    looked = client.post(f"{path}/look", data={"text": NEW, "version": seen(client, path)})
    assert looked.status_code == 200
    assert "How it looks on a locked phone" in looked.text
    assert "1 segment" in looked.text
    assert f"{NEW}</textarea>" in looked.text
    for tried in (path, f"{path}/look"):
        refused = client.post(tried, data={"text": BAD, "version": seen(client, path)})
        assert refused.status_code == 422
        beside = re.search(r'id="text-error"[^>]*>(.*?)</p>', refused.text, re.DOTALL)[1]
        for said in ("Take out “probation”", "Do not ask for HELP", "Take out {day}", "Put in {sender}", "Keep “CALL”"):
            assert said in beside
        assert f"{BAD}</textarea>" in refused.text
    short = client.post(path, data={"text": NEW * 2, "version": seen(client, path)})
    assert "How it looks on a locked phone" in short.text  # also where it was refused, to see what is meant
    assert "It is too long: 2 segments" in short.text
    assert one(client)["draft"] is None


def test_words_are_drafted_by_one_agreed_by_another_and_brought_back_on_their_page_r1(world, client_for, clock):
    manager, admin = client_for(world.prison_manager), client_for(world.admin)
    assert press(manager, f"{TEXT}/draft", text=NEW).headers["location"] == f"{TEXT}?done=check-ins.texts.draft"
    assert "The check-in question" in manager.get("/check-ins/texts").text.split("waiting for agreement")[1][:600]
    mine, theirs = one(manager)["draft"], one(admin)["draft"]
    assert set(moves(mine)) == {"Withdraw this draft"}
    assert "You drafted them, so somebody else has to agree" in manager.get(TEXT).text
    agree = moves(theirs)["Agree to these words"]
    assert manager.get(agree).status_code == 409
    assert "How it looks on a locked phone" in admin.get(agree).text
    assert press(admin, agree).status_code == 303
    moved_on = admin.post(agree, data={})
    assert moved_on.status_code == 409
    assert f'href="{TEXT}"' in moved_on.text, "the way back to how things stand"
    (now, shipped), text = one(manager)["versions"], one(manager)["text"]
    assert (text["written"], text["version"], text["own"]) == (NEW, 2, True)
    assert (now["drafted_by"], now["agreed_by"], now["stands"]) == ("Prison Manager", "Admin", True)
    clock.forward(timedelta(days=1))
    back = moves(shipped)["Bring back version 1"]
    assert press(manager, back).status_code == 303
    assert "These are the words of version 1." in admin.get(TEXT).text
    assert press(admin, moves(one(admin)["draft"])["Withdraw this draft"]).status_code == 303
    assert [each["status"] for each in one(admin)["versions"]] == ["withdrawn", "agreed", "agreed"]


def test_two_who_write_at_once_are_told_and_see_both_versions(world, client_for):
    first, second = client_for(world.prison_manager), client_for(world.provider_manager)
    path = f"{TEXT}/draft"
    version = seen(second, path)
    press(first, path, text=NEW)
    late = second.post(path, data={"text": NEWER, "version": version}, follow_redirects=False)
    assert late.status_code == 409
    assert NEW in late.text
    assert f"{NEWER}</textarea>" in late.text
    assert one(first)["draft"]["text"] == NEW
    assert second.post(f"/api{path}", json={"text": NEWER}, headers={"if-match": version}).status_code == 409
    assert second.post(f"/api{path}", json={"text": BAD}).status_code == 422
    assert second.post(f"/api{path}", json={"text": NEWER}).status_code == 200
    assert one(first)["draft"]["text"] == NEWER


def test_welsh_is_reviewed_by_somebody_else_and_says_when_the_english_has_changed_r40(world, client_for, clock):
    manager, admin, officer = (client_for(each) for each in (world.prison_manager, world.admin, world.officer))
    press(manager, f"{WELSH}/draft", text=NEW_CY)
    draft = one(admin, WELSH)["draft"]
    assert press(admin, moves(draft)["Agree to these words"]).status_code == 303
    assert set(moves(one(manager, WELSH))) == {"Draft new words"}
    review = moves(one(officer, WELSH))["Say that you have reviewed the Welsh"]
    assert "English now" in officer.get(review).text
    assert officer.post(review, data={"version": seen(officer, review)}).status_code == 422
    assert press(officer, review, read="true").status_code == 303
    assert one(officer, WELSH)["text"]["reviewed_by"] == "Officer"
    clock.forward(timedelta(days=1))
    press(manager, f"{TEXT}/draft", text=NEW)
    press(admin, moves(one(admin)["draft"])["Agree to these words"])
    assert one(officer, WELSH)["behind"]
    assert "may no longer say the same" in officer.get(WELSH).text


def test_who_only_reads_texts_is_shown_no_button_that_would_refuse_them(world, client_for):
    officer = client_for(world.officer)
    assert officer.get(TEXT).status_code == 200
    assert one(officer)["moves"] == []
    for path in (f"{TEXT}/draft", f"{TEXT}/words/{TEXT.rpartition('/')[2]}/bring-back"):
        assert officer.get(path).status_code == 403
    assert client_for(world.probation).get(TEXT).status_code == 403
    assert client_for(world.admin).get(f"/check-ins/texts/{uuid4()}").status_code == 404
