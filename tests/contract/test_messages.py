"""What people read is finished: no forgotten ``f`` before a string, no name without a description."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parent.parent.parent / "callsim"
MODULES = sorted(PACKAGE.rglob("*.py"))

# {name}, {name.part}, {name[0]}, {name!r}, {name:.3f}; not YAML such as {share: 70%} or {every: 30m}
_PLACEHOLDER = re.compile(r"(?<!\{)\{(?P<name>[A-Za-z_]\w*)(\.\w+|\[[^\]]*\])*(![rsa])?(:[^\s{}]+)?\}(?!\})")
_FORMATTERS = ("format", "format_map", "substitute")


def forgotten(text: str) -> list[str]:
    """Return "line: literal" for every plain string with a placeholder that could have been filled in and is not.

    A name that the module never binds is prose: "at {queue}" speaks of a scope.
    """
    tree = ast.parse(text)
    exempt = _docstring_lines(tree)
    bound = _bound_names(tree) - _filled_in_later(tree)
    said = []
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type != tokenize.STRING:
            continue
        prefix = token.string[: len(token.string) - len(token.string.lstrip("rRbBuUfF"))].lower()
        if "f" in prefix or token.start[0] in exempt:
            continue
        if any(match["name"] in bound for match in _PLACEHOLDER.finditer(token.string)):
            said.append(f"{token.start[0]}: {token.string}")
    return said


def _bound_names(tree: ast.Module) -> set[str]:
    """Names that stand for a value anywhere in the module: variables, arguments, functions, imports."""
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
        elif isinstance(node, ast.arg):
            names.add(node.arg)
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.alias):
            names.add((node.asname or node.name).split(".")[0])
    return names


def _docstring_lines(tree: ast.Module) -> set[int]:
    """Lines of strings that stand alone as a statement: docstrings of anything, attributes included."""
    lines: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            lines.update(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    return lines


def _filled_in_later(tree: ast.Module) -> set[str]:
    """Names that some ``template.format(name=...)`` of the module fills in."""
    return {
        str(keyword.arg)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _FORMATTERS
        for keyword in node.keywords
    }


def undescribed(tree: ast.Module) -> list[str]:
    """Return every public module, class, function and method that has no docstring."""
    said = [] if ast.get_docstring(tree) else ["the module itself"]

    def visit(body: list[ast.stmt], prefix: str) -> None:
        for node in body:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                if node.name.startswith("_") or any("overload" in ast.unparse(mark) for mark in node.decorator_list):
                    continue
                if not ast.get_docstring(node):
                    said.append(f"{prefix}{node.name}")
                if isinstance(node, ast.ClassDef):
                    visit(node.body, f"{prefix}{node.name}.")

    visit(tree.body, "")
    return said


def declared(tree: ast.Module) -> list[str]:
    """Return the names in ``__all__``, in the order written."""
    for node in tree.body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            return [str(name) for name in ast.literal_eval(node.value)]
    return []


def constants_without_a_word(tree: ast.Module) -> list[str]:
    """Return the constants of ``__all__`` that no string describes; the string after a row of them serves them all."""
    public = set(declared(tree))
    said: list[str] = []
    row: list[str] = []
    for node in tree.body:
        if isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            row += sorted({target.id for target in targets if isinstance(target, ast.Name)} & public)
            continue
        if not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)):
            said += row
        row = []
    return said + row


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_no_placeholder_stands_in_a_plain_string(path: Path) -> None:
    """A message never shows braces where a value was meant."""
    assert forgotten(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_public_names_are_described(path: Path) -> None:
    """Modules, classes, functions, methods and public constants say what they are."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert undescribed(tree) == []
    assert constants_without_a_word(tree) == []


def test_reader_tells_a_forgotten_f_from_yaml_and_from_format() -> None:
    """The rule itself: what it flags and what it leaves alone."""
    text = (
        "value = rule = width = name = other = 1\n"
        'a = "found {value}"\n'
        'b = f"found {value}" "; allowed {rule!r}"\n'
        'c = "write {share: 70%} or {every: 30m}"\n'
        'd = "found {other}".format(other=1)\n'
        'e = f"{{name}}"\n'
        '"""A docstring with {braces}."""\n'
        'g = "{width:.3f} seconds"\n'
        'h = "calls at {queue}"\n'
    )
    assert [line.split(":")[0] for line in forgotten(text)] == ["2", "3", "8"]
