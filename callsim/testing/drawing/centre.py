"""A whole random scenario."""

from __future__ import annotations

from dataclasses import dataclass

from callsim.testing.choices import Choices
from callsim.testing.drawing.agents import draw_agents
from callsim.testing.drawing.callers import draw_callers
from callsim.testing.drawing.queues import draw_queues
from callsim.testing.drawing.sketch import Mapping, Sketch
from callsim.testing.drawing.transfers import draw_transfers
from callsim.testing.drawing.volumes import draw_volumes

__all__ = ["Draft", "draw_scenario"]

_STREAMS = ("ann", "ben", "cem", "dia")
_QUEUES = ("red", "blue", "green", "gold")
_GROUPS = ("north", "south", "east")
_DAYS = (("2025-06-02", "2025-06-03"), ("2025-06-07", "2025-06-08"))
"""A Monday and a Saturday, each with the day after."""
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


@dataclass(frozen=True)
class Draft:
    """A scenario before it is written: what its YAML says, and the files that it names."""

    scenario: Mapping
    files: dict[str, str]


def draw_scenario(choices: Choices) -> Draft:
    """Draw a scenario over the whole language; it is valid, small, and full of ties.

    Parameters
    ----------
    choices : Choices
        `callsim.testing.choices.SeededChoices`, or those of hypothesis.
    """
    c = choices
    sketch = _frame(c)
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
    return Draft(scenario, sketch.files)


def _frame(c: Choices) -> Sketch:
    tight = c.chance(15)
    calendar = tight or c.chance(75)
    step = 60 if tight else c.pick((1, 20, 60))
    if not calendar:
        seconds = step * c.whole(10, 60)
    else:
        seconds = 60 * {1: c.whole(1, 3), 20: c.whole(4, 16), 60: c.whole(10, 40)}[step]
    sketch = Sketch(
        choices=c,
        step=step,
        seconds=seconds,
        calendar=calendar,
        first_minute=c.pick((0, 600, 1436)) if calendar else 0,
        dates=c.pick(_DAYS),
        streams=list(_STREAMS[: c.whole(1, 4)]),
        queues=list(_QUEUES[: c.whole(1, 4)]),
        groups=list(_GROUPS[: c.whole(1, 3)]),
        overflow=100 if tight else c.pick((0, 20, 40, 100)),
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
