"""The numbers that keep people from being texted, each under its worst fault, and nobody else's (R23, R35, R44)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import select

from tests.support.texting import NUMBER, reachable, release
from throughcare.casework.people import PhoneNumber
from throughcare.checkin import numbers
from throughcare.checkin.numbers import Fault
from throughcare.kernel.actors import SYSTEM
from throughcare.kernel.delivery import Verdict


def put(desk, case_id, **changes):
    """What is recorded of this person's number."""
    with desk.work(SYSTEM) as work:
        number = work.session.exec(select(PhoneNumber).where(PhoneNumber.case_id == case_id)).one()
        for name, value in changes.items():
            setattr(number, name, work.now - value if isinstance(value, timedelta) else value)
        work.session.add(number)


@pytest.fixture
def people(desk, world):
    """One person for each fault, one who may be texted, and one of another agency's."""
    made = {}
    for at, name in enumerate(("fine", *Fault)):
        case = made[str(name)] = world.case(family=f"{name}".capitalize())
        reachable(desk, case, number=f"+4477009001{at:02}" if name != Fault.MISSING else "")
        release(desk, case)
        if name != Fault.MISSING:
            put(desk, case, proven_at=timedelta(0))
    put(desk, made["invalid"], suspended_at=timedelta(days=1), suspended_because=Verdict.NOT_MOBILE)
    put(desk, made["suspended"], suspended_at=timedelta(days=2), suspended_because="wrong_number")
    put(desk, made["unproven"], proven_at=None)
    put(desk, made["silent"], proven_at=timedelta(days=90), last_heard_at=timedelta(days=60))
    put(desk, made["shared"], number=NUMBER)
    reachable(desk, world.case(where="scottish_prison", officer="scottish_officer"))
    return made


def seen(client, **asked):
    return client.get("/api/check-ins/numbers", params=asked).json()


def faults(view):
    return [(line["heading"]["family"], line["told"]["fault"]) for line in view["lines"]]


def test_each_fault_is_found_once_the_worst_first_and_leads_to_where_it_is_mended(people, world, client_for):
    client = client_for(world.officer)
    view = seen(client)
    assert faults(view) == [(fault.capitalize(), fault) for fault in Fault]
    assert (view["total"], view["silent_days"]) == (6, 60)
    assert [line["path"] for line in view["lines"]] == [f"/cases/{people[fault]}/contact" for fault in Fault]
    page = client.get("/check-ins/numbers").text
    assert "07700 900123" in page
    assert all(fault.label in page for fault in Fault)
    assert "Fine" not in page
    assert faults(seen(client, fault="shared")) == [("Shared", "shared")]


def test_a_landline_alone_cannot_be_texted_and_a_mobile_beside_it_can(desk, people, world, client_for):
    put(desk, people["fine"], texts=False)
    assert ("Fine", "invalid") in faults(seen(client_for(world.officer)))
    with desk.work(SYSTEM) as work:
        work.add(PhoneNumber(case_id=people["fine"], number="+447700900199", from_at=work.now, proven_at=work.now))
    assert "Fine" not in [name for name, _ in faults(seen(client_for(world.officer)))]


def test_before_release_a_number_need_not_be_proven(desk, world, client_for):
    reachable(desk, world.case())
    assert seen(client_for(world.officer))["total"] == 0


def test_the_list_is_read_to_its_end_and_is_of_ones_own_agency_alone(people, world, client_for, monkeypatch):
    monkeypatch.setattr(numbers, "PAGE", 1)
    client, found, after = client_for(world.officer), [], ""
    while True:
        view = seen(client, after=after)
        found += [fault for _, fault in faults(view)]
        after = view["later"]
        if not after:
            break
    assert found == list(Fault)
    assert faults(seen(client_for(world.scottish_officer))) == [("Ashdown", "shared")]
    assert seen(client_for(world.provider))["total"] == 0
    assert seen(client_for(world.other_officer), mine="yes")["total"] == 0
    assert client_for(world.probation).get("/check-ins/numbers").status_code == 403
