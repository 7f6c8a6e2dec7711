"""How the custody page words its dates and the acts that are open."""

from __future__ import annotations

from throughcare.casework.stays import Custody
from throughcare.casework.views_people import Change, Stay
from throughcare.web import words
from throughcare.web.parts import Row

ROUTES: tuple[object, ...] = ()
LINKS = {
    "dates": "Record the sentence and its release date",
    "confirm": "Confirm the release date",
    "release": "Record the release",
    "transfer": "Record a move to another prison",
    "community": "Record that they are in the community now",
    "recall": "Record a recall to custody",
    "death": "Record a death",
}
FIELDS = {
    "sentence_release_date": "Release date on the sentence",
    "suggested_release_date": "Suggested release date",
    "confirmed_release_date": "Confirmed release date",
}


class CustodyPage(Custody):
    """The same, as lines of lists and tables."""

    @property
    def links(self) -> list[tuple[str, str]]:
        return [(LINKS[move], f"/cases/{self.case_id}/custody/{move}") for move in self.moves]

    @staticmethod
    def rows(stay: Stay) -> list[Row]:
        return stay_rows(stay)

    @staticmethod
    def moved(stay: Stay) -> list[tuple[str, str, str]]:
        return [(one.what, words.day(one.was, "Not set"), words.day(one.now, "Move it")) for one in stay.moved]

    @property
    def changed(self) -> list[tuple[str, str, str, str, str]]:
        return [change_row(change) for change in self.changes]


def change_row(change: Change) -> tuple[str, str, str, str, str]:
    """One change: when, which date, from what to what, and where it came from."""
    return (
        words.instant(change.created_at),
        FIELDS.get(change.field, change.field),
        words.day(change.old, "none"),
        words.day(change.new, "none"),
        ", ".join(filter(None, (change.source, change.worker))),
    )


def stay_rows(stay: Stay) -> list[Row]:
    """One stay's facts and its four dates; a date that is not known says so."""
    facts = [
        ("Prison", stay.prison),
        ("Received", words.day(stay.received_on)),
        ("Custody status", stay.custody_status.label if stay.custody_status else ""),
        ("Kind of sentence", stay.sentence_type.label if stay.sentence_type else ""),
        ("How the release comes about", stay.release_type.label if stay.release_type else ""),
        ("Days served by release", "" if stay.days_served_by_release is None else str(stay.days_served_by_release)),
    ]
    dates = [
        ("Release date on the sentence", words.day(stay.sentence_release_date, "Not recorded")),
        ("Suggested release date", words.day(stay.suggested_release_date, "None suggested")),
        ("Confirmed release date", words.day(stay.confirmed_release_date, "Not confirmed")),
        ("Released", words.instant(stay.released_at, "Not released")),
        ("Released to", stay.left_for.label if stay.left_for else ""),
        ("Came into the community", words.day(stay.in_community_on)),
    ]
    return [Row(key, value) for key, value in (*facts, *(dates if stay.received_on else ())) if value]
