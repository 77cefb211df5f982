"""Where the figures come from: command, seed, versions, digests and the files themselves, to be repeated by anybody.

There is no date and no place of one machine: the same files, seed and versions give the same page, byte for byte.
"""

from __future__ import annotations

import hashlib
import shlex
import sys
from collections.abc import Iterator, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from callsim.experiments.findings import Findings
from callsim.report.html.cells import level_text
from callsim.report.html.value import Cell, Fact, FileText, Grid, Head, Line
from callsim.report.texts import Texts
from callsim.runlog import FORMAT
from callsim.scenario import explain

if TYPE_CHECKING:
    from callsim.scenario import Experiment

__all__ = ["LONGEST_FILE", "digests", "facts", "file_texts", "files_of"]

LONGEST_FILE = 100_000
"""Bytes; what is longer is named with its digest and not shown, so that the page stays small enough to mail."""
_LIBRARIES = ("numpy", "scipy", "simpy", "tzdata")
"""Those whose version could touch a figure."""
_READ = (".csv", ".yaml", ".yml")


def facts(findings: Findings, path: Path, changes: Sequence[str], texts: Texts) -> tuple[Fact, ...]:
    """Return what is needed to repeat the work, in order.

    Parameters
    ----------
    findings : Findings
        What was found.
    path : Path
        The file that was simulated; only its name is shown.
    changes : sequence of str
        ``--set`` of the command.
    texts : Texts
        The language.
    """
    replicated = findings.replicated
    command = ["callsim", "report", path.name, "--seed", str(findings.seed), "--replications", str(replicated.n)]
    command += ["--level", f"{findings.level:.10g}", *(word for change in changes for word in ("--set", change))]
    python = ".".join(map(str, sys.version_info[:3]))
    versions = [f"callsim {version('callsim')}", f"Python {python}"]
    versions += [f"{library} {version(library)}" for library in _LIBRARIES]
    scheme = replicated.plans[findings.base].random_scheme
    return (
        Fact(texts.command, shlex.join([*command, "-o", f"{path.stem}.html"]), code=True),
        Fact(texts.scenario, findings.name),
        Fact(texts.seed, str(findings.seed)),
        Fact(texts.replications, str(replicated.n)),
        Fact(texts.level, level_text(findings.level)),
        Fact(texts.versions, ", ".join(versions)),
        Fact(texts.formats, texts.formats_value.format(scheme=scheme, log=FORMAT)),
    )


def digests(findings: Findings, texts: Texts) -> Grid:
    """Return the digests of the plan and of the logs of every variant."""
    replicated = findings.replicated
    lines = tuple(
        Line(
            name,
            (
                Cell(replicated.digests[name]),
                Cell(hashlib.sha256("".join(replicated.log_digests[name]).encode()).hexdigest()),
            ),
        )
        for name in findings.variants
    )
    heads = (Head(texts.plan_digest), Head(texts.logs_digest))
    return Grid("digests", texts.digests, texts.corners["variant"], heads, lines)


def file_texts(experiment: Experiment, path: Path, texts: Texts) -> tuple[FileText, ...]:
    """Return every file that was read, and what the base comes to in plain words.

    Parameters
    ----------
    experiment : Experiment
        As loaded from ``path``.
    path : Path
        Its file, the first that is shown.
    texts : Texts
        The language.
    """
    shown = [FileText(texts.explained.format(name=experiment.base.name), explain(experiment.base))]
    for file in files_of(experiment, path):
        data = file.read_bytes()
        digest = hashlib.sha256(data).hexdigest()
        title = texts.file.format(name=_short(file, path), size=f"{len(data):,}", digest=digest)
        text = texts.too_long if len(data) > LONGEST_FILE else data.decode("utf-8", "replace")
        shown.append(FileText(title, text))
    return tuple(shown)


def files_of(experiment: Experiment, path: Path) -> tuple[Path, ...]:
    """Return the files that an experiment was read from, ``path`` first, the others by name, each once.

    They are found by where each value was written, and by the values that name a file beside it.
    """
    scenarios = (experiment.base, *(scenario for _, scenario in experiment.variants))
    roots = [experiment.source.root, *(scenario.source.root for scenario in scenarios)]
    found = {file.resolve(): file for root in roots for file in _read_by(root)}
    found.pop(path.resolve(), None)
    return path, *(found[key] for key in sorted(found))


def _read_by(node: Any) -> Iterator[Path]:
    """Yield the files of a tree of values: where they stand, and those that they name."""
    place = Path(node.place.file)
    if node.place.line:
        yield place
        if isinstance(node.value, str) and node.value.endswith(_READ) and (place.parent / node.value).is_file():
            yield place.parent / node.value
    for _, child in node.children():
        yield from _read_by(child)


def _short(file: Path, path: Path) -> str:
    """Return a file's name as seen from the folder of the first."""
    top = path.resolve().parent
    try:
        return file.resolve().relative_to(top).as_posix()
    except ValueError:
        return file.name
