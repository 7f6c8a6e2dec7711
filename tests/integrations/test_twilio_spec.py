"""What we send and read conforms to Twilio's own published description of its API, served by prism.

Prism answers 4xx to a request that does not conform, which the gateway reports as SmsUnknown. It is not asked to check
its own answers: the description's examples break its own rule that an address must be absolute.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import time
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from integrations import twilio_sms
from integrations.twilio_sms import TwilioAccount, TwilioSms
from tests.fake_twilio.settings import ACCOUNT_SID, AUTH_TOKEN, NUMBER
from tests.integrations.wire import TEXT, TO, talking
from throughcare.kernel.ports import Sms, SmsUnknown

pytestmark = [pytest.mark.slow, pytest.mark.anyio]

ROOT = Path(__file__).parents[2]
TOOLS = ROOT / "tests/tools/node_modules"
SPEC = TOOLS / "@twilio/cli-core/src/services/twilio-api/twilio_api_v2010.json"
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
SID, SERVICE = "SM" + "a" * 32, "MG" + "0" * 32


@pytest.fixture(scope="module")
def prism(tmp_path_factory) -> Iterator[str]:
    """The address of a server made from the published description, which checks every request against it."""
    node = shutil.which("node", path=f"{os.environ['PATH']}:{ROOT / '.tools/node/bin'}")
    assert node, "node is needed: run make test, which fetches it"
    assert SPEC.exists(), "the test tools are needed: run make test, which fetches them"
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    log = tmp_path_factory.mktemp("prism") / "log"
    command = [node, TOOLS / ".bin/prism", "mock", "--host", "127.0.0.1", "--port", port, SPEC]
    with log.open("wb") as out, subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT) as server:
        try:
            _wait(server, log)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()


def _wait(server: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + 180
    while b"Prism is listening" not in log.read_bytes():
        assert server.poll() is None, log.read_text()[-2_000:]
        assert time.monotonic() < until, "prism did not start in three minutes"
        time.sleep(0.2)


@pytest.fixture(params=[{"from_number": NUMBER}, {"messaging_service_sid": SERVICE}], ids=["number", "service"])
async def gateway(request, prism) -> AsyncIterator[TwilioSms]:
    account = TwilioAccount(ACCOUNT_SID, AUTH_TOKEN, "https://texts.example.org", api_base_url=prism, **request.param)
    gateway = TwilioSms(account)
    yield gateway
    await gateway.close()


@pytest.mark.parametrize("words", ["4", "How are things today? \U0001f44d\r\nŵ ŷ + & = %", "x" * 1_600])
async def test_a_text_conforms_and_its_answer_gives_an_id(gateway, words):
    assert (await gateway.send(Sms(TO, words, "5f0c", 600))).startswith("SM")


async def test_a_search_conforms_page_after_page_and_its_records_can_be_read(gateway, monkeypatch):
    """The description's example names a next page for ever: all that was read was readable, and there is no end."""
    monkeypatch.setattr(twilio_sms, "MOST_FOUND", 5)
    with pytest.raises(SmsUnknown, match="too many to look through"):
        await gateway.search(TO, LONG_AGO)


async def test_fetching_and_blanking_one_text_conform(gateway):
    found = await gateway.fetch(SID)
    assert found.sid
    assert found.created_at > LONG_AGO
    await gateway.redact(SID)


@pytest.mark.parametrize(
    ("account_sid", "service"), [("AC123", ""), ("XX" + "0" * 32, ""), (ACCOUNT_SID, "MG1")], ids=str
)
async def test_what_does_not_conform_is_turned_away_so_the_other_tests_mean_something(prism, account_sid, service):
    account = TwilioAccount(
        account_sid, AUTH_TOKEN, "https://texts.example.org", NUMBER, messaging_service_sid=service, api_base_url=prism
    )
    gateway = TwilioSms(account)
    with pytest.raises(SmsUnknown, match="HTTP 4"):
        await gateway.send(TEXT)
    await gateway.close()


@pytest.mark.parametrize("service", ["", SERVICE])
async def test_every_field_we_send_is_one_the_description_names(tmp_path, service):
    asked = json.loads(SPEC.read_text())["paths"]["/2010-04-01/Accounts/{AccountSid}/Messages.json"]["post"]
    schema = asked["requestBody"]["content"]["application/x-www-form-urlencoded"]["schema"]
    async with talking(tmp_path, messaging_service_sid=service) as (gateway, provider):
        await gateway.send(TEXT)
    [form] = provider.forms
    assert form.keys() <= schema["properties"].keys()
    assert form.keys() >= set(schema["required"])
