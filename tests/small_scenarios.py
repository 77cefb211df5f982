"""Scenarios written in a few lines, for tests of what becomes of them."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from callsim.errors import ScenarioError
from callsim.plan.plan import Plan
from callsim.scenario.models import Scenario
from callsim.scenario.reading.load import load
from callsim.scenario.resolving.resolve import resolve

__all__ = ["plan_of", "problems_of", "written"]

REST = {
    "run": "run: {start: 2025-03-03, time_zone: America/Chicago, measure: 1 week}\n",
    "callers": "callers: {all: {calls: {per_hour: 60}, to: main}}\n",
    "queues": "queues: {main: {handle_time: constant 5m}}\n",
    "agents": "agents: {team: {heads: 6, answers: [main]}}\n",
}


def written(folder: Path, text: str) -> Scenario:
    """Load a scenario; sections that the text lacks are the plainest, on a calendar from Monday 2025-03-03."""
    text = textwrap.dedent(text).strip() + "\n"
    keys = {line.split(":")[0] for line in text.splitlines() if line and line[0].isalpha()}
    path = folder / "centre.yaml"
    path.write_text(text + "".join(part for name, part in REST.items() if name not in keys), encoding="utf-8")
    return load(path)


def plan_of(folder: Path, text: str) -> Plan:
    """Resolve such a scenario."""
    return resolve(written(folder, text))


def problems_of(folder: Path, text: str) -> list[str]:
    """Return what is wrong with such a scenario as "line path: found; rule"."""
    scenario = written(folder, text)
    with pytest.raises(ScenarioError) as raised:
        resolve(scenario)
    return [f"{problem.line} {problem.path}: {problem.found}; {problem.rule}" for problem in raised.value.problems]
