"""The exception tree. Every error that callsim raises on purpose is one of these; each knows its exit code.

::

    CallsimError
    ├── ScenarioError        what the user wrote is wrong: all problems at once      exit 2
    │   └── VariantError     a variant, sweep or ``--set`` is wrong                  exit 2
    ├── PlanError            a resolved plan breaks an invariant                     exit 2
    ├── EngineError
    │   ├── UnsupportedFeature   this engine cannot run this plan                    exit 2
    │   └── InvariantBroken      a run contradicts itself: a bug in callsim          exit 3
    ├── UnstableSystem       theory was asked for a steady state that does not exist exit 2
    ├── OutputError          a result cannot be written                              exit 2
    └── LogFormatError       a saved log has another version or lacks a column       exit 2
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = [
    "CallsimError",
    "EngineError",
    "InvariantBroken",
    "LogFormatError",
    "OutputError",
    "PlanError",
    "Problem",
    "ScenarioError",
    "UnstableSystem",
    "UnsupportedFeature",
    "VariantError",
]


class CallsimError(Exception):
    """Any error that callsim raises on purpose; ``exit_code`` is what the command line returns."""

    exit_code = 2


@dataclass(frozen=True, order=True)
class Problem:
    """One thing that is wrong in a scenario: where, what was found, what rule holds, what to do.

    ``line`` and ``column`` count from 1; 0 means that the problem has no place in a file
    (``--set`` on the command line, a missing file). ``path`` is the dotted path inside the scenario.
    """

    file: str
    line: int
    column: int
    path: str
    found: str
    rule: str
    advice: str = ""

    def __str__(self) -> str:
        """Render as three lines: place and path, found and rule, advice."""
        place = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        head = f"{place}  {self.path}" if self.path else place
        lines = [head, f"  found {self.found}; {self.rule}"]
        if self.advice:
            lines.append(f"  {self.advice}")
        return "\n".join(lines)


class ScenarioError(CallsimError):
    """What the user wrote cannot be run. ``problems`` holds every problem, sorted by place."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = sorted(problems)
        super().__init__(self.problems)

    def __reduce__(self) -> tuple[type[ScenarioError], tuple[list[Problem]]]:
        """Survive the way back from a worker process."""
        return type(self), (self.problems,)

    def __str__(self) -> str:
        """Render all problems, a blank line between them."""
        return "\n\n".join(str(problem) for problem in self.problems)


class VariantError(ScenarioError):
    """A variant, a sweep or ``--set`` names a path or value that does not work."""


class PlanError(CallsimError):
    """A resolved plan breaks an invariant; the message names the table, column and row."""


class EngineError(CallsimError):
    """An engine cannot do what it was asked."""


class UnsupportedFeature(EngineError):
    """An engine cannot run a plan that uses this feature; the message names another engine."""


class InvariantBroken(EngineError):
    """A finished run contradicts itself. This is a bug in callsim, never the user's fault."""

    exit_code = 3


class UnstableSystem(CallsimError):
    """Theory was asked for a steady state that does not exist (offered load at or above capacity)."""


class OutputError(CallsimError):
    """A result cannot be written where it was asked for."""


class LogFormatError(CallsimError):
    """A saved run log has another format version, or lacks a column."""
