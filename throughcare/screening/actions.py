"""What people do in screening: ask, answer, continue, decline, give a view, choose another pathway."""

from __future__ import annotations

from uuid import UUID

from sqlmodel import select

from throughcare.casework import access
from throughcare.casework.people import Person
from throughcare.kernel.refusals import Invalid, NotPermitted, refuse_if
from throughcare.kernel.work import Work
from throughcare.screening import asked_first, steps
from throughcare.screening.events import ScreeningStarted
from throughcare.screening.facts import in_custody
from throughcare.screening.forms import Answers, NotScreened, StartScreening, Stopped
from throughcare.screening.instruments import Instrument, Instruments
from throughcare.screening.reckoning import instrument_of, may_use, reckon, scope_of
from throughcare.screening.rows import Screening
from throughcare.screening.rules import (
    InstrumentClosed,
    Local,
    Result,
    Shown,
    Status,
    carried,
    checked,
    reoffer_on,
)
from throughcare.screening.settling import settle
from throughcare.screening.sharing import agree
from throughcare.screening.views import ScreeningShown, shown


class ContradictoryAnswers(Invalid):
    """Two of the answers contradict each other; check both with the person, then confirm them."""

    code, beside = "contradictory_answers", "confirmed"


class NotYet(Invalid):
    """The date cannot be in the future."""

    code, beside = "not_yet", "on"


class NothingToContinue(Invalid):
    """Only a finished short screen can be continued."""

    code = "nothing_to_continue"


class AlreadyFinished(Invalid):
    """This screening is finished; its answers cannot be changed."""

    code, status = "already_finished", 409


class UnknownWording(Invalid):
    """That is not one of this screen's wordings."""

    code, beside = "unknown_wording", "wording"


class SayWhichPoint(Invalid):
    """Select the point of treatment."""

    code, beside = "say_which_point", "stage"


class SaySubstance(Invalid):
    """Enter the substance that this screen is about."""

    code, beside = "say_substance", "substance"


def start(work: Work, case_id: UUID, form: StartScreening) -> ScreeningShown:
    """Open an instrument for one person. Nothing is asked yet."""
    access.take_case(work, case_id)
    instrument = openable(work, form.instrument)
    asked_first.refuse_before(work, case_id)
    refuse_if(form.on and form.on > work.today, NotYet)
    refuse_if(instrument.per_substance and not form.substance, SaySubstance)
    refuse_if(instrument.method == "profile" and not form.stage, SayWhichPoint)
    screening = _opened(work, case_id, instrument, form)
    if form.share_agreed:
        agree(work, case_id)
    return shown(work, screening)


def openable(work: Work, key: str) -> Instrument:
    """The instrument, if it can be opened, and by this worker."""
    instrument = work.reference[Instruments][key]
    refuse_if(not may_use(instrument, work.actor.role), NotPermitted)
    refuse_if(instrument.closed_because, InstrumentClosed(instrument.closed_because))
    return instrument


def _opened(work: Work, case_id: UUID, instrument: Instrument, form: StartScreening) -> Screening:
    substance = form.substance.strip().lower() if instrument.per_substance else ""
    screening = work.add(
        Screening(
            case_id=case_id,
            scope=scope_of(instrument, substance),
            instrument=instrument.id,
            instrument_version=instrument.version,
            variant=_variant(instrument, form.wording),
            substance=substance,
            stage=str(form.stage) if form.stage and instrument.method == "profile" else "",
            period=instrument.period_in_custody if in_custody(work, case_id) else instrument.period,
            on=form.on or work.today,
            by=work.actor.id,
            mode=form.mode,
            setting=form.setting,
            language=form.language,
            share_agreed=form.share_agreed,
            sex=_sex(work, case_id),
            rule=_stop_rule(work, instrument),
            band_set=instrument.default_band_set,
        )
    )
    work.record(ScreeningStarted(subject_id=screening.id, case_id=case_id, instrument=instrument.id))
    return screening


def _variant(instrument: Instrument, wording: str) -> str:
    if not instrument.variants:
        return ""
    refuse_if(wording not in instrument.variants, UnknownWording)
    return wording


def _stop_rule(work: Work, instrument: Instrument) -> str:
    """The stop rule configured here, else the instrument's own default."""
    chosen = work.reference[Local].stop_rules.get(instrument.id)
    return chosen.rule if chosen else instrument.default_rule


def _sex(work: Work, case_id: UUID) -> str:
    sex = work.session.exec(select(Person.sex).where(Person.case_id == case_id)).one()
    return str(sex) if str(sex) in ("female", "male") else ""


def answer(work: Work, screening_id: UUID, form: Answers) -> ScreeningShown:
    """Keep the answers. When none is missing the screening is scored and finished, and the pathway follows.

    Answers that contradict each other are refused until the screener confirms them.
    """
    screening = _mine_to_change(work, screening_id)
    screening.answers = checked(instrument_of(work, screening), form.answers)
    result = reckon(work, screening)
    refuse_if(result.warnings and not form.confirmed, ContradictoryAnswers(" ".join(result.warnings)))
    work.session.add(screening)
    work.session.flush()
    if result.complete:
        _finish(work, screening, result)
    return shown(work, screening)


def _finish(work: Work, screening: Screening, result: Result) -> None:
    steps.complete(screening, work, result)
    settle(work, screening.case_id, screening.id)


def _mine_to_change(work: Work, screening_id: UUID) -> Screening:
    screening = access.take(work, Screening, screening_id)
    instrument = instrument_of(work, screening)
    refuse_if(not may_use(instrument, work.actor.role), NotPermitted)
    refuse_if(screening.status is not Status.STARTED, AlreadyFinished)
    asked_first.refuse_before(work, screening.case_id)
    return screening


def go_on(work: Work, screening_id: UUID) -> ScreeningShown:
    """Continue a short screen into the full instrument, with what its wording shares already answered."""
    short = access.take(work, Screening, screening_id)
    refuse_if(short.status is not Status.COMPLETED or not instrument_of(work, short).continues_into, NothingToContinue)
    done = work.session.exec(select(Screening).where(Screening.continues_id == short.id)).first()
    if done:
        return shown(work, done)
    before = Shown(instrument_of(work, short), short.variant)
    full = openable(work, before.instrument.continues_into)
    asked_first.refuse_before(work, short.case_id)
    form = StartScreening(
        instrument=full.id, wording=short.variant or full.default_variant, on=work.today, mode=short.mode,
        setting=short.setting, language=short.language, share_agreed=short.share_agreed,
    )  # fmt: skip
    screening = _opened(work, short.case_id, full, form)
    screening.continues_id = short.id
    screening.answers = carried(before, Shown(full, screening.variant), short.answers)
    work.session.add(screening)
    work.session.flush()
    return shown(work, screening)


def not_screened(work: Work, case_id: UUID, form: NotScreened) -> ScreeningShown:
    """Screening was offered and not done: a status with a day to ask again, never a score of nought."""
    access.take_case(work, case_id)
    refuse_if(work.actor.role not in steps.SCREENERS, NotPermitted)
    screening = work.add(Screening(case_id=case_id, scope=form.scope, on=work.today, by=work.actor.id))
    _stop(work, screening, form.status, form.why)
    return shown(work, screening)


def stop(work: Work, screening_id: UUID, form: Stopped) -> ScreeningShown:
    """A screening that was started will not be finished today."""
    screening = access.take(work, Screening, screening_id)
    _stop(work, screening, form.status, form.why)
    return shown(work, screening)


def _stop(work: Work, screening: Screening, status: Status, why: str) -> None:
    again = reoffer_on(status, work.today, work.reference[Local].reoffer)
    if again is None:
        raise Invalid("Select declined or not able.", beside="status")
    press = steps.decline if status is Status.DECLINED else steps.not_able
    press(screening, work, why, again)
