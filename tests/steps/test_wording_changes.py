"""New words for a text: drafted by one, agreed by another, used at once by everybody, never changed (R1, R32, R34, R40)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import event
from sqlmodel import col, select

from tests.support.at_once import at_once
from tests.support.texting import forward, texted, texts
from throughcare.casework.rows import Task, TaskStatus
from throughcare.checkin import wording_book, wording_changes
from throughcare.checkin.climbing import climb_ladders
from throughcare.checkin.forbidden import Forbidden
from throughcare.checkin.grounds import Why
from throughcare.checkin.planning import plan_texts
from throughcare.checkin.service import Answering
from throughcare.checkin.texting import Wanted, write
from throughcare.checkin.wording import Wording
from throughcare.checkin.wording_changes import agree, bring_back, draft, id_of, review, withdraw
from throughcare.checkin.wording_forms import AgreeWording, BringBack, DraftWording, ReviewWording, WithdrawWording
from throughcare.checkin.wording_refusals import (
    DraftWaits,
    MayNotStand,
    NoLongerAllowed,
    NothingToReview,
    OwnWords,
    SameWords,
    StandsNow,
)
from throughcare.checkin.wording_rows import SmsWording, WordingStatus
from throughcare.kernel.actors import SYSTEM
from throughcare.kernel.audit import AuditRow
from throughcare.kernel.delivery import Delivery
from throughcare.kernel.reference import Reference
from throughcare.kernel.refusals import NotFound, NotPermitted, Stale, WrongState

CODE = "checkin_question"
ENGLISH, WELSH = id_of(CODE, "en"), id_of(CODE, "cy")
NEW = "Hello. How is today? Reply with one number from 1 (bad) to 5 (good), or CALL to be rung. {sender}"
NEWER = "Good day. How is it going? Reply with one number from 1 (bad) to 5 (good), or CALL. {sender}"
NEW_CY = "Sut mae hi heddiw? Atebwch ag un rhif o 1 (drwg) i 5 (da), neu FFONIO i gael galwad. {sender}"


def drafted(desk, actor, words=NEW, text_id=ENGLISH):
    with desk.work(actor) as work:
        return draft(work, text_id, DraftWording(text=words)).id


def agreed(desk, world, words=NEW, text_id=ENGLISH):
    row = drafted(desk, world.prison_manager, words, text_id)
    with desk.work(world.admin) as work:
        agree(work, text_id, row, AgreeWording())
    return row


def stands(desk, language="en"):
    with desk.work(SYSTEM) as work:
        return wording_book.standing(work).templates[CODE, language]


def told_of(desk, row):
    with desk.work(SYSTEM) as work:
        named = select(AuditRow).where(AuditRow.subject_id == row, col(AuditRow.name).startswith("checkin.wording"))
        return {(one.name.removeprefix("checkin.wording_"), one.actor_id) for one in work.session.exec(named)}


def holding(desk, **kinds):
    """The same desk, as if the service had been started again with these."""
    named = {kind.__name__: kind for kind in desk.reference.held}
    return replace(desk, reference=Reference({**desk.reference.held, **{named[n]: v for n, v in kinds.items()}}))


def tightened(desk, stem="today"):
    forbidden = desk.reference[Forbidden]
    return holding(desk, Forbidden=replace(forbidden, word=forbidden.word | {stem}))


def test_a_manager_drafts_and_somebody_else_agrees_and_the_next_text_says_it_r1(desk, world, clock):
    case = texted(desk, world)
    before = stands(desk)
    row = drafted(desk, world.prison_manager)
    assert stands(desk) == before
    with desk.work(world.prison_manager) as work, pytest.raises(OwnWords):
        agree(work, ENGLISH, row, AgreeWording())
    with desk.work(world.provider_manager) as work:
        agree(work, ENGLISH, row, AgreeWording())
    now = stands(desk)
    assert (now.text, now.version, now.wording_id) == (NEW, before.version + 1, row)
    assert told_of(desk, row) == {("drafted", world.prison_manager.id), ("agreed", world.provider_manager.id)}
    forward(clock, hours=26)
    with desk.work(SYSTEM) as work:
        plan_texts(work)
    (asked,) = [text for text in texts(desk, case) if text.template == CODE]
    assert asked.text.startswith("Hello. How is today?")
    assert asked.facts == {"version": 2, "wording_id": str(row)}


def test_a_text_that_was_written_keeps_the_words_of_its_version_r1(desk, world, clock):
    case = texted(desk, world)
    forward(clock, hours=26)
    with desk.work(SYSTEM) as work:
        plan_texts(work)
    agreed(desk, world)
    (asked,) = [text for text in texts(desk, case) if text.template == CODE]
    assert asked.text.startswith("How are things today?")
    assert asked.facts == {"version": 1}


def test_new_words_are_used_without_a_restart_and_asked_for_once_in_ten_seconds(desk, world, clock):
    elsewhere = replace(desk)  # another process at the same database
    stands(elsewhere)
    agreed(desk, world)
    asked = []

    def hears(*said):
        asked.append(said[2])

    event.listen(desk.engine, "before_cursor_execute", hears)
    try:
        assert stands(elsewhere).version == 1
        assert [one for one in asked if "sms_wording" in one] == []
        clock.forward(wording_book.FRESH)
        assert stands(elsewhere).version == 2
        assert stands(elsewhere).version == 2
        assert len([one for one in asked if "sms_wording" in one]) == 1
        clock.forward(-timedelta(hours=1))
        stands(elsewhere)
        assert len([one for one in asked if "sms_wording" in one]) == 2
    finally:
        event.remove(desk.engine, "before_cursor_execute", hears)


def test_words_that_stood_are_brought_back_as_a_new_version_by_two_people(desk, world):
    first = agreed(desk, world)
    second = agreed(desk, world, NEWER)
    with desk.work(world.prison_manager) as work:
        again = bring_back(work, ENGLISH, first, BringBack()).id
        with pytest.raises(DraftWaits):
            bring_back(work, ENGLISH, ENGLISH, BringBack())
    with desk.work(world.admin) as work:
        agree(work, ENGLISH, again, AgreeWording())
        with pytest.raises(NotFound):
            bring_back(work, WELSH, first, BringBack())
    assert (stands(desk).text, stands(desk).version) == (NEW, 4)
    with desk.work(world.admin) as work:
        with pytest.raises(StandsNow):
            bring_back(work, ENGLISH, first, BringBack())
        shipped = bring_back(work, ENGLISH, ENGLISH, BringBack()).id
        withdraw(work, ENGLISH, shipped, WithdrawWording())
        rows = {row.id: row for row in work.session.exec(select(SmsWording))}
    assert [(rows[one].text, rows[one].number) for one in (first, second, again)] == [(NEW, 2), (NEWER, 3), (NEW, 4)]
    assert rows[again].brought_back == 2
    assert {name for name, _ in told_of(desk, shipped)} == {"brought_back", "withdrawn"}


def test_a_draft_that_is_drafted_again_is_withdrawn_with_its_words_kept(desk, world):
    first = drafted(desk, world.prison_manager)
    second = drafted(desk, world.admin, NEWER)
    with desk.work(SYSTEM) as work:
        rows = {row.id: row for row in work.session.exec(select(SmsWording))}
        waits = work.session.exec(
            select(Task).where(Task.kind == "texts_wording_waits", Task.subject_id == first)
        ).one()
    assert (rows[first].text, rows[first].status, rows[second].status) == (NEW, "withdrawn", "drafted")
    assert waits.status is not TaskStatus.OPEN
    for act, form in ((agree, AgreeWording()), (withdraw, WithdrawWording())):
        with desk.work(world.provider_manager) as work, pytest.raises(WrongState):
            act(work, ENGLISH, first, form)


def test_what_may_not_go_is_stopped_when_it_is_saved_and_again_when_it_is_agreed_r32(desk, world):
    with desk.work(world.prison_manager) as work:
        for words, says in ((f"Probation says hello. {NEW}", "probation"), (f"{NEW} {NEW}", "segments")):
            with pytest.raises(MayNotStand) as refused:
                draft(work, ENGLISH, DraftWording(text=words))
            assert says in refused.value.sentence
        with pytest.raises(SameWords):
            draft(work, ENGLISH, DraftWording(text=desk.reference[Wording].templates[CODE, "en"].text))
        assert work.session.exec(select(SmsWording.id)).all() == []
    row = drafted(desk, world.prison_manager)
    with tightened(desk).work(world.admin) as work, pytest.raises(NoLongerAllowed):
        agree(work, ENGLISH, row, AgreeWording())
    assert stands(desk).version == 1


def test_words_that_a_newer_list_forbids_are_held_back_and_a_manager_is_told_once_r32(desk, world, clock):
    agreed(desk, world)
    desk, case = tightened(desk), texted(desk, world)
    forward(clock, hours=26)
    with desk.work(SYSTEM) as work:
        plan_texts(work)
    (asked,) = [text for text in texts(desk, case) if text.template == CODE]
    assert (asked.state, asked.why) == (Delivery.SUPPRESSED, Why.WORDING)
    forward(clock, hours=12)
    with desk.work(SYSTEM) as work:
        climb_ladders(work)
        assert len(work.session.exec(select(Task).where(Task.kind == "checkin_call", Task.case_id == case)).all()) == 1
    with desk.work(SYSTEM) as work:
        wanted = Wanted(CODE, "again", case, asked.to, "en", case, work.now, work.now + timedelta(hours=1))
        held = write(work, wanted)
        assert held is not None
        assert held.state is Delivery.SUPPRESSED
        told = work.session.exec(select(Task).where(Task.kind == "texts_wording_barred")).all()
    assert len(told) == 1


def test_an_answer_to_somebody_in_danger_goes_in_the_words_shipped_where_ours_cannot_go_r32_r42(desk, world):
    """Because a newer list forbids them, or because they no longer fit."""
    shipped = desk.reference[Wording].templates
    agreed(desk, world, f"Good day. {shipped['call_reply', 'en'].text}", id_of("call_reply", "en"))
    case, desk = texted(desk, world), tightened(desk, "good")
    with desk.work(SYSTEM) as work:
        long = f"{shipped['crisis_reply', 'en'].text}{' We are here.' * 30}"
        who = {"drafted_by": world.admin.id, "agreed_by": world.prison_manager.id, "holds_from": work.now}
        stood = {"status": WordingStatus.AGREED, "number": 2}
        work.add(SmsWording(code="crisis_reply", language="en", text=long, **stood, **who))
    with desk.work(SYSTEM) as work:
        times = work.now, work.now + timedelta(hours=1)
        for code in ("call_reply", "crisis_reply"):
            row = write(work, Wanted(code, code, case, "+447700900123", "en", case, *times))
            assert row is not None
            assert (row.state, row.text[:9], row.facts) == (Delivery.PLANNED, "Thank you", {"version": 1}), code
        told = work.session.exec(select(Task).where(Task.kind == "texts_wording_barred")).all()
    assert len(told) == 2


def test_welsh_goes_in_production_once_somebody_else_has_read_it_r40(desk, world, clock):
    production = holding(desk, Answering=replace(desk.reference[Answering], reviewed_only=True))
    row = agreed(desk, world, NEW_CY, WELSH)
    english = agreed(desk, world)

    def goes():
        with production.work(SYSTEM) as work:
            return wording_book.standing(work).choose(CODE, "cy", reviewed_only=True)

    assert (goes().template.wording_id, goes().unreviewed) == (english, True)
    with desk.work(world.prison_manager) as work, pytest.raises(OwnWords):
        review(work, WELSH, row, ReviewWording(read=True))
    with desk.work(world.probation) as work, pytest.raises(NotPermitted):
        review(work, WELSH, row, ReviewWording(read=True))
    with desk.work(world.officer) as work:
        review(work, WELSH, row, ReviewWording(read=True))
    clock.forward(wording_book.FRESH)
    assert (goes().template.text, goes().template.reviewed_by, goes().unreviewed) == (NEW_CY, "Officer", False)
    for again, text_id in ((row, WELSH), (english, ENGLISH)):
        with desk.work(world.other_officer) as work, pytest.raises(NothingToReview):
            review(work, text_id, again, ReviewWording(read=True))


def test_words_read_by_a_reviewer_are_reviewed_when_they_come_back_and_new_ones_are_not_r40(desk, world):
    row = agreed(desk, world, NEW_CY, WELSH)
    with desk.work(world.officer) as work:
        review(work, WELSH, row, ReviewWording(read=True))
    agreed(desk, world, f"Helo. {NEW_CY}", WELSH)
    assert not stands(desk, "cy").reviewed
    with desk.work(world.prison_manager) as work:
        again = bring_back(work, WELSH, row, BringBack()).id
    with desk.work(world.provider_manager) as work:
        agree(work, WELSH, again, AgreeWording())
    assert stands(desk, "cy").reviewed_by == "Officer"


def test_only_managers_who_work_with_texts_and_those_who_run_the_service_change_words(desk, world):
    row = drafted(desk, world.prison_manager)
    for actor in (world.officer, world.provider, world.probation_manager, world.privacy, world.treatment):
        with desk.work(actor) as work:
            for act, text_id, *asked in (
                (draft, ENGLISH, DraftWording(text=NEWER)),
                (agree, ENGLISH, row, AgreeWording()),
                (withdraw, ENGLISH, row, WithdrawWording()),
                (bring_back, ENGLISH, ENGLISH, BringBack()),
            ):
                with pytest.raises(NotPermitted):
                    act(work, text_id, *asked)
    with desk.work(world.admin) as work, pytest.raises(NotFound):
        agree(work, WELSH, row, AgreeWording())


def test_two_who_draft_at_once_are_told_and_one_draft_stands(desk, world):
    """The statement itself refuses the second, whatever was read before it."""
    with desk.work(world.prison_manager) as work:
        template = wording_changes.template_of(work, ENGLISH)
        wording_changes.put(work, template, NEW)
        with pytest.raises(Stale):
            wording_changes.put(work, template, NEWER)
        waits = work.session.exec(select(SmsWording.text).where(SmsWording.status == WordingStatus.DRAFTED)).all()
    assert waits == [NEW]


def test_our_words_are_let_go_where_the_text_no_longer_takes_the_same_values(desk, world, clock):
    agreed(desk, world)
    wording = desk.reference[Wording]
    shipped = replace(wording.templates[CODE, "en"], text="How are things on {day}? {sender}", version=7)
    later = holding(desk, Wording=Wording({**wording.templates, (CODE, "en"): shipped}))
    assert stands(later) == shipped
    without = holding(desk, Wording=Wording({key: one for key, one in wording.templates.items() if key[0] != CODE}))
    with without.work(SYSTEM) as work:
        assert (CODE, "en") not in wording_book.standing(work).templates


def test_two_who_agree_at_once_are_one_version_and_the_other_is_told(desk, world):
    row, came = drafted(desk, world.prison_manager), []

    def agrees(actor):
        try:
            with desk.work(actor) as work:
                agree(work, ENGLISH, row, AgreeWording())
                came.append("agreed")
        except WrongState as no:
            came.append(no.sentence)

    at_once(lambda: agrees(world.admin), lambda: agrees(world.provider_manager))
    assert sorted(came) == ["This wording is agreed. Nothing more can be done with it from here.", "agreed"]
    assert stands(desk).version == 2
    assert len([one for one in told_of(desk, row) if one[0] == "agreed"]) == 1
