"""What each screening form opens with, and who may open it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from throughcare.casework import access
from throughcare.kernel.forms import Choice
from throughcare.kernel.refusals import NotFound, NotPermitted, WrongState, refuse_if
from throughcare.kernel.rows import CaseRow
from throughcare.kernel.work import Work
from throughcare.screening import actions, asked_first, asking, steps
from throughcare.screening.forms import safety_sheet, sheet
from throughcare.screening.instruments import Instrument, Instruments, Skip
from throughcare.screening.reckoning import instrument_of, may_use
from throughcare.screening.rows import SafetyCheck, Screening, ScreeningOutcome
from throughcare.screening.rules import OPEN, Local, Status, missing
from throughcare.screening.rules.interview import number_of
from throughcare.web import words
from throughcare.web.acts import Opening
from throughcare.web.visit import Ids

ORDER = ("audit", "audit_c", "fast", "audit_pc", "dudit", "sds", "sadq", "ciwa_ar", "top", "assist_lite")


def of_this_case(work: Work, kind: type[Any], ids: Ids, name: str) -> Any:
    """The row in the path, if it belongs to the case in the path. NotFound otherwise."""
    row: CaseRow = access.find(work, kind, ids[name])
    refuse_if(row.case_id != ids["case_id"], NotFound)
    return row


def for_screeners(work: Work, ids: Ids) -> Opening:
    """An empty form for anyone who may screen."""
    access.find_case(work, ids["case_id"])
    refuse_if(work.actor.role not in steps.SCREENERS, NotPermitted)
    return Opening()


def safety(work: Work, ids: Ids) -> Opening:
    """The configured safety questions."""
    for_screeners(work, ids)
    return Opening(
        form=safety_sheet(work.reference[Local].safety),
        intro="Ask these before anything else. Any yes, or any answer that nobody knows, means healthcare today.",
    )


def not_asked(work: Work, ids: Ids) -> Opening:
    """The configured reasons for which they cannot be asked now."""
    for_screeners(work, ids)
    asking.refuse_unless_due(work, ids["case_id"])
    reasons = work.reference[Local].safety_not_asked
    return Opening(
        choices={"reasons": [Choice(reason.code, reason.said) for reason in reasons]},
        intro="Healthcare is asked to see the person today, and the questions are asked again until they are answered.",
    )


def start(work: Work, ids: Ids) -> Opening:
    """The screens this worker may use; one whose pack is missing is listed, and says so when it is chosen."""
    for_screeners(work, ids)
    asked_first.refuse_before(work, ids["case_id"])
    usable = [it for it in work.reference[Instruments] if may_use(it, work.actor.role)]
    offered = sorted(usable, key=lambda it: ORDER.index(it.id) if it.id in ORDER else len(ORDER))
    return Opening(
        choices={"instruments": [Choice(it.id, named(it), hint(it)) for it in offered]},
        values={"mode": ["interview"], "setting": ["reception"], "language": ["English"], "wording": ["uk_units"]},
    )


def named(instrument: Instrument) -> str:
    """Its short name and what that stands for."""
    return (
        instrument.title if instrument.title.startswith(instrument.short) else f"{instrument.short}: {instrument.title}"
    )


def hint(instrument: Instrument) -> str:
    """What to know before choosing it."""
    if instrument.closed_because:
        return "Its licensed pack is not installed"
    if not instrument.wording_shown:
        return "Enter the answers by number from the paper form"
    return instrument.never_for


def answers(work: Work, ids: Ids) -> Opening:
    """The instrument's own questions, with what has been answered so far."""
    for_screeners(work, ids)
    row: Screening = of_this_case(work, Screening, ids, "screening_id")
    instrument = actions.openable(work, row.instrument)
    refuse_if(row.status is not Status.STARTED, actions.AlreadyFinished)
    asked_first.refuse_before(work, row.case_id)
    left = [number_of(instrument, code) for code in missing(instrument, row.answers, row.rule or None)]
    return Opening(
        form=sheet(instrument, row.variant),
        values={code: [str(value)] for code, value in row.answers.items()},
        version=row.version,
        title=f"{instrument.short}: {row.substance}" if row.substance else instrument.short,
        intro=" ".join(
            filter(None, (f"Ask about {row.period}.", instrument.never_for, *left_out(instrument, row.rule)))
        ),
        inset=f"Still to answer: {run_of(left)}. The answers so far are kept." if row.answers and left else "",
    )


def left_out(instrument: Instrument, rule: str) -> list[str]:
    """What its skip and stop rules spare the person, each in a sentence."""
    stops = instrument.rules[rule].stops if rule else ()
    return [_spared(instrument, skip) for skip in (*instrument.skips, *stops)]


def _spared(instrument: Instrument, skip: Skip) -> str:
    asked = run_of([number_of(instrument, code) for code in skip.items])
    sums = " or ".join(str(total) for total in skip.sums)
    when = f"question {asked} scores {sums}" if len(skip.items) == 1 else f"questions {asked} add up to {sums}"
    spared = [number_of(instrument, code) for code in skip.skip]
    which = f"question {spared[0]} is" if len(spared) == 1 else f"questions {run_of(spared)} are"
    return f"When {when}, {which} left out."


def run_of(numbers: Sequence[str]) -> str:
    """2 to 8, where three or more follow each other without a break; otherwise 2, 3 and 9."""
    told = [int(number) for number in numbers if number.isdigit()]
    whole = len(told) == len(numbers) > 2 and told == list(range(told[0], told[0] + len(told)))  # noqa: PLR2004 - two are listed
    return f"{told[0]} to {told[-1]}" if whole else words.listed(list(numbers))


def stopping(work: Work, ids: Ids) -> Opening:
    """A screening that is not finished."""
    for_screeners(work, ids)
    row: Screening = of_this_case(work, Screening, ids, "screening_id")
    refuse_if(row.status is not Status.STARTED, actions.AlreadyFinished)
    return Opening(version=row.version)


def going_on(work: Work, ids: Ids) -> Opening:
    """A finished short screen, to be continued."""
    for_screeners(work, ids)
    row: Screening = of_this_case(work, Screening, ids, "screening_id")
    short = instrument_of(work, row)
    refuse_if(row.status is not Status.COMPLETED or not short.continues_into, actions.NothingToContinue)
    full = actions.openable(work, short.continues_into)
    asked_first.refuse_before(work, row.case_id)
    return Opening(
        title=f"Continue into {full.short}",
        intro=f"What was answered already, and {full.short} asks in the same words, is not asked again.",
    )


def seen(work: Work, ids: Ids) -> Opening:
    """A safety check that sent the person to healthcare."""
    row: SafetyCheck = of_this_case(work, SafetyCheck, ids, "check_id")
    refuse_if(work.actor.role not in steps.seen.by, NotPermitted)
    if not steps.seen.open_to(row, work.actor.role):
        raise WrongState(steps.safety_checks.sentence(row, work.actor.role))
    return Opening(version=row.version, intro="This records that healthcare has seen the person, now.")


def clinician(work: Work, ids: Ids) -> Opening:
    """An empty form for a clinician."""
    access.find_case(work, ids["case_id"])
    refuse_if(work.actor.role not in steps.HEALTHCARE, NotPermitted)
    return Opening()


def change(work: Work, ids: Ids) -> Opening:
    """The outcome that stands, once there is one."""
    for_screeners(work, ids)
    row: ScreeningOutcome = of_this_case(work, ScreeningOutcome, ids, "outcome_id")
    refuse_if(row.replaced_at is not None, steps.Superseded)
    refuse_if(row.pathway in OPEN, WrongState("Finish the screening before changing its pathway."))
    return Opening(version=row.version, title=f"Change the {row.side.label.lower()} pathway")
