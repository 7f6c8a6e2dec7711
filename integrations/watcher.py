"""Tells whoever watches over the service from outside that it is well: one call to an address of theirs (R50)."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from urllib.request import urlopen

SECONDS = 10


def watcher(url: str) -> Callable[[], None] | None:
    """What says so; None where nobody watches. OSError where they cannot be reached or do not like the call."""
    return partial(_call, url) if url else None


def _call(url: str) -> None:
    with urlopen(url, timeout=SECONDS):  # noqa: S310 - an address of the settings, which are held to http and https
        pass
