"""The service level and its named formulas (specification, part 2).

With A answered, B abandoned, K blocked, C closed, and a wait at or below the acceptable wait T counted as
in time (unrounded): ::

    negative_abandon      A<=T / (A + B)
    answered_only         A<=T / A
    positive_abandon      (A<=T + B<=T) / (A + B)
    ignore_short_abandon  A<=T / (A + B - B<=T)
    exclude_short_abandon A<=T / (A + B - B<=t), t the limit of a short abandon
    offered_incl_blocked  A<=T / (A + B + K + C)

Every call adds 0 or 1 to the numerator and to the denominator by the formula of its own queue, so calls
to queues with different formulas can be added up.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from callsim.codes import Outcome, ServiceLevelFormula
from callsim.measures.facts import Calls
from callsim.plan.plan import SECOND, Plan

__all__ = ["FORMULAS", "service_level_text", "tally_service_level"]

Int64 = npt.NDArray[np.int64]
Add = Callable[[str, Int64, Int64], None]


def tally_service_level(plan: Plan, add: Add, calls: Calls, key: Int64) -> None:
    """Add the numerator ("level_met") and denominator ("level_counted") of the service level.

    Parameters
    ----------
    plan : Plan
        Its queues give threshold and formula.
    add : callable
        Called as ``add(name, key, value)``.
    calls : Calls
        Contacts, or legs.
    key : int64[call]
        Where each call counts.
    """
    queues = plan.queues
    rows = np.flatnonzero(
        np.isin(calls.outcome, (Outcome.ANSWERED, Outcome.ABANDONED, Outcome.BLOCKED, Outcome.CLOSED))
    )
    outcome, queue, wait = calls.outcome[rows], calls.queue[rows], calls.wait[rows]
    formula = queues.formula[queue]
    in_time = wait <= queues.acceptable_wait[queue]
    short = wait <= queues.short_wait[queue]
    answered, abandoned = outcome == Outcome.ANSWERED, outcome == Outcome.ABANDONED
    met = in_time & (answered | (abandoned & (formula == ServiceLevelFormula.POSITIVE_ABANDON)))
    left_out = (
        (formula == ServiceLevelFormula.ANSWERED_ONLY)
        | ((formula == ServiceLevelFormula.IGNORE_SHORT_ABANDON) & in_time)
        | ((formula == ServiceLevelFormula.EXCLUDE_SHORT_ABANDON) & short)
    )
    turned_away = ~(answered | abandoned)
    counted = answered | (abandoned & ~left_out)
    counted |= turned_away & (formula == ServiceLevelFormula.OFFERED_INCL_BLOCKED)
    add("level_met", key[rows], met.astype(np.int64))
    add("level_counted", key[rows], counted.astype(np.int64))


FORMULAS = {
    ServiceLevelFormula.NEGATIVE_ABANDON: "answered within {wait} / (answered + abandoned)",
    ServiceLevelFormula.ANSWERED_ONLY: "answered within {wait} / answered",
    ServiceLevelFormula.POSITIVE_ABANDON: (
        "(answered within {wait} + abandoned within {wait}) / (answered + abandoned)"
    ),
    ServiceLevelFormula.IGNORE_SHORT_ABANDON: (
        "answered within {wait} / (answered + abandoned - abandoned within {wait})"
    ),
    ServiceLevelFormula.EXCLUDE_SHORT_ABANDON: (
        "answered within {wait} / (answered + abandoned - abandoned within {short})"
    ),
    ServiceLevelFormula.OFFERED_INCL_BLOCKED: "answered within {wait} / (answered + abandoned + blocked + closed)",
}
"""Formula -> its definition, with places for the acceptable wait and the limit of a short abandon."""


def service_level_text(plan: Plan) -> dict[str, tuple[str, ...]]:
    """Return the definition of the service level, with formula and threshold, by kind of scope and member.

    The whole centre and callers are judged by the queue that was called: where the queues that their
    streams call directly have one formula and threshold, the text is that of these queues.
    """
    queues = plan.queues
    texts = []
    for row in range(plan.n_queues):
        formula = ServiceLevelFormula(int(queues.formula[row]))
        wait, short = _seconds(int(queues.acceptable_wait[row])), _seconds(int(queues.short_wait[row]))
        texts.append(f"{FORMULAS[formula].format(wait=wait, short=short)} [{formula.name.lower()}]")
    called = sorted({int(queue) for queue in plan.streams.queue})
    return {
        "": (_joined(plan, texts, called),),
        "callers": tuple(_joined(plan, texts, [int(queue)]) for queue in plan.streams.queue),
        "queue": tuple(texts),
        "agents": ("",) * plan.n_groups,
    }


def _joined(plan: Plan, texts: list[str], called: list[int]) -> str:
    distinct = {texts[queue] for queue in called}
    if len(distinct) == 1:
        return distinct.pop()
    by_queue = "; ".join(f"{plan.queues.names[queue]}: {texts[queue]}" for queue in called)
    return f"by the queue that was called: {by_queue}"


def _seconds(ticks: int) -> str:
    return f"{ticks / SECOND:g} s"
