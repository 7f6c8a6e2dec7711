"""Every role follows every link it is shown, after a whole journey: none leads to a page that is not there."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest

from tests.support.browsing import Browser
from tests.support.by_browser import ID, LEAKS
from tests.support.whole_path import WholePath

WHO = ("officer", "treatment", "healthcare", "prison_manager", "provider", "probation", "privacy", "admin")
ELSEWHERE = ("http", "tel:", "mailto:", "#", "/static/", "/sign-out")
SOME = 3  # of the pages of one kind, such as workers, three stand for all
TAGS = re.compile(r"<(script|style).*?</\1>|<[^>]*>", re.DOTALL)


@pytest.fixture
def path(door, scheduler, made, clock):
    """A whole journey, to look at."""
    path = WholePath(door, scheduler, made, clock.now().date() + timedelta(days=40))
    path.whole()
    return path


def enter(window, worker_id):
    window.client.cookies.clear()
    window.get("/sign-in")
    assert window.post(f"/sign-in/as/{worker_id}").status_code == 303


def links(page):
    hrefs = re.findall(r'<a[^>]* href="([^"]*)"', page.text)
    return [unescape(href).partition("#")[0] for href in hrefs if href and not href.startswith(ELSEWHERE)]


def crawl(window, start):
    """Every page that can be reached, a few of each kind: what is wrong with it, and from where it was linked."""
    waiting, kinds, faults, done = [(href, "the start") for href in start], {}, [], set()
    while waiting:
        href, origin = waiting.pop(0)
        kind = ID.sub("ID", href.partition("?")[0])
        if href in done or kinds.get(kind, 0) >= SOME:
            continue
        done.add(href)
        kinds[kind] = kinds.get(kind, 0) + 1
        page = window.get(href)
        if page.status_code != 200 and page.status_code not in {303, 307}:
            faults.append(f"{kind} from {origin}: {page.status_code}")
        elif "html" in page.headers.get("content-type", ""):
            text = TAGS.sub(" ", page.text)
            faults += [
                f"{kind}: {text[max(leak.start() - 40, 0) : leak.end() + 10]!r}" for leak in LEAKS.finditer(text)
            ]
            waiting += [(found, kind) for found in links(page)]
    return faults


@pytest.mark.slow(35)
@pytest.mark.on_database(-1)  # which refuses more of what a page may ask than the first does
def test_every_link_that_any_role_is_shown_leads_somewhere(path):
    window, faults = Browser(path.door.client), {}
    for who in WHO:
        enter(window, path.made.actors[who].id)
        start = ["/admin"] if who == "admin" else ["/", path.case]
        faults[who] = sorted(set(crawl(window, start)))
    assert {who: found for who, found in faults.items() if found} == {}
