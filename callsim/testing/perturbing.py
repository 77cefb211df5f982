"""Plans that no scenario resolves to: doors that move by seconds, factors and slopes that the language cannot say.

The plan allows more than the language. What an engine must do is said by the plan, so it is tried out, too.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from callsim.codes import PatienceRule
from callsim.plan.plan import NEVER, ONE, SECOND, Plan
from callsim.testing.choices import Choices
from callsim.testing.perturbing_cases import CASE_CHANGES

__all__ = ["perturbed"]

Change = Callable[[Plan, Choices], Plan]


def perturbed(plan: Plan, choices: Choices) -> Plan:
    """Return a plan with one to three changes that keep its invariants, and two more if it has cases."""
    if plan.cases.n:
        plan = choices.pick(CASE_CHANGES)(choices.pick(CASE_CHANGES)(plan, choices), choices)
    for _ in range(choices.whole(1, 3)):
        plan = choices.pick(_CHANGES)(plan, choices)
    plan.check()
    return plan


def _with(plan: Plan, part: str, **columns: Any) -> Plan:
    return replace(plan, **{part: replace(getattr(plan, part), **columns)})


def _one_person_with_factors(plan: Plan, choices: Choices) -> Plan:
    scale = [choices.pick((ONE, ONE // 2, 2 * ONE, 3 * ONE + 1)) for _ in range(choices.whole(1, 3))]
    rules = np.full(plan.n_streams, choices.pick(tuple(PatienceRule)), np.int8)
    rows = np.array([scale] * plan.n_streams, np.int64)
    return _with(plan, "streams", patience_rule=rules, patience_scale=rows)


def _doors_beside_the_minute(plan: Plan, choices: Choices) -> Plan:
    by = choices.pick((1, 3, 20, 30)) * SECOND
    ends, admits = plan.queues.open_end, plan.queues.admit_end
    # Where the next opening would follow without a break, all stays as it is.
    moves = (ends >= NEVER) | (ends + by < _next_starts(plan))
    later = {
        name: np.where(moves & (column < NEVER), column + by, column) for name, column in (("o", ends), ("a", admits))
    }
    return _with(plan, "queues", open_end=later["o"], admit_end=later["a"])


def _next_starts(plan: Plan) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Return for each opening the start of its queue's next one, NEVER for the last. [ticks]"""
    starts, offset = plan.queues.open_start, plan.queues.open_offset
    following = np.append(starts[1:], NEVER)
    following[offset[1:][np.diff(offset) > 0] - 1] = NEVER
    return following


def _shifts_beside_the_minute(plan: Plan, choices: Choices) -> Plan:
    by = choices.pick((1, 3, 20, 30)) * SECOND
    agents = plan.agents
    columns = {name: getattr(agents, name) + by for name in ("duty_start", "duty_end", "break_start")}
    return _with(plan, "agents", **columns)


def _factors_by_seconds(plan: Plan, choices: Choices) -> Plan:
    n = choices.whole(1, 6)
    gap = max(1, plan.clock.horizon // n)
    return _with(
        plan,
        "queues",
        scale_row=np.zeros((plan.n_streams, plan.n_queues), np.int32),
        scale_offset=np.array([0, n], np.int64),
        scale_start=gap // 2 + gap * np.arange(n, dtype=np.int64),
        scale_factor=np.array([choices.pick((ONE // 2, ONE, 2 * ONE, ONE // 3)) for _ in range(n)], np.int64),
    )


def _odd_slopes_and_priorities(plan: Plan, choices: Choices) -> Plan:
    slope = np.array([choices.pick((0, 1, 999, 1000, 1001, 1_000_000)) for _ in range(plan.n_queues)], np.int64)
    priority = np.array([choices.pick((0, 1, 5, 200)) for _ in range(plan.n_streams)], np.int32)
    return _with(_with(plan, "queues", slope=slope), "streams", priority=priority)


def _odd_levels_and_factors(plan: Plan, choices: Choices) -> Plan:
    agents = plan.agents
    flat = [choices.pick((1, 2, 7, 99)) for _ in range(agents.level.size)]
    level = np.where(agents.level > 0, np.array(flat, np.int32).reshape(agents.level.shape), 0).astype(np.int32)
    odd = [choices.pick((ONE, ONE + 1, ONE // 7, 5 * ONE)) for _ in range(agents.level.size)]
    return _with(plan, "agents", level=level, factor=np.array(odd, np.int64).reshape(level.shape))


def _redials_by_contact(plan: Plan, choices: Choices) -> Plan:
    shape = (*plan.streams.redial_share.shape[:2], 3)
    shares = np.array([choices.pick((0, 1 << 52, 1 << 53)) for _ in range(int(np.prod(shape)))], np.int64)
    shares = shares.reshape(shape)
    most = np.minimum(plan.streams.max_contacts, choices.whole(1, 5)).astype(np.int32)
    return _with(plan, "streams", redial_share=shares, max_contacts=most)


_CHANGES: tuple[Change, ...] = (
    _one_person_with_factors,
    _doors_beside_the_minute,
    _shifts_beside_the_minute,
    _factors_by_seconds,
    _odd_slopes_and_priorities,
    _odd_levels_and_factors,
    _redials_by_contact,
)
