"""The finest keys by which a run that keeps no log is counted: parts of the time, pairs of queue and group."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from callsim.plan.plan import Clock, Plan

__all__ = [
    "CENTRE", "GROUPS", "QUEUES", "SCOPES", "STREAMS", "Columns", "Fine", "Target", "cell_lengths", "cell_of_part",
    "columns", "columns_of_keys", "columns_of_part", "kept_parts", "pairs_of", "part_edges", "singles_of", "split",
    "targets", "wanted_fine",
]  # fmt: skip

Int64 = npt.NDArray[np.int64]
_HOURS_OF_WEEK = 168
SCOPES = ("", "callers", "queue", "agents")
"""Kinds of scope; "" is the whole centre."""
STREAMS, QUEUES, GROUPS, CENTRE = range(4)
"""Whose figures stand in columns; those of the centre are added up from those of streams and groups."""
_MEMBERS = {"": CENTRE, "callers": STREAMS, "queue": QUEUES, "agents": GROUPS}
_KINDS = ("", "interval", "hour_of_week")


class Fine(NamedTuple):
    """Which sums of a run that keeps no log have to be split in time; the others need the window as a whole."""

    contacts: bool
    """Contacts by stream: for the whole centre, callers, and queues, who count those turned away."""
    legs: bool
    """Visits by queue and group: for queues and agents."""
    stream_stays: bool
    """Waiting by stream: for the whole centre and callers."""
    queue_stays: bool
    """Waiting by queue: for queues."""
    group_stays: bool
    """Agents' time by group: for the whole centre and agents."""


def split(breakdown: str) -> tuple[str, str]:
    """Return the kind of scope and the kind of cell of a breakdown.

    Examples
    --------
    >>> split("queue+interval"), split("hour_of_week")
    (('queue', 'interval'), ('', 'hour_of_week'))
    """
    scope, _, cell = breakdown.rpartition("+")
    return scope, cell


def wanted_fine(by: Iterable[str]) -> Fine:
    """Return what has to be split in time for these breakdowns.

    Examples
    --------
    >>> wanted_fine(["agents+interval"])
    Fine(contacts=False, legs=True, stream_stays=False, queue_stays=False, group_stays=True)
    """
    scopes = {split(name)[0] for name in by}
    return Fine(
        contacts=bool(scopes & {"", "callers", "queue"}),
        legs=bool(scopes & {"queue", "agents"}),
        stream_stays=bool(scopes & {"", "callers"}),
        queue_stays="queue" in scopes,
        group_stays=bool(scopes & {"", "agents"}),
    )


def part_edges(clock: Clock, by: Iterable[str]) -> Int64:
    """Return the edges of the common refinement of the divisions that some breakdowns ask for.

    Parameters
    ----------
    clock : Clock
    by : iterable of str
        Such as "interval", "queue+hour_of_week"; none: the window as a whole.

    Returns
    -------
    int64[part + 1]
        Ascending, from warm_up to window_end. [ticks]
    """
    edges = {"interval": clock.interval_edges, "hour_of_week": clock.hour_edges}
    whole = np.array([clock.warm_up, clock.window_end], np.int64)
    return np.unique(np.concatenate([whole, *(edges[split(name)[1]] for name in by)]))


def pairs_of(plan: Plan) -> tuple[Int64, Int64]:
    """Return the pairs of queue and group that can meet, and of each queue and nobody.

    Returns
    -------
    (int64[pair], int64[pair])
        Queue, and group or -1; sorted by queue, then group.
    """
    can = np.concatenate((np.ones((plan.n_queues, 1), np.bool_), plan.agents.level.T > 0), axis=1)
    queue, column = np.nonzero(can)
    return queue.astype(np.int64), column.astype(np.int64) - 1


def cell_of_part(clock: Clock, edges: Int64, kind: str) -> tuple[Int64, int]:
    """Return the cell of each part of the window under one division, and the number of cells.

    Parameters
    ----------
    clock : Clock
    edges : int64[part + 1]
        `part_edges`.
    kind : str
        "": the window as a whole; "interval"; "hour_of_week".
    """
    starts = edges[:-1]
    if kind == "interval":
        return np.searchsorted(clock.interval_edges, starts, side="right") - 1, len(clock.interval_edges) - 1
    if kind == "hour_of_week":
        hour = np.searchsorted(clock.hour_edges, starts, side="right") - 1
        return clock.hour_of_week[hour].astype(np.int64), _HOURS_OF_WEEK
    return np.zeros(len(starts), np.int64), 1


def cell_lengths(clock: Clock, kind: str) -> Int64:
    """Return the length of each cell of the window under one division, int64[cell]. [ticks]"""
    edges = part_edges(clock, [kind] if kind else [])
    cell, n = cell_of_part(clock, edges, kind)
    lengths = np.zeros(n, np.int64)
    np.add.at(lengths, cell, np.diff(edges))
    return lengths


def kept_parts(parts: int, is_split: bool) -> Int64:
    """Return under which part each part of the time is kept: itself, or one for the whole window.

    Parameters
    ----------
    parts : int
        The first is the time before the window, the last that behind it.
    is_split : bool
    """
    if is_split:
        return np.arange(parts)
    whole = np.minimum(np.arange(parts), 1)
    whole[-1] = 2
    return whole


def singles_of(plan: Plan, by: Iterable[str]) -> tuple[Int64, Int64]:
    """Return under which finest keys contacts that were one visit count as contacts, and as visits.

    Their own finest keys are (part * streams + stream) * (1 + groups) + column, which is nobody or the group.

    Returns
    -------
    (int64[key], int64[key])
        What is said of a stream and a group that takes no calls of its queue means nothing.
    """
    by = tuple(by)
    parts, fine = len(part_edges(plan.clock, by)) + 1, wanted_fine(by)
    kept, part = np.unique(kept_parts(parts, fine.contacts or fine.legs), return_index=True)
    queue, group = pairs_of(plan)
    pair = np.full((plan.n_queues, 1 + plan.n_groups), -1, np.int64)
    pair[queue, 1 + group] = np.arange(len(queue))
    shape, streams = (len(kept), plan.n_streams, 1 + plan.n_groups), np.arange(plan.n_streams)[:, np.newaxis]

    def keys(is_split: bool, n: int, member: Int64) -> Int64:
        first = kept_parts(parts, is_split)[part] * n
        return np.broadcast_to(first[:, np.newaxis, np.newaxis] + member, shape).reshape(-1).astype(np.int64)

    return keys(fine.contacts, plan.n_streams, streams), keys(fine.legs, len(queue), pair[plan.streams.queue])


class Target(NamedTuple):
    """Where the calls under each finest key are counted in one part of the measures."""

    name: str
    """A kind of scope, or a breakdown: "", "callers", "queue+interval", ..."""
    key: Int64
    """[finest key] member * cells + cell, or n for none. First the finest keys of contacts, part * streams + stream,
    the time before the window being part 0, that behind it the last; then those of visits, part * pairs + pair; then
    those of `singles_of`."""
    own: slice
    """The finest keys of contacts, or those of visits: the part is of the ones or of the others."""
    n: int
    """Members times cells."""


def targets(plan: Plan, by: Iterable[str]) -> Iterator[Target]:
    """Yield the target of each kind of scope and of each breakdown."""
    by = tuple(by)
    edges, fine, (as_contact, as_visit) = part_edges(plan.clock, by), wanted_fine(by), singles_of(plan, by)
    queue, group = pairs_of(plan)
    contacts = (int(kept_parts(len(edges) + 1, fine.contacts)[-1]) + 1) * plan.n_streams
    visits = (int(kept_parts(len(edges) + 1, fine.legs)[-1]) + 1) * len(queue)
    streams = np.arange(plan.n_streams)
    members = {
        "": (0 * streams, 1),
        "callers": (streams, plan.n_streams),
        "queue": (queue, plan.n_queues),
        "agents": (group, plan.n_groups),
    }
    for name in (*SCOPES, *by):
        scope, kind = ("" if name == "" else name, "") if name in SCOPES else split(name)
        of_contacts = scope in ("", "callers")
        member, n_members = members[scope]
        cell, n = _cells_of_keys(plan.clock, edges, kind, fine.contacts if of_contacts else fine.legs, not of_contacts)
        keys = n_members * n
        key = np.where((cell >= 0) & (member >= 0), member * n + cell, keys).reshape(-1).astype(np.int64)
        if of_contacts:
            found, own = (key, np.full(visits, keys), key[as_contact]), slice(0, contacts)
        else:
            found, own = (np.full(contacts, keys), key, key[as_visit]), slice(contacts, contacts + visits)
        yield Target(name, np.concatenate(found), own, keys)


def _cells_of_keys(clock: Clock, edges: Int64, kind: str, is_split: bool, behind: bool) -> tuple[Int64, int]:
    """Return the cell of each part that is kept, int64[kept part, 1], -1: in none; and the number of cells.

    Parameters
    ----------
    clock, edges, kind
        As for `cell_of_part`.
    is_split : bool
        Whether all parts of the window are kept, or one for them all.
    behind : bool
        Visits may begin behind the window, in a run that drains: they count in the whole.
    """
    cell, n = cell_of_part(clock, edges, kind)
    if not is_split:
        cell = np.full(1, -1 if kind else 0)
    return np.concatenate(([-1], cell, [0 if behind and not kind else -1]))[:, np.newaxis], n


class Columns(NamedTuple):
    """Neighbouring columns of figures: one for each cell of each member."""

    of: int
    """`STREAMS`, `QUEUES`, `GROUPS` or `CENTRE`."""
    kind: str
    """Of cells: "", "interval" or "hour_of_week"."""
    first: int
    """The first of them, among those of all members."""
    members: int
    cells: int

    @property
    def end(self) -> int:
        """The first column behind them."""
        return self.first + self.members * self.cells


def columns(plan: Plan, by: Iterable[str]) -> list[Columns]:
    """Return the columns that some breakdowns need: those of streams, then of queues, of groups, of the centre.

    For ``["interval"]`` streams and groups have columns for intervals too: from these the centre's are added up.

    Parameters
    ----------
    plan : Plan
    by : iterable of str
    """
    kinds: dict[int, set[str]] = {of: {""} for of in range(4)}
    for name in by:
        scope, kind = split(name)
        for of in (CENTRE, STREAMS, GROUPS) if scope == "" else (_MEMBERS[scope],):
            kinds[of].add(kind)
    n_members = (plan.n_streams, plan.n_queues, plan.n_groups, 1)
    found: list[Columns] = []
    for of in range(4):
        for kind in (kind for kind in _KINDS if kind in kinds[of]):
            n = cell_of_part(plan.clock, part_edges(plan.clock, ()), kind)[1]
            found.append(Columns(of, kind, found[-1].end if found else 0, n_members[of], n))
    return found


def columns_of_part(plan: Plan, by: Iterable[str], scope: str, kind: str) -> Columns:
    """Return the columns of one part of the measures: of a kind of scope, split into cells of a kind."""
    return next(each for each in columns(plan, by) if each.of == _MEMBERS[scope] and each.kind == kind)


def columns_of_keys(
    plan: Plan, by: Iterable[str], of: int, member: Int64, is_split: bool, behind: bool = False
) -> Int64:
    """Return the columns in which figures count that are kept by part of the time and one thing more.

    Parameters
    ----------
    plan : Plan
    by : iterable of str
        As given to `columns`.
    of : int
        `STREAMS`, `QUEUES` or `GROUPS`.
    member : int64[thing]
        To whom each of these things belongs, or -1.
    is_split : bool
        Whether the figures are kept by all parts of the window (`Fine`).
    behind : bool
        Whether what begins behind the window counts in the whole.

    Returns
    -------
    int64[kind of cell, kept part * things + thing]
        Counted from the first column of these members on, or -1.
    """
    by = tuple(by)
    edges, mine = part_edges(plan.clock, by), [each for each in columns(plan, by) if each.of == of]
    found = []
    for each in mine:
        cell, n = _cells_of_keys(plan.clock, edges, each.kind, is_split, behind)
        column = each.first - mine[0].first + member * n + cell
        found.append(np.where((cell >= 0) & (member >= 0), column, -1).reshape(-1))
    return np.array(found, np.int64)
