"""Modules and functions stay short enough to be read in one sitting."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parent.parent.parent / "callsim"
MOST_LINES_IN_A_MODULE = 450
MOST_LINES_IN_A_FUNCTION = 80
MODULES = sorted(PACKAGE.rglob("*.py"))


def long_functions(text: str, most: int = MOST_LINES_IN_A_FUNCTION) -> list[str]:
    """Return "name: lines" for functions longer than that; the docstring does not count, the signature does."""
    said = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            first = node.body[0]
            if ast.get_docstring(node) is not None:
                lines -= (first.end_lineno or first.lineno) - first.lineno + 1
            if lines > most:
                said.append(f"{node.name}: {lines}")
    return said


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_module_and_its_functions_are_short(path: Path) -> None:
    """A module has at most 450 lines, a function at most 80 besides its docstring."""
    text = path.read_text(encoding="utf-8")
    assert text.count("\n") <= MOST_LINES_IN_A_MODULE, f"{path.name} has {text.count(chr(10))} lines; split it"
    assert long_functions(text) == []


def test_counting_leaves_out_the_docstring_only() -> None:
    """Three lines of code with a two-line docstring count as three."""
    text = 'def f():\n    """One.\n    Two."""\n    a = 1\n    return a\n'
    assert long_functions(text, most=2) == ["f: 3"]
    assert long_functions(text, most=3) == []
