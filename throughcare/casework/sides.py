"""The two sides of a case's need, counted apart everywhere. Pure."""

from __future__ import annotations

from throughcare.kernel.forms import Word


class Side(Word):
    """Alcohol and drugs have their own screens, outcomes and measures, and are never added together."""

    ALCOHOL = "alcohol", "Alcohol"
    DRUGS = "drugs", "Drugs"
