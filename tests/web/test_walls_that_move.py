"""What somebody could know ends when its ground does: a screening not theirs to know of, a consent taken back, a transfer."""

from __future__ import annotations

import pytest
from sqlmodel import select

from tests.support.handovers import Handing
from throughcare.casework import consents, custody
from throughcare.casework.forms_contact import Withdrawal
from throughcare.casework.forms_custody import Transfer
from throughcare.casework.people import Consent, ConsentState
from throughcare.casework.rows import Task, TaskStatus
from throughcare.disclosure.policy import Basis
from throughcare.handover import answering, doors, listing, offering, views
from throughcare.handover.forms import Asking, HandoverQuery, Recalling
from throughcare.handover.words import Status
from throughcare.journey import sharing_parts
from throughcare.kernel.actors import SYSTEM
from throughcare.kernel.categories import Category
from throughcare.kernel.refusals import NotFound, NotPermitted
from throughcare.screening.rows import Scope, Screening
from throughcare.screening.rules import Status as Done
from throughcare.screening.sharing import agree


@pytest.fixture
def case(desk, world):
    case = world.case()
    with desk.work(world.officer) as work:
        world.involve(work, case, "probation", Basis.TASK)
        world.involve(work, case, "probation", Basis.ORDER)
        work.add(
            Screening(
                case_id=case, scope=Scope.ALCOHOL, instrument="audit", instrument_version="1", status=Done.COMPLETED,
                on=work.today, by=world.officer.id, share_agreed=True, band="higher_risk", completed_at=work.now,
            )
        )  # fmt: skip
    return case


def screening_of(desk, case):
    with desk.work(SYSTEM) as work:
        return work.session.exec(select(Screening.id).where(Screening.case_id == case)).one()


@pytest.mark.parametrize("reader", ["probation", "probation_manager"])
def test_that_somebody_was_screened_is_not_probations_to_know_without_consent(client_for, desk, world, case, reader):
    client, one = client_for(world.actors[reader]), screening_of(desk, case)
    told = client.get(f"/api/cases/{case}/screening").json()
    assert (told["safety"], told["asked"], told["outcomes"], told["screenings"]) == (None, None, [], [])
    for path in ("", "/answers", "/continue", "/stop"):
        assert client.get(f"/cases/{case}/screening/{one}{path}").status_code in {403, 404}
    assert client.get(f"/api/cases/{case}/screening/{one}").status_code == 404
    assert "AUDIT" not in client.get(f"/cases/{case}/screening").text
    assert client.get(f"/api/cases/{case}/interventions").json()["briefs"] == []


def test_with_consent_they_read_the_band(client_for, desk, world, case):
    with desk.work(world.officer) as work:
        work.add(
            Consent(
                case_id=case, purpose="share", agency_id=world.agencies["probation"], state=ConsentState.GIVEN,
                categories=[Category.SCREENING], given_at=work.now, recorded_by=work.actor.id,
            )
        )  # fmt: skip
    (told,) = client_for(world.probation).get(f"/api/cases/{case}/screening").json()["screenings"]
    assert (told["band"], told["total"]) == ("higher_risk", None)


def test_a_band_goes_into_a_handover_only_while_they_agree_to_it(desk, world, case):
    with desk.work(world.officer) as work:
        assert sharing_parts.screening(work, case) == {}
        agree(work, case)
        assert sharing_parts.screening(work, case) == {"AUDIT": "Higher risk"}
    with desk.work(world.officer) as work:
        given = work.session.exec(select(Consent.id).where(Consent.case_id == case)).one()
        consents.withdraw(work, case, given, Withdrawal())
        assert sharing_parts.screening(work, case) == {}


def moved(desk, world, case):
    with desk.work(world.officer) as work:
        custody.transfer(work, case, Transfer(prison_id=world.agencies["scottish_prison"], moved_on=work.today))


def test_after_a_transfer_the_handover_is_the_new_prisons_and_not_the_old_ones(desk, world):
    handing = Handing(world).received()
    handing.do(world.provider, answering.ask, Asking(asked=("risk",), words="More on risk, please"))
    moved(desk, world, handing.case_id)
    for actor in (world.officer, world.prison_manager):
        with desk.work(actor) as work, pytest.raises(NotFound):
            doors.find(work, handing.id)
        with desk.work(actor) as work:
            assert listing.listed(work, HandoverQuery()).lines == ()
    with desk.work(world.scottish_officer) as work:
        told = views.show(work, doors.find(work, handing.id))
        assert (told.sender, told.name) == ("HMP Glenmarra", "Rowan Ashdown")
        assert "answer" in {move.name for move in told.moves}
        assert [line.id for line in listing.listed(work, HandoverQuery()).lines] == [handing.id]
        asked = select(Task).where(Task.kind == "handover_inform", Task.status == TaskStatus.OPEN)
        (task,) = work.session.exec(asked).all()
        assert (task.agency_id, task.worker_id) == (world.agencies["scottish_prison"], None)


def test_what_comes_back_later_is_on_the_new_prisons_list(desk, world):
    handing = Handing(world).received()
    moved(desk, world, handing.case_id)
    handing.do(world.provider, answering.ask, Asking(asked=("risk",), words="More on risk, please"))
    with desk.work(SYSTEM) as work:
        (task,) = work.session.exec(select(Task).where(Task.kind == "handover_inform")).all()
        assert (task.agency_id, task.worker_id) == (world.agencies["scottish_prison"], None)
    handing.do(world.scottish_officer, offering.recall, Recalling(reason="plan_changed"))
    assert handing.row.status is Status.RECALLED


def test_healthcare_neither_lists_nor_opens_a_handover(desk, world):
    handing = Handing(world).sent()
    with desk.work(world.healthcare) as work:
        for ask in (lambda: listing.listed(work, HandoverQuery()), lambda: doors.find(work, handing.id)):
            with pytest.raises(NotPermitted):
                ask()
        assert [line.party for line in listing.of_case(work, handing.case_id).handovers] == [False]
