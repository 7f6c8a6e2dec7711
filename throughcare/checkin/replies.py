"""What a reply means. It reads only what is plainly said and leaves the rest to a person (R28, R29, R35, R40). Pure."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from throughcare.checkin.crisis import concerns_in
from throughcare.checkin.letters import plain, words
from throughcare.checkin.lexicon import Lexicon
from throughcare.checkin.scores import score_in
from throughcare.checkin.segments import sanitise
from throughcare.kernel.forms import Word

MOST_DAYS_PAUSED = 14  # R52
HOUR = re.compile("([0-9]{1,2}) ?([a-z]*)")


class Kind(Word):
    """What a reply is."""

    SCORE = "score", "Score"
    CALL = "call", "Asks for a call"
    STOP = "stop", "Opted out of texts"
    SOFT_STOP = "soft_stop", "Asks for the texts to stop, in other words"
    START = "start", "Opted back in"
    HOURS = "hours", "Asks when texts come"
    PAUSE = "pause", "Asks for a pause"
    HOUR = "hour", "Chooses the hour of the texts"
    LANGUAGE = "language", "Chooses the language of the texts"
    RANG = "rang", "Rang in"
    CODE_WORD = "code_word", "Gave the code word"
    WRONG_NUMBER = "wrong_number", "Somebody else has this number"
    MISSED = "missed", "Missed our text or call"
    UNCLEAR = "unclear", "For a person to read"


@dataclass(frozen=True)
class Reply:
    """A reply as read. `value`: the score, the days of a pause, or the hour. `rule` names what decided. `crisis` only adds."""

    kind: Kind
    value: int | None = None
    confidence: float = 0.0
    rule: str = ""
    concerns: tuple[str, ...] = ()
    language: str = ""  # the one chosen

    @property
    def crisis(self) -> bool:
        return bool(self.concerns)


RANG = Reply(Kind.RANG, confidence=1.0, rule="rang")  # a call has no words
Reader = Callable[[str, Lexicon], Reply | None]


def parse(text: str, lexicon: Lexicon, *, code_word: str = "") -> Reply:
    """What `text` says. `code_word` is the word agreed with this person, while their number is yet to be proven."""
    read = _stop(text, lexicon) or _code_word(text, code_word)
    for reader in READERS:
        read = read or reader(text, lexicon)
    found = read or Reply(Kind.UNCLEAR, rule="nothing_matched" if text.strip() else "empty")
    return replace(found, concerns=concerns_in(text, lexicon))


def code_word_fault(word: str, lexicon: Lexicon) -> str | None:
    """Why this cannot be agreed as a code word, in a sentence; None when it can."""
    if not re.fullmatch(r"[a-z]{4,12}", " ".join(words(word))):
        return "Choose one word of 4 to 12 letters."
    if parse(word, lexicon) != Reply(Kind.UNCLEAR, rule="nothing_matched"):
        return "Choose another word: this one means something else in a text."
    return None


def same_word(text: str, code_word: str) -> bool:
    """Is the whole message the code word, but for case, accents and punctuation?"""
    return bool(code_word) and words(text) == words(code_word)


def _code_word(text: str, code_word: str) -> Reply | None:
    return Reply(Kind.CODE_WORD, confidence=1.0, rule="code_word") if same_word(text, code_word) else None


def _stop(text: str, lexicon: Lexicon) -> Reply | None:
    return _whole("stop", Kind.STOP, text, lexicon)


def _start(text: str, lexicon: Lexicon) -> Reply | None:
    return _whole("start", Kind.START, text, lexicon)


def _hours(text: str, lexicon: Lexicon) -> Reply | None:
    return _whole("hours", Kind.HOURS, text, lexicon) or _polite("hours", Kind.HOURS, text, lexicon)


def _pause(text: str, lexicon: Lexicon) -> Reply | None:
    """ "PAUSE", "pause 7", "SAIB 3 diwrnod", "pause 2 weeks"; more than fourteen days is read as fourteen."""
    head, *rest = [*words(text), ""]
    rest = [word for word in rest if word and plain(word) not in lexicon.courtesies and word not in {"for", "am"}]
    if head not in lexicon.whole["pause"]:
        return None
    asked = _days(rest, lexicon)
    if asked is None or not rest:
        return Reply(Kind.PAUSE, None, 1.0, "pause_no_days") if not rest else None
    capped = min(asked, MOST_DAYS_PAUSED)
    return Reply(
        Kind.PAUSE, capped, 1.0 if capped == asked else 0.9, "pause_days" if capped == asked else "pause_capped"
    )


def _days(rest: list[str], lexicon: Lexicon) -> int | None:
    if not rest:
        return None
    count = int(rest[0]) if re.fullmatch(r"[0-9]{1,3}", rest[0]) else lexicon.numbers.get(rest[0])
    each = lexicon.days.get(rest[-1]) if len(rest) > 1 else 1
    if len(rest) == 1 and count is None:
        return lexicon.days.get(rest[0])
    return count * each if count and each and len(rest) <= 2 else None  # noqa: PLR2004 - a count and its unit


def _hour(text: str, lexicon: Lexicon) -> Reply | None:
    """ "HOUR 10", "AWR 14", "hour 2pm please". An hour that could be two, as 2, is asked for again: never a guess (R52)."""
    head, *rest = [*words(text), ""]
    if head not in lexicon.whole["hour"]:
        return None
    said = " ".join(word for word in rest if word and plain(word) not in lexicon.courtesies)
    found = HOUR.fullmatch(said)
    if found is None or found[2] not in {"", *lexicon.halves}:
        return Reply(Kind.HOUR, None, 0.5, "hour_unclear") if not said or re.search(r"\d", said) else None
    return Reply(Kind.HOUR, _on_the_clock(int(found[1]), found[2], lexicon), 1.0, "hour_chosen")


def _on_the_clock(hour: int, half: str, lexicon: Lexicon) -> int:
    return hour % 12 + lexicon.halves[half] if half else hour


def _language(text: str, lexicon: Lexicon) -> Reply | None:
    """ "ENGLISH", "CYMRAEG", with or without a please."""
    even = [word for word in words(text) if plain(word) not in lexicon.courtesies]
    language = lexicon.languages.get(even[0]) if len(even) == 1 else None
    return Reply(Kind.LANGUAGE, confidence=1.0, rule="language_keyword", language=language) if language else None


def _call(text: str, lexicon: Lexicon) -> Reply | None:
    return _polite("call", Kind.CALL, text, lexicon)


def _score(text: str, lexicon: Lexicon) -> Reply | None:
    score = score_in(text, lexicon)
    return Reply(Kind.SCORE, score.value, score.confidence, score.rule) if score else None


def _score_and_call(text: str, lexicon: Lexicon) -> Reply | None:
    """ "2, please call": the number comes first, because "call me 2" is not a score."""
    lead = re.match(r"\s*([1-5])(?:\s*[,.;\n-]+\s*|\s+)(?:(?:and|also|a|ac)\s+)?(\D+)$", sanitise(text), re.IGNORECASE)
    if lead and _polite("call", Kind.CALL, lead.group(2), lexicon):
        return Reply(Kind.CALL, int(lead.group(1)), 0.9, "score_and_call")
    return None


def _wrong_number(text: str, lexicon: Lexicon) -> Reply | None:
    return _polite("wrong_number", Kind.WRONG_NUMBER, text, lexicon) or _holds(
        "wrong_number", Kind.WRONG_NUMBER, text, lexicon
    )


def _soft_stop(text: str, lexicon: Lexicon) -> Reply | None:
    return _polite("soft_stop", Kind.SOFT_STOP, text, lexicon) or _holds("soft_stop", Kind.SOFT_STOP, text, lexicon)


def _missed(text: str, lexicon: Lexicon) -> Reply | None:
    return _polite("missed", Kind.MISSED, text, lexicon) or _holds("missed", Kind.MISSED, text, lexicon)


def _call_within(text: str, lexicon: Lexicon) -> Reply | None:
    return _holds("call", Kind.CALL, text, lexicon)


READERS: tuple[Reader, ...] = (
    _start,
    _hours,
    _pause,
    _hour,
    _language,
    _call,
    _score,
    _score_and_call,
    _wrong_number,
    _soft_stop,
    _missed,
    _call_within,
)


def _whole(key: str, kind: Kind, text: str, lexicon: Lexicon) -> Reply | None:
    exact = " ".join(words(text))
    return Reply(kind, confidence=1.0, rule=f"{key}_keyword") if exact in lexicon.whole[key] else None


def _polite(key: str, kind: Kind, text: str, lexicon: Lexicon) -> Reply | None:
    """The message is one of these as it stands, or once courtesies are taken off."""
    even = plain(text)
    rest = " ".join(word for word in even.split() if word not in lexicon.courtesies)
    if not {even, rest} & lexicon.polite[key] or _guarded(f"{key}_politely", even, lexicon):
        return None
    return Reply(kind, confidence=0.9, rule=f"{key}_politely")


def _guarded(key: str, even: str, lexicon: Lexicon) -> bool:
    return key in lexicon.guards and lexicon.guards[key].search(f" {even} ") is not None


def _holds(key: str, kind: Kind, text: str, lexicon: Lexicon) -> Reply | None:
    even = plain(text)
    if lexicon.within[key].search(f" {even} ") and not _guarded(key, even, lexicon):
        return Reply(kind, confidence=0.7, rule=f"{key}_phrase")
    return None
