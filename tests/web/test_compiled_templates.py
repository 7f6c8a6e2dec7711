"""A compiled template is used again only while it is what would be compiled now."""

from __future__ import annotations

import sys

import pytest
from jinja2 import DictLoader, Environment

from throughcare.web import compiled


@pytest.fixture
def rendered(tmp_path):
    def render(source: str) -> str:
        kept = compiled.Compiled(str(tmp_path), "template.%s.cache")
        return (
            Environment(loader=DictLoader({"page": source}), bytecode_cache=kept, autoescape=True)
            .get_template("page")
            .render()
        )

    return render


@pytest.fixture
def compilations(monkeypatch):
    done = []
    compile_it = Environment.compile
    monkeypatch.setattr(Environment, "compile", lambda self, *given: done.append(given) or compile_it(self, *given))
    return done


def test_a_template_is_compiled_once_and_again_when_it_changes(rendered, compilations):
    assert [rendered("one"), rendered("one")] == ["one", "one"]
    assert len(compilations) == 1
    assert rendered("two") == "two"
    assert len(compilations) == 2


def test_it_is_compiled_again_when_what_it_is_compiled_with_changes(rendered, compilations, monkeypatch):
    rendered("one")
    monkeypatch.setattr(compiled, "_ours", lambda: b"another filter")
    rendered("one")
    assert len(compilations) == 2


def test_a_spoilt_file_is_passed_over(rendered, tmp_path):
    rendered("one")
    for kept in tmp_path.iterdir():
        kept.write_bytes(b"nothing of the kind")
    assert rendered("one") == "one"


def test_nothing_is_kept_where_python_keeps_nothing(monkeypatch):
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    assert compiled.cache.__wrapped__() is None
