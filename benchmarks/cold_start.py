"""What starting costs: CPU time and peak memory of whole processes, the median and the least of several runs.

``python -m benchmarks.cold_start`` prints one line a command. A bare interpreter stands first: take it off.
``python -m benchmarks.cold_start --day`` holds a day of W3, from YAML to a printed table, to what it may cost: with
no compiled code cached against a SimPy model that does nothing else, with compiled code at hand, and a hundred of them.
``python -m benchmarks.cold_start --choice`` prints the constants by which ``engine: auto`` chooses
(`callsim.experiments.engines`).
"""

from __future__ import annotations

import argparse
import math
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_CLI = ("-c", "from callsim.cli import main; main()")
_W1 = "scenarios/benchmark/w1.yaml"

COMMANDS: dict[str, tuple[str, ...]] = {
    "python": ("-c", "pass"),
    "import numpy": ("-c", "import numpy"),
    "import simpy": ("-c", "import simpy"),
    "import callsim": ("-c", "import callsim"),
    "callsim --help": (*_CLI, "--help"),
    "callsim --version": (*_CLI, "--version"),
    "callsim validate w1.yaml": (*_CLI, "validate", _W1),
    "callsim explain w1.yaml": (*_CLI, "explain", _W1),
}


_W3 = ("run", "scenarios/benchmark/w3.yaml", "--replications")
_PLAIN_DAY = ("-c", "from benchmarks.models.idiomatic_simpy import MODELS; print(MODELS['w3'](1).visits)")
TIMES_PLAIN, CACHED_SECONDS, HUNDRED_SECONDS = 2.5, 2.0, 3.0
"""A day with nothing cached, as a multiple of a plain SimPy process [CPU]; one with code at hand [CPU s]; a hundred of
them on two cores [wall s]."""


def once(arguments: tuple[str, ...], cache: str | None = None) -> tuple[float, float]:
    """Return CPU seconds (user and system) and peak memory in MB of one process.

    Parameters
    ----------
    arguments : tuple of str
        Of the interpreter.
    cache : str, optional
        Folder for compiled code.
    """
    environment = {**os.environ, **({} if cache is None else {"CALLSIM_CACHE_DIR": cache})}
    # As where a program is installed: Python keeps the bytecode of what it has imported once.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    process = subprocess.Popen([sys.executable, *arguments], stdout=subprocess.DEVNULL, cwd=ROOT, env=environment)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(arguments)} ended with exit code {process.returncode}")
    to_megabytes = 1024.0 if sys.platform != "darwin" else 1024.0 * 1024.0
    return used.ru_utime + used.ru_stime, used.ru_maxrss / to_megabytes


def day(runs: int) -> bool:
    """Print what a day of W3 costs; return whether it costs no more than it may."""
    with tempfile.TemporaryDirectory() as empty, tempfile.TemporaryDirectory() as kept:
        began = time.perf_counter()
        first, _ = once((*_CLI, *_W3, "1", "--engine", "compiled"), kept)
        print(f"{'compiling it, once':44s} {time.perf_counter() - began:8.2f} s wall, {first:.2f} s CPU of the caller")
        plain, cold, warm, hundred = [], [], [], []
        once(_PLAIN_DAY)
        once((*_CLI, *_W3, "1"), empty)
        for _ in range(runs):  # in turn: other work on the machine then hits all alike
            plain.append(once(_PLAIN_DAY)[0])
            cold.append(once((*_CLI, *_W3, "1"), empty)[0])
            warm.append(once((*_CLI, *_W3, "1"), kept)[0])
            began = time.perf_counter()
            once((*_CLI, *_W3, "100"), kept)
            hundred.append(time.perf_counter() - began)
    ratio = statistics.median(ours / theirs for ours, theirs in zip(cold, plain, strict=True))
    held = (
        ("a day, plain SimPy process", statistics.median(plain), "s CPU", math.inf),
        ("a day, nothing cached", statistics.median(cold), "s CPU", math.inf),
        ("... as a multiple of the plain process", ratio, "times", TIMES_PLAIN),
        ("a day, compiled code at hand", statistics.median(warm), "s CPU", CACHED_SECONDS),
        ("a hundred days, compiled code at hand", statistics.median(hundred), "s wall", HUNDRED_SECONDS),
    )
    for what, found, unit, limit in held:
        bound = "" if limit == math.inf else f"   at most {limit:g}: {'met' if found <= limit else 'NOT MET'}"
        print(f"{what:44s} {found:8.2f} {unit}{bound}", flush=True)
    return all(found <= limit for _, found, _, limit in held)


_FURTHER_DAYS = 4


def choice(runs: int) -> None:
    """Print what `engine: auto` reckons with: a call in SimPy, and loading and compiling the other engine."""
    from benchmarks.sides import plan_of
    from callsim.experiments.engines import expected_calls

    calls = expected_calls(plan_of("w3"))
    simpy = (*_CLI, *_W3[:-1], "--workers", "1", "--engine", "simpy", _W3[-1])
    compiled = (*_CLI, *_W3, "1", "--engine", "compiled")
    with tempfile.TemporaryDirectory() as kept:
        began = time.perf_counter()
        once(compiled, kept)
        compiling = time.perf_counter() - began
        a_call, loading = [], []
        for _ in range(runs):
            one, more = once((*simpy, "1"))[0], once((*simpy, str(1 + _FURTHER_DAYS)))[0]
            a_call.append((more - one) / (_FURTHER_DAYS * calls))
            loading.append(once(compiled, kept)[0] - (one - calls * a_call[-1]))
    print(f"SIMPY_SECONDS      {statistics.median(a_call):9.2g}   medians of {runs} runs")
    print(f"LOADING_SECONDS    {statistics.median(loading):9.2g}")
    print(f"COMPILING_SECONDS  {compiling:9.2g}   once, the day that was run included")


def main() -> None:
    """Measure every command and print a line for each."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=9)
    parser.add_argument("--day", action="store_true", help="measure a day of W3 against its bounds")
    parser.add_argument("--choice", action="store_true", help="measure what the choice of an engine reckons with")
    given = parser.parse_args()
    runs = given.runs
    if given.choice:
        choice(runs)
        return
    if given.day:
        sys.exit(not day(runs))
    print(f"{'command':28s} {'CPU s, median':>14s} {'least':>8s} {'peak MB':>9s}")
    for name, arguments in COMMANDS.items():
        once(arguments)  # the first run writes the compiled modules
        taken = [once(arguments) for _ in range(runs)]
        seconds = [one[0] for one in taken]
        memory = max(one[1] for one in taken)
        print(f"{name:28s} {statistics.median(seconds):14.3f} {min(seconds):8.3f} {memory:9.1f}", flush=True)


if __name__ == "__main__":
    main()
