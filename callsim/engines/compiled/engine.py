"""One replication: set up the tables, let the kernel run, hand over its rows."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from callsim.codes import AgentSelection, StaffingKind
from callsim.engines.compiled import rows as row
from callsim.engines.compiled import state as st
from callsim.engines.compiled.agenda import agenda
from callsim.engines.compiled.layout import PlanTables, always_open, plan_tables
from callsim.engines.compiled.library import Library
from callsim.engines.compiled.programs import LOGGING
from callsim.engines.compiled.singles import unfolded
from callsim.engines.compiled.state import EVERYTHING, FARTHEST, FINISHED, LARGEST_BLOCK, ONE_QUEUE, ROWS_FULL, SKILLS
from callsim.errors import EngineError
from callsim.plan.draws import check_key
from callsim.plan.plan import NEVER, Plan
from callsim.runlog.columns import CASE_EVENTS, CONTACTS, LEGS, SPANS, Column
from callsim.runlog.log import RunLog

__all__ = ["Prepared", "Room", "logging_tables", "prepare", "run", "tier_of"]

Int64 = npt.NDArray[np.int64]
_KEPT = 8


@dataclass(frozen=True)
class Prepared:
    """A plan as the kernel reads it."""

    plan: Plan
    tables: PlanTables
    tier: int
    doors: bool
    """Whether doors are opened and closed; if not, none is ever closed."""


_prepared: OrderedDict[tuple[str, int | None], Prepared] = OrderedDict()


def tier_of(plan: Plan) -> int:
    """Return the lowest tier that can run a plan."""
    streams, agents, queues = plan.streams, plan.agents, plan.queues
    plain = (
        always_open(plan)
        and not streams.redial_share.any()
        and not plan.cases.n
        and not streams.balk.any()
        and bool((queues.limit >= NEVER).all())
        and plan.lines >= NEVER
        and not agents.after.any()
        and plan.agent_selection == AgentSelection.LONGEST_IDLE
        and not len(agents.duty_agent)
        and bool((agents.kind == StaffingKind.HEADS).all())
    )
    if not plain:
        return EVERYTHING
    one = plan.n_streams == plan.n_queues == plan.n_groups == 1 and not len(plan.transfers.share)
    if one and bool(agents.level[0, 0]):
        return ONE_QUEUE
    return SKILLS if plan.clock.horizon <= FARTHEST else EVERYTHING


def prepare(plan: Plan, tier: int | None = None) -> Prepared:
    """Return the plan's tables, made once for each plan.

    Parameters
    ----------
    plan : Plan
    tier : int, optional
        A higher tier than the lowest that can run the plan.

    Raises
    ------
    EngineError
        If the tier cannot run the plan.
    """
    key = (plan.digest(), tier)
    found = _prepared.get(key)
    if found is None:
        lowest = tier_of(plan)
        if tier is not None and tier < lowest:
            raise EngineError(f"tier {tier} cannot run this plan; the lowest that can is {lowest}")
        doors = not always_open(plan)
        tables = plan_tables(plan, agenda(plan, doors))
        found = _prepared[key] = Prepared(plan, tables, lowest if tier is None else tier, doors)
        while len(_prepared) > _KEPT:
            _prepared.popitem(last=False)
    return found


def run(plan: Plan, seed: int, replication: int, tier: int | None = None) -> RunLog:
    """Run one replication of a plan with the compiled engine.

    Parameters
    ----------
    plan : Plan
        What is run. It is not changed.
    seed, replication : int
        0 to 2^32 - 1. The same pair gives the same log, to the last cell, as the SimPy engine's.
    tier : int, optional
        Use the code of a higher tier than the plan needs.

    Returns
    -------
    RunLog
        What happened. Callers who still waited at the end are UNFINISHED.

    Raises
    ------
    PlanError
        If a seed, a replication or a caller's number does not fit the key of a draw.
    EngineError
        If something is to happen later than the engine can tell.
    """
    check_key(seed=seed, replication=replication)
    room = _Logger(prepare(plan, tier))
    end = room.replicate(seed, replication)
    return RunLog(
        contacts=_contacts(np.concatenate(room.contacts)),
        legs=_sorted(np.concatenate(room.legs), LEGS, (row.L_LEG, row.L_CONTACT)),
        spans=_sorted(np.concatenate(room.spans), SPANS, (row.S_KIND, row.S_START, row.S_AGENT)),
        end=end,
        replication=replication,
        seed=seed,
        plan_digest=plan.digest(),
        queue_time=room.state.queue[:, st.QUEUE_TIME].copy(),
        busy_time=room.state.group[:, st.BUSY_TIME].copy(),
        case_events=_sorted(
            np.concatenate(room.case_events), CASE_EVENTS, (row.E_STEP, row.E_N, row.E_BLOCK, row.E_STREAM)
        ),
    )


def logging_tables(plan: Plan) -> tuple[Library, dict[str, Any]]:
    """Return the program that runs a plan with a log, and tables like those that it will be given."""
    prepared = prepare(plan)
    return LOGGING[prepared.tier], {"plan": prepared.tables, "state": st.new_state(prepared.tables)}


class Room(ABC):
    """Tables in which one thread runs replications of a plan, one after the other.

    Parameters
    ----------
    prepared : Prepared
        The plan.
    program : Library
        The kernel's functions for its tier.
    rows : int
        Contacts and legs that are written before they are handed over.
    """

    def __init__(self, prepared: Prepared, program: Library, rows: int) -> None:
        self.prepared = prepared
        self.program = program
        self.state = st.new_state(prepared.tables, rows, prepared.doors)
        self.bind()

    @abstractmethod
    def hand_over(self) -> None:
        """Make room for rows: take those that were written so far."""

    @abstractmethod
    def finish(self) -> int:
        """Have what is not over written down, and take all rows. Return the end of the run. [ticks]"""

    def tables(self) -> dict[str, Any]:
        """Return all tables that compiled functions are given."""
        return {"plan": self.prepared.tables, "state": self.state}

    def bind(self) -> None:
        """Tell compiled functions where the tables lie, after one has been replaced."""
        self.functions = self.program.bind(**self.tables())

    def replicate(self, seed: int, replication: int) -> int:
        """Run one replication; what stood in the state is lost. Return the end of the run. [ticks]"""
        tables = self.prepared.tables
        st.begin(self.state, seed, replication)
        while (status := self.functions.call("advance")) != FINISHED:
            if status == ROWS_FULL:
                self.hand_over()
            else:
                self.state = st.with_more_room(tables, self.state, status)
                self.bind()
            if self.state.clock[st.NEEDED] >= LARGEST_BLOCK:
                check_key(n=int(self.state.clock[st.NEEDED]))
        end = self.finish()
        if self.state.clock[st.TOO_FAR]:
            raise EngineError(
                "the run drains for longer than the compiled engine can tell; stop it at the end (at_end: stop)"
            )
        return end


class _Logger(Room):
    """Keeps all rows."""

    def __init__(self, prepared: Prepared) -> None:
        self.contacts: list[Int64] = []
        self.legs: list[Int64] = []
        self.spans: list[Int64] = []
        self.case_events: list[Int64] = []
        super().__init__(prepared, LOGGING[prepared.tier], rows=1 << 14)

    def hand_over(self) -> None:
        """Copy the rows."""
        s = self.state
        contacts, legs = unfolded(s.single_rows, int(s.clock[st.SINGLE_ROWS]), self.prepared.tables)
        self.contacts.append(contacts)
        self.legs.append(legs)
        self.contacts.append(s.contact_rows[: s.clock[st.CONTACT_ROWS], : 1 + len(CONTACTS)].copy())
        self.legs.append(s.leg_rows[: s.clock[st.LEG_ROWS], : len(LEGS)].copy())
        self.spans.append(s.span_rows[: s.clock[st.SPAN_ROWS]].copy())
        self.case_events.append(s.case_rows[: s.clock[st.CASE_ROWS]].copy())
        s.clock[st.CONTACT_ROWS : st.SINGLE_ROWS + 1] = 0

    def finish(self) -> int:
        """Write down what is not over."""
        self.hand_over()
        end = self.functions.call("finish")
        self.hand_over()
        return end


def _contacts(rows: Int64) -> dict[str, Int64]:
    """Return the columns in the order of the contacts' numbers, which leave none out."""
    found = np.empty((len(rows), len(CONTACTS)), np.int64)
    found[rows[:, row.C_INDEX]] = rows[:, 1 : 1 + len(CONTACTS)]
    return {column.name: np.ascontiguousarray(found[:, i]) for i, column in enumerate(CONTACTS)}


def _sorted(rows: Int64, columns: tuple[Column, ...], key: tuple[int, ...]) -> dict[str, Int64]:
    order = np.lexsort([rows[:, i] for i in key])
    return {column.name: rows[order, i] for i, column in enumerate(columns)}
