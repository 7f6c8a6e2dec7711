"""Which provider took a text, kept with it: they alone can say what became of it, whoever sends by now (R15)."""

from __future__ import annotations

from typing import Any

from throughcare.checkin.service import Pacing
from throughcare.kernel.work import Work


def taken(work: Work, sid: str, by: str = "") -> dict[str, Any]:
    """What changes with a text taken by who sends now, or `by` another: it is asked after when no more is heard (R18)."""
    pacing = work.reference[Pacing]
    return {"sid": sid, "provider": by or pacing.provider} | _from_now(work)


def heard_of(work: Work, row: Any, sid: str, provider: str) -> dict[str, Any]:
    """What changes when a receipt comes: who has it, the first time anybody is heard of as having it."""
    changed: dict[str, Any] = {"sid": row.sid or sid or None}
    if sid and row.sid is None:
        changed["provider"] = provider or row.provider
    return changed if row.accepted_at else changed | _from_now(work)


def taken_by_another(row: Any, provider: str) -> bool:
    """Is it known that another than this one took it, who alone can say what became of it?"""
    return bool(row.sid and row.provider and provider) and not same(row.provider, provider)


def kind_of(provider: str) -> str:
    """Whose service it is: "twilio" of "twilio:5a3f9c12", which is one account there."""
    return provider.partition(":")[0]


def same(one: str, other: str) -> bool:
    """Are these one account? Where one is without any, from before they were told apart, its kind has to do."""
    return one == other or (kind_of(one) == kind_of(other) and not (":" in one and ":" in other))


def _from_now(work: Work) -> dict[str, Any]:
    return {"accepted_at": work.now, "lease_until": work.now + work.reference[Pacing].unheard}
