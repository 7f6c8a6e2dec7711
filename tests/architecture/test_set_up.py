"""The set-up script, run beside stand-ins for the programs it calls: what it refuses, skips and leaves alone."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

LOCKS = ("requirements.lock", "requirements-dev.lock", "requirements-setup.lock", "requirements-node.lock")
PLAIN = ("bash", "env", "dirname", "cat", "sha256sum", "cut", "chmod", "mkdir", "ln", "sh")


@pytest.fixture
def place(tmp_path):
    """A checkout with only the script and the locks, and a PATH with only what the script may count on."""
    checkout, programs = tmp_path / "checkout", tmp_path / "bin"
    (checkout / ".ci").mkdir(parents=True)
    programs.mkdir()
    shutil.copy(".ci/setup", checkout / ".ci" / "setup")
    for lock in LOCKS:
        (checkout / lock).write_text(f"# {lock}\n", "utf-8")
    for name in PLAIN:
        (programs / name).symlink_to(shutil.which(name))
    return checkout, programs


def program(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/usr/bin/env bash\n{text}\n", "utf-8")
    path.chmod(0o755)


def a_python_that_notes_what_it_is_asked(programs, checkout):
    """It makes an environment whose own python does the same, so that nothing is installed."""
    noting = f'echo "$@" >>"{checkout}/asked"'
    program(programs / "python3", f'{noting}; [ "$2" = venv ] && mkdir -p .venv/bin && cp "$0" .venv/bin/python; true')
    (programs / "cp").symlink_to(shutil.which("cp"))


def set_up(place, part="python"):
    checkout, programs = place
    env = {"PATH": str(programs), "HOME": os.environ.get("HOME", "/")}
    return subprocess.run([".ci/setup", part], cwd=checkout, env=env, capture_output=True, text=True, check=False)


def test_a_python_that_is_too_old_is_refused_in_a_sentence(place):
    program(place[1] / "python3", "exit 1")
    done = set_up(place)
    assert done.returncode != 0
    assert "throughcare needs Python 3.11 or later" in done.stderr
    assert not (place[0] / ".venv").exists()


def test_packages_are_installed_only_by_their_hashes(place):
    a_python_that_notes_what_it_is_asked(place[1], place[0])
    done = set_up(place)
    assert done.returncode == 0, done.stderr
    asked = [line for line in (place[0] / "asked").read_text("utf-8").splitlines() if "pip install" in line]
    assert asked
    assert [line for line in asked if "--require-hashes" not in line] == []


def test_where_the_fast_installer_fails_pip_installs_all_the_same(place):
    a_python_that_notes_what_it_is_asked(place[1], place[0])
    program(place[0] / ".venv" / "bin" / "uv", "exit 2")
    shutil.copy(place[1] / "python3", place[0] / ".venv" / "bin" / "python")
    assert set_up(place).returncode == 0
    assert "--requirement requirements.lock" in (place[0] / "asked").read_text("utf-8")


def test_a_second_set_up_does_nothing_until_a_lock_changes(place):
    a_python_that_notes_what_it_is_asked(place[1], place[0])
    asked = place[0] / "asked"
    set_up(place)
    asked.write_text("", "utf-8")
    set_up(place)
    assert "pip install" not in asked.read_text("utf-8")
    (place[0] / "requirements.lock").write_text("# changed\n", "utf-8")
    set_up(place)
    assert "pip install" in asked.read_text("utf-8")


def test_an_environment_that_is_a_link_is_somebody_elses(place, tmp_path):
    a_python_that_notes_what_it_is_asked(place[1], place[0])
    (tmp_path / "shared").mkdir()
    (place[0] / ".venv").symlink_to(tmp_path / "shared")
    assert set_up(place).returncode == 0
    assert list((tmp_path / "shared").iterdir()) == []


def test_an_unknown_part_is_refused_with_the_parts_there_are(place):
    done = set_up(place, "everything")
    assert done.returncode == 2
    assert "python | assets | run | test" in done.stderr
