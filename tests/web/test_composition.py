"""The whole application as it is composed: it starts on the demonstration, says whether it is ready, and refuses unsafe settings."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from litestar.testing import TestClient

from config import demonstration
from config.check import faults
from config.logging import only_allowed, where
from config.migrate import upgrade
from config.serving import web
from config.settings import DEMO_SECRET, Settings
from throughcare.kernel.database import open_engine
from throughcare.kernel.work import Desk


@pytest.fixture
def demo(tmp_path, settings, reference, clock):
    engine = open_engine(f"sqlite:///{tmp_path}/demo.db")
    upgrade(engine)
    desk = Desk(engine, clock, reference=reference)
    demonstration.found(desk)
    with TestClient(web(settings, desk), raise_server_exceptions=False) as client:
        yield client
    engine.dispose()


def test_the_demonstration_is_ready_and_its_sign_in_page_has_a_button_a_role(demo):
    assert demo.get("/health/live").json() == {"status": "live"}
    assert demo.get("/health/ready").json()["status"] == "ready"
    page = demo.get("/sign-in").text
    assert page.count("/sign-in/as/") >= 8
    assert 'name="password"' in page


def test_metrics_are_for_this_machine_or_the_token(demo):
    assert demo.get("/metrics").status_code == 200
    assert demo.get("/metrics", headers={"x-forwarded-for": "198.51.100.7"}).status_code == 404


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"secret_key": DEMO_SECRET}, "SECRET_KEY"),
        ({"sms": {"gateway": "simulator"}}, "simulator"),
        ({"test_numbers_allowed": True}, "TEST_NUMBERS_ALLOWED"),
        ({"public_base_url": "http://example.org"}, "https"),
        ({"twilio": {}}, "TWILIO__ACCOUNT_SID"),
        ({"sms": {"gateway": "twilio", "lease": 5}}, "SMS__LEASE"),
        ({"spool": Path(__file__) / "spool"}, "SPOOL"),
        ({"sealing": {}}, "SEALING__KEYS"),
        ({"sealing": {"keys": ""}}, "SEALING__KEYS"),
        ({"sealing": {"keys": f"{'k' * 40}, short"}}, "SEALING__KEYS"),
        ({"sealing": {"keys": "s" * 40}}, "SEALING__KEYS"),
    ],
)
def test_production_refuses_to_start_and_says_which(given, said):
    safe = {
        "secret_key": "s" * 40,
        "sms": {"gateway": "twilio"},
        "sealing": {"keys": "k" * 40},
        "public_base_url": "https://example.org",
        "twilio": {"account_sid": "AC1", "auth_token": "t", "from_number": "+447700900001"},
    }
    assert faults(Settings(_env_file=None, **safe)) == []
    assert any(said in fault for fault in faults(Settings(_env_file=None, **safe | given)))


def test_a_demonstration_stays_on_this_machine_and_sends_nothing_real():
    assert faults(Settings(_env_file=None, environment="demo", host="0.0.0.0"))
    twilio = {"account_sid": "AC1", "auth_token": "t", "from_number": "+447700900001"}
    real = Settings(_env_file=None, environment="demo", sms={"gateway": "twilio"}, twilio=twilio)
    near = Settings(
        _env_file=None,
        environment="demo",
        sms={"gateway": "twilio"},
        twilio=twilio | {"api_base_url": "http://127.0.0.1:9"},
    )
    assert faults(real)
    assert not faults(near)


def test_the_log_holds_allowed_keys_only_and_never_what_an_exception_held():
    secret = "Rowan +447700900123"
    try:
        raise ValueError(secret)  # noqa: TRY301 - the point of the test
    except ValueError as fault:
        said = only_allowed(None, "error", where(None, "error", {"event": "x", "body": secret, "exc_info": fault}))
    assert said["error"] == "ValueError"
    assert secret not in json.dumps(said)
