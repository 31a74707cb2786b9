"""Files and functions stay small enough to be read, and say why they exist."""

import ast
from collections.abc import Callable, Iterable, Iterator
from statistics import median, quantiles

import pytest

from tests.laws.scanning import Function, Module, in_order, modules

LONGEST_FILE = 250
LONGEST_FUNCTION = 40
TYPICAL_FUNCTION = 10
LONG_FUNCTION = 22
TREES = ("app", "scripts", "migrations")


def lengths(tree: Iterable[Module]) -> Iterator[tuple[str, int]]:
    """The lines of every function, from its name to its end."""
    for module in tree:
        for node in in_order(module.tree):
            if isinstance(node, Function):
                yield f"{module.path}: {node.name}", (node.end_lineno or 0) - node.lineno + 1


def too_long(tree: Iterable[Module]) -> list[str]:
    """Files and functions in which a noun is hiding."""
    tree = list(tree)
    files = [module.path for module in tree if len(module.text.splitlines()) > LONGEST_FILE]
    return files + [name for name, lines in lengths(tree) if lines > LONGEST_FUNCTION]


@pytest.mark.parametrize("folder", ["app", "scripts"])
def test_nothing_is_too_long(folder: str) -> None:
    assert too_long(modules(folder)) == []


def test_most_functions_are_short(record_property: Callable[[str, object], None]) -> None:
    lines = [length for _, length in lengths(modules("app"))]
    middle, most = median(lines), quantiles(lines, n=10)[-1]
    record_property("function_lines", f"median {middle}, p90 {most}")
    assert middle <= TYPICAL_FUNCTION
    assert most <= LONG_FUNCTION


@pytest.mark.parametrize("folder", TREES)
def test_every_module_says_why_it_exists(folder: str) -> None:
    assert [m.path for m in modules(folder) if not ast.get_docstring(m.tree)] == []


def test_the_scans_see_what_is_wrong() -> None:
    long = Module("app/long.py", "def f():\n" + "    g()\n" * LONGEST_FILE)
    assert too_long([long]) == ["app/long.py", "app/long.py: f"]
    assert not ast.get_docstring(long.tree)
