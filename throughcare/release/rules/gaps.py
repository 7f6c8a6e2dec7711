"""What is missing from a release plan. A gap is a plain sentence and the page that closes it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from throughcare.release.rules.words import Bridging, Known, Naloxone, PlanStatus

CHANGEABLE = frozenset({PlanStatus.DRAFT, PlanStatus.RETURNED, PlanStatus.REOPENED})
TREATMENT, PROBATION, JOBCENTRE = "first_treatment", "probation", "jobcentre"
BENEFITS, FIRST_DAYS = "benefits", timedelta(days=3)  # the checklist's line for the Jobcentre, and its "first days"
NO_FIXED_ABODE = "no_fixed_abode"


@dataclass(frozen=True)
class Gap:
    """One thing missing. `part` is the plan's page that closes it, or blank where it is recorded elsewhere."""

    code: str
    words: str
    part: str = ""


@dataclass(frozen=True)
class Slot:
    """A booked appointment, in London's days."""

    kind: str
    on: date
    with_whom: str = ""
    place: str = ""


@dataclass(frozen=True)
class Item:
    """A line of the day-of-release checklist. `missing` is what is said while nobody has arranged it; blank: nothing."""

    code: str
    needed: Known = Known.NOT_KNOWN
    settled: bool = False  # somebody has arranged it, or it is done
    missing: str = ""


@dataclass(frozen=True)
class Tonight:
    """Where the person sleeps on the day of release."""

    address: str = ""
    no_fixed_abode: bool = False


@dataclass(frozen=True)
class Bridge:
    """Days without a prescriber: the last dose seen to be taken, and what covers the time to the first clinic."""

    last_supervised_on: date | None = None
    prescription: Bridging = Bridging.NOT_ARRANGED


@dataclass(frozen=True)
class Medicines:
    """What keeps a person with an opioid need alive over the first days."""

    opioid_need: Known = Known.NOT_KNOWN
    opioid_medicine: Known = Known.NOT_KNOWN
    naloxone: Naloxone = Naloxone.NOT_OFFERED
    trained: bool = False
    kit: str = ""
    kit_expires_on: date | None = None
    next_dose_known: bool = False
    bridge: Bridge = field(default_factory=Bridge)


@dataclass(frozen=True)
class Picture:
    """All that a plan is judged by. `treatment_by` is the last day on which treatment still counts as continuous."""

    release_on: date | None = None
    confirmed: bool = False
    needs: int = 0
    unseen: tuple[tuple[str, str], ...] = ()  # the pathways not looked at, code and label
    overdue: int = 0  # open needs whose day has gone
    slots: tuple[Slot, ...] = ()
    items: tuple[Item, ...] = ()
    tonight: Tonight = field(default_factory=Tonight)
    medicines: Medicines = field(default_factory=Medicines)
    phone_agreed: bool = False  # a number proven, or one with a code word agreed
    texts_asked: bool = False
    safe_contact: bool = False
    treatment_by: date | None = None

    def needed(self, code: str) -> bool:
        """Whether the checklist has not said that this is not needed."""
        return all(item.needed is not Known.NO for item in self.items if item.code == code)

    def first(self, kind: str) -> Slot | None:
        return min((slot for slot in self.slots if slot.kind == kind), key=lambda slot: slot.on, default=None)


def gaps(plan: Picture, on: date) -> tuple[Gap, ...]:
    """What is missing from this plan on this day, in the order in which it matters on the day of release."""
    found = (_release, _tonight, _treatment, _medicines, _naloxone, _probation, _contact, _needs, _checklist)
    return tuple(gap for look in found for gap in look(plan, on))


def may_change(status: PlanStatus) -> bool:
    """Whether what will be agreed may still be written."""
    return status in CHANGEABLE


def _release(plan: Picture, _: date) -> Iterator[Gap]:
    if plan.release_on is None:
        yield Gap("release_date", "There is no release date to plan on.")
    elif not plan.confirmed:
        yield Gap("release_date_unconfirmed", "The prison has not confirmed the release date.")


def _tonight(plan: Picture, _: date) -> Iterator[Gap]:
    if plan.tonight.no_fixed_abode:
        yield Gap(NO_FIXED_ABODE, "They have no fixed address: a manager must agree the plan.", "address")
    elif not plan.tonight.address:
        yield Gap("address_tonight", "There is no address for the night of release.", "address")


def _treatment(plan: Picture, _: date) -> Iterator[Gap]:
    if not plan.needed(TREATMENT):
        return
    first = plan.first(TREATMENT)
    if first is None:
        yield Gap("treatment_appointment", "There is no first treatment appointment.", "appointments")
        return
    if not first.with_whom:
        yield Gap("named_worker", "The first treatment appointment has no named worker.", "appointments")
    if not first.place:
        yield Gap("treatment_place", "The first treatment appointment has no place.", "appointments")
    if plan.treatment_by and first.on > plan.treatment_by:
        yield Gap(
            "treatment_late", "The first treatment appointment is too late to keep care continuous.", "appointments"
        )
    yield from _before_release(plan, first, "treatment")


def _before_release(plan: Picture, slot: Slot, what: str) -> Iterator[Gap]:
    if plan.release_on and slot.on < plan.release_on:
        words = f"The first {what} appointment is before the release date: move it."
        yield Gap(f"{what}_before_release", words, "appointments")


def _medicines(plan: Picture, _: date) -> Iterator[Gap]:
    given = plan.medicines
    if given.opioid_medicine is Known.NOT_KNOWN:
        yield Gap("opioid_medicine", "Nobody has recorded whether they are on methadone or buprenorphine.", "medicines")
    if given.opioid_medicine is not Known.YES:
        return
    if not given.next_dose_known:
        yield Gap("next_dose", "Nobody has recorded when and where the next dose is.", "medicines")
    yield from _bridge(plan, given.bridge)


def _bridge(plan: Picture, bridge: Bridge) -> Iterator[Gap]:
    """A prescription is needed where the first clinic falls after the day that follows the last supervised dose."""
    if bridge.prescription is Bridging.CONFIRMED:
        return
    if bridge.prescription is Bridging.ISSUED:
        yield Gap("pharmacy", "The pharmacy has not confirmed that it will accept them.", "medicines")
        return
    first, last = plan.first(TREATMENT), bridge.last_supervised_on or plan.release_on
    uncovered = first is None or last is None or (first.on - last).days > 1
    if uncovered:
        yield Gap("bridging", "No prescription covers the days from the last dose to the first clinic.", "medicines")


def _naloxone(plan: Picture, on: date) -> Iterator[Gap]:
    given = plan.medicines
    if given.opioid_need is Known.NOT_KNOWN:
        yield Gap("opioid_need", "Nobody has recorded whether they have an opioid need.", "medicines")
    if given.opioid_need is not Known.YES or given.naloxone is Naloxone.REFUSED:
        return
    if given.naloxone is not Naloxone.ACCEPTED:
        yield Gap("naloxone", "There is no decision about take-home naloxone.", "medicines")
        return
    yield from _kit(given, max(on, plan.release_on or on))


def _kit(given: Medicines, until: date) -> Iterator[Gap]:
    if not given.trained:
        yield Gap("naloxone_training", "They have not been shown how to use naloxone.", "medicines")
    if not given.kit:
        yield Gap("naloxone_kit", "No naloxone kit has been set aside for them.", "medicines")
    elif given.kit_expires_on is None or given.kit_expires_on <= until:
        yield Gap("naloxone_expiry", "The naloxone kit will have expired, or its expiry is not recorded.", "medicines")


def _probation(plan: Picture, _: date) -> Iterator[Gap]:
    if not plan.needed(PROBATION):
        return
    first = plan.first(PROBATION)
    if first is None:
        yield Gap("probation_appointment", "There is no first probation appointment.", "appointments")
    else:
        yield from _before_release(plan, first, PROBATION)


def _contact(plan: Picture, _: date) -> Iterator[Gap]:
    if not plan.safe_contact:
        yield Gap("safe_contact", "Nobody has recorded how it is safe to reach them.")
    if not plan.phone_agreed:
        yield Gap("phone", "There is no phone number with an agreed code word, or proven to be theirs.")
    if not plan.texts_asked:
        yield Gap("texts", "They have not been asked whether they agree to texts.")


def _needs(plan: Picture, _: date) -> Iterator[Gap]:
    if not plan.needs:
        yield Gap("needs", "No pathway has been looked at.", "needs")
    else:
        for code, label in plan.unseen:
            name = label if label[:2].isupper() else label[:1].lower() + label[1:]  # "ID" keeps its capitals
            yield Gap(f"pathway_{code}", f"Nobody has looked at this pathway: {name}.", "needs")
    if plan.overdue:
        yield Gap("needs_overdue", "A need that is still open has passed the day it was due.", "needs")


def _checklist(plan: Picture, _: date) -> Iterator[Gap]:
    for item in plan.items:
        if item.missing and item.needed is not Known.NO and not item.settled and not _booked(plan, item):
            yield Gap(f"checklist_{item.code}", item.missing, "checklist")


def _booked(plan: Picture, item: Item) -> bool:
    """Whether what the line asks for stands among the appointments: the Jobcentre, in the first days."""
    first = plan.first(JOBCENTRE)
    if item.code != BENEFITS or first is None or plan.release_on is None:
        return False
    return first.on - plan.release_on <= FIRST_DAYS
