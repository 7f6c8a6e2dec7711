"""What stands around a page's own content: the service, who is reading, where they are, and whose case it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

CSRF_FIELD = "csrf_token"  # the hidden field every form posts back
VERSION_FIELD = "version"  # the row version a form was filled in against


class NavItem(NamedTuple):
    """One link of a navigation; `current` marks where the reader is."""

    label: str
    href: str
    current: bool = False


@dataclass(frozen=True)
class Site:
    """What is the same on every page of one installation."""

    service_name: str = "Throughcare"
    training: bool = False  # fictional people only: says so on every page
    idle_minutes: int = 15  # a session unused this long is signed out


@dataclass(frozen=True)
class Reader:
    """Who is signed in, as the header names them."""

    name: str
    role: str  # as a label: "Throughcare officer"
    place: str = ""  # their agency or team


@dataclass(frozen=True)
class Flash:
    """What the last act did, said once at the top of the next page."""

    text: str
    kind: Literal["success", "important"] = "success"


@dataclass(frozen=True)
class Frame:
    """Everything `layouts/base.html` needs besides the page's own words. Without a reader there is no navigation."""

    site: Site
    nonce: str = ""
    csrf: str = ""
    reader: Reader | None = None
    navigation: tuple[NavItem, ...] = ()
    flash: Flash | None = None


@dataclass(frozen=True)
class Identity:
    """Whose case this is, already disclosed: each part is blank where the reader may not see it.

    `facts` are (label, value) pairs such as ("Date of birth", "4 June 1990 (36 years old)") or ("CRN", "X123456").
    `risks` are the short texts of alert badges; a badge is for risk and for nothing else.
    """

    name: str
    facts: tuple[tuple[str, str], ...] = ()
    risks: tuple[str, ...] = ()
    status: str = ""


CASE_TABS = (
    ("Overview", ""),
    ("Screening", "/screening"),
    ("Plan", "/plan"),
    ("Handovers", "/handovers"),
    ("Requirements", "/requirements"),
    ("Check-ins", "/check-ins"),
    ("Safeguarding", "/safeguarding"),
    ("Sharing", "/sharing"),
    ("Timeline", "/timeline"),
)


def case_tabs(case_href: str, current: str, seen: frozenset[str] | None = None) -> tuple[NavItem, ...]:
    """The sub-navigation of a case at `case_href`; `seen` names the tabs this reader has, all of them when None."""
    return tuple(
        NavItem(label, case_href + tail, label == current) for label, tail in CASE_TABS if seen is None or label in seen
    )
