"""The figures of the reference glossary as functions of sums: by name, with the unit that the name ends in."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

Formula = Callable[[Any], Any]


def _attempts(s: Any) -> Any:
    return s.offered + s.blocked


FIGURES: dict[str, Formula] = {
    "p_delay": lambda s: s.delayed / _attempts(s),
    "p_no_wait": lambda s: 1 - s.delayed / _attempts(s),
    "p_delay_of_admitted": lambda s: s.delayed / s.offered,
    "p_all_busy": lambda s: (s.delayed + s.blocked) / _attempts(s),
    "p_block": lambda s: s.blocked / _attempts(s),
    "p_abandon": lambda s: s.abandoned / _attempts(s),
    "p_abandon_of_offered": lambda s: s.abandoned / _attempts(s),
    "p_abandon_of_admitted": lambda s: s.abandoned / s.offered,
    "p_served_of_offered": lambda s: s.answered / _attempts(s),
    "occupancy": lambda s: s.busy_time / s.staffed_time,
    "busy_over_scheduled": lambda s: s.busy_time / s.signed_on_time,
    "service_level": lambda s: s.level_met / s.level_counted,
}
"""Shares. Of `offered` in the sense of the references, blocked calls included."""

TIMES: dict[str, Formula] = {
    "mean_wait": lambda s: s.wait / s.offered,
    "mean_wait_all": lambda s: s.wait / s.offered,
    "mean_wait_of_admitted": lambda s: s.wait / s.offered,
    "mean_wait_per_admitted_attempt": lambda s: s.wait / s.offered,
    "asa": lambda s: s.wait_answered / s.answered,
    "mean_wait_served": lambda s: s.wait_answered / s.answered,
    "mean_wait_abandoned": lambda s: s.wait_abandoned / s.abandoned,
    "mean_wait_given_delayed": lambda s: s.wait / s.delayed,
}
"""Mean waits. [s]"""

SQUARES: dict[str, Formula] = {
    "var_wait_served": lambda s: s.squared_wait_answered / s.answered - (s.wait_answered / s.answered) ** 2,
    "var_wait_abandoned": lambda s: s.squared_wait_abandoned / s.abandoned - (s.wait_abandoned / s.abandoned) ** 2,
}
"""Variances of waits. [s2]"""

MEANS: dict[str, Formula] = {
    "mean_queue": lambda s: s.queue_time / s.window,
    "time_avg_queue": lambda s: s.queue_time / s.window,
    "mean_in_system": lambda s: (s.queue_time + s.busy_time) / s.window,
    "time_avg_busy": lambda s: s.busy_time / s.window,
    "mean_talking": lambda s: s.talk / s.window,
    "mean_wrapping": lambda s: s.after_call_work / s.window,
    "mean_serving": lambda s: (s.talk + s.after_call_work) / s.window,
    "customers_finally_lost_per_fresh_call": lambda s: 1 - s.callers_answered / s.callers,
}
"""Time averages and the like, without a unit."""

RATES: dict[str, Formula] = {
    "attempt_rate": lambda s: (s.fresh + s.repeats) / s.window,
    "redial_rate": lambda s: s.repeats / s.window,
    "served_rate": lambda s: s.answered / s.window,
    "total_call_rate": lambda s: s.legs / s.window,
}
"""Per time unit. [1/s]"""

_LEVEL = re.compile(r"sl(?:_(offered|served|excl_short|incl_short|of_admitted))?_([\d.]+)(s?)")
_CONDITIONAL = re.compile(r"p_wait_le_([\d.]+)(s?)_given_(abandon|served)")


def level(kind: str, limit: float) -> Formula:
    """Return a service level: served within the limit over what the kind says."""
    met, short = f"answered_within_{limit:g}", f"abandoned_within_{limit:g}"
    below: dict[str, Formula] = {
        "offered": _attempts,
        "served": lambda s: s.answered,
        "excl_short": lambda s: _attempts(s) - getattr(s, short),
        "excl_short_and_blocked": lambda s: s.offered - getattr(s, short),
        "incl_short": _attempts,
        "of_admitted": lambda s: s.offered,
    }

    def formula(s: Any) -> Any:
        more = getattr(s, short) if kind == "incl_short" else 0
        return (getattr(s, met) + more) / below[kind](s)

    return formula


def figure(name: str, unit: float) -> tuple[Formula, float, float] | None:
    """Return (formula, factor from the printed value to seconds, threshold or 0) of a printed name, or None.

    ``unit`` is the file's unit of time in seconds, for names that do not end in one.
    """
    plain = name.replace("_per_attempt", "").replace("_per_call", "").replace("_external", "")
    if match := _LEVEL.fullmatch(plain):
        limit = float(match[2]) * (1 if match[3] else unit)
        kind = match[1] or "served"
        if (
            kind == "excl_short" and "_per_attempt" in name
        ):  # the glossary's "[- blocked]": among redials, but not lines
            kind = "excl_short_and_blocked"
        return level(kind, limit), 1.0, limit
    if match := _CONDITIONAL.fullmatch(plain):
        limit = float(match[1]) * (1 if match[2] else unit)
        who = {"abandon": "abandoned", "served": "answered"}[match[3]]
        return (lambda s: getattr(s, f"{who}_within_{limit:g}") / getattr(s, who)), 1.0, limit
    for ending, factor in (("_mean_service2", unit**2), ("_mean_service", unit), ("_s2", 1), ("_min", 60), ("_s", 1)):
        if plain.endswith(ending):
            known = SQUARES if ending.endswith("2") else TIMES
            return known[plain.removesuffix(ending)], float(factor), 0.0
    for table, factor in ((FIGURES | MEANS, 1.0), (TIMES, unit), (SQUARES, unit**2), (RATES, 1 / unit)):
        if plain in table:
            return table[plain], factor, 0.0
    return None
