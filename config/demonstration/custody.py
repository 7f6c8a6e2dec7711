"""What happens inside: reception, screening, brief intervention, plan."""

from __future__ import annotations

from collections.abc import Generator
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from sqlmodel import select

from config.demonstration.people import Fate
from config.demonstration.playing import Stage
from throughcare.casework import consents, contact, dates, register
from throughcare.casework.forms import Registration, SamePerson
from throughcare.casework.forms_contact import NewNumber, Safety, TextsAnswer
from throughcare.casework.forms_custody import Confirmation, Sentence
from throughcare.casework.people import Case, ConsentState, Language, PhoneShared, Sex
from throughcare.casework.rows import CustodyStatus, ReleaseType, SentenceType
from throughcare.intervention import actions as interventions
from throughcare.intervention.forms import AcceptReferral, DeclineBrief, GiveBrief, Refer, Saw, SeenByTeam
from throughcare.intervention.rows import BriefIntervention, SpecialistReferral
from throughcare.intervention.rules import Frames
from throughcare.kernel.work import Work
from throughcare.screening import actions as screening
from throughcare.screening import asking
from throughcare.screening.facts import waiting_for_healthcare
from throughcare.screening.forms import (
    Answers,
    AskedBesideForm,
    NotScreened,
    SafetyAnswers,
    SafetyNotAskedForm,
    StartScreening,
)
from throughcare.screening.rows import ToldUs
from throughcare.screening.rules import Local, SafetyAnswer, Status, WantsHelp

Part = Generator[datetime, None, None]
AUDIT = {
    "low": (1, 1, 1, 0, 0, 0, 0, 0, 0, 0),
    "increasing": (3, 2, 2, 1, 1, 0, 1, 1, 0, 0),
    "higher": (3, 2, 3, 1, 1, 0, 1, 1, 2, 2),
    "dependent": (4, 4, 4, 2, 2, 2, 1, 2, 2, 4),
}
DUDIT = {
    "none": (0,) * 11,
    "problem": (2, 1, 2, 1, 1, 1, 1, 0, 1, 0, 2),
    "dependent": (4, 3, 3, 3, 3, 2, 2, 1, 2, 2, 4),
}
CODE_WORDS = ("bluebell", "harbour", "marigold", "pebble", "lantern", "orchard", "thimble", "willow")


def reception(stage: Stage, fate: Fate) -> Generator[datetime, None, UUID | None]:
    """Registered, and asked what must be asked first."""
    officer, treatment, *_ = fate.staff
    yield stage.when(fate.received, 14, fate.number % 50)
    who = officer if fate.allocated else treatment
    made = registered(stage, who, fate)
    if made is None:
        return None
    case_id: UUID = made.id
    with stage.acting(who) as work:
        work.session.get_one(Case, case_id).is_synthetic = True
    yield stage.when(fate.received, 15, fate.number % 50)
    if fate.screening != "none" and fate.allocated:
        if fate.screening == "not_able":
            stage.do(treatment, asking.safety_not_asked, case_id, SafetyNotAskedForm(because="unwell"))
        else:
            stage.do(treatment, safety, case_id, fate)
        yield stage.when(fate.received, 16, fate.number % 50)
        if fate.screening == "not_able" or ("dependent" in {fate.drink, fate.drugs} and fate.number % 6):
            stage.do(fate.staff[6], seen_at_once, case_id)
    return case_id


def registered(stage: Stage, who: Any, fate: Fate) -> Any:
    """Registered as somebody new, whoever they may be like."""
    made = stage.do(who, register.begin, registration(stage, fate))
    if made is not None and made.id is None:
        made = stage.do(who, register.settle, SamePerson(answer=register.DIFFERENT))
    return made


def registration(stage: Stage, fate: Fate) -> Registration:
    """The form as it would be filled in."""
    return Registration(
        given=fate.given, family=fate.family, birth_date=date(fate.birth_year, 1 + fate.number % 12, 1 + fate.number % 27),
        sex=Sex(fate.sex), prison_number=fate.prison_number, received_on=stage.day(fate.received),
        crn=f"X{200_000 + fate.number}" if fate.order != "none" and fate.prison != "glen" else "",
        language=Language.WELSH if fate.welsh else Language.ENGLISH, custody_status=CustodyStatus.SENTENCED,
        sentence_type=SentenceType.DETERMINATE,
    )  # fmt: skip


def safety(work: Work, case_id: UUID, fate: Fate) -> None:
    """The reception safety questions; dependent drinkers drank daily."""
    answers = {question.code: SafetyAnswer.NO for question in work.reference[Local].safety}
    if fate.drink == "dependent":
        answers["daily_alcohol"] = SafetyAnswer.YES
    if fate.drugs == "dependent":
        answers["daily_opioids"] = SafetyAnswer.YES
    asking.ask_safety(work, case_id, SafetyAnswers(answers=answers))


def seen_at_once(work: Work, case_id: UUID) -> None:
    """Healthcare saw them the same day."""
    check = next(iter(waiting_for_healthcare(work, case_id)), None)
    if check:
        asking.healthcare_saw(work, check.id)


def screened(stage: Stage, fate: Fate, case_id: UUID) -> Part:
    """AUDIT and DUDIT, or why not."""
    treatment = fate.staff[1]
    yield stage.when(fate.received + 1, 10, fate.number % 55)
    if fate.screening in {"declined", "not_able"}:
        stage.do(treatment, screening.not_screened, case_id, NotScreened(status=Status(fate.screening)))
    if fate.screening == "partial":
        stage.do(treatment, screening.start, case_id, StartScreening(instrument="audit"))
    if fate.screening != "done":
        return
    for name, answers in (("audit", AUDIT[fate.drink]), ("dudit", DUDIT[fate.drugs])):
        opened = stage.do(
            treatment, screening.start, case_id, StartScreening(instrument=name, share_agreed=fate.number % 3 > 0)
        )
        given = {f"q{n}": score for n, score in enumerate(answers, 1)}
        stage.do(treatment, screening.answer, opened.id, Answers(answers=given))
    help_for = {True: WantsHelp.YES, False: WantsHelp.UNSURE if fate.number % 2 else WantsHelp.NO}
    stage.do(treatment, asking.ask_beside, case_id, AskedBesideForm(
        alcohol_help=help_for[fate.drink in {"higher", "dependent"}], drugs_help=help_for[fate.drugs != "none"],
        related_illness=fate.number % 9 == 0, children=ToldUs.YES if fate.child else ToldUs.NO,
        pregnant=ToldUs.YES if fate.child == "pregnant" else ToldUs.NO,
    ))  # fmt: skip


def helped(stage: Stage, fate: Fate, case_id: UUID) -> Part:
    """The brief intervention or the specialist that the screening called for."""
    if fate.screening != "done":
        return
    treatment = fate.staff[1]
    yield stage.when(fate.received + 3, 11, fate.number % 55)
    stage.do(treatment, briefed, case_id, fate)
    yield stage.when(fate.received + 4, 14, fate.number % 55)
    stage.do(treatment, referred, case_id)
    yield stage.when(fate.received + 9, 10, fate.number % 55)
    if fate.number % 4:
        stage.do(treatment, interventions.seen_by_team, case_id, SeenByTeam())
    stage.do(treatment, seen, case_id)


def briefed(work: Work, case_id: UUID, fate: Fate) -> None:
    """Offered, given or declined."""
    for brief in work.session.exec(select(BriefIntervention).where(BriefIntervention.case_id == case_id)).all():
        if fate.brief in {"offered", "declined", "given"}:
            interventions.offer(work, brief.id)
        if fate.brief == "declined":
            interventions.decline(work, brief.id, DeclineBrief(declined_because="Not now"))
        if fate.brief == "given":
            interventions.give(work, brief.id, GiveBrief(
                delivered_by=work.actor.id, trained=True, minutes=10, elements=tuple(Frames)[: 3 + fate.number % 4],
                goal="Two days off each week", readiness=fate.number % 11, leaflet=True,
            ))  # fmt: skip


def referred(work: Work, case_id: UUID) -> None:
    """Referred to the specialist."""
    for referral in work.session.exec(select(SpecialistReferral).where(SpecialistReferral.case_id == case_id)).all():
        interventions.refer(work, referral.id, Refer(to_service="Clinical substance misuse team"))


def seen(work: Work, case_id: UUID) -> None:
    """Accepted and seen."""
    for referral in work.session.exec(select(SpecialistReferral).where(SpecialistReferral.case_id == case_id)).all():
        interventions.accept(work, referral.id, AcceptReferral())
        interventions.see(work, referral.id, Saw())


def dated(stage: Stage, fate: Fate, case_id: UUID) -> Part:
    """The sentence's release date, then the prison's own."""
    if fate.release is None:
        return
    officer = fate.staff[0]
    leaving = stage.day(fate.release)
    yield stage.when(fate.received + 5, 9, 40)
    stage.do(officer, dates.record_sentence, case_id, Sentence(
        custody_status=CustodyStatus.SENTENCED, sentence_type=SentenceType.DETERMINATE, release_type=ReleaseType.AUTOMATIC,
        days_served_by_release=fate.release - fate.received, sentence_release_date=leaving, source="Warrant",
    ))  # fmt: skip
    yield stage.when(max(fate.release - 30, fate.received + 6), 9, 50)
    stage.do(
        officer, dates.confirm, case_id, Confirmation(confirmed_release_date=leaving, source="Prison release team")
    )


def reachable(stage: Stage, fate: Fate, case_id: UUID) -> Part:
    """How it is safe to reach them, a number with its code word, and whether they agree to texts."""
    if fate.release is None:
        return
    officer = fate.staff[0]
    yield stage.when(max(fate.release - 26, fate.received + 8), 13, fate.number % 55)
    name = fate.given
    stage.do(officer, contact.record_safety, case_id, Safety(
        safe_name=name, safe_from=time(9), safe_until=time(20), phone_shared=PhoneShared.ONLY_ME, never_text=False,
    ))  # fmt: skip
    word = CODE_WORDS[fate.number % len(CODE_WORDS)]
    stage.do(officer, contact.add_number, case_id, NewNumber(number=fate.phone, code_word=word))
    if fate.texts != "none":
        language = Language.WELSH if fate.welsh else Language.ENGLISH
        stage.do(officer, consents.answer_texts, case_id, TextsAnswer(answer=ConsentState.GIVEN, language=language))
    else:
        stage.do(officer, consents.answer_texts, case_id, TextsAnswer(answer=ConsentState.REFUSED))
