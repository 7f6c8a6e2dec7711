"""A skipped test fails the run; shown on small suites of their own."""

from __future__ import annotations

import pytest

from tests.support import no_skips


def outcomes(pytester, text) -> dict[str, int]:
    pytester.makepyfile(text)
    run = pytester.runpytest_inprocess("-p", "no:cacheprovider", plugins=[no_skips])
    return run.parseoutcomes()


@pytest.mark.parametrize(
    "text",
    [
        "import pytest\ndef test_it():\n    pytest.skip('no browser')",
        "import pytest\n@pytest.mark.skip(reason='later')\ndef test_it():\n    pass",
        "import pytest\n@pytest.fixture\ndef server():\n    pytest.skip('none')\ndef test_it(server):\n    pass",
    ],
)
def test_a_skipped_test_fails(pytester, text):
    found = outcomes(pytester, text)
    assert "skipped" not in found
    assert found.get("failed", 0) + found.get("errors", 0) == 1


def test_a_skipped_module_fails(pytester):
    found = outcomes(pytester, "import pytest\npytest.importorskip('no_such_package')\ndef test_it():\n    pass")
    assert found.get("errors") == 1


def test_a_skip_that_is_meant_is_left_alone(pytester, monkeypatch):
    monkeypatch.setitem(no_skips.MEANT, "test_a_skip", "it is the example")
    found = outcomes(pytester, "import pytest\ndef test_it():\n    pytest.skip('meant')")
    assert found == {"skipped": 1}


def test_a_passing_suite_passes(pytester):
    assert outcomes(pytester, "def test_it():\n    pass") == {"passed": 1}
