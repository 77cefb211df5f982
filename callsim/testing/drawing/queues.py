"""Random queues: their doors, the rules at closed doors, limits, slopes and what their calls need."""

from __future__ import annotations

from callsim.testing.drawing.laws import draw_law
from callsim.testing.drawing.sketch import Mapping, Sketch

__all__ = ["draw_queues"]


def draw_queues(sketch: Sketch) -> Mapping:
    """Draw all queues. Overflow and moving at closing lead to later queues only: rings are no scenarios."""
    return {name: _queue(sketch, name, sketch.queues[i + 1 :]) for i, name in enumerate(sketch.queues)}


def _queue(sketch: Sketch, name: str, later: list[str]) -> Mapping:
    c = sketch.choices
    queue: Mapping = {"unstaffed": "on purpose", **_service(sketch, name)}
    if sketch.calendar and c.chance(75):
        queue["open"] = sketch.hours(3)
        if sketch.first_minute == 600 and c.chance(30):
            queue["special_days"] = {sketch.dates[0]: sketch.span(*sketch.spans(1)[0])}
    closed = ["announce and hang up", "busy tone", "voicemail", "hold until open"]
    queue["when_closed"] = c.pick([*closed, *(f"overflow to {name}" for name in later)])
    closing = ["serve the waiting", "cut off", "keep until open"]
    queue["at_closing"] = c.pick([*closing, *(f"move to {name}" for name in later)])
    if c.chance(30):
        queue["last_admission"] = sketch.time(1, 3)
    if c.chance(35):
        queue["limit"] = c.whole(0, 5)
    if c.chance(40):
        queue["slope"] = c.pick((0, 0.5, 2, 3, 1000))
    if c.chance(40):
        queue["target"] = _target(sketch)
    return queue


def _service(sketch: Sketch, name: str) -> Mapping:
    c = sketch.choices
    if sketch.calendar and c.chance(6):
        sketch.volumes.append(name)
        sketch.counted.add(name)
        return {"handle_time": c.pick(("exponential mean from volumes", "erlang mean from volumes phases 2"))}
    if c.chance(40):
        return {"handle_time": draw_law(sketch, low=c.whole(0, 1))}
    service: Mapping = {"talk": draw_law(sketch, low=c.whole(0, 1))}
    if c.chance(75):
        service["after_call_work"] = draw_law(sketch)
    return service


def _target(sketch: Sketch) -> Mapping:
    rules = (
        "count against us",
        "count as answered",
        "leave out",
        "leave out within the target",
        f"leave out below {sketch.time(1, 3)}",
        "count against us, blocked and closed calls too",
    )
    target: Mapping = {"within": sketch.time(0, 3), "abandoned": sketch.choices.pick(rules)}
    if sketch.choices.chance(50):
        target["share"] = "80%"
    return target
