"""The screening pages as lines and links: what the reader may not see is said to be withheld, never left blank."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from pydantic import Field

from throughcare.casework.sides import Side
from throughcare.kernel.actors import Role
from throughcare.kernel.work import Work
from throughcare.screening import asked_first, steps, views
from throughcare.screening.facts import call_for_healthcare, in_custody
from throughcare.screening.instruments import Instrument, Instruments
from throughcare.screening.rows import SafetyStatus, Screening
from throughcare.screening.rules import OPEN, Local, Status
from throughcare.screening.views import CaseScreening, OutcomeShown, ScreeningShown
from throughcare.web import words
from throughcare.web.parts import Row

NOT_SHOWN = "Not shown to your role"


class OutcomeCard(OutcomeShown):
    """One side as a card."""

    help_wanted: str = ""
    change_href: str = ""

    @property
    def rows(self) -> list[Row]:
        pathway = self.pathway.label if self.pathway else NOT_SHOWN
        lines = [
            Row("Pathway", pathway),
            Row("Because", ". ".join(self.reasons or [])),
            Row("Wants help", self.help_wanted),
        ]
        if self.override_reason and self.computed:
            lines += [Row("Changed from", self.computed.label), Row("Why it was changed", self.override_reason)]
        if self.referral_offered:
            lines.append(Row("Also", "A specialist referral is on offer"))
        return [line for line in lines if line[1]]


class ScreeningPage(CaseScreening):
    """The tab."""

    cards: tuple[OutcomeCard, ...] = ()
    questions: Mapping[str, str] = Field(default_factory=dict)
    may_screen: bool = False
    ask_first: bool = False  # the safety questions come before any screen
    may_say_not_asked: bool = False
    may_view: bool = False
    may_see: bool = False

    @property
    def healthcare_today(self) -> bool:
        return bool(self.waiting and self.waiting.status is SafetyStatus.HEALTHCARE_TODAY)

    @property
    def because(self) -> list[str]:
        """The safety questions whose answers sent the person to healthcare, in full."""
        found = self.safety.because if self.safety and self.safety.answered and self.safety.because else []
        return [self.questions.get(code, code) for code in found]

    @property
    def lines(self) -> list[tuple[Any, ...]]:
        return [(line, line.status.label, result_of(line), line.screener) for line in self.screenings]


class ResultPage(ScreeningShown):
    """One screening as lines."""

    rows: tuple[Row, ...] = ()
    answered: tuple[tuple[str, str], ...] = ()
    side_by_side: tuple[tuple[str, str], ...] = ()
    notice: str = ""
    never_for: str = ""
    call_healthcare: bool = False
    ask_first: bool = False
    may_stop: bool = False
    may_answer: bool = False
    may_continue: bool = False


def result_of(line: ScreeningShown) -> str:
    """What one line of the list says of the result."""
    if line.status is not Status.COMPLETED:
        return f"Ask again on {words.day(line.reoffer_on)}" if line.reoffer_on else ""
    if "band" in line.withheld:
        return NOT_SHOWN
    if line.band_label or line.positive is None:
        return line.band_label or "Recorded"
    return "Positive" if line.positive else "Negative"


def tab_page(work: Work, case_id: UUID) -> ScreeningPage:
    """The tab as this reader has it."""
    page = views.page(work, case_id)
    role = work.actor.role
    may_screen = role in steps.SCREENERS
    cards = [_card(page, outcome, case_id, may_change=may_screen) for outcome in page.outcomes]
    return ScreeningPage(
        **dict(page),
        cards=tuple(cards),
        questions={question.code: question.text for question in work.reference[Local].safety},
        may_screen=may_screen,
        ask_first=asked_first.must_be_asked(work, case_id),
        may_say_not_asked=may_screen and in_custody(work, case_id) and not (page.safety and page.safety.answered),
        may_view=role in steps.HEALTHCARE,
        may_see=role is Role.HEALTHCARE,
    )


def _card(page: CaseScreening, outcome: OutcomeShown, case_id: UUID, *, may_change: bool) -> OutcomeCard:
    asked = page.asked
    said = None
    if asked:
        said = asked.alcohol_help if outcome.side is Side.ALCOHOL else asked.drugs_help
    changeable = may_change and outcome.pathway is not None and outcome.pathway not in OPEN
    return OutcomeCard(
        **dict(outcome),
        help_wanted=said.label if said else "",
        change_href=f"/cases/{case_id}/screening/outcomes/{outcome.id}/change" if changeable else "",
    )


def result_page(work: Work, row: Screening) -> ResultPage:
    """One screening, its result and its answers."""
    shown = views.shown(work, row)
    instrument = work.reference[Instruments].by_id.get(row.instrument)
    may = work.actor.role in steps.SCREENERS
    begins = may and not asked_first.must_be_asked(work, row.case_id)
    done = shown.status is Status.COMPLETED
    return ResultPage(
        **dict(shown),
        rows=tuple(_rows(shown)),
        answered=tuple(_answered(instrument, shown)) if instrument else (),
        side_by_side=tuple(_side_by_side(instrument, shown)) if instrument else (),
        notice=instrument.licence.notice if instrument else "",
        never_for=instrument.never_for if instrument else "",
        call_healthcare=done and call_for_healthcare(work, row),
        ask_first=may and not begins,
        may_stop=bool(may and shown.status is Status.STARTED and instrument),
        may_answer=bool(begins and shown.status is Status.STARTED and instrument),
        may_continue=bool(done and shown.continues_into and begins),
    )


def _rows(shown: ScreeningShown) -> list[Row]:
    lines = [
        Row("Status", shown.status.label),
        Row("Screening result", result_of(shown) if shown.status is Status.COMPLETED else ""),
        Row("Score", _score(shown)),
        Row("Cut-off used", shown.threshold_said or ""),
        Row("Date", words.day(shown.on)),
        Row("Done by", shown.screener),
        Row("How", f"{shown.mode.label}, {words.lower_first(shown.setting.label)}, in {shown.language}"),
        Row("Asked about", shown.period),
        Row("Version", shown.instrument_version),
        Row("Rule", shown.rule or ""),
        Row("Ask again on", words.day(shown.reoffer_on)),
        Row("What was said", shown.not_done_because or ""),
    ]
    return [line for line in lines if line[1]]


def _score(shown: ScreeningShown) -> str:
    if "total" in shown.withheld:
        return NOT_SHOWN
    return f"{shown.total} out of {shown.most}" if shown.total is not None else ""


def _answered(instrument: Instrument, shown: ScreeningShown) -> list[tuple[str, str]]:
    """Question and answer, in the order of the sheet; a skipped question says that it was not asked."""
    if shown.answers is None or shown.status is not Status.COMPLETED:
        return []
    return [
        (_question(item, shown.variant), _said(item, shown)) for item in instrument.items if not _hidden(item, shown)
    ]


def _hidden(item: Any, shown: ScreeningShown) -> bool:
    return bool(item.withheld_from) and item.code not in (shown.answers or {})


def _question(item: Any, variant: str) -> str:
    text = item.wording(variant)
    number = item.number if item.number != item.code else ""
    return f"{number}. {text}" if text and number else text or f"Question {item.number}"


def _said(item: Any, shown: ScreeningShown) -> str:
    given = (shown.answers or {}).get(item.code)
    if given is None:
        parts = [str((shown.answers or {}).get(code)) for code in item.parts if code in (shown.answers or {})]
        return ", ".join(parts) or "Not asked"
    for option, label in zip(item.options, item.labels(shown.variant), strict=True):
        if option.score == given:
            return f"{label} ({given})"
    return {0: "No", 1: "Yes"}[given] if item.entry == "yes_no" else str(given)


def _side_by_side(instrument: Instrument, shown: ScreeningShown) -> list[tuple[str, str]]:
    """Every published set of bands with what it calls this result, where there is more than one."""
    if len(instrument.band_sets) < 2:  # noqa: PLR2004 - one is no comparison
        return []
    found = []
    for name, _, code in shown.bands or []:
        band_set = instrument.band_sets[name]
        label = next(band.label for band in band_set.bands if band.code == code)
        found.append((band_set.source, label))
    return found
