"""What stands in the repository: no path of one machine, no package host, nothing left for later."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
from pathlib import Path

import pytest

# joined from halves, so that this file passes its own test
FORBIDDEN = {
    "a path of one machine": re.compile(r"(?<![\w.~>)\]}/-])/(?:work|root|home|tmp|farm|Users)/\w"),
    "a package host": re.compile("|".join(("pypi[.]" + "org", "python" + "hosted", "--(extra-)?index" + "-url"))),
    "something left for later": re.compile("|".join((r"\bTO" + r"DO\b", r"\bFIX" + r"ME\b", r"\bNotImpl" + "emented"))),
    "a notebook's output": re.compile('"output' + '_type":'),
}
FEWEST_WORDS = 3
BINARY = {".png", ".gif", ".parquet", ".gz", ".ico"}


def tracked(root: Path) -> list[Path]:
    """Return the files under version control; outside a clone (an unpacked source archive) all of them."""
    if (root / ".git").exists() and shutil.which("git"):
        listed = subprocess.run(["git", "ls-files", "-z"], capture_output=True, text=True, cwd=root, check=True).stdout
        names = [root / name for name in listed.split("\0") if name]
    else:
        names = [path for path in root.rglob("*") if not {".venv", "results"} & set(path.relative_to(root).parts)]
    return [path for path in names if path.is_file() and path.suffix not in BINARY]


def found_in(text: str) -> list[str]:
    """Return "line: what" for every line that holds something forbidden."""
    return [
        f"{number}: {what}"
        for number, line in enumerate(text.splitlines(), 1)
        for what, pattern in FORBIDDEN.items()
        if pattern.search(line)
    ]


def test_files_are_clean(root: Path) -> None:
    """Every tracked text file is UTF-8, ends with a line end, and holds nothing forbidden."""
    said = []
    for path in tracked(root):
        name = path.relative_to(root)
        data = path.read_bytes()
        text = data.decode("utf-8", "replace" if name.parts[0] == "tests" else "strict")  # some tests keep bad input
        said += [f"{name}:{line}" for line in found_in(text)]
        if data and not data.endswith(b"\n"):
            said.append(f"{name}: the last line has no end")
        if b"\r" in data and name.parts[0] != "tests":
            said.append(f"{name}: carriage returns")
    assert said == []


@pytest.mark.parametrize(
    "halves",
    [
        ("see /wor", "k/main"),
        ("open('/tm", "p/x')"),
        ("TO", "DO: later"),
        ("raise NotImpl", "ementedError"),
        ("pypi.", "org"),
    ],
)
def test_reader_finds_what_is_forbidden(halves: tuple[str, str]) -> None:
    """Each rule can fail."""
    assert len(found_in("".join(halves))) == 1


@pytest.mark.parametrize("line", ["calls/day/work/hour", "see docs/home/x", "a todo list", "example.org/home/x"])
def test_reader_leaves_ordinary_text_alone(line: str) -> None:
    """A slash between words is not a machine's path."""
    assert found_in(line) == []


def unruly(text: str) -> list[str]:
    """Return the tests in a file whose name is no sentence or that do not say their rule."""
    return [
        node.name
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef)
        and node.name.startswith("test_")
        and (node.name.count("_") < FEWEST_WORDS or not ast.get_docstring(node))
    ]


def test_every_test_is_named_by_a_sentence_and_states_its_rule(root: Path) -> None:
    """A test's name has at least three words behind `test_`; its docstring is the rule that it holds."""
    said = [
        f"{path.relative_to(root)}: {name}"
        for path in sorted((root / "tests").rglob("test_*.py"))
        for name in unruly(path.read_text(encoding="utf-8"))
    ]
    assert said == []


def test_reader_finds_a_test_without_a_sentence_or_a_rule() -> None:
    """Too short a name is found, and a missing docstring."""
    good = 'def test_a_b_c():\n    """Rule."""\n'
    assert unruly(good + 'def test_run():\n    """Rule."""\ndef test_no_rule_is_said(): ...\n') == [
        "test_run",
        "test_no_rule_is_said",
    ]
