"""A whole random scenario."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from callsim.testing.choices import Choices
from callsim.testing.drawing.agents import draw_agents
from callsim.testing.drawing.callers import add_repeats, draw_callers
from callsim.testing.drawing.cases import draw_cases
from callsim.testing.drawing.queues import draw_queues
from callsim.testing.drawing.sketch import Mapping, Sketch
from callsim.testing.drawing.transfers import add_mistakes, draw_transfers
from callsim.testing.drawing.volumes import draw_volumes

__all__ = ["Draft", "Scope", "draw_scenario"]

_STREAMS = ("ann", "ben", "cem", "dia")
_QUEUES = ("red", "blue", "green", "gold")
_GROUPS = ("north", "south", "east")
_DAYS = (("2025-06-02", "2025-06-03"), ("2025-06-07", "2025-06-08"))
"""A Monday and a Saturday, each with the day after."""
_MIDDLE, _LONG = 20, 1200
"""Steps of which the longer stands for the other where there is no calendar: somebody is to wait for hours. [s]"""
_CALLS_NEXT = (
    "lowest level then longest wait",
    "highest priority then lowest level then longest wait",
    "longest wait",
)
_AGENTS = (
    "lowest level then longest idle",
    "lowest level then least occupied",
    "lowest level then random",
    "longest idle",
    "least occupied",
    "random",
)


class Scope(Enum):
    """How much of the language a scenario may use: what an engine may have a faster way for."""

    EVERYTHING = "everything"
    SKILLS = "skills and transfers"
    """Queues that are always open, head-counts, skills, priorities, transfers; nobody calls again."""
    ONE_QUEUE = "one queue"
    """One stream, one queue, one group."""


@dataclass(frozen=True)
class Draft:
    """A scenario before it is written: what its YAML says, and the files that it names."""

    scenario: Mapping
    files: dict[str, str]


def draw_scenario(choices: Choices, scope: Scope = Scope.EVERYTHING) -> Draft:
    """Draw a scenario; it is valid, small, and full of ties.

    Parameters
    ----------
    choices : Choices
        `callsim.testing.choices.SeededChoices`, or those of hypothesis.
    scope : Scope, optional
        How much of the language it may use.
    """
    c = choices
    sketch = _frame(c, scope)
    callers, queues, agents = draw_callers(sketch), draw_queues(sketch), draw_agents(sketch)
    scenario: Mapping = {"run": _run(sketch), "callers": callers, "queues": queues, "agents": agents}
    if len(sketch.queues) > 1 and c.chance(70):
        scenario["transfers"] = draw_transfers(sketch)
    if c.chance(70):
        scenario["routing"] = {"which call next": c.pick(_CALLS_NEXT), "which agent": c.pick(_AGENTS)}
    if c.chance(25):
        scenario["lines"] = c.whole(1, 9)
    if sketch.volumes:
        scenario["volumes"] = draw_volumes(sketch)
    if scope is not Scope.EVERYTHING:
        _make_plain(scenario)
        return Draft(scenario, sketch.files)
    add_repeats(sketch, callers)
    if c.chance(35):
        draw_cases(sketch, scenario)
    if scenario.get("transfers") and c.chance(25):
        add_mistakes(sketch, scenario["transfers"])
    return Draft(scenario, sketch.files)


def _make_plain(scenario: Mapping) -> None:
    """Take away what only the whole language has."""
    for stream in scenario["callers"].values():
        stream.pop("balks", None)
        stream.pop("calls_again", None)
    for queue in scenario["queues"].values():
        queue.pop("limit", None)
        queue.pop("when_closed")
    scenario.pop("lines", None)
    routing = scenario.get("routing", {})
    if not str(routing.get("which agent")).endswith("longest idle"):
        routing.pop("which agent", None)


def _frame(c: Choices, scope: Scope) -> Sketch:
    whole, one = scope is Scope.EVERYTHING, scope is Scope.ONE_QUEUE
    tight = whole and c.chance(15)
    calendar = whole and (tight or c.chance(75))
    step = 60 if tight else c.pick((1, _MIDDLE, 60))
    if not calendar:
        step = _LONG if whole and step == _MIDDLE else step
        seconds = step * c.whole(10, 60)
    else:
        seconds = 60 * {1: c.whole(1, 3), _MIDDLE: c.whole(4, 16), 60: c.whole(10, 40)}[step]
    sketch = Sketch(
        choices=c,
        step=step,
        seconds=seconds,
        calendar=calendar,
        first_minute=c.pick((0, 600, 1436)) if calendar else 0,
        dates=c.pick(_DAYS),
        streams=list(_STREAMS[: 1 if one else c.whole(1, 4)]),
        queues=list(_QUEUES[: 1 if one else c.whole(1, 4)]),
        groups=list(_GROUPS[: 1 if one else c.whole(1, 3)]),
        overflow=100 if tight else c.pick((None, 20, 40, 100) if whole else (None, 0, 0)),
        tight=tight,
    )
    sketch.common = c.whole(0, sketch.minutes - 1)
    return sketch


def _run(sketch: Sketch) -> Mapping:
    c = sketch.choices
    warm_up = sketch.step * c.whole(0, sketch.steps // 3) if c.chance(50) else 0
    run: Mapping = {"measure": f"{sketch.seconds - warm_up}s", "interval": f"{max(1, sketch.seconds // 3)}s"}
    if warm_up:
        run["warm_up"] = f"{warm_up}s"
    if sketch.calendar:
        run["start"] = sketch.instant(0)
        if c.chance(30):
            run["time_zone"] = c.pick(("Europe/Berlin", "America/Chicago"))
    run["at_end"] = c.pick(("stop", "drain"))
    return run
