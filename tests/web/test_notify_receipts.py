"""Notify's receipts at the door itself: the whole application lets them in, and nobody else (R16, R19)."""

from __future__ import annotations

from uuid import uuid4

import pytest
from litestar import Litestar
from litestar.di import Provide
from litestar.testing import TestClient

from config.gateways import carrier_of
from config.settings import NotifySettings
from tests.support.lending import whole
from throughcare.web.webhooks.notify import HANDLERS, RECEIPTS
from throughcare.web.webhooks.twilio import CALLS

TOKEN = "a-token-of-twenty-letters"


def counted(outcome):
    return CALLS.labels("receipt", outcome)._value.get()


def told(**more):
    return {"id": str(uuid4()), "reference": str(uuid4()), "status": "delivered", "to": "+447700900123", **more}


@pytest.fixture
def client(desk, settings, tmp_path):
    held = settings.model_copy(update={"spool": tmp_path / "spool", "notify": NotifySettings(callback_token=TOKEN)})
    door = carrier_of(held, desk).notify_door
    app = Litestar(HANDLERS, dependencies={"notify_door": Provide(lambda: door, sync_to_thread=False)})
    with TestClient(app) as made:
        yield made


def test_a_receipt_about_none_of_ours_is_counted_and_no_error_r17(client):
    before = counted("unknown")
    for reference in (str(uuid4()), None, "of another system"):
        answer = client.post(RECEIPTS, json=told(reference=reference), headers={"Authorization": f"Bearer {TOKEN}"})
        assert (answer.status_code, answer.content) == (200, b"")
    assert counted("unknown") == before + 3


def test_without_the_token_it_is_refused_and_counted_and_a_great_one_is_not_read(client):
    before = counted("refused")
    for headers in ({}, {"Authorization": "Bearer wrong"}):
        assert client.post(RECEIPTS, json=told(), headers=headers).status_code == 403
    assert counted("refused") == before + 2
    great = client.post(RECEIPTS, content=b"x" * 70_000, headers={"Authorization": f"Bearer {TOKEN}"})
    assert great.status_code == 413


def test_the_whole_application_hands_it_to_the_door_and_takes_its_token_for_no_sign_in(settings, desk):
    before = counted("refused")
    with TestClient(whole(settings, desk)) as made:
        assert made.post(RECEIPTS, json=told(), headers={"Authorization": "Bearer x"}).status_code == 403
    assert counted("refused") == before + 1
