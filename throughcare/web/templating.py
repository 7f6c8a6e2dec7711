"""Turns a template and its context into a page. In our templates a name that is not given fails."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from throughcare.web import compiled, filters, words
from throughcare.web.checkin_tabs import checkin_tabs
from throughcare.web.frame import CSRF_FIELD, VERSION_FIELD, NavItem, Site
from throughcare.web.govuk import GOVUK, macro

HERE = Path(__file__).parent
STATIC = HERE / "static"
TEMPLATES = HERE / "templates"


@lru_cache(maxsize=1)
def environment() -> Environment:
    """Our own templates: a name that is not given raises, so that a typo never prints as nothing."""
    ours = Environment(
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        cache_size=-1,
        bytecode_cache=compiled.cache(),
    )
    ours.filters.update(words.FILTERS)
    ours.globals.update({name: macro(name) for name in GOVUK})
    ours.globals.update({verb.__name__: verb for verb in (filters.filter_fields, filters.filters_on, filters.address)})
    ours.globals.update(
        asset=asset, chrome=chrome, checkin_tabs=checkin_tabs, CSRF_FIELD=CSRF_FIELD, VERSION_FIELD=VERSION_FIELD
    )
    gather(ours)
    return ours


def gather(ours: Environment) -> None:
    """Every component under `ui/` by its name, in one place that templates know as `ui` without importing it."""
    found = ours.globals["ui"] = SimpleNamespace()
    for name in ours.list_templates(filter_func=lambda name: name.startswith("ui/")):
        vars(found).update(vars(ours.get_template(name).module))


@lru_cache(maxsize=1)
def manifest() -> dict[str, str]:
    """Names of built assets to their names with a hash; empty where the assets are not built."""
    path = STATIC / "manifest.json"
    found: dict[str, str] = json.loads(path.read_text("utf-8")) if path.is_file() else {}
    return found


def asset(name: str) -> str:
    """The address of a stylesheet, script, font or picture, safe to cache for ever."""
    return f"/static/{manifest().get(name, name)}"


@lru_cache(maxsize=512)
def chrome(site: Site, navigation: tuple[NavItem, ...], part: str) -> Markup:
    """A part of the page's frame that is the same for everyone in a role and section; no nonce or name is in it."""
    template = environment().get_template(f"chrome/{part}.html")
    return Markup(template.render(site=site, navigation=navigation))  # noqa: S704 - our own template, autoescaped


def render(template: str, **context: Any) -> str:
    """A whole page. Templates under `layouts/` expect `frame` (a Frame); a case page `identity` and `tabs` too."""
    return environment().get_template(template).render(**context)


def warm() -> None:
    """Compile every template before the first reader waits for it."""
    for name in environment().list_templates(extensions=["html"]):
        environment().get_template(name)
