"""Random transfers: several reasons, with rules written at the reason, at the target and as defaults."""

from __future__ import annotations

from callsim.testing.drawing.laws import draw_law
from callsim.testing.drawing.sketch import Mapping, Sketch

__all__ = ["add_mistakes", "draw_transfers"]

_REASONS = ("wrong desk", "needs an expert", "second thoughts")
_CLOSED = ("keep the caller", "cut off", "return to sender", "voicemail", "hold until open")
_PLACES = ("at the back", "ahead of new calls", "keeps its place")


def draw_transfers(sketch: Sketch) -> Mapping:
    """Draw the transfers. All are passed on only where the number of times is limited: calls must end."""
    c = sketch.choices
    reasons = _REASONS[: c.whole(1, 3)]
    limited = c.chance(60)
    share = (100 if limited else 60) // len(reasons)
    transfers: Mapping = {name: _reason(sketch, share) for name in reasons}
    for queue in sketch.queues:
        if c.chance(25):
            transfers[f"to {queue}"] = _rule(sketch)
    if c.chance(50):
        transfers["defaults"] = _rule(sketch)
    if limited:
        transfers.setdefault("defaults", {})["at_most"] = f"{c.whole(0, 4)} transfers"
    return transfers


def add_mistakes(sketch: Sketch, transfers: Mapping) -> None:
    """Let agents think that closed targets are open. Drawn last, so that it changes nothing else that is drawn."""
    rule = transfers[sketch.choices.pick(sorted(transfers))]
    rule["mistaken"] = f"{sketch.choices.pick((10, 50, 100))}%"


def _reason(sketch: Sketch, share: int) -> Mapping:
    c = sketch.choices
    reason = _rule(sketch)
    for source in sketch.some(sketch.queues):
        others = [queue for queue in sketch.queues if queue != source]
        targets = sketch.some(others)
        reason[source] = {target: f"{c.pick((share, share, share // 2)) // len(targets)}%" for target in targets}
    if c.chance(30):
        reason["callers"] = sketch.some(sketch.streams)
    if c.chance(30):
        reason["by"] = sketch.some(sketch.groups)
    if sketch.calendar and c.chance(35):
        reason["during"] = sketch.hours(2)
    return reason


def _rule(sketch: Sketch) -> Mapping:
    c = sketch.choices
    rule: Mapping = {}
    if c.chance(50):
        rule["dialling"] = sketch.time(0, 3)
    if c.chance(50):
        rule["queue"] = c.pick(_PLACES)
    if c.chance(25):
        rule["priority"] = c.pick((1, 4, 5, 6, 9))
    if c.chance(50):
        rule["patience"] = c.pick(("fresh", "remaining", "unlimited", f"constant {sketch.time(0, 4)}"))
    if c.chance(65):
        rule["if_closed"] = c.pick(_CLOSED)
    if c.chance(25):
        rule["explain"] = draw_law(sketch)
    if c.chance(20):
        rule["at_most"] = f"{c.whole(0, 3)} transfers"
    return rule
