"""Why the wording of a text may not be changed so."""

from __future__ import annotations

from throughcare.kernel.refusals import Invalid, WrongState


class MayNotStand(Invalid):
    """These words may not be sent. Put them right and ask again."""

    code, beside = "wording_refused", "text"


class SameWords(Invalid):
    """These are the words that stand now."""

    code, beside = "same_words", "text"


class NoLongerAllowed(WrongState):
    """These words may no longer be sent: withdraw them, or draft others."""

    code = "wording_refused"


class StandsNow(WrongState):
    """These are the words that stand now."""

    code = "stands_now"


class OwnWords(WrongState):
    """Somebody other than whoever drafted the words has to do this."""

    code = "own_words"


class NothingToReview(WrongState):
    """There is nothing to review: the words are in English, are reviewed already, or no longer stand."""

    code = "nothing_to_review"


class DraftWaits(WrongState):
    """Other words for this text wait to be agreed: agree to them or withdraw them first."""

    code = "draft_waits"
