"""From the facts of cases to what a replication keeps of them: sums and bins, by type of case and kind of customer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from callsim.codes import Cause
from callsim.measures.bins import BINS, bin_of
from callsim.measures.case_catalogue import CASE_SUMS, CAUSE_NAMES, DISTRIBUTIONS, DOCUMENTED, JOINTLY
from callsim.measures.cases import CaseFacts, CaseState, facts_of_cases
from callsim.measures.part import CasePart
from callsim.measures.sums import Histogram, count_by, sum_by
from callsim.plan.plan import NEVER, SECOND, Plan
from callsim.runlog import RunLog

__all__ = ["ENDS", "HOUR", "OPEN", "case_members", "case_parts"]

Int64 = npt.NDArray[np.int64]
Bool = npt.NDArray[np.bool_]
Values = dict[str, Int64]

HOUR = 3600 * SECOND
"""Width of the bins of ages at the end of cases; their upper edge belongs to them. [ticks]"""
OPEN = "open_at"
"""Name of the bins of the ages at which open cases were last seen."""
ENDS = {
    "solved_at": CaseState.SOLVED_BY_PROVIDER,
    "solved_by_regulator_at": CaseState.SOLVED_BY_REGULATOR,
    "given_up_at": CaseState.GAVE_UP,
    "never_tried_at": CaseState.NEVER_TRIED,
    OPEN: CaseState.OPEN,
}
"""Name of the bins of ages at the end -> the state of the cases in them."""
_IN_HOURS = frozenset({"time_on_phone", "age_at_solution"})


def case_members(plan: Plan) -> dict[str, tuple[str, ...]]:
    """Return the names of the members of each part: all cases, types of case, types with a kind of customer."""
    streams = tuple(plan.streams.names[stream] for stream in plan.cases.stream)
    return {"case": ("",), "cases": plan.cases.types, "customers": streams}


def case_parts(plan: Plan, log: RunLog) -> dict[str, CasePart]:
    """Return the sums and bins of a run's cases.

    Parameters
    ----------
    plan : Plan
        The plan that was run; it has cases.
    log : RunLog

    Returns
    -------
    dict of str to CasePart
        By "case", "cases" and "customers"; members as in `case_members`.
    """
    facts = facts_of_cases(plan, log)
    values = {**_of_states(plan, facts), **_of_promises(facts), **_of_documented(plan, facts)}
    bins = _bins(plan, facts)
    contacts = _contacts(plan, log)
    n_types, n_kinds = len(plan.cases.types), plan.cases.n
    types = plan.cases.type.astype(np.int64)
    made = {}
    for name, of_kind, n in (
        ("case", np.zeros(n_kinds, np.int64), 1),
        ("cases", types, n_types),
        ("customers", np.arange(n_kinds), n_kinds),
    ):
        sums = {key: sum_by(of_kind[facts.kind], value, n) for key, value in values.items()}
        sums |= {key: sum_by(of_kind, value, n) for key, value in contacts.items()}
        sums |= _centre(plan, log) if name == "case" else {}
        rows = [sums.get(key, np.zeros(n, np.int64)) for key in CASE_SUMS]
        none = Histogram(np.zeros(0, np.int64), np.zeros(0, np.int64), 1)
        made[name] = CasePart(
            sums=np.stack(rows).reshape(len(CASE_SUMS), n, 1),
            maxima=np.full((n, 1), -1, np.int64),
            waits=none,
            bins={key: _histogram(of_kind[facts.kind[rows]], found) for key, (rows, found) in bins.items()},
        )
    return made


def _histogram(member: Int64, bins: Int64) -> Histogram:
    position, count = np.unique(member * BINS + np.minimum(bins, BINS - 1), return_counts=True)
    return Histogram(position, count.astype(np.int64), 1)


def _of_states(plan: Plan, facts: CaseFacts) -> Values:
    """Return what each case adds to the sums of states, numbers, times and first contacts."""
    cases = np.ones(facts.n_cases, np.int64)
    solved, finished = facts.solved, facts.finished
    deadline = plan.cases.deadline[facts.kind]
    in_time = solved & (facts.age <= deadline)
    # An open case that still has time has neither met nor missed its deadline.
    due = (deadline < NEVER) & ((facts.state != CaseState.OPEN) | (facts.age > deadline))
    values: dict[str, Any] = {
        "cases": cases,
        "solved": solved,
        "solved_by_provider": facts.state == CaseState.SOLVED_BY_PROVIDER,
        "solved_by_regulator": facts.state == CaseState.SOLVED_BY_REGULATOR,
        "given_up": facts.state == CaseState.GAVE_UP,
        "never_tried": facts.state == CaseState.NEVER_TRIED,
        "open": facts.state == CaseState.OPEN,
        "finished": finished,
        "first_contact": facts.first_contact,
        "answered_cases": facts.answered,
        "first_contact_possible": facts.first_contact * facts.one_can_do,
        "answered_cases_possible": facts.answered * facts.one_can_do,
        "reopened_cases": facts.reopened > 0,
        "closed_cases": facts.closings > 0,
        "escalated_cases": facts.escalated > 0,
        "asked": facts.escalated + facts.refused,
        "in_time": in_time & due,
        "deadlines": due,
        "time_on_phone": facts.phone,
    }
    for name in ("calls", "provider_calls", "calls_in_vain", "cut_offs", "hold", "quiet", "watched", "explanations",
                 "transfers", "refused", "complained"):  # fmt: skip
        values[name] = getattr(facts, name)
    for name, (_, _, which) in DISTRIBUTIONS.items():
        values[f"{name}_{which}"] = _value(facts, name) * values[which]
    return {name: np.asarray(value, np.int64) for name, value in values.items()}


def _value(facts: CaseFacts, name: str) -> Int64:
    """Return one number or time of each case."""
    found: Int64 = getattr(facts, {"time_on_phone": "phone", "age_at_solution": "age"}.get(name, name))
    return found


def _of_promises(facts: CaseFacts) -> Values:
    values = {name: getattr(facts, name) for name in
              ("promises", "promises_in_time", "promises_late", "promises_broken")}  # fmt: skip
    due = facts.promises_in_time + facts.promises_late + facts.promises_broken + facts.promises_overdue
    return {**values, "promises_due": due}


def _bins(plan: Plan, facts: CaseFacts) -> dict[str, tuple[Int64, Int64]]:
    """Return (rows of cases, their bins) by name."""
    alike = _alike(plan, facts)
    found: dict[str, tuple[Int64, Int64]] = {}
    for name, (unit, _, which) in DISTRIBUTIONS.items():
        value = _value(facts, name)
        bins = bin_of(value) if unit == "s" else value
        chosen = getattr(facts, which)
        for key, rows in ((name, np.flatnonzero(chosen)), (f"joint_{name}", np.flatnonzero(chosen & alike))):
            found[key] = rows, bins[rows]
    for name, state in ENDS.items():
        rows = np.flatnonzero(facts.state == state)
        found[name] = rows, -(-facts.age[rows] // HOUR)
    return found


def _documented(plan: Plan, key: str, name: str) -> tuple[npt.NDArray[np.float64], Bool]:
    """Return the documented figure of each kind of case, and whether there is one; times in ticks."""
    said: Mapping[str, Mapping[str, float | None]] = plan.notes.get("documented") or {}
    figures = [(said.get(plan.cases.types[of_type]) or {}).get(key) for of_type in plan.cases.type]
    unit = HOUR if name in _IN_HOURS else 1
    values = np.array([0.0 if figure is None else float(figure) * unit for figure in figures])
    return values, np.array([figure is not None for figure in figures], np.bool_)


def _alike(plan: Plan, facts: CaseFacts) -> Bool:
    """Return which cases have about as many calls as is documented of their type."""
    value, known = _documented(plan, "calls", "calls")
    near: Bool = np.abs(facts.calls - value[facts.kind]) <= JOINTLY
    return near & known[facts.kind]


def _of_documented(plan: Plan, facts: CaseFacts) -> Values:
    """Return what each case adds to the ranks of the documented figures: 2 if it lies below, 1 if it is as large."""
    alike = _alike(plan, facts)
    found: Values = {}
    for name, (key, what) in DOCUMENTED.items():
        figures, there = _documented(plan, key, what)
        figure, known, value = figures[facts.kind], there[facts.kind], _value(facts, what)
        below = 2 * (value < figure) + (value == figure)
        chosen = known & (facts.solved if what == "age_at_solution" else facts.finished)
        for prefix, rows in (("", chosen), ("joint_", chosen & alike)):
            found[f"{prefix}rank_{name}_below"] = (below * rows).astype(np.int64)
            found[f"{prefix}rank_{name}_of"] = rows.astype(np.int64)
    return {name: value for name, value in found.items() if name in CASE_SUMS}


def _window(plan: Plan, log: RunLog) -> slice:
    first, last = np.searchsorted(log.contacts["arrived"], (plan.clock.warm_up, plan.clock.window_end))
    return slice(int(first), int(last))


def _contacts(plan: Plan, log: RunLog) -> Values:
    """Return the contacts of the window by cause, int64[kind]."""
    rows = _window(plan, log)
    kinds = np.full(plan.n_streams, -1, np.int64)
    kinds[plan.cases.stream] = np.arange(plan.cases.n)
    kind, cause = kinds[log.contacts["stream"][rows]], log.contacts["cause"][rows]
    of_case = kind >= 0
    return _by_cause("contacts", kind[of_case], cause[of_case], plan.cases.n)


def _centre(plan: Plan, log: RunLog) -> Values:
    """Return the contacts of the window by cause, whoever made them, int64[1]."""
    cause = log.contacts["cause"][_window(plan, log)]
    return _by_cause("centre_contacts", np.zeros(len(cause), np.int64), cause, 1)


def _by_cause(name: str, key: Int64, cause: Int64, n: int) -> Values:
    counts = count_by(key * len(Cause) + cause, n * len(Cause)).reshape(n, len(Cause))
    found = {f"{name}_{word}": counts[:, each] for each, word in CAUSE_NAMES.items()}
    total = counts.sum(axis=1)
    return {**found, name: total, f"{name}_again": total - counts[:, Cause.FRESH]}
