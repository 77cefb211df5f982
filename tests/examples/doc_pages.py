"""The examples of the documentation: taken out of its pages, done in order in a temporary folder, compared.

What a block is, its info string says:

- ``yaml``: a file, named by its first line (``# name.yaml``); it must validate.
- ``csv NAME``: a file of this name.
- ``yml``: a file for another program, named by its first line (``# .gitlab-ci.yml``); tests/examples/test_ci_files.py
  does what it says.
- ``sh``: commands of callsim, and ``mkdir``; one that should not return 0 says so behind it: ``# exit code 1``.
- ``bash``: lines for a real shell, in which ``callsim`` and ``python`` are those of this environment.
- ``python``: lines of a session, in the same folder; names live on in the next block of the page.
- ``text``: what the block before it prints, word for word; a last line ``...`` leaves the rest out.

``python -m tests.examples.doc_pages`` writes what is printed now into the ``text`` blocks: read the diff.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click
from click.testing import CliRunner

import callsim
from callsim.cli import main

__all__ = ["Block", "Page", "blocks", "pages", "renewed"]

ROOT = Path(__file__).resolve().parent.parent.parent
DOCS = ROOT / "docs"
KINDS = ("yaml", "csv", "yml", "sh", "bash", "python", "text")
_BLOCK = re.compile(r"^```(?P<info>[^\n`]*)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
_EXIT = re.compile(r"\s+# exit code (\d+)$")


@dataclass(frozen=True)
class Block:
    """A fenced block: what it is, the rest of its info string, its text, and where its text stands in the page."""

    kind: str
    name: str
    body: str
    start: int
    line: int


def pages() -> list[Path]:
    """Return the pages that are written by hand, but for the design page, which has no examples."""
    return [path for path in sorted(DOCS.rglob("*.md")) if "reference" not in path.parts and path.name != "design.md"]


def blocks(text: str) -> Iterator[Block]:
    """Yield the fenced blocks of a page in order."""
    for found in _BLOCK.finditer(text):
        kind, _, name = found["info"].strip().partition(" ")
        yield Block(kind, name.strip(), found["body"], found.start("body"), text.count("\n", 0, found.start()) + 1)


class Page:
    """A page whose examples are done in one folder, one after the other.

    Parameters
    ----------
    text : str
        Of the page.
    folder : Path
        The reader's folder: empty at first.
    """

    def __init__(self, text: str, folder: Path) -> None:
        self.blocks = list(blocks(text))
        self.folder = folder
        self.names: dict[str, object] = {"__name__": "documentation"}

    def said(self) -> Iterator[tuple[Block, str]]:
        """Do the examples; yield each ``text`` block with what the block before it printed."""
        printed = ""
        with contextlib.chdir(self.folder):
            for block in self.blocks:
                if block.kind == "text":
                    yield block, printed
                    continue
                try:
                    printed = getattr(self, f"_{block.kind}")(block)
                except Exception as error:
                    raise AssertionError(f"line {block.line}: {error}") from error

    def _yaml(self, block: Block) -> str:
        first = block.body.splitlines()[0]
        named = re.fullmatch(r"# (\S+\.yaml)", first)
        assert named, f"the first line names the file, such as `# desk.yaml`: {first!r}"
        Path(named[1]).write_text(block.body, encoding="utf-8")
        problems = callsim.validate(named[1])
        assert not problems, "\n".join(map(str, problems))
        return ""

    def _csv(self, block: Block) -> str:
        Path(block.name).write_text(block.body, encoding="utf-8")
        return ""

    def _yml(self, block: Block) -> str:
        assert re.match(r"# \S+\.ya?ml\n", block.body), "the first line names the file, such as `# .gitlab-ci.yml`"
        return ""

    def _sh(self, block: Block) -> str:
        printed = ""
        for line in filter(None, block.body.replace("\\\n", " ").splitlines()):
            wanted = _EXIT.search(line)
            program, *words = shlex.split(line, comments=True)
            if program == "mkdir":
                Path(*words).mkdir()
                continue
            assert program == "callsim", f"only commands of callsim stand in sh: {line!r}"
            done = CliRunner(env={"COLUMNS": "80"}).invoke(main, words)
            assert done.exit_code == int(wanted[1] if wanted else 0), f"{line}\n{done.output}"
            printed += done.stdout if done.exit_code != 2 else done.stderr
        return printed

    def _bash(self, block: Block) -> str:
        path = os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", "")))
        done = subprocess.run(
            ["bash", "-e", "-o", "pipefail", "-c", block.body], capture_output=True, text=True, timeout=120,
            check=False, env={**os.environ, "PATH": path, "COLUMNS": "80", "PYTHONPATH": str(ROOT)},
        )  # fmt: skip
        assert done.returncode == 0, f"{done.stdout}{done.stderr}"
        return done.stdout

    def _python(self, block: Block) -> str:
        with contextlib.redirect_stdout(io.StringIO()) as printed:
            exec(compile(block.body, f"line {block.line}", "exec"), self.names)
        return printed.getvalue()


def shown(block: Block, printed: str) -> str:
    """Return what a ``text`` block should hold: all that was printed, or as many lines as it has before ``...``."""
    lines = [line.rstrip() for line in printed.rstrip("\n").splitlines()]
    held = block.body.rstrip("\n").splitlines()
    if held and held[-1] == "...":
        lines = [*lines[: len(held) - 1], "..."]
    return "".join(f"{line}\n" for line in lines)


def renewed(text: str, folder: Path) -> str:
    """Return a page with what its examples print now."""
    changes = [(block, shown(block, printed)) for block, printed in Page(text, folder).said()]
    for block, now in reversed(changes):
        text = text[: block.start] + now + text[block.start + len(block.body) :]
    return text


if __name__ == "__main__":
    wanted = [Path(word).resolve() for word in sys.argv[1:]] or pages()
    for page in wanted:
        before = page.read_text(encoding="utf-8")
        with tempfile.TemporaryDirectory() as place:
            after = renewed(before, Path(place))
        if after != before:
            page.write_text(after, encoding="utf-8")
            click.echo(f"renewed: {page.relative_to(ROOT)}")
