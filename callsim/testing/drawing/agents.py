"""Random agents: skills, and every way to say when they are there."""

from __future__ import annotations

from callsim.testing.drawing.sketch import Mapping, Sketch

__all__ = ["draw_agents"]


def draw_agents(sketch: Sketch) -> Mapping:
    """Draw all groups; every queue is answered by one of them."""
    c = sketch.choices
    groups: Mapping = {}
    skills = {name: sketch.some(sketch.queues) for name in sketch.groups}
    for queue in sketch.queues:
        if not any(queue in known for known in skills.values()):
            skills[c.pick(sketch.groups)].append(queue)
    for name in sketch.groups:
        groups[name] = {"answers": _answers(sketch, skills[name]), **_presence(sketch, skills[name])}
        if c.chance(10):
            groups[name]["shrinkage"] = "10%"
    return groups


def _answers(sketch: Sketch, queues: list[str]) -> Mapping | list[str]:
    c = sketch.choices
    if sketch.overflow is None:
        return queues
    answers: Mapping = {}
    for queue in queues:
        skill: Mapping = {"level": c.whole(1, 3)}
        if c.chance(sketch.overflow):
            skill["after"] = sketch.time(1, 3)
        if c.chance(30):
            skill["handle_time"] = c.pick(("+50%", "-50%", 1.3, "+200%"))
        answers[queue] = skill
    return answers


def _presence(sketch: Sketch, queues: list[str]) -> Mapping:
    c = sketch.choices
    if sketch.counted.intersection(queues) and c.chance(50):
        sketch.counted.difference_update(queues)  # the positions of a queue belong to one group
        return {"heads": "from volumes"}
    kind = 11 if sketch.tight and c.chance(80) else c.whole(0, 11 if sketch.calendar else 4)
    if kind < 2:
        return {"heads": c.whole(1, 3)}
    if kind < 5:
        return {"staffing": _listed(sketch)}
    if kind < 7:
        return {"staffing": _by_hours(sketch)}
    return _on_shifts(sketch)


def _listed(sketch: Sketch) -> Mapping:
    """Draw heads that rise and fall, some of them in the common minute."""
    c = sketch.choices
    every = c.whole(1, 6)
    heads = [c.pick((0, 1, 1, 2, 2, 3, 4)) for _ in range(c.whole(2, 9))]
    first, last = (minute * 60 // (every * sketch.step) for minute in (sketch.common, sketch.common + 1))
    for step in range(first, last + 1):
        heads[step % len(heads) if step >= len(heads) else step] |= 1
    heads[-1] |= 1
    return {"every": f"{every * sketch.step}s", "heads": heads, **({"repeat": True} if c.chance(60) else {})}


def _by_hours(sketch: Sketch) -> Mapping:
    """Draw heads by hours of the week: spans side by side, or with holes between them."""
    c = sketch.choices
    heads: Mapping = {}
    for first, last in sketch.spans(3):
        middle = c.whole(first, last)
        for begin, end in ((first, middle), (middle, last)):
            if begin < end:
                heads[f"daily {sketch.span(begin, end)}"] = c.whole(1, 4)
    return heads


def _on_shifts(sketch: Sketch) -> Mapping:
    c = sketch.choices
    shifts: Mapping = {}
    heads = 0
    names = ("early", "mid", "late")[: c.whole(1, 3)]
    begin = c.whole(-3, sketch.common)
    for number, name in enumerate(names):
        least = sketch.common + 1 - begin if not number else 1
        lasts = c.whole(max(least, 1), max(least, 1) + sketch.minutes // 2 + 1) * 60
        if c.chance(50) and lasts > sketch.step + least * 60:
            lasts -= sketch.step * c.whole(0, 2)
        shifts[name] = _shift(sketch, begin, lasts)
        heads += shifts[name]["heads"] if isinstance(shifts[name]["heads"], int) else 2
        touching = begin + lasts // 60 if lasts % 60 == 0 else begin + 1
        begin = touching if c.chance(50) and touching < sketch.minutes else c.whole(0, sketch.minutes - 1)
    group: Mapping = {"shifts": shifts}
    if c.chance(35):
        group["persons"] = heads + c.whole(0, 2) if c.chance(50) else [f"person {i}" for i in range(heads + 1)]
    if c.chance(35):
        group["no_show"] = c.pick(("20%", "50%"))
    if c.chance(50):
        group["late_break"] = c.pick(("full length", "keeps its end"))
    shortest = min(int(shift["for"][:-1]) for shift in shifts.values())
    if sketch.tight or c.chance(60):
        group["breaks"] = _breaks(sketch, shortest)
    return {key: value for key, value in group.items() if value != []}


def _shift(sketch: Sketch, begin: int, lasts: int) -> Mapping:
    c = sketch.choices
    shift: Mapping = {"from": sketch.clock(begin), "for": f"{lasts}s", "heads": c.whole(1, 3)}
    if c.chance(15):
        shift["heads"] = {"mon-fri": 2, "sat-sun": 1}
    if c.chance(0 if sketch.tight else 30):
        shift["breaks"] = _breaks(sketch, lasts)
    elif c.chance(25) and lasts >= 180 and (sketch.first_minute + begin) % 1440 + lasts // 60 < 1440:
        minutes = lasts // 60
        first = c.whole(0, minutes - 2)
        shift["meeting"] = {"between": sketch.span(begin + first, begin + minutes), "length": f"{c.pick((20, 30))}s"}
        if c.chance(50):
            shift["meeting"]["at_once"] = c.whole(1, 3)
    return shift


def _breaks(sketch: Sketch, lasts: int) -> list[Mapping]:
    """Draw breaks in windows one behind the other, so that all of them find room."""
    c = sketch.choices
    breaks: list[Mapping] = []
    at = c.whole(0, 4)
    while len(breaks) < 3 and c.chance(75):
        length, room = c.whole(1, 3), c.whole(0, 3)
        if (at + room + length) * sketch.step > lasts:
            break
        between = f"{at * sketch.step}s-{(at + room) * sketch.step}s"
        breaks.append({"length": f"{length * sketch.step}s", "between": between})
        at += room + length + c.whole(0, 2)
    return breaks
