"""The instrument files that ship: whose wording, which codes, and what a malformed one is told (DOMAIN A.12)."""

from __future__ import annotations

import copy
import json
import re

import pytest

from tests.rules.reference import CLOCKS
from tests.support.screening import FILES, FOLDER, INSTRUMENTS, LOCAL, ROOT
from throughcare.screening.instruments import Certainty
from throughcare.screening.rules import BadInstrument, build, parse, score, with_wording, withheld_from

MAY_SHIP = {"audit", "audit_c", "audit_pc", "fast", "ciwa_ar"}
WITHHELD = {"dudit", "sds", "top", "sadq", "assist_lite"}


def test_every_instrument_is_there():
    assert set(INSTRUMENTS) == MAY_SHIP | WITHHELD


@pytest.mark.parametrize("name", sorted(WITHHELD))
def test_no_wording_ships_where_the_licence_does_not_plainly_allow_it(name):
    assert FILES[name]["licence"]["ship_wording"] in {"conditional", "no"}
    assert all(item["text"] is None for item in FILES[name].get("items", []))
    assert "paraphrase" not in (FOLDER / f"{name}.json").read_text()
    assert not INSTRUMENTS[name].wording_shown


@pytest.mark.parametrize("name", sorted(MAY_SHIP))
def test_wording_ships_where_the_licence_allows_it(name):
    assert INSTRUMENTS[name].licence.ship_wording == "yes"
    assert INSTRUMENTS[name].wording_shown


@pytest.mark.parametrize("name", ["audit", "audit_c", "audit_pc"])
def test_who_wording_carries_the_who_notice(name):
    assert "not for sale" in INSTRUMENTS[name].licence.notice


def test_no_file_elsewhere_in_the_data_folder_holds_an_instrument():
    data = ROOT / "config" / "data"
    strays = [path for path in data.rglob("*.json") if "throughcare-instrument" in path.read_text()]
    assert {path.parent for path in strays} == {FOLDER}
    assert not list(data.rglob("*.wording.json"))


def test_no_united_states_cutoff_is_anywhere():
    for instrument in INSTRUMENTS.values():
        if instrument.about == "alcohol":
            assert not any(cutoff.sex for cutoff in instrument.cutoffs), instrument.id
    assert [cutoff.at for cutoff in INSTRUMENTS["audit_c"].cutoffs] == [5]
    for path in (*FOLDER.glob("*.json"), ROOT / "config" / "data" / "screening.toml"):
        assert not re.search(r"\b(4|3) (for )?(men|women|male|female)", path.read_text()), path.name


def test_the_united_states_cutoffs_cannot_be_put_in():
    data = copy.deepcopy(FILES["audit_c"])
    one = data["cutoffs"][0]
    data["cutoffs"] = [{**one, "at": 4, "sex": "male"}, {**one, "at": 3, "sex": "female"}]
    with pytest.raises(BadInstrument, match="one cut-off for every sex"):
        build([FILES["audit"], data])


def test_loinc_totals_of_audit_and_audit_c_are_not_swapped():
    assert INSTRUMENTS["audit"].codes.loinc_total == "75624-7"
    assert INSTRUMENTS["audit_c"].codes.loinc_total == "75626-2"
    assert INSTRUMENTS["audit_c"].codes.loinc_panel == "72109-2"
    assert INSTRUMENTS["audit"].codes.loinc_items["q1"] != "68517-2"  # another single question


def test_no_unchecked_terminology_code_ships():
    text = "".join(path.read_text() for path in FOLDER.glob("*.json"))
    assert "273265007" not in text
    assert "443280005" not in text


def test_every_figure_says_how_sure_we_are_and_where_it_is_from():
    for instrument in INSTRUMENTS.values():
        figures = [*instrument.cutoffs, *instrument.rules.values(), *instrument.band_sets.values()]
        assert all(it.source and it.certainty in Certainty.__args__ for it in figures)
    for group in (LOCAL.thresholds, LOCAL.reoffer):
        for name in type(group).model_fields:
            assert getattr(group, name).authority


def test_the_uk_wording_is_shown_by_default_and_the_options_score_the_same():
    audit = INSTRUMENTS["audit"]
    q2, q3 = audit.item("q2"), audit.item("q3")
    assert audit.default_variant == "uk_units"
    assert "units" in q2.wording("uk_units")
    assert "6 or more units if female, or 8 or more if male" in q3.wording("uk_units")
    assert q2.labels("uk_units")[0] == "0 to 2"
    assert q2.labels("who_drinks")[0] == "1 or 2"


def test_in_prison_the_questions_are_about_the_year_before():
    assert INSTRUMENTS["audit"].period_in_custody == "the year before prison"
    assert INSTRUMENTS["dudit"].period_in_custody == "the year before prison"
    assert INSTRUMENTS["top"].period_in_custody == "the 28 days before custody"


def test_top_section_three_is_never_for_probation_or_police():
    top = INSTRUMENTS["top"]
    crime = {item.code for item in top.items if item.section == "3_crime"}
    assert crime == {"SHOTHEFT", "DRGSELL", "OTHTHEFT", "ASSAULT"}
    assert withheld_from(top, "probation") == crime == withheld_from(top, "police")
    assert withheld_from(top, "provider") == frozenset()


@pytest.mark.parametrize("name", ["ciwa_ar", "top"])
def test_what_a_record_must_not_be_used_for_is_said(name):
    assert INSTRUMENTS[name].never_for


def test_no_instrument_speaks_of_a_dose():
    medicine = re.compile(r"\b(dose|dosing|mg|chlordiazepoxide|diazepam|regime)\b", re.IGNORECASE)
    assert not [path.name for path in FOLDER.glob("*.json") if medicine.search(path.read_text())]


PACK = {f"q{n}": f"Wording {n} from an installed pack" for n in range(1, 12)}


def test_an_installed_pack_makes_the_wording_appear_and_changes_no_score():
    with_pack = build(FILES.values(), wording={"dudit": PACK})["dudit"]
    assert with_pack.wording_shown
    assert with_pack.item("q3").wording("") == "Wording 3 from an installed pack"
    answers = dict.fromkeys(PACK, 2)
    assert score(with_pack, answers) == score(INSTRUMENTS["dudit"], answers)


@pytest.mark.parametrize(
    "pack",
    [
        {},
        {"q1": "Only one"},
        {**PACK, "q12": "One too many"},
        {**PACK, "q1": " "},
        {**PACK, "q1": 3},
        ["q1"],
        None,
        "q1",
    ],
)
def test_a_pack_that_does_not_fit_its_instrument_is_refused(pack):
    with pytest.raises(BadInstrument, match="dudit"):
        with_wording(INSTRUMENTS["dudit"], pack)


def test_a_pack_for_an_instrument_that_is_not_here_is_refused():
    with pytest.raises(BadInstrument, match="not an instrument here"):
        build(FILES.values(), wording={"dast": {}})


def licensed_pack():
    """A made-up pack in the shape of a licensed one: two substances, each with a stem that spares the rest."""
    yes_no = [{"label": "No", "score": 0}, {"label": "Yes", "score": 1}]
    codes = {"opioids": ["o1", "o2", "o3"], "cannabis": ["c1", "c2"]}
    items = [
        {"code": code, "text": f"Pack text {code}", "options": yes_no} for group in codes.values() for code in group
    ]
    bands = [
        {"lowest": low, "highest": high, "code": code, "label": code, "subscale": name}
        for name, ends in {"opioids": [(0, 0), (1, 2), (3, 3)], "cannabis": [(0, 0), (1, 1), (2, 2)]}.items()
        for (low, high), code in zip(ends, ("low", "moderate", "high"), strict=True)
    ]
    return {
        **FILES["assist_lite"],
        "items": items,
        "subscales": codes,
        "skips": [{"items": [group[0]], "sums": [0], "skip": group[1:], "source": "pack"} for group in codes.values()],
        "band_sets": {"pack": {"source": "pack", "certainty": "verified", "bands": bands}},
        "default_band_set": "pack",
        "licence": {**FILES["assist_lite"]["licence"], "licensed_to": "A fictional partnership"},
    }


def test_a_licensed_pack_opens_assist_lite_with_its_own_structure_and_bands():
    instrument = build(FILES.values(), licensed={"assist_lite": licensed_pack()})["assist_lite"]
    assert instrument.closed_because == ""
    result = score(instrument, {"o1": 1, "o2": 1, "o3": 1, "c1": 0})
    assert (result.complete, result.total, result.skipped) == (True, None, ("c2",))
    assert {placed.subscale: placed.band.code for placed in result.bands} == {"opioids": "high", "cannabis": "low"}


def test_a_licensed_pack_must_say_to_whom_and_be_of_a_known_instrument():
    unnamed = licensed_pack()
    unnamed["licence"] = {**unnamed["licence"], "licensed_to": ""}
    with pytest.raises(BadInstrument):
        build(FILES.values(), licensed={"assist_lite": unnamed})
    with pytest.raises(BadInstrument, match="not the pack of an instrument here"):
        build(FILES.values(), licensed={"audit": licensed_pack()})


def broken(name, change):
    data = copy.deepcopy(FILES[name])
    change(data)
    return data


def at(*path, to):
    def change(data):
        for step in path[:-1]:
            data = data[step]
        data[path[-1]] = to

    return change


FAULTS = [
    ("audit", at("format", to="something/9"), "format"),
    ("audit", at("surprise", to=1), "surprise"),
    ("audit", at("items", 0, "paraphrase", to="about drinking"), "paraphrase"),
    ("audit", at("items", 0, "options", 1, "score", to=True), "score"),
    ("audit", at("items", 0, "options", 1, "score", to="1"), "score"),
    ("audit", at("items", 0, "options", 1, "score", to=0), "must rise"),
    ("audit", at("items", 0, "options", to=[]), "two or more options"),
    ("audit", at("items", 1, "code", to="q1"), "used twice"),
    ("audit", at("items", 1, "variants", "uk_units", "labels", to=["one"]), "one label for each option"),
    ("audit", at("items", 1, "variants", "martian", to={"text": "?"}), "not among the variants"),
    ("audit", at("default_variant", to="martian"), "not among the variants"),
    ("audit", at("variants", to=[]), "variants need a default"),
    ("audit", at("range", to=[0, 39]), "stated range"),
    ("audit", at("skips", 0, "skip", to=["q99"]), "q99"),
    ("audit", at("subscales", "harm", to=["q99"]), "q99"),
    ("audit", at("contradictions", 0, "item", to="q99"), "q99"),
    ("audit", at("band_sets", "uk", "bands", 1, "lowest", to=9), "gap"),
    ("audit", at("band_sets", "uk", "bands", 1, "highest", to=16), "gap"),
    ("audit", at("band_sets", "uk", "bands", 3, "highest", to=39), "gap"),
    ("audit", at("band_sets", "uk", "bands", 0, "sex", to="male"), "mixes"),
    ("audit", at("default_band_set", to="us"), "not among the band sets"),
    ("audit", at("items", to=[]), "no items"),
    ("fast", at("default_rule", to="mine"), "not among the rules"),
    ("fast", at("rules", "ohid", "stops", 0, "items", to=["q9"]), "q9"),
    ("fast", at("cutoffs", 0, "at", to=17), "outside the range"),
    ("dudit", at("items", 0, "text", to="How often do you ...?"), "may not ship"),
    ("dudit", at("cutoffs", to=[{"at": 6, "sex": "male", "source": "x", "certainty": "local"}]), "both sexes"),
    ("top", at("items", 0, "parts_highest", to=6), "cannot make"),
    ("top", at("range", to=[0, 1]), "only a summed"),
    ("sadq", at("items", 0, "highest", to=0), "highest value"),
]


@pytest.mark.parametrize(("name", "change", "said"), FAULTS, ids=[f"{name}-{said}" for name, _, said in FAULTS])
def test_a_malformed_file_is_refused_with_its_name_and_its_fault(name, change, said):
    with pytest.raises(BadInstrument, match=f"(?s){name}.*{said}"):
        parse(broken(name, change))


@pytest.mark.parametrize("data", [None, [], 3, "audit", {}, {"id": 3}])
def test_what_is_not_an_instrument_at_all_is_refused(data):
    with pytest.raises(BadInstrument):
        parse(data)


@pytest.mark.parametrize("items", [["q1", "q77"], "q1", None, [["q1"]]])
def test_a_short_screen_that_names_an_item_its_parent_lacks_is_refused(items):
    with pytest.raises(BadInstrument, match="does not have"):
        build([FILES["audit"], {**FILES["audit_c"], "items": items}])


def test_a_short_screen_without_its_parent_is_refused():
    with pytest.raises(BadInstrument, match="not here"):
        build([FILES["audit_c"]])


def test_an_instrument_cannot_be_changed_once_read():
    with pytest.raises(ValueError, match="frozen"):
        INSTRUMENTS["audit"].title = "Another"


def test_the_files_are_plain_json_that_says_the_same_twice():
    for path in FOLDER.glob("*.json"):
        assert json.loads(path.read_text())["id"] == path.stem


@pytest.mark.parametrize(
    ("code", "days"),
    [
        ("substance_screen_reoffer", LOCAL.reoffer.declined.days),
        ("substance_screen_when_able", LOCAL.reoffer.not_able.days),
    ],
)
def test_the_day_to_ask_again_is_the_day_its_clock_runs_out(code, days):
    due = CLOCKS.rule(code).due
    assert (due.unit, due.amount) == ("calendar_days", days)
