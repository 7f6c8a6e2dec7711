"""A handover taken as far along as a test needs, by the people who would take it there."""

from __future__ import annotations

from datetime import date, time
from uuid import UUID

from throughcare.casework.people import Case, Consent, ConsentState
from throughcare.handover import answering, doors, offering, passing, sharing
from throughcare.handover.forms import Accepting, Drafting, FirstContact, How, Sending, Sharing
from throughcare.handover.rows import Handover
from throughcare.kernel.actors import SYSTEM
from throughcare.kernel.categories import Category

AREA = {"area": "Ashby", "sought": "key_working"}
FIRST_APPOINTMENT = {"on": date(2026, 12, 2), "at": time(10, 30), "place": "12 Quay Street"}


class Handing:
    """One case and its handover in a World; each verb opens its own work, as a press of a button does."""

    def __init__(self, world, *, case: UUID | None = None, to: str = "provider") -> None:
        self.world, self.desk, self.to = world, world.desk, to
        self.case_id = case or world.case()
        self.id = UUID(int=0)

    def agreed(self, *more: Category) -> Handing:
        """The person consents to be referred there."""
        with self.desk.work(self.world.officer) as work:
            consent = Consent(
                case_id=self.case_id, purpose="referral", agency_id=self.world.agencies[self.to],
                categories=[Category.IDENTITY, *more], state=ConsentState.GIVEN, given_at=work.now,
                recorded_by=work.actor.id,
            )  # fmt: skip
            work.add(consent)
        return self

    def drafted(self, by=None, **answers) -> Handing:
        form = Drafting(service_id=self.world.services[self.to], **AREA | answers)
        with self.desk.work(by or self.world.officer) as work:
            self.id = offering.draft(work, self.case_id, form).id
        return self

    def sharing(self, *sections: str, **notes) -> Handing:
        with self.desk.work(self.world.officer) as work:
            offering.choose(work, self.id, Sharing(sections=sections, **notes))
        return self

    def preview(self, by=None) -> sharing.Preview:
        with self.desk.work(by or self.world.officer) as work:
            return sharing.preview(work, doors.find(work, self.id))

    def sent(self, by=None, **answers) -> Handing:
        if self.id.int == 0:
            self.agreed().drafted(by, **answers)
        self.do(by or self.world.officer, offering.send, Sending(sha256=self.preview(by).sha256))
        return self

    def received(self, **answers) -> Handing:
        self.sent(**answers)
        self.do(self.receiver, answering.receive)
        return self

    def accepted(self, **answers) -> Handing:
        self.received(**answers)
        self.do(self.receiver, answering.accept, self.acceptance())
        return self

    def active(self, **answers) -> Handing:
        self.accepted(**answers)
        self.do(self.receiver, passing.first_contact, self.contact())
        return self

    @property
    def receiver(self):
        return self.world.actors[self.to]

    def acceptance(self, **changed) -> Accepting:
        return Accepting(**{"worker_id": self.receiver.id, **FIRST_APPOINTMENT, **changed})

    def contact(self) -> FirstContact:
        with self.desk.work(SYSTEM) as work:
            return FirstContact(on=work.today, at=work.now.time().replace(tzinfo=None), how=How.IN_REACH)

    def do(self, actor, verb, *form):
        with self.desk.work(actor) as work:
            return verb(work, self.id, *form)

    @property
    def row(self) -> Handover:
        with self.desk.work(SYSTEM) as work:
            return work.session.get_one(Handover, self.id)

    @property
    def case(self) -> Case:
        with self.desk.work(SYSTEM) as work:
            return work.session.get_one(Case, self.case_id)
