"""The house rules that no tool of ours checks: sizes, and what a room may not know."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROOMS = (
    "plants",
    "tracker/regulations",
    "tracker/obligations",
    "tracker/evidence",
    "tracker/annexes",
    "tracker/assessments",
    "tracker/rounds",
    "tracker/reminders",
    "tracker/reporting",
    "tracker/accounts",
)
WEB_MODULES = ("django.http", "django.shortcuts", "django.urls", "django.views")
CLOCKS = {"timezone.now", "timezone.localdate", "date.today", "datetime.now", "datetime.today"}
LONGEST_FUNCTION = 50
HOMELESS = {"utils", "helpers", "services", "common", "core", "managers", "signals"}


def files(*folders: str) -> Iterator[tuple[str, ast.Module]]:
    """Each Python file of the folders as a tree, by its path; migrations left out."""
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            if "migrations" not in path.parts:
                yield str(path.relative_to(ROOT)), ast.parse(path.read_text())


def imported(tree: ast.Module) -> set[str]:
    """Every module that a file imports."""
    found = {
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import)
        for alias in node.names
    }
    return found | {
        node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module
    }


@pytest.mark.parametrize("room", ROOMS)
def test_room_knows_no_web(room: str) -> None:
    faults = [
        (path, name)
        for path, tree in files(room)
        for name in imported(tree)
        if name.startswith(WEB_MODULES)
    ]

    assert faults == []


@pytest.mark.parametrize("room", ROOMS)
def test_room_reads_no_clock(room: str) -> None:
    faults = [
        (path, node.lineno, ast.unparse(node))
        for path, tree in files(room)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func) in CLOCKS
        # With an argument it turns an instant into a day, and reads nothing.
        if not (ast.unparse(node.func) == "timezone.localdate" and node.args)
    ]

    assert faults == []


def test_functions_are_short() -> None:
    faults = [
        (path, node.name, node.end_lineno - node.lineno + 1)
        for path, tree in files("plants", "tracker")
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
        and node.end_lineno is not None
        and node.end_lineno - node.lineno + 1 > LONGEST_FUNCTION
    ]

    assert faults == []


def test_modules_have_a_noun_and_say_what_they_know() -> None:
    faults = [
        path
        for path, tree in files("plants", "tracker")
        if Path(path).stem in HOMELESS or (tree.body and not ast.get_docstring(tree))
    ]

    assert faults == []
