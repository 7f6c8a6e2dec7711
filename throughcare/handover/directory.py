"""The directory of services, with how each answers measured from our own record."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, timedelta
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from sqlalchemy import or_
from sqlmodel import col, select

from throughcare.casework.agencies import Agency, Service, Team
from throughcare.handover.forms import ServiceQuery
from throughcare.handover.reasons import HandoverLists
from throughcare.handover.rows import Handover, HandoverMove
from throughcare.handover.rules import Answered, ReplyFigures, reply_figures
from throughcare.handover.words import Status
from throughcare.kernel.actors import AgencyKind
from throughcare.kernel.clock import london_day
from throughcare.kernel.forms import Choice
from throughcare.kernel.work import Work

MEASURED_OVER = timedelta(days=365)
CHECKED_EVERY = timedelta(days=90)  # an entry not checked for longer says so


class ServiceView(BaseModel):
    """One service: what it offers, to whom, how to refer, and how it answers. None where there are too few answers."""

    model_config = ConfigDict(frozen=True, defer_build=True)
    id: UUID
    name: str
    provider: str
    phone: str
    options: tuple[str, ...]
    area: str
    eligibility: str
    how_to_refer: str
    hours: str
    checked_on: date | None
    stale: bool
    answers: int | None
    median_days: float | None
    accepted_percent: int | None
    top_reasons: tuple[str, ...]


class Directory(BaseModel):
    """The services that are open, by name; `fewest` is the number of answers below which no figure is shown."""

    model_config = ConfigDict(frozen=True, defer_build=True)
    services: tuple[ServiceView, ...] = ()
    fewest: int
    options: tuple[tuple[str, str], ...] = ()


def directory(work: Work, query: ServiceQuery) -> Directory:
    """The open services under these filters."""
    lists = work.reference[HandoverLists]
    figures = measured(work)
    open_now = (
        select(Service, Agency)
        .join(Team, col(Team.id) == col(Service.team_id))
        .join(Agency, col(Agency.id) == col(Team.agency_id))
        .where(
            Agency.kind == AgencyKind.PROVIDER,
            or_(col(Service.closed_on).is_(None), col(Service.closed_on) > work.today),
            or_(col(Agency.closed_on).is_(None), col(Agency.closed_on) > work.today),
        )
        .order_by(col(Service.name))
    )
    rows = [(service, agency) for service, agency in work.session.exec(open_now) if _fits(service, query)]
    shown = tuple(_view(work, service, agency, figures.get(service.id)) for service, agency in rows)
    return Directory(services=shown, fewest=lists.figures.suppress_under, options=tuple(lists.options.items()))


def _fits(service: Service, query: ServiceQuery) -> bool:
    treats = not query.option or query.option in service.options
    return treats and query.area.casefold() in service.area.casefold()


def _view(work: Work, service: Service, agency: Agency, told: ReplyFigures | None) -> ServiceView:
    lists, told = work.reference[HandoverLists], told or ReplyFigures()
    return ServiceView(
        id=service.id,
        name=service.name,
        provider=agency.name,
        phone=agency.phone,
        options=tuple(lists.options.get(code, code) for code in service.options),
        area=service.area,
        eligibility=service.eligibility,
        how_to_refer=service.how_to_refer,
        hours=service.hours,
        checked_on=service.checked_on,
        stale=service.checked_on is None or work.today - service.checked_on > CHECKED_EVERY,
        answers=told.answers,
        median_days=told.median_days,
        accepted_percent=told.accepted_percent,
        top_reasons=tuple(lists.declines.get(code, code) for code in told.top_reasons),
    )


def measured(work: Work) -> Mapping[UUID, ReplyFigures]:
    """How each service answered what was sent to it in the last year: its first yes or no to each handover."""
    made = (
        select(Handover.id, Handover.service_id, col(Handover.sent_at), HandoverMove.to, HandoverMove.at, HandoverMove.codes)  # type: ignore[call-overload] # six columns, one of JSON
        .join(HandoverMove, col(HandoverMove.handover_id) == col(Handover.id))
        .where(
            col(Handover.sent_at) >= work.now - MEASURED_OVER,
            col(HandoverMove.move).in_(["accept", "decline"]),
        )
        .order_by(col(HandoverMove.number))
    )  # fmt: skip
    answers: dict[UUID, dict[UUID, Answered]] = defaultdict(dict)
    for handover_id, service_id, sent_at, to, at, codes in work.session.exec(made):
        days = (london_day(at) - london_day(sent_at)).days
        answers[service_id].setdefault(handover_id, Answered(days, to is Status.ACCEPTED, next(iter(codes), "")))
    fewest = work.reference[HandoverLists].figures.suppress_under
    return {service_id: reply_figures(list(given.values()), fewest) for service_id, given in answers.items()}


def picker(work: Work) -> tuple[Choice, ...]:
    """The services to choose from, each with what a sender should know before sending."""
    return tuple(
        Choice(str(s.id), f"{s.name} ({s.provider})", hint(s)) for s in directory(work, ServiceQuery()).services
    )


def hint(service: ServiceView) -> str:
    """What it offers, where, to whom, and how it answers, in a line."""
    told = [", ".join(service.options), service.area, service.eligibility, answering(service)]
    return ". ".join(part.rstrip(".") for part in told if part)


def answering(service: ServiceView) -> str:
    """How it answers, in words; says so when there is too little to go by."""
    if service.median_days is None:
        return "Too few answers yet to say how soon it replies"
    days = f"{service.median_days:g} day{'' if service.median_days == 1 else 's'}"
    why = f", most often declines because: {service.top_reasons[0].lower()}" if service.top_reasons else ""
    accepts = "" if service.accepted_percent is None else f" and accepts {service.accepted_percent}%"
    return f"Usually answers in {days}{accepts}{why}"
