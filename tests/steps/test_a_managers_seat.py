"""A manager, or a privacy officer, may do what is done at their own agency: a title opens nothing at another kind."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlmodel import select

from throughcare.casework import consents, contact, custody, details, overview, reach, release_day, sharing, stays
from throughcare.casework.forms_contact import NewNumber
from throughcare.checkin import actions, inbox, views
from throughcare.checkin.forms import InboxQuery
from throughcare.checkin.rows import UNKNOWN, InboundText
from throughcare.disclosure.policy import Basis
from throughcare.handover import listing
from throughcare.handover.forms import HandoverQuery
from throughcare.kernel.actors import SYSTEM, Role, acts_among
from throughcare.kernel.audit import AuditRow
from throughcare.kernel.refusals import NotPermitted
from throughcare.release import plans, steps
from throughcare.release.forms import Because
from throughcare.requirement.doors import SUPERVISORS, WRITERS
from throughcare.web.visit import navigation, tabs_of

WORDS = "I have moved to my sister"


@pytest.fixture
def case(desk, world):
    case = world.case()
    with desk.work(world.officer) as work:
        for key in ("probation", "provider"):
            world.involve(work, case, key, Basis.TASK)
            world.involve(work, case, key, Basis.CARE)
        plans.start(work, case)
    return case


@pytest.fixture
def unplaced(desk):
    with desk.work(SYSTEM) as work:
        text = InboundText(
            sid="SM1", from_number="+447700900123", to_number="+447700900000", body=WORDS, fate=UNKNOWN,
            received_at=work.now, settled_at=work.now,
        )  # fmt: skip
        return work.add(text).id


DOES = {
    "work with check-ins": actions.may_work,
    "say how to reach them": contact.may_reach,
    "add a number": lambda work, case: contact.add_number(work, case, NewNumber(number="07700 900123")),
    "read check-ins": views.checkins,
    "correct their details": details.correctable,
    "plan their release": release_day.take_stay,
    "release them": lambda work, case: release_day.take_stay(work, case, custody.RELEASERS),
    "see the check-ins list": lambda work, _: inbox.inbox(work, InboxQuery()),
    "see the handovers list": lambda work, _: listing.listed(work, HandoverQuery()),
}


@pytest.mark.parametrize("what", sorted(DOES))
def test_a_manager_at_a_probation_office_does_not_do_a_prisons_or_providers_work(desk, world, case, what):
    with desk.work(world.probation_manager) as work, pytest.raises(NotPermitted):
        DOES[what](work, case)
    with desk.work(world.prison_manager) as work:
        DOES[what](work, case)


def test_consents_are_recorded_where_the_person_is_worked_with(desk, world, case):
    privacy = replace(world.privacy, agency_id=world.agencies["probation"], agency_kind=world.probation.agency_kind)
    for actor, may in ((world.probation_manager, False), (privacy, False), (world.privacy, True)):
        with desk.work(actor) as work:
            assert sharing.show(work, case).may_record is may
            assert acts_among(actor, consents.RECORDERS) is may


def test_no_button_is_shown_that_would_be_refused(desk, world, case):
    with desk.work(world.probation_manager) as work:
        assert not overview.show(work, case).may_correct
        assert not reach.show(work, case).may_record
        assert set(stays.moves(work, case, release_day.open_stay(work, case))) == {"death"}
    with desk.work(world.probation) as work:
        assert set(stays.moves(work, case, release_day.open_stay(work, case))) == {"death"}
    assert {item.label for item in navigation(world.probation_manager, "")} & {"Check-ins", "Handovers"} == set()
    assert {"Check-ins", "Handovers"} <= {item.label for item in navigation(world.provider_manager, "")}
    assert tabs_of(world.probation_manager) == tabs_of(world.probation)


def test_a_release_plan_is_not_a_probation_managers_to_open_again(desk, world, case):
    with desk.work(world.probation_manager) as work, pytest.raises(steps.NotYours):
        plans.reopen(work, case, Because(why="Because"))


def test_a_text_from_an_unknown_number_is_read_where_check_ins_are_run_and_the_reading_is_kept(desk, world, unplaced):
    for reader in ("prison_manager", "provider_manager"):
        with desk.work(world.actors[reader]) as work:
            assert [text.text for text in inbox.inbox(work, InboxQuery()).unplaced] == [WORDS]
    with desk.work(SYSTEM) as work:
        read = work.session.exec(select(AuditRow).where(AuditRow.subject_id == unplaced)).all()
        assert {row.actor_id for row in read} == {world.prison_manager.id, world.provider_manager.id}
        assert {row.name for row in read} == {"disclosure.read"}
        assert all(set(row.body["bases"]) == {"sms", "contact"} for row in read)
    with desk.work(world.officer) as work:
        assert inbox.inbox(work, InboxQuery()).unplaced == ()


@pytest.mark.parametrize("who", ["prison_manager", "provider_manager", "probation_manager"])
def test_who_acts_among_whom(world, who):
    actor = world.actors[who]
    assert acts_among(actor, SUPERVISORS) is (who == "probation_manager")
    assert acts_among(actor, WRITERS) is (who != "probation_manager")
    assert acts_among(actor, {Role.OFFICER}) is False
