"""The phones of the demonstration: each person's texts on a screen, and a box to answer in. There in the demo only."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from litestar import Request, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, RawBody
from litestar.response import Redirect
from sqlmodel import col, select

from throughcare.casework.people import Person, PhoneNumber
from throughcare.checkin.rows import InboundText, TextReceived
from throughcare.kernel.actors import SYSTEM
from throughcare.kernel.outbox import OutboxRow
from throughcare.kernel.refusals import NotFound
from throughcare.kernel.work import Desk, Work
from throughcare.web.bodies import parse_body
from throughcare.web.frame import Frame, Site
from throughcare.web.parts import Message
from throughcare.web.places import Page, html
from throughcare.web.templating import render

Asked = Request[Any, Any, Any]
ReplyAs = Callable[[str, str], Awaitable[int]]  # number, words -> what our webhook answered
LONGEST = 1_600
REACHED = frozenset({"accepted", "sent", "delivered", "unconfirmed"})
MOST = 200
GONE = "(deleted)"  # a real phone keeps its texts; this one shows what the service has


class Handset(NamedTuple):
    """One phone on the list: whose, its number, and the last thing said on it."""

    id: UUID
    name: str
    number: str
    texts: int


@dataclass(frozen=True)
class Screen:
    """One phone as its holder sees it: what arrived is on the left, what they wrote on the right."""

    id: UUID
    name: str
    number: str
    messages: tuple[Message, ...]


def handsets(work: Work) -> list[Handset]:
    """Every phone there is, those with the newest texts first."""
    rows = work.session.exec(
        select(PhoneNumber, Person)
        .join(Person, col(Person.case_id) == col(PhoneNumber.case_id))
        .where(col(PhoneNumber.until_at).is_(None))
        .order_by(col(Person.family), col(Person.given))
        .limit(MOST)
    ).all()
    counts: dict[str, int] = {}
    for number in work.session.exec(select(OutboxRow.to).where(col(OutboxRow.state).in_(REACHED))):
        counts[number] = counts.get(number, 0) + 1
    found = [
        Handset(number.id, f"{person.given} {person.family}", number.number, counts.get(number.number, 0))
        for number, person in rows
    ]
    return sorted(found, key=lambda phone: -phone.texts)


def screen(work: Work, number_id: UUID) -> Screen:
    """What this phone shows."""
    held = work.session.get(PhoneNumber, number_id)
    if held is None:
        raise NotFound
    person = work.session.exec(select(Person).where(Person.case_id == held.case_id)).one()
    messages = sorted(
        [*_arrived(work, held.number), *_written(work, held.number)], key=lambda message: (message.at, not message.sent)
    )
    return Screen(held.id, f"{person.given} {person.family}", held.number, tuple(messages))


def _arrived(work: Work, number: str) -> list[Message]:
    ours = select(OutboxRow).where(OutboxRow.to == number, col(OutboxRow.state).in_(REACHED))
    return [
        Message(row.text or GONE, row.sending_at or row.created_at, "Check-in team", sent=False)
        for row in work.session.exec(ours)
    ]


def _written(work: Work, number: str) -> list[Message]:
    placed = select(TextReceived).where(TextReceived.from_number == number)
    loose = select(InboundText).where(InboundText.from_number == number, InboundText.body != "")
    return [
        *(Message(row.text or row.kind.label, row.received_at, "You", sent=True) for row in work.session.exec(placed)),
        *(Message(row.body, row.received_at, "You", sent=True) for row in work.session.exec(loose)),
    ]


def _page(request: Asked, site: Site, template: str, **context: Any) -> Page:
    frame = Frame(site=site, nonce=request.scope.get("state", {}).get("nonce", ""))
    return html(render(template, frame=frame, **context))


@get("/simulator", sync_to_thread=True, include_in_schema=False, opt={"door": "open"})
def phones(request: Asked, desk: NamedDependency[Desk], site: NamedDependency[Site]) -> Page:
    """Every phone of the demonstration."""
    with desk.work(SYSTEM) as work:
        return _page(request, site, "simulator/phones.html", phones=handsets(work))


@get("/simulator/{number_id:uuid}", sync_to_thread=True, include_in_schema=False, opt={"door": "open"})
def phone(request: Asked, number_id: FromPath[UUID], desk: NamedDependency[Desk], site: NamedDependency[Site]) -> Page:
    """One phone."""
    with desk.work(SYSTEM) as work:
        return _page(request, site, "simulator/phone.html", phone=screen(work, number_id), longest=LONGEST)


@post("/simulator/{number_id:uuid}/reply", status_code=303, include_in_schema=False, opt={"door": "open"})
async def reply(
    number_id: FromPath[UUID], body: RawBody, desk: NamedDependency[Desk], reply_as: NamedDependency[Any]
) -> Redirect:
    """The holder of the phone answers: their words go through the same signed door as anybody's."""
    words = (parse_body(body).get("text") or [""])[-1][:LONGEST].encode("utf-8", "replace").decode()
    with desk.work(SYSTEM) as work:
        number = screen(work, number_id).number
    await reply_as(number, words)
    return Redirect(f"/simulator/{number_id}#end", status_code=303)


@post("/simulator/{number_id:uuid}/ring", status_code=303, include_in_schema=False, opt={"door": "open"})
async def ring(number_id: FromPath[UUID], desk: NamedDependency[Desk], ring_as: NamedDependency[Any]) -> Redirect:
    """The holder of the phone rings us: through the same signed door, and nobody answers."""
    with desk.work(SYSTEM) as work:
        number = screen(work, number_id).number
    await ring_as(number)
    return Redirect(f"/simulator/{number_id}#end", status_code=303)


ROUTES: tuple[Any, ...] = ()  # only the demonstration has phones on a screen
DEMONSTRATION_ROUTES = [phones, phone, reply, ring]
