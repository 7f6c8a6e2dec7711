"""A fictional partnership and its caseload, the same every time, dated from today: for demonstrations and training."""

from __future__ import annotations

from sqlalchemy import text

from config.demonstration.partnership import Partnership, found
from config.tables import all_tables
from throughcare.kernel.work import Desk

__all__ = ["Partnership", "load"]


def load(desk: Desk) -> Partnership:
    """Empty every table and make the demonstration again."""
    with desk.engine.begin() as connection:
        for table in reversed(all_tables().sorted_tables):
            connection.execute(text(f'DELETE FROM "{table.name}"'))  # noqa: S608 - our own table names
    return found(desk)
