"""How check-ins go, beside the published studies."""

from __future__ import annotations

from throughcare.kernel.work import Work
from throughcare.measures import evidence
from throughcare.measures.evidence import EvidencePage, EvidenceQuery
from throughcare.web.acts import Look
from throughcare.web.parts import Bar
from throughcare.web.visit import Ids

NOT_SHOWN = "Not shown"


class EvidenceShown(EvidencePage):
    """The same, with its chart."""

    @property
    def bars(self) -> list[Bar]:
        """How many of each hundred texts were answered, by days since release."""
        return [Bar(band.label, band.answered, per_cent(band.answered)) for band in self.bands]

    @property
    def nothing(self) -> bool:
        """Whether there is no figure of ours to be shown."""
        return all(band.asked is None for band in (*self.bands, self.whole))

    @property
    def rows(self) -> list[tuple[str, str, str, str, str]]:
        return [
            (
                band.label,
                NOT_SHOWN if band.asked is None else f"{band.asked:,}",
                per_cent(band.delivered),
                per_cent(band.answered),
                per_cent(band.called),
            )
            for band in (*self.bands, self.whole)
        ]


def per_cent(value: float | None) -> str:
    return NOT_SHOWN if value is None else f"{value:g}%"


def shown(work: Work, _: Ids, asked: EvidenceQuery) -> EvidenceShown:
    return EvidenceShown(**dict(evidence.show(work, asked or EvidenceQuery())))


ROUTES = (
    Look(
        "/measures/check-ins", "How check-ins go", "measures/checkins.html", shown, EvidencePage, query=EvidenceQuery,
        section="Check-ins",
    ),
)  # fmt: skip
