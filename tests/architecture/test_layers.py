"""The contracts on who may import whom, held against the tree as it is: a new package cannot stand outside them."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from importlinter.cli import lint_imports

CONTRACTS = tomllib.loads(Path("pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
PACKAGES = {f"throughcare.{path.parent.name}" for path in Path("throughcare").glob("*/__init__.py")}
BELOW_THE_WEB = PACKAGES - {"throughcare.web", "throughcare.migrations"}


def contract(start: str) -> dict:
    return next(each for each in CONTRACTS if each["name"].startswith(start))


def test_every_package_has_its_layer():
    layers = contract("Layers")["layers"]
    placed = {name.strip(" ()") for layer in layers for name in layer.replace(":", "|").split("|")}
    assert PACKAGES - {"throughcare.migrations"} - placed == set()


def test_every_package_below_the_web_is_kept_from_frameworks_and_gateways():
    kept = contract("The domain")
    assert BELOW_THE_WEB - set(kept["source_modules"]) == set()
    assert {"litestar", "twilio", "apscheduler", "pydantic_settings", "httpx"} <= set(kept["forbidden_modules"])


@pytest.mark.slow
def test_every_contract_is_kept(capsys):
    assert lint_imports(no_cache=True) == 0, capsys.readouterr().out
