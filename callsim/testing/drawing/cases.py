"""Random types of case: what is to be done, who does it, what is promised, and when customers ask for more."""

from __future__ import annotations

from collections.abc import Sequence

from callsim.testing.drawing.callers import draw_law_by_queue
from callsim.testing.drawing.case_customers import draw_side
from callsim.testing.drawing.laws import draw_law
from callsim.testing.drawing.sketch import Mapping, Sketch

__all__ = ["draw_cases"]

_TYPES = ("lost order", "dead line")
_KINDS = ("patient", "hasty")
_PIECES = ("find it", "mend it", "tell them")
_SOME = ("10%", "40%", "80%")


def draw_cases(sketch: Sketch, scenario: Mapping) -> None:
    """Add types of case to a scenario, and say in its other parts what concerns them.

    Those are the hours that queues advertise, the reasons of transfers that name a type, and how long cases are
    followed. Problems are few and calls about one are limited: some ten contacts a type.
    """
    c = sketch.choices
    names = _TYPES[: c.whole(1, 2)]
    if sketch.calendar:
        for queue in scenario["queues"].values():
            if c.chance(65):
                queue["advertised"] = c.pick(("24/7", sketch.hours(2)))
    scenario["cases"] = {name: _type(sketch) for name in names}
    if len(sketch.queues) > 1:
        _name_in_transfers(sketch, scenario)
    for case in scenario["cases"].values():
        for part in ("promises", "regulator"):
            queue = case.get(part, {}).get("called_back_by")
            if queue is not None and c.chance(35):
                scenario["queues"][queue]["at_closing"] = "cut off"  # the provider's own calls, too
    if c.chance(25):
        scenario["lines"] = c.whole(1, 3)  # the provider's own calls need one, too
    if c.chance(60):
        scenario["run"]["follow_cases"] = sketch.time(1, max(1, sketch.steps // 3))


def _name_in_transfers(sketch: Sketch, scenario: Mapping) -> None:
    """Let reasons name a type or one kind of its customers; only then it can say how many are passed on."""
    c = sketch.choices
    written = scenario.setdefault("transfers", {})
    reasons = [rule for key, rule in written.items() if key != "defaults" and not key.startswith("to ")]
    for name, case in scenario["cases"].items():
        called = [name, *(f"{name}: {kind}" for kind in case.get("customers", ()))]
        kind = c.whole(0, 2)
        if kind == 1:
            named = [rule for rule in reasons if c.chance(70)]
            for rule in named:
                rule["callers"] = [*rule.get("callers", sketch.streams), c.pick(called)]
            if named and c.chance(50):
                case["passed_on"] = {"at_most": f"{c.whole(0, 3)} transfers"}
        elif kind == 2:
            for rule in reasons:  # whoever is handed round is not passed on for other reasons
                rule.setdefault("callers", sketch.streams)
            written[f"{name} handed round"] = _handed_round(sketch, c.pick(called))
            case["passed_on"] = {"share": c.pick(("50%", "70%"))} if c.chance(80) else {}
            if c.chance(60):
                case["passed_on"]["at_most"] = f"{c.whole(0, 3)} transfers"


def _handed_round(sketch: Sketch, called: str) -> Mapping:
    """Draw a reason whose shares are 100 % from each of its sources."""
    reason: Mapping = {"callers": [called], "at_most": f"{sketch.choices.whole(1, 4)} transfers"}
    for source in sketch.some(sketch.queues):
        targets = sketch.some([queue for queue in sketch.queues if queue != source])[:2]
        reason[source] = dict(zip(targets, ("100%",) if len(targets) == 1 else ("50%", "50%"), strict=True))
    return reason


def _type(sketch: Sketch) -> Mapping:
    c = sketch.choices
    needs, pieces = c.pick(
        (
            (None, ("the solution",)),
            ("1 piece", ("the solution",)),
            (["find it"], _PIECES[:1]),
            (2, ("piece 1", "piece 2")),
            (list(_PIECES[:2]), _PIECES[:2]),
            (list(_PIECES), _PIECES),
        )
    )
    ticket = c.pick((None, False, True, {"notes_lost": "30%"}, {"notes_lost": "60%"}))
    case: Mapping = {"starts": _starts(sketch), **_work(sketch, pieces, bool(ticket)), **_telling(sketch, bool(ticket))}
    if ticket is not None:
        case["shared_ticket"] = ticket
    if needs is not None:
        case["needs"] = needs
    returns_delay = isinstance(case.get("returns"), dict) and "delay" in case["returns"]
    by_gives_up = c.chance(50)
    sides = [draw_side(sketch, pieces, True, by_gives_up, not returns_delay)]
    if c.chance(40):
        names, shares = _KINDS, c.pick((("50%", "50%"), ("70%", "30%")))
        sides += [draw_side(sketch, pieces, False, by_gives_up, not returns_delay) for _ in names]
        case["customers"] = {
            name: {"share": share, **side} for name, share, side in zip(names, shares, sides[1:], strict=True)
        }
    called = list(dict.fromkeys(queue for side in sides for queue in _called(sketch, side)))
    for queues in case["done_by"].values() if isinstance(case.get("done_by"), dict) else (case.get("done_by", []),):
        queues += [queue for queue in called if queue not in queues]  # somebody must be able to own each piece
    if "zero" in str([side.get("patience") for side in sides]):
        for side in (sides[0], *case.get("customers", {}).values()):
            side.pop("hangs_up_at_once", None)
    angry = any("anger" in side for side in sides)
    return {**case, **_talk(sketch), **_provider(sketch, called, angry, not returns_delay), **sides[0]}


def _called(sketch: Sketch, side: Mapping) -> list[str]:
    """Return a queue that customers call for the first piece, nothing if that is not said of them."""
    dials = side.get("dials", sketch.queues[0] if len(sketch.queues) == 1 else {})
    while isinstance(dials, dict) and dials:
        dials = next(
            (name if isinstance(part, str) and "%" in part else part for name, part in dials.items() if part != "0%")
        )
    return [dials] if dials else []


def _starts(sketch: Sketch) -> Mapping:
    c = sketch.choices
    problems = c.whole(4, 14)
    rate = round(problems * 3600 / sketch.seconds, 3)
    kind = c.whole(0, 9 if sketch.calendar else 3)
    if kind < 3:
        starts: Mapping = {"per_hour": rate}
    elif kind < 4:
        rates = [rate * weight for weight in (1, *(c.pick((0, 1, 2)) for _ in range(c.whole(1, 4))))]
        starts = {"per_hour": rates, "every": sketch.time(2, 9), **({"repeat": True} if c.chance(50) else {})}
    elif kind < 5:
        starts = {"per_hour": {sketch.hours(2): 2 * rate}}
    elif kind < 6:
        starts = {"per_hour": 2 * rate, "at": sketch.hours(2)}
    elif kind < 8:
        starts = {"per_day": c.pick((problems, {"daily": problems})), "at": sketch.hours(2)}
    else:
        at = c.pick((sketch.hours(2), {sketch.hours(2): 1}))
        starts = {"per_week": 7 * problems, "at": at}
    if c.chance(40):
        starts["noticed_after"] = draw_law(sketch)
    if c.chance(15):
        starts["day_factor"] = {"cv": "40%", **({"shared_by": "all"} if c.chance(50) else {})}
    return starts


def _work(sketch: Sketch, pieces: Sequence[str], ticket: bool) -> Mapping:
    """Draw who can do the work, who does it, and what comes after it."""
    c = sketch.choices
    work: Mapping = {}
    kind = c.whole(0, 3)
    if kind == 1:
        work["done_by"] = sketch.some(sketch.queues)
    elif kind == 2:
        work["done_by"] = {piece: sketch.some(sketch.queues) for piece in sketch.some(pieces)}
    if c.chance(85):
        work["owner"] = _owner(sketch, ticket)
    if c.chance(50):
        work["works_after_last_piece"] = draw_law(sketch)
    if c.chance(40):
        work["returns"] = c.pick(("30%", "100%", {"share": "80%", "delay": draw_law(sketch)}))
    if c.chance(40):
        work["deadline"] = sketch.time(2, 9)
    if c.chance(15):
        figures = {"calls": 3, "employees": 5, "hours_on_the_phone": 0.5, "hours_to_solution": 2, "promises": 1}
        work["documented"] = {key: figures[key] for key in sketch.some(list(figures))}
    return work


def _owner(sketch: Sketch, ticket: bool) -> Mapping | str:
    c = sketch.choices
    if c.chance(30):
        return c.pick(_SOME)
    share: Mapping | str = c.pick(_SOME)
    if c.chance(40):
        share = {group: c.pick((*_SOME, "1%")) for group in (*sketch.some(sketch.groups), "others")}
    owner: Mapping = {"share": share} if c.chance(90) else {}
    if c.chance(60):
        owner["does"] = c.pick(("one piece", "the rest"))
    if c.chance(50):
        owner["takes"] = draw_law(sketch)
    if c.chance(60):
        owner["carries_over"] = c.pick(("60%", True, "100%")) if ticket else "0%"
    return owner


def _telling(sketch: Sketch, ticket: bool) -> Mapping:
    """Draw what is told again."""
    c = sketch.choices
    telling: Mapping = {}
    if c.chance(40):
        telling["identify"] = draw_law(sketch)
    if c.chance(70):
        telling["explain"] = draw_law(sketch, low=1)
        if c.chance(60):
            notes = {"with_notes": draw_law(sketch)} if ticket else {}
            telling["explain"] = {"time": telling["explain"], **notes}
    return telling


def _talk(sketch: Sketch) -> Mapping:
    c = sketch.choices
    kind = c.whole(0, 5)
    if kind < 2:
        return {}
    if kind < 3:
        return {"handle_time": draw_law_by_queue(sketch)}
    talk: Mapping = {"talk": draw_law_by_queue(sketch)}
    if c.chance(50):
        talk["after_call_work"] = draw_law_by_queue(sketch)
    return talk


def _provider(sketch: Sketch, called: Sequence[str], angry: bool, closes: bool) -> Mapping:
    """Draw what the provider does besides answering: promises, closing, escalation, and what the regulator asks."""
    c = sketch.choices
    found: Mapping = {}
    if c.chance(70):
        found["promises"] = _promises(sketch)
    if closes and c.chance(40):
        found["closes_unsolved"] = c.pick(("20%", "60%"))
    if len(sketch.queues) > 1 and c.chance(60):
        found["escalation"] = _escalation(sketch, called, angry)
    if c.chance(50):
        found["regulator"] = _regulator(sketch)
    return found


def _promises(sketch: Sketch) -> Mapping:
    c = sketch.choices
    promises: Mapping = {"share": c.pick(("40%", "80%", "100%")), "due": draw_law(sketch)}
    if c.chance(80):
        promises["kept"] = c.pick(("0%", "50%", "70%"))
    if c.chance(70):
        promises["called_back_by"] = c.pick(sketch.queues)
        if c.chance(50):
            promises["lead"] = sketch.time(1, 4)
        if c.chance(50):
            promises["priority"] = c.pick((1, 5, 9))
    return promises


def _escalation(sketch: Sketch, called: Sequence[str], angry: bool) -> Mapping:
    c = sketch.choices
    to = c.pick(sketch.queues)
    reached: Mapping = {
        "calls": f"{c.whole(1, 3)} calls",
        "age": sketch.time(1, 9),
        "hold": sketch.time(1, 5),
    }
    if angry:
        reached["anger"] = c.pick((1, 2, "4 points"))
    escalation: Mapping = {"to": to, "after": {key: reached[key] for key in sketch.some(list(reached))}}
    sources = [queue for queue in called if queue != to]
    if sources and c.chance(40):
        escalation["from"] = sketch.some(sources)
    if c.chance(75):
        escalation["granted"] = c.pick(("30%", "60%", "80%"))
    return escalation


def _regulator(sketch: Sketch) -> Mapping:
    c = sketch.choices
    regulator: Mapping = {"complains": c.pick(("30%", "100%")), "acts_in": draw_law(sketch)}
    if c.chance(60):
        after = {"calls": f"{c.whole(1, 3)} calls", "age": sketch.time(1, 6)}
        regulator["after"] = {key: after[key] for key in sketch.some(list(after))}
    if sketch.calendar and c.chance(50):
        regulator["at"] = sketch.hours(2)
    if c.chance(75):
        regulator["called_back_by"] = c.pick(sketch.queues)
        if c.chance(50):
            regulator["priority"] = c.pick((1, 5, 9))
    return regulator
