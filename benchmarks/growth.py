"""How the cost of a call and the memory grow with the size of a centre.

``python -m benchmarks.growth`` grows one thing at a time (`benchmarks.models.growing`): each point in a process of
its own, compilation and a first run left out, replications repeated until a million calls are measured, where that
is quick nine times: the median counts. Along the axes of which something is required all points are measured in
turn, five times over, and the medians count. Points are also run with a log, which costs memory for each call: the
table says how many bytes for each visit to a queue.

    python -m benchmarks.growth --quick                       # half a minute; all of it takes five
    python -m benchmarks.growth --axis calls --axis agents
    python -m benchmarks.growth --write                       # and into docs/explanation/speed.md

It ends with code 1 if a statement at the end of the report does not hold.
"""

from __future__ import annotations

import argparse
import gc
import json
import sys
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.measuring import cpu_seconds, own_process, peak_megabytes
from benchmarks.models.growing import AXES
from benchmarks.page import aligned, machine, put, table
from benchmarks.sides import counted

if TYPE_CHECKING:
    from callsim.plan.plan import Plan

__all__ = ["HELD", "MODES", "Point", "measured_in_turn", "measured_point", "point", "statements"]

Replication = Callable[[int], tuple[int, float, float]]

MODES = ("measure", "log")
ENGINES = ("compiled", "simpy")
_ENOUGH_CALLS = 1_000_000
_MOST_REPLICATIONS = 200
_STRETCHES, _SHORT = 9, 0.5
"""What takes less CPU time than this [s] is measured so many times, and the median counts."""
HELD = ("agents", "calls")
"""Axes along which the cost of a call is held to a factor."""
_TURNS = 5
"""So many times these axes are measured."""
COST_FACTOR = 2.0
"""From 10 to 10,000 agents, and from 10^4 to 10^8 calls."""
FLAT = 1.25
"""Peak memory without a log, from 10^4 to 10^8 calls."""
BYTES_A_LEG = 100.0


@dataclass(frozen=True)
class Point:
    """What one size costs."""

    calls: int
    """Visits to queues, in all replications measured."""
    cpu: float
    """[s]"""
    peak: float
    """Of the process. [MB]"""
    leg_bytes: float
    """Size of the log's table of visits, a visit. [byte]"""
    log_bytes: float
    """Size of the whole log, a visit. [byte]"""

    @property
    def cost(self) -> float:
        """CPU time a call. [ns]"""
        return self.cpu / self.calls * 1e9


def _plan(axis: str, size: int) -> Plan:
    from callsim.scenario import load, resolve

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{axis}.yaml"
        path.write_text(AXES[axis].text(size), encoding="utf-8")
        return resolve(load(path))


def _counting(plan: Plan, by: tuple[str, ...]) -> Replication:
    """Return a function of a replication that keeps no log; it returns (visits, 0, 0)."""
    replicate = counted(plan, 1, by)
    return lambda replication: (replicate(replication).simulated, 0.0, 0.0)


def _logging(engine: str, plan: Plan, by: tuple[str, ...]) -> Replication:
    """Return a function of a replication that keeps its log; it returns (visits, bytes of their table, of the log)."""
    from callsim.measures import measure

    module: Any = import_module(f"callsim.engines.{engine}")

    def replicate(replication: int) -> tuple[int, float, float]:
        log = module.run(plan, 1, replication)
        measure(plan, log, by)
        legs = sum(column.nbytes for column in log.legs.values())
        return len(log.legs["contact"]), legs, legs + sum(column.nbytes for column in log.contacts.values())

    return replicate


def point(axis: str, size: int, mode: str, engine: str) -> Point:
    """Measure one size in this process."""
    warm, by = AXES[axis].warm(size), AXES[axis].by

    def prepare(plan: Plan) -> Replication:
        return _counting(plan, by) if mode == "measure" else _logging(engine, plan, by)

    replicate = prepare(_plan(axis, size))
    (replicate if warm == size else prepare(_plan(axis, warm)))(0)
    gc.collect()
    stretches = [_stretch(replicate)]
    while len(stretches) < _STRETCHES and stretches[0].cpu < _SHORT:
        stretches.append(_stretch(replicate))
    return _median(stretches)


def _stretch(replicate: Replication) -> Point:
    """Measure replications until there are enough calls."""
    calls = replication = 0
    before = cpu_seconds()
    while calls < _ENOUGH_CALLS and replication < _MOST_REPLICATIONS:
        replication += 1
        visits, leg_bytes, log_bytes = replicate(replication)
        calls += visits
    cpu = cpu_seconds() - before
    return Point(calls, cpu, peak_megabytes(), leg_bytes / visits, log_bytes / visits)


def measured_point(axis: str, size: int, mode: str, engine: str) -> Point:
    """Measure one size in a fresh interpreter."""
    return Point(**own_process("benchmarks.growth", "--point", axis, size, mode, engine))  # type: ignore[arg-type]


def measured_in_turn(axis: str, sizes: Iterable[int], engine: str, turns: int) -> dict[int, Point]:
    """Measure sizes in turn, several times over; the median of each counts: a machine's speed changes by the minute."""
    taken: dict[int, list[Point]] = {size: [] for size in sizes}
    for _ in range(turns):
        for size, points in taken.items():
            points.append(measured_point(axis, size, "measure", engine))
            print(".", end="", file=sys.stderr, flush=True)
    return {size: _median(points) for size, points in taken.items()}


def _median(points: list[Point]) -> Point:
    return sorted(points, key=lambda one: one.cost)[len(points) // 2]


def statements(found: dict[tuple[str, int, str], Point]) -> list[tuple[str, bool]]:
    """Return what is required of the points, each with whether it holds."""
    made: list[tuple[str, bool]] = []
    for axis in HELD:
        sizes = [size for name, size, mode in found if (name, mode) == (axis, "measure")]
        if len(sizes) > 1:
            costs = [found[axis, size, "measure"].cost for size in sizes]
            factor = max(costs) / min(costs)
            text = f"{axis} {min(sizes):,} to {max(sizes):,}: cost a call within a factor of {factor:.2f}"
            made.append((f"{text} (at most {COST_FACTOR:g})", factor <= COST_FACTOR))
    peaks = [each.peak for (axis, _, mode), each in found.items() if (axis, mode) == ("calls", "measure")]
    if len(peaks) > 1:
        factor = max(peaks) / min(peaks)
        made.append((f"calls: peak memory within a factor of {factor:.2f} (at most {FLAT:g})", factor <= FLAT))
    legs = [each.leg_bytes for (_, _, mode), each in found.items() if mode == "log"]
    if legs:
        made.append((f"log: {max(legs):.0f} bytes a visit (at most {BYTES_A_LEG:g})", max(legs) <= BYTES_A_LEG))
    return made


HEADER = ["", "calls", "ns a call", "peak MB", "with a log: ns a call", "peak MB", "bytes a visit", "whole log"]


def _rows(found: dict[tuple[str, int, str], Point], axis: str) -> list[list[str]]:
    rows = []
    for name, size, mode in found:
        if (name, mode) == (axis, "measure"):
            plain, logged = found[name, size, "measure"], found.get((name, size, "log"))
            row = [f"{size:,}", f"{plain.calls:,}", f"{plain.cost:.0f}", f"{plain.peak:.0f}"]
            if logged:
                row += [
                    f"{logged.cost:.0f}",
                    f"{logged.peak:.0f}",
                    f"{logged.leg_bytes:.0f}",
                    f"{logged.log_bytes:.0f}",
                ]
            rows.append(row + ["-"] * (len(HEADER) - len(row)))
    return rows


def main() -> None:
    """Measure, print, write; with ``--point`` be one measurement."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--axis", choices=sorted(AXES), action="append", help="default: all; may be repeated")
    parser.add_argument("--quick", action="store_true", help="fewer and smaller points")
    parser.add_argument("--engine", choices=ENGINES, default=ENGINES[0], help="of the points with a log")
    parser.add_argument("--write", action="store_true", help="write the tables into the documentation")
    parser.add_argument("--point", nargs=4, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.point:
        axis, size, mode, engine = asked.point
        print(json.dumps(asdict(point(axis, int(size), mode, engine))))
        return
    found: dict[tuple[str, int, str], Point] = {}
    shown, page = [], [f"Measured on {machine()}."]
    for axis in asked.axis or AXES:
        about = AXES[axis]
        sizes = about.quick if asked.quick else about.values
        turns = _TURNS if axis in HELD and not asked.quick else 1
        for size, plain in measured_in_turn(axis, sizes, asked.engine, turns).items():
            found[axis, size, "measure"] = plain
            if size in about.log:
                found[axis, size, "log"] = measured_point(axis, size, "log", asked.engine)
        header = [about.what, *HEADER[1:]]
        shown.append(aligned(header, _rows(found, axis)))
        page.append(table(header, _rows(found, axis)))
    print(file=sys.stderr)
    made = statements(found)
    print("\n\n".join(shown), end="\n\n")
    print("\n".join(f"{text}: {'holds' if holds else 'DOES NOT HOLD'}" for text, holds in made))
    if asked.write:
        put("growth", "\n\n".join([*page, "\n".join(f"- {text}" for text, _ in made)]))
    if not all(holds for _, holds in made):
        raise SystemExit(1)


if __name__ == "__main__":
    main()
