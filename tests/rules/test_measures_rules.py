"""What each reception and each release is counted as, and over which days."""

from __future__ import annotations

import copy
import tomllib
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from throughcare.kernel.actors import AgencyKind
from throughcare.measures.book import book_from
from throughcare.measures.facts import Handing, Moment, OrderEnded, Parent, Reception, Screened, ToldAboutChild
from throughcare.measures.followed import Followed, ReportDue
from throughcare.measures.grid import EVERYWHERE, LEFT_OUT, NAMES, NOWHERE, Cell, counted
from throughcare.measures.leaving import LEFT_OUT as REASONS
from throughcare.measures.leaving import Release
from throughcare.measures.periods import named, year_of
from throughcare.measures.sheet import csv_of, safe

DATA = tomllib.loads((Path(__file__).parents[2] / "config" / "data" / "measures.toml").read_text("utf-8"))
BOOK = book_from(DATA)
TODAY = date(2026, 11, 20)
AT = Moment(BOOK.figures, TODAY)
PRISON, OTHER = UUID(int=1), UUID(int=2)
EARLY = date(2026, 9, 1)
BORN = date(1990, 4, 2)


def counts(fact):
    return set(fact.counts(AT))


def reception(audit=None, dudit=None, *, positive=False, wants=False, **about):
    return Reception(
        PRISON, about.pop("on", EARLY), alcohol=Screened(audit, audit is not None and audit >= 8, wants),
        drugs=Screened(dudit, positive, wants), **about,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("audit", "told"),
    [
        (None, {"received"}),
        (7, {"received", "alcohol_screened"}),
        (8, {"received", "alcohol_screened", "alcohol_need"}),
        (19, {"received", "alcohol_screened", "alcohol_need"}),
        (20, {"received", "alcohol_screened", "alcohol_need", "alcohol_dependent"}),
    ],
)
def test_audit_counts_as_a_need_from_8_and_as_dependence_from_20(audit, told):
    assert counts(reception(audit, left_on=EARLY)) == told


def test_dudit_counts_as_a_need_by_its_own_cut_off_and_as_dependence_from_25():
    assert counts(reception(dudit=2, positive=True, left_on=EARLY)) == {"received", "drugs_screened", "drugs_need"}
    assert "drugs_need" not in counts(reception(dudit=5))
    assert "drugs_dependent" not in counts(reception(dudit=24, positive=True))
    assert "drugs_dependent" in counts(reception(dudit=25, positive=True))


@pytest.mark.parametrize(("left", "held"), [(20, False), (21, True), (22, True), (None, True)])
def test_held_means_in_custody_on_day_21(left, held):
    left_on = None if left is None else EARLY + timedelta(days=left)
    assert ("alcohol_held" in counts(reception(8, left_on=left_on))) is held


@pytest.mark.parametrize(("seen", "is_seen"), [(0, True), (21, True), (22, False), (None, False)])
def test_seen_means_by_day_21_that_day_included(seen, is_seen):
    told = counts(reception(8, seen_on=None if seen is None else EARLY + timedelta(days=seen)))
    assert "alcohol_held" in told
    assert ("alcohol_seen" in told) is is_seen


@pytest.mark.parametrize(("ago", "held"), [(21, False), (22, True)])
def test_nobody_is_counted_as_unseen_before_day_21_is_over(ago, held):
    assert ("alcohol_held" in counts(reception(8, on=TODAY - timedelta(days=ago)))) is held


def test_wanting_help_is_asked_of_dependent_drinkers_and_of_all_problem_drug_users():
    told = counts(reception(19, 6, positive=True, wants=True, seen_on=EARLY))
    assert "alcohol_wanting" not in told
    assert {"drugs_wanting", "drugs_wanting_seen"} <= told
    assert {"alcohol_wanting"} == {it for it in counts(reception(20, wants=True)) if "wanting" in it}
    assert not {it for it in counts(reception(20, wants=False)) if "wanting" in it}


def test_people_who_only_drink_and_were_not_seen_are_counted_apart():
    assert "alcohol_only_unseen" in counts(reception(8, 1))
    assert "alcohol_only_unseen" in counts(reception(8))
    assert "alcohol_only_unseen" not in counts(reception(8, 6, positive=True))
    assert "alcohol_only_unseen" not in counts(reception(8, 1, seen_on=EARLY))
    assert "alcohol_seen_drugs" in counts(reception(8, 6, positive=True, seen_on=EARLY))
    assert "alcohol_seen_drugs" not in counts(reception(8, 5, seen_on=EARLY))


def release(**about):
    return Release(PRISON, about.pop("on", EARLY), about.pop("born_on", BORN), need=about.pop("need", True), **about)


def continuity(**about):
    return {it for it in counts(release(**about)) if it.startswith(("continuity", "left_out"))}


@pytest.mark.parametrize(("day", "started"), [(-1, False), (0, True), (21, True), (22, False)])
def test_treatment_started_on_days_0_to_21_counts(day, started):
    told = continuity(treatment_on=(EARLY + timedelta(days=day),))
    assert told == {"continuity_base"} | ({"continuity_started"} if started else set())


@pytest.mark.parametrize(
    ("about", "why"),
    [
        ({"born_on": date(2008, 9, 2)}, "under_18"),
        ({"back_on": EARLY}, "custody"),
        ({"not_needed": "another_custody"}, "custody"),
        ({"left_for": "custody"}, "custody"),
        ({"left_for": "immigration"}, "custody"),
        ({"left_for": "hospital"}, "custody"),
        ({"left_for": "abroad"}, "outside"),
        ({"died_on": EARLY + timedelta(days=20)}, "died"),
        ({"outside": True}, "outside"),
        ({"not_needed": "moving_abroad"}, "outside"),
        ({"not_needed": "no_need"}, "no_treatment"),
        ({"not_needed": "declined"}, "no_treatment"),
        ({"not_needed": "already_open"}, "already_open"),
        ({"on": TODAY - timedelta(days=21)}, "waiting"),
    ],
)
def test_each_release_left_out_is_counted_once_with_why(about, why):
    started = about.get("on", EARLY)
    assert continuity(**about, treatment_on=(started,)) == {f"left_out_{why}"}


def test_what_comes_after_day_21_or_after_the_day_of_release_leaves_nobody_out():
    assert continuity(died_on=EARLY + timedelta(days=21)) == {"continuity_base"}
    assert continuity(back_on=EARLY + timedelta(days=1)) == {"continuity_base"}
    assert continuity(on=TODAY - timedelta(days=22)) == {"continuity_base"}
    assert continuity(born_on=date(2008, 9, 1)) == {"continuity_base"}
    assert continuity(not_needed="other") == {"continuity_base"}


def test_a_release_without_a_need_is_no_part_of_continuity():
    assert continuity(need=False, treatment_on=(EARLY,)) == set()


def test_a_handover_accepted_after_the_day_of_release_came_too_late():
    assert "released_unaccepted" in counts(release())
    assert "released_unaccepted" not in counts(release(accepted_on=EARLY))
    assert "released_unaccepted" in counts(release(accepted_on=EARLY + timedelta(days=1)))
    assert "released_unaccepted" not in counts(release(need=False))


def test_naloxone_is_counted_among_people_with_an_opioid_need():
    assert not {it for it in counts(release(naloxone="accepted")) if "naloxone" in it}
    assert {"naloxone_offered", "naloxone_accepted"} <= counts(release(opioids=True, naloxone="accepted"))
    for answer in ("offered", "refused"):
        told = counts(release(opioids=True, naloxone=answer))
        assert "naloxone_offered" in told
        assert "naloxone_accepted" not in told
    assert "naloxone_offered" not in counts(release(opioids=True, naloxone="not_offered"))


def test_back_in_custody_is_counted_once_the_days_are_over():
    assert {"released_28", "back_28"} <= counts(release(back_on=EARLY + timedelta(days=28)))
    assert "back_28" not in counts(release(back_on=EARLY + timedelta(days=29)))
    assert "released_28" not in counts(release(on=TODAY - timedelta(days=28)))
    assert "released_28" not in counts(release(died_on=EARLY + timedelta(days=28)))
    assert "released_90" not in counts(release())


def test_a_plan_is_ready_when_it_was_agreed_14_days_before():
    assert "plan_ready" in counts(release(planned=True, plan_agreed_on=EARLY - timedelta(days=14)))
    assert "plan_ready" not in counts(release(planned=True, plan_agreed_on=EARLY - timedelta(days=13)))


def followed(**about):
    return Followed(PRISON, about.pop("on", EARLY), **about)


def test_a_number_reaches_somebody_while_it_is_proven_and_stands():
    spell = (EARLY - timedelta(days=3), EARLY + timedelta(days=7))
    told = counts(followed(reachable=(spell,)))
    assert {it for it in told if it.startswith("reachable")} == {"reachable_1"}
    late = counts(followed(reachable=((EARLY + timedelta(days=2), None),)))
    assert {it for it in late if it.startswith("reachable")} == {"reachable_7", "reachable_28"}


def test_nobody_is_followed_past_death_or_the_next_reception_or_before_the_day_is_over():
    assert counts(followed(until=EARLY + timedelta(days=7))) == {"followed_1"}
    assert counts(followed(until=EARLY + timedelta(days=8))) == {"followed_1", "followed_7"}
    assert counts(followed(on=TODAY - timedelta(days=7))) == {"followed_1"}


@pytest.mark.parametrize(("day", "came"), [(0, True), (7, True), (8, False), (None, False)])
def test_seen_within_a_week_of_release(day, came):
    told = counts(followed(need=True, attended_on=None if day is None else EARLY + timedelta(days=day)))
    assert "need_followed" in told
    assert ("attended" in told) is came
    assert "need_followed" not in counts(followed(attended_on=EARLY))


@pytest.mark.parametrize(("gap", "bridged", "safe_"), [(1, False, True), (2, False, False), (5, True, True)])
def test_a_dose_gap_is_more_than_a_day_without_a_bridge(gap, bridged, safe_):
    told = counts(followed(last_dose_on=EARLY, next_dose_on=EARLY + timedelta(days=gap), bridged=bridged))
    assert "doses_known" in told
    assert ("no_dose_gap" in told) is safe_
    assert "doses_known" not in counts(followed(last_dose_on=EARLY, bridged=True))


def test_every_count_made_is_one_the_grid_knows_and_every_reason_has_its_count():
    facts = [
        reception(20, 25, positive=True, wants=True, seen_on=EARLY), reception(20), release(), release(born_on=EARLY),
        release(opioids=True, naloxone="accepted", planned=True, plan_agreed_on=BORN, address_known=True, no_fixed_abode=True,
                first_appointment=True, back_on=date(2026, 4, 9), on=date(2026, 4, 2), treatment_on=(date(2026, 4, 2),)),
        Handing(PRISON, EARLY, in_time=True), OrderEnded(PRISON, "alcohol", EARLY, kept_to=True), Parent(PRISON),
        OrderEnded(PRISON, "drugs", EARLY, kept_to=True), ToldAboutChild(PRISON, EARLY, referral=True),
        ToldAboutChild(PRISON, EARLY, referral=False), ReportDue(PRISON, EARLY, in_time=True),
        Followed(PRISON, EARLY, None, ((EARLY, None),), need=True, attended_on=EARLY, last_dose_on=EARLY, next_dose_on=EARLY),
    ]  # fmt: skip
    made = set().union(*(counts(fact) for fact in facts))
    assert made <= NAMES
    assert set(NAMES) - made <= set(LEFT_OUT)
    assert {f"left_out_{why}" for why, _ in REASONS} == set(LEFT_OUT)


def test_a_financial_year_has_four_quarters_that_meet_without_a_gap():
    year = year_of(date(2027, 3, 31))
    assert (year.whole.code, year.whole.first, year.whole.last) == ("2026-27", date(2026, 4, 1), date(2027, 3, 31))
    assert [it.first for it in year.quarters] == [
        date(2026, 4, 1),
        date(2026, 7, 1),
        date(2026, 10, 1),
        date(2027, 1, 1),
    ]
    assert [it.last for it in year.quarters][:3] == [date(2026, 6, 30), date(2026, 9, 30), date(2026, 12, 31)]
    assert [it.code for it in year.begun(TODAY)] == ["2026-27-q1", "2026-27-q2", "2026-27-q3"]


@pytest.mark.parametrize(
    ("code", "is_now"),
    [("2026-27-q3", "2026-27-q3"), ("2025-26", "2025-26"), ("", "2026-27"), ("2026-27-q4", "2026-27"),
     ("1999-00", "2026-27"), ("2026-28", "2026-27"), ("nonsense", "2026-27")],
)  # fmt: skip
def test_a_period_that_cannot_be_chosen_is_this_year(code, is_now):
    assert named(code, TODAY, 3)[1].code == is_now


def test_numbers_are_hidden_over_prisons_and_quarters_together():
    """12 at one prison and 3 at another: the page of all prisons must not give the 3 away, nor the quarters the year."""
    year, _ = named("2026-27", TODAY, 3)
    facts = [ToldAboutChild(PRISON, EARLY, referral=True)] * 12 + [ToldAboutChild(OTHER, EARLY, referral=True)] * 3
    grid = counted(facts, year, [PRISON, OTHER], AT)
    for period in (year.whole, year.quarters[1]):
        assert grid.values[Cell("child_referrals", period.code, EVERYWHERE)] == 15
        assert grid.shown("child_referrals", period, str(OTHER)) is None
        shown = [grid.shown("child_referrals", period, place) for place in (str(PRISON), EVERYWHERE)]
        assert shown.count(None) >= 1
    assert grid.shown("child_referrals", year.quarters[0], EVERYWHERE) is None


def test_something_with_no_prison_on_record_counts_among_all_and_gives_no_prison_away():
    year, period = named("2026-27-q2", TODAY, 3)
    facts = [OrderEnded(None, "alcohol", EARLY, kept_to=True)] * 2 + [
        OrderEnded(PRISON, "alcohol", EARLY, kept_to=True)
    ] * 9
    grid = counted(facts, year, [PRISON], AT)
    assert grid.values[Cell("alcohol_orders", period.code, NOWHERE)] == 2
    shown = [grid.shown("alcohol_orders", period, place) for place in (str(PRISON), EVERYWHERE)]
    assert None in shown


def test_a_parent_in_touch_in_two_quarters_is_one_parent_in_the_year():
    year, _ = named("2026-27", TODAY, 3)
    grid = counted([Parent(PRISON, ((date(2026, 5, 1), date(2026, 8, 1)),))] * 6, year, [PRISON], AT)
    assert [grid.values[Cell("parents", it.code, EVERYWHERE)] for it in (year.whole, *year.quarters[:3])] == [
        6,
        6,
        6,
        0,
    ]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("=1+1", "'=1+1"),
        ("\ufeff=1+1", "'\ufeff=1+1"),
        ("\t \x00=cmd", "'\t \x00=cmd"),
        ("\u200b@SUM(A1)", "'\u200b@SUM(A1)"),
        ("-2+3", "'-2+3"),
        ("+cmd|x", "'+cmd|x"),
        ("＝1", "'＝1"),
        ("+44 7700 900123", "+44 7700 900123"),
        ("-12.5", "-12.5"),
        (12, "12"),
        (None, ""),
        ("A = B", "A = B"),
        ("   ", "   "),
    ],
)
def test_no_cell_is_taken_for_a_formula_and_telephone_numbers_survive(typed, kept):
    assert safe(typed) == kept


def test_the_file_is_quoted_as_csv():
    assert csv_of([("a, b", 'say "x"'), (1, None)]) == '\ufeff"a, b","say ""x"""\r\n1,\r\n'


def test_every_measure_is_defined_whole_and_shown_to_prisons():
    for measure in BOOK.measures:
        assert measure.definition.endswith(".")
        assert AgencyKind.PRISON in measure.seen_by
        assert list(measure.arms())
    paired = {measure.code for measure in BOOK.measures if measure.alcohol and measure.drugs}
    assert {"screened", "need", "dependent", "seen", "wanting", "orders"} <= paired


@pytest.mark.parametrize(
    "change",
    [
        lambda data: data["measure"][0]["alcohol"].update(counts="unheard_of"),
        lambda data: data["measure"][0]["alcohol"].update(out_of="parents"),
        lambda data: data["measure"][0]["alcohol"].pop("below"),
        lambda data: data["measure"][0].update(group="elsewhere"),
        lambda data: data["measure"][0].update(code="need"),
    ],
)
def test_a_measure_that_cannot_be_counted_or_guarded_is_refused_at_the_start(change):
    data = copy.deepcopy(DATA)
    change(data)
    with pytest.raises(ValueError, match=r".+"):
        book_from(data)
