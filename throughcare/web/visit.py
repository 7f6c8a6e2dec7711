"""One request as a page or an answer sees it: who asks, of which desk, about which rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from litestar import Request

from throughcare.disclosure.policy import Seat, seat_of
from throughcare.kernel.actors import Actor, Role, acts_among
from throughcare.kernel.work import Desk
from throughcare.web.frame import Flash, Frame, NavItem, Reader, Site

Ids = Mapping[str, UUID]
DONE: dict[str, str] = {}  # an act's key -> what the next page says was done; filled as acts are served

EVERYONE = frozenset(Role) - {Role.ADMIN, Role.SYSTEM}
PLACES: tuple[tuple[str, str, frozenset[Role]], ...] = (
    ("My work", "/", EVERYONE),
    ("Cases", "/cases", EVERYONE),
    ("Handovers", "/handovers", frozenset({Role.OFFICER, Role.TREATMENT, Role.PROVIDER, Role.MANAGER})),
    ("Check-ins", "/check-ins", frozenset({Role.OFFICER, Role.PROVIDER, Role.MANAGER})),
    ("Reports", "/reports", EVERYONE),
    ("Services", "/services", EVERYONE),
    ("Admin", "/admin", frozenset({Role.ADMIN})),
)


@dataclass(frozen=True)
class SignedIn:
    """Who is signed in on this request: their membership, their form token, and their agency's name."""

    actor: Actor
    csrf: str = ""
    place: str = ""


@dataclass(frozen=True)
class Visit:
    """What every page and every API answer is given."""

    desk: Desk
    site: Site
    actor: Actor
    ids: Ids
    nonce: str = ""
    csrf: str = ""
    place: str = ""  # the reader's agency
    flash: str = ""
    path: str = "/"

    @classmethod
    def of(cls, request: Request[Any, Any, Any], desk: Desk, site: Site, signed_in: SignedIn) -> Visit:
        """This request's visit."""
        return cls(
            desk=desk,
            site=site,
            actor=signed_in.actor,
            ids=request.path_params,
            nonce=request.scope.get("state", {}).get("nonce", ""),
            csrf=signed_in.csrf,
            place=signed_in.place,
            flash=DONE.get(request.query_params.get("done", ""), ""),
            path=request.url.path,
        )

    def frame(self, section: str = "") -> Frame:
        """What stands around the page."""
        return Frame(
            site=self.site,
            nonce=self.nonce,
            csrf=self.csrf,
            reader=Reader(self.actor.name, self.actor.role.label, self.place),
            navigation=navigation(self.actor, section),
            flash=Flash(self.flash) if self.flash else None,
        )


def navigation(actor: Actor, section: str) -> tuple[NavItem, ...]:
    """The links this reader has, with the current one marked."""
    return tuple(NavItem(label, href, label == section) for label, href, roles in PLACES if acts_among(actor, roles))


def tabs_of(actor: Actor) -> frozenset[str] | None:
    """The tabs of a case that this reader has; None for all of them."""
    return TABS.get(Role.PROBATION if seat_of(actor) is Seat.PROBATION else actor.role)


TABS: Mapping[Role, frozenset[str]] = {
    Role.PROBATION: frozenset({"Overview", "Requirements", "Safeguarding", "Sharing", "Timeline"}),
    Role.HEALTHCARE: frozenset({"Overview", "Screening", "Plan", "Safeguarding", "Sharing", "Timeline"}),
}
