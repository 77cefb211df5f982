"""A scenario in plain words: everything that is written, every default, and what follows from both."""

from __future__ import annotations

import math
from collections.abc import Iterator

from callsim.plan.plan import SECOND
from callsim.scenario.models import Scenario
from callsim.scenario.resolving.loads import Pool, pools
from callsim.scenario.resolving.resolve import resolve_fully
from callsim.scenario.resolving.resolved import Resolved
from callsim.scenario.telling.coverage import coverage_of
from callsim.scenario.telling.explain_cases import say_cases
from callsim.scenario.telling.explain_money import say_money
from callsim.scenario.telling.explain_parts import say_agents, say_callers, say_count, say_queues, say_transfers
from callsim.units import format_duration, format_share

__all__ = ["explain", "explain_resolved"]


def explain(scenario: Scenario) -> str:
    """Return a scenario in plain words.

    Parameters
    ----------
    scenario : Scenario

    Returns
    -------
    str
        Many lines. What is not written carries "(default)".

    Raises
    ------
    ScenarioError
        If the scenario cannot be resolved.
    """
    return explain_resolved(resolve_fully(scenario))


def explain_resolved(resolved: Resolved) -> str:
    """Return a resolved scenario in plain words."""
    scenario = resolved.context.scenario
    sections = (
        ("Clock", _say_clock(resolved)),
        ("Callers", say_callers(resolved)),
        ("Cases", say_cases(resolved)),
        ("Queues", say_queues(resolved)),
        ("Agents", say_agents(resolved)),
        ("Transfers", say_transfers(resolved)),
        ("Routing", _say_routing(resolved)),
        ("Money", say_money(resolved)),
        ("Expected", _say_expected(resolved)),
        ("Changes by variants and --set", _say_changes(resolved)),
        ("Load, in the fluid picture (no chance, no carrying over)", _say_load(resolved)),
    )
    lines = [scenario.name, *([scenario.about] if scenario.about else [])]
    for title, said in sections:
        body = list(said)
        if body:
            lines += ["", title, *body]
    return "\n".join([*lines, "", str(coverage_of(resolved))])


def _say_clock(resolved: Resolved) -> Iterator[str]:
    context, run = resolved.context, resolved.context.scenario.run
    timeline, has = context.timeline, context.scenario.source.has

    def mark(name: str) -> str:
        return "" if has("run", name) else "  (default)"

    if timeline.has_calendar:
        yield f"  start: {timeline.weekday_and_time(0)}, empty"
        yield f"  time zone: {run.time_zone}{mark('time_zone')}"
    else:
        yield "  start: empty, on a clock without a calendar  (default)"
    yield f"  warm-up: {format_duration(run.warm_up)}, simulated and not measured{mark('warm_up')}"
    first, last = (timeline.weekday_and_time(tick) for tick in (context.warm_up, context.window_end))
    yield f"  measured: {format_duration(run.measure)}, from {first} to {last}"
    if context.scenario.cases:
        yield f"  cases followed for {format_duration(run.follow_cases)} longer{mark('follow_cases')}"
    yield f"  reporting interval: {format_duration(run.interval)}{mark('interval')}"
    ends = {
        "stop": "stop; calls that are not over count as unfinished",
        "drain": "drain; no new calls, the last staffing stays until nobody is left",
    }
    yield f"  at the end: {ends[run.at_end]}{mark('at_end')}"
    yield f"  seed {run.seed}{mark('seed')}"
    yield f"  {run.replications} replications{mark('replications')}"
    yield f"  intervals of level {format_share(run.level)}{mark('level')}"


def _say_routing(resolved: Resolved) -> Iterator[str]:
    scenario = resolved.context.scenario
    has, routing = scenario.source.has, scenario.routing
    for label, text, way in (
        ("which call next", routing.which_call_next, ("routing", "which call next")),
        ("which agent", routing.which_agent, ("routing", "which agent")),
        ("lines", "no limit" if scenario.lines is None else f"{scenario.lines}", ("lines",)),
    ):
        yield f"  {label}: {text}" + ("" if has(*way) else "  (default)")


def _say_expected(resolved: Resolved) -> Iterator[str]:
    scenario = resolved.context.scenario
    for line in scenario.expect:
        yield f"  {line.text}"
    if scenario.expect:
        rules, has = scenario.check, scenario.source.has

        def mark(name: str) -> str:
            return "" if has("check", name) else " (default)"

        yield (
            f"  decided with {format_share(rules.level)}{mark('level')} certainty, "
            f"looked at first after {rules.at_least}{mark('at_least')} replications, "
            f"at most {rules.at_most}{mark('at_most')}"
        )


def _say_changes(resolved: Resolved) -> Iterator[str]:
    for change in resolved.context.scenario.source.changes:
        yield f"  {change.path}: {change.before} -> {change.after}"


def _say_load(resolved: Resolved) -> Iterator[str]:
    for pool in pools(resolved):
        yield f"  {', '.join(pool.queues)}, answered by {', '.join(pool.groups) or 'nobody'}"
        rho = "no heads" if math.isinf(pool.rho) else f"rho {pool.rho:.3f}"
        heads = f"{say_count(pool.heads)} h of heads at the phone, absence and breaks taken off"
        cases = f" and {say_count(pool.case_work)} h of cases, if nobody gives up" if pool.case_work else ""
        yield f"    load: {say_count(pool.work - pool.case_work)} h of work of fresh calls{cases}, {heads}: {rho}"
        yield from _say_overload(pool)


def _say_overload(pool: Pool) -> Iterator[str]:
    if pool.abandons <= 0:
        yield "    there are heads for the work of every hour; nobody must hang up"
        if pool.amplification > 1:
            yield f"    repeats: {pool.amplification:.2f} offered calls for each fresh call"
        return
    yield f"    must hang up: {pool.abandons:.1%} of calls, in hours with more work than heads"
    yield f"    repeats: {pool.amplification:.2f} offered calls for each fresh call"
    if math.isinf(pool.hold):
        yield "    hold: grows without end, since too few callers ever hang up"
    else:
        hold = format_duration(round(pool.hold) * SECOND)
        yield f"    hold: {hold}, after which so many have hung up (1 - 1/rho = F(w) for a steady load)"
