"""The handover's page asks what happened at the first appointment, once it has been."""

from __future__ import annotations

from datetime import UTC, datetime, time

from tests.support.handovers import FIRST_APPOINTMENT, Handing


def test_what_happened_is_said_once_it_has_been_and_once_only(client_for, world, clock):
    handing = Handing(world).accepted()
    provider, path = client_for(world.provider), f"/handovers/{handing.id}/appointment"
    assert path not in provider.get(f"/handovers/{handing.id}").text
    clock.at = datetime.combine(FIRST_APPOINTMENT["on"], time(12), UTC)
    assert path in provider.get(f"/handovers/{handing.id}").text
    assert "What happened?" in provider.get(path).text
    assert "It was at the first appointment" in provider.get(f"/handovers/{handing.id}/first-contact").text
    assert provider.post(f"/api{path}", json={"status": "booked"}).status_code in {400, 422}
    told = provider.post(f"/api{path}", json={"status": "attended"})
    assert told.json()["status"] == "active", told.text
    assert path not in provider.get(f"/handovers/{handing.id}").text
    assert provider.post(f"/api{path}", json={"status": "attended"}).status_code == 409
