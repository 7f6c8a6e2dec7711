"""What became of an offer of screening, and when to make it again. Pure."""

from __future__ import annotations

from datetime import date, timedelta

from throughcare.kernel.forms import Word
from throughcare.screening.rules.local import Reoffer


class Status(Word):
    """What became of one screening. Declined and not able are statuses, never zeros."""

    STARTED = "started", "Started, not finished"
    COMPLETED = "completed", "Completed"
    DECLINED = "declined", "Declined"
    NOT_ABLE = "not_able", "Not able: intoxicated or unwell"


class WantsHelp(Word):
    """Whether the person says that they want help; asked for alcohol and for drugs apart."""

    YES = "yes", "Yes"
    NO = "no", "No"
    UNSURE = "unsure", "Unsure"


def reoffer_on(status: Status, on: date, reoffer: Reoffer) -> date | None:
    """The day to ask again; None when the person was screened, or is being."""
    if status is Status.DECLINED:
        return on + timedelta(days=reoffer.declined.days)
    if status is Status.NOT_ABLE:
        return on + timedelta(days=reoffer.not_able.days)
    return None
