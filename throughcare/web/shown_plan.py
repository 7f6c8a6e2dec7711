"""The Plan tab's pages: a task list with a status for each part, and each part as lines of summary lists."""

from __future__ import annotations

from uuid import UUID

from throughcare.kernel.work import Work
from throughcare.release import showing
from throughcare.release.rules import Known, NeedStatus, PlanStatus
from throughcare.release.views import ItemShown, NeedShown, PlanPage
from throughcare.web import words
from throughcare.web.parts import Colour, Job, Row
from throughcare.web.visit import Ids

COLOURS: dict[PlanStatus, Colour] = {
    PlanStatus.AGREED: "green", PlanStatus.RETURNED: "orange", PlanStatus.REOPENED: "orange",
}  # fmt: skip


class PlanView(PlanPage):
    """The plan with what stands around it."""

    case_id: UUID

    @property
    def here(self) -> str:
        return f"/cases/{self.case_id}/plan"

    @property
    def told(self) -> bool:
        """Whether this reader may be told of the plan itself, and not of single facts in it alone."""
        return self.plan is not None and "gaps" not in self.plan.withheld

    @property
    def colour(self) -> Colour:
        return COLOURS.get(self.plan.status, "") if self.plan and self.plan.status else ""

    def gaps_of(self, part: str) -> int:
        return sum(gap.part == part for gap in self.plan.gaps) if self.plan else 0

    @property
    def pathways(self) -> list[Job]:
        """One line a pathway: looked at or not, and how many needs are open."""
        return [self._pathway(code, label) for code, label in self.domains]

    def _pathway(self, code: str, label: str) -> Job:
        held = [need for need in self.needs if need.domain == code]
        still = sum(need.status is NeedStatus.OPEN for need in held)
        href = f"{self.here}/needs#{code}"
        if not held:
            return Job(label, "Not looked at yet", href, colour="grey")
        return Job(label, f"{still} open", href) if still else Job(label, "Nothing open", href, plain=True)

    @property
    def parts(self) -> list[Job]:
        """The parts of the plan, with what each is missing."""
        return [
            self._part("Appointments", "appointments"),
            self._part("Address for the night of release", "address"),
            self._part("Naloxone, next dose and medicines", "medicines"),
            self._part("Day-of-release checklist", "checklist"),
        ]

    def _part(self, title: str, part: str) -> Job:
        count = self.gaps_of(part)
        status = words.plural(count, "gap") if count else "No gaps"
        return Job(title, status, self.href_of(part), colour="orange" if count else "", plain=not count)

    def href_of(self, part: str) -> str:
        """The page of a part, where this reader may open it from where the plan stands."""
        shut = {"address": not self.plan.may_write, "medicines": not self.plan.may_prescribe} if self.plan else {}
        return "" if shut.get(part) else f"{self.here}/{part}"

    def needs_on(self, code: str) -> list[NeedShown]:
        return [need for need in self.needs if need.domain == code]

    @property
    def lines(self) -> list[tuple[ItemShown, str, Colour]]:
        """The checklist with how each line stands."""
        missing = {gap.code for gap in self.plan.gaps} if self.plan else set()
        return [(item, *item_status(item, missing=f"checklist_{item.code}" in missing)) for item in self.checklist]

    def rows_of(self, need: NeedShown) -> list[Row]:
        return need_rows(need)

    @property
    def address_rows(self) -> list[Row]:
        told = self.lodging
        if told is None or told.recorded_at is None or "tonight" in told.withheld:
            return []
        return filled(
            ("Night of release", "No fixed address" if told.no_fixed_abode else told.tonight),
            ("Phone number there", told.tonight_phone),
            ("Nights 2 to 7", told.later_nights),
            ("Council told", told.council_told),
        )

    @property
    def medicine_rows(self) -> list[Row]:
        told = self.medicines
        if told is None or told.naloxone is None:
            return []
        arranged = {None: "", True: "Arranged", False: "Not arranged"}[told.next_dose_arranged]
        dose = f"{words.instant(told.next_dose_at)}, {told.next_dose_where}" if told.next_dose_at else arranged
        return filled(
            ("Naloxone", told.naloxone.label),
            ("Shown how to use it", words.yes_no(told.naloxone_trained)),
            ("Kit", told.naloxone_kit or ""),
            ("Kit expires", words.day(told.naloxone_expires_on)),
            ("Opioid need", told.opioid_need.label if told.opioid_need else ""),
            ("On methadone or buprenorphine", told.opioid_medicine.label if told.opioid_medicine else ""),
            ("Last supervised dose", words.day(told.last_supervised_on)),
            ("Next dose", dose),
            ("Prescription until the first clinic", told.bridging.label if told.bridging else ""),
            ("Pharmacy", told.bridging_pharmacy or ""),
            ("Given at the gate", told.in_hand or ""),
        )

    @property
    def signed_rows(self) -> list[Row]:
        told = self.plan
        if told is None:
            return []
        return filled(
            ("Started", words.day(told.started_on)),
            ("Put forward by", told.author if told.submitted_at else ""),
            ("The person", told.person_agrees.label if told.person_agrees else ""),
            ("How they said so", told.person_agrees_how),
            ("Agreed by", told.approver),
            ("Agreed", words.instant(told.agreed_at)),
            ("Agreed with gaps because", told.agreed_because),
            ("Returned because", told.returned_because),
            ("Opened again because", told.reopened_because),
        )


def need_rows(need: NeedShown) -> list[Row]:
    """One need as lines."""
    return filled(
        ("Needed", need.what),
        ("How serious", need.severity.label if need.severity else ""),
        ("Where", need.side.label if need.side else ""),
        ("Who sees to it", need.owner),
        ("What they will do", need.action),
        ("Due", words.day(need.due_on)),
        ("Status", need.status.label if need.status else ""),
        ("What shows it", need.evidence),
        ("Came to light", f"{need.source.label}, {words.day(need.identified_on)}" if need.source else ""),
    )


def item_status(item: ItemShown, *, missing: bool) -> tuple[str, Colour]:
    """How a line of the checklist stands. What is recorded elsewhere in the plan is only to be confirmed on the day."""
    if item.done:
        return "Done", "green"
    if item.needed is Known.NO:
        return "Not needed", "grey"
    if item.arranged_by:
        return "Arranged", ""
    return ("To arrange", "orange") if missing else ("To confirm", "grey")


def filled(*rows: tuple[str, str]) -> list[Row]:
    """The lines that have something in them."""
    return [Row(key, value) for key, value in rows if value]


def shown(work: Work, ids: Ids, _: object) -> PlanView:
    """The plan of the case in the path."""
    return PlanView(**dict(showing.page(work, ids["case_id"])), case_id=ids["case_id"])
