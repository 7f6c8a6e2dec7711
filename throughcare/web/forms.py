"""How forms are asked and read: the one place pages take these from."""

from __future__ import annotations

from throughcare.web.answers import Posted, Problems, read
from throughcare.web.asked import AskedField, fields_of
from throughcare.web.bodies import Unreadable, parse_body
from throughcare.web.boxes import values_of
from throughcare.web.fields import Values, render_fields

__all__ = [
    "AskedField",
    "Posted",
    "Problems",
    "Unreadable",
    "Values",
    "fields_of",
    "parse_body",
    "read",
    "render_fields",
    "values_of",
]
