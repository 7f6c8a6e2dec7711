"""GOV.UK's own macros, used for forms: they are exact and slow, so everything else is ours."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from jinja2 import ChainableUndefined, Environment, PackageLoader, PrefixLoader
from markupsafe import Markup

from throughcare.web import compiled

GOVUK = {
    "govukBackLink": "back-link",
    "govukButton": "button",
    "govukCharacterCount": "character-count",
    "govukCheckboxes": "checkboxes",
    "govukDateInput": "date-input",
    "govukDetails": "details",
    "govukErrorSummary": "error-summary",
    "govukFieldset": "fieldset",
    "govukInput": "input",
    "govukInsetText": "inset-text",
    "govukPanel": "panel",
    "govukPasswordInput": "password-input",
    "govukRadios": "radios",
    "govukSelect": "select",
    "govukTextarea": "textarea",
    "govukWarningText": "warning-text",
}


@lru_cache(maxsize=1)
def govuk_environment() -> Environment:
    """GOV.UK's macros: they read fields that are not there, so here an unknown name is empty."""
    return Environment(
        loader=PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")}),
        undefined=ChainableUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        cache_size=-1,
        bytecode_cache=compiled.cache(),
    )


@lru_cache(maxsize=64)
def macro(name: str) -> Callable[[dict[str, Any]], Markup]:
    """One of GOV.UK's macros by its name, to be called with its dictionary of parameters."""
    template = govuk_environment().get_template(f"govuk_frontend_jinja/components/{GOVUK[name]}/macro.html")
    found: Callable[[dict[str, Any]], Markup] = getattr(template.module, name)
    return found
