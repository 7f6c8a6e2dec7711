"""The directory of services: what each offers, how to refer, and how it answers."""

from __future__ import annotations

from throughcare.handover.directory import Directory, directory
from throughcare.handover.forms import ServiceQuery
from throughcare.web.acts import Look

ROUTES = (
    Look(
        "/services",
        "Services",
        "services/list.html",
        lambda work, _, query: directory(work, query),
        Directory,
        query=ServiceQuery,
        section="Services",
    ),
)
