"""What happens to the wording of texts: which, and who; the words themselves are in their rows."""

from __future__ import annotations

from typing import ClassVar

from throughcare.kernel.audit import Event


class WordingEvent(Event):
    """Of one text in one language; the subject is the row of its words."""

    text: str  # its code
    language: str


class WordingDrafted(WordingEvent):
    name: ClassVar[str] = "checkin.wording_drafted"


class WordingBroughtBack(WordingEvent):
    """Words that stood before were drafted again."""

    name: ClassVar[str] = "checkin.wording_brought_back"
    number: int


class WordingReviewed(WordingEvent):
    name: ClassVar[str] = "checkin.wording_reviewed"


class WordingAgreed(WordingEvent):
    name: ClassVar[str] = "checkin.wording_agreed"
    number: int


class WordingWithdrawn(WordingEvent):
    name: ClassVar[str] = "checkin.wording_withdrawn"
    replaced: bool = False
