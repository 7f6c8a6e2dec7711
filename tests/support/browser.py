"""A real browser for the tests, found or fetched, because half of the promises are made on a screen.

Chromium is the build in npm's `@sparticuz/chromium`: the same everywhere, and for want of windows it takes a third of the
work. Where that does not run it is the machine's, and where it has none, Debian's package is installed (as root).
`THROUGHCARE_TEST_CHROMIUM` names another. Run this module to make sure of one.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

TOOLS = Path(__file__).parents[1] / "tools"
UNPACKED = TOOLS / "node_modules" / ".chromium"
OURS = UNPACKED / "chromium"
NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
STANDARD = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PATIENCE = 120_000  # milliseconds for whatever is waited for on a page: a busy machine is not a broken page
ASKED = {"runOnly": STANDARD, "resultTypes": ["violations"], "preload": False, "iframes": False}  # we have no frames


@contextmanager
def launch() -> Iterator[Browser]:
    """A browser with nothing in its cache; each test takes a context of its own from it."""
    program = find()
    if program is None:
        raise RuntimeError("No Chromium: run `make setup-test`, or install Debian's `chromium` package.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program, args=FLAGS, timeout=PATIENCE, env={**os.environ, **_libraries(program)}
        )
        try:
            yield browser
        finally:
            browser.close()


def axe_violations(page: Page) -> list[str]:
    """What axe finds wrong with the page as it now stands: one line for each, naming the rule and where."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(Axe().axe_script)
    found = page.evaluate("asked => axe.run(asked).then(it => it.violations)", ASKED)
    return [f"{each['id']}: {each['help']} at {[node['target'] for node in each['nodes']]}" for each in found]


def find() -> Path | None:
    if named := os.environ.get("THROUGHCARE_TEST_CHROMIUM"):
        return Path(named)
    if OURS.exists():
        return OURS
    found = (shutil.which(name) for name in NAMES)
    return next((Path(program) for program in found if program), None)


def obtain() -> Path:
    """A browser, unpacked or fetched where there is none yet."""
    if "THROUGHCARE_TEST_CHROMIUM" not in os.environ and not _runs(OURS):
        _unpack()
    if not find() and os.geteuid() == 0 and shutil.which("apt-get"):
        _install()
    return find() or sys.exit("No Chromium to be had here: install it, or set THROUGHCARE_TEST_CHROMIUM.")


def _install() -> None:
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for words in (["update"], ["install", "--yes", "--no-install-recommends", "chromium"]):
        if subprocess.run(["apt-get", "-qq", *words], env=quiet, stdout=sys.stderr, check=False).returncode:
            return


def _unpack() -> None:
    """The npm build unpacks below TMPDIR; told that it runs where it was made for, it unpacks its libraries too.

    It is made for one kind of machine: on another it goes again.
    """
    UNPACKED.mkdir(parents=True, exist_ok=True)
    place = {**os.environ, "TMPDIR": str(UNPACKED), "AWS_EXECUTION_ENV": "AWS_Lambda_nodejs22.x"}
    program = "import('@sparticuz/chromium').then(found => found.default.executablePath())"
    subprocess.run(["node", "--eval", program], cwd=TOOLS, env=place, stdout=sys.stderr, check=False)
    if not _runs(OURS):
        shutil.rmtree(UNPACKED)


def _runs(program: Path) -> bool:
    asked = [program, "--no-sandbox", "--version"]
    try:
        done = subprocess.run(asked, env={**os.environ, **_libraries(program)}, capture_output=True, check=False)
    except OSError:  # not there, or of another kind of machine
        return False
    return done.returncode == 0


def _libraries(program: Path) -> dict[str, str]:
    """The npm build brings the libraries that a bare machine lacks."""
    return {"LD_LIBRARY_PATH": str(UNPACKED / "al2023" / "lib")} if program.is_relative_to(UNPACKED) else {}


if __name__ == "__main__":
    sys.stdout.write(f"{obtain()}\n")
