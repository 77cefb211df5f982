"""Adding contacts that were one visit and nothing else to a tally: counted once, settled as contacts and as visits.

Most calls are such, so they have tables of their own, by part of the time, stream and group (or nobody), and bins of
their own. The tables are narrow: what is written in one part of the time lies in a few lines of the cache. At the end
of a replication `settle` adds what stands there to the contacts and to the visits; their bins are sorted together with
those of contacts and of visits. Until then agents' time with such calls is in the sums of talk and work alone; what is
done in another part of the time than that in which the call came is moved there at once.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from callsim.engines.compiled.jit import apart, finished, inlined, jit
from callsim.engines.compiled.plain import ABANDONED, ANSWERED, FRESH_CALL, NOT_TRANSFERRED, TRANSFER_UNFINISHED
from callsim.engines.compiled.rows import X_AGENT, X_ARRIVED, X_HANDLE_END, X_INDEX, X_LEFT, X_TALK_END, X_WHO
from callsim.engines.compiled.tally import (
    ABANDONED_DELAY,
    ANSWERS,
    BUSY_UNTIL,
    DELAY,
    DONE,
    FOLD_GROUP_STAYS,
    FOLD_SINGLES,
    HANG_UPS,
    HOURS,
    LATE_ANSWERS,
    LATE_HANG_UPS,
    LONG_HANG_UPS,
    LONGEST_DELAY,
    N_GROUPS,
    N_STREAMS,
    ROOM,
    SINGLE_BINS,
    TALK_TIME,
    TIME,
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
    add_stay,
    add_waiting,
    both,
    mixed,
    part_of,
)
from callsim.engines.compiled.tally_waits import count_wait, has_room
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
def _move_work(t: Tally, part: Any, group: Any, answered: Any, handle_end: Any) -> Any:
    """Move the work of a call that came in a part of the time to the parts in which it is done."""
    groups = t.scalars[N_GROUPS]
    t.busy_stays[t.folds[FOLD_GROUP_STAYS, part] * groups + group, TIME] -= handle_end - answered
    add_stay(t, t.busy_stays, FOLD_GROUP_STAYS, groups, group, answered, min(handle_end, t.scalars[BUSY_UNTIL]))


@inlined
def _add_delay(t: Tally, key: Any, answered: Any, wait: Any, stream: Any) -> Any:
    """Add what an answered or abandoned call that waited says besides its bin."""
    facts, late = t.single_delays, wait > t.stream_limits[stream, 0]
    facts[key, LONGEST_DELAY] = max(facts[key, LONGEST_DELAY], wait)
    if answered:
        facts[key, DELAY] += wait
        facts[key, LATE_ANSWERS] += late
        facts[key, HOURS] += wait >= HOUR
    else:
        facts[key, ABANDONED_DELAY] += wait
        facts[key, LATE_HANG_UPS] += late
        facts[key, LONG_HANG_UPS] += wait > t.stream_limits[stream, 1]


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
    facts, columns = t.singles, t.scalars[N_GROUPS] + 1
    # Neighbours arrive at nearly the same time: the part of the last one is looked at first.
    since, until, part, base, busy_until = 0, -1, 0, 0, 0
    for i in range(n):
        arrived, left, agent = rows[X_ARRIVED, i], rows[X_LEFT, i], rows[X_AGENT, i]
        if arrived < since or arrived >= until:
            part = part_of(t, arrived)
            since, until = t.edges[part], t.edges[part + 1]
            base, busy_until = t.folds[FOLD_SINGLES, part] * t.scalars[N_STREAMS] * columns, t.scalars[BUSY_UNTIL]
        stream = (rows[X_WHO, i] >> 24) & 255
        key, wait = base + stream * columns, left - arrived
        if agent >= 0:
            group = t.group[agent]
            talk_end, handle_end = rows[X_TALK_END, i], rows[X_HANDLE_END, i]
            key += 1 + group
            facts[key, ANSWERS] += 1
            facts[key, TALK_TIME] += talk_end - left
            facts[key, WORK_TIME] += handle_end - talk_end
            if handle_end >= until or handle_end > busy_until:
                _move_work(t, part, group, left, handle_end)
        else:
            facts[key, HANG_UPS] += 1
            t.totals[UNANSWERED_WAIT] += wait
        if wait > 0:
            add_waiting(t, stream, t.called[stream], arrived, left, part, until)
            _add_delay(t, key, agent >= 0, wait, stream)
            count_wait(t, t.single_waits, SINGLE_BINS, key, wait)
    return DONE


@inlined
def _settle_in(t: Tally, key: Any, facts: Any, row: Any) -> Any:
    """Add the facts of single visits of a key to a row of those of contacts or of visits."""
    facts[row, FIRST_OUTCOME + ANSWERED] += t.singles[key, ANSWERS]
    facts[row, FIRST_OUTCOME + ABANDONED] += t.singles[key, HANG_UPS]
    facts[row, TALK] += t.singles[key, TALK_TIME]
    facts[row, WORK] += t.singles[key, WORK_TIME]
    if t.single_delays[key, LONGEST_DELAY] > 0:
        facts[row, LONGEST] = max(facts[row, LONGEST], t.single_delays[key, LONGEST_DELAY])
        facts[row, WAIT] += t.single_delays[key, DELAY]
        facts[row, LATE] += t.single_delays[key, LATE_ANSWERS]
        facts[row, HELD_AN_HOUR] += t.single_delays[key, HOURS]
        facts[row, ABANDONED_WAIT] += t.single_delays[key, ABANDONED_DELAY]
        facts[row, ABANDONED_LATE] += t.single_delays[key, LATE_HANG_UPS]
        facts[row, ABANDONED_LONG] += t.single_delays[key, LONG_HANG_UPS]


@jit
def settle(t: Tally) -> None:
    """Add the facts of all single visits to those of contacts and of visits, once, when all rows are counted."""
    for key in range(t.singles.shape[0]):
        if t.singles[key, ANSWERS] + t.singles[key, HANG_UPS] > 0:
            contact = t.single_contact[key]
            _settle_in(t, key, t.contacts, contact)
            _settle_in(t, key, t.legs, t.single_leg[key])
            t.contacts[contact, HOLD] += t.single_delays[key, DELAY] + t.single_delays[key, ABANDONED_DELAY]
            t.busy_stays[t.single_busy[key], TIME] += t.singles[key, TALK_TIME] + t.singles[key, WORK_TIME]
