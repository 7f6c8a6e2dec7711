"""The web part put together over a desk."""

from __future__ import annotations

import gc

from litestar import Litestar

from config.migrate import at_head
from config.settings import Settings
from throughcare.kernel.work import Desk
from throughcare.web.app import create_app
from throughcare.web.frame import Site
from throughcare.web.front import front_door, signed_in


def web(settings: Settings, desk: Desk) -> Litestar:
    """The web part over a desk. What was loaded at start is left out of every later garbage collection."""
    extras = front_door(desk, settings.public_base_url)
    extras.dependencies.update(
        at_head=lambda: at_head(desk.engine), metrics_token=settings.metrics_token.get_secret_value()
    )
    site = Site(settings.service_name, training=settings.environment == "demo")
    app = create_app(desk, site, signed_in, extras)
    gc.freeze()
    return app
