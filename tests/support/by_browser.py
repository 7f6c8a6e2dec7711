"""The whole path's door for people: forms filled in on a screen, and every page that is passed looked over.

With THROUGHCARE_TEST_SHOTS set to a folder, a picture of each page is left there to be looked at.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from datetime import date, time
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Locator, Page

from tests.support.browser import PATIENCE, axe_violations
from tests.support.signing_in import PASSWORD
from throughcare.kernel.actors import Role
from throughcare.web.boxes import written
from throughcare.web.words import phone

BUTTONS = {
    "officer": Role.OFFICER, "treatment": Role.TREATMENT, "healthcare": Role.HEALTHCARE, "manager": Role.MANAGER,
    "provider": Role.PROVIDER, "probation": Role.PROBATION, "privacy": Role.PRIVACY,
}  # fmt: skip
ID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")
LEAKS = re.compile(r"\bNone\b(?!\.? \w)|\{\{|\}\}|\{%|Traceback|<[A-Za-z]+ object|UUID\(|datetime\.|\+44\d{6}|11:59pm")
NARROW = {"width": 320, "height": 640}
PASSED = "net::ERR_ABORTED"  # a request given up because the page was left


class ByBrowser:
    """A window for each role. `faults` is everything wrong on any page, each with where it was.

    `seen` has the kinds of page that axe need not be asked about again.
    Whoever has no button of their own signs in by the form: `accounts` has their email address, and their app's figures.
    """

    def __init__(self, browser: Browser, address: str, seen: set[str], **context: Any) -> None:
        self.browser, self.address, self.seen, self.context = browser, address, seen, context
        self.accounts: dict[str, tuple[str, Callable[[], str]]] = {}
        self.windows: dict[str, Page] = {}
        self.faults: list[str] = []

    def window(self, who: str) -> Page:
        if who not in self.windows:
            page = self.windows[who] = self.browser.new_context(**self.context).new_page()
            page.set_default_timeout(PATIENCE)
            page.on("console", lambda said: self._note(page, said.text) if said.type == "error" else None)
            page.on("pageerror", lambda fault: self._note(page, str(fault)))
            page.on(
                "requestfailed", lambda it: None if it.failure == PASSED else self._note(page, f"{it.url} {it.failure}")
            )
            page.on("response", lambda it: self._note(page, f"{it.url} {it.status}") if it.status >= 400 else None)
        return self.windows[who]

    def _note(self, page: Page, fault: str) -> None:
        self.faults.append(f"{page.url}: {fault}")

    def close(self) -> None:
        for page in self.windows.values():
            page.context.close()

    def open(self, who: str, path: str) -> Page:
        """The page at this path, after signing in where that is asked."""
        page = self.window(who)
        page.goto(self.address + path)
        if "/sign-in" in page.url:
            self.look(page, who)
            self._sign_in(page, who)
            page.goto(self.address + path)
        self.look(page, who)
        return page

    def _sign_in(self, page: Page, who: str) -> None:
        if who in BUTTONS:
            page.get_by_role("button", name=BUTTONS[who].label).click()
            return
        email, figures = self.accounts[who]
        page.get_by_label("Email address").fill(email)
        page.locator("#password").fill(PASSWORD)
        page.get_by_role("button", name="Continue").click()
        self.look(page, who)
        page.get_by_label("6-digit code").fill(figures())
        page.get_by_role("button", name="Sign in", exact=True).click()

    def texts_back(self, number: str, words: str) -> None:
        """On the phone that has this number, in the drawer of the demonstration's phones."""
        page = self.window("phone")
        page.goto(f"{self.address}/simulator")
        self.look(page, "phone")
        page.locator("li", has_text=phone(number)).get_by_role("link").click()
        page.get_by_label("Text message").fill(words)
        page.get_by_role("button", name="Send text").click()
        page.wait_for_load_state()
        assert words in page.locator(".tc-bubble--mine").last.inner_text()
        self.look(page, "phone")

    def do(self, who: str, path: str, **values: Any) -> None:
        page = self.open(who, path)
        form = page.locator("main form[method=post]").last
        flat = {**values, **values.get("answers", {})}
        flat.pop("answers", None)
        for name in sorted(flat, key=lambda name: not _chosen(form, name)):  # answers open the boxes that hang on them
            _fill(form, name, flat[name])
        form.locator("button[type=submit], button:not([type])").last.click()
        page.wait_for_load_state()
        assert not page.title().startswith("Error:"), (
            who,
            path,
            page.locator(".govuk-error-summary").all_inner_texts(),
        )
        self.look(page, who)

    def sha256(self, _who: str, _path: str) -> dict[str, str]:
        return {}

    def look(self, page: Page, who: str) -> None:
        """Nothing leaks, nothing scrolls sideways, and axe finds nothing. Each kind of page is put to axe once."""
        path = ID.sub("ID", page.url.removeprefix(self.address))
        where, kind = f"{path} ({who})", path.partition("?")[0]
        text = page.locator("body").inner_text()
        self.faults += [f"{where}: {found.group()}" for found in LEAKS.finditer(text)]
        self._measure(page, where)
        if kind in self.seen:
            return
        self.seen.add(kind)
        self._put_to_axe(page, where)
        if folder := os.environ.get("THROUGHCARE_TEST_SHOTS"):
            name = re.sub(r"\W+", "-", f"{who} {kind} {page.viewport_size['width']}")
            page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)

    def _measure(self, page: Page, where: str) -> None:
        width, wide = page.viewport_size["width"], page.locator("html").evaluate("it => it.scrollWidth")
        if wide > width:
            self.faults.append(f"{where}: {wide} px wide, of {width}")

    def _put_to_axe(self, page: Page, where: str) -> None:
        """As the page stands, and with as little room as a telephone has: axe runs where scripts do."""
        if not self.context.get("java_script_enabled", True):
            return
        stood = page.viewport_size
        for size in (stood, NARROW):
            page.set_viewport_size(size)
            self._measure(page, where)
            self.faults += [f"{where}, {size['width']} px: {fault}" for fault in axe_violations(page)]
        page.set_viewport_size(stood)


def _controls(form: Locator, name: str) -> Locator:
    return form.locator(f'[name="{name}"]')


def _chosen(form: Locator, name: str) -> bool:
    return form.locator(f'[name="{name}"][type=radio], select[name="{name}"]').count() > 0


def _fill(form: Locator, name: str, value: Any) -> None:
    if isinstance(value, date):
        for part in ("day", "month", "year"):
            _controls(form, f"{name}-{part}").fill(str(getattr(value, part)))
        return
    controls = _controls(form, name)
    tag, kind = controls.first.evaluate("it => [it.tagName, it.type]")
    if tag == "SELECT":
        controls.select_option(written(value))
    elif kind in {"radio", "checkbox"}:
        for one in value if isinstance(value, list) else [value]:
            form.locator(f'[name="{name}"][value="{written(one)}"]').check()
    else:
        controls.fill(value.strftime("%H:%M") if isinstance(value, time) else written(value))
