"""Every operation of the openapi.json, asked with what its schema allows and with what nobody should send: no fault of ours."""

from __future__ import annotations

import random
from collections import Counter
from datetime import timedelta

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from litestar.testing import TestClient
from sqlmodel import select

from config.demonstration.partnership import found
from config.tables import all_tables
from tests.support.browsing import HTTP, app_of
from tests.support.by_api import ByApi, tokens_for
from tests.support.lending import whole
from tests.support.serving import Scheduler
from tests.support.whole_path import WholePath
from throughcare.kernel.actors import SYSTEM
from throughcare.release.rows import Need

EXAMPLES = 2  # of each operation
OURS = 500
NOBODY = "00000000-0000-0000-0000-000000000001"
FUZZ = settings(
    max_examples=EXAMPLES, phases=[Phase.generate], database=None, derandomize=True, deadline=None,
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
WHO = ("officer", "treatment", "healthcare", "prison_manager", "provider", "provider_manager", "probation", "privacy")
UNREADABLE = {
    "half a sentence": b'{"said": "',
    "no object": b"[1, 2",
    "nothing": b"",
    "not text": b'{"said": "\xff\xfe"}',
    "half a surrogate pair": b'{"%s": "\\ud800"}',
    "a control character": b'{"%s": "\\u0000"}',
    "a bell": b'{"%s": "\\u0007"}',
}
AWKWARD = 'O’Neill’s d\'Arcy 🦦 said "select * from person; drop table person" & <b>left</b>. '


def at_reception(app, desk, settings):
    """A window on the service, and somebody about to be received."""
    with TestClient(app, base_url=HTTP, raise_server_exceptions=False) as client:
        made = found(desk)
        door = ByApi(client, desk, tokens_for(desk, made), settings.public_base_url)
        yield WholePath(door, Scheduler(settings, desk), made, desk.clock.now().date() + timedelta(days=40))


@pytest.fixture
def path(desk, settings):
    yield from at_reception(app_of(desk), desk, settings)


@pytest.fixture
def walked(desk, settings):
    """A whole journey behind them, so that there is a row for most ids that a path asks for."""
    for path in at_reception(whole(settings, desk), desk, settings):
        path.whole()
        yield path


def described(path):
    """The openapi.json, as a signed-in worker is given it."""
    told = path.door.client.get("/schema/openapi.json", headers=path.door.headers("officer"))
    assert told.status_code == 200
    return told.json()


@pytest.fixture
def need(path):
    """A need in a plan."""
    path.registered()
    path.go("officer", "/plan/start")
    said = {"domain": "drugs_alcohol", "what": "Start treatment outside", "severity": "high", "side": "prison"}
    more = {
        "owner": f"agency:{path.made.agencies['fallow']}",
        "action": "Refer",
        "due_on": path.release,
        "source": "bcst",
    }
    path.go("officer", "/plan/needs/add", **said, **more)
    return path.latest(Need).id


def rows_of(path):
    """`ids(name, pick)`: a row of this name, as far as there is one: `need_id` is a need's."""
    held = {}
    with path.desk.work(SYSTEM) as work:
        for table in all_tables().sorted_tables:
            if "id" in table.c:
                came = select(table.c.id).order_by(*(table.c[name] for name in ("created_at",) if name in table.c))
                held[table.name] = [str(row) for row in work.session.scalars(came)]

    def choose(name, pick):
        if name == "case_id":
            return str(path.case_id)
        found = [row for table in held if name.removesuffix("_id") in table for row in held[table]]
        return pick.choice(found) if found else NOBODY

    return choose


def filled(template, ids, pick):
    """The address with a row for each of its ids."""
    names = [part.strip("{}") for part in template.split("/") if part.startswith("{")]
    for name in names:
        template = template.replace(f"{{{name}}}", ids(name, pick))
    return template


@pytest.mark.slow(30)
def test_what_the_schema_allows_never_meets_a_fault_of_ours(walked):
    path, ids, faults, answered = walked, rows_of(walked), {}, Counter()
    for found_one in schemathesis.openapi.from_dict(described(path)).get_all_operations():
        operation = found_one.ok()
        if operation.path.startswith("/api/admin"):
            continue  # no token opens these

        @FUZZ
        @given(case=operation.as_strategy(), who=st.sampled_from(WHO), seed=st.integers(0, 99))
        def ask(case, who, seed):
            body = {"json": case.body} if case.method != "GET" else {}
            address = filled(case.path, ids, random.Random(seed))
            answer = path.door.client.request(case.method, address, headers=path.door.headers(who), **body)
            answered[answer.status_code] += 1
            if answer.status_code >= OURS:
                faults[case.operation.label] = (who, case.body, answer.text)

        ask()
    assert faults == {}
    assert answered[200] > 60, answered  # enough of it got past the door


@pytest.mark.slow(30)
@pytest.mark.on_database(-1)  # nothing of it comes as far as a database; what did would be refused by this one
def test_what_cannot_be_read_is_refused_by_every_operation_alike(path):
    path.registered()
    path.go("treatment", "/screening/safety/not-asked", because="unwell")
    headers = path.door.headers("officer") | {"content-type": "application/json"}
    told, ids, faults, refused = described(path), rows_of(path), {}, {400, 403, 404, 422}
    for template, asked in told["paths"].items():
        if "post" not in asked:
            continue
        address = filled(template, ids, random.Random(1))
        for name, body in UNREADABLE.items():
            sent = body.replace(b"%s", text_field(told, asked["post"]).encode())
            answer = path.door.client.post(address, content=sent, headers=headers)
            if answer.status_code not in refused:
                faults[template, name] = (answer.status_code, answer.text)
    assert faults == {}


def text_field(described, operation):
    """A field of this operation that takes text, where it has one."""
    body = operation["requestBody"]["content"]["application/json"]["schema"]
    form = described["components"]["schemas"].get(body.get("$ref", "").rpartition("/")[2], body)
    said = [name for name, field in form.get("properties", {}).items() if field.get("type") == "string"]
    return said[0] if said else "said"


def test_malformed_text_and_oversize_have_the_answers_they_are_promised(path, need):
    here, headers = f"/api{path.case}/plan/needs/{need}/update", path.door.headers("officer")
    told = {name: path.door.client.post(here, content=body.replace(b"%s", b"said"), headers=headers).status_code
            for name, body in UNREADABLE.items()}  # fmt: skip
    assert told == dict.fromkeys(UNREADABLE, 400)
    assert path.door.client.post(here, content=b" " * 1_100_000, headers=headers).status_code == 413
    assert path.door.client.post(here, content=b"{}", headers=headers).status_code in {400, 422}


def test_awkward_but_honest_text_is_kept_to_the_letter(path, need):
    said = (AWKWARD * 200)[:11_990].strip()
    path.go("officer", f"/plan/needs/{need}/update", status="open", said=said)
    (kept,) = (each for each in path.door.read("officer", f"{path.case}/plan")["needs"] if each["id"] == str(need))
    assert kept["updates"][0]["said"] == said


def test_the_description_is_for_those_who_are_signed_in(path):
    assert path.door.client.get("/schema/openapi.json").status_code == 401
