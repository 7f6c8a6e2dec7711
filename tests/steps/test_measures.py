"""Every number of the measures page against a caseload counted by hand."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest

from tests.support.measuring import LEFT, RECEIVED, Counting, noon, several
from throughcare.casework import custody
from throughcare.casework.forms_custody import Release
from throughcare.casework.rows import AppointmentStatus, ClockState, EpisodeStatus, LeftFor
from throughcare.intervention.rows import Assessed, ReferralStatus, SpecialistReferral
from throughcare.kernel.actors import SYSTEM
from throughcare.kernel.refusals import NotPermitted
from throughcare.measures import actions
from throughcare.measures.forms import MeasuresQuery
from throughcare.release.rules import Bridging, Known, Naloxone
from throughcare.requirement.rows import ComplianceReport
from throughcare.requirement.words import Ending
from throughcare.safeguarding.rows import Child, Concern, Consultation, Referral
from throughcare.safeguarding.rules import Level
from throughcare.screening.rows import Scope, Screening, ToldUs
from throughcare.screening.rules import Pathway, Status, WantsHelp

Q2 = "2026-27-q2"


@pytest.fixture
def counting(world):
    return Counting(world)


def page_for(counting, actor=None, **asked):
    with counting.desk.work(actor or counting.world.prison_manager) as work:
        return actions.show(work, MeasuresQuery(**{"period": Q2, **asked}))


def numbers(page):
    """Every number by measure and whom: (count, out of, per cent)."""
    return {
        (measure.code, it.label): (it.count, it.out_of, it.per_cent)
        for group in page.groups
        for measure in group.measures
        for it in measure.counted
    }


def raw(counting, period=Q2, actor=None):
    """Every count before anything is hidden."""
    with counting.desk.work(actor or counting.world.prison_manager) as work:
        year, chosen = actions.named(period, work.today, 3)
        grid = actions.count(work, year, tuple(map(actions.UUID, actions.prisons_named(work))))
    return {cell.name: n for cell, n in grid.values.items() if cell.period == chosen.code and cell.place == "all" and n}


def receptions(counting):
    """27 receptions: 8 dependent drinkers with drugs too, seen; 6 who only drink, unseen; 7 with no need; 6 unscreened."""
    for case_id in several(8, counting.held):
        counting.screened(case_id, "audit", 22, positive=True)
        counting.screened(case_id, "dudit", 10, positive=True)
        counting.asked(case_id, alcohol=WantsHelp.YES, drugs=WantsHelp.UNSURE)
        counting.seen(case_id, RECEIVED + timedelta(days=21))
    for case_id in several(6, counting.held):
        counting.screened(case_id, "audit", 12, positive=True)
        counting.screened(case_id, "dudit", 0, positive=False)
        counting.asked(case_id, alcohol=WantsHelp.YES)
        counting.seen(case_id, RECEIVED + timedelta(days=22))
    for case_id in several(7, counting.held):
        counting.screened(case_id, "audit", 3, positive=False)
        counting.screened(case_id, "dudit", 0, positive=False)
    several(6, counting.held)


def test_need_at_reception_and_who_was_seen(counting):
    receptions(counting)
    told = numbers(page_for(counting))
    assert told["screened", "Alcohol"] == (21, 27, 77.8)
    assert told["screened", "Drugs"] == (21, 27, 77.8)
    assert told["need", "Alcohol"] == (14, 21, 66.7)
    assert told["need", "Drugs"] == (8, 21, 38.1)
    assert told["dependent", "Alcohol"] == (8, 21, 38.1)
    assert told["dependent", "Drugs"] == (None, 21, None)
    assert told["seen", "Alcohol"] == (8, 14, 57.1)
    assert told["seen", "Drugs"] == (8, 8, 100.0)
    assert told["wanting", "Alcohol"] == (8, 8, 100.0)
    assert told["wanting", "Drugs"] == (None, None, None)
    assert told["drinkers_with_drugs", "Alcohol"] == (8, 8, 100.0)
    assert told["alcohol_only_unseen", "Alcohol"] == (6, 14, 42.9)


def test_only_the_first_completed_screen_of_the_stay_counts(counting):
    case_id = counting.held(on=RECEIVED)
    counting.screened(case_id, "audit", 30, positive=True, on=RECEIVED - timedelta(days=400))
    counting.add(
        Screening(
            case_id=case_id, scope=Scope.ALCOHOL, instrument="audit", status=Status.DECLINED, on=RECEIVED,
            by=counting.world.treatment.id,
        )
    )  # fmt: skip
    counting.screened(case_id, "audit", 12, positive=True, on=RECEIVED + timedelta(days=3))
    counting.screened(case_id, "audit", 25, positive=True, on=RECEIVED + timedelta(days=30))
    told = raw(counting)
    assert told["alcohol_screened"] == told["alcohol_need"] == 1
    assert "alcohol_dependent" not in told


def test_an_earlier_stays_screen_contact_and_wish_stand_for_that_stay_alone(counting):
    first = RECEIVED - timedelta(days=200)
    case_id = counting.released(received_on=first, on=first + timedelta(days=60))
    counting.screened(case_id, "audit", 22, positive=True, on=first)
    counting.asked(case_id, alcohol=WantsHelp.YES, on=first)
    counting.seen(case_id, first)
    counting.again(case_id, RECEIVED)
    assert raw(counting) == {"received": 1}


def test_what_was_last_said_about_help_counts(counting):
    case_id = counting.held()
    counting.screened(case_id, "audit", 22, positive=True)
    counting.asked(case_id, alcohol=WantsHelp.YES)
    counting.desk.clock.forward(timedelta(hours=1))
    counting.asked(case_id, alcohol=WantsHelp.NO)
    assert "alcohol_wanting" not in raw(counting)


def continuity(counting):
    """Twelve counted of whom seven started, and one or two left out for each reason."""
    for started in (*[LEFT] * 3, *[LEFT + timedelta(days=21)] * 4, *[LEFT + timedelta(days=22)] * 2, *[None] * 3):
        case_id = counting.released()
        counting.in_need(case_id)
        counting.sent(case_id, on=LEFT - timedelta(days=20), accepted=LEFT - timedelta(days=1), started=started)
    counting.in_need(counting.released(birth_date=LEFT.replace(year=2010)))
    back = counting.released()
    counting.in_need(back)
    counting.again(back, LEFT)
    counting.in_need(counting.released(left_for=LeftFor.HOSPITAL))
    dead = counting.released()
    counting.in_need(dead)
    counting.died(dead, LEFT + timedelta(days=5))
    for reason in ("another_custody", "moving_abroad", "declined", "no_need", "already_open"):
        case_id = counting.released()
        counting.in_need(case_id)
        counting.no_handover(case_id, reason)
    counting.in_need(counting.released(where="scottish_prison", officer="scottish_officer"))


def test_continuity_of_care_counts_starts_on_days_0_to_21_and_reports_who_is_left_out(counting):
    continuity(counting)
    told = raw(counting)
    assert {name: n for name, n in told.items() if name.startswith(("continuity", "left_out"))} == {
        "continuity_base": 12,
        "continuity_started": 7,
        "left_out_under_18": 1,
        "left_out_custody": 3,
        "left_out_died": 1,
        "left_out_outside": 2,
        "left_out_no_treatment": 2,
        "left_out_already_open": 1,
    }
    assert numbers(page_for(counting))["continuity", "Everyone"] == (7, 12, 58.3)
    assert numbers(page_for(counting))["left_out_died", "Everyone"] == (None, None, None)


def test_where_a_release_led_is_kept_and_shown(counting):
    case_id = counting.held()
    form = {"released_on": date(2026, 11, 20), "released_at": time(9, 0)}
    with counting.desk.work(counting.world.officer) as work:
        assert custody.release(work, case_id, Release(**form, left_for="immigration")).left_for is LeftFor.IMMIGRATION
    assert Release(**form).left_for is LeftFor.COMMUNITY


def test_a_need_counts_while_it_stands_at_release(counting):
    gone = counting.released()
    counting.in_need(gone, until=LEFT - timedelta(days=1))
    brief = counting.released()
    counting.in_need(brief, Pathway.BRIEF)
    before = counting.released()
    counting.in_need(before, on=RECEIVED - timedelta(days=1))
    settled = counting.released()
    outcome = counting.in_need(settled)
    counting.add(
        SpecialistReferral(
            case_id=settled, side=outcome.side, outcome_id=outcome.id, status=ReferralStatus.CONCLUDED,
            assessed=Assessed.NOT_NEEDED, concluded_on=LEFT - timedelta(days=9),
        )
    )  # fmt: skip
    assert "continuity_base" not in raw(counting)
    later = counting.released()
    counting.in_need(later, until=LEFT + timedelta(days=1))
    handed = counting.released()
    counting.sent(handed, on=LEFT - timedelta(days=3))
    informal = counting.released()
    counting.sent(informal, on=LEFT - timedelta(days=3), sought="mutual_aid")
    assert raw(counting)["continuity_base"] == 2


def test_the_release_that_day_21_has_not_passed_waits(counting):
    counting.in_need(counting.released(on=date(2026, 10, 30)))
    assert raw(counting, "2026-27-q3")["left_out_waiting"] == 1


def test_two_releases_of_one_person_are_two_and_a_move_between_prisons_is_none(counting):
    case_id = counting.released(on=RECEIVED + timedelta(days=2))
    second = counting.again(case_id, RECEIVED + timedelta(days=10))
    with counting.desk.work(SYSTEM) as work:
        row = work.session.get_one(type(second), second.id)
        row.status, row.released_at, row.ended_at = EpisodeStatus.RELEASED, noon(LEFT), noon(LEFT)
    told = raw(counting)
    assert (told["received"], told["released"], told["back_28"]) == (2, 2, 1)


def test_a_first_appointment_counts_if_it_stood_when_they_left(counting):
    week = timedelta(days=7)
    for booked in (
        {"made": LEFT - week, "on": LEFT + week},
        {
            "made": LEFT - week,
            "on": LEFT + week,
            "status": AppointmentStatus.REARRANGED,
            "recorded_at": noon(LEFT + week),
        },
    ):
        counting.booked(counting.released(), **booked)
    for none in (
        {"made": LEFT + week, "on": LEFT + week},
        {"made": LEFT - week, "on": LEFT - week},
        {"made": LEFT - week, "on": LEFT + week, "who": ""},
        {
            "made": LEFT - week,
            "on": LEFT + week,
            "status": AppointmentStatus.REARRANGED,
            "recorded_at": noon(LEFT - week),
        },
    ):
        counting.booked(counting.released(), **none)
    told = raw(counting)
    assert (told["released"], told["released_with_appointment"]) == (6, 2)


def test_naloxone_plans_and_the_first_night(counting):
    for answer in (*[Naloxone.ACCEPTED] * 6, *[Naloxone.REFUSED] * 5, *[Naloxone.NOT_OFFERED] * 5):
        counting.planned(counting.released(), naloxone=answer, agreed=LEFT - timedelta(days=14))
    for _ in range(5):
        counting.planned(counting.released(), opioids=False, nowhere=True, agreed=LEFT - timedelta(days=13))
    told = numbers(page_for(counting))
    assert told["naloxone_offered", "Everyone"] == (11, 16, 68.8)
    assert told["naloxone_accepted", "Everyone"] == (6, 16, 37.5)
    assert told["plan_ready", "Everyone"] == (16, 21, 76.2)
    assert told["no_fixed_abode", "Everyone"] == (5, 21, 23.8)


def test_releases_with_no_accepted_handover(counting):
    for accepted in (LEFT, LEFT + timedelta(days=1), None):
        case_id = counting.released()
        counting.in_need(case_id)
        counting.sent(case_id, on=LEFT - timedelta(days=9), accepted=accepted)
    counting.in_need(counting.released())
    counting.released()
    told = raw(counting)
    assert (told["released"], told["released_unaccepted"]) == (5, 3)


def test_handovers_are_answered_in_time_or_not(counting):
    sent = date(2026, 9, 1)
    past, ahead = sent + timedelta(days=7), date(2026, 12, 1)

    def handed(*clocks):
        handover = counting.sent(counting.held(), on=sent)
        for n, (state, due) in enumerate(clocks):
            counting.clock(handover, state, due, ("handover_accepted_or_refused", "handover_fast_track")[n])

    for _ in range(6):
        handed((ClockState.STOPPED, past))
    handed((ClockState.STOPPED, past), (ClockState.STOPPED, past))
    handed((ClockState.STOPPED, past), (ClockState.STOPPED_LATE, past))
    for _ in range(5):
        handed((ClockState.STOPPED_LATE, past))
    handed((ClockState.RUNNING, past))
    handed((ClockState.RUNNING, ahead))
    handed((ClockState.PAUSED, past))
    handed((ClockState.CANCELLED, past))
    assert numbers(page_for(counting))["answered", "Everyone"] == (7, 14, 50.0)


def test_treatment_requirements_kept_to(counting):
    alcohol = [*[Ending.COMPLETED] * 4, *[Ending.EXPIRED] * 2, *[Ending.REVOKED] * 3, *[Ending.RECALLED] * 2]
    for because in (*alcohol, Ending.MISTAKEN, Ending.TRANSFERRED):
        counting.order(counting.held(), "atr", because)
    for because in (*[Ending.COMPLETED] * 5, *[Ending.REVOKED] * 5):
        counting.order(counting.held(), "drr", because)
    counting.order(counting.held(), "rar", Ending.COMPLETED)
    counting.order(counting.held(), "atr", Ending.COMPLETED, on=date(2026, 3, 31))
    told = numbers(page_for(counting))
    assert told["orders", "Alcohol"] == (6, 11, 54.5)
    assert told["orders", "Drugs"] == (5, 10, 50.0)


def test_the_weeks_after_release(counting):
    """Six releases: one reached by text all along, one suspended on day 3, two seen in time, two with a gap in doses."""
    world = counting.world
    cases = several(6, counting.released)
    counting.number(cases[0], proven=LEFT)
    counting.number(cases[1], proven=LEFT, suspended=LEFT + timedelta(days=3))
    counting.number(cases[2], proven=None)
    for case_id in cases:
        counting.in_need(case_id)
    counting.sent(cases[0], on=LEFT, first_contact_at=noon(LEFT + timedelta(days=7)))
    counting.booked(cases[1], made=RECEIVED, on=LEFT + timedelta(days=2), status=AppointmentStatus.ATTENDED_LATE)
    counting.booked(cases[2], made=RECEIVED, on=LEFT + timedelta(days=2), status=AppointmentStatus.ABSENT)
    counting.sent(cases[3], on=RECEIVED, first_contact_at=noon(RECEIVED))
    for case_id, days, bridging in (
        (cases[0], 1, Bridging.NOT_NEEDED), (cases[1], 3, Bridging.ISSUED), (cases[2], 3, Bridging.CONFIRMED),
    ):  # fmt: skip
        counting.planned(
            case_id, opioid_medicine=Known.YES, last_supervised_on=LEFT, next_dose_at=noon(LEFT + timedelta(days=days)),
            bridging=bridging,
        )  # fmt: skip
    told = raw(counting)
    assert (told["followed_1"], told["followed_28"], told["reachable_1"], told["reachable_7"]) == (6, 6, 2, 1)
    assert (told["need_followed"], told["attended"]) == (6, 2)
    assert (told["doses_known"], told["no_dose_gap"]) == (3, 2)
    assert "followed_1" not in raw(counting, actor=world.other_provider)


def test_compliance_reports_in_time(counting):
    requirement = counting.order(counting.held(), "rar", Ending.COMPLETED)

    def report(month, sent, due=LEFT, number=1):
        about = {"agency_id": counting.world.agencies["provider"], "to_agency_id": counting.world.agencies["probation"]}
        day = date(2026, month, 1)
        row = ComplianceReport(
            case_id=requirement.case_id, requirement_id=requirement.id, period_from=day, period_to=day, due_at=noon(due),
            sent_at=sent and noon(sent), number=number, **about,
        )  # fmt: skip
        counting.add(row)

    report(1, LEFT)
    report(2, LEFT - timedelta(days=2))
    report(2, LEFT + timedelta(days=9), number=2)
    report(3, LEFT + timedelta(days=1))
    report(4, None)
    report(5, None, due=date(2026, 12, 1))
    told = raw(counting)
    assert (told["reports_due"], told["reports_in_time"]) == (4, 2)
    assert "reports_due" not in raw(counting, "2026-27-q3")


def test_parents_in_touch_with_treatment_beside_the_calls_made_about_children(counting):
    for _ in range(5):
        case_id = counting.held()
        counting.asked(case_id, children=ToldUs.YES)
        counting.seen(case_id)
    after = counting.released(on=date(2026, 6, 1), received_on=date(2026, 4, 6))
    counting.add(Child(case_id=after, age=4))
    counting.sent(after, on=date(2026, 5, 1), accepted=date(2026, 5, 2), started=date(2026, 6, 4))
    untouched = counting.held()
    counting.asked(untouched, children=ToldUs.YES)
    childless = counting.held()
    counting.seen(childless)
    over = counting.released(on=date(2026, 6, 1), received_on=date(2026, 4, 6))
    counting.asked(over, children=ToldUs.YES, on=date(2026, 4, 6))
    counting.seen(over, date(2026, 4, 6))
    world = counting.world
    concern = counting.add(
        Concern(
            case_id=after, level=Level.SIGNIFICANT_HARM, formed_at=noon(LEFT), what="Said in confidence",
            agency_id=world.agencies["prison"], recorded_by=world.officer.id,
        )
    )  # fmt: skip
    about = {"case_id": after, "concern_id": concern.id, "front_door_id": world.agencies["front_door"]}
    for day in (LEFT, LEFT, date(2026, 10, 1)):
        counting.add(
            Referral(
                **about, phoned_at=noon(day), spoke_to="x", child_details="x", concerns="x", family_knows=True,
                availability="x", agency_id=world.agencies["prison"],
            )
        )  # fmt: skip
    counting.add(Consultation(**about, anonymous=True, want="x", concerns="x", held_at=noon(LEFT)))
    told = raw(counting)
    assert (told["parents"], told["child_referrals"], told["child_consultations"]) == (6, 2, 1)
    assert raw(counting, "2026-27")["parents"] == 7
    assert numbers(page_for(counting))["parents", "Everyone"] == (6, None, None)


def test_a_provider_counts_only_the_people_it_works_or_was_asked_to_work_with(counting):
    mine = [counting.released() for _ in range(6)]
    for case_id in mine:
        counting.in_need(case_id)
        counting.involve(case_id, "provider")
    asked = counting.released()
    counting.sent(asked, on=LEFT - timedelta(days=4))
    several(9, counting.released)
    world = counting.world
    assert raw(counting)["released"] == 16
    assert raw(counting, actor=world.provider)["released"] == 7
    assert raw(counting, actor=world.provider_manager)["released"] == 7
    assert "released" not in raw(counting, actor=world.other_provider)
    page = page_for(counting, world.provider)
    assert page.own
    assert not {measure.code for group in page.groups for measure in group.measures} & {"need", "seen", "screened"}


def test_one_prisons_page_counts_that_prison(counting):
    several(6, counting.released)
    several(7, lambda: counting.released(where="scottish_prison", officer="scottish_officer"))
    for key, released in (("prison", 6), ("scottish_prison", 7)):
        page = page_for(counting, prison=str(counting.world.agencies[key]))
        assert numbers(page)["appointment", "Everyone"] == (None, released, None)
    assert numbers(page_for(counting))["appointment", "Everyone"] == (None, 13, None)


def test_every_role_but_the_administrators_reads_measures(counting):
    world = counting.world
    for key in (
        "officer",
        "treatment",
        "healthcare",
        "prison_manager",
        "privacy",
        "provider",
        "probation",
        "probation_manager",
    ):
        assert page_for(counting, world.actors[key]).groups
    with pytest.raises(NotPermitted):
        page_for(counting, world.admin)


def test_the_file_holds_the_numbers_of_the_page_and_no_name(counting):
    receptions(counting)
    with counting.desk.work(counting.world.prison_manager) as work:
        text = actions.sheet_of(actions.show(work, MeasuresQuery(period=Q2)))
    assert "66.7,July to September 2026,Every prison" in text
    assert "14,21,66.7" in text
    assert "not shown (small numbers)" in text
    assert "Ashdown" not in text
