"""What stands in the repository: no path of one machine, no package host, nothing left for later."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

# written apart, so that this file passes its own test
FORBIDDEN = {
    "a path of one machine": re.compile(
        r"(?<![\w.~>)\]}/-])/(?:wo" r"rk|ro" r"ot|ho" r"me|tm" r"p|fa" r"rm|Us" r"ers)/\w"
    ),
    "a package host": re.compile(
        r"pypi\.o" r"rg|python" r"hosted|--index" r"-url|--extra-index" r"-url|find" r"-links", re.IGNORECASE
    ),
    "something left for later": re.compile(r"\b(?:TO" r"DO|FIX" r"ME|XX" r"X|NotImplemented" r"Error)\b"),
    "a notebook's output": re.compile(r'"output' r'_type":'),
}
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
        text = data.decode("utf-8")
        said += [f"{name}:{line}" for line in found_in(text)]
        if data and not data.endswith(b"\n"):
            said.append(f"{name}: the last line has no end")
        if b"\r" in data and name.parts[0] != "tests":
            said.append(f"{name}: carriage returns")
    assert said == []


@pytest.mark.parametrize(
    "line",
    ["see /work/main", "open('/tmp/x')", "TODO: later", "raise NotImplementedError", "https://pypi.org/x"],
)
def test_reader_finds_what_is_forbidden(line: str) -> None:
    """Each rule can fail."""
    assert len(found_in(line)) == 1


@pytest.mark.parametrize(
    "line", ["calls/day/work/hour", "see docs/home/x", "a todo list", "https://example.org/home/x"]
)
def test_reader_leaves_ordinary_text_alone(line: str) -> None:
    """A slash between words is not a machine's path."""
    assert found_in(line) == []
