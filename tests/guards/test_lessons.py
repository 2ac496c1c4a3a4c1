"""Each lesson in tests/lessons.txt is kept by a test that is there."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence
from pathlib import Path

import pytest

from tests.guards.source import ROOT

TABLE = ROOT / "tests" / "lessons.txt"
ARROW = " -> "


def read_table(lines: Iterable[str]) -> list[tuple[str, str]]:
    """Lesson and test of each line; comments and empty lines are left out."""
    told = [line.strip() for line in lines if line.strip() and not line.startswith("#")]
    return [(lesson, test) for lesson, _arrow, test in (line.partition(ARROW) for line in told)]


def list_tests(path: Path) -> set[str]:
    """The names of the tests of a file."""
    if not path.is_file():
        return set()
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")}


def find_faults(rows: Sequence[tuple[str, str]]) -> list[str]:
    """Lines whose test is not there, and lines that stand twice."""
    missing = [f"{lesson}: {test}" for lesson, test in rows if not is_there(test)]
    return missing + sorted({f"{lesson}: twice" for lesson, test in rows if rows.count((lesson, test)) > 1})


def is_there(test: str) -> bool:
    path, _colons, name = test.partition("::")
    return path.startswith("tests/") and name in list_tests(ROOT / path)


def test_every_lesson_has_its_test() -> None:
    rows = read_table(TABLE.read_text(encoding="utf-8").splitlines())
    assert len(rows) > 60
    assert find_faults(rows) == []


@pytest.mark.parametrize(
    "line",
    [
        "a lesson without a test",
        "a lesson -> tests/guards/test_lessons.py::test_that_never_was",
        "a lesson -> tests/guards/test_nowhere.py::test_every_lesson_has_its_test",
        "a lesson -> tests/guards/test_lessons.py::is_there",
    ],
)
def test_a_lesson_whose_test_is_gone_is_seen(line: str) -> None:
    assert len(find_faults(read_table(["# a comment", "", line]))) == 1
