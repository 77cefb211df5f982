"""The plan: a scenario resolved to read-only arrays, with the names behind the indices.

``scenario/`` makes a plan, both engines run it, ``measures/`` reads it beside the log. Nothing here
knows YAML, calendars or time zones: all instants are int64 microseconds since the start of the run
(*ticks*), all shares are int64 thresholds of 53 bits, all factors are int64 with 20 binary places.
Array shapes name their axes: ``[stream]``, ``[queue]``, ``[group]``, ``[agent]``; an index of -1 means "none".
"""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from callsim.errors import PlanError
from callsim.plan.cases import Cases, case_faults, no_cases

__all__ = [
    "FORMAT",
    "NEVER",
    "ONE",
    "RANDOM_SCHEME",
    "SECOND",
    "SURE",
    "Agents",
    "Clock",
    "Laws",
    "Plan",
    "Queues",
    "Streams",
    "Transfers",
]

Int8 = npt.NDArray[np.int8]
Int32 = npt.NDArray[np.int32]
Int64 = npt.NDArray[np.int64]
UInt32 = npt.NDArray[np.uint32]
Float = npt.NDArray[np.float64]
Bool = npt.NDArray[np.bool_]

FORMAT = 2
"""Version of what a plan holds and of what `Plan.digest` covers."""
RANDOM_SCHEME = 1
"""Version of the rule that turns (seed, replication, purpose, key) into a draw."""
SECOND = 1_000_000
"""Ticks in a second."""
NEVER = 1 << 61
"""A tick that no run reaches; also: no limit."""
ONE = 1 << 20
"""The factor 1 (20 binary places)."""
SURE = 1 << 53
"""The threshold of probability 1: a draw of 53 bits lies below it always."""


@dataclass(frozen=True)
class Clock:
    """What is simulated, what is measured, and how time is reported."""

    warm_up: int
    """The measured window starts here. [ticks]"""
    window_end: int
    """The measured window ends here: warm-up + measure. [ticks]"""
    horizon: int
    """The run ends here: `window_end`, or later if cases are followed beyond the window. [ticks]"""
    drain: bool
    """False: stop at the horizon. True: no fresh calls or redials from the horizon on, the last staffing
    and opening state stays, until nothing is left to happen."""
    interval_edges: Int64
    """[interval + 1] Edges of the reporting intervals, from warm_up to window_end. [ticks]"""
    interval_labels: tuple[str, ...]
    """[interval] Local start of each interval, ISO 8601 with offset; without a calendar "h:mm" since the start."""
    hour_edges: Int64
    """[hour + 1] Edges of local clock hours, from warm_up to window_end. [ticks]"""
    hour_of_week: Int32
    """[hour] 0 = Monday 00:00 ... 167; without a calendar the hours since the start, modulo 168."""
    start: str
    """Local start of the run, ISO 8601 with offset, or "" for a clock without a calendar."""
    time_zone: str
    """IANA name of the zone in which instants are labelled, or ""."""


@dataclass(frozen=True)
class Laws:
    """Duration tables, one per distinct law; see `callsim.plan.laws`. Law indices elsewhere point here."""

    knots: Int64
    """[sum of sizes] All tables one behind the other. [ticks]"""
    offset: Int64
    """[law + 1] Law i is knots[offset[i]:offset[i + 1]]."""
    kind: Int8
    """[law] 0: quantile table with logarithmic spacing into both tails; 1: equally likely samples
    (a constant is one sample)."""
    zero: Int64
    """[law] Threshold of the point mass at zero, 0 if there is none."""
    mean: Float
    """[law] Mean including the point mass. For `explain` and theory only. [s]"""
    text: tuple[str, ...]
    """[law] As the user wrote it. Not in the digest."""


@dataclass(frozen=True)
class Streams:
    """Callers: who calls, when, how patient they are, whether they call again."""

    names: tuple[str, ...]
    hashes: UInt32
    """[stream] 32-bit hash of the name: the stream's identity in every key."""
    queue: Int32
    """[stream] Where they call."""
    priority: Int32
    """[stream] Lower is served first."""
    credit: Int64
    """[stream] Waiting credit: as if arrived so much earlier. [ticks]"""
    balk: Int64
    """[stream] Threshold: hangs up at once if no agent can take him on arrival."""
    patience_law: Int32
    """[stream] -1: never hangs up."""
    patience_rule: Int8
    """[stream] `PatienceRule`."""
    patience_scale: Int64
    """[stream, contact] Factor on the patience of the caller's n-th contact; the last column serves all later ones."""
    max_contacts: Int32
    """[stream] Contacts per caller at the most, the first one counted; 1..255."""
    redial_share: Int64
    """[stream, cause, contact] Threshold: calls again after contact n that ended in this way (`Cause`, 1 to 8, the last
    two only of cases; other rows are unused); the last column serves all later contacts. After an answered call that
    did not solve the problem n counts only such calls."""
    redial_delay: Int32
    """[stream, cause] Law of the delay, -1: none."""
    redial_until_open: Bool
    """[stream, cause] The delay counts from the next instant, now included, at which the queue admits calls."""
    block_offset: Int64
    """[stream + 1] Arrival blocks of stream i are rows block_offset[i]:block_offset[i + 1], in time order."""
    block_start: Int64
    """[block] A block is the stream's own rate segment cut at midnight; blocks of a stream do not overlap. [ticks]"""
    block_end: Int64
    """[block] [ticks]"""
    block_mean: Float
    """[block] Expected fresh calls in the block, before the day factor. The last block may reach beyond the horizon."""
    block_day: Int32
    """[block] Local day number since the day of the start, 0-based: the key of the day factor."""
    day_factor_law: Int32
    """[stream] Law of the random day factor in units of 1e-9 instead of ticks (mean 1e9); -1: none."""
    day_factor_hash: UInt32
    """[stream] Streams with the same number share the factor of a day."""
    recorded_offset: Int64
    """[stream + 1] Replayed arrival instants of stream i; a stream has blocks or recorded instants, not both."""
    recorded: Int64
    """[recorded call] Sorted within the stream. [ticks]"""


@dataclass(frozen=True)
class Queues:
    """Departments: when they are open, what happens at closed doors, what their service is."""

    names: tuple[str, ...]
    open_offset: Int64
    """[queue + 1] Opening times of queue i are rows open_offset[i]:open_offset[i + 1]."""
    open_start: Int64
    """[opening] The first may lie before 0. Always open: one row (0, NEVER). [ticks]"""
    open_end: Int64
    """[opening] Half-open: at this instant the queue is closed. Rows are sorted, apart by at least 1 tick. [ticks]"""
    admit_end: Int64
    """[opening] From here to open_end arrivals meet `when_closed` already (last admission). <= open_end. [ticks]"""
    when_closed: Int8
    """[queue] `WhenClosed`."""
    when_closed_to: Int32
    """[queue] Target of OVERFLOW. A closed target applies its own rule; rings are refused at resolve."""
    at_closing: Int8
    """[queue] `AtClosing`."""
    at_closing_to: Int32
    """[queue] Target of MOVE."""
    limit: Int64
    """[queue] Callers who may wait at a time; further ones that cannot be answered at once are BLOCKED.
    Transferred and moved callers are always let in. NEVER: no limit."""
    slope: Int64
    """[queue] Weight of a second of waiting, in thousandths (1000 = 1)."""
    talk_law: Int32
    """[stream, queue] Talk, or the whole handle time if only that was given. >= 0 where the stream can come."""
    after_call_law: Int32
    """[stream, queue] After-call work, -1: none."""
    scale_row: Int32
    """[stream, queue] Row of the interval factors that multiply talk and after-call work, -1: none."""
    scale_offset: Int64
    """[scale row + 1] Interval factors of row i: a step function of the instant of the answer."""
    scale_start: Int64
    """[scale step] The step holds from here to the next; before the first the first holds. [ticks]"""
    scale_factor: Int64
    """[scale step] Factor."""
    acceptable_wait: Int64
    """[queue] Threshold of the service level, inclusive. [ticks]"""
    target_share: Float
    """[queue] Service-level target, NaN: none."""
    formula: Int8
    """[queue] `ServiceLevelFormula`."""
    short_wait: Int64
    """[queue] Limit of a short abandon for EXCLUDE_SHORT_ABANDON. [ticks]"""


@dataclass(frozen=True)
class Agents:
    """People and positions: who can answer what, and when they are there."""

    names: tuple[str, ...]
    """[agent] People ("team 17", or the name that was written) or positions of a head-count group."""
    group: Int32
    """[agent] Agents of a group are numbered one behind the other."""
    groups: tuple[str, ...]
    kind: Int8
    """[group] `StaffingKind`."""
    level: Int32
    """[group, queue] 0: cannot answer; 1 first, 2 second, ..."""
    after: Int64
    """[group, queue] Takes only calls that have waited so long in this queue (overflow). [ticks]"""
    factor: Int64
    """[group, queue] Factor on talk and after-call work."""
    heads_time: Int64
    """[heads row] Sorted; at each instant at most one row a group; rows at time 0 give the first staffing. [ticks]"""
    heads_group: Int32
    """[heads row]"""
    heads_count: Int32
    """[heads row] Head-count of the group from here on."""
    duty_agent: Int32
    """[duty] Who. Duties are sorted by (start, agent); one agent's duties do not overlap."""
    duty_start: Int64
    """[duty] May be negative: begun before the run, on duty at 0. [ticks]"""
    duty_end: Int64
    """[duty] Fixed end. [ticks]"""
    duty_hash: UInt32
    """[duty] 32-bit hash of "group/shift"."""
    duty_day: Int32
    """[duty] Local day number on which the shift begins, -1 for the day before the start: part of the no-show key."""
    duty_position: Int32
    """[duty] Ordinal of the head within the shift and day: part of the no-show key."""
    duty_no_show: Int64
    """[duty] Threshold."""
    break_offset: Int64
    """[duty + 1] Breaks of duty i are rows break_offset[i]:break_offset[i + 1], in time order, inside the duty."""
    break_start: Int64
    """[break] Planned start. A busy agent finishes his call first. [ticks]"""
    break_length: Int64
    """[break] [ticks]"""
    break_keeps_end: Bool
    """[group] True: a break that starts late ends as planned; False: it has its full length (cut at the duty's end)."""


@dataclass(frozen=True)
class Transfers:
    """Rows are tried in order; of a leg's applicable rows, draw u takes the first whose cumulative share exceeds u."""

    reasons: tuple[str, ...]
    reason: Int32
    """[row]"""
    source: Int32
    """[row] Queue at which the leg was answered."""
    target: Int32
    """[row] Queue."""
    share: Int64
    """[row] Threshold, of answered legs at the source to which the row applies."""
    streams: Bool
    """[row, stream] The row applies to these callers."""
    groups: Bool
    """[row, group] ... answered by these agents."""
    during_offset: Int64
    """[row + 1] Windows of row i, by the end of the talk; none: always."""
    during_start: Int64
    """[window] [ticks]"""
    during_end: Int64
    """[window] [ticks]"""
    at_most: Int32
    """[row] A contact that has been transferred so often is not passed on again by this row."""
    dialling: Int64
    """[row] From the end of the talk to the target; the caller holds, the agent is free. [ticks]"""
    explain_law: Int32
    """[row] Law of the re-explaining time added to the next talk, -1: none."""
    place: Int8
    """[row] `Place`."""
    priority: Int32
    """[row] Priority in the target's queue; -1: the stream's."""
    patience: Int8
    """[row] `TransferPatience`."""
    patience_law: Int32
    """[row] Law of FRESH patience in the target's queue, -1: the stream's, by its own rule."""
    if_closed: Int8
    """[row] `IfClosed`."""
    mistaken: Int64
    """[row] Threshold: the agent thinks that a closed target is open, and the caller is cut off (`IfClosed.DROP`)."""


@dataclass(frozen=True)
class Plan:
    """A scenario resolved: all that an engine needs besides a seed and a replication number."""

    name: str
    clock: Clock
    laws: Laws
    streams: Streams
    queues: Queues
    agents: Agents
    transfers: Transfers
    lines: int
    """Trunk lines; a call holds one from arrival to hanging up. NEVER: no limit."""
    call_selection: int
    """`CallSelection`."""
    agent_selection: int
    """`AgentSelection`."""
    agent_by_level: bool
    """Only idle agents of the lowest level are compared."""
    cases: Cases = field(default_factory=no_cases)
    format: int = FORMAT
    random_scheme: int = RANDOM_SCHEME
    notes: dict[str, Any] = field(default_factory=dict, compare=False)
    """For people, never read by an engine and not in the digest."""

    def __post_init__(self) -> None:
        """Freeze every array, so that a plan can be shared."""
        for _, array in self.arrays():
            array.setflags(write=False)

    def parts(self) -> Iterator[tuple[str, Any]]:
        """Yield (dotted name, value) for every field that the digest covers."""
        for name in ("clock", "laws", "streams", "queues", "agents", "transfers", "cases"):
            part = getattr(self, name)
            for column in dataclasses.fields(part):
                if (name, column.name) != ("laws", "text"):
                    yield f"{name}.{column.name}", getattr(part, column.name)
        for name in ("lines", "call_selection", "agent_selection", "agent_by_level", "format", "random_scheme"):
            yield name, getattr(self, name)

    def arrays(self) -> Iterator[tuple[str, npt.NDArray[Any]]]:
        """Yield (dotted name, array) for every array column."""
        for name, value in self.parts():
            if isinstance(value, np.ndarray):
                yield name, value

    def digest(self) -> str:
        """Return a SHA-256 over every value an engine can see, as 64 hexadecimal digits."""
        return self._digest

    @cached_property
    def _digest(self) -> str:
        total = hashlib.sha256()
        for name, value in self.parts():
            if isinstance(value, np.ndarray):
                total.update(f"{name} {value.dtype.str} {value.shape}\n".encode())
                total.update(np.ascontiguousarray(value).tobytes())
            else:
                total.update(f"{name} {value!r}\n".encode())
        return total.hexdigest()

    @property
    def n_streams(self) -> int:
        """Number of caller streams."""
        return len(self.streams.names)

    @property
    def n_queues(self) -> int:
        """Number of queues."""
        return len(self.queues.names)

    @property
    def n_groups(self) -> int:
        """Number of agent groups."""
        return len(self.agents.groups)

    @property
    def n_agents(self) -> int:
        """Number of agents: people and positions."""
        return len(self.agents.names)

    def check(self) -> None:
        """Check the invariants that engines rely on.

        Raises
        ------
        PlanError
            Naming the table, column and row of the first break.
        """
        _check_shapes(self)
        _check_order(self)
        for fault in case_faults(self.cases, self.n_streams, self.n_queues, self.n_groups):
            _expect(False, fault)


def _expect(holds: bool, message: str) -> None:
    if not holds:
        raise PlanError(f"plan: {message}. This comes from resolving the scenario; please report it with the scenario.")


def _check_shapes(plan: Plan) -> None:
    s, q, g, a = plan.n_streams, plan.n_queues, plan.n_groups, plan.n_agents
    agents, queues, streams, transfers = plan.agents, plan.queues, plan.streams, plan.transfers
    rows = len(transfers.share)
    wanted: dict[str, tuple[npt.NDArray[Any], tuple[int, ...]]] = {
        "streams.queue": (streams.queue, (s,)),
        "streams.block_offset": (streams.block_offset, (s + 1,)),
        "streams.recorded_offset": (streams.recorded_offset, (s + 1,)),
        "queues.open_offset": (queues.open_offset, (q + 1,)),
        "queues.talk_law": (queues.talk_law, (s, q)),
        "queues.after_call_law": (queues.after_call_law, (s, q)),
        "queues.scale_row": (queues.scale_row, (s, q)),
        "agents.group": (agents.group, (a,)),
        "agents.level": (agents.level, (g, q)),
        "agents.after": (agents.after, (g, q)),
        "agents.factor": (agents.factor, (g, q)),
        "agents.break_offset": (agents.break_offset, (len(agents.duty_agent) + 1,)),
        "transfers.streams": (transfers.streams, (rows, s)),
        "transfers.groups": (transfers.groups, (rows, g)),
        "transfers.during_offset": (transfers.during_offset, (rows + 1,)),
    }
    for name, (array, shape) in wanted.items():
        _expect(array.shape == shape, f"{name} has shape {array.shape}, not {shape}")
    _expect(s < 256, f"{s} streams; the event order has room for 255")
    _expect(len(set(streams.hashes.tolist())) == s, "two streams share a name hash")


def _check_order(plan: Plan) -> None:
    agents, queues, streams = plan.agents, plan.queues, plan.streams
    _expect(bool(np.all(np.diff(agents.group) >= 0)), "agents.group is not sorted")
    _expect(bool(np.all(np.diff(agents.heads_time) >= 0)), "agents.heads_time is not sorted")
    _expect(bool(np.all(np.diff(agents.duty_start) >= 0)), "agents.duty_start is not sorted")
    _expect(bool(np.all(agents.duty_end > agents.duty_start)), "a duty ends before it starts")
    _expect(bool(np.all(queues.open_end > queues.open_start)), "an opening ends before it starts")
    for i, name in enumerate(queues.names):
        rows = slice(int(queues.open_offset[i]), int(queues.open_offset[i + 1]))
        gaps = queues.open_start[rows][1:] - queues.open_end[rows][:-1]
        _expect(bool(np.all(gaps > 0)), f"queues.open_start: openings of {name!r} touch or overlap")
    for i, name in enumerate(streams.names):
        rows = slice(int(streams.block_offset[i]), int(streams.block_offset[i + 1]))
        gaps = streams.block_start[rows][1:] - streams.block_end[rows][:-1]
        _expect(bool(np.all(gaps >= 0)), f"streams.block_start: arrival blocks of {name!r} overlap")
