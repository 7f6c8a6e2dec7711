"""The only place where adapters meet ports: data files become a Reference, settings become a running Desk."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import throughcare
from config.checkins import read_checkins
from config.instruments import read_screening
from config.settings import Settings
from integrations.pdf_typst import TypstPrinter
from integrations.witness_file import FileWitness
from throughcare.casework.calendars import Calendars, calendars_of, parse_holidays
from throughcare.casework.clock_rules import ServiceClocks, parse_clocks
from throughcare.casework.contacting import Contacting, parse_contacting
from throughcare.casework.duplicates import Looking
from throughcare.casework.keyring import Keyring
from throughcare.casework.phone_numbers import CROWN_DEPENDENCIES
from throughcare.checkin.lexicon import Lexicon
from throughcare.checkin.replies import code_word_fault
from throughcare.checkin.service import Texted
from throughcare.disclosure.policy import Matrix, parse_matrix
from throughcare.handover.reasons import HandoverLists, parse_lists
from throughcare.handover.sharing import Sources
from throughcare.journey.reactions import REACTIONS
from throughcare.journey.sharing_parts import SOURCES
from throughcare.kernel.clock import Clock, SystemClock
from throughcare.kernel.database import open_engine
from throughcare.kernel.ports import Printing, Witnessing
from throughcare.kernel.reference import Reference
from throughcare.kernel.sealing import Safe
from throughcare.kernel.work import Desk
from throughcare.measures.book import MeasureBook, book_from
from throughcare.release.reference import ReleaseBook, read_release
from throughcare.requirement.reference import RequirementBook, parse_requirements
from throughcare.safeguarding.reference import Protocol, protocol_from

DATA = Path(__file__).parent / "data"
FONTS = Path(throughcare.__file__).parent / "web" / "static" / "paper"


def toml(name: str) -> dict[str, Any]:
    """A data file, parsed."""
    return tomllib.loads((DATA / name).read_text("utf-8"))


def load_reference(settings: Settings) -> Reference:
    """Every data file, read and validated once; ValueError names what is wrong."""
    matrix = toml("disclosure.toml")
    holidays = [parse_holidays(toml(f"holidays/{path.name}")) for path in sorted((DATA / "holidays").glob("*.toml"))]
    held: dict[type[Any], Any] = {
        Settings: settings,
        Keyring: Keyring(settings.secret_key.get_secret_value(), settings.service_name, settings.environment == "demo"),
        Safe: Safe(settings.sealing.held, clear_readable=settings.sealing.clear_readable),
        Matrix: parse_matrix(matrix["version"], matrix["cells"]),
        Calendars: calendars_of(holidays),
        ServiceClocks: parse_clocks(toml("clocks.toml")),
        HandoverLists: parse_lists(toml("handover.toml")),
        Looking: Looking(a_day=toml("registering.toml")["looks_a_day"]),
        Sources: SOURCES,
        MeasureBook: book_from(toml("measures.toml")),
        Protocol: protocol_from(toml("safeguarding.toml")),
        **read_screening(toml("screening.toml"), settings.wording_packs),
        Printing: Printing(TypstPrinter(FONTS)),
        Witnessing: Witnessing(None if settings.environment == "demo" else FileWitness(settings.journal_witness)),
        ReleaseBook: read_release(toml),
        **read_checkins(toml, settings),
        RequirementBook: parse_requirements(toml("requirements.toml")),
    }
    held[Contacting] = _contacting(settings, held)
    return Reference(held)


def _contacting(settings: Settings, held: Mapping[type[Any], Any]) -> Contacting:
    word_fault = partial(code_word_fault, lexicon=held[Lexicon])
    contacting = parse_contacting(toml("contact.toml"), word_fault, test_numbers=settings.test_numbers_allowed)
    return replace(contacting, crown_dependencies=bool(held[Texted].countries & CROWN_DEPENDENCIES))


def open_desk(settings: Settings, clock: Clock | None = None) -> Desk:
    """The running service as its callers hold it."""
    engine = open_engine(settings.database_url)
    return Desk(engine, clock or SystemClock(), REACTIONS, load_reference(settings))
