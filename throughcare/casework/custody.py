"""Leaving custody and coming back: release, recall, a move to another prison, a death. Earlier stays are kept as they were."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlmodel import col, select

from throughcare.casework import access, dates, events, tasks
from throughcare.casework.agencies import Agency
from throughcare.casework.asking import ASK
from throughcare.casework.forms_custody import Confirmation, Death, Recall, Release, Transfer, WasReleased
from throughcare.casework.moving import RELEASED_TODAY, left_early
from throughcare.casework.overview import person_of, shown_stay
from throughcare.casework.people import Case
from throughcare.casework.release_day import KEEPERS, open_stay, planned_on, take_stay
from throughcare.casework.rows import CustodyEpisode, EpisodeStatus, LeftFor
from throughcare.casework.standing import move_to_prison
from throughcare.casework.views_people import Stay
from throughcare.kernel.actors import AgencyKind, Role, acts_among
from throughcare.kernel.clock import at, london_day
from throughcare.kernel.refusals import Invalid, NotPermitted, WrongState, refuse_if
from throughcare.kernel.steps import Effect, Machine
from throughcare.kernel.work import Moment, Work

RELEASERS = KEEPERS | {Role.PROVIDER}  # whoever is asked whether somebody was released: the owner may be a provider
RECALLERS = RELEASERS | {Role.PROBATION}
MACHINE = Machine(CustodyEpisode, "stay in custody")


class AlreadyInCustody(WrongState):
    """This person is already recorded as in custody."""

    code = "already_in_custody"


class HasDied(WrongState):
    """This person’s death has been recorded, so nothing more can be done here."""

    code = "has_died"


@MACHINE.step("Record release", frm={EpisodeStatus.HELD}, to=EpisodeStatus.RELEASED, by=set(RELEASERS))
def leave(stay: CustodyEpisode, _: Moment, released_at: datetime, left_for: LeftFor = LeftFor.COMMUNITY) -> Effect:
    """They left prison. The stay ends; nothing else does."""
    event = events.Released(subject_id=stay.id, case_id=stay.case_id, on=london_day(released_at))
    return Effect(event, {"released_at": released_at, "ended_at": released_at, "left_for": left_for})


@MACHINE.step("Move to another prison", frm={EpisodeStatus.HELD}, to=EpisodeStatus.HELD, by=set(KEEPERS))
def move(stay: CustodyEpisode, _: Moment, prison_id: UUID, on: date) -> Effect:
    """The same stay goes on elsewhere."""
    event = events.Transferred(
        subject_id=stay.id, case_id=stay.case_id, on=on, from_prison_id=stay.prison_id, to_prison_id=prison_id
    )
    return Effect(event, {"prison_id": prison_id})


@MACHINE.step("Record death", frm={EpisodeStatus.HELD}, to=EpisodeStatus.DIED, by=set(RECALLERS))
def die(stay: CustodyEpisode, moment: Moment, person_id: UUID, on: date) -> Effect:
    """They died in custody."""
    return Effect(events.PersonDied(subject_id=person_id, case_id=stay.case_id, on=on), {"ended_at": moment.now})


def release(work: Work, case_id: UUID, form: Release) -> Stay:
    """The moment they left prison: check-ins, deadlines and the handover's clocks count from it."""
    case, stay = take_stay(work, case_id, RELEASERS)
    left = at(form.released_on, form.released_at)
    refuse_if(
        form.released_on < stay.received_on, Invalid("The release must not be before reception", beside="released_on")
    )
    refuse_if(left > work.now, Invalid("The release must not be in the future", beside="released_on"))
    planned, case.release_on = case.release_on, form.released_on
    work.session.add(case)
    leave(stay, work, left, form.left_for)
    left_early(work, case, stay, planned)
    return shown_stay(work, stay)


def answer(work: Work, case_id: UUID, form: WasReleased) -> Stay:
    """The answer to "Was ... released?": the release itself, or the new date, or that there is none yet."""
    if form.released and form.released_on and form.released_at:
        told = Release(released_on=form.released_on, released_at=form.released_at, left_for=form.left_for)
        return release(work, case_id, told)
    _, stay = take_stay(work, case_id, RELEASERS)
    if form.new_date:
        confirmed = Confirmation(confirmed_release_date=form.new_date, source=form.source)
        dates.confirm(work, case_id, confirmed, RELEASERS)
    else:
        dates.unconfirm(work, case_id, form.source, RELEASERS)
    return shown_stay(work, stay)


def recall(work: Work, case_id: UUID, form: Recall) -> UUID:
    """Back in custody: another stay begins, the prison gains standing, and a closed case opens again."""
    case = access.take_case(work, case_id)
    refuse_if(not acts_among(work.actor, RECALLERS), NotPermitted)
    refuse_if(open_stay(work, case_id), AlreadyInCustody)
    refuse_if(person_of(work, case_id).deceased_on, HasDied)
    prison = prison_called(work, form.prison_id)
    _refuse_unlikely_day(work, case_id, form.received_on)
    told = form.model_dump(include={"received_on", "custody_status", "sentence_type", "release_type"})
    stay = work.add(CustodyEpisode(case_id=case_id, prison_id=prison.id, **told))
    case.release_on = None
    reopen(work, case)
    move_to_prison(work, case, prison, "recall")
    work.record(events.Recalled(subject_id=stay.id, case_id=case_id, on=form.received_on, prison_id=prison.id))
    work.record(events.Received(subject_id=stay.id, case_id=case_id, on=form.received_on, prison_id=prison.id))
    return stay.id


def transfer(work: Work, case_id: UUID, form: Transfer) -> None:
    """Another prison holds them: its standing begins, the old prison's ends, and its team takes the case on."""
    case, stay = take_stay(work, case_id)
    prison = prison_called(work, form.prison_id)
    refuse_if(prison.id == stay.prison_id, Invalid("They are already at this prison", beside="prison_id"))
    refuse_if(form.moved_on > work.today, Invalid("The move must not be in the future", beside="moved_on"))
    refuse_if(form.moved_on < stay.received_on, Invalid("The move must not be before reception", beside="moved_on"))
    country = case.jurisdiction
    move(stay, work, prison.id, form.moved_on)
    move_to_prison(work, case, prison, "transfer")
    if prison.jurisdiction is not country:
        dates.suggest_again(work, case, stay, planned_on(stay))


def record_death(work: Work, case_id: UUID, form: Death) -> None:
    """They have died, in custody or after it: every clock stops, and nothing more is sent to them."""
    access.take_case(work, case_id)
    refuse_if(not acts_among(work.actor, RECALLERS), NotPermitted)
    person, stay = person_of(work, case_id), open_stay(work, case_id)
    refuse_if(person.deceased_on, HasDied)
    refuse_if(form.died_on > work.today, Invalid("The date of death must not be in the future", beside="died_on"))
    refuse_if(form.died_on < person.birth_date, Invalid("Check the date of death", beside="died_on"))
    person.deceased_on = form.died_on
    work.session.add(person)
    if stay:
        die(stay, work, person.id, form.died_on)
        tasks.cancel(work, subject_id=stay.id, kinds={ASK.kind, RELEASED_TODAY.kind}, why="died")
    else:
        work.record(events.PersonDied(subject_id=person.id, case_id=case_id, on=form.died_on))


def reopen(work: Work, case: Case) -> None:
    """A closed case is open again: the one journey goes on."""
    work.session.add(case)
    if case.closed_at is not None:
        case.closed_at, case.closed_because = None, ""
        work.session.flush()
        work.record(events.CaseReopened(subject_id=case.id, case_id=case.id))


def prison_called(work: Work, prison_id: UUID) -> Agency:
    """The prison with this id; Invalid beside the field for anything else."""
    agency = work.session.get(Agency, prison_id)
    if agency is None or agency.kind is not AgencyKind.PRISON or agency.closed_on:
        raise Invalid("Select a prison", beside="prison_id")
    return agency


def prisons(work: Work) -> list[Agency]:
    """The prisons of the partnership, by name."""
    query = select(Agency).where(Agency.kind == AgencyKind.PRISON, col(Agency.closed_on).is_(None))
    return list(work.session.exec(query.order_by(col(Agency.name))))


def _refuse_unlikely_day(work: Work, case_id: UUID, received_on: date) -> None:
    refuse_if(received_on > work.today, Invalid("The date must not be in the future", beside="received_on"))
    ended = select(CustodyEpisode.ended_at).where(CustodyEpisode.case_id == case_id)
    last = work.session.exec(ended.order_by(col(CustodyEpisode.ended_at).desc())).first()
    early = last is not None and received_on < london_day(last)
    refuse_if(early, Invalid("The date must not be before their last release", beside="received_on"))
