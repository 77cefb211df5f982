"""A centre from a few lines of YAML, run by each engine, and its log in seconds."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest

from callsim.codes import Outcome, SpanKind, TransferResult
from callsim.engines import simpy
from callsim.engines.compiled.engine import run as compiled_run
from callsim.measures import check_run
from callsim.plan.plan import SECOND, Plan
from callsim.runlog import RunLog
from callsim.scenario import load, resolve

Engine = Callable[[Plan, int, int], RunLog]
ENGINES: dict[str, Engine] = {"simpy": simpy.run, "compiled": compiled_run}


class Story:
    """A log for reading: rows of plain numbers in seconds, codes by their names."""

    def __init__(self, plan: Plan, log: RunLog) -> None:
        self.plan = plan
        self.log = log

    def legs(self, *names: str) -> list[tuple[object, ...]]:
        """Return these columns of all legs; without names: queue, entered, left, outcome, agent."""
        wanted = names or ("queue", "entered", "left", "outcome", "agent")
        return list(zip(*(self._leg_column(name) for name in wanted), strict=True))

    def outcomes(self) -> list[str]:
        """Return the outcome of each contact."""
        return [Outcome(code).name for code in self.log.contacts["outcome"].tolist()]

    def arrivals(self) -> list[float]:
        """Return the instants of all contacts. [s]"""
        return _seconds(self.log.contacts["arrived"].tolist())

    def spans(self) -> list[tuple[int, str, float, float]]:
        """Return (agent, kind, start, end) of all spans."""
        s = self.log.spans
        kinds = [SpanKind(code).name for code in s["kind"].tolist()]
        times = (_seconds(s[name].tolist()) for name in ("start", "end"))
        return list(zip(s["agent"].tolist(), kinds, *times, strict=True))

    def _leg_column(self, name: str) -> list[object]:
        values = self.log.legs[name].tolist()
        if name == "queue":
            return [self.plan.queues.names[i] for i in values]
        if name == "outcome":
            return [Outcome(code).name for code in values]
        if name == "transfer":
            return [TransferResult(code).name for code in values]
        return _seconds(values) if name in ("entered", "left", "talk_end", "handle_end") else values


def _seconds(ticks: Sequence[int]) -> list[float]:
    return [-1 if tick == -1 else tick / SECOND for tick in ticks]


Centre = Callable[..., Story]


@pytest.fixture(params=list(ENGINES))
def engine(request: pytest.FixtureRequest) -> Engine:
    """Each engine: what runs a plan."""
    return ENGINES[request.param]


@pytest.fixture(params=list(ENGINES))
def centre(request: pytest.FixtureRequest, tmp_path: Path) -> Centre:
    """Run a scenario text; ``calls`` gives each stream's instants in seconds, read as ``STREAM.csv``."""
    engine = ENGINES[request.param]

    def build(text: str, calls: Mapping[str, Sequence[float]] | None = None, seed: int = 1) -> Story:
        for stream, instants in (calls or {}).items():
            (tmp_path / f"{stream}.csv").write_text("".join(f"{at}\n" for at in instants))
        path = tmp_path / "scenario.yaml"
        path.write_text(textwrap.dedent(text))
        plan = resolve(load(path))
        plan.check()
        log = engine(plan, seed, 0)
        check_run(plan, log)
        return Story(plan, log)

    return build
