"""Two people act at once: one wins, the other reads who did, and nothing is done twice. A careless twin shows the test can fail."""

from __future__ import annotations

import threading

import pytest
from sqlmodel import select

from tests.support.handovers import Handing
from throughcare.casework.rows import Appointment
from throughcare.handover import answering, offering, steps
from throughcare.handover.forms import Declining, Drafting, Recalling
from throughcare.handover.rows import Handover
from throughcare.handover.words import Status
from throughcare.kernel.actors import SYSTEM
from throughcare.kernel.audit import AuditRow
from throughcare.kernel.refusals import Refusal, WrongState


@pytest.fixture
def handing(world):
    return Handing(world)


def at_once(*acts):
    """Each act in a thread of its own, let go together; the refusals, in the order of the acts (None where it went through)."""
    gate = threading.Barrier(len(acts))
    said: list[Refusal | None] = [None] * len(acts)

    def run(place, act):
        gate.wait()
        try:
            act()
        except Refusal as refusal:
            said[place] = refusal

    threads = [threading.Thread(target=run, args=(place, act)) for place, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return said


def count(desk, kind, *conditions):
    with desk.work(SYSTEM) as work:
        return len(work.session.exec(select(kind).where(*conditions)).all())


def accepted_once(desk, handing):
    """The invariant: one acceptance, one first appointment."""
    events = count(desk, AuditRow, AuditRow.name == "handover.accepted", AuditRow.subject_id == handing.id)
    return (events, count(desk, Appointment, Appointment.handover_id == handing.id)) == (1, 1)


def test_of_two_who_accept_at_once_one_wins_and_the_other_reads_who_did(handing, world, desk):
    handing.received()
    said = at_once(
        lambda: handing.do(world.provider, answering.accept, handing.acceptance()),
        lambda: handing.do(world.provider_manager, answering.accept, handing.acceptance()),
    )
    (refused,) = [refusal for refusal in said if refusal]
    assert isinstance(refused, WrongState)
    assert "already accepted by Provider" in refused.sentence
    assert accepted_once(desk, handing)


def test_a_careless_acceptance_that_reads_and_then_writes_breaks_it(handing, world, desk):
    """The broken twin: it looks at the status in one transaction and acts on what it saw in another."""
    handing.received()
    looked, turn = threading.Barrier(2), threading.Lock()

    def carelessly():
        with desk.work(world.provider) as work:
            free = work.session.get_one(Handover, handing.id).status is Status.RECEIVED
        looked.wait()
        if free:
            with turn, desk.work(world.provider) as work:
                row = work.session.get_one(Handover, handing.id)
                row.status = Status.RECEIVED  # what it saw
                booked = answering._book(work, row, handing.acceptance(), work.now, "Provider")
                steps.accept(row, work, world.provider.id, booked.id)

    at_once(carelessly, carelessly)
    assert not accepted_once(desk, handing)


def test_of_accepting_and_recalling_at_once_only_one_happens(handing, world, desk):
    handing.received()
    said = at_once(
        lambda: handing.do(world.provider, answering.accept, handing.acceptance()),
        lambda: handing.do(world.officer, offering.recall, Recalling(reason="plan_changed")),
    )
    assert len([refusal for refusal in said if refusal]) == 1
    assert (handing.row.status is Status.ACCEPTED) == (said[0] is None)


def test_of_accepting_and_declining_at_once_only_one_happens(handing, world, desk):
    handing.received()
    no = Declining(declined_by="provider", reason="no_capacity")
    said = at_once(
        lambda: handing.do(world.provider, answering.accept, handing.acceptance()),
        lambda: handing.do(world.provider_manager, answering.decline, no),
    )
    assert len([refusal for refusal in said if refusal]) == 1
    answers = AuditRow.name.in_(["handover.accepted", "handover.declined"])
    assert count(desk, AuditRow, answers, AuditRow.subject_id == handing.id) == 1


def test_of_two_drafts_to_one_service_at_once_one_is_refused(handing, world, desk):
    form = Drafting(service_id=world.services["provider"], sought="key_working", area="Ashby")

    def draft():
        with desk.work(world.officer) as work:
            offering.draft(work, handing.case_id, form)

    said = at_once(draft, draft)
    assert len([refusal for refusal in said if refusal]) == 1
    assert count(desk, Handover) == 1


def test_the_database_itself_allows_one_live_handover_of_a_case_to_a_service(handing, world, desk):
    handing.drafted()
    with pytest.raises(Refusal), desk.work(world.officer) as work:
        slip_in(work, handing)


def slip_in(work, handing):
    row = work.session.get_one(Handover, handing.id)
    work.add(
        Handover(
            case_id=row.case_id, service_id=row.service_id, to_agency_id=row.to_agency_id, to_team_id=row.to_team_id,
            sought="aftercare", from_agency_id=row.from_agency_id, from_worker_id=row.from_worker_id,
        )
    )  # fmt: skip
