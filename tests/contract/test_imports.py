"""Opening the door is cheap: `import callsim` and `callsim --help` load nothing heavy."""

from __future__ import annotations

import resource
import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = ("duckdb", "jinja2", "matplotlib", "numba", "pandas", "polars", "scipy.stats", "simpy")
HELP_CPU_SECONDS = 0.3


def loaded_by(statement: str, root: Path) -> set[str]:
    """Return the names of all modules that a fresh interpreter holds after a statement."""
    code = f"import sys\n{statement}\nprint('loaded:' + ' '.join(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=root, check=True)
    return set(done.stdout.rsplit("loaded:", 1)[1].split())


def test_import_callsim_loads_nothing_heavy(root: Path) -> None:
    """A notebook that only asks for a name does not pay for figures, statistics or an engine."""
    assert loaded_by("import callsim", root).intersection(HEAVY) == set()


def test_help_loads_nothing_heavy(root: Path) -> None:
    """`callsim --help` reads the commands' names and no more: neither numpy nor any library of theirs."""
    statement = (
        "from callsim.cli import main\nsys.argv = ['callsim', '--help']\ntry:\n    main()\nexcept SystemExit:\n    pass"
    )
    assert loaded_by(statement, root).intersection((*HEAVY, "numpy", "scipy", "pydantic", "yaml")) == set()


def cpu_seconds(command: list[str], root: Path) -> float:
    """Return user and system time of one finished child process. [s]"""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, capture_output=True, cwd=root, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


@pytest.mark.slow
def test_help_takes_less_than_three_tenths_of_a_second_of_cpu(root: Path) -> None:
    """The smallest of seven runs counts: other work on the machine makes a run dearer, never cheaper."""
    command = [sys.executable, "-c", "from callsim.cli import main; main()", "--help"]
    assert min(cpu_seconds(command, root) for _ in range(7)) < HELP_CPU_SECONDS


def test_public_names_exist_and_are_all_listed(root: Path) -> None:
    """Each name in `callsim.__all__` can be had, `dir` shows it, and an unknown one is an AttributeError."""
    import callsim

    assert callsim.__all__
    assert [name for name in callsim.__all__ if not hasattr(callsim, name)] == []
    assert set(callsim.__all__) <= set(dir(callsim))
    assert not hasattr(callsim, "no_such_name")
