"""Random customers who have a case: where and when they call, what they put up with, what makes them angry."""

from __future__ import annotations

from collections.abc import Sequence

from callsim.testing.drawing.callers import draw_patience
from callsim.testing.drawing.laws import draw_law
from callsim.testing.drawing.sketch import Mapping, Sketch

__all__ = ["ANGER_POINTS", "draw_side"]

_CAUSES = ("abandoned", "busy", "balked", "closed", "cut off", "broken promise")
ANGER_POINTS = ("unsolved", "abandoned", "turned away", "cut off", "broken promise", "an hour on hold")
"""What customers can be given points of anger for."""
_FACTORS = ([1, 0.5], [2, 1, 0.5], [0.5, "+50%", 3, 0.25], {1: 0.5}, {1: "-25%", 3: 2}, {2: "+200%"}, 1.5)
_SPLITS = {1: ("100%",), 2: ("60%", "40%"), 3: ("50%", "25%", "25%"), 4: ("40%", "0%", "30%", "30%")}


def draw_side(sketch: Sketch, pieces: Sequence[str], is_type: bool, by_gives_up: bool, reopened: bool) -> Mapping:
    """Draw what customers are like.

    Parameters
    ----------
    sketch : Sketch
    pieces : sequence of str
        Names of the work that their case needs.
    is_type : bool
        Much is said of a type of case, little of one kind of its customers.
    by_gives_up : bool
        Who gives up after a call without a solution is said by `gives_up`, not by a share under `calls_again`.
    reopened : bool
        Whether `calls_again` may say when a case is opened again.
    """
    c = sketch.choices
    percent = 60 if is_type else 30
    side: Mapping = {}
    if c.chance(percent // 3):
        side["never_tries"] = c.pick(("10%", "40%"))
    if by_gives_up and c.chance(percent):
        side["gives_up"] = c.pick(("never", "20%", ["0%", "30%"], ["10%", "0%", "100%"]))
    if c.chance(percent // 2):
        side["priority"] = c.pick((1, 4, 5, 6, 9))
    if c.chance(percent // 3):
        side["credit"] = c.pick(("0s", sketch.time(1, 3), sketch.time(1, 9)))
    if c.chance(percent):
        side["patience"] = draw_patience(sketch)
    if c.chance(percent // 4):
        side["hangs_up_at_once"] = c.pick(("10%", "50%"))
    if c.chance(percent // 4):
        side["balks"] = c.pick(("10%", "50%"))
    if len(sketch.queues) > 1 and (is_type or c.chance(percent)):
        side["dials"] = _dials(sketch, pieces)
    if sketch.calendar and c.chance(percent):
        side["awake"] = sketch.hours(2)
    if c.chance(percent):
        side["believes_open"] = _belief(sketch)
    if c.chance(percent // 2):
        side["waits_on"] = draw_law(sketch)
    if is_type or c.chance(percent):
        side["calls_again"] = _calls_again(sketch, is_type, by_gives_up, reopened)
    if c.chance(percent + 15):
        side["anger"] = _anger(sketch)
    return side


def _dials(sketch: Sketch, pieces: Sequence[str]) -> Mapping | str:
    kind = sketch.choices.whole(0, 5)
    if kind < 2:
        return _queue_or_shares(sketch)
    if kind < 3:
        return _shares(sketch, sketch.queues)
    return {piece: _queue_or_shares(sketch) for piece in pieces}


def _queue_or_shares(sketch: Sketch) -> Mapping | str:
    if sketch.choices.chance(40):
        return sketch.choices.pick(sketch.queues)
    return _shares(sketch, sketch.some(sketch.queues, least=2))


def _shares(sketch: Sketch, queues: Sequence[str]) -> Mapping:
    split = _SPLITS[len(queues)]
    turn = sketch.choices.whole(0, len(split) - 1)
    return {queue: split[(i + turn) % len(split)] for i, queue in enumerate(queues)}


def _belief(sketch: Sketch) -> Mapping:
    c = sketch.choices
    belief: Mapping = {}
    if c.chance(60):
        belief["knows"] = c.pick(("0%", "20%", "60%"))
    if c.chance(60):
        belief["learns"] = c.pick(("0%", "50%", "90%"))
    return belief


def _calls_again(sketch: Sketch, is_type: bool, by_gives_up: bool, reopened: bool) -> Mapping:
    """Draw who calls again: few calls at the most, so that cases stay small."""
    c = sketch.choices
    causes = [*sketch.some(_CAUSES, least=0), *(["reopened"] if reopened and c.chance(70) else [])]
    rules: Mapping = {cause: _redial(sketch, False) for cause in causes}
    if is_type or c.chance(60):
        rules["unsolved"] = _redial(sketch, by_gives_up)
    rules["at_most"] = f"{c.whole(2, 12)} calls"
    return rules


def _redial(sketch: Sketch, by_gives_up: bool) -> Mapping | str:
    """Draw who calls again after one kind of call: nobody, all of them, or a share by call."""
    c = sketch.choices
    kind = c.whole(0, 9)
    if kind < 1 and not by_gives_up:
        return "never"
    law = draw_law(sketch)
    if kind < 5 or by_gives_up:
        return law
    if kind < 6:
        return {"share": "0%"}
    return {"share": c.pick(("100%", "80%", ["100%", "60%"], ["90%", "100%", "50%"])), "delay": law}


def _anger(sketch: Sketch) -> Mapping:
    c = sketch.choices
    points = {what: c.pick((1, 2, "3 points", 0)) for what in sketch.some(ANGER_POINTS, least=3)}
    if sketch.step > 60:
        points["an hour on hold"] = c.pick((1, "3 points"))
    factors = {what: c.pick(_FACTORS) for what in ("patience", "delay", "talk") if c.chance(80)}
    return {"points": points, **factors}
