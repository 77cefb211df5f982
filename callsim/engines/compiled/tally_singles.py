"""Adding contacts that were one visit and nothing else to a tally: counted once, settled as contacts and as visits.

Most calls are such, so they have a table of their own, by part of the time, stream and group (or nobody), and bins of
their own. At the end of a replication `settle` adds what stands there to the contacts and to the visits; their bins are
sorted together with those of contacts and of visits.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from callsim.engines.compiled.jit import apart, finished, inlined, jit
from callsim.engines.compiled.plain import ABANDONED, ANSWERED, FRESH_CALL, NOT_TRANSFERRED, TRANSFER_UNFINISHED
from callsim.engines.compiled.rows import X_AGENT, X_ARRIVED, X_ENDED, X_HANDLE_END, X_INDEX, X_LEFT, X_TALK_END, X_WHO
from callsim.engines.compiled.tally import (
    DONE,
    FOLD_GROUP_STAYS,
    FOLD_SINGLES,
    N_GROUPS,
    N_STREAMS,
    ROOM,
    SINGLE_BINS,
    Tally,
)
from callsim.engines.compiled.tally_rows import (
    U1,
    U8,
    U16,
    U24,
    U28,
    U36,
    U40,
    add_answer,
    add_digest,
    add_wait,
    add_waiting,
    both,
    mixed,
    part_of,
)
from callsim.engines.compiled.tally_waits import count_wait, has_room
from callsim.runlog.sums import (
    ABANDONED_WAIT,
    CONTACT_LEGS,
    FIRST_OUTCOME,
    HOLD,
    LONGEST,
    PASSED_ON,
    UNANSWERED_WAIT,
    WAIT,
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
def _hashes(t: Any, u: Any, eight: Any, lane: Any) -> Any:
    """Return the hashes of the contact and of the leg that a row stands for: those of full rows."""
    keys = t.keys
    index, who, arrived = u[eight, X_INDEX * 8 + lane], u[eight, X_WHO * 8 + lane], u[eight, X_ARRIVED * 8 + lane]
    left, agent, ended = u[eight, X_LEFT * 8 + lane], u[eight, X_AGENT * 8 + lane], u[eight, X_ENDED * 8 + lane]
    stream, block = (who >> U24) & _LOW8, who >> _TURN32
    queue = np.uint64(t.called[np.int64(stream)]) + U1
    outcome = _ABANDONED if agent == _MISSING else _ANSWERED
    codes = outcome + _CAUSE + (queue << U16) + ((stream + U1) << U28) + ((block << U40) | (block >> U24))
    contact = both(index + (((who & _LOW24) + U1) << U36), arrived, keys, 0, 0) + both(codes, ended, keys, 0, 2)
    codes = outcome + (_UNFINISHED if ended == _MISSING else _NO_TRANSFER) + (queue << U8) + ((agent + U1) << U36)
    leg = both(index + _LEG, arrived, keys, 1, 0) + both(codes, left, keys, 1, 2)
    leg += both(u[eight, X_TALK_END * 8 + lane], u[eight, X_HANDLE_END * 8 + lane], keys, 1, 4)
    return mixed(contact), mixed(leg)


@apart
def _add_hashes(t: Any, rows: Any, n: Any) -> None:
    """Add the hashes of the contacts and legs that the rows stand for."""
    u = rows.view(np.uint64)
    contacts, legs = np.uint64(0), np.uint64(0)
    for eight in range(n >> 3):
        for lane in range(8):
            contact, leg = _hashes(t, u, eight, lane)
            contacts += contact
            legs += leg
    for lane in range(n & 7):
        contact, leg = _hashes(t, u, n >> 3, lane)
        contacts += contact
        legs += leg
    add_digest(t, 0, n, contacts)
    add_digest(t, 1, n, legs)


@finished
def count_singles(t: Tally, rows: Any, n: Any) -> Any:
    """Add the first `n` single visits of a buffer.

    Parameters
    ----------
    t : Tally
    rows : int64[eight visits, SINGLE_WIDTH * SIDE_BY_SIDE]
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
    facts, groups = t.singles, t.scalars[N_GROUPS]
    columns = groups + 1
    # Neighbours arrive at nearly the same time: the part of the last one is looked at first.
    since, until, part, base, busy = 0, -1, 0, 0, 0
    for i in range(n):
        eight, lane = i >> 3, i & 7
        arrived, left = rows[eight, X_ARRIVED * 8 + lane], rows[eight, X_LEFT * 8 + lane]
        agent = rows[eight, X_AGENT * 8 + lane]
        if arrived < since or arrived >= until:
            part = part_of(t, arrived)
            since, until = t.edges[part], t.edges[part + 1]
            base = t.folds[FOLD_SINGLES, part] * t.scalars[N_STREAMS] * columns
            busy = t.folds[FOLD_GROUP_STAYS, part] * groups
        stream = (rows[eight, X_WHO * 8 + lane] >> 24) & 255
        key, wait = base + stream * columns, left - arrived
        if agent >= 0:
            group = t.group[agent]
            talk_end, handle_end = rows[eight, X_TALK_END * 8 + lane], rows[eight, X_HANDLE_END * 8 + lane]
            key += 1 + group
            add_answer(t, facts, key, group, (left, talk_end, handle_end), busy, until)
        else:
            facts[key, FIRST_OUTCOME + ABANDONED] += 1
            t.totals[UNANSWERED_WAIT] += wait
        if wait > 0:
            add_waiting(t, stream, t.called[stream], arrived, left, part, until)
            add_wait(facts, key, agent >= 0, wait, t.stream_limits[stream, 0], t.stream_limits[stream, 1])
            count_wait(t, t.single_waits, SINGLE_BINS, key, wait)
    return DONE


@jit
def settle(t: Tally) -> None:
    """Add the facts of all single visits to those of contacts and of visits, once, when all rows are counted."""
    facts = t.singles
    for key in range(facts.shape[0]):
        if facts[key, FIRST_OUTCOME + ANSWERED] + facts[key, FIRST_OUTCOME + ABANDONED] == 0:
            continue
        contact, leg = t.single_contact[key], t.single_leg[key]
        longest = max(t.contacts[contact, LONGEST], facts[key, LONGEST])
        longest_leg = max(t.legs[leg, LONGEST], facts[key, LONGEST])
        for fact in range(PASSED_ON):
            t.contacts[contact, fact] += facts[key, fact]
            t.legs[leg, fact] += facts[key, fact]
        t.contacts[contact, LONGEST], t.legs[leg, LONGEST] = longest, longest_leg
        t.contacts[contact, HOLD] += facts[key, WAIT] + facts[key, ABANDONED_WAIT]
