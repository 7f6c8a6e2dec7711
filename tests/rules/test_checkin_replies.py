"""What a reply means: 400 and more labelled by a careful reader, and no score, STOP or crisis read otherwise (R28, R29, R35, R40, R41, R52, T14, T15)."""

from __future__ import annotations

import tomllib
from collections import Counter
from functools import cache
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from throughcare.checkin.lexicon import lexicon_from
from throughcare.checkin.replies import Kind, Reply, code_word_fault, parse, same_word


def table_of(name):
    return tomllib.loads(Path(f"config/data/lexicon/{name}.toml").read_text("utf-8"))


LEXICON = lexicon_from([table_of("replies_en"), table_of("replies_cy")], [table_of("crisis_en"), table_of("crisis_cy")])
GROUPS = tomllib.loads(Path("tests/data/replies.toml").read_text("utf-8"))["group"]
LABELLED = [(text, group) for group in GROUPS for text in group["texts"]]
KEYWORDS = {"stop", "stopio", "unsubscribe", "stopall", "cancel", "end", "quit", "revoke", "optout"}


@cache
def read(text, **more):
    return parse(text, LEXICON, **more)


def test_the_corpus_is_large_and_in_both_languages_t15():
    spoken = Counter(group["language"] for _, group in LABELLED)
    assert spoken.total() >= 400
    assert spoken["cy"] >= 150
    kinds = {group["kind"] for _, group in LABELLED} | {"code_word", "rang"}  # neither is read from words alone
    assert kinds == {kind.value for kind in Kind}


@pytest.mark.parametrize("number", range(len(GROUPS)))
def test_every_labelled_reply_is_read_as_labelled_t15(number):
    group = GROUPS[number]
    wrong = {}
    for text in group["texts"]:
        reply = read(text)
        if (reply.kind, reply.value) != (group["kind"], group.get("value")):
            wrong[text] = reply
    assert wrong == {}


def test_no_score_is_ever_wrong_t15():
    wrong = [
        (text, reply.value)
        for text, group in LABELLED
        if (reply := read(text)).kind is Kind.SCORE and (group["kind"], group.get("value")) != ("score", reply.value)
    ]
    assert wrong == []


def test_every_crisis_on_the_list_is_raised_t15():
    missed = [text for text, group in LABELLED if "concern" in group and group["concern"] not in read(text).concerns]
    assert missed == []


def test_ordinary_replies_raise_no_crisis():
    raised = {text: read(text).concerns for text, group in LABELLED if group.get("quiet") and read(text).crisis}
    assert raised == {}


def test_only_the_keywords_opt_anybody_out_r28_t14():
    opted_out = {text for text, _ in LABELLED if read(text).kind is Kind.STOP}
    assert opted_out == {text for text, group in LABELLED if group["kind"] == "stop"}
    sounding = [text for text, group in LABELLED if group["kind"] in {"stop", "soft_stop"}]
    innocent = [text for text, group in LABELLED if group["kind"] == "unclear"]
    assert len(sounding) >= 60
    assert [text for text in innocent if read(text).kind in {Kind.STOP, Kind.SOFT_STOP}] == []


@settings(deadline=None, max_examples=300)
@given(st.text(max_size=60) | st.lists(st.sampled_from([*KEYWORDS, "please", "me", "3", "it", "!"])).map(" ".join))
@example("아니 stop")
def test_whatever_is_sent_a_stop_is_a_keyword_and_nothing_else_r28(text):
    if read(text).kind is Kind.STOP:
        assert "".join(letter for letter in text.casefold() if letter.isalnum()) in KEYWORDS


@settings(deadline=None, max_examples=300)
@given(st.text(max_size=160))
def test_every_text_is_read_and_none_is_guessed(text):
    reply = read(text)
    if reply.kind is Kind.SCORE:
        assert reply.value in range(1, 6)
        assert reply.confidence >= 0.9
    elif reply.kind is Kind.UNCLEAR:
        assert (reply.value, reply.confidence) == (None, 0.0)


@settings(deadline=None, max_examples=200)
@given(st.sampled_from([text for text, group in LABELLED if "concern" in group]), st.text(max_size=40))
def test_nothing_added_after_a_crisis_takes_it_away_r41(crisis, more):
    assert read(f"{crisis}\n{more}").crisis


@settings(deadline=None, max_examples=200)
@given(st.integers(1, 5), st.sampled_from(["days", "or 4", "?", "kids", "but", "no", "maybe", "am", "much", "%", "+"]))
def test_a_number_beside_a_word_we_do_not_know_is_unclear_r40(number, word):
    assert read(f"{number} {word}").kind is Kind.UNCLEAR


def test_start_un_stops_and_yes_does_not_r29():
    assert read("START").kind is Kind.START
    assert {read(text).kind for text in ("yes", "YES", "ie", "ydw", "3", "start please")} & {Kind.START} == set()


@pytest.mark.parametrize("text", ["Bluebird", "BLUEBIRD", " bluebird. ", "“bluebird”", "blúebird"])
def test_the_code_word_is_known_however_it_is_typed_r35(text):
    assert read(text, code_word="bluebird") == Reply(Kind.CODE_WORD, None, 1.0, "code_word")
    assert same_word(text, "bluebird")


def test_a_code_word_is_not_looked_for_once_the_number_is_proven_and_stop_always_wins():
    assert read("bluebird").kind is Kind.UNCLEAR
    assert read("bluebird bluebird", code_word="bluebird").kind is Kind.UNCLEAR
    assert read("STOP", code_word="stop").kind is Kind.STOP
    assert not same_word("", "")


@pytest.mark.parametrize(
    "word", ["stop", "help", "five", "end", "two words", "ab", "call", "dechrau", "ffonio", "pump", "b1rd"]
)
def test_a_word_that_means_something_else_is_refused_as_a_code_word(word):
    assert code_word_fault(word, LEXICON)


@pytest.mark.parametrize("word", ["bluebird", "Teapot", "gwylan", "marmalade"])
def test_an_ordinary_word_may_be_agreed(word):
    assert code_word_fault(word, LEXICON) is None


def test_a_pause_is_never_longer_than_fourteen_days_r52():
    assert [read(f"PAUSE {days}").value for days in (1, 14, 15, 999)] == [1, 14, 14, 14]
    assert read("PAUSE").value is None


def test_a_reply_says_which_rule_decided_and_how_surely_r40():
    assert (read("3").rule, read("3").confidence) == ("score_alone", 1.0)
    assert (read("3 thanks").rule, read("3 thanks").confidence) == ("score_with_courtesy", 0.9)
    assert (read("hmm").rule, read("").rule) == ("nothing_matched", "empty")


def data(name):
    return tomllib.loads(Path(f"tests/data/{name}.toml").read_text("utf-8"))


CRISES = [(text, group) for group in data("crises")["group"] for text in group["texts"]]
NEAR = [(text, group) for group in data("near_misses")["group"] for text in group["texts"]]
STOPPING = data("stopping")


def test_the_further_lists_are_as_long_as_they_must_be_t14_t15():
    assert len(CRISES) >= 120
    assert sum(group["language"] == "cy" for _, group in CRISES) >= 30
    assert {group["concern"] for _, group in CRISES} == {concern.name for concern in LEXICON.concerns}
    assert len(NEAR) >= 60
    assert sum(map(len, STOPPING.values())) >= 60


@pytest.mark.parametrize("concern", sorted({group["concern"] for _, group in CRISES}))
def test_every_crisis_of_the_further_list_is_raised_and_stops_or_scores_nothing_r41_t15(concern):
    heard = {text: read(text) for text, group in CRISES if group["concern"] == concern}
    assert [text for text, reply in heard.items() if concern not in reply.concerns] == []
    assert [text for text, reply in heard.items() if reply.kind in {Kind.SCORE, Kind.STOP}] == []


def test_what_comes_close_to_a_score_a_stop_or_a_crisis_is_none_r28_r40_t15():
    changing = {Kind.SCORE, Kind.STOP, Kind.SOFT_STOP, Kind.START, Kind.PAUSE, Kind.HOUR, Kind.WRONG_NUMBER}
    assert [text for text, _ in NEAR if read(text).kind in changing] == []
    assert [text for text, group in NEAR if group["calm"] and read(text).crisis] == []


def test_each_phrase_about_stopping_is_read_as_a_careful_reader_does_t14():
    kinds = {"stop": {Kind.STOP}, "soft": {Kind.SOFT_STOP}, "start": {Kind.START}}
    acting = set().union(*kinds.values())
    wrong = [
        (text, read(text).kind)
        for label, said in STOPPING.items()
        for text in said
        if (read(text).kind not in kinds[label] if label in kinds else read(text).kind in acting)
    ]
    assert wrong == []


def test_a_lexicon_without_its_patterns_misses_a_crisis_t15():
    """The twin that must go red: with the single phrases alone, as before there were patterns."""
    bare = [{**table, "concerns": {n: {**c, "patterns": []} for n, c in table["concerns"].items()}}
            for table in (table_of("crisis_en"), table_of("crisis_cy"))]  # fmt: skip
    without = lexicon_from([table_of("replies_en"), table_of("replies_cy")], bare)
    assert [text for text, group in CRISES if group["concern"] not in parse(text, without).concerns]


@pytest.mark.parametrize(
    ("text", "hour"),
    [
        *(("HOUR 10", 10), ("hour 9", 9), ("Hour 14 please", 14), ("AWR 10", 10), ("awr 2yp", 14), ("hour 10am", 10)),
        *(("HOUR 2 pm", 14), ("hour 12", 12), ("hour 12pm", 12), ("hour 12am", 0), ("hour 2", 2), ("hour 99", 99)),
        *(("hour", None), ("HOUR ten", "no"), ("hour 10 or 11", None), ("hour 10:30", None), ("hour 10xm", None)),
    ],
)
def test_an_hour_is_read_as_it_stands_and_never_guessed_r52(text, hour):
    reply = read(text)
    assert reply.kind is (Kind.UNCLEAR if hour == "no" else Kind.HOUR)
    assert reply.value == (None if hour == "no" else hour)


@pytest.mark.parametrize(
    "text",
    [
        "half an hour",
        "in an hour",
        "happy hour 2 for 1",
        "hours",
        "10",
        "10am",
        "an hour ago",
        "1 hour",
        "hour of need",
    ],
)
def test_an_hour_in_passing_chooses_nothing_r52(text):
    assert read(text).kind is not Kind.HOUR


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("ENGLISH", "en"),
        ("cymraeg", "cy"),
        ("Welsh please", "cy"),
        ("Saesneg", "en"),
        ("welsh cake", ""),
        ("my english is bad", ""),
    ],
)
def test_a_language_is_chosen_by_its_name_alone_r52(text, language):
    assert (read(text).kind is Kind.LANGUAGE, read(text).language) == (bool(language), language)
