"""The whole path over the JSON API of a running server, each step by the worker whose it is."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.support.whole_path import ADDRESS, SENTENCE, WholePath

ASIDE = ("northgate", "glen_officer", "marsh_officer", "glen_probation")
TABS = (
    "",
    "/plan",
    "/screening",
    "/timeline",
    "/contact",
    "/handovers",
    "/safeguarding",
    "/requirements",
    "/check-ins",
)


@pytest.fixture
def path(door, scheduler, made, clock):
    return WholePath(door, scheduler, made, clock.now().date() + timedelta(days=40))


def test_one_person_is_carried_from_reception_to_a_report_acknowledged(path):
    path.whole()
    door, case = path.door, path.case
    assert door.read("provider", case)["hands"]["owner"].startswith("Priya Lark")
    plan = door.read("officer", f"{case}/plan")["plan"]
    assert plan["status"] == "agreed"
    (handover,) = door.read("provider", f"{case}/handovers")["handovers"]
    assert handover["status"] == "active"
    checkins = door.read("provider", f"{case}/check-ins")
    assert checkins["proven"] is True
    assert [each["score"] for each in checkins["asked"]] == [4]
    (report,) = door.read("probation", f"{case}/requirements")["reports"]
    assert (report["status"], report["sentence"]) == ("acknowledged", SENTENCE)
    (missed,) = door.read("probation", f"{case}/requirements")["appointments"]
    assert missed["absence"] == "acceptable"
    told = str([door.read("probation", f"{case}{tab}") for tab in ("", "/requirements", "/timeline", "/sharing")])
    assert not [word for word in (ADDRESS, "audit", "Drink at weekends", "kestrel", "07700") if word in told]


@pytest.mark.parametrize("who", ASIDE)
def test_a_worker_with_no_part_in_it_finds_nothing(path, who):
    path.registered()
    answers = {tab: path.door.client.get(f"/api{path.case}{tab}", headers=path.door.headers(who)) for tab in TABS}
    assert {tab: answer.status_code for tab, answer in answers.items()} == dict.fromkeys(TABS, 404)
    nobody = path.door.client.get(f"/api{path.case}")
    assert nobody.status_code == 401
