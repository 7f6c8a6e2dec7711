"""The web part put together over a desk."""

from __future__ import annotations

from dataclasses import replace

from litestar import Litestar

from config.gateways import carrier_of
from config.loading import for_good
from config.migrate import at_head
from config.settings import Settings
from throughcare.kernel.work import Desk
from throughcare.web.app import create_app
from throughcare.web.frame import Site
from throughcare.web.front import front_door, signed_in
from throughcare.web.pages import simulator
from throughcare.web.webhooks import notify, twilio
from throughcare.web.webhooks.replaying import Replaying


def web(settings: Settings, desk: Desk) -> Litestar:
    """The web part over a desk."""
    extras = front_door(desk, settings.public_base_url)
    carrier = carrier_of(settings, desk)
    dependencies = {
        **extras.dependencies,
        "at_head": lambda: at_head(desk.engine),
        "metrics_token": settings.metrics_token.get_secret_value(),
        "provider_door": carrier.door,
        "notify_door": carrier.notify_door,
    }
    handlers = [*extras.handlers, *twilio.handlers(carrier.door), *notify.HANDLERS]
    if settings.environment == "demo" and carrier.reply_as:
        dependencies |= {"reply_as": carrier.reply_as, "ring_as": carrier.ring_as}
        handlers += simulator.DEMONSTRATION_ROUTES
    extras = replace(extras, handlers=handlers, dependencies=dependencies, lifespan=[Replaying(carrier.door)])
    site = Site(settings.service_name, training=settings.environment != "production")
    with for_good():
        return create_app(desk, site, signed_in, extras)
