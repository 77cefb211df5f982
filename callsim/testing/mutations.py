"""Planted errors: copies of an engine with one small change each. A suite that misses one of them is not good enough.

A mutation replaces a piece of an engine's source, which must stand there exactly once, and the copy is imported
under a name of its own: the engine itself is not touched. Copies of the compiled engine run uncompiled.
"""

from __future__ import annotations

import importlib
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

from callsim.testing.cases import Case
from callsim.testing.conformance import Run, complaint
from callsim.testing.drawing.centre import Scope

__all__ = ["Mutation", "caught_by", "mutant"]

_ENGINES = Path(__file__).resolve().parent.parent / "engines"


@dataclass(frozen=True)
class Mutation:
    """One planted error."""

    engine: str
    """Its folder under ``callsim/engines``."""
    file: str
    old: str
    """Stands in the file exactly once."""
    new: str
    breaks: str
    """The rule that does not hold any more."""
    shown_by: int = 0
    """A case of batch 1 that shows it, to be tried first."""
    scope: Scope = Scope.EVERYTHING
    """How much of the language the cases use that can show it."""


@contextmanager
def mutant(mutation: Mutation) -> Iterator[Run]:
    """Give the engine with the error, as long as the block runs.

    Raises
    ------
    ValueError
        If the text to replace does not stand in the file exactly once: the list must follow the source.
    """
    name = f"mutant_of_{mutation.engine}"
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / name
        target.mkdir()
        for path in sorted((_ENGINES / mutation.engine).glob("*.py")):
            text = path.read_text(encoding="utf-8")
            if path.name == mutation.file:
                text = _changed(mutation, text)
            (target / path.name).write_text(text.replace(f"callsim.engines.{mutation.engine}", name), encoding="utf-8")
        sys.path.insert(0, folder)
        try:
            with patch.dict(os.environ, CALLSIM_JIT="off"):
                importlib.invalidate_caches()
                run: Run = importlib.import_module(f"{name}.engine").run
                yield run
        finally:
            sys.path.remove(folder)
            for module in [module for module in sys.modules if module.split(".")[0] == name]:
                del sys.modules[module]


def _changed(mutation: Mutation, text: str) -> str:
    if text.count(mutation.old) != 1 or mutation.old == mutation.new:
        where = f"engines/{mutation.engine}/{mutation.file}"
        raise ValueError(f"{where} has {text.count(mutation.old)} times what {mutation.breaks!r} replaces, not once")
    return text.replace(mutation.old, mutation.new)


def caught_by(mutation: Mutation, cases: Sequence[Case], expected: Sequence[object]) -> int:
    """Return how many cases it takes to catch a mutation, 0 if none does.

    Parameters
    ----------
    mutation : Mutation
    cases : sequence of Case
    expected : sequence of RunLog
        The logs of the engine without the error, one a case.
    """
    from callsim.runlog import RunLog

    with mutant(mutation) as run:
        for number, (case, log) in enumerate(zip(cases, expected, strict=True), 1):
            assert case.plan is not None
            assert isinstance(log, RunLog)
            if complaint(case.plan, log, run, case.seed, case.replication):
                return number
    return 0
