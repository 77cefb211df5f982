"""The same scenario, seed and random scheme give the same bytes: whatever runs it, and on whatever it runs."""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from callsim.experiments.engines import ENGINES

SCENARIO = """\
name: A little of everything
run: {start: 2025-03-07, time_zone: Europe/Vilnius, warm_up: 2h, measure: 2 days, seed: 5, replications: 3}
callers:
  everyone:
    calls: {per_hour: 30}
    to: main
    patience: weibull mean 4m shape 0.8
    calls_again:
      abandoned: {share: 50%, delay: lognormal mean 30m cv 1}
      closed: {share: 40%, delay: until open + uniform 0m to 1h}
      at_most: 4 calls
  few: {calls: {per_hour: 10}, day_factor: {cv: 20%}, to: second, patience: exponential mean 3m}
queues:
  main: {talk: lognormal mean 4m cv 0.9, after_call_work: gamma mean 40s cv 0.5, open: mon-sun 06:00-22:00}
  second: {handle_time: erlang mean 5m phases 3}
agents:
  team: {answers: {main: {level: 1}, second: {level: 2, after: 30s, handle_time: +15%}}, heads: 4}
  desk:
    answers: [second]
    no_show: 10%
    breaks: [{length: 20m, between: 2h-4h}]
    shifts: {day: {days: daily, from: 08:00, for: 8h, heads: 2}}
transfers:
  defaults: {dialling: 15s, patience: fresh}
  wrong desk: {main: {second: 10%}}
"""
ASK = """\
import hashlib, sys
import callsim
from callsim.experiments.records import new_record, record_text
from callsim.report.row_files import json_text
path, workers, engine = sys.argv[1], int(sys.argv[2]), sys.argv[3]
given = {} if engine == "default" else {"engine": engine}
print(record_text(new_record(path, workers=workers, **given)))
if engine == "default":
    print(json_text(callsim.run(path, workers=workers, by=("interval",)).to_records()))
"""
MATHS = "import math; print(math.fsum(math.exp(i * 1e-3) * 1e5 % 7 for i in range(5000)))"
NO_FMA = {
    "GLIBC_TUNABLES": "glibc.cpu.hwcaps=-FMA,-AVX2,-AVX512F",
    "NPY_DISABLE_CPU_FEATURES": "X86_V3 X86_V4 AVX512_ICL AVX512_SPR",
}
"""A processor without fused multiplication and addition, as far as the maths library and numpy are concerned."""


@pytest.fixture(scope="module")
def scenario(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The scenario's file."""
    path = tmp_path_factory.mktemp("bytes") / "everything.yaml"
    path.write_text(SCENARIO, encoding="utf-8")
    return path


def printed(python: str | Path, code: str, *words: object, root: Path, **around: str) -> str:
    """Return what an interpreter prints in another environment."""
    environment = {**os.environ, "PYTHONPATH": str(root), **around}
    command = [str(python), "-c", code, *map(str, words)]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=True, cwd=root).stdout


@functools.cache
def ordinary(scenario: Path, root: Path, engine: str = "default") -> str:
    """Return the record (and the rows) as one worker writes them here."""
    return printed(sys.executable, ASK, scenario, 1, engine, root=root)


def record_part(text: str) -> str:
    """Return the record of what was printed, without the line that names an engine or rows behind it."""
    return text.split("\n[\n", maxsplit=1)[0].rstrip()


@pytest.mark.slow
@pytest.mark.parametrize("workers", [2, 4])
def test_workers_leave_no_trace(scenario: Path, root: Path, workers: int) -> None:
    """One, two or four processes: the same record and the same rows, to the last digit."""
    assert printed(sys.executable, ASK, scenario, workers, "default", root=root) == ordinary(scenario, root)


@pytest.mark.slow
def test_maths_library_without_fused_multiplication_leaves_no_trace(scenario: Path, root: Path) -> None:
    """Exp and log of another library, or on another processor, differ in the last digit; results do not."""
    if printed(sys.executable, MATHS, root=root) == printed(sys.executable, MATHS, root=root, **NO_FMA):
        pytest.skip("on this machine the maths library gives the same digits either way: there is nothing to try")
    assert printed(sys.executable, ASK, scenario, 1, "default", root=root, **NO_FMA) == ordinary(scenario, root)


@pytest.mark.parametrize("engine", [name for name in ENGINES if name != "simpy"])
@pytest.mark.parametrize(
    "jit",
    [
        pytest.param("off", marks=pytest.mark.slow),
        pytest.param("on", marks=pytest.mark.long),
    ],  # compiling takes minutes
)
def test_engine_and_its_compiler_leave_no_trace(scenario: Path, root: Path, engine: str, jit: str) -> None:
    """Either engine, compiled or not: the same record, log digests included."""
    found = printed(sys.executable, ASK, scenario, 1, engine, root=root, CALLSIM_JIT=jit)
    assert record_part(found) == record_part(ordinary(scenario, root, "simpy"))


def interpreters() -> list[str]:
    """Return the other Pythons from 3.11 up that can be found on this machine."""
    names = [f"python3.{minor}" for minor in range(11, 20)]
    found = [place for name in names if (place := shutil.which(name))]
    extra = [place for place in os.environ.get("CALLSIM_OTHER_PYTHONS", "").split(os.pathsep) if place]
    return sorted({*found, *extra})


def lacks(python: str, root: Path) -> str:
    """Return why an interpreter cannot be tried; "" if it can."""
    code = (
        "import sys, platform; print(platform.python_version()); import simpy, numpy, scipy, pydantic, yamlcore, tzdata"
    )
    done = subprocess.run([python, "-c", code], capture_output=True, text=True, check=False, cwd=root)
    if not done.stdout:
        return "does not start"
    if done.stdout.split(".")[:2] == [str(part) for part in sys.version_info[:2]]:
        return "is the Python of this run"
    return "" if done.returncode == 0 else f"lacks a library: {done.stderr.strip().splitlines()[-1]}"


@pytest.mark.slow
def test_every_python_that_is_here_gives_the_same_bytes(scenario: Path, root: Path) -> None:
    """Other versions of Python with callsim's libraries write the same record and the same rows.

    ``CALLSIM_OTHER_PYTHONS`` names further interpreters, such as those of environments made for this.
    """
    reasons: dict[str, str] = {python: lacks(python, root) for python in interpreters()}
    tried = [python for python, reason in reasons.items() if not reason]
    if not tried:
        pytest.skip(
            "no other Python can be tried: " + ("; ".join(f"{k}: {v}" for k, v in reasons.items()) or "none found")
        )
    for python in tried:
        version: Mapping[str, str] = {"PYTHONWARNINGS": "ignore"}
        assert printed(python, _WITHOUT_METADATA + ASK, scenario, 1, "default", root=root, **version) == ordinary(
            scenario, root
        ), python


_WITHOUT_METADATA = """\
import importlib.metadata as metadata
found = metadata.version
metadata.version = lambda name: __import__("callsim").__version__ if name == "callsim" else found(name)
"""
"""The other environments need the libraries only; callsim itself is read from here."""
