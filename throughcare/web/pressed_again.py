"""A form saved twice by one worker: the second press is told from a change that somebody else made."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

from throughcare.casework.drafts import keep_saved, saved_at
from throughcare.kernel.refusals import Refusal, Stale
from throughcare.kernel.work import Work
from throughcare.web import words
from throughcare.web.frame import CSRF_FIELD, VERSION_FIELD

ASIDE = frozenset({CSRF_FIELD, VERSION_FIELD, "form_token"})  # what a page sends beside the answers


class SavedAlready(Stale):
    """You saved this form already; what it says now differs from what you entered."""

    code = "saved_already"


class Pressed:
    """One press of one form: who pressed, where, what version they had before them, and what they entered."""

    def __init__(self, work: Work, address: str, version: str, posted: Mapping[str, Sequence[str]]) -> None:
        typed = sorted((name, list(values)) for name, values in posted.items() if name not in ASIDE)
        self.work, self.form = work, _key(work.actor.id, address, version)
        self.content = _key(work.actor.id, address, version, typed)

    def keep(self) -> None:
        """It was saved."""
        for key in (self.form, self.content):
            keep_saved(self.work, key)

    @property
    def was_saved(self) -> bool:
        """Whether this worker saved just this before, from the same version."""
        return saved_at(self.work, self.content) is not None

    def stale(self) -> Refusal:
        """Why it cannot be saved over: their own saving, or what somebody else did."""
        at = saved_at(self.work, self.form)
        if at is None:
            return Stale()
        said = f"You already saved this on {words.instant(at)}."
        return SavedAlready(f"{said} What it says now differs from what you entered; both are shown below.")


def _key(*parts: object) -> str:
    return "saved:" + hashlib.sha256(repr(parts).encode("utf-8", "replace")).hexdigest()
