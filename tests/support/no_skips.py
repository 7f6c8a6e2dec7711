"""A test that is skipped fails, because a suite that skips its browser or its database in silence proves nothing.

A skip that is meant has its test's name in `MEANT`, with the reason that it may be skipped for.
"""

from __future__ import annotations

from collections.abc import Generator

import pytest

MEANT: dict[str, str] = {}


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.skipped and not hasattr(report, "wasxfail"):
        _refuse(report, item.nodeid)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    if report.skipped:
        _refuse(report, collector.nodeid)
    return report


def _refuse(report: pytest.TestReport | pytest.CollectReport, name: str) -> None:
    if any(name.startswith(meant) for meant in MEANT):
        return
    why = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
    report.outcome = "failed"
    report.longrepr = f"{name} may not be skipped ({why}): mend what it lacks, or name it in {__name__}.MEANT"
