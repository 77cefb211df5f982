"""The conformance suite: an engine must agree with the reference in every cell, over a batch of random scenarios."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

import numpy as np

from callsim.engines import simpy
from callsim.errors import InvariantBroken
from callsim.measures import check_run
from callsim.plan.plan import Plan
from callsim.runlog import RunLog, check_log
from callsim.testing.agreement import first_difference
from callsim.testing.cases import Case
from callsim.testing.reach import Reach
from callsim.testing.shrinking import shrunk
from callsim.testing.watching import watched_run
from callsim.testing.writing import plan_of, yaml_of

__all__ = ["Disagreement", "Run", "Verdict", "complaint", "examine", "prefix_complaint"]

Run = Callable[[Plan, int, int], RunLog]
"""An engine: ``run(plan, seed, replication)``."""


@dataclass(frozen=True)
class Disagreement:
    """A case that an engine fails."""

    case: Case
    engine: str
    text: str
    """What is wrong: the first cell that differs, or the rule that its log breaks."""

    def small(self, run: Run, seconds: float = 20.0) -> Disagreement:
        """Return the same finding in the smallest scenario that shows it; a perturbed plan stays as it is."""
        case = self.case
        if case.changed:
            return self

        def text(plan: Plan) -> str:
            return complaint(plan, simpy.run(plan, case.seed, case.replication), run, case.seed, case.replication)

        draft = shrunk(case.draft, lambda plan: text(plan) != "", seconds)
        plan = plan_of(draft)
        return replace(self, case=replace(case, draft=draft, plan=plan), text=text(plan) or self.text)

    def __str__(self) -> str:
        """Return what is wrong with all that is needed to see it again."""
        case = self.case
        changed = ", perturbed" if case.changed else ""
        return (
            f"{self.engine}, case {case.number} of batch {case.batch}{changed} "
            f"(seed {case.seed}, replication {case.replication}):\n{self.text}\n---\n{yaml_of(case.draft)}"
        )


@dataclass
class Verdict:
    """What came of a batch."""

    scenarios: int = 0
    refused: list[str] = field(default_factory=list)
    """What the language said of the scenarios that it did not take."""
    contacts: int = 0
    legs: int = 0
    seconds: float = 0.0
    """CPU time. [s]"""
    disagreements: list[Disagreement] = field(default_factory=list)

    def __str__(self) -> str:
        """Return the numbers in one line."""
        return (
            f"{self.scenarios:,} scenarios ({len(self.refused)} refused), {self.contacts:,} contacts, "
            f"{self.legs:,} legs, {len(self.disagreements)} disagreements, {self.seconds:.0f} s of CPU"
        )


def examine(
    cases: Iterable[Case],
    engines: dict[str, Run],
    *,
    reach: Reach | None = None,
    minutes: float = float("inf"),
    legs: float = float("inf"),
    most: int = 3,
) -> Verdict:
    """Run cases on the SimPy engine, hold its logs against every rule, and other engines' logs against its.

    Parameters
    ----------
    cases : iterable of Case
        `callsim.testing.cases.batch`.
    engines : dict from name to engine
        The engines beside SimPy.
    reach : Reach, optional
        Counts what happened.
    minutes : float, optional
        Stops after so much CPU time.
    legs : float, optional
        Stops after so many legs.
    most : int, optional
        Stops after so many disagreements.

    Returns
    -------
    Verdict
    """
    verdict, began = Verdict(), time.process_time()
    for case in cases:
        late = time.process_time() - began > 60 * minutes
        if late or verdict.legs >= legs or len(verdict.disagreements) >= most:
            break
        verdict.scenarios += 1
        if case.plan is None:
            verdict.refused.append(case.refusal)
            continue
        try:
            expected = _expected(case.plan, case, reach)
        except Exception as error:  # a reference that fails is a finding as well
            verdict.disagreements.append(Disagreement(case, "simpy", f"{type(error).__name__}: {error}"))
            continue
        verdict.contacts += len(expected.contacts["stream"])
        verdict.legs += len(expected.legs["leg"])
        if text := _broken(case.plan, expected):
            verdict.disagreements.append(Disagreement(case, "simpy", text))
        for name, run in engines.items():
            if text := complaint(case.plan, expected, run, case.seed, case.replication):
                verdict.disagreements.append(Disagreement(case, name, text))
    verdict.seconds = time.process_time() - began
    return verdict


def _expected(plan: Plan, case: Case, reach: Reach | None) -> RunLog:
    if reach is None:
        return simpy.run(plan, case.seed, case.replication)
    log = watched_run(plan, case.seed, case.replication, reach.sightings)
    reach.add(plan, log)
    return log


def complaint(plan: Plan, expected: RunLog, run: Run, seed: int, replication: int) -> str:
    """Return what is wrong with an engine's run, "" if it agrees with the expected log in every cell."""
    try:
        found = run(plan, seed, replication)
    except Exception as error:  # whatever an engine raises is a finding, to be shown with the scenario
        return f"{type(error).__name__}: {error}"
    return first_difference(plan, expected, found)


def _broken(plan: Plan, log: RunLog) -> str:
    try:
        check_log(log)
        check_run(plan, log)
    except InvariantBroken as broken:
        return str(broken)
    return ""


def prefix_complaint(plan: Plan, run: Run, seed: int, replication: int) -> str:
    """Return where a run that stops at half the horizon is no prefix of the whole run, "" if it is one.

    What happens until then must not depend on whether the run goes on: every contact that was over then, and its
    legs, stand in the longer log unchanged, and so does everything that had happened to cases.
    """
    clock = plan.clock
    half = max(1, clock.horizon // 2)
    edges = np.array([0, half], np.int64)
    whole = replace(plan, clock=replace(clock, warm_up=0, drain=False))
    part = replace(
        whole, clock=replace(whole.clock, window_end=half, horizon=half, interval_edges=edges, hour_edges=edges)
    )
    short, long = run(part, seed, replication), run(whole, seed, replication)
    over = short.contacts["ended"] >= 0
    for name, column in short.contacts.items():
        differs = np.flatnonzero(over & (column != long.contacts[name][: len(column)]))
        if len(differs):
            return f"contact {int(differs[0])}, {name}: {int(column[differs[0]])} if the run stops at {half}"
    kept, all_over = over[short.legs["contact"]], np.zeros(len(long.contacts["ended"]), np.bool_)
    all_over[: len(over)] = over
    longer = all_over[long.legs["contact"]]
    for name, column in short.legs.items():
        if not np.array_equal(column[kept], long.legs[name][longer]):
            return f"legs, {name}: not the same if the run stops at {half}"
    before = long.case_events["at"] < half
    for name, column in short.case_events.items():
        if not np.array_equal(column, long.case_events[name][before]):
            return f"case_events, {name}: not the same if the run stops at {half}"
    return ""
