"""Reads and writes urlencoded bodies, keeping none: the framework's own parser remembers the last 1,024 texts (E6)."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import parse_qsl, urlencode

MOST_FIELDS = 500  # a message with ten pictures has about fifty


def parse(body: bytes) -> list[tuple[str, str]]:
    """Every field in its order, blank ones and repeated keys too; ValueError past MOST_FIELDS.

    Bytes that are no UTF-8 become U+FFFD: a body so changed is never genuine, and nothing raises on the way.
    """
    return parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=MOST_FIELDS)


def encode(fields: Iterable[tuple[str, str]]) -> bytes:
    """The body that `parse` reads back as the same fields."""
    return urlencode(list(fields)).encode("ascii")
