"""Whether the service is alive, whether it is ready, and its numbers: for machines, without anybody's data."""

from __future__ import annotations

from collections.abc import Callable
from hmac import compare_digest
from typing import Any

from litestar import Request, Response, get
from litestar.di import NamedDependency
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, generate_latest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from throughcare.checkin.pulse import pulse
from throughcare.kernel.actors import SYSTEM
from throughcare.kernel.heartbeat import heartbeats
from throughcare.kernel.refusals import NotFound
from throughcare.kernel.work import Desk

LOOPBACK = frozenset({"127.0.0.1", "::1", "testclient"})
AtHead = Callable[[], bool]


@get("/health/live", sync_to_thread=False, include_in_schema=False, opt={"door": "open"})
def live() -> dict[str, str]:
    """The process answers."""
    return {"status": "live"}


@get("/health/ready", sync_to_thread=True, include_in_schema=False, opt={"door": "open"})
def ready(desk: NamedDependency[Desk], at_head: NamedDependency[AtHead]) -> Response[dict[str, Any]]:
    """The database answers and its schema is the code's. The scheduler's age is told, and does not decide."""
    try:
        schema = at_head()
        with desk.work(SYSTEM) as work:
            work.session.execute(text("SELECT 1"))
            ages = (
                {tick: round((work.now - at).total_seconds()) for tick, at in heartbeats(work).items()}
                if schema
                else {}
            )
            behind = pulse(work) if schema else {}
    except SQLAlchemyError:
        return Response({"status": "not ready", "database": False}, status_code=503)
    told = {
        "status": "ready" if schema else "not ready",
        "database": True,
        "schema": schema,
        "seconds_since_tick": ages,
        "seconds_behind": behind,
    }
    return Response(told, status_code=200 if schema else 503)


PASSED_ON = {"forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip", "via"}  # by a proxy


@get("/metrics", sync_to_thread=False, include_in_schema=False, opt={"door": "open"})
def metrics(request: Request[Any, Any, Any], metrics_token: NamedDependency[str]) -> Response[bytes]:
    """Prometheus' numbers, for this machine or for whoever holds the token."""
    here = request.client is not None and request.client.host in LOOPBACK and PASSED_ON.isdisjoint(request.headers)
    said = request.headers.get("authorization", "").encode()
    named = bool(metrics_token) and compare_digest(said, f"Bearer {metrics_token}".encode())
    if not (here or named):
        raise NotFound
    return Response(generate_latest(REGISTRY), media_type=CONTENT_TYPE_LATEST)


ROUTES = (live, ready, metrics)
