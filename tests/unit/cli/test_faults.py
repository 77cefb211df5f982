"""Exit codes and what is said on standard error."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

import click
import pytest

from callsim.cli.faults import exit_code
from callsim.errors import CallsimError, InvariantBroken, OutputError, Problem, ScenarioError


def raising(error: BaseException) -> Callable[[], NoReturn]:
    """Return a command that raises."""

    def command() -> NoReturn:
        raise error

    return command


@pytest.mark.parametrize(("result", "code"), [(None, 0), (0, 0), (1, 1), (130, 130)])
def test_a_command_that_ends_well_says_its_own_code(result: Any, code: int) -> None:
    """None is 0; 1 is the answer no."""
    assert exit_code(lambda: result, debug=False) == code


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (CallsimError("no"), 2),
        (OutputError("no"), 2),
        (click.UsageError("no"), 2),
        (click.FileError("no"), 2),
        (InvariantBroken("no"), 3),
        (ZeroDivisionError("no"), 3),
        (KeyboardInterrupt(), 130),
        (click.Abort(), 130),
    ],
)
def test_errors_have_their_codes(error: BaseException, code: int) -> None:
    """2: the user can fix it, 3: we must, 130: Ctrl-C."""
    assert exit_code(raising(error), debug=False) == code


def test_a_user_error_is_a_message_without_a_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    """The message alone, on standard error."""
    exit_code(raising(CallsimError("level: found 95")), debug=False)
    said = capsys.readouterr()
    assert (said.out, said.err) == ("", "level: found 95\n")


def test_debug_shows_the_traceback_of_a_user_error(capsys: pytest.CaptureFixture[str]) -> None:
    """For those who write against the Python interface."""
    exit_code(raising(CallsimError("level: found 95")), debug=True)
    assert capsys.readouterr().err.startswith("Traceback (most recent call last):")


def test_all_problems_of_a_scenario_are_shown_and_counted(capsys: pytest.CaptureFixture[str]) -> None:
    """With file, line and column each."""
    problems = [Problem("a.yaml", line, 3, "queues.main", "x", "must be y", "write z") for line in (7, 2)]
    exit_code(raising(ScenarioError(problems)), debug=False)
    assert capsys.readouterr().err == (
        "a.yaml:2:3  queues.main\n  found x; must be y\n  write z\n\n"
        "a.yaml:7:3  queues.main\n  found x; must be y\n  write z\n\n2 problems\n"
    )


def test_a_bug_shows_traceback_and_the_run_it_happened_in(capsys: pytest.CaptureFixture[str]) -> None:
    """Whoever reports it has all that is needed."""
    error = InvariantBroken("a call was answered twice")
    error.add_note("while simulating 'base': plan 0123, seed 1, replication 3, engine simpy")
    exit_code(raising(error), debug=False)
    said = capsys.readouterr().err
    assert said.startswith("Traceback (most recent call last):")
    assert (
        "a call was answered twice\nwhile simulating 'base': plan 0123, seed 1, replication 3, engine simpy\n" in said
    )
    assert "This is a bug in callsim, not a fault of the scenario" in said


def test_a_reader_that_goes_away_is_no_bug(root: Path) -> None:
    """`callsim explain x | head -1` ends quietly."""
    reading, writing = os.pipe()
    os.close(reading)
    code = "from callsim.cli.faults import exit_code\nimport sys\nsys.exit(exit_code(lambda: print('x' * 9), False))"
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, check=False, stdout=writing, stderr=subprocess.PIPE, cwd=root, text=True)
    os.close(writing)
    assert (done.returncode, done.stderr) == (141, "")
