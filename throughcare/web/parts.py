"""The pieces pages hand to our own components, so that a missing one is a type error and not an empty space."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NamedTuple

Colour = Literal["", "grey", "green", "teal", "purple", "magenta", "red", "orange", "yellow"]
Text = str  # markupsafe.Markup is a str: anything else is escaped


class Column(NamedTuple):
    """A table's column. `sort` is where its heading leads to sort by it; `order` how it is sorted now."""

    heading: str
    kind: Literal["text", "numeric"] = "text"
    sort: str = ""
    order: Literal["", "ascending", "descending"] = ""


class Row(NamedTuple):
    """A line of a summary list; `change` is where its Change link leads, `what` that link's hidden words."""

    key: str
    value: Text
    change: str = ""
    what: str = ""
    act: str = "Change"


@dataclass(frozen=True)
class Happening:
    """One entry of a timeline, newest first. `struck` says why it no longer holds; it stays, crossed out."""

    title: Text
    at: datetime
    by: str = ""
    text: Text = ""
    struck: str = ""
    href: str = ""


@dataclass(frozen=True)
class Message:
    """One text of a thread: `sent` by us, else received; `state` is what is known of its delivery.

    `several`: it stands for texts whose words are not shown, says itself how many and of which days, and is nobody's.
    """

    text: Text
    at: datetime
    sender: str
    sent: bool
    state: str = ""
    several: bool = False


@dataclass(frozen=True)
class Job:
    """One line of a task list; without `href` it cannot be started yet."""

    title: str
    status: str
    href: str = ""
    hint: str = ""
    colour: Colour = ""
    plain: bool = False  # a finished status is plain text, so that what is left stands out


class Stat(NamedTuple):
    """One number at the top of a page and where it is listed."""

    label: str
    value: str
    href: str = ""
    urgent: bool = False


class Bar(NamedTuple):
    """One bar of a chart: `value` sets its length, `shown` is what is written, and may say "fewer than 5"."""

    label: str
    value: float | None
    shown: str


class Filtered(NamedTuple):
    """One filter now on, and the address without it."""

    label: str
    without: str
