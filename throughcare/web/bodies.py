"""Reads a posted form body: Litestar's own parser keeps the last thousand bodies in memory, and ours keeps none."""

from __future__ import annotations

from typing import ClassVar
from urllib.parse import unquote_to_bytes

from throughcare.kernel.refusals import Refusal

PAIRS_AT_MOST = 2_000


class Unreadable(Refusal):
    """We could not read what was sent; go back and send it again."""

    code: ClassVar[str] = "unreadable"
    status: ClassVar[int] = 400


def parse_body(raw: bytes) -> dict[str, list[str]]:
    """An application/x-www-form-urlencoded body: every value of every key, in order. Raises Unreadable (400).

    A lone surrogate is let through as one, for `read` to refuse beside its field with the rest of the text kept.
    """
    if not raw:
        return {}
    pairs = raw.split(b"&")
    if len(pairs) > PAIRS_AT_MOST:
        raise Unreadable
    posted: dict[str, list[str]] = {}
    for pair in filter(None, pairs):
        name, _, value = pair.partition(b"=")
        posted.setdefault(text(name), []).append(text(value))
    return posted


def text(raw: bytes) -> str:
    """One percent-encoded name or value, as UTF-8."""
    plain = unquote_to_bytes(raw.replace(b"+", b" "))
    try:
        return plain.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError as fault:
        raise Unreadable from fault
