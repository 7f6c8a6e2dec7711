"""What holds for every test of the suite, wherever it lies."""

from __future__ import annotations

import gc

from hypothesis import HealthCheck, settings

from config.logging import set_up_logging

pytest_plugins = ["pytester", "tests.support.no_skips"]

# The same examples in every run, and no race against the clock: a red run means the same thing on every machine.
settings.register_profile("suite", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("quick", settings.get_profile("suite"), max_examples=10)
settings.register_profile("search", deadline=None, max_examples=2_000, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("suite")

# The service's own log, as it is served: structlog's default prints every local variable of a fault, for minutes.
set_up_logging("WARNING")


def pytest_collection_finish() -> None:
    """What was loaded stays for the whole run: the collector need not look at it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
