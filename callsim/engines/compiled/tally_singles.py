"""Adding contacts that were one visit and nothing else to a tally: counted once, settled as contacts and as visits.

Most calls are such, so they have tables of their own, by part of the time, stream and group (or nobody), and bins of
their own. The tables are narrow: what is written in one part of the time lies in a few lines of the cache. At the end
of a replication `settle` adds what stands there to the contacts and to the visits; their bins are sorted together with
those of contacts and of visits. Until then the time that such callers wait is in the sums of delays alone, and agents'
time with them in those of talk and work; what falls in another part of the time than that in which the call came is
moved there at once.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from callsim.engines.compiled.jit import apart, finished, inlined, jit
from callsim.engines.compiled.plain import ABANDONED, ANSWERED, FRESH_CALL, NOT_TRANSFERRED, TRANSFER_UNFINISHED
from callsim.engines.compiled.rows import X_AGENT, X_ARRIVED, X_HANDLE_END, X_INDEX, X_LEFT, X_TALK_END, X_WHO
from callsim.engines.compiled.tally import (
    BUSY_UNTIL,
    CALLS,
    DELAY,
    DONE,
    FOLD_GROUP_STAYS,
    FOLD_QUEUE_STAYS,
    FOLD_SINGLES,
    FOLD_STREAM_STAYS,
    HOURS,
    LATE_CALLS,
    LISTED,
    LONG_CALLS,
    LONGEST_DELAY,
    N_GROUPS,
    N_QUEUES,
    N_STREAMS,
    REACHING,
    ROOM,
    SINGLE_BINS,
    TALK_TIME,
    TIME,
    WAITED,
    WAITED_AS,
    WORK_TIME,
    Tally,
)
from callsim.engines.compiled.tally_rows import (
    HOUR,
    U1,
    U8,
    U16,
    U24,
    U28,
    U36,
    U40,
    add_digest,
    add_stretch,
    both,
    later_part,
    mixed,
    part_of,
)
from callsim.engines.compiled.tally_waits import has_room, mark_of
from callsim.runlog.sums import (
    ABANDONED_LATE,
    ABANDONED_LONG,
    ABANDONED_WAIT,
    CONTACT_LEGS,
    FIRST_OUTCOME,
    HELD_AN_HOUR,
    HOLD,
    LATE,
    LONGEST,
    TALK,
    UNANSWERED_WAIT,
    WAIT,
    WORK,
)

__all__ = ["count_singles", "settle"]

_CAUSE = np.uint64(((FRESH_CALL + 1) << 4) + (1 << 8))
"""Cause and attempt in the hash of a contact."""
_LEG = np.uint64(1 << 40)
"""The leg's number in its hash; that there is no transfer row adds nothing."""
_TURN32, _LOW8, _LOW24 = np.uint64(32), np.uint64(0xFF), np.uint64(0xFFFFFF)
_NO_TRANSFER, _UNFINISHED = np.uint64((NOT_TRANSFERRED + 1) << 4), np.uint64((TRANSFER_UNFINISHED + 1) << 4)
_ANSWERED, _ABANDONED = np.uint64(ANSWERED), np.uint64(ABANDONED)
_MISSING = np.uint64(0xFFFFFFFFFFFFFFFF)


@inlined
def _hashes(t: Any, u: Any, i: Any, is_over: Any) -> Any:
    """Return the hashes of the contact and of the leg that a visit stands for: those of full rows."""
    keys = t.keys
    index, who, arrived, left, agent = u[X_INDEX, i], u[X_WHO, i], u[X_ARRIVED, i], u[X_LEFT, i], u[X_AGENT, i]
    talk_end = u[X_TALK_END, i] if is_over else _MISSING
    ended = left if agent == _MISSING else talk_end
    stream, block = (who >> U24) & _LOW8, who >> _TURN32
    queue = np.uint64(t.called[np.int64(stream)]) + U1
    outcome = _ABANDONED if agent == _MISSING else _ANSWERED
    codes = outcome + _CAUSE + (queue << U16) + ((stream + U1) << U28) + ((block << U40) | (block >> U24))
    contact = both(index + (((who & _LOW24) + U1) << U36), arrived, keys, 0, 0) + both(codes, ended, keys, 0, 2)
    codes = outcome + (_NO_TRANSFER if is_over else _UNFINISHED) + (queue << U8) + ((agent + U1) << U36)
    leg = both(index + _LEG, arrived, keys, 1, 0) + both(codes, left, keys, 1, 2)
    leg += both(u[X_TALK_END, i], u[X_HANDLE_END, i], keys, 1, 4)
    return mixed(contact), mixed(leg)


@apart
def _add_hashes(t: Any, rows: Any, n: Any) -> None:
    """Add the hashes of the contacts and legs that the rows stand for."""
    u = rows.view(np.uint64)
    contacts, legs, end = np.uint64(0), np.uint64(0), t.scalars[BUSY_UNTIL]
    for i in range(n):
        # Who hung up has -1 for the end of his talk: his visit is over.
        contact, leg = _hashes(t, u, i, rows[X_TALK_END, i] < end)
        contacts += contact
        legs += leg
    add_digest(t, 0, n, contacts)
    add_digest(t, 1, n, legs)


@inlined
def _count_all(t: Tally, rows: Any, n: Any) -> Any:
    """Add what every visit says, and return how many have more to say: those that waited, and those that reach on.

    Which ones do is a toss-up: they are listed without a branch that would be guessed. No instant compared there is
    below zero, and to count how often one number without a sign is less than another takes two instructions.
    """
    facts, chosen, columns = t.singles, t.chosen, t.scalars[N_GROUPS] + 1
    # Neighbours arrive at nearly the same time: the part of the last one is looked at first.
    since, until, base, reached = 0, -1, 0, np.uint64(0)
    waited: Any = 0
    reaching: Any = 0
    for i in range(n):
        arrived, left = rows[X_ARRIVED, i], rows[X_LEFT, i]
        talk_end, handle_end = rows[X_TALK_END, i], rows[X_HANDLE_END, i]
        if arrived < since or arrived >= until:
            part = part_of(t, arrived)
            since, until = t.edges[part], t.edges[part + 1]
            base = t.folds[FOLD_SINGLES, part] * t.scalars[N_STREAMS] * columns
            reached = np.uint64(min(until - 1, t.scalars[BUSY_UNTIL]))
        key = base + ((rows[X_WHO, i] >> 24) & 255) * columns + t.column[rows[X_AGENT, i] + 1]
        facts[key, CALLS] += 1
        facts[key, TALK_TIME] += talk_end - left
        facts[key, WORK_TIME] += handle_end - talk_end
        chosen[WAITED, waited] = i
        chosen[WAITED_AS, waited] = key
        waited += np.uint64(arrived) < np.uint64(left)
        chosen[REACHING, reaching] = i
        reaching += reached < np.uint64(max(left, handle_end))
    return waited, reaching


@apart
def _count_waits(t: Tally, rows: Any, n: Any) -> Any:
    """Add what the `n` visits say that waited."""
    facts, listed = t.single_delays, t.filled[SINGLE_BINS, LISTED]
    for k in range(n):
        i, key = t.chosen[WAITED, k], t.chosen[WAITED_AS, k]
        wait, stream = rows[X_LEFT, i] - rows[X_ARRIVED, i], (rows[X_WHO, i] >> 24) & 255
        facts[key, DELAY] += wait
        facts[key, LATE_CALLS] += wait > t.stream_limits[stream, 0]
        facts[key, HOURS] += wait >= HOUR
        facts[key, LONG_CALLS] += wait > t.stream_limits[stream, 1]
        facts[key, LONGEST_DELAY] = max(facts[key, LONGEST_DELAY], wait)
        t.single_waits[listed + k] = mark_of(key, wait)
    t.filled[SINGLE_BINS, LISTED] = listed + n


@apart
def _move_times(t: Tally, rows: Any, n: Any) -> Any:
    """Move the times of the `n` visits that reach beyond the part in which the call came to where they belong."""
    groups, streams, queues = t.scalars[N_GROUPS], t.scalars[N_STREAMS], t.scalars[N_QUEUES]
    since, until, part = 0, -1, 0
    for k in range(n):
        i = t.chosen[REACHING, k]
        arrived, left, agent, handle_end = rows[X_ARRIVED, i], rows[X_LEFT, i], rows[X_AGENT, i], rows[X_HANDLE_END, i]
        if arrived < since or arrived >= until:
            part = part_of(t, arrived)
            since, until = t.edges[part], t.edges[part + 1]
        then = later_part(t, part, left)
        if then > part:
            stream, ends, parts = (rows[X_WHO, i] >> 24) & 255, (arrived, left), (part, part, then)
            _move(t, t.stream_stays, FOLD_STREAM_STAYS, streams, stream, ends, parts, left)
            _move(t, t.queue_stays, FOLD_QUEUE_STAYS, queues, t.called[stream], ends, parts, left)
        if agent >= 0:
            stop = min(handle_end, t.scalars[BUSY_UNTIL])
            ends, parts = (left, stop), (part, then, later_part(t, then, stop))
            _move(t, t.busy_stays, FOLD_GROUP_STAYS, groups, t.group[agent], ends, parts, handle_end)


@inlined
def _move(t: Tally, stays: Any, fold: int, n: Any, member: Any, ends: Any, parts: Any, counted_to: Any) -> Any:
    """Take a time of a member that will be counted in the first of the parts from there; it lies in the other two."""
    stays[t.folds[fold, parts[0]] * n + member, TIME] -= counted_to - ends[0]
    add_stretch(t, stays, fold, n, member, ends, parts[1:])


@finished
def count_singles(t: Tally, rows: Any, n: Any) -> Any:
    """Add the first `n` single visits of a buffer.

    Parameters
    ----------
    t : Tally
    rows : int64[SINGLE_WIDTH, visit]
        See `callsim.engines.compiled.rows`.
    n : int

    Returns
    -------
    int
        `DONE`, or `ROOM` if nothing was counted for want of room.
    """
    if not has_room(t, t.single_waits, t.single_bins, t.single_places, SINGLE_BINS, n):
        return ROOM
    _add_hashes(t, rows, n)
    t.totals[CONTACT_LEGS] += n
    waited, reaching = _count_all(t, rows, n)
    _count_waits(t, rows, waited)
    _move_times(t, rows, reaching)
    return DONE


@inlined
def _settle_calls(t: Tally, key: Any, answered: Any, facts: Any, row: Any) -> Any:
    """Add the facts of single visits of a key to a row of those of contacts or of visits."""
    facts[row, FIRST_OUTCOME + (ANSWERED if answered else ABANDONED)] += t.singles[key, CALLS]
    if answered:
        facts[row, TALK] += t.singles[key, TALK_TIME]
        facts[row, WORK] += t.singles[key, WORK_TIME]


@inlined
def _settle_delays(t: Tally, key: Any, answered: Any, facts: Any, row: Any) -> Any:
    """Likewise, of those that waited."""
    delays = t.single_delays
    facts[row, LONGEST] = max(facts[row, LONGEST], delays[key, LONGEST_DELAY])
    if answered:
        facts[row, WAIT] += delays[key, DELAY]
        facts[row, LATE] += delays[key, LATE_CALLS]
        facts[row, HELD_AN_HOUR] += delays[key, HOURS]
    else:
        facts[row, ABANDONED_WAIT] += delays[key, DELAY]
        facts[row, ABANDONED_LATE] += delays[key, LATE_CALLS]
        facts[row, ABANDONED_LONG] += delays[key, LONG_CALLS]


@inlined
def _settle_key(t: Tally, key: Any, answered: Any) -> Any:
    """Add the facts of the single visits of a key to those of contacts and of visits, and their times."""
    contact, leg = t.single_contact[key], t.single_leg[key]
    _settle_calls(t, key, answered, t.contacts, contact)
    _settle_calls(t, key, answered, t.legs, leg)
    if answered:
        t.busy_stays[t.single_busy[key], TIME] += t.singles[key, TALK_TIME] + t.singles[key, WORK_TIME]
    delay = t.single_delays[key, DELAY]
    if delay > 0:
        _settle_delays(t, key, answered, t.contacts, contact)
        _settle_delays(t, key, answered, t.legs, leg)
        t.contacts[contact, HOLD] += delay
        t.stream_stays[t.single_stream[key], TIME] += delay
        t.queue_stays[t.single_queue[key], TIME] += delay
        t.totals[UNANSWERED_WAIT] += 0 if answered else delay


@jit
def settle(t: Tally) -> None:
    """Add the facts of all single visits to those of contacts and of visits, once, when all rows are counted."""
    columns = t.scalars[N_GROUPS] + 1
    for first in range(0, t.singles.shape[0], columns):
        for column in range(columns):
            if t.singles[first + column, CALLS] > 0:
                _settle_key(t, first + column, column > 0)
