"""The house rules that a reader would otherwise have to remember: budgets, reasons, words and doors."""

from __future__ import annotations

import ast
import re
import subprocess
import tokenize
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

PRODUCT = ("throughcare", "integrations", "scheduler", "config")
FILE_LINES = 250
FUNCTION_LINES = 25
ENDINGS_OF_PROSE = {".py", ".md", ".toml", ".html", ".json", ".js", ".mjs", ".css", ".typ", ".lock", ".mako", ""}


def tracked() -> list[Path]:
    """What git holds or is about to hold; a file that was deleted a moment ago is not there to be judged."""
    listing = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listing, capture_output=True, text=True, check=True).stdout.split("\n")
    return sorted({Path(name) for name in names if name and Path(name).is_file()})


FILES = tracked()
PYTHON = [path for path in FILES if path.suffix == ".py"]
OURS = [path for path in PYTHON if path.parts[0] in PRODUCT]
NO_MIGRATIONS = [path for path in OURS if path.parts[:3] != ("throughcare", "migrations", "versions")]
PROSE = [path for path in FILES if path.suffix in ENDINGS_OF_PROSE and path.name != "package-lock.json"]


@cache
def words(path: Path) -> str:
    return path.read_text("utf-8")


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(words(path), str(path))


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in ast.walk(tree(path)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines from `def` to the end; a docstring is free, so that nobody saves on saying what is true."""
    first = function.body[0]
    told = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str)
    free = first.end_lineno - first.lineno + 1 if told else 0
    return function.end_lineno - function.lineno + 1 - free


def comments(path: Path) -> Iterator[tuple[int, str]]:
    """The comments that may be an opt-out; only a file that holds one is taken apart."""
    if not re.search(r"noq[a]|type:", words(path)):
        return
    with path.open("rb") as source:
        for token in tokenize.tokenize(source.readline):
            if token.type == tokenize.COMMENT:
                yield token.start[0], token.string


def without_a_reason(comment: str) -> bool:
    """`# noqa: F401 - why` and `# type: ignore[attr-defined]  # why` give a code and a reason."""
    if re.search(r"#\s*noqa", comment):
        return not re.search(r"#\s*noqa: [A-Z]+\d+(, ?[A-Z]+\d+)*\s+(-|#)\s*\S.{2,}", comment)
    if re.search(r"#\s*type:\s*ignore", comment):
        return not re.search(r"#\s*type: ignore\[[\w, -]+\]\s+(-|#)\s*\S.{2,}", comment)
    return False


def imports(path: Path) -> set[str]:
    """The top-level names of what a module imports."""
    found = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.split(".")[0])
    return found


def test_a_file_is_read_in_one_sitting():
    long = {str(path): lines for path in NO_MIGRATIONS if (lines := len(words(path).splitlines())) > FILE_LINES}
    assert long == {}


def test_a_function_is_seen_at_once():
    long = {f"{p}:{f.name}": length(f) for p in NO_MIGRATIONS for f in functions(p) if length(f) > FUNCTION_LINES}
    assert long == {}


def test_every_module_says_in_its_first_line_why_it_exists():
    silent = [str(path) for path in OURS if words(path).strip() and not ast.get_docstring(tree(path))]
    assert silent == []


def test_every_opt_out_from_a_check_gives_a_code_and_a_reason():
    bare = [f"{path}:{line} {text}" for path in PYTHON for line, text in comments(path) if without_a_reason(text)]
    assert bare == []


@pytest.mark.parametrize(
    ("comment", "bare"),
    [
        ("# no" + "qa", True),
        ("# no" + "qa: F401", True),
        ("# no" + "qa: F401 - imports every table", False),
        ("# no" + "qa: F401, E501 - a long table", False),
        ("# type" + ": ignore", True),
        ("# type" + ": ignore[arg-type]", True),
        ("# type" + ": ignore[arg-type]  # the stub lags the library", False),
        ("# a plain remark", False),
    ],
)
def test_the_check_on_opt_outs_can_tell_them_apart(comment, bare):
    assert without_a_reason(comment) is bare


UNUSED_WORD = "a word for a person we do not use"  # a test may name it, to bar it

# Each pattern is written so that it does not match itself.
FORBIDDEN = {
    "a path of one machine": r"/(?:wor[k]|roo[t]|hom[e])/\w",
    "a package registry's host": r"py[p]i\.org|pythonhoste[d]\.|npmj[s]\.(?:org|com)|debia[n]\.org|crate[s]\.io",
    UNUSED_WORD: r"(?i)\bex-?offende[r]|\boffende[r]s?\b(?! Rehabilitation| Management| Assessment)",
    "a writing machine": r"(?i)\bclaud[e]\b|\banthropi[c]\b|\bchatgp[t]\b|\bcopilo[t]\b|co-authored-b[y]|\bLL[M]s?\b",
    "how the work was shared out": r"(?i)\bissue [#]?\d+\b|\bsubagen[t]|\bworktree[s]?\b",
    "work put off": r"\bTOD[O]\b|\bFIXM[E]\b|\bXX[X]\b",
}


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_file_holds(what):
    pattern = re.compile(FORBIDDEN[what])
    read = [path for path in PROSE if not (what == UNUSED_WORD and path.parts[0] == "tests")]
    found = [
        f"{path}:{number}: {match[0]}"
        for path in read
        for number, line in enumerate(words(path).splitlines(), 1)
        if (match := pattern.search(line))
    ]
    assert found == []


def test_every_mobile_number_is_one_that_is_kept_for_drama():
    """Ofcom keeps 07700 900000 to 900999 for films and plays; any other mobile may ring somebody."""
    mobile = re.compile(r"(?<![\d.])(?:\+44\s?|0044\s?|0)7\d{3}\s?\d{3}\s?\d{3}(?!\d)")
    drama = re.compile(r"(?:\+44|0044|0)7700900\d{3}")
    found = [
        f"{path}: {match[0]}"
        for path in PROSE
        if path.suffix != ".lock"
        for match in mobile.finditer(words(path))
        if not drama.fullmatch(re.sub(r"\s", "", match[0]))
    ]
    assert found == []


def test_no_third_party_file_is_tracked():
    theirs = re.compile(r"node_modules/|\.min\.(js|css)$|\.(woff2?|ttf|otf|eot|whl)$|web/static/")
    assert [str(path) for path in FILES if theirs.search(str(path))] == []


def test_only_the_configuration_reads_the_environment():
    asks = re.compile(r"\bos\.(environ|getenv)\b|from os import .*\b(environ|getenv)\b")
    outside = [path for path in OURS if path.parts[0] != "config"]
    assert [str(path) for path in outside if asks.search(words(path))] == []


@pytest.mark.parametrize("package", ["twilio", "apscheduler"])
def test_it_is_imported_in_one_module_only(package):
    importers = [str(path) for path in OURS if package in imports(path)]
    assert len(importers) <= 1, importers


def test_no_bound_relationship_loads_behind_a_reader_back():
    loads = re.compile(r"\bRelationship\(|\brelationship\(")
    assert [str(path) for path in OURS if loads.search(words(path))] == []


@pytest.mark.parametrize("word", ["Manager", "Helper", "Util", "Base"])
def test_no_class_is_named_for_nothing(word):
    vague = [
        f"{path}:{node.name}"
        for path in OURS
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ClassDef) and re.search(rf"(^{word}[A-Z]|{word}s?$)", node.name)
    ]
    assert vague == []


def test_no_function_is_named_for_nothing():
    given = {"process_bind_param", "process_result_value"}  # SQLAlchemy's names for its hooks
    names = {f"{path}:{each.name}": each.name for path in OURS for each in functions(path) if each.name not in given}
    assert [where for where, name in names.items() if name.startswith(("process_", "handle_"))] == []
