"""The application as a server runs it: `uvicorn --factory config.asgi:application`."""

from __future__ import annotations

from litestar import Litestar

from config.bootstrap import open_desk
from config.logging import set_up_logging
from config.serving import web
from config.settings import Settings


def application() -> Litestar:
    """The web part, from the environment's settings."""
    settings = Settings()
    set_up_logging(settings.log_level)
    return web(settings, open_desk(settings))
