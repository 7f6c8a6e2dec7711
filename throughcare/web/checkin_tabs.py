"""The ways about the pages of check-ins that are not of one case: each reader sees those that are theirs."""

from __future__ import annotations

from throughcare.kernel.actors import Actor, Role, acts_among
from throughcare.web.frame import NavItem

STAFF = frozenset({Role.OFFICER, Role.PROVIDER, Role.MANAGER})
TABS = (
    ("Waiting", "/check-ins", STAFF),
    ("Numbers to mend", "/check-ins/numbers", STAFF),
    ("Texts we send", "/check-ins/texts", STAFF | {Role.ADMIN}),
    ("How check-ins go", "/measures/check-ins", frozenset({Role.MANAGER})),
    ("On call", "/rota", STAFF),
)  # fmt: skip


def checkin_tabs(actor: Actor, current: str) -> tuple[NavItem, ...]:
    """The links above a page of check-ins, with the current one marked."""
    return tuple(NavItem(label, href, label == current) for label, href, roles in TABS if acts_among(actor, roles))
