"""Centres that grow in one direction at a time, as scenario texts: everything exponential, at 95 % of capacity."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

__all__ = ["AXES", "Axis"]

_TALK_MINUTES = 5.0
_PATIENCE_MINUTES = 10.0
_LOAD = 0.95
_MEASURED_CALLS = 1_010_000
_DAY_OF_THOUSANDS = 3_000_000
"""What 10,000 agents take in a day: so many calls are run for any number of agents."""
_MOST_STREAMS = 250
"""A plan has room for 255 streams of callers."""


def _calls_per_hour(agents: int) -> float:
    return _LOAD * agents * 60.0 / _TALK_MINUTES


def _hours(agents: int, calls: int) -> float:
    return calls / _calls_per_hour(agents)


def _queues(
    n_queues: int, n_teams: int, agents_a_team: int, queues_a_team: int, hours: float, interval: str = "1 week"
) -> str:
    """Return queues with equal volumes; team t answers ``queues_a_team`` of them in a ring, its own one first.

    Above 250 queues callers call the first 250, and each is passed on to one of the others.
    """
    each = _calls_per_hour(n_teams * agents_a_team) / n_queues
    n_streams = min(n_queues, _MOST_STREAMS)
    lines = [f"name: {n_queues} queues", f"run: {{measure: {hours:.6f}h, interval: {interval}}}", "callers:"]
    for queue in range(n_streams):
        lines.append(
            f"  callers {queue}: {{calls: {{per_hour: {each:.6f}}}, to: queue {queue}, "
            f"patience: exponential mean {_PATIENCE_MINUTES:g}m}}"
        )
    lines.append("queues:")
    lines += [f"  queue {queue}: {{handle_time: exponential mean {_TALK_MINUTES:g}m}}" for queue in range(n_queues)]
    lines.append("agents:")
    for team in range(n_teams):
        own = [(team + step) % n_queues for step in range(queues_a_team)]
        answers = ", ".join(f"queue {queue}: {{level: {1 + step}}}" for step, queue in enumerate(own))
        lines.append(f"  team {team}: {{heads: {agents_a_team}, answers: {{{answers}}}}}")
    if n_queues > n_streams:
        lines += ["transfers:", "  defaults: {at_most: 1 transfer}", "  onwards:"]
        for queue in range(n_streams, n_queues):
            lines.append(f"    queue {queue - n_streams}: {{queue {queue}: 100%}}")
    return "\n".join(lines) + "\n"


def _days(n: int) -> str:
    """Return a department with opening hours, two levels of staffing and figures by half hour."""
    return f"""name: {n} days
run: {{start: 2026-01-05, measure: {n} days, interval: 30m}}
callers:
  everyone:
    calls: {{per_hour: {_calls_per_hour(100):g}}}
    to: main
    patience: exponential mean {_PATIENCE_MINUTES:g}m
queues:
  main: {{open: mon-sun 08:00-20:00, handle_time: exponential mean {_TALK_MINUTES:g}m}}
agents:
  team: {{answers: [main], staffing: {{mon-sun 08:00-14:00: 100, mon-sun 14:00-20:00: 96}}}}
"""


@dataclass(frozen=True)
class Axis:
    """A direction in which a centre grows."""

    what: str
    values: tuple[int, ...]
    quick: tuple[int, ...]
    log: tuple[int, ...]
    """Sizes that are also run with a log."""
    text: Callable[[int], str]
    """Size -> scenario."""
    warm: Callable[[int], int]
    """Size -> size of the run that is left out: the same code, but not the largest again."""
    by: tuple[str, ...] = ()
    """Breakdowns of the figures."""


AXES = {
    "calls": Axis(
        "calls in one replication, 100 agents",
        (10**4, 10**5, 10**6, 10**7, 10**8),
        (10**4, 10**5, 10**6),
        (10**4, 10**5, 10**6),
        lambda calls: _queues(1, 1, 100, 1, _hours(100, calls)),
        lambda calls: min(calls, 10**6),
    ),
    "agents": Axis(
        "agents, one queue",
        (10, 100, 1_000, 10_000),
        (10, 1_000, 10_000),
        (),
        lambda agents: _queues(1, 1, agents, 1, _hours(agents, _DAY_OF_THOUSANDS)),
        lambda agents: agents,
    ),
    "queues": Axis(
        "queues, each with its part of 500 agents (from 250 on, half of them by transfer)",
        (1, 10, 100, 500),
        (1, 100, 500),
        (1, 500),
        lambda queues: _queues(queues, queues, 500 // queues, 1, _hours(500, _MEASURED_CALLS)),
        lambda queues: queues,
    ),
    "skills": Axis(
        "skills a team, 20 queues, 20 teams of 10",
        (1, 2, 5, 10, 20),
        (1, 5, 20),
        (20,),
        lambda skills: _queues(20, 20, 10, skills, _hours(200, _MEASURED_CALLS)),
        lambda skills: skills,
    ),
    "days": Axis(
        "days with opening hours, by half hour",
        (1, 7, 30, 90, 365),
        (1, 30),
        (30,),
        _days,
        lambda days: min(days, 30),
        by=("interval", "callers+interval", "agents+interval"),
    ),
}
"""Name on the command line -> axis."""
