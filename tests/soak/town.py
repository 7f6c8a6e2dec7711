"""People leaving prison over the first ten days of twelve weeks, and what befalls each of them: the same for the same seed."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from uuid import UUID, uuid4

from throughcare.casework.people import Case as CaseTable
from throughcare.casework.people import Consent, ConsentState, Language, Person, PhoneNumber, SafeContact
from throughcare.casework.rows import CustodyEpisode, CustodyStatus, Involvement, ReleaseType, SentenceType
from throughcare.disclosure.policy import Basis
from throughcare.kernel.actors import SYSTEM, Actor, Jurisdiction
from throughcare.kernel.work import Desk

WORD = "harvest"
# How they take the texts, and how many in a hundred: the rest answer most of them.
WAYS = {
    "silent": 12, "stops": 5, "stops_and_starts": 3, "wrong_number": 3, "off": 5, "dead": 3, "odd_code": 2, "crisis": 4, "pauses": 4,
    "unproven": 4, "recalled": 5, "hospital": 3, "dies": 1, "shares": 2, "late_release": 5, "welsh": 5,
}  # fmt: skip
CODES = {"off": 30003, "dead": 30005, "odd_code": 39_999}


@dataclass
class Someone:
    """One person, as a bystander who knows all sees them: nothing here is read from the service's tables."""

    case_id: UUID
    number: str
    way: str
    actor: Actor
    release: datetime
    safe: tuple[time, time]
    out_since: datetime | None = None  # a STOP stands
    suspended: bool = False
    shared: bool = False
    inside: bool = True  # in custody, hospital, or dead
    closings: list[datetime] = field(
        default_factory=list
    )  # whatever ends a silence: words from them, a call, custody, a STOP
    words: int = 0  # texts they have sent

    def closed_since(self, instant: datetime) -> bool:
        return any(at >= instant for at in self.closings)


def number(each: int) -> str:
    """One of the thousand mobile numbers kept for drama. For more people than that, one with two digits too many to be anybody's."""
    return f"+447700900{each:03d}" if each < 1_000 else f"+447700900{each:05d}"


def shares(many: int) -> list[str]:
    """How so many people take the texts, each way by its share."""
    ways = [way for way, share in WAYS.items() for _ in range(max(1, round(many * share / 100)))]
    return [*ways, *["answers"] * (many - len(ways))][:many]


def people(desk: Desk, world, ways: list[str], seed: int, within: int = 10) -> list[Someone]:
    """In custody, each with consent, a number, safe times and a word agreed; half are the officer's who will leave. Released within so many days."""
    dice, now = random.Random(seed), desk.clock.now()
    ways = list(ways)
    dice.shuffle(ways)
    found = []
    for each, way in enumerate(ways):
        actor = world.actors["officer" if each % 2 else "other_officer"]
        release = now + timedelta(days=dice.randint(1, within), minutes=dice.randint(0, 300))
        safe = dice.choice([(time(9), time(20))] * 8 + [(time(12), time(14)), (time(17), time(21))])
        found.append(Someone(uuid4(), number(each), way, actor, release, safe))
    for start in range(0, len(found), 250):
        _write(desk, found[start : start + 250], world)
    return found


def _write(desk: Desk, some: list[Someone], world) -> None:
    with desk.work(SYSTEM) as work:
        for kind in (_case, _person, _stay, _standing, _care, _consent, _contact, _number):
            made = [kind(each, work) for each in some]
            for row in made:
                row.created_at = work.now
            work.session.add_all(made)
            work.session.flush()
        for each in some:
            world.involve(work, each.case_id, "probation", Basis.ORDER)


def _case(each: Someone, _) -> CaseTable:
    return CaseTable(
        id=each.case_id, reference=f"TC-{each.number[-5:]}", jurisdiction=Jurisdiction.ENGLAND_WALES,
        owner_agency_id=each.actor.agency_id, owner_team_id=each.actor.team_id, owner_worker_id=each.actor.id,
        officer_id=each.actor.id, is_synthetic=True,
    )  # fmt: skip


def _person(each: Someone, work) -> Person:
    language = Language.WELSH if each.way == "welsh" else Language.ENGLISH
    born = work.today.replace(year=1990, day=1)
    return Person(case_id=each.case_id, given="Ash", family="Rowan", birth_date=born, language=language)


def _stay(each: Someone, work) -> CustodyEpisode:
    return CustodyEpisode(
        case_id=each.case_id, prison_id=each.actor.agency_id, received_on=work.today - timedelta(days=60),
        custody_status=CustodyStatus.SENTENCED, sentence_type=SentenceType.DETERMINATE, release_type=ReleaseType.AUTOMATIC,
    )  # fmt: skip


def _standing(each: Someone, work, basis: Basis = Basis.TASK) -> Involvement:
    return Involvement(
        case_id=each.case_id, agency_id=each.actor.agency_id, basis=basis, because="reception", from_at=work.now
    )


def _care(each: Someone, work) -> Involvement:
    return _standing(each, work, Basis.CARE)


def _consent(each: Someone, work) -> Consent:
    given = {"purpose": "texts", "state": ConsentState.GIVEN, "given_at": work.now, "recorded_by": each.actor.id}
    return Consent(case_id=each.case_id, **given)


def _contact(each: Someone, _) -> SafeContact:
    safe_from, safe_until = (wall.strftime("%H:%M") for wall in each.safe)
    return SafeContact(case_id=each.case_id, safe_from=safe_from, safe_until=safe_until)


def _number(each: Someone, work) -> PhoneNumber:
    return PhoneNumber(case_id=each.case_id, number=each.number, from_at=work.now, code_word=WORD)
