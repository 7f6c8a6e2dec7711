"""What a reader has no basis for is on no page of a case that they can open, and in no answer of the API."""

from __future__ import annotations

import pytest
from sqlmodel import select

from tests.support.handovers import Handing
from tests.web.test_requirements_canaries import (
    SERVER_FAULT,
    case,
    desk,
    filled,
    ids_of,
    inside,
    pages,
    plant,
    report,
)
from throughcare.casework import access
from throughcare.casework.rows import Involvement
from throughcare.disclosure.policy import Matrix
from throughcare.kernel.actors import SYSTEM
from throughcare.kernel.rows import Row

PLANTED = (case, desk, report)  # the fixtures of a case that is full of canaries
COLUMNS = {mapper.class_.__tablename__: mapper.class_.__table__ for mapper in Row._sa_registry.mappers}


def withheld(work, case_id, where):
    """Whether this reader has no basis for what that column holds, or for no more than a flag that it is not."""
    table, _, name = where.partition(".")
    told = COLUMNS[table].c[name].info
    grant = work.reference[Matrix].grant_for(told["category"], access.standing(work, case_id))
    return grant is None or (grant.summary and not told["summary"])


NESTED = {
    "brief_id": "brief_intervention", "check_id": "safety_check", "clock_id": "service_clock", "change_id": "risk_change", "item_id": "checklist_item", "concern_id": "concern",
    "consent_id": "consent", "consultation_id": "consultation", "handover_id": "handover", "need_id": "need",
    "number_id": "phone_number", "outcome_id": "screening_outcome", "referral_id": "child_referral",
    "screening_id": "screening", "test_id": "drug_test", "warning_id": "requirement_warning", "text_id": "text_received",
}  # fmt: skip


def every_id(desk, case, report):
    """The ids that addresses name: those of the case's rows, planted ones too."""
    with desk.work(SYSTEM) as work:
        tables = {name: COLUMNS[table] for name, table in NESTED.items()}
        found = {
            n: work.session.execute(select(t.c.id).where(t.c.case_id == case)).scalars().first()
            for n, t in tables.items()
        }
    return {name: row for name, row in found.items() if row} | ids_of(desk, case, report)


def read(client, wanted):
    answers = {path: client.get(path) for path in wanted}
    assert {path: answer.status_code for path, answer in answers.items() if answer.status_code >= SERVER_FAULT} == {}
    return {path: answer.text for path, answer in answers.items()}


def heard(told, secret):
    return sorted({(path, where) for path, body in told.items() for token, where in secret.items() if token in body})


@pytest.mark.on_database(-1)  # who may know what is judged after the rows were read; probation's seat is taken on each
@pytest.mark.parametrize("who", ["other_officer", "prison_manager", "privacy", "probation_manager", "admin"])
def test_nothing_without_a_basis_is_anywhere_this_reader_may_look(client_for, desk, world, case, report, who):
    planted, reader = plant(desk.engine, case, inside(world)), world.actors[who]
    with desk.work(reader) as work:
        secret = {token: where for token, where in planted.items() if withheld(work, case, where)}
    least = {"clinician_view.why", "concern.what"}
    assert least <= set(secret.values())
    told = read(client_for(reader), pages(every_id(desk, case, report)))
    assert heard(told, secret) == []
    if who == "other_officer":  # the search can fail: what this reader may know is found
        assert heard(told, planted)


def test_a_team_that_is_still_deciding_reads_nothing_of_the_case(client_for, desk, world, case, report):
    handing = Handing(world, case=case, to="other_provider").sent()
    planted = plant(desk.engine, case, inside(world))
    secret = {token: where for token, where in planted.items() if where != "handover_move.words"}  # both sides' history
    ids = every_id(desk, case, report) | {"handover_id": handing.id}
    told = read(client_for(world.other_provider), pages(ids))
    assert "R.A." in told[filled("/handovers/{handover_id:uuid}", ids)]
    assert heard(told, secret) == []
    with desk.work(SYSTEM) as work:
        assert (
            work.session.exec(
                select(Involvement).where(Involvement.agency_id == world.agencies["other_provider"])
            ).all()
            == []
        )
