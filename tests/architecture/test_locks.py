"""What is installed is what was tested: every package pinned by its hash, and no lock bearing an address."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import pytest

LOCKS = ["requirements.lock", "requirements-dev.lock", "requirements-setup.lock", "requirements-node.lock"]
NPM = [Path("throughcare/web/assets"), Path("tests/tools")]
PROJECT = tomllib.loads(Path("pyproject.toml").read_text("utf-8"))
NEEDED, GROUPS = PROJECT["project"]["dependencies"], PROJECT["dependency-groups"]


def entries(lock: str) -> dict[str, str]:
    """Name -> the rest of its entry, version, marker and hashes."""
    joined = Path(lock).read_text("utf-8").replace("\\\n", " ")
    lines = [line for line in joined.splitlines() if line and not line.startswith("#")]
    return {re.split(r"[=\[ ]", line)[0]: line for line in lines}


def plain(requirement: str) -> str:
    return re.split(r"[\[<>=~! ;]", requirement)[0].lower().replace("_", "-")


@pytest.mark.parametrize("lock", LOCKS)
def test_every_package_is_pinned_to_a_version_and_its_hashes(lock):
    assert entries(lock)
    assert [name for name, line in entries(lock).items() if "==" not in line or "--hash=sha256:" not in line] == []


@pytest.mark.parametrize("lock", LOCKS)
def test_no_lock_bears_an_address(lock):
    assert not re.search(r"://|--(extra-)?index-url|--find-links", Path(lock).read_text("utf-8"))


@pytest.mark.parametrize(
    ("lock", "wanted"),
    [
        ("requirements.lock", NEEDED),
        ("requirements-dev.lock", NEEDED + [each for each in GROUPS["dev"] if isinstance(each, str)]),
        ("requirements-setup.lock", GROUPS["setup"]),
        ("requirements-node.lock", GROUPS["node"]),
    ],
)
def test_every_declared_package_is_locked(lock, wanted):
    assert {plain(each) for each in wanted} - entries(lock).keys() == set(), "run `make lock`"


def test_the_tests_run_on_the_versions_that_are_served():
    served, tested = entries("requirements.lock"), entries("requirements-dev.lock")
    assert {name: line for name, line in served.items() if tested.get(name) != line} == {}


@pytest.mark.parametrize("folder", NPM, ids=str)
def test_every_npm_package_is_pinned_to_its_hash_and_bears_no_address(folder):
    packages = json.loads((folder / "package-lock.json").read_text("utf-8"))["packages"]
    fetched = {name: entry for name, entry in packages.items() if name}
    assert fetched
    assert [name for name, entry in fetched.items() if "resolved" in entry or "integrity" not in entry] == []
    assert "omit-lockfile-registry-resolved=true" in (folder / ".npmrc").read_text("utf-8").split()
