"""The cases a worker has standing in."""

from __future__ import annotations

ROUTES: tuple[object, ...] = ()
