"""The rules of release planning: values in, values out."""

from __future__ import annotations

from throughcare.release.rules.gaps import (
    Bridge,
    Gap,
    Item,
    Medicines,
    Picture,
    Slot,
    Tonight,
    gaps,
    may_change,
)
from throughcare.release.rules.words import (
    Agreement,
    Bridging,
    Known,
    Naloxone,
    NeedSource,
    NeedStatus,
    PlanStatus,
    Severity,
    Side,
)

__all__ = [
    "Agreement",
    "Bridge",
    "Bridging",
    "Gap",
    "Item",
    "Known",
    "Medicines",
    "Naloxone",
    "NeedSource",
    "NeedStatus",
    "Picture",
    "PlanStatus",
    "Severity",
    "Side",
    "Slot",
    "Tonight",
    "gaps",
    "may_change",
]
