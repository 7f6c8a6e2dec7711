"""What holds for every test of the suite, wherever it lies."""

from __future__ import annotations

pytest_plugins = ["pytester", "tests.support.no_skips"]
