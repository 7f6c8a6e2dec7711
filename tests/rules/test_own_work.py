"""A screener keeps access to the screenings they carried out, and to nothing else by that (DOMAIN G.2)."""

from __future__ import annotations

from throughcare.disclosure.policy import Basis, Matrix, Seat, Standing
from throughcare.kernel.categories import Category

HERE = frozenset({Basis.TASK})


def test_an_officer_reads_their_own_screening_whole_and_a_colleagues_not_at_all(reference):
    matrix = reference[Matrix]
    own = Standing(Seat.PRISON_THROUGHCARE, HERE, wrote=True)
    colleague = Standing(Seat.PRISON_THROUGHCARE, HERE)
    assert matrix.grant_for(Category.SCREENING, own).summary is False
    assert matrix.grant_for(Category.SCREENING, colleague) is None


def test_an_officer_reads_a_colleagues_band_alone_with_consent(reference):
    consented = Standing(Seat.PRISON_THROUGHCARE, HERE, frozenset({Category.SCREENING}))
    assert reference[Matrix].grant_for(Category.SCREENING, consented).summary is True


def test_having_written_something_opens_no_clinical_note_and_outlives_no_standing(reference):
    matrix = reference[Matrix]
    assert matrix.grant_for(Category.CLINICAL, Standing(Seat.PRISON_THROUGHCARE, HERE, wrote=True)) is None
    assert matrix.grant_for(Category.SCREENING, Standing(Seat.PRISON_THROUGHCARE, wrote=True)) is None
    assert matrix.grant_for(Category.SCREENING, Standing(None, HERE, wrote=True)) is None
