"""What each command does: the command line calls each by its name here."""

from __future__ import annotations

import argparse
import os
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from signal import SIGINT, SIGTERM, signal
from uuid import UUID

import structlog
import uvicorn
from pydantic import ValidationError
from sqlmodel import select

from config.bootstrap import open_desk
from config.check import Unsafe, advice, faults, refuse_unsafe
from config.demonstration.kept import make_ready
from config.logging import set_up_logging
from config.looking import in_doubt_with_nobody, looked_at, lost_sight_of
from config.migrate import at_head, upgrade
from config.running import running
from config.serving import web
from config.settings import Settings, faults_of
from throughcare.casework import partnership, tokens, workers
from throughcare.casework.agencies import Agency, Team
from throughcare.casework.partnership import TeamName
from throughcare.casework.visitors import memberships_of
from throughcare.kernel import verifying
from throughcare.kernel.actors import SYSTEM, AgencyKind, Role
from throughcare.kernel.refusals import NotFound, Refusal, refuse_if
from throughcare.kernel.work import Desk, Work

Asked = argparse.Namespace
Command = Callable[[Asked], int]
log = structlog.get_logger()
HAND_OVER = (
    0.001  # seconds that one thread may compute while another waits to: pages and texts come to their turn sooner
)


class SchemaBehind(Refusal):
    """The database's schema is not the one this version needs; run `throughcare migrate` first."""


def say(*words: object) -> None:
    """Speak on the command line."""
    print(*words, flush=True)  # noqa: T201 - the command line speaks


def run(asked: Asked) -> int:
    """Do what was asked; what goes wrong is said in a sentence, with exit status 1."""
    command: Command = globals()[asked.run]
    try:
        return command(asked)
    except Unsafe as unsafe:
        print(f"The service will not start:\n{unsafe}", file=sys.stderr)  # noqa: T201 - the command line speaks
    except ValidationError as wrong:
        if wrong.title != Settings.__name__:
            raise
        told = "\n".join(faults_of(wrong))
        print(f"The settings will not do:\n{told}", file=sys.stderr)  # noqa: T201 - the command line speaks
    except Refusal as no:
        print(no.sentence, file=sys.stderr)  # noqa: T201 - the command line speaks
    return 1


def _opened() -> tuple[Settings, Desk]:
    settings = Settings()
    set_up_logging(settings.log_level)
    refuse_unsafe(settings)
    desk = open_desk(settings)
    refuse_if(not at_head(desk.engine), SchemaBehind)
    if lost := in_doubt_with_nobody(desk, settings):
        raise Unsafe("\n".join(f"- {fault}" for fault in lost))
    return settings, desk


def _serve(settings: Settings, desk: Desk) -> None:
    """Answer until SIGTERM: new requests are then refused, those under way finish within 25 seconds."""
    sys.setswitchinterval(HAND_OVER)
    log.info("serving", host=settings.host, port=settings.port, environment=settings.environment)
    uvicorn.run(
        web(settings, desk),
        host=settings.host,
        port=settings.port,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=25,
    )


def serve(_: Asked) -> int:
    """Web and scheduler in one process."""
    settings, desk = _opened()
    with running(settings, desk):
        _serve(settings, desk)
    return 0


def web_only(_: Asked) -> int:
    """The web part alone; any number of these may run beside any number of schedulers on PostgreSQL."""
    settings, desk = _opened()
    _serve(settings, desk)
    return 0


def scheduler_only(_: Asked | None) -> int:
    """The scheduler alone, until SIGTERM."""
    settings, desk = _opened()
    stop = threading.Event()
    for number in (SIGTERM, SIGINT):
        signal(number, lambda *_: stop.set())
    with running(settings, desk):
        stop.wait()
    return 0


def migrate(_: Asked) -> int:
    """Bring the database to the newest schema."""
    settings = Settings()
    _make_folder(settings)
    desk = open_desk(settings)
    upgrade(desk.engine)
    say("The database is at the newest schema.")
    return 0


def demo(_: Asked) -> int:
    """A fictional partnership and caseload, made anew, served on this machine only."""
    os.environ.setdefault("THROUGHCARE_ENVIRONMENT", "demo")
    os.environ.setdefault("THROUGHCARE_TEST_NUMBERS_ALLOWED", "true")
    os.environ.setdefault("THROUGHCARE_DATABASE_URL", "sqlite:///var/demo.db")
    settings = Settings()
    set_up_logging("WARNING")
    refuse_unsafe(settings)
    _make_folder(settings)
    desk = open_desk(settings)
    say("Making the fictional caseload ready. The first time each day takes a minute.")
    make_ready(desk)
    say(f"\n  {settings.service_name} demonstration: {settings.public_base_url}/sign-in")
    say(f"  The released person's phone:  {settings.public_base_url}/simulator\n")
    with running(settings, desk):
        _serve(settings, desk)
    return 0


def check(_: Asked) -> int:
    """Say what is wrong or unsafe; exit status 1 when something is."""
    settings = Settings()
    desk = open_desk(settings)
    found = [*faults(settings), *lost_sight_of(desk, settings)]
    for sentence in [*found, *advice(settings, desk.reference, desk.clock.now().date()), *looked_at(desk)]:
        say(f"- {sentence}")
    say("The service will not start with these settings." if found else "The settings can be used.")
    return 1 if found else 0


def audit_verify(_: Asked) -> int:
    """Go through the whole journal; the first place that is not as it was written, and exit status 1."""
    desk = _opened()[1]
    with desk.work(SYSTEM) as work:
        found = verifying.broken(work)
    say(found or "The journal is as it was written.")
    return 1 if found else 0


def _make_folder(settings: Settings) -> None:
    if settings.database_url.startswith("sqlite:///"):
        Path(settings.database_url.removeprefix("sqlite:///")).parent.mkdir(parents=True, exist_ok=True)


def user_add(asked: Asked) -> int:
    """A worker with a role from today; prints the one-time code they choose a password with."""
    settings, desk = _opened()
    with desk.work(SYSTEM) as work:
        agency = _agency(work, asked, settings)
        team_id = _team(work, agency.id, asked.team) if asked.team else None
        new = workers.NewWorker(
            name=asked.name, email=asked.email, role=Role(asked.role), agency_id=agency.id, team_id=team_id
        )
        invited = workers.add(work, new)
    say(
        f"Added. They choose a password at {settings.public_base_url}/sign-in/set-up with the code {invited.set_up_code}"
    )
    return 0


def _agency(work: Work, asked: Asked, settings: Settings) -> Agency:
    found = work.session.exec(select(Agency).where(Agency.name == asked.agency)).first()
    if found is None and asked.agency_kind:
        return work.add(
            Agency(name=asked.agency, kind=AgencyKind(asked.agency_kind), jurisdiction=settings.jurisdiction)
        )
    refuse_if(found is None, NotFound(f"There is no agency called {asked.agency}. Name its kind to make it."))
    assert found is not None
    return found


def _team(work: Work, agency_id: UUID, name: str) -> UUID:
    found = work.session.exec(select(Team.id).where(Team.agency_id == agency_id, Team.name == name)).first()
    return found or partnership.add_team(work, agency_id, TeamName(name=name)).id


def user_disable(asked: Asked) -> int:
    """Refused from their very next request."""
    _, desk = _opened()
    with desk.work(SYSTEM) as work:
        workers.disable(work, workers.by_email(work, asked.email).id)
    say("Disabled.")
    return 0


def user_reset(asked: Asked) -> int:
    """Password and second factor forgotten; prints the code to begin again with."""
    settings, desk = _opened()
    with desk.work(SYSTEM) as work:
        code = workers.reset(work, workers.by_email(work, asked.email).id)
    say(f"Reset. They begin again at {settings.public_base_url}/sign-in/set-up with the code {code}")
    return 0


def token_add(asked: Asked) -> int:
    """An API token bound to the worker's membership, shown once."""
    _, desk = _opened()
    with desk.work(SYSTEM) as work:
        worker = workers.by_email(work, asked.email)
        held = memberships_of(work, worker.id)
        refuse_if(not held, NotFound("This worker has no role now, so no token can act for them."))
        token = tokens.add(work, held[0][0].id, asked.label)
    say(f"Shown once: {token}")
    return 0


def token_revoke(asked: Asked) -> int:
    """The token opens nothing from the next request on."""
    _, desk = _opened()
    with desk.work(SYSTEM) as work:
        tokens.revoke(work, UUID(asked.id))
    say("Revoked.")
    return 0
