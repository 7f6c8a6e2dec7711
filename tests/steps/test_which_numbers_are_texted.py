"""Which numbers are texted at all: not abroad, not at special rates, and in a rehearsal only those on its list (R49)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from config.bootstrap import load_reference
from config.check import advice, faults
from config.settings import Settings
from tests.support.texting import NUMBER, dispatch, gateway_of, reachable, texted, texts
from throughcare.casework.contact import checked_number
from throughcare.casework.phone_numbers import country_of, is_dear
from throughcare.checkin.grounds import Asking, Facts, Why, barred, held_back
from throughcare.checkin.service import Texted
from throughcare.kernel.actors import SYSTEM
from throughcare.kernel.delivery import Delivery, Purpose
from throughcare.kernel.outbox import Message, send
from throughcare.kernel.reference import Reference

# Numbers of each kind, split so that no whole mobile number but a drama one stands in the code.
JERSEY, GUERNSEY, MAN = "+4477977" + "12345", "+447781" + "123456", "+447624" + "123456"
BRITISH, FRENCH, PREMIUM, PERSONAL = (
    "+447400" + "123456",
    "+336" + "12345678",
    "+449098" + "790000",
    "+447012" + "345678",
)
REHEARSAL = {
    "environment": "rehearsal", "_env_file": None, "secret_key": "s" * 40, "sealing": {"keys": "k" * 40},
    "public_base_url": "https://example.org",
    "twilio": {"account_sid": "AC1", "auth_token": "t", "from_number": NUMBER},
}  # fmt: skip


def rehearsal(**sms):
    return Settings(**REHEARSAL, sms={"gateway": "twilio", **sms})


@pytest.mark.parametrize(
    ("number", "country"),
    [
        (NUMBER, "GB"), ("+442079460123", "GB"), (BRITISH, "GB"), (JERSEY, "JE"), (GUERNSEY, "GG"), (MAN, "IM"),
        (FRENCH, "FR"), ("", ""), ("12345", ""), ("anonymous", ""),
    ],
)  # fmt: skip
def test_the_islands_share_our_code_and_are_told_apart(number, country):
    assert country_of(number) == country


@pytest.mark.parametrize(
    ("number", "why"),
    [
        (NUMBER, None), (BRITISH, None), (JERSEY, Why.ABROAD), (GUERNSEY, Why.ABROAD), (MAN, Why.ABROAD),
        (FRENCH, Why.ABROAD), (PREMIUM, Why.DEAR), (PERSONAL, Why.DEAR), ("12345", Why.ABROAD),
    ],
)  # fmt: skip
def test_abroad_the_islands_and_special_rates_are_off_unless_configured(number, why):
    assert barred(number, Texted()) is why
    everywhere = Texted(frozenset({"GB", "JE", "GG", "IM", "FR", ""}), dear=True)
    assert barred(number, everywhere) is None


def test_dear_is_what_costs_more():
    assert is_dear(PREMIUM)
    assert not is_dear(BRITISH)


@pytest.mark.parametrize("purpose", Purpose)
def test_no_purpose_is_exempt_from_the_list_of_a_rehearsal(purpose):
    asking = Asking(SYSTEM.id, NUMBER, purpose)
    assert held_back(asking, Facts(barred=Why.NOT_LIVE)) is Why.NOT_LIVE


def with_texted(desk, texted):
    return replace(desk, reference=Reference({**desk.reference.held, Texted: texted}))


def test_in_a_rehearsal_only_the_numbers_on_its_list_are_texted_and_a_worker_reads_why(desk, world):
    """Both were planned; a row that is in the outbox already is asked again as it leaves (R6)."""
    listed, other = texted(desk, world), world.case()
    reachable(desk, other, "+447700900777")
    for case, to in ((listed, NUMBER), (other, "+447700900777")):
        with desk.work(SYSTEM) as work:
            send(work, Message(
                key=f"{case}", case_id=case, to=to, purpose=Purpose.SAFETY, template="written", language="en",
                text="Ring 999", not_before=work.now, expires_at=work.now.replace(hour=23),
            ))  # fmt: skip
    rehearsing = with_texted(desk, load_reference(rehearsal(live_numbers=f"{NUMBER}, +447700900001"))[Texted])
    gateway = gateway_of(desk)
    dispatch(rehearsing, gateway, rounds=2)
    assert {sms.to for sms in gateway.texts} == {NUMBER}
    [held] = [text for text in texts(desk, other) if text.key == f"{other}"]
    assert (held.state, held.why) == (Delivery.SUPPRESSED, Why.NOT_LIVE)
    assert "rehearsal" in Why(held.why).label


def test_without_the_list_a_rehearsal_texts_nobody_and_the_check_says_so(reference, clock):
    settings = rehearsal()
    assert faults(settings) == []
    assert load_reference(settings)[Texted].only == frozenset()
    assert any("nobody is texted" in said for said in advice(settings, reference, clock.now().date()))


@pytest.mark.parametrize("environment", ["production", "demo"])
def test_the_list_is_for_rehearsals_alone(environment):
    settings = rehearsal(live_numbers=NUMBER).model_copy(update={"environment": environment})
    assert load_reference(settings)[Texted].only is None
    assert environment == "demo" or any("LIVE_NUMBERS" in fault for fault in faults(settings))


def test_a_rehearsal_is_held_to_what_keeps_people_safe():
    bare = Settings(environment="rehearsal", _env_file=None, sms={"gateway": "twilio"}, twilio=REHEARSAL["twilio"])
    said = " ".join(faults(bare))
    assert all(name in said for name in ("SECRET_KEY", "SEALING__KEYS", "PUBLIC_BASE_URL"))


@pytest.mark.parametrize("countries", ["GB", "GB,JE"])
def test_a_number_of_an_island_is_taken_for_texts_where_islands_are_texted(desk, countries):
    settings = Settings(environment="demo", _env_file=None, sms={"countries": countries})
    with replace(desk, reference=load_reference(settings)).work(SYSTEM) as work:
        assert checked_number(work, JERSEY) == (JERSEY, "JE" in countries)
