"""`throughcare check` says in plain sentences what does not stop the service and still wants doing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from config.check import advice
from config.settings import Settings
from throughcare.checkin.wording import Wording
from throughcare.kernel.reference import Reference

TODAY = date(2026, 11, 20)


def said(reference, today=TODAY, **given):
    return advice(Settings(environment="production", _env_file=None, **given), reference, today)


def twilio(**more):
    return {"sms": {"gateway": "twilio"}, "twilio": {"account_sid": "AC1", "auth_token": "t", **more}}


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (twilio(), "Twilio's own HELP reply"),
        (twilio(), "Advanced Opt-Out for each language"),
        (twilio(messaging_service_sid="MG1"), "Smart Encoding"),
        ({}, "Welsh texts are not reviewed"),
        ({}, "The database is SQLite"),
        ({}, "No instrument wording is installed"),
    ],
)
def test_it_says(reference, given, words):
    """R31, R34, R40."""
    assert sum(words in sentence for sentence in said(reference, **given)) == 1


@pytest.mark.parametrize("words", ["HELP", "Advanced Opt-Out", "Smart Encoding"])
def test_it_says_nothing_of_twilio_to_those_who_do_not_use_it(reference, words):
    assert not any(words in sentence for sentence in said(reference))


def test_smart_encoding_is_a_setting_of_a_messaging_service_alone(reference):
    assert not any("Smart Encoding" in sentence for sentence in said(reference, **twilio(from_number="+447700900001")))


def test_each_holiday_file_that_ends_within_a_year_is_named_with_its_day(reference):
    assert not any("holiday file" in sentence for sentence in said(reference))
    soon = [sentence for sentence in said(reference, date(2028, 2, 1)) if "holiday file" in sentence]
    assert len(soon) == 2
    assert "Scotland ends on 31 December 2028" in soon[1]


def test_reviewed_welsh_is_not_asked_for_again(reference):
    wording = reference[Wording]
    signed = {key: replace(one, reviewed_by="Somebody who speaks Welsh") for key, one in wording.templates.items()}
    reviewed = Reference({**reference.held, Wording: replace(wording, templates=signed)})
    assert not any("Welsh texts" in sentence for sentence in said(reviewed))


def test_every_sentence_is_plain(reference):
    for sentence in said(reference, date(2028, 2, 1), **twilio(messaging_service_sid="MG1")):
        assert sentence[0].isupper() or sentence[0].isdigit()
        assert sentence.endswith(".")
