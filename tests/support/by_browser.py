"""The whole path's door for people: forms filled in on a screen, and every page that is passed looked over.

With THROUGHCARE_TEST_SHOTS set to a folder, a picture of each page is left there to be looked at.
"""

from __future__ import annotations

import os
import re
import socket
import threading
import time as machine
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, time
from pathlib import Path
from typing import Any

import uvicorn
from playwright.sync_api import Browser, Locator, Page

from config.serving import web
from config.settings import Settings
from tests.support.browser import axe_violations
from throughcare.kernel.actors import Role
from throughcare.kernel.work import Desk
from throughcare.web.boxes import written

BUTTONS = {
    "officer": Role.OFFICER, "treatment": Role.TREATMENT, "healthcare": Role.HEALTHCARE, "manager": Role.MANAGER,
    "provider": Role.PROVIDER, "probation": Role.PROBATION, "privacy": Role.PRIVACY,
}  # fmt: skip
ID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")
LEAKS = re.compile(r"\bNone\b(?!\.? \w)|\{\{|\}\}|\{%|Traceback|<[A-Za-z]+ object|UUID\(|datetime\.")
PASSED = "net::ERR_ABORTED"  # a request given up because the page was left


@contextmanager
def serving(settings: Settings, desk: Desk) -> Iterator[str]:
    """The service as it is composed, on a port of this machine."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = uvicorn.Server(uvicorn.Config(web(settings, desk), port=port, log_level="error"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        machine.sleep(0.05)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join()


class ByBrowser:
    """A window for each role. `faults` is everything wrong on any page, each with where it was."""

    def __init__(self, browser: Browser, address: str, **context: Any) -> None:
        self.browser, self.address, self.context = browser, address, context
        self.windows: dict[str, Page] = {}
        self.faults: list[str] = []
        self.seen: set[str] = set()

    def window(self, who: str) -> Page:
        if who not in self.windows:
            page = self.windows[who] = self.browser.new_context(**self.context).new_page()
            page.on("console", lambda said: self._note(page, said.text) if said.type == "error" else None)
            page.on("pageerror", lambda fault: self._note(page, str(fault)))
            page.on(
                "requestfailed", lambda it: None if it.failure == PASSED else self._note(page, f"{it.url} {it.failure}")
            )
            page.on("response", lambda it: self._note(page, f"{it.url} {it.status}") if it.status >= 400 else None)
        return self.windows[who]

    def _note(self, page: Page, fault: str) -> None:
        self.faults.append(f"{page.url}: {fault}")

    def open(self, who: str, path: str) -> Page:
        """The page at this path, after signing in where that is asked."""
        page = self.window(who)
        page.goto(self.address + path)
        if "/sign-in" in page.url:
            self.look(page, who)
            page.get_by_role("button", name=BUTTONS[who].label).click()
            page.goto(self.address + path)
        self.look(page, who)
        return page

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
        text = page.locator("body").inner_text()
        self.faults += [f"{path} ({who}): {found.group()}" for found in LEAKS.finditer(text)]
        width, wide = page.viewport_size["width"], page.locator("html").evaluate("it => it.scrollWidth")
        if wide > width:
            self.faults.append(f"{path} ({who}): {wide} px wide")
        kind = path.partition("?")[0]
        if kind in self.seen:
            return
        self.seen.add(kind)
        if self.context.get("java_script_enabled", True):
            self.faults += [f"{path} ({who}): {fault}" for fault in axe_violations(page)]
        if folder := os.environ.get("THROUGHCARE_TEST_SHOTS"):
            name = re.sub(r"\W+", "-", f"{who} {kind} {width}")
            page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


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
