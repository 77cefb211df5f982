"""Changes of the cases of a plan: thresholds, hours, laws and points that no scenario resolves to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from callsim.codes import AngerCause
from callsim.plan.plan import NEVER, ONE, SECOND, SURE, Plan
from callsim.testing.choices import Choices

__all__ = ["CASE_CHANGES"]

_SHARES = (0, SURE // 3, SURE // 2, SURE - 1, SURE)
_LAWS = ("noticed", "waits_on", "owner", "works", "identify", "explain", "notes")
_Int64 = npt.NDArray[np.int64]


def _with(plan: Plan, **columns: Any) -> Plan:
    return replace(plan, cases=replace(plan.cases, **columns))


def _filled(like: npt.NDArray[Any], choices: Choices, options: Sequence[int]) -> npt.NDArray[Any]:
    """Return an array of the same shape and type with values from the options."""
    return np.array([choices.pick(options) for _ in range(like.size)], like.dtype).reshape(like.shape)


def _problems_on_the_second(plan: Plan, choices: Choices) -> Plan:
    """Let all problems begin on whole seconds, some at one instant, as recorded calls do."""
    streams, clock = plan.streams, plan.clock
    gap = choices.pick((1, 20, 60, 600)) * SECOND
    most = min(16, max(1, clock.horizon // gap))
    n, own = choices.whole(1, most), set(plan.cases.stream.tolist())
    instants = np.minimum(gap * (np.arange(n, dtype=np.int64) // 2), clock.horizon - 1)
    blocks: dict[str, list[npt.NDArray[Any]]] = {"start": [], "end": [], "mean": [], "day": []}
    recorded: list[_Int64] = []
    for i in range(plan.n_streams):
        rows = slice(int(streams.block_offset[i]), int(streams.block_offset[i + 1]))
        if i in own:
            rows = slice(0, 0)
        for name, parts in blocks.items():
            parts.append(getattr(streams, f"block_{name}")[rows])
        old = streams.recorded[int(streams.recorded_offset[i]) : int(streams.recorded_offset[i + 1])]
        recorded.append(instants if i in own else old)
    columns: dict[str, Any] = {f"block_{name}": np.concatenate(parts) for name, parts in blocks.items()}
    columns["block_offset"] = np.cumsum([0, *map(len, blocks["start"])]).astype(np.int64)
    columns["recorded"] = np.concatenate(recorded)
    columns["recorded_offset"] = np.cumsum([0, *map(len, recorded)]).astype(np.int64)
    return replace(plan, streams=replace(streams, **columns))


def _hours_beside_the_minute(plan: Plan, choices: Choices) -> Plan:
    cases, columns = plan.cases, {}
    for name in ("awake", "believed", "office"):
        by = choices.pick((0, 1, 20, -7)) * SECOND
        for edge in ("start", "end"):
            column = getattr(cases, f"{name}_{edge}")
            columns[f"{name}_{edge}"] = np.where(column < NEVER, column + by, column)
    return _with(plan, **columns)


def _windows_out_of_nothing(plan: Plan, choices: Choices) -> Plan:
    """Give all customers, or all offices, windows of seconds; some of them are too short to meet anything."""
    name = choices.pick(("awake", "office", "believed"))
    rows = plan.n_queues if name == "believed" else plan.cases.n
    each = choices.whole(1, 4)
    gap = max(2, plan.clock.horizon // (each + 1))
    starts = gap * np.arange(each, dtype=np.int64) + choices.pick((-1, 0, 1, SECOND))
    ends = starts + choices.pick((1, gap // 2, gap - 1))
    return _with(
        plan,
        **{
            f"{name}_offset": each * np.arange(rows + 1, dtype=np.int64),
            f"{name}_start": np.tile(starts, rows),
            f"{name}_end": np.tile(ends, rows),
        },
    )


def _odd_owners(plan: Plan, choices: Choices) -> Plan:
    cases = plan.cases
    return _with(
        plan,
        owner_share=_filled(cases.owner_share, choices, _SHARES),
        carried_share=_filled(cases.carried_share, choices, _SHARES),
        notes_seen=_filled(cases.notes_seen, choices, _SHARES),
        can_do=_filled(cases.can_do, choices, (0, 1, 1)),
        owner_does_rest=_filled(cases.owner_does_rest, choices, (0, 1)),
    )


def _odd_anger(plan: Plan, choices: Choices) -> Plan:
    factors = (ONE // 3, ONE // 2, ONE, ONE + 1, 2 * ONE)
    columns = {}
    for name in ("anger_patience", "anger_delay", "anger_talk"):
        columns[name] = _filled(np.zeros((plan.cases.n, choices.whole(1, 4)), np.int64), choices, factors)
    points = np.zeros((plan.cases.n, len(AngerCause)), np.int64)
    return _with(plan, anger=_filled(points, choices, (0, 1, 1, 3)), **columns)


def _odd_chances(plan: Plan, choices: Choices) -> Plan:
    """Change what is drawn against a threshold; promises and complaints need their laws."""
    cases = plan.cases
    names = ("never_tries", "knows_hours", "learns_hours", "promise_kept", "closes_unsolved", "returns")
    columns = {name: _filled(getattr(cases, name), choices, _SHARES) for name in (*names, "escalation_granted")}
    for name, law in (("promise_share", cases.promise_due_law), ("complaint_share", cases.regulator_law)):
        columns[name] = np.where(law >= 0, _filled(getattr(cases, name), choices, _SHARES), 0)
    return _with(plan, **columns)


def _odd_limits(plan: Plan, choices: Choices) -> Plan:
    cases, unit = plan.cases, choices.pick((1, SECOND, 30 * SECOND))
    ticks = (0, unit, 3 * unit + 1, NEVER)
    columns = {name: _filled(getattr(cases, name), choices, ticks) for name in ("escalation_age", "escalation_hold")}
    for name in ("escalation_contacts", "escalation_anger", "complaint_contacts"):
        columns[name] = _filled(getattr(cases, name), choices, (0, 1, 2, 3, 99))
    columns["complaint_age"] = _filled(cases.complaint_age, choices, ticks[:3])
    columns["promise_lead"] = _filled(cases.promise_lead, choices, ticks[:3])
    return _with(plan, **columns)


def _odd_dials(plan: Plan, choices: Choices) -> Plan:
    """Let them call any queue in which the length of their calls is known, for every piece."""
    cases = plan.cases
    share = np.zeros_like(cases.dial_share)
    for kind, stream in enumerate(cases.stream.tolist()):
        known = np.flatnonzero(plan.queues.talk_law[stream] >= 0).tolist()
        for piece in range(int(cases.pieces[kind])):
            cuts = sorted(choices.pick((0, 1, SURE // 3, SURE // 2, SURE)) for _ in known[1:])
            share[kind, piece, known] = np.diff([0, *cuts, SURE])
    return _with(plan, dial_share=share)


def _odd_laws(plan: Plan, choices: Choices) -> Plan:
    """Mix the laws of the cases up."""
    columns = {f"{name}_law": getattr(plan.cases, f"{name}_law") for name in _LAWS}
    known = sorted({-1}.union(*(column.tolist() for column in columns.values())))
    return _with(plan, **{name: _filled(column, choices, known) for name, column in columns.items()})


def _odd_calls_of_the_provider(plan: Plan, choices: Choices) -> Plan:
    cases, columns = plan.cases, {}
    for name in ("promise", "regulator"):
        queues = [
            choices.pick((-1, *np.flatnonzero(plan.queues.talk_law[stream] >= 0).tolist()))
            for stream in cases.stream.tolist()
        ]
        columns[f"{name}_queue"] = np.array(queues, np.int32)
        columns[f"{name}_priority"] = _filled(cases.promise_priority, choices, (0, 1, 5, 200))
    return _with(plan, **columns)


CASE_CHANGES: tuple[Callable[[Plan, Choices], Plan], ...] = (
    _problems_on_the_second,
    _problems_on_the_second,
    _hours_beside_the_minute,
    _windows_out_of_nothing,
    _odd_owners,
    _odd_anger,
    _odd_chances,
    _odd_limits,
    _odd_dials,
    _odd_laws,
    _odd_calls_of_the_provider,
)
"""For plans that have cases. What begins on whole seconds makes ties, and comes twice."""
