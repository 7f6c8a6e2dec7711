"""Our check and the SDK's own RequestValidator must say the same of every call (R19, T11)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from multidict import MultiDict
from twilio.request_validator import RequestValidator

from integrations import form_body
from integrations.twilio_signature import TwilioSignature, TwilioWebhooks, sign

BASE = "https://texts.example.org"
TOKEN, OLD_TOKEN, WRONG_TOKEN = "a" * 32, "b" * 32, "c" * 32
ACCOUNT = "AC" + "0" * 32
OURS, THEIRS = "+441632960001", "+447700900001"
PATH = "/webhooks/twilio/messages"
TEXT = [("MessageSid", "SM1"), ("AccountSid", ACCOUNT), ("From", THEIRS), ("To", OURS), ("Body", "4")]

FORMS = {
    "plain": TEXT,
    "blank fields": [*TEXT, ("FromCity", ""), ("FromState", "")],
    "repeated keys": [*TEXT, ("MediaUrl", "b"), ("MediaUrl", "a"), ("MediaUrl", "b")],
    "one letter in two cases": [*TEXT, ("body", "small"), ("BODY", "great")],
    "emoji": [*TEXT[:-1], ("Body", "4 \U0001f600\U0001f1ec\U0001f1e7 é ŵ ŷ")],
    "line breaks": [*TEXT[:-1], ("Body", "one\r\ntwo\nthree\rfour")],
    "trailing spaces": [*TEXT[:-1], ("Body", "  4  \t ")],
    "signs that urls mean something by": [*TEXT[:-1], ("Body", "1+1=2&a=b%20?#;/")],
    "control characters": [*TEXT[:-1], ("Body", "\x00\x1b")],
    "no fields at all": [],
}
QUERIES = [b"", b"a=1", b"a=1&b=%20%2B%C3%A9&c=x%2Fy", b"a=1&a=2&=&b"]


def signed(base: str, path: str, query: bytes, fields: list[tuple[str, str]], token: str = TOKEN) -> str:
    """The header as Twilio's own SDK computes it."""
    url = base + path + ("?" + query.decode() if query else "")
    return RequestValidator(token).compute_signature(url, MultiDict(fields))


def theirs(base: str, path: str, query: bytes, fields: list[tuple[str, str]], header: str) -> bool:
    """What the SDK says of the call."""
    url = base + path + ("?" + query.decode() if query else "")
    return RequestValidator(TOKEN).validate(url, MultiDict(fields), header)


@pytest.fixture
def signature() -> TwilioSignature:
    return TwilioSignature(BASE, [TOKEN])


@pytest.fixture
def webhooks() -> TwilioWebhooks:
    return TwilioWebhooks(TwilioSignature(BASE, [TOKEN, OLD_TOKEN]), ACCOUNT, [OURS])


@pytest.mark.parametrize("query", QUERIES)
@pytest.mark.parametrize("fields", FORMS.values(), ids=FORMS.keys())
def test_a_call_signed_by_the_sdk_holds(signature, fields, query):
    assert signature.holds(PATH, query, fields, signed(BASE, PATH, query, fields))


@pytest.mark.parametrize("fields", FORMS.values(), ids=FORMS.keys())
def test_the_fields_survive_the_wire_unchanged(signature, fields):
    read = form_body.parse(form_body.encode(fields))
    assert signature.holds(PATH, b"", read, signed(BASE, PATH, b"", fields))


@pytest.mark.parametrize("fields", FORMS.values(), ids=FORMS.keys())
def test_a_call_does_not_hold_when_one_field_is_changed_or_added(signature, fields):
    header = signed(BASE, PATH, b"", fields)
    assert not signature.holds(PATH, b"", [*fields, ("Body", "5")], header)
    assert not signature.holds(PATH, b"", [*fields[1:], ("X", "")], header)


@pytest.mark.parametrize(
    ("base", "path", "query", "token"),
    [
        ("https://elsewhere.example.org", PATH, b"", TOKEN),
        ("http://texts.example.org", PATH, b"", TOKEN),
        (BASE, PATH + "/", b"", TOKEN),
        (BASE, "/webhooks/twilio/status/1", b"", TOKEN),
        (BASE, PATH, b"a=1", TOKEN),
        (BASE, PATH, b"", WRONG_TOKEN),
        (BASE + ":8443", PATH, b"", TOKEN),
    ],
)
def test_a_signature_for_another_host_path_query_or_token_does_not_hold(signature, base, path, query, token):
    assert not signature.holds(PATH, b"", TEXT, signed(base, path, query, TEXT, token))


@pytest.mark.parametrize("header", [None, "", " ", "é", "\ud800", "=", "A" * 28, "A" * 100_000])
def test_a_missing_or_senseless_header_is_no_and_never_an_exception_e4(signature, webhooks, header):
    assert signature.holds(PATH, b"", TEXT, header) is False
    assert webhooks.read(PATH, b"", form_body.encode(TEXT), header) is None


@pytest.mark.parametrize(
    "base", ["https://h.example", "https://h.example:443", "http://127.0.0.1:8000", "http://h.example"]
)
def test_an_extra_or_missing_port_holds_wherever_the_sdk_says_so(base):
    ours = TwilioSignature(base + "/", [TOKEN])
    seen = set()
    for said in [
        "https://h.example",
        "https://h.example:443",
        "http://127.0.0.1:8000",
        "http://127.0.0.1",
        "http://h.example:80",
    ]:
        header = signed(said, PATH, b"", TEXT)
        verdict = theirs(base, PATH, b"", TEXT, header)
        assert ours.holds(PATH, b"", TEXT, header) is verdict
        seen.add(verdict)
    assert seen == {True, False}


def test_both_tokens_hold_while_one_replaces_the_other():
    rotating = TwilioSignature(BASE, [TOKEN, OLD_TOKEN])
    for token, genuine in ((TOKEN, True), (OLD_TOKEN, True), (WRONG_TOKEN, False)):
        assert rotating.holds(PATH, b"", TEXT, signed(BASE, PATH, b"", TEXT, token)) is genuine


def test_an_empty_token_lets_nobody_in():
    assert not TwilioSignature(BASE, ["", ""]).holds(PATH, b"", TEXT, signed(BASE, PATH, b"", TEXT, ""))


letters = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)


@given(st.lists(st.tuples(letters, letters), max_size=12), st.booleans())
def test_our_check_and_the_sdk_agree_on_any_fields(fields, tampered):
    header = signed(BASE, PATH, b"q=1", fields)
    received = [*fields, ("late", "x")] if tampered else fields
    assert TwilioSignature(BASE, [TOKEN]).holds(PATH, b"q=1", received, header) is theirs(
        BASE, PATH, b"q=1", received, header
    )


@given(st.dictionaries(letters, letters, max_size=12))
def test_what_we_sign_the_sdk_accepts(params):
    assert theirs(BASE, PATH, b"", list(params.items()), sign(BASE + PATH, params, TOKEN))


def receipt(**changed: str) -> list[tuple[str, str]]:
    fields = {"MessageSid": "SM1", "MessageStatus": "delivered", "AccountSid": ACCOUNT, "From": OURS, "To": THEIRS}
    return list((fields | changed).items())


def text(**changed: str) -> list[tuple[str, str]]:
    return list((dict(TEXT) | changed).items())


@pytest.mark.parametrize("fields", [text(), receipt(), text(To="+441632960009", MessagingServiceSid=OURS)])
def test_a_genuine_call_gives_its_fields(webhooks, fields):
    header = signed(BASE, PATH, b"", fields)
    assert webhooks.read(PATH, b"", form_body.encode(fields), header) == dict(fields)


def test_the_first_of_a_repeated_key_is_the_one_read(webhooks):
    fields = [*TEXT, ("Body", "5")]
    assert webhooks.read(PATH, b"", form_body.encode(fields), signed(BASE, PATH, b"", fields))["Body"] == "4"


@pytest.mark.parametrize(
    "fields",
    [
        text(AccountSid="AC" + "1" * 32),
        text(To="+441632960009"),
        text(To=THEIRS, From=OURS),
        receipt(From="+441632960009"),
        receipt(AccountSid=""),
        [],
    ],
)
def test_a_well_signed_call_that_is_not_for_our_account_and_number_is_refused(webhooks, fields):
    assert webhooks.read(PATH, b"", form_body.encode(fields), signed(BASE, PATH, b"", fields)) is None


def test_a_body_of_too_many_fields_is_refused_without_an_exception(webhooks):
    assert webhooks.read(PATH, b"", b"a=1&" * 20_000, "x") is None
