"""Resolve a scenario to a plan: calendars become ticks, texts become tables, names become numbers.

All problems are reported at once. The parts live beside this module: `streams`, `queues`, `agents`, `transfers`;
`checks` looks at the whole. Parts that many scenarios do without (cases, volumes, money) are imported on use.
"""

from __future__ import annotations

import dataclasses
from typing import Any

from callsim.plan.cases import Cases, no_cases
from callsim.plan.plan import NEVER, Clock, Plan, Queues, Transfers
from callsim.scenario.models import Callers, CallersDefaults, Calls, Scenario
from callsim.scenario.resolving.agents import plan_groups, resolve_agents
from callsim.scenario.resolving.checks import check_whole
from callsim.scenario.resolving.context import Context, Stream
from callsim.scenario.resolving.queues import reachable, resolve_queues
from callsim.scenario.resolving.resolved import Resolved
from callsim.scenario.resolving.streams import resolve_streams
from callsim.scenario.resolving.transfers import resolve_transfers
from callsim.units import HOUR

__all__ = ["resolve", "resolve_fully", "resolve_unchecked"]


def resolve(scenario: Scenario) -> Plan:
    """Return the plan of a scenario.

    Parameters
    ----------
    scenario : Scenario

    Returns
    -------
    Plan

    Raises
    ------
    ScenarioError
        With every problem: a queue that nobody serves, hours open without heads, a hole in an interval file, ...
    """
    return resolve_fully(scenario).plan


def resolve_fully(scenario: Scenario) -> Resolved:
    """Return the plan of a scenario beside the context and the groups that it was made from.

    Raises
    ------
    ScenarioError
    """
    resolved = resolve_unchecked(scenario)
    check_whole(resolved)
    resolved.context.raise_problems()
    return resolved


def resolve_unchecked(scenario: Scenario) -> Resolved:
    """Return what can be resolved without asking whether the whole makes sense (see `checks`).

    Raises
    ------
    ScenarioError
        If a part cannot be resolved.
    """
    context = Context.of(scenario)
    _check_clock(context)
    context.raise_problems()
    context.streams = _with_volumes(context)
    streams = resolve_streams(context)
    transfers = resolve_transfers(context)
    comes = reachable(context, transfers)
    queues = resolve_queues(context, transfers, comes)
    cases, notes = _cases(context, transfers, queues)
    groups = plan_groups(context)
    agents = resolve_agents(context, groups)
    notes |= _money(context)
    context.raise_problems()
    routing = scenario.routing
    plan = Plan(
        name=scenario.name,
        clock=_clock(context),
        laws=context.laws.build(),
        streams=streams,
        queues=queues,
        agents=agents,
        transfers=transfers,
        cases=cases,
        lines=NEVER if scenario.lines is None else scenario.lines,
        call_selection=int(routing.call_selection),
        agent_selection=int(routing.agent_selection),
        agent_by_level=routing.agent_by_level,
        notes=notes,
    )
    resolved = _with_fresh_part(Resolved(plan, context, groups, comes))
    resolved.plan.check()
    return resolved


def _with_volumes(context: Context) -> list[Stream]:
    """Return all streams, those of cases behind the others; what the volumes file lacks is noted in the context."""
    scenario = context.scenario
    if scenario.volumes is None:
        return _every_stream(context)
    from callsim.scenario.resolving.interval_file import check_holes, read_tables

    read_tables(context)
    context.raise_problems()  # without its volumes everything else would look wrong too
    context.streams = _every_stream(context)
    check_holes(context)
    return context.streams


def _every_stream(context: Context) -> list[Stream]:
    if not context.scenario.cases:
        return _streams(context)
    from callsim.scenario.resolving.case_streams import case_streams

    return [*_streams(context), *case_streams(context)]


def _cases(context: Context, transfers: Transfers, queues: Queues) -> tuple[Cases, dict[str, Any]]:
    """Return the plan's cases, and the notes of the plan about them."""
    if not context.scenario.cases:
        return no_cases(), {}
    from callsim.scenario.resolving.cases import documented_figures, resolve_cases

    return resolve_cases(context, transfers, queues), dict(documented_figures(context))


def _money(context: Context) -> dict[str, Any]:
    """Return the note of the plan about money."""
    if context.scenario.money is None:
        return {}
    from callsim.scenario.resolving.money import resolve_money

    return dict(resolve_money(context))


def _with_fresh_part(resolved: Resolved) -> Resolved:
    """Take the repeats off volumes that count offered calls; the shares stay in the plan's notes, for `explain`."""
    volumes, plan = resolved.context.scenario.volumes, resolved.plan
    counted = [s for s, stream in enumerate(resolved.context.streams) if stream.table is not None]
    if volumes is None or volumes.counts != "offered" or not plan.streams.redial_share[counted].any():
        return resolved
    from callsim.scenario.resolving.loads import fresh_shares

    shares = fresh_shares(resolved, counted)
    mean = plan.streams.block_mean.copy()
    for s, share in shares.items():
        mean[plan.streams.block_offset[s] : plan.streams.block_offset[s + 1]] *= share
    plan = dataclasses.replace(
        plan,
        streams=dataclasses.replace(plan.streams, block_mean=mean),
        notes={**plan.notes, "fresh_share": {plan.streams.names[s]: share for s, share in shares.items()}},
    )
    return dataclasses.replace(resolved, plan=plan)


def _check_clock(context: Context) -> None:
    run = context.scenario.run
    for name in ("measure", "interval"):
        if getattr(run, name) <= 0:
            context.problem(("run", name), "0s", "it must be longer than 0", "write a duration such as 1 week or 30m")


def _clock(context: Context) -> Clock:
    timeline, warm_up, window_end = context.timeline, context.warm_up, context.window_end
    run = context.scenario.run
    edges = timeline.edges(warm_up, window_end, run.interval)
    hours = timeline.edges(warm_up, window_end, HOUR)
    return Clock(
        warm_up=warm_up,
        window_end=window_end,
        horizon=context.horizon,
        drain=run.at_end == "drain",
        interval_edges=edges,
        interval_labels=tuple(timeline.label(edge) for edge in edges[:-1].tolist()),
        hour_edges=hours,
        hour_of_week=timeline.hours_of_week(hours),
        start=timeline.label(0) if timeline.has_calendar else "",
        time_zone=run.time_zone if timeline.has_calendar else "",
    )


def _streams(context: Context) -> list[Stream]:
    """Return the written streams, and one for each queue of the volumes file that no stream asks for."""
    scenario = context.scenario
    found = []
    for name, callers in scenario.callers.items():
        table = callers.calls.from_volumes
        if table == "*":
            table = "" if "" in context.tables else name
        found.append(Stream(name, callers, ("callers", name), table))
        if table is not None and context.tables and table not in context.tables:
            listed = ", ".join(filter(None, context.tables))
            context.problem(
                ("callers", name, "calls"), f"{table!r}, which the volumes file does not have", f"it has {listed}"
            )
        elif table is not None and scenario.volumes is None:
            context.problem(("callers", name, "calls"), "from volumes", "the scenario has no volumes file")
    asked = {stream.table for stream in found}
    for table in context.tables:
        if table and table not in asked:
            found.append(_volume_stream(scenario.callers_defaults, table))
    return found


def _volume_stream(defaults: CallersDefaults, table: str) -> Stream:
    values = {name: getattr(defaults, name) for name in CallersDefaults.model_fields}
    callers = Callers.model_construct(**values, calls=Calls.model_construct(from_volumes=table), to=table)
    return Stream(table, callers, ("volumes",), table)
