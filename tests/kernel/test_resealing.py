"""A new key takes over while the service runs, and clear words from before are sealed (R36)."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import String, select, type_coerce, update

from config import looking
from config.looking import looked_at
from config.settings import Settings
from integrations.spool import FileSpool
from tests.kernel.test_journal_sealed import happen
from tests.kernel.test_sealing import CANARY, NEW, OLD, raw
from throughcare.checkin.rows import OptOut
from throughcare.kernel import resealing
from throughcare.kernel.actors import SYSTEM
from throughcare.kernel.checkpoints import seal_journal
from throughcare.kernel.database import open_engine
from throughcare.kernel.ports import Said
from throughcare.kernel.reference import Reference
from throughcare.kernel.resealing import SealingWalk, seal_anew
from throughcare.kernel.sealing import FORM, Safe, unlock
from throughcare.kernel.verifying import broken

COLUMN = OptOut.__table__.c.verbatim


@pytest.fixture
def holding(desk, engine):
    """`with holding(safe) as desk`: the same service with other keys."""

    @contextmanager
    def with_keys(safe):
        yield replace(desk, reference=Reference({**desk.reference.held, Safe: safe}))
        unlock(engine, desk.reference[Safe])

    return with_keys


def write(desk, *words):
    with desk.work(SYSTEM) as work:
        for each in words:
            work.add(OptOut(number=each, out=True, source="sms", verbatim=each, by=SYSTEM.id, at=work.now))


def read(desk):
    with desk.work(SYSTEM) as work:
        return sorted(work.session.scalars(select(OptOut.verbatim)))


def walk(desk, times=1):
    for _ in range(times):
        with desk.work(SYSTEM) as work:
            done = seal_anew(work)
    return done


def advice(desk):
    with desk.work(SYSTEM) as work:
        return " ".join(looking.keys(work))


def in_clear(engine, words):
    """As a version that sealed nothing kept them, or as somebody puts them who can write to the database."""
    with engine.begin() as connection:
        connection.execute(update(OptOut).values({COLUMN: type_coerce(words, String)}))


def test_a_new_key_takes_over_a_few_at_a_time_and_the_old_one_is_then_not_needed(holding, engine, monkeypatch):
    monkeypatch.setattr(resealing, "SEALED_ANEW", 2)
    monkeypatch.setattr(resealing, "LOOKED_AT", 3)
    words = [f"{CANARY} {number}" for number in range(7)]
    with holding(Safe([OLD])) as desk:
        write(desk, *words)
    both = Safe([NEW, OLD])
    with holding(both) as desk:
        assert walk(desk) == 2
        assert read(desk) == words  # whichever key sealed it
        assert "Not everything" in advice(desk)
        walk(desk, 12)
        assert "may be taken out" in advice(desk)
    assert all(kept.startswith(f"{FORM}{both.newest}:") for kept in raw(engine, COLUMN))
    with holding(Safe([NEW])) as desk:
        assert read(desk) == words
        assert advice(desk) == ""


def clean(desk):
    walk(desk, 2)
    return "may be taken out" in advice(desk)


def sealed(desk):
    desk.clock.forward(timedelta(minutes=1))
    with desk.work(SYSTEM) as work:
        seal_journal(work)
        return bool(broken(work))


def test_a_key_is_not_said_to_be_free_while_a_line_of_the_journal_or_its_newest_seal_needs_it_r51(holding):
    both = Safe([NEW, OLD])
    with holding(Safe([OLD])) as desk:
        happen(desk, 1)
    with holding(both) as desk:
        assert not clean(desk)  # its lines are in no checkpoint yet
    with holding(Safe([OLD])) as desk:
        sealed(desk)
    with holding(both) as desk:
        assert not clean(desk)  # the newest checkpoint bears its seal
        happen(desk, 1)
        sealed(desk)
        assert clean(desk)
    with holding(Safe([NEW])) as desk:
        assert not sealed(desk)


def test_nor_while_words_behind_the_walk_or_on_the_disk_need_it(holding, tmp_path):
    both = Safe([NEW, OLD])
    with holding(both) as desk:
        assert clean(desk)
    with holding(Safe([OLD])) as desk:
        write(desk, CANARY)  # by a process that has not been started again
    with holding(both) as desk:
        assert "may be taken out" not in advice(desk)
        walk(desk)
        assert clean(desk)
        settings = desk.reference[Settings].model_copy(update={"spool": tmp_path})
        there = replace(desk, reference=Reference({**desk.reference.held, Settings: settings}))
        FileSpool(tmp_path, Safe([OLD])).keep(Said(desk.clock.now(), {"From": "1"}, None))
        assert "may be taken out" not in advice(there)


def test_a_key_taken_out_too_early_is_told_and_put_back_everything_is_read_again(holding):
    with holding(Safe([OLD])) as desk:
        write(desk, CANARY)
    with holding(Safe([NEW])) as desk:
        assert walk(desk, 2) == 0
        assert "1 sealed texts cannot be opened" in advice(desk)
    with holding(Safe([NEW, OLD])) as desk:
        assert walk(desk) == 1
        assert read(desk) == [CANARY]


def test_words_from_before_are_sealed_while_they_are_believed(holding, engine):
    with holding(Safe([NEW], clear_readable=True)) as desk:
        write(desk, "x")
        in_clear(engine, CANARY)
        assert read(desk) == [CANARY]
        assert walk(desk) == 1
        assert "Not everything" in advice(desk)
        walk(desk)
        assert "turn SEALING__CLEAR_READABLE off" in advice(desk)
    assert CANARY not in raw(engine, COLUMN)[0]


def test_clear_words_smuggled_in_afterwards_are_neither_read_nor_sealed(holding, engine):
    with holding(Safe([NEW])) as desk:
        write(desk, "x")
        in_clear(engine, CANARY)
        assert walk(desk, 2) == 0
        assert "cannot be read" in read(desk)[0]
        assert "cannot be opened" in advice(desk)
    assert raw(engine, COLUMN) == [CANARY]


def test_blanks_are_left_alone(holding, engine):
    with holding(Safe([NEW])) as desk:
        write(desk, "")
        assert walk(desk) == 0
        with desk.work(SYSTEM) as work:
            assert all(each.clean_at for each in work.session.scalars(select(SealingWalk)))


def test_the_check_says_what_the_database_tells_and_does_not_stop_at_an_empty_one(desk, tmp_path):
    assert "newest schema" in looked_at(desk)[0]  # a test's tables bear no version
    gone = replace(desk, engine=open_engine(f"sqlite:///{tmp_path}/no/such/folder/nothing.db"))
    assert "cannot be reached" in looked_at(gone)[0]
