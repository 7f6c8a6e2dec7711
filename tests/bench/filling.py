"""Fills an empty PostgreSQL with a caseload of any size in a few statements: agencies, teams, caseloads, custody, work and clocks.

A worker holds the same forty open cases and a team the same four hundred whatever the size: a larger service has more
teams, more agencies, larger agencies and more that is closed. Every identifier is drawn from a number, so that each
statement can name the rows of another; they are as scattered as random ones.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from enum import Enum
from typing import NamedTuple

from sqlalchemy import Engine, text

from config.bootstrap import load_reference
from config.migrate import upgrade
from config.settings import Settings
from config.tables import all_tables
from tests.bench.tables import fill_table, without
from throughcare.casework.agencies import Agency, Membership, Team, Worker
from throughcare.casework.clock_rules import ServiceClocks
from throughcare.casework.credentials import WebSession
from throughcare.casework.keyring import fingerprint
from throughcare.casework.people import Case, Consent, NameWord, Person
from throughcare.casework.rows import CustodyEpisode, Involvement, ServiceClock, Task
from throughcare.casework.tasks import ERRANDS

CASELOAD = 10  # workers a team; each has 40 open cases and 60 closed
TEAM = 1_000  # cases a team, open and closed
AT_ONCE = 2  # tables filled side by side
GIVEN = "Rowan Ash Hazel Linden Maple Alder Bryn Carys Dylan Eira Finn Greta Hugh Isla Jonah Keira Lewis Mabel Nia Owen"
FAMILY = "Ashdown Birch Clough Denholm Eastwell Fenwick Garside Hallam Inglis Jarvis Kershaw Langley Marsh Norris Oakes"
PLACE = {"a": "Quay", "b": "Moor", "c": "Fell", "d": "Dale"}


class Size(NamedTuple):
    """How the partnership grows with the cases: 4 prisons for 10,000, 20 for 100,000, 100 for 1,000,000."""

    cases: int

    @property
    def agencies(self) -> int:
        return max(2, round(self.cases**0.7 / 158))

    @property
    def teams(self) -> int:
        return max(self.agencies, self.cases // TEAM)

    @property
    def workers(self) -> int:
        return self.teams * CASELOAD


class Reader(NamedTuple):
    """Somebody signed in, by the token their browser holds, and cases they answer for."""

    token: str
    cases: tuple[str, ...]


def fill(engine: Engine, size: Size, now: datetime) -> None:
    """Every table at head and full, its statistics gathered; nothing where it has been done."""
    upgrade(engine)
    with engine.connect() as connection:
        if connection.scalar(text('SELECT count(*) FROM "case"')) == size.cases:
            return
    with engine.begin() as connection:
        bound = without(connection, "f")
    by_table: dict[str, list[str]] = {}
    for table, statement in statements(size, now):
        by_table.setdefault(table, []).append(statement)
    with ThreadPoolExecutor(AT_ONCE) as at_once:  # a table after the other, two at a time: as many as there are cores
        longest_first = sorted(by_table, key=lambda table: -len(by_table[table]))
        list(at_once.map(lambda table: fill_table(engine, table, by_table[table]), longest_first))
    with engine.begin() as connection:
        for _, statement in bound:
            connection.execute(
                text(f"{statement} NOT VALID")
            )  # they hold for what is written; what is there was made to


def statements(size: Size, now: datetime) -> list[tuple[str, str]]:
    """The partnership, then the cases, then what hangs on them: each with the table it fills."""
    all_tables()
    said = [*_partnership(size, now), *_cases(size, now), *_work(size, now)]
    return [(statement.split('"')[1], statement) for statement in said]


def chosen(words: list[str], number: str) -> str:
    """One of these words by a number, in SQL."""
    listed = ", ".join(f"'{word}'" for word in words)
    return f"(ARRAY[{listed}])[1 + ({number}) % {len(words)}]"


def insert(kind, source: str, now: datetime, /, **columns: str) -> str:
    """INSERT ... SELECT: the columns named, in SQL; the others as the table's class has them."""
    given = {"id": "gen_random_uuid()", "version": "1", "created_at": f"'{now.isoformat()}'::timestamptz"} | columns
    names = [column.name for column in kind.__table__.columns]
    values = [given[name] if name in given else _default(kind, name) for name in names]
    listed = ", ".join(f'"{name}"' for name in names)
    return f'INSERT INTO "{kind.__tablename__}" ({listed}) SELECT {", ".join(values)} FROM {source}'


def _default(kind, name: str) -> str:
    field = kind.model_fields[name]
    value = field.get_default(call_default_factory=True)
    if value is None:
        return "NULL"
    if isinstance(value, list | dict):
        return f"'{'[]' if isinstance(value, list) else '{}'}'::json"
    if isinstance(value, bool | int):
        return str(value).lower()
    return f"'{value.value if isinstance(value, Enum) else value}'"


def _partnership(size: Size, now: datetime) -> list[str]:
    agencies = f"generate_series(0, {size.agencies - 1}) a, (VALUES ('prison'), ('provider'), ('probation')) k(kind)"
    teams = f"generate_series(0, {size.teams - 1}) t, (VALUES ('prison'), ('provider'), ('probation')) k(kind)"
    workers = f"generate_series(0, {size.workers - 1}) w, (VALUES ('prison'), ('provider'), ('probation')) k(kind)"
    role = "CASE kind WHEN 'prison' THEN 'throughcare_officer' WHEN 'provider' THEN 'provider_worker' ELSE 'probation_practitioner' END"
    team, agency = f"(w / {CASELOAD})", f"(w / {CASELOAD} % {size.agencies})"
    return [
        insert(
            Agency, agencies, now, id=ident_of("a"), kind="kind", jurisdiction="'england_wales'",
            name=f"initcap(kind) || ' ' || {chosen(list(PLACE.values()), 'a')} || ' ' || a",
        ),
        insert(
            Team, teams, now, id="md5(kind || 'team' || t)::uuid", agency_id=f"md5(kind || (t % {size.agencies}))::uuid",
            name="'Team ' || t",
        ),
        insert(
            Worker, workers, now, id="md5(kind || 'worker' || w)::uuid", email="kind || w || '@example.org'",
            name=f"{chosen(GIVEN.split(), 'w')} || ' ' || {chosen(FAMILY.split(), 'w / 7')}",
        ),
        insert(
            Membership, workers, now, id="md5(kind || 'member' || w)::uuid", worker_id="md5(kind || 'worker' || w)::uuid",
            agency_id=f"md5(kind || {agency})::uuid", team_id=f"md5(kind || 'team' || {team})::uuid", role=role,
            from_on=f"'{(now - timedelta(days=400)).date()}'::date",
        ),
    ]  # fmt: skip


def ident_of(number: str) -> str:
    """An agency's identifier: of its kind and number."""
    return f"md5(kind || {number})::uuid"


def numbered(size: Size, now: datetime) -> str:
    """Each case as a row of plain facts: its number n, team t, place k in the team, worker w, place j in the worker's caseload."""
    today = f"'{now.date()}'::date"
    return f"""(
        SELECT *, {today} AS today,
            CASE WHEN NOT is_open THEN {today} - 300 - (n * 17 % 2000)
                 WHEN j % 20 < 2 THEN NULL
                 WHEN j % 20 < 10 THEN {today} + 85 + (k * 37 % 300)
                 WHEN j % 20 < 13 THEN {today} + (k * 13 % 84)
                 WHEN j % 20 < 15 THEN {today} + (k % 28) - 1
                 WHEN j % 20 < 17 THEN {today} - (k % 84)
                 ELSE {today} - 20 - (k % 200) END AS release_on,
            CASE WHEN NOT is_open THEN 'closed' WHEN j % 20 < 2 THEN 'reception' WHEN j % 20 < 10 THEN 'in_custody'
                 WHEN j % 20 < 13 THEN 'planning' WHEN j % 20 < 15 THEN 'ready' WHEN j % 20 < 17 THEN 'released'
                 ELSE 'with_provider' END AS stage,
            is_open AND j % 20 < 15 AS held
        FROM (SELECT n, n % {size.teams} AS t, n / {size.teams} AS k, n / {size.teams} % {CASELOAD} AS w0,
                     n / {size.teams} / {CASELOAD} AS j, n / {size.teams} / {CASELOAD} < 40 AS is_open,
                     n % {size.teams} * {CASELOAD} + n / {size.teams} % {CASELOAD} AS w,
                     n % {size.teams} % {size.agencies} AS a,
                     md5('case' || n)::uuid AS case_id
              FROM generate_series(0, {size.cases - 1}) n) numbered
    ) cases"""


OWNER, PRISON = "md5('prisonworker' || w)::uuid", "md5('prison' || a)::uuid"
PROVIDER, PROBATION = "md5('provider' || a)::uuid", "md5('probation' || a)::uuid"


def _cases(size: Size, now: datetime) -> list[str]:
    cases = numbered(size, now)
    given, family = (
        chosen(GIVEN.split(), "n * 7"),
        f"{chosen(FAMILY.split(), 'n / 3')} || {chosen(['', 'son', 'ley', 'ton'], 'n / 45')}",
    )
    at_close = "CASE WHEN is_open THEN NULL ELSE (release_on + 100)::timestamptz END"
    began = "(today - 60 - (k % 700))::timestamptz"
    return [
        insert(
            Case, cases, now, id="case_id", reference="'TC-' || upper(substr(md5('ref' || n), 1, 4) || '-' || lpad(to_hex(n), 6, '0'))",
            jurisdiction="'england_wales'", owner_agency_id=PRISON, owner_team_id="md5('prisonteam' || t)::uuid",
            owner_worker_id=f"CASE WHEN is_open AND k % 53 = 5 THEN NULL ELSE {OWNER} END", officer_id=OWNER,
            stage="stage", release_on="release_on", closed_at=at_close, is_synthetic="true",
        ),
        insert(
            Person, cases, now, id="md5('person' || n)::uuid", case_id="case_id", given=given, family=family,
            birth_date="'1960-01-01'::date + (n * 31 % 16000)", sex="CASE WHEN n % 12 = 0 THEN 'female' ELSE 'male' END",
            prison_number="chr(65 + n % 26) || lpad((n / 26 % 10000)::text, 4, '0') || chr(65 + n / 260000 % 26) || 'K'",
            crn="CASE WHEN n % 3 = 0 THEN 'X' || lpad((n % 1000000)::text, 6, '0') END",
        ),
        insert(NameWord, cases, now, case_id="case_id", word=f"lower({given})"),
        insert(NameWord, cases, now, case_id="case_id", word=f"lower({family})"),
        insert(
            CustodyEpisode, cases, now, case_id="case_id", prison_id=PRISON, received_on="today - 60 - (k % 700)",
            status="CASE WHEN held THEN 'held' ELSE 'released' END", custody_status="'sentenced'",
            sentence_type="'determinate'", release_type="'automatic'", sentence_release_date="release_on",
            confirmed_release_date="CASE WHEN release_on < today + 84 THEN release_on END",
            released_at="CASE WHEN held THEN NULL ELSE release_on::timestamptz END",
            ended_at="CASE WHEN held THEN NULL ELSE release_on::timestamptz END",
        ),
        *(
            insert(
                Involvement, f"{cases} WHERE {who}", now, case_id="case_id", agency_id=agency, basis=f"'{basis}'",
                because=f"'{because}'", from_at=began, until_at=at_close,
            )
            for agency, basis, because, who in (
                (PRISON, "T", "reception", "true"), (PRISON, "H", "reception", "true"),
                (PROVIDER, "H", "handover", "stage IN ('with_provider', 'closed')"), (PROBATION, "R", "order", "n % 3 = 0"),
            )
        ),
        insert(
            Consent, f"{cases} WHERE n % 4 = 0", now, case_id="case_id", purpose="'share'", agency_id=PROVIDER,
            categories="'[\"identity\", \"screening\"]'::json", state="'given'", given_at=began, recorded_by=OWNER,
            ended_at=at_close,
        ),
    ]  # fmt: skip


def _work(size: Size, now: datetime) -> list[str]:
    cases = numbered(size, now)
    kinds, codes = sorted(ERRANDS), sorted(rule.code for rule in _clock_rules().clock)
    due = "(today + (k * 7 % 35) - 3)::timestamptz + interval '17 hours'"
    past = "(today - 30 - (k % 300))::timestamptz + s * interval '1 day'"
    task = {"kind": chosen(kinds, "n + s"), "case_id": "case_id", "subject_id": "case_id", "agency_id": PRISON}
    clock = {
        "code": chosen(codes, "n + s"), "case_id": "case_id", "subject_id": "case_id", "agency_id": PRISON,
        "jurisdiction": "'england_wales'", "started_on": "today - 20",
        "role": "CASE WHEN n % 7 = 0 THEN 'prison_healthcare_worker' ELSE 'throughcare_officer' END",
        "worker_id": f"CASE WHEN n % 7 = 0 THEN NULL ELSE {OWNER} END",
    }  # fmt: skip
    one, three, four = (f"{cases}, generate_series(1, {many}) s" for many in (1, 3, 4))
    return [
        insert(
            Task, f"{one} WHERE is_open", now, key="'open:' || n", due_at=due, worker_id=OWNER, urgent="n % 29 = 0",
            **task,
        ),
        insert(
            Task, f"{one} WHERE is_open AND n % 20 = 3", now, key="'team:' || n", due_at=due,
            team_id="md5('prisonteam' || t)::uuid", **task,
        ),
        insert(
            Task, three, now, key="'done:' || s || ':' || n", due_at=past, worker_id=OWNER, status="'done'",
            done_at=past, done_by=OWNER, **task,
        ),
        insert(ServiceClock, f"{one} WHERE is_open", now, due_at=due, **clock),
        insert(ServiceClock, four, now, due_at=past, state="'stopped'", stopped_at=past, **clock),
    ]  # fmt: skip


def _clock_rules():
    return load_reference(Settings(environment="demo", _env_file=None))[ServiceClocks]


def sign_in(engine: Engine, size: Size, now: datetime, many: int = 20) -> list[Reader]:
    """Officers all over the partnership signed in at `now`, each with thirty open cases of their own."""
    readers = []
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM web_session"))
        for number in range(many):
            worker = number * max(size.workers // many, 1) % size.workers
            token = f"bench-{number}"
            source = "(SELECT 'prison' AS kind) one"
            session = insert(
                WebSession, source, now, token_hash=f"'{fingerprint(token)}'",
                worker_id=f"md5(kind || 'worker' || {worker})::uuid",
                membership_id=f"md5(kind || 'member' || {worker})::uuid", stage="'full'",
                used_at=f"'{now.isoformat()}'::timestamptz", expires_at=f"'{(now + timedelta(hours=12)).isoformat()}'::timestamptz",
            )  # fmt: skip
            connection.execute(text(session))
            mine = 'SELECT id::text FROM "case" WHERE officer_id = md5(:who)::uuid AND closed_at IS NULL LIMIT 30'
            cases = connection.scalars(text(mine), {"who": f"prisonworker{worker}"}).all()
            readers.append(Reader(token, tuple(cases)))
    return readers
