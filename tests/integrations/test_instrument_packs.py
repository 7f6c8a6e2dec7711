"""Dropping a pack into the configured folder makes the wording appear; a bad one is named (DOMAIN A.12)."""

from __future__ import annotations

import json

import pytest

from config.bootstrap import toml
from config.instruments import read_instruments, read_local
from throughcare.kernel.refusals import NotFound
from throughcare.screening.rules import BadInstrument


def test_what_ships_is_read_without_any_pack():
    instruments = read_instruments()
    assert instruments["audit"].wording_shown
    assert not instruments["dudit"].wording_shown
    with pytest.raises(NotFound):
        instruments["dast"]


def test_a_wording_pack_in_the_folder_makes_the_wording_appear(tmp_path):
    texts = {f"q{n}": f"Question {n} from the pack" for n in range(1, 6)}
    (tmp_path / "sds.wording.json").write_text(json.dumps(texts))
    assert read_instruments(tmp_path)["sds"].item("q2").text == "Question 2 from the pack"


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("sds.wording.json", b"{not json", "sds.wording.json"),
        ("sds.wording.json", b'{"q1": "\xff"}', "sds.wording.json"),
        ("sds.wording.json", b'{"q1": "One"}', "sds"),
        ("dast.wording.json", b"{}", "dast"),
        ("assist_lite.instrument.json", b"{}", "format"),
    ],
)
def test_a_bad_pack_is_refused_by_name(tmp_path, name, content, said):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(BadInstrument, match=said):
        read_instruments(tmp_path)


@pytest.mark.parametrize(("key", "rule"), [("fast", "invented"), ("cage", "ohid"), ("audit", "ohid")])
def test_a_stop_rule_that_no_instrument_has_is_refused_at_the_start(key, rule):
    data = toml("screening.toml")
    data["stop_rules"] = {key: data["stop_rules"]["fast"] | {"rule": rule}}
    with pytest.raises(BadInstrument, match=f"{key} has no stop rule called {rule}"):
        read_local(data, read_instruments())


def test_a_folder_that_is_not_there_is_said(tmp_path):
    with pytest.raises(BadInstrument, match="not there"):
        read_instruments(tmp_path / "nowhere")
