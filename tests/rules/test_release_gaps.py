"""What is missing from a release plan, one fact at a time (DOMAIN B.4, C.4; R29)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from throughcare.release.rules import (
    Bridge,
    Bridging,
    Item,
    Known,
    Medicines,
    Naloxone,
    Picture,
    PlanStatus,
    Slot,
    Tonight,
    gaps,
    may_change,
)

TODAY = date(2026, 11, 20)
RELEASE = date(2026, 12, 1)
TREATMENT = Slot("first_treatment", RELEASE + timedelta(days=1), "Sam Okoro", "12 Quay Street")
PROBATION = Slot("probation", RELEASE, "Lee Marsh", "4 Mill Lane")
ON_METHADONE = Medicines(
    opioid_need=Known.YES, opioid_medicine=Known.YES, naloxone=Naloxone.ACCEPTED, trained=True, kit="NX-204",
    kit_expires_on=RELEASE + timedelta(days=365), next_dose_known=True,
    bridge=Bridge(RELEASE, Bridging.NOT_NEEDED),
)  # fmt: skip
WHOLE = Picture(
    release_on=RELEASE, confirmed=True, needs=2, slots=(TREATMENT, PROBATION),
    items=(Item("travel", Known.YES, settled=True, missing="No travel."),),
    tonight=Tonight("3 Harbour Row"), medicines=ON_METHADONE,
    phone_agreed=True, texts_asked=True, safe_contact=True, treatment_by=RELEASE + timedelta(days=21),
)  # fmt: skip


def codes(plan, on=TODAY):
    return [gap.code for gap in gaps(plan, on)]


def medicines(**changed):
    return replace(WHOLE, medicines=replace(ON_METHADONE, **changed))


def test_a_whole_plan_has_no_gap():
    assert codes(WHOLE) == []


@pytest.mark.parametrize(
    ("plan", "gap"),
    [
        (replace(WHOLE, release_on=None), "release_date"),
        (replace(WHOLE, confirmed=False), "release_date_unconfirmed"),
        (replace(WHOLE, tonight=Tonight()), "address_tonight"),
        (replace(WHOLE, tonight=Tonight(no_fixed_abode=True)), "no_fixed_abode"),
        (replace(WHOLE, slots=(PROBATION,)), "treatment_appointment"),
        (replace(WHOLE, slots=(replace(TREATMENT, with_whom=""), PROBATION)), "named_worker"),
        (replace(WHOLE, slots=(replace(TREATMENT, place=""), PROBATION)), "treatment_place"),
        (replace(WHOLE, slots=(TREATMENT,)), "probation_appointment"),
        (replace(WHOLE, slots=(TREATMENT, replace(PROBATION, on=RELEASE - timedelta(days=1)))), "probation_before_release"),
        (medicines(opioid_need=Known.NOT_KNOWN), "opioid_need"),
        (medicines(opioid_medicine=Known.NOT_KNOWN), "opioid_medicine"),
        (medicines(naloxone=Naloxone.OFFERED), "naloxone"),
        (medicines(trained=False), "naloxone_training"),
        (medicines(kit=""), "naloxone_kit"),
        (medicines(next_dose_known=False), "next_dose"),
        (medicines(bridge=Bridge(RELEASE, Bridging.ISSUED)), "pharmacy"),
        (replace(WHOLE, phone_agreed=False), "phone"),
        (replace(WHOLE, texts_asked=False), "texts"),
        (replace(WHOLE, safe_contact=False), "safe_contact"),
        (replace(WHOLE, needs=0), "needs"),
        (replace(WHOLE, unseen=(("finance_id_bank", "ID and bank account"),)), "pathway_finance_id_bank"),
        (replace(WHOLE, overdue=1), "needs_overdue"),
        (replace(WHOLE, items=(Item("travel", missing="No travel."),)), "checklist_travel"),
    ],
    ids=lambda given: given if isinstance(given, str) else "",
)  # fmt: skip
def test_each_thing_missing_is_one_gap_and_says_so_in_a_sentence(plan, gap):
    assert gap in codes(plan)
    assert all(found.words.endswith(".") for found in gaps(plan, TODAY))


def test_nobody_has_an_opioid_question_skipped_but_naloxone_is_only_asked_where_there_is_a_need():
    assert codes(medicines(opioid_need=Known.NO, naloxone=Naloxone.NOT_OFFERED, kit="", trained=False)) == []
    assert codes(medicines(naloxone=Naloxone.REFUSED, kit="", trained=False)) == []


@pytest.mark.parametrize(("days", "expired"), [(0, True), (1, False)])
def test_a_kit_must_last_beyond_the_day_of_release(days, expired):
    plan = medicines(kit_expires_on=RELEASE + timedelta(days=days))
    assert ("naloxone_expiry" in codes(plan)) is expired
    assert ("naloxone_expiry" in codes(plan, RELEASE + timedelta(days=30))) is True


@pytest.mark.parametrize(
    ("last", "first", "bridged", "uncovered"),
    [
        (0, 1, Bridging.NOT_NEEDED, False),
        (0, 2, Bridging.NOT_NEEDED, True),
        (0, 2, Bridging.NOT_ARRANGED, True),
        (0, 2, Bridging.CONFIRMED, False),
        (-2, 1, Bridging.NOT_NEEDED, True),
    ],
)
def test_a_clinic_later_than_the_day_after_the_last_dose_needs_a_prescription_between(last, first, bridged, uncovered):
    """DOMAIN B.4: a bridging prescription where the first clinic slot is after the last supervised dose."""
    given = replace(ON_METHADONE, bridge=Bridge(RELEASE + timedelta(days=last), bridged))
    slot = replace(TREATMENT, on=RELEASE + timedelta(days=first))
    plan = replace(WHOLE, medicines=given, slots=(slot, PROBATION))
    assert ("bridging" in codes(plan)) is uncovered


@pytest.mark.parametrize(("days", "late"), [(21, False), (22, True)])
def test_treatment_must_start_by_day_twenty_one(days, late):
    plan = replace(WHOLE, slots=(replace(TREATMENT, on=RELEASE + timedelta(days=days)), PROBATION))
    assert ("treatment_late" in codes(plan)) is late


def test_what_is_not_needed_is_not_missed():
    not_needed = tuple(Item(code, Known.NO, missing="x.") for code in ("first_treatment", "probation", "travel"))
    assert codes(replace(WHOLE, slots=(), items=not_needed, medicines=Medicines(Known.NO, Known.NO))) == []


@pytest.mark.parametrize(("days", "missed"), [(0, False), (1, False), (3, False), (4, True)])
def test_a_jobcentre_appointment_in_the_first_days_is_one_that_somebody_has_arranged(days, missed):
    asked = (Item("benefits", missing="Nobody has arranged a Jobcentre appointment for the first days."),)
    booked = Slot("jobcentre", RELEASE + timedelta(days=days))
    with_it = replace(WHOLE, items=asked, slots=(*WHOLE.slots, booked))
    assert ("checklist_benefits" in codes(with_it)) is missed
    assert "checklist_benefits" in codes(replace(WHOLE, items=asked))


def test_a_pathway_is_named_within_the_sentence_as_people_write_it():
    unseen = replace(WHOLE, needs=1, unseen=(("a", "Health"), ("b", "ID and bank account")))
    said = [gap.words for gap in gaps(unseen, RELEASE)]
    assert "Nobody has looked at this pathway: health." in said
    assert "Nobody has looked at this pathway: ID and bank account." in said


def test_only_a_plan_that_is_being_written_may_be_changed():
    assert [status for status in PlanStatus if may_change(status)] == [
        PlanStatus.DRAFT, PlanStatus.RETURNED, PlanStatus.REOPENED,
    ]  # fmt: skip
