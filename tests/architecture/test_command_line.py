"""The command line knows its commands by name, and loads the service only for one that is understood."""

from __future__ import annotations

import gc
import subprocess
import sys

import pytest

from config import commands
from config.cli import parser
from config.loading import for_good
from config.settings import Settings

ADD = ["user", "add", "--name", "A", "--email", "a@example.org", "--role", "officer", "--agency", "B"]
ASKED = (
    ["serve"], ["web"], ["scheduler"], ["migrate"], ["demo"], ["check"], ADD,
    ["user", "disable", "--email", "a@example.org"], ["user", "reset", "--email", "a@example.org"],
    ["token", "add", "--email", "a@example.org", "--label", "theirs"], ["token", "revoke", "--id", "1"],
)  # fmt: skip


@pytest.mark.parametrize("asked", ASKED, ids=" ".join)
def test_every_command_offered_is_one_there_is(asked):
    assert callable(getattr(commands, parser().parse_args(asked).run))


def test_help_is_given_without_loading_the_service():
    asking = "import sys, config.cli; config.cli.parser().format_help(); print(sorted(sys.modules))"
    said = subprocess.run([sys.executable, "-c", asking], capture_output=True, text=True, check=True).stdout
    assert "config.cli" in said
    assert "sqlmodel" not in said
    assert "litestar" not in said


def test_settings_that_will_not_do_are_each_named_and_what_was_given_is_not_repeated(monkeypatch, capsys):
    for name, given in {"PORT": "x1", "SMS__PER_SECOND": "s3cret", "NOTIFY__KEEPS_DAYS": "1"}.items():
        monkeypatch.setenv(f"THROUGHCARE_{name}", given)
    assert commands.run(parser().parse_args(["check"])) == 1
    said = capsys.readouterr().err
    assert [line.partition(":")[0] for line in said.splitlines()] == [
        "The settings will not do",
        "- THROUGHCARE_PORT",
        "- THROUGHCARE_SMS__PER_SECOND",
        "- THROUGHCARE_NOTIFY__KEEPS_DAYS",
    ]
    assert "x1" not in said
    assert "s3cret" not in said


def test_where_it_is_reached_is_where_it_listens_unless_told_otherwise():
    assert Settings(port=8123, _env_file=None).public_base_url == "http://127.0.0.1:8123"


@pytest.mark.parametrize("slow", ["twilio", "aiohttp", "alembic"])
def test_a_start_loads_nothing_slow_that_it_does_not_need(slow):
    loading = "import sys, config.commands; print(*sorted(sys.modules))"
    said = subprocess.run([sys.executable, "-c", loading], capture_output=True, text=True, check=True).stdout
    assert "config.commands" in said.split()
    assert slow not in said.split()


def test_what_is_loaded_for_good_is_left_out_of_collections_and_they_go_on_afterwards():
    before = gc.get_freeze_count()
    with for_good():
        assert not gc.isenabled()
        kept = [[] for _ in range(1000)]
    assert gc.isenabled()
    assert gc.get_freeze_count() >= before + len(kept)
    with pytest.raises(RuntimeError), for_good():
        raise RuntimeError
    assert gc.isenabled()
