"""The first scenario of a new user: a commented YAML file made from a few answers, and never put over another file."""

from __future__ import annotations

import json
import math
import shlex
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from callsim.errors import OutputError
from callsim.report.output import check_folder
from callsim.units import HOUR, SECOND, UnitError, duration, format_duration, weekly_hours

__all__ = ["QUESTIONS", "Question", "Starter", "check_free", "file_name", "heads_to_begin_with", "write_starter"]

_TEXT = """\
# A scenario of callsim: who calls, which departments there are, who answers. Change anything and look:
#   callsim validate {file}    is it all right?
#   callsim explain {file}     what does it mean, defaults included?
#   callsim run {file}         what becomes of the callers?
#   callsim compare {file}     what would help?
name: {name}

run:  # the clock
  start: 2026-01-05  # a Monday; the centre is empty then
  measure: 1 week  # what is simulated and counted
  replications: 10  # so often, with other callers each time: the ± comes from that

callers:  # who calls, when, and how long they hold
  everyone:
    to: service
    calls:
      per_hour:
        {open}: {calls}
    patience: lognormal mean {patience} cv 1  # then they hang up: some earlier, some later
    calls_again:  # of those who hung up, some try again
      abandoned: {{share: 40%, delay: exponential mean 30m}}
      at_most: 3 calls

queues:  # departments
  service:
    open: {open}
    talk: lognormal mean {talk} cv 0.8  # most are shorter than the mean, a few much longer
    after_call_work: constant 30s  # the agent is not free yet
    target: {{share: 80%, within: 20s}}  # so many should be answered in this time

agents:  # who answers
  team:
    answers: [service]
    staffing:  # heads at the phone; `shifts:` knows people and breaks
      {open}: {heads}

variants:  # what-ifs: each is all of the above with a few changes
  one agent more: {{set: {{agents.team.staffing.*: {one_more}}}}}
  a tenth more callers: {{scale: {{callers.everyone.calls.per_hour.*: +10%}}}}
  both: {{combine: [one agent more, a tenth more callers]}}
"""
_COMMENTS_AT = 50
_NAME_LENGTH = 80
_MOST_CALLS = 1_000_000


@dataclass(frozen=True)
class Starter:
    """What a starter scenario says; every value as it stands in the file, and checked."""

    name: str = "My centre"
    open: str = "mon-fri 08:00-18:00"
    """Hours of the week."""
    calls: float = 60
    """Calls an hour while it is open. [1/h]"""
    talk: str = "5m"
    """Mean talk time."""
    patience: str = "4m"
    """Mean patience."""
    heads: int = 8

    def text(self, file: str) -> str:
        """Return the scenario.

        Parameters
        ----------
        file : str
            Name of the file, for the commands in its heading.
        """
        text = _TEXT.format(
            file=shlex.quote(file) if file.isprintable() else "FILE", name=_quoted(self.name), open=_quoted(self.open),
            calls=f"{self.calls:.10g}", talk=self.talk, patience=self.patience, heads=self.heads,
            one_more=self.heads + 1,
        )  # fmt: skip
        return "".join(f"{_aligned(line)}\n" for line in text.splitlines())

    def answered(self, field: str, value: str | float | int) -> Starter:
        """Return a starter that says ``value`` in one of its fields."""
        changed: dict[str, Any] = {field: value}
        return replace(self, **changed)


@dataclass(frozen=True)
class Question:
    """One question to a new user."""

    field: str
    """Of `Starter`."""
    text: str
    read: Callable[[str], str | float | int]
    """Turns the answer into the field's value; raises ValueError with a sentence that says what to write."""


def heads_to_begin_with(starter: Starter) -> int:
    """Return the agents that the square-root rule asks for: the work of an hour and a margin for chance.

    Parameters
    ----------
    starter : Starter
        Its calls and talk time count.

    Returns
    -------
    int
        R + sqrt(R), rounded up, for an offered load of R. [count]

    References
    ----------
    .. [1] S. Borst, A. Mandelbaum, M. Reiman, "Dimensioning large call centers," Operations Research 52(1), 2004.

    Examples
    --------
    >>> heads_to_begin_with(Starter(calls=60, talk="5m"))
    8
    """
    load = starter.calls * (duration(starter.talk) + 30 * SECOND) / HOUR
    return max(1, math.ceil(load + math.sqrt(load)))


def file_name(word: str) -> Path:
    """Return where a starter goes that is asked for by this name: ``.yaml`` may be left out."""
    path = Path(word)
    return path if path.suffix in (".yaml", ".yml") else path.with_name(f"{path.name}.yaml")


def check_free(path: Path) -> None:
    """Check that a new file can be put at ``path``.

    Raises
    ------
    OutputError
        If something is there already, or the folder is not there or cannot be written to.
    """
    if path.exists() or path.is_symlink():
        other = path.with_name(f"{path.stem}-2{path.suffix}")
        raise OutputError(f"{path}: is there already and stays as it is; choose another name: callsim new {other}")
    check_folder(path.parent)


def write_starter(starter: Starter, path: Path) -> None:
    """Write a starter scenario to a new file.

    Raises
    ------
    OutputError
        If something is there already, or the file cannot be written; then nothing is left over.
    """
    check_free(path)
    data = starter.text(path.name).encode()
    made = False
    try:
        # "x": a file that has come into being since the check is not written over either
        with path.open("xb") as file:
            made = True
            file.write(data)
    except OSError as error:
        if made:
            path.unlink(missing_ok=True)
        raise OutputError(f"{path}: cannot be written: {error.strerror or error}") from error


def _aligned(line: str) -> str:
    """Return a line with its comment where those of the other lines stand."""
    said, mark, comment = line.partition("  # ")
    # a name may hold the mark itself; what stands in quotes is no comment
    return f"{said:<{_COMMENTS_AT}}# {comment}" if mark and '"' not in comment else line


def _quoted(text: str) -> str:
    """Return a text as YAML in double quotes, which JSON's are."""
    return json.dumps(text, ensure_ascii=False)


def _name(answer: str) -> str:
    text = " ".join(answer.split())
    if not text or len(text) > _NAME_LENGTH or not text.isprintable():
        raise ValueError(f"write a name of 1 to {_NAME_LENGTH} characters")
    return text


def _hours(answer: str) -> str:
    try:
        return weekly_hours(answer.strip()).text
    except UnitError as error:
        raise ValueError(str(error)) from None


def _calls(answer: str) -> float:
    try:
        calls = float(answer.strip())
    except ValueError:
        calls = math.nan
    if not 0 < calls <= _MOST_CALLS:
        raise ValueError(f"found {answer!r}; write a number above 0, such as 60")
    return float(f"{calls:.10g}")


def _time(answer: str) -> str:
    try:
        ticks = duration(answer.strip())
    except UnitError as error:
        raise ValueError(str(error)) from None
    if ticks < SECOND:
        raise ValueError(f"found {answer!r}; write a duration of at least 1s, such as 5m")
    return format_duration(ticks)


def _heads(answer: str) -> int:
    text = answer.strip()
    if not (text.isascii() and text.isdigit()) or not 0 < int(text) <= _MOST_CALLS:
        raise ValueError(f"found {answer!r}; write a whole number of at least 1, such as 8")
    return int(text)


QUESTIONS = (
    Question("name", "What is the centre called?", _name),
    Question("open", "When is it open?", _hours),
    Question("calls", "How many calls come in an hour, while it is open?", _calls),
    Question("talk", "How long is a talk, on average?", _time),
    Question("patience", "How long do callers hold before they hang up, on average?", _time),
    Question("heads", "How many agents are at the phone?", _heads),
)
"""What `callsim new` asks, in this order."""
