"""What a text costs and how the network cuts it: letters made plain first, then counted exactly (R34). Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

# 3GPP TS 23.038, the default alphabet and its extension table (an escape and a letter: two units).
GSM_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM_ESCAPED = frozenset("\f^{}\\[~]|€")
BASIC_PLANE = 0xFFFF

_PLAIN = {
    **dict.fromkeys("‘’‚‛′ʼ`´", "'"),
    **dict.fromkeys("“”„‟″«»", '"'),
    **dict.fromkeys("‐‑‒–—―−", "-"),
    **dict.fromkeys(
        "\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000\t", " "
    ),
    **dict.fromkeys("\u2028\u2029", "\n"),
    "…": "...",
}
_MAP = str.maketrans(_PLAIN)
_GONE = {"Cc", "Cf", "Cs"}  # control, invisible (zero width, soft hyphen, direction marks) and lone surrogates


class Encoding(StrEnum):
    GSM7 = "gsm7"
    UCS2 = "ucs2"


@dataclass(frozen=True)
class Segments:
    """How a text travels. `units` are septets in GSM-7 (an escaped letter is two) or 16-bit units in UCS-2."""

    encoding: Encoding
    count: int
    units: int


LIMITS = {Encoding.GSM7: (160, 153), Encoding.UCS2: (70, 67)}  # alone, and as one of several


def sanitise(text: str) -> str:
    """The same words in letters that cost less: quotes, dashes, dots and spaces made plain, invisible letters gone.

    Letters of names and of Welsh stay as they are, joined into one character each; nothing becomes a question mark.
    """
    joined = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")).translate(_MAP)
    return "".join(letter for letter in joined if letter == "\n" or unicodedata.category(letter) not in _GONE)


def segments(text: str) -> Segments:
    """How many segments this text takes, counting pairs that may not be split over two (E8). Empty: none."""
    plain = all(letter in GSM_BASIC or letter in GSM_ESCAPED for letter in text)
    encoding = Encoding.GSM7 if plain else Encoding.UCS2
    sizes = [_size(letter, encoding) for letter in text]
    alone, joined = LIMITS[encoding]
    units = sum(sizes)
    count = min(units, 1) if units <= alone else _packed(sizes, joined)
    return Segments(encoding, count, units)


def _size(letter: str, encoding: Encoding) -> int:
    if encoding is Encoding.GSM7:
        return 2 if letter in GSM_ESCAPED else 1
    return 2 if ord(letter) > BASIC_PLANE else 1


def _packed(sizes: Iterable[int], room: int) -> int:
    """Segments of `room` units filled in order, never splitting a letter."""
    count, used = 1, 0
    for size in sizes:
        if used + size > room:
            count, used = count + 1, 0
        used += size
    return count
