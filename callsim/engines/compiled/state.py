"""The state of one replication: tables of int64 that the kernel changes and that die with the run."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from callsim.engines.compiled import layout as p
from callsim.engines.compiled.case_layout import CASE
from callsim.engines.compiled.layout import PlanTables
from callsim.engines.compiled.rows import (
    CASE_EVENT_WIDTH,
    CONTACT_WIDTH,
    LEG_WIDTH,
    SINGLE_WIDTH,
    SINGLES,
    SPAN_WIDTH,
)
from callsim.engines.compiled.tables import room_for, windows, zeros
from callsim.plan.plan import NEVER

__all__ = ["State", "begin", "new_state", "with_more_room"]

Int64 = npt.NDArray[np.int64]
UInt64 = npt.NDArray[np.uint64]

ONE_QUEUE, SKILLS, EVERYTHING = 0, 1, 2
"""The tiers: one stream, queue and group; several of each, with transfers, all always open, agents by head-count,
callers who wait or hang up; everything."""
FINISHED, ROWS_FULL, MORE_INSTANTS, MORE_CALLERS, MORE_EVENTS = range(5)
"""Why the loop stopped: the run is over; the rows must be handed over; a table must be made larger."""
LARGEST_BLOCK = 1 << 24
"""Callers of a block that a draw's key can number."""
NOBODY = -1
"""Stands where there is no agent, caller, leg or row."""
INFINITE = p.LARGEST_KEY
"""A key that sorts after all others."""
LAST_ORDER = 1 << 58
"""Sorts after everything that happens: an order is an instant * 16 + rank."""
TIME_OF_CALL, STREAM_OF_CALL = 16, 8
"""Bits above which the instant and the stream of a call stand that is lined up."""
FARTHEST = (1 << (63 - TIME_OF_CALL)) - 1
"""Calls that are lined up come before this instant. [ticks]"""
AHEAD = 256
"""Callers of a stream for whom numbers are drawn at a time."""

AHEAD_ROOM = AHEAD + 8
"""Cells in a row of them: a line of the cache more, or all rows would compete for the same sets of the cache."""

# --- draws of the next callers: for what, the times that the first three come to, and (in the second tier) when the
# --- callers call and who they are (`callsim.engines.compiled.upcoming`) --------------------------
(
    U_PATIENCE_AHEAD,
    U_TALK_AHEAD,
    U_WORK_AHEAD,
    U_TRANSFER_AHEAD,
    PATIENCE_TIME,
    TALK_TIME,
    WORK_TIME,
    CALL_AHEAD,
    WHO_AHEAD,
    VISIT_AHEAD,
    AHEAD_WIDTH,
) = range(11)
"""VISIT_AHEAD: room for the draws of visits after a transfer, of whatever stream; only the first is used
(`callsim.engines.compiled.lookup`). AHEAD_WIDTH: rows of the table for each stream."""

# --- the clock ------------------------------------------------------------------------------------
(
    NOW,
    SEED,
    REPLICATION,
    N_CONTACTS,
    JOINED,
    LINES_FREE,
    NEXT_PLANNED,
    N_EVENTS,
    FIRST_FREE,
    N_CALLERS,
    N_EMPTY,
    LAST_CHANGE,
    CONTACT_ROWS,
    LEG_ROWS,
    SPAN_ROWS,
    CASE_ROWS,
    SINGLE_ROWS,
    NEEDED,
    TOO_FAR,
    REACHED,
    NEXT_CALL,
    END_CALL,
    ASKED,
    RUN_END,
    CLOCK,
) = range(25)
"""N_CONTACTS: contacts so far. JOINED: calls that joined a queue so far. FIRST_FREE: first of the chain of free rows of
the callers' table. N_EMPTY: streams whose next block is not drawn yet. CONTACT_ROWS and so on: rows written that were
not handed over yet. NEEDED: room that was asked for. TOO_FAR: 1 if something is to happen later than a key can say.
REACHED: the key up to which ends of calls have happened (`callsim.engines.compiled.skills`); for one queue the instant
at which agents are just signing on, or -1. NEXT_CALL, END_CALL: the calls lined up that were not made yet.
ASKED: callers for whom a visit after a transfer is still to be drawn. RUN_END: of a run that is counted, its end
[ticks], or the next."""
UNDER_WAY, TO_BE_FINISHED = -1, -2
"""Events go on; all have happened, and what is not over is still to be written down."""

# --- sources of calls -----------------------------------------------------------------------------
(
    NEXT_BLOCK,
    N_INSTANTS,
    NEXT_INSTANT,
    FIRST_OF_BLOCK,
    BLOCK,
    FACTOR_DAY,
    DONE,
    DRAWN_TO,
    FIRST_NUMBER,
    SOURCE,
) = range(10)
"""NEXT_BLOCK: the block that is drawn next. FIRST_OF_BLOCK: callers of the stream before this block. BLOCK: the block
whose instants are there. FACTOR_DAY: day of the day factor that is there. DRAWN_TO: callers of the block for whom
numbers were drawn, and FIRST_NUMBER: the number in the event order of the first of the last ones (second tier)."""

# --- agents ---------------------------------------------------------------------------------------
(
    TALKS_WITH,
    BUSY,
    HANDLED_UNTIL,
    OFF_DUTY,
    OWES,
    PRESENCE,
    PRESENT_SINCE,
    BREAK_SINCE,
    FIRST_DUE,
    END_DUE,
    IDLE_SINCE,
    BEFORE,
    BEHIND,
    WORKED,
    PRESENT_TIME,
    COUNTED_TO,
    AGENT,
) = range(17)
"""TALKS_WITH: row of the caller whose talk's end is still to be looked at. BUSY: 1 while he handles a call. PRESENCE:
the open span's kind. FIRST_DUE, END_DUE: planned breaks that he takes when he has finished. BEFORE, BEHIND: neighbours
in the idle line. WORKED, PRESENT_TIME: for the least occupied, the latter counted up to COUNTED_TO."""
N_IDLE, IDLE_FIRST, IDLE_LAST, BUSY_TIME, N_PRESENT, N_OWING, N_SOUGHT, GROUP = range(8)
"""N_PRESENT: agents who are there and owe nothing; N_OWING: those who owe their leaving; N_SOUGHT: queues of the group
in which somebody waits. They are kept by the tiers below everything, the idle lines by the highest."""

# --- queues ---------------------------------------------------------------------------------------
IS_OPEN, ADMITS_UNTIL, N_WAITING, N_HELD, QUEUE_TIME, QUEUE = range(6)
LINE_FIRST, LINE_LAST, LINE = range(3)
"""Rows of the lines table: (queue * 2 + held) * N_CLASSES + class."""

# --- callers: a row of the contact log, a row of the leg log, and what is not logged --------------
(
    KEY,
    PATIENCE_LEFT,
    EXPLAINS,
    ROW,
    WHO,
    NUMBER,
    PHASE,
    WAITS_IN,
    CAME,
    AHEAD_OF,
    AFTER_IT,
    DEADLINE,
    U_PATIENCE,
    U_TALK,
    U_WORK,
    U_TRANSFER,
    OF_LEG,
) = range(CONTACT_WIDTH, CONTACT_WIDTH + 17)
(
    LEG_CONTACT,
    LEG_NUMBER,
    LEG_QUEUE,
    LEG_ENTERED,
    LEG_LEFT,
    LEG_OUTCOME,
    LEG_AGENT,
    LEG_TALK_END,
    LEG_HANDLE_END,
    LEG_TRANSFER,
    LEG_TRANSFER_ROW,
    LEG_STREAM,
    LEG_ARRIVED,
    LEG_FATE,
) = range(OF_LEG, OF_LEG + LEG_WIDTH)
TRANSFERS, WAITS_AS, SEQUENCE, U_NEXT_PATIENCE, UNSOLVED = range(OF_LEG + LEG_WIDTH, OF_LEG + LEG_WIDTH + 5)
CALLER = 56
"""Whole lines of the cache. What the second tier needs of a caller who waits lies in three of them: the first, and the
two that begin with WHO."""
assert CALLER % 8 == WHO % 8 == 0
assert LEG_ENTERED < WHO + 16
assert UNSOLVED < CALLER
"""KEY: the arrival block in the key of his draws. NUMBER: his place in the event order. ROW: the transfer that will
follow the talk. WAITS_IN: the line in which he stands. CAME: his key time there. AHEAD_OF, AFTER_IT: his neighbours.
DEADLINE: the instant at which his patience ends. U_*: the draws of his first contact's first leg; in the
second tier the times that they come to, or those of the visit after a transfer, and U_NEXT_PATIENCE a draw for that.
WHO: in the second tier who he is, as in X_WHO.
UNSOLVED: answered contacts after which he was asked whether he calls again."""
UNDECIDED = -2
"""In ROW: whether a customer with a case is passed on is decided when the talk ends."""
FREE, AWAY, WAITING, TALKING, PASSING = range(5)
"""Phases: the row is free; between two calls; in a line; with an agent; on the way to the next department."""
NOT_DRAWN = -1
"""The patience of a caller who did not have to wait yet."""

# --- events that are not planned: returns, overflow, hang-ups -------------------------------------
EVENT_ORDER, EVENT_NUMBER, EVENT_CALLER, EVENT_STAMP, EVENT = range(5)
"""EVENT_ORDER: time * 16 + rank. EVENT_STAMP: SEQUENCE of the wait that it belongs to, 0 for a return."""


class State(NamedTuple):
    """All that changes."""

    block: Int64
    """The tables that are set when a replication begins (`new_state`) are windows of it."""
    at_first: Int64
    """What the block is then."""
    clock: Int64
    tree: Int64
    """Agents' next events: a winner tree of packed keys."""
    free: Int64
    """Tiers below everything: a winner tree for each group, of the instants from which its agents are free."""
    due: Int64
    """Likewise: another over the groups, of their first agents where callers wait for the group."""
    calls: Int64
    """Streams' next calls: another."""
    source: Int64
    day_factor: npt.NDArray[np.float64]
    search_start: npt.NDArray[np.float64]
    """[block, 3] Where the search for the number of callers starts (`callsim.plan.portable.poisson_start`): of blocks
    without a day factor whose callers were counted before, in whatever replication of the plan; others are zeros."""
    instant: Int64
    """[stream, caller of the block] Time within the block * 2^24 + n, sorted. A multiple of eight wide."""
    scratch: Int64
    ahead: Int64
    """[stream * AHEAD_WIDTH + column, caller] Draws of the next callers, and times."""
    knot_pairs: Int64
    """[2 * i, 2 * i + 1] The knots between which a duration lies, of those that are looked up together."""
    call_order: Int64
    """[call] The next calls of all streams: instant * 16 + rank, and last one that never comes."""
    call_place: Int64
    """[call] stream * 256 + place among those for whom numbers are drawn."""
    call_route: Int64
    """[call] Where the route of his queue begins (`callsim.engines.compiled.routing_layout`)."""
    merging: Int64
    """[side, call] Runs of calls that become one: each in order, between a number smaller than all and one that is
    larger. They are merged from one side to the other."""
    run_start: Int64
    """[run] Where each begins."""
    agent: Int64
    group: Int64
    queue: Int64
    line: Int64
    caller: Int64
    case: Int64
    """[caller, column] The case of a caller who has one; see `callsim.engines.compiled.case_layout`."""
    event: Int64
    """A heap. The first event of an empty one never comes."""
    absent: Int64
    """[duty] 1: nobody came."""
    single_rows: Int64
    """[column, visit]"""
    contact_rows: Int64
    leg_rows: Int64
    span_rows: Int64
    case_rows: Int64

    @staticmethod
    def widths() -> dict[str, int]:
        """Return the number of columns of the tables that have columns."""
        return {
            "source": SOURCE,
            "search_start": 3,
            "ahead": AHEAD_ROOM,
            "agent": AGENT,
            "group": GROUP,
            "queue": QUEUE,
            "line": LINE,
            "caller": CALLER,
            "case": CASE,
            "event": EVENT,
            "single_rows": SINGLES,
            "contact_rows": CONTACT_WIDTH,
            "leg_rows": LEG_WIDTH,
            "span_rows": SPAN_WIDTH,
            "case_rows": CASE_EVENT_WIDTH,
        }


def _leaves(n: int) -> int:
    return 1 << max(1, (n - 1).bit_length())


def new_state(t: PlanTables, rows: int = 2048, doors: bool = True) -> State:
    """Return room for one replication of a plan, to be set up by `begin`: nobody is there.

    Parameters
    ----------
    t : PlanTables
    rows : int
        Contacts and legs that are written before they are handed over.
    doors : bool
        Whether all doors are closed then, to be opened and closed; if not, none is ever closed.
    """
    n_streams, n_queues, n_groups, n_agents = (
        int(t.scalar[i]) for i in (p.N_STREAMS, p.N_QUEUES, p.N_GROUPS, p.N_AGENTS)
    )
    callers, at_once = 256, int(t.scalar[p.CASE_ROWS_AT_ONCE])
    largest = float(t.block_mean.max()) if len(t.block_mean) else 0.0
    instants = -(-max(64, int(largest + 8.0 * largest**0.5) + 16) // 8) * 8

    shapes = {
        "clock": (CLOCK,),
        "tree": (2 * _leaves(n_agents),),
        "free": (2 * int((t.group[:, p.FIRST_AGENT] + t.group[:, p.LEAF_OF]).sum()),),
        "due": (2 * _leaves(n_groups),),
        "calls": (2 * _leaves(n_streams),),
        "source": (n_streams, SOURCE),
        "agent": (n_agents, AGENT),
        "group": (n_groups, GROUP),
        "queue": (n_queues, QUEUE),
        "line": (n_queues * 2 * int(t.scalar[p.N_CLASSES]), LINE),
        "absent": (len(t.duty),),
    }
    block = zeros(room_for(shapes))
    in_block = windows(block, shapes)
    _set_up(t, **in_block)
    if not doors:
        in_block["queue"][:, IS_OPEN], in_block["queue"][:, ADMITS_UNTIL] = 1, NEVER
    state = State(
        block=block,
        at_first=block.copy(),
        **in_block,
        day_factor=np.zeros(n_streams),
        search_start=np.zeros((len(t.block_mean), 3)),
        instant=zeros(n_streams, instants),
        scratch=zeros(3, instants),
        ahead=zeros(AHEAD_WIDTH * n_streams, AHEAD_ROOM),
        knot_pairs=zeros(2 * AHEAD_ROOM),
        call_order=zeros(AHEAD * n_streams + 1),
        call_place=zeros(AHEAD * n_streams + 1),
        call_route=zeros(AHEAD * n_streams + 1),
        merging=zeros(2, (AHEAD + 2) * n_streams + 4),
        run_start=zeros(n_streams + 3),
        caller=zeros(callers, CALLER),
        case=zeros(callers if at_once else 1, CASE),
        event=zeros(1024, EVENT),
        single_rows=zeros(SINGLE_WIDTH, SINGLES),
        contact_rows=zeros(rows + callers, CONTACT_WIDTH),
        leg_rows=zeros(rows + int(t.scalar[p.LEGS_AT_ONCE]) * callers, LEG_WIDTH),
        span_rows=zeros(1024 + 8 * n_agents, SPAN_WIDTH),
        case_rows=zeros(rows + at_once * callers if at_once else 1, CASE_EVENT_WIDTH),
    )
    _chain(state, 0, NOBODY)
    return state


def _set_up(
    t: PlanTables,
    clock: Int64,
    tree: Int64,
    free: Int64,
    due: Int64,
    calls: Int64,
    source: Int64,
    agent: Int64,
    group: Int64,
    line: Int64,
    **zeros: Int64,
) -> None:
    """Write to tables of zeros what they are when a replication begins: nobody there, all doors closed."""
    clock[LINES_FREE] = t.scalar[p.LINES]
    clock[N_EMPTY] = len(source)
    clock[REACHED] = NOBODY
    clock[RUN_END] = UNDER_WAY
    tree[:] = INFINITE
    free[:] = INFINITE
    free[0] = NOBODY
    due[:] = INFINITE
    calls[:] = INFINITE
    source[:, NEXT_BLOCK] = t.stream[:, p.FIRST_BLOCK]
    source[:, FACTOR_DAY] = -NEVER
    agent[:, [TALKS_WITH, PRESENCE, BREAK_SINCE, IDLE_SINCE, BEFORE, BEHIND]] = NOBODY
    group[:, [IDLE_FIRST, IDLE_LAST]] = NOBODY
    line[:] = NOBODY


def begin(s: State, seed: int, replication: int) -> None:
    """Set the state to the beginning of a replication, as `new_state` has made it."""
    # Few steps: after a replication the caches hold nothing of numpy, and each kind of step costs microseconds.
    all_free, first = s.clock[N_CALLERS] == 0, int(s.clock[FIRST_FREE])
    s.block[:] = s.at_first
    s.clock[SEED] = seed
    s.clock[REPLICATION] = replication
    s.event[0, EVENT_ORDER] = LAST_ORDER
    if all_free:
        # The chain that the replication before has left is whole; in which order, nobody can tell.
        s.clock[FIRST_FREE] = first
    else:
        _chain(s, 0, NOBODY)


def _chain(s: State, first: int, behind: int) -> None:
    """Chain the rows of the callers' table from `first` on as free ones, and `behind` them those that were free."""
    s.caller[first:, PHASE] = FREE
    s.caller[first:, AFTER_IT] = np.arange(first + 1, len(s.caller) + 1)
    s.caller[-1, AFTER_IT] = behind
    s.clock[FIRST_FREE] = first


def with_more_room(t: PlanTables, s: State, status: int) -> State:
    """Return the state with twice the room in the tables that had too little (`callsim.engines.compiled.kernel`)."""

    def larger(array: Int64, n: int, axis: int = 0) -> Int64:
        shape = list(array.shape)
        shape[axis] = n
        found = zeros(*shape)
        found[tuple(slice(0, length) for length in array.shape)] = array
        return found

    if status == MORE_INSTANTS:
        n = -(-max(int(s.clock[NEEDED]), 2 * s.instant.shape[1]) // 8) * 8
        return s._replace(instant=larger(s.instant, n, 1), scratch=larger(s.scratch, n, 1))
    if status == ROWS_FULL:
        return s
    if status == MORE_CALLERS:
        n, at_once = len(s.caller), int(t.scalar[p.CASE_ROWS_AT_ONCE])
        found = s._replace(
            caller=larger(s.caller, 2 * n),
            contact_rows=larger(s.contact_rows, len(s.contact_rows) + n),
            leg_rows=larger(s.leg_rows, len(s.leg_rows) + int(t.scalar[p.LEGS_AT_ONCE]) * n),
            case=larger(s.case, 2 * n) if at_once else s.case,
            case_rows=larger(s.case_rows, len(s.case_rows) + at_once * n) if at_once else s.case_rows,
        )
        _chain(found, n, int(s.clock[FIRST_FREE]))
        return found
    return s._replace(event=larger(s.event, 2 * len(s.event)))
