"""How a text is cut and made plain, held to two other readings of the standard (R34, T17)."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from throughcare.checkin.segments import Encoding, Segments, sanitise, segments

# An independent reading of the same standard: the fewest segments of every possible cutting, by dynamic programming.
SEPTETS = set(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ"
    + "".join(chr(code) for code in range(0x20, 0x7F) if chr(code) not in "`[\\]^{|}~")
    + "¤¡ÄÖÑÜ§¿äöñüà"
)
PAIRS = set("€[]{}\\^~|\f")
BASIC = SEPTETS | PAIRS
TWO = str.maketrans({pair: f"\x1b{pair}" for pair in PAIRS})


def independent(text: str) -> tuple[str, int]:
    if set(text) <= BASIC:
        sizes, alone, room, name = tuple(2 if c in PAIRS else 1 for c in text), 160, 153, "gsm7"
    else:
        sizes, alone, room, name = tuple(len(c.encode("utf-16-be")) // 2 for c in text), 70, 67, "ucs2"
    if sum(sizes) <= alone:
        return name, 1 if text else 0
    best = [0] + [10**9] * len(sizes)
    for end in range(1, len(sizes) + 1):
        start, used = end, 0
        while start > 0 and used + sizes[start - 1] <= room:
            start -= 1
            used += sizes[start]
            best[end] = min(best[end], best[start] + 1)
    return name, best[len(sizes)]


LETTERS = st.text(st.sampled_from("aZ9 é€{}|\n"), max_size=480) | st.text(st.sampled_from("aŵâ😀€"), max_size=220)


@settings(max_examples=300, deadline=None)
@given(LETTERS | st.text(st.characters(exclude_categories="CZ", include_characters=" "), max_size=200))
def test_the_count_agrees_with_an_independent_packer_t17(text):
    counted = segments(text)
    assert (counted.encoding.value, counted.count) == independent(text)


@pytest.mark.slow(13)
def test_the_count_agrees_on_a_hundred_thousand_random_texts_t17():
    dice = random.Random(17)
    for _ in range(100_000):
        lead = dice.choice([150, 151, 152, 153, 159, 160, 304, 305, 306, 64, 65, 66, 67, 68, 69, 70, 133])
        text = "a" * lead + "".join(dice.choices("a€ŵ😀{", weights=[6, 3, 0.2, 0.2, 2], k=dice.randrange(12)))
        counted = segments(text)
        assert (counted.encoding.value, counted.count) == sliced(text)


def sliced(text: str) -> tuple[str, int]:
    """A third reading: the bytes as sent, sliced, and a slice that would end inside a pair ends one earlier."""
    plain = set(text) <= BASIC
    sent = text.translate(TWO) if plain else text
    if not plain:
        wide = sent.encode("utf-16-be")
        sent = "".join("\x1b" if 0xD8 <= high <= 0xDB else "u" for high in wide[::2])
    alone, room = (160, 153) if plain else (70, 67)
    if len(sent) <= alone:
        return ("gsm7" if plain else "ucs2"), 1 if text else 0
    count = 0
    while sent:
        cut = room - 1 if sent[:room].endswith("\x1b") and len(sent) >= room else room
        sent, count = sent[cut:], count + 1
    return ("gsm7" if plain else "ucs2"), count


@pytest.mark.parametrize(
    ("text", "encoding", "count", "units"),
    [
        ("", Encoding.GSM7, 0, 0),
        ("a" * 160, Encoding.GSM7, 1, 160),
        ("a" * 161, Encoding.GSM7, 2, 161),
        ("a" * 158 + "€", Encoding.GSM7, 1, 160),
        ("a" * 159 + "€", Encoding.GSM7, 2, 161),
        ("a" * 306, Encoding.GSM7, 2, 306),
        ("a" * 152 + "€" + "a" * 152, Encoding.GSM7, 3, 306),  # the escape may not straddle: the formula says 2
        ("ŵ" * 70, Encoding.UCS2, 1, 70),
        ("ŵ" * 71, Encoding.UCS2, 2, 71),
        ("ŵ" * 66 + "😀" + "ŵ" * 66, Encoding.UCS2, 3, 134),  # nor may a surrogate pair
        ("Siân", Encoding.UCS2, 1, 4),
        ("Zoë", Encoding.UCS2, 1, 3),
        ("Łukasz", Encoding.UCS2, 1, 6),
        ("André", Encoding.GSM7, 1, 5),
        ("ç", Encoding.UCS2, 1, 1),  # only the capital is in the alphabet
    ],
)
def test_known_counts_e8(text, encoding, count, units):
    assert segments(text) == Segments(encoding, count, units)


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("It’s “fine” – really…", 'It\'s "fine" - really...'),
        ("a\u00a0b\u202fc\u2009d\te", "a b c d e"),
        ("pri\u200bson\u200d\ufeff\u00ad\u2060", "prison"),
        ("line one\r\nline two\rthree", "line one\nline two\nthree"),
        ("Siân ŵ ŷ â ê î ô û Ŵ Ŷ ẃ Łukasz Zoë", "Siân ŵ ŷ â ê î ô û Ŵ Ŷ ẃ Łukasz Zoë"),
        ("Sia\u0302n w\u0302", "Siân ŵ"),
        ("a\x00b\x07c\u202ed", "abcd"),
        ("한국 عربي 😀", "한국 عربي 😀"),
    ],
)
def test_sanitising_makes_plain_and_keeps_every_letter_r34(typed, plain):
    assert sanitise(typed) == plain
    assert sanitise(plain) == plain


@given(st.text(max_size=200))
def test_sanitising_never_invents_a_question_mark_and_never_lengthens_the_count_of_letters(text):
    clean = sanitise(text)
    assert clean.count("?") <= text.count("?") + text.count("\u037e")  # the Greek question mark is a semicolon in NFC
    assert sanitise(clean) == clean
    assert not any(ord(letter) < 32 and letter != "\n" for letter in clean)


def test_a_curly_apostrophe_no_longer_doubles_the_price():
    text = "How’s today? " + "a" * 140
    assert segments(text).count > segments(sanitise(text)).count == 1
