"""The words that stand for codes, and which page does what: read once from the service, as a Django project would hold them."""

from __future__ import annotations

from functools import cache

from config.bootstrap import load_reference
from config.settings import Settings
from config.tables import all_tables
from throughcare.casework.clock_rules import ServiceClocks
from throughcare.casework.rows import CustodyStatus, SentenceType
from throughcare.casework.stage import Stage
from throughcare.casework.tasks import ERRANDS
from throughcare.disclosure.policy import Basis

STAGES = {stage.value: stage.label for stage in Stage}
BASES = {basis.value: basis.label for basis in Basis}
CUSTODY = {status.value: status.label for status in CustodyStatus}
SENTENCES = {kind.value: kind.label for kind in SentenceType}


@cache
def errand(kind: str) -> tuple[str, str]:
    """An errand's words, and the address of the page that does it."""
    all_tables()
    return ERRANDS[kind].words, ERRANDS[kind].path


@cache
def _book() -> ServiceClocks:
    return load_reference(Settings(environment="demo", _env_file=None))[ServiceClocks]


@cache
def rule(code: str) -> tuple[str, str]:
    """A clock's words, and the address of the page that meets it."""
    return _book().rule(code).name, _book().rule(code).path
