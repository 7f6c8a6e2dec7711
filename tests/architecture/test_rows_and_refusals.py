"""Every column says what it tells its reader, every refusal speaks, every row stays indoors."""

from __future__ import annotations

import pytest

from config.tables import all_tables
from throughcare.disclosure.policy import Matrix
from throughcare.kernel.categories import Category
from throughcare.kernel.refusals import Refusal

TABLES = all_tables().sorted_tables


def subclasses(kind):
    for sub in kind.__subclasses__():
        yield sub
        yield from subclasses(sub)


@pytest.mark.parametrize("column", [c for t in TABLES for c in t.columns], ids=str)
def test_every_column_says_what_it_tells_its_reader(column):
    assert isinstance(column.info.get("category"), Category)


@pytest.mark.parametrize("refusal", list(subclasses(Refusal)), ids=lambda r: r.__name__)
def test_every_refusal_speaks_in_a_sentence(refusal):
    assert refusal().sentence.endswith(".")


def test_the_matrix_rules_on_every_category(reference):
    assert reference[Matrix].cells.keys() == set(Category)
