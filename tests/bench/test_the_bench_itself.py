"""What `make bench` is made of works on a caseload of sixty, so that it cannot rot; nothing here is timed."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from integrations.twilio_signature import TwilioSignature, TwilioWebhooks
from tests.bench.filling import Size, fill, sign_in
from tests.bench.measuring import KINDS, Course, measure, table
from tests.bench.serving import Asked
from tests.bench.webhooks import calling
from tests.fake_twilio.settings import ACCOUNT_SID, AUTH_TOKEN, NUMBER
from tests.support.postgres import database_url
from throughcare.kernel.clock import SystemClock

SMALL = Size(60)
MOST = {
    "My work": 9,
    "Cases": 7,
    "A case": 16,
}  # statements a page, signing in and the record of the reading among them
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def course():
    made = Course(SMALL, database_url("bench_small"), pages=3, twin=None)
    yield made
    made.close()


def count(course, what: str) -> int:
    with course.service.desk.engine.connect() as connection:
        return connection.scalar(text(f"SELECT count(*) FROM {what}"))


def test_a_filled_database_has_every_case_once_with_a_person_and_somebody_whose_it_is(course):
    assert count(course, '"case"') == count(course, "person") == SMALL.cases
    assert count(course, "task WHERE status = 'open'") > 0
    assert count(course, "service_clock WHERE state = 'running'") > 0


def test_the_keys_that_were_dropped_to_fill_are_there_again(course):
    assert count(course, "pg_constraint WHERE contype = 'f' AND conrelid = 'task'::regclass") > 0
    assert count(course, "pg_indexes WHERE indexname = 'ix_case_worklist'") == 1


def test_filling_again_does_nothing(course):
    fill(course.service.desk.engine, SMALL, SystemClock().now())
    assert count(course, '"case"') == SMALL.cases


def test_every_page_is_shown_to_who_is_signed_in_and_to_nobody_else(course):
    sign_in(course.service.desk.engine, SMALL, SystemClock().now())
    for kind in KINDS:
        assert course.service.get(course.asked[kind][0]).status == 200
        assert course.service.get(Asked(course.asked[kind][0].path, "nobody")).status == 303


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_replayed_is_the_whole_page_its_record_of_reading_and_its_commit(course, kind):
    said = course.said[kind][0]
    assert any(each.words.startswith("INSERT INTO audit") for each in said)
    assert said[-1].words == ""


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_asks_for_each_thing_once(course, kind):
    for said in course.said[kind]:
        words = [each.words for each in said if each.words]
        assert len(words) <= MOST[kind]
        assert sum(each.startswith("INSERT INTO audit") for each in words) == 1


def test_a_run_gives_a_time_for_every_page_of_both_sides_and_a_line_for_each_kind(course):
    before = count(course, "audit")
    timings = measure([course], runs=1)
    assert {len(run) for runs in timings.values() for run in runs} == {3}
    assert count(course, "audit") > before
    for kind in KINDS:
        timings[kind, SMALL.cases, "django"] = timings[kind, SMALL.cases, "sql"]
    assert len(table(timings, [SMALL.cases])) == 2 + len(KINDS)


def test_what_calls_a_webhook_is_taken_for_the_provider_and_its_answer_is_heard_whole():
    head, _, body = calling.text("SM1", each=7).partition(calling.END)
    signature = head.partition(b"X-Twilio-Signature: ")[2].partition(b"\r\n")[0].decode()
    calls = TwilioWebhooks(TwilioSignature(calling.PUBLIC, [AUTH_TOKEN]), ACCOUNT_SID, [NUMBER])
    assert calls.read(calling.PATH, b"", body, signature)["MessageSid"] == "SM1"
    assert calling.length(head) == len(body)
    heard, freed = calling.Heard(), []
    line = calling.Line(heard, freed.append)
    for part in (b"HTTP/1.1 200 OK\r\nContent-Le", b"ngth: 4\r\n\r\nab", b"cd"):
        assert freed == []
        line.data_received(part)
    assert (freed, dict(heard.statuses), heard.bodies) == ([line], {200: 1}, {b"abcd"})
