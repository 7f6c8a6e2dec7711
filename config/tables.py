"""Every table there is, found by importing every module of the domain: what migrations and the suite compare with."""

from __future__ import annotations

import importlib
import pkgutil

from sqlalchemy import MetaData
from sqlmodel import SQLModel

import throughcare


def all_tables() -> MetaData:
    """The metadata with every row class loaded."""
    for module in pkgutil.walk_packages(throughcare.__path__, "throughcare."):
        if not module.name.startswith(("throughcare.web", "throughcare.migrations")):
            importlib.import_module(module.name)
    return SQLModel.metadata
