"""What the log may hold: an allow-list of keys, one JSON object a line, and of an exception where it was but never what it held."""

from __future__ import annotations

import logging
import sys
import traceback
from collections.abc import MutableMapping
from typing import Any

import structlog

ALLOWED = frozenset({
    "event", "level", "timestamp", "logger", "reference", "error", "where", "path", "status", "tick", "seconds", "count",
    "sent", "held", "ambiguous", "refused", "message_id", "signal", "port", "host", "version", "setting", "environment",
})  # fmt: skip
QUIET = ("twilio", "httpx", "httpcore", "apscheduler", "uvicorn.access", "aiohttp", "litestar", "urllib3")


def set_up_logging(level: str = "INFO") -> None:
    """Send every logger through the allow-list. Bodies, cookies, names and numbers have no key to travel under."""
    shared: list[Any] = [
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        where,
        only_allowed,
    ]
    structlog.configure(
        processors=[*shared, structlog.processors.JSONRenderer()],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level)),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[structlog.stdlib.add_logger_name, *shared],
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, structlog.processors.JSONRenderer()],
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    logging.basicConfig(handlers=[handler], level=level, force=True)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)


def where(_: Any, __: str, said: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """An exception becomes its type and the lines of code it passed through: no message, no values, no locals."""
    raised = said.pop("exc_info", None)
    if raised is True:
        raised = sys.exc_info()[1]
    if isinstance(raised, tuple):
        raised = raised[1]
    if isinstance(raised, BaseException):
        said["error"] = type(raised).__name__
        said["where"] = [f"{frame.filename}:{frame.lineno}" for frame in traceback.extract_tb(raised.__traceback__)]
    return said


def only_allowed(_: Any, __: str, said: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Drop every key that is not on the list."""
    return {key: value for key, value in said.items() if key in ALLOWED or key.startswith("_")}
