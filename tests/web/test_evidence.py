"""How check-ins go beside the published studies: rates by day since release, and nobody known by a small number."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from throughcare.casework.tasks import About, For, give
from throughcare.checkin import errands
from throughcare.checkin.on_call_rows import TextAgain
from throughcare.checkin.replies import Kind
from throughcare.checkin.rows import CheckinPlan, CheckinPrompt, TextReceived
from throughcare.kernel.actors import SYSTEM
from throughcare.kernel.delivery import Delivery, Purpose
from throughcare.kernel.outbox import OutboxRow
from throughcare.measures.evidence import Evidence


def asked(desk, world, case, day, *, state=Delivery.DELIVERED, answered=False, called=""):
    """One check-in that left, and what became of it."""
    with desk.work(SYSTEM) as work:
        plan = work.add(CheckinPlan(case_id=case, status="ended"))
        message = work.add(
            OutboxRow(
                key=uuid4().hex, case_id=case, to="+447700900123", purpose=Purpose.CHECKIN, priority=3, text="?",
                template="checkin_question", not_before=work.now, expires_at=work.now, state=state,
                accepted_at=work.now if state is not Delivery.SUPPRESSED else None,
            )
        )  # fmt: skip
        prompt = work.add(
            CheckinPrompt(
                case_id=case, plan_id=plan.id, step=f"day_{day}", day=day, on=work.today, not_before=work.now,
                expires_at=work.now, message_id=message.id, answered_at=work.now if answered else None,
            )
        )  # fmt: skip
        subject = prompt.id
        if called in {"text", "again"}:
            subject = work.add(
                TextReceived(
                    case_id=case, inbound_id=uuid4(), prompt_id=prompt.id, from_number="+447700900123", text="CALL",
                    received_at=work.now, kind=Kind.CALL,
                )
            ).id  # fmt: skip
        if called == "again":
            work.add(
                TextAgain(
                    case_id=case, errand=errands.CALL_ASKED.kind, subject_id=uuid4(), text_id=subject,
                    received_at=work.now,
                )
            )  # fmt: skip
        elif called:
            mine = For(world.officer.agency_id, worker_id=world.officer.id)
            give(work, errands.CALL_ASKED, mine, About(case, subject), work.now + timedelta(hours=1))


@pytest.fixture
def people(world):
    return [world.case(family=f"Person{number}") for number in range(12)]


def seen(client, **query):
    return client.get("/api/measures/check-ins", params=query).json()


def banded(view):
    return {band["label"]: band for band in (*view["bands"], view["whole"])}


def test_what_left_is_counted_by_day_with_what_arrived_was_answered_and_led_to_a_call(desk, world, people, client_for):
    for number, case in enumerate(people):
        asked(desk, world, case, 3, answered=number < 6, called="text" if number < 5 else "")
        asked(desk, world, case, 3, state=Delivery.SUPPRESSED)
        state = Delivery.UNDELIVERED if number < 6 else Delivery.DELIVERED
        asked(desk, world, case, 20, state=state, called="again" if number > 5 else "")
    view = seen(client_for(world.prison_manager))
    found = banded(view)
    assert (found["Days 1 to 7"]["asked"], found["Days 1 to 7"]["answered"]) == (12, 50.0)
    assert (found["Days 1 to 7"]["called"], found["Days 15 to 28"]["delivered"]) == (41.7, 50.0)
    assert found["Days 15 to 28"]["called"] == 50.0  # asked for again while a call is still to be made
    assert (found["All days"]["asked"], found["All days"]["answered"]) == (24, 25.0)
    assert found["All days"]["called"] == 45.8  # 5 and 6 of 24: a call is counted with the check-in it came of alone
    haug = view["beside"][0]
    assert haug["sentence"] == "Here 25% of 24 texts were answered: 63.1 points fewer."
    page = client_for(world.prison_manager).get("/measures/check-ins").text
    assert "doi 10.1093/alcalc/agu107" in page
    assert "small numbers move a lot by chance" in page


def test_few_people_are_not_shown_however_many_texts_they_had_nor_told_by_what_is_left(desk, world, people, client_for):
    for case in people:
        asked(desk, world, case, 3, answered=True)
    for case in people[:4]:
        for _ in range(6):
            asked(desk, world, case, 30, answered=True)
    found = banded(seen(client_for(world.prison_manager)))
    assert found["Days 29 to 84"]["asked"] is None
    assert found["Days 29 to 84"]["answered"] is None
    whole, first = found["All days"]["asked"], found["Days 1 to 7"]["asked"]
    assert whole is None or first is None
    assert "fewer than 5 people" in client_for(world.prison_manager).get("/measures/check-ins").text


def test_another_agencys_people_and_another_year_do_not_count(desk, world, people, client_for):
    for case in people:
        asked(desk, world, case, 3, answered=True)
    assert banded(seen(client_for(world.prison_manager), year="2025-26"))["All days"]["asked"] in {0, None}
    assert "too few here yet" in str(seen(client_for(world.prison_manager), year="2025-26"))
    page = client_for(world.prison_manager).get("/measures/check-ins", params={"year": "2025-26"}).text
    assert "Too few people were texted in this time" in page
    assert "Not shown" not in page


def test_it_is_for_managers_and_every_published_figure_has_its_source(world, client_for, reference):
    assert client_for(world.officer).get("/measures/check-ins").status_code == 403
    assert client_for(world.probation_manager).get("/measures/check-ins").status_code == 403
    figures = reference[Evidence].figure
    assert all(figure.source and figure.certainty == "cited" for figure in figures)
    bands = reference[Evidence].band
    assert [band.first for band in bands[1:]] == [band.last + 1 for band in bands[:-1]]
