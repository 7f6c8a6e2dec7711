"""The service running on a port of this machine, by a clock that stands still until a journey moves it."""

from __future__ import annotations

import pytest
from httpx import Client

from config.demonstration.partnership import found
from tests.support.by_api import ByApi, tokens_for
from tests.support.serving import Scheduler, serving


@pytest.fixture
def made(desk):
    return found(desk)


@pytest.fixture
def scheduler(settings, desk):
    return Scheduler(settings, desk)


@pytest.fixture
def client(settings, desk):
    with serving(settings, desk) as address, Client(base_url=address, timeout=120) as client:
        yield client


@pytest.fixture
def door(client, settings, desk, made):
    return ByApi(client, desk, tokens_for(desk, made), settings.public_base_url)
