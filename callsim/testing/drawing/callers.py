"""Random callers: every way to give their calls, their patience, their redials and their talk times."""

from __future__ import annotations

from callsim.testing.drawing.laws import draw_law, draw_long_law
from callsim.testing.drawing.sketch import Mapping, Sketch

__all__ = ["add_repeats", "draw_callers", "draw_law_by_queue", "draw_patience"]

_CAUSES = ("abandoned", "busy", "balked", "closed", "cut off")


def draw_callers(sketch: Sketch) -> Mapping:
    """Draw all streams; their calls together are tens to a few hundred."""
    c = sketch.choices
    in_all = min(220, max(10, sketch.steps * c.whole(1, 6) // 2))
    return {name: _stream(sketch, name, -(-in_all // len(sketch.streams))) for name in sketch.streams}


def _stream(sketch: Sketch, name: str, calls: int) -> Mapping:
    c = sketch.choices
    stream: Mapping = {"calls": _calls(sketch, name, calls), "to": c.pick(sketch.queues)}
    if "recorded" not in stream["calls"]:
        if c.chance(15):
            stream["times"] = c.pick(("+20%", 0.7))
        if c.chance(15):
            stream["day_factor"] = {"cv": c.pick(("30%", "60%"))}
            if c.chance(50):
                stream["day_factor"]["shared_by"] = "all"
    if c.chance(50):
        stream["priority"] = c.pick((1, 4, 5, 6, 9))
    if c.chance(30):
        stream["credit"] = c.pick(("0s", sketch.time(1, 3), sketch.time(1, 9), "1 day"))
    if c.chance(75):
        stream["patience"] = draw_patience(sketch)
    if c.chance(20) and "zero" not in str(stream.get("patience")):
        stream["hangs_up_at_once"] = c.pick(("10%", "50%", "100%"))
    if c.chance(25):
        stream["balks"] = c.pick(("10%", "50%", "100%"))
    if c.chance(60):
        stream["calls_again"] = _calls_again(sketch)
    return {**stream, **_own_talk(sketch)}


def _calls(sketch: Sketch, name: str, calls: int) -> Mapping | str:
    c = sketch.choices
    kind = c.whole(0, 11 if sketch.calendar else 7)
    if kind < 4 or sketch.tight:
        return _recorded(sketch, name, calls)
    if kind < 6:
        return {"per_hour": round(calls * 3600 / sketch.seconds, 3)}
    if kind < 7:
        steps = [c.pick((0, 1, 2)) for _ in range(c.whole(2, 5))]
        rates = [round(calls * 3600 / sketch.seconds * weight, 3) for weight in (1, *steps)]
        return {"per_hour": rates, "every": sketch.time(2, 9), **({"repeat": True} if c.chance(50) else {})}
    if kind < 8:
        unit, seconds = c.pick((("per_day", 86400), ("per_week", 604800)))
        return {unit: round(calls * seconds / sketch.seconds, 3)}
    if kind < 9:
        return {"per_hour": {sketch.hours(2): round(calls * 3600 / sketch.seconds * 2, 3)}}
    if kind < 11:
        return {"per_day": calls, "profile": {sketch.hours(2): 1}}
    sketch.volumes.append(name)
    return "from volumes"


def _recorded(sketch: Sketch, name: str, calls: int) -> Mapping:
    """Draw instants that follow a pattern of gaps: several callers at one instant, and on the steps."""
    c = sketch.choices
    gaps = [c.pick((0, 0, 1, 1, 1, 2, 3)) for _ in range(c.whole(2, 8))]
    gaps[0] = max(gaps[0], 1)
    at = float(c.whole(0, 3) * sketch.step)
    instants: list[float] = []
    shift = c.pick((0, 0, 0, 0.25))
    while at < sketch.seconds and len(instants) < 2 * calls:
        instants.append(at + shift)
        at += gaps[len(instants) % len(gaps)] * sketch.step
    sketch.files[f"{name}.csv"] = "".join(f"{instant:g}\n" for instant in instants)
    return {"recorded": f"{name}.csv"}


def draw_patience(sketch: Sketch) -> str | Mapping:
    """Draw how long callers wait, by every rule for their later calls."""
    c = sketch.choices
    law = draw_long_law(sketch)
    kind = c.whole(0, 9)
    if kind < 4:
        return law
    if kind < 6:
        return {"law": law, "rule": "same person"}
    if kind < 9:
        factors = [c.pick((1, 0.5, 2, "-25%", "+200%")) for _ in range(c.whole(1, 3))]
        return {"law": law, "rule": "multiplied by attempt", "factors": factors}
    return "never hangs up"


def _calls_again(sketch: Sketch) -> Mapping:
    c = sketch.choices
    rules: Mapping = {}
    for cause in sketch.some(_CAUSES):
        shares = [c.pick(("100%", "50%", "70%", "0%")) for _ in range(c.whole(1, 3))]
        rules[cause] = {"share": shares if len(shares) > 1 else shares[0], "delay": _delay(sketch)}
    if not c.chance(10) or "constant 0s" in str(rules):
        rules["at_most"] = f"{c.whole(1, 5)} calls"
    return rules


def add_repeats(sketch: Sketch, callers: Mapping) -> None:
    """Let some callers call again after an answered call; who may call without end does so seldom."""
    c = sketch.choices
    for stream in callers.values():
        if c.chance(15):
            rules = stream.setdefault("calls_again", {"at_most": f"{c.whole(2, 5)} calls"})
            shares = ("100%", ["50%", "100%"], ["30%", "60%", "0%"]) if "at_most" in rules else ("30%", ["40%", "20%"])
            rules["unsolved"] = {"share": c.pick(shares), "delay": draw_law(sketch, low=1)}
            if c.chance(30):
                rules["unsolved"]["delay"] = _delay(sketch)


def _delay(sketch: Sketch) -> str:
    kind = sketch.choices.whole(0, 9)
    if kind < 2:
        return "constant 0s"
    if kind < 4:
        return "until open"
    if kind < 6:
        return f"until open + {draw_law(sketch)}"
    return draw_law(sketch, low=1)


def _own_talk(sketch: Sketch) -> Mapping:
    """Draw talk times that the stream has instead of the queue's: for one queue or for all."""
    c = sketch.choices
    kind = c.whole(0, 9)
    if kind < 7:
        return {}
    part = "handle_time" if kind == 7 else "talk"
    own: Mapping = {part: {q: draw_law(sketch) for q in sketch.some(sketch.queues)}}
    if kind == 8:
        own = {part: draw_law(sketch)}
    if part == "talk" and c.chance(50):
        own["after_call_work"] = draw_law(sketch)
    return own


def draw_law_by_queue(sketch: Sketch) -> Mapping | str:
    """Draw talk times for all queues, or for some."""
    if sketch.choices.chance(50):
        return draw_law(sketch)
    return {queue: draw_law(sketch) for queue in sketch.some(sketch.queues)}
