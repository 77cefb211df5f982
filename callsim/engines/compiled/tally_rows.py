"""Adding rows to a tally: one walk over the contacts, one over the legs, one over the spans of a buffer.

The three functions `count_contacts`, `count_legs` and `count_spans` write the sums of a `Tally` and return `DONE`,
or `ROOM` before anything was counted if the bins of the tally might not have room for so many rows; then
`callsim.engines.compiled.tally.roomier` gives a larger one. What most calls share is cheap: a call that did not
wait adds to no wait, no bin and no maximum, because zeros are what is left when everything else is known.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from callsim.engines.compiled.jit import apart, finished, inlined
from callsim.engines.compiled.plain import ABANDONED, ANSWERED, KEPT, NOT_TRANSFERRED, TOO_MANY_TRANSFERS
from callsim.engines.compiled.rows import (
    C_ARRIVED,
    C_ATTEMPT,
    C_BLOCK,
    C_CALLS,
    C_CAUSE,
    C_ENDED,
    C_FIRST_AT,
    C_HOLD,
    C_INDEX,
    C_LAST,
    C_LEGS,
    C_N,
    C_OUTCOME,
    C_PASSED_ON,
    C_QUEUE,
    C_REACHED,
    C_STREAM,
    C_TALK,
    C_WAIT,
    C_WORK,
    CUT_OFF,
    L_AGENT,
    L_ARRIVED,
    L_CONTACT,
    L_ENTERED,
    L_FATE,
    L_HANDLE_END,
    L_LEFT,
    L_LEG,
    L_OUTCOME,
    L_QUEUE,
    L_STREAM,
    L_TALK_END,
    L_TRANSFER,
    L_TRANSFER_ROW,
    MESSAGE,
    S_AGENT,
    S_END,
    S_KIND,
    S_START,
)
from callsim.engines.compiled.tally import (
    BUSY_UNTIL,
    CONTACT_BINS,
    DONE,
    FOLD_CONTACTS,
    FOLD_GROUP_STAYS,
    FOLD_LEGS,
    FOLD_QUEUE_STAYS,
    FOLD_STREAM_STAYS,
    HORIZON,
    LAST_SLOT,
    LEG_BINS,
    N_GROUPS,
    N_PAIRS,
    N_QUEUES,
    N_STREAMS,
    PRESENT,
    ROOM,
    SHIFT,
    TIME,
    Tally,
)
from callsim.engines.compiled.tally_waits import count_wait, has_room
from callsim.plan.plan import SECOND
from callsim.runlog.digest import MIX
from callsim.runlog.sums import (
    ABANDONED_LATE,
    ABANDONED_LONG,
    ABANDONED_WAIT,
    CALLERS_CALLS,
    CONTACT_LEGS,
    CUT_OFF_AFTER,
    FIRST_OUTCOME,
    FURTHER_CALLS,
    HELD_AN_HOUR,
    HOLD,
    LASTING,
    LASTING_FROM,
    LATE,
    LONGEST,
    MESSAGE_AFTER,
    N_SPAN_KINDS,
    PASSED_ON,
    REACHED,
    REPEATS,
    TALK,
    TURNED_AWAY,
    UNANSWERED_TALK,
    UNANSWERED_WAIT,
    UNANSWERED_WORK,
    WAIT,
    WORK,
)

__all__ = ["count_contacts", "count_legs", "count_spans"]

HOUR = 3600 * SECOND

U1, U4, U8, U16, U20, U24, U28 = (np.uint64(turn) for turn in (1, 4, 8, 16, 20, 24, 28))
U32, U36, U40, U44, U48, U56, U60 = (np.uint64(turn) for turn in (32, 36, 40, 44, 48, 56, 60))
U27, U30, U31 = (np.uint64(shift) for shift, _ in sorted(MIX))
M30, M27 = np.uint64(MIX[0][1]), np.uint64(MIX[1][1])


@inlined
def both(first: Any, second: Any, keys: Any, table: int, word: int) -> Any:
    """Return the product that two words add to a row's hash; see `callsim.runlog.digest`."""
    return (first + first + keys[table, word]) * (second + second + keys[table, word + 1])


@inlined
def mixed(h: Any) -> Any:
    """Return a row's hash from the sum of the products."""
    h = (h ^ (h >> U30)) * M30
    h = (h ^ (h >> U27)) * M27
    return h ^ (h >> U31)


@inlined
def contact_hash(u: Any, i: Any, keys: Any) -> Any:
    """Return the hash of a contact's row."""
    n, block, queue, stream = u[i, C_N] + U1, u[i, C_BLOCK] + U1, u[i, C_QUEUE] + U1, u[i, C_STREAM] + U1
    cause, attempt = u[i, C_CAUSE] + U1, u[i, C_ATTEMPT] + U1
    codes = u[i, C_OUTCOME] + ((cause << U4) | (cause >> U60)) + ((attempt << U8) | (attempt >> U56))
    codes += ((queue << U16) | (queue >> U48)) + ((stream << U28) | (stream >> U36)) + ((block << U40) | (block >> U24))
    h = both(u[i, C_INDEX] + ((n << U36) | (n >> U28)), u[i, C_ARRIVED], keys, 0, 0)
    return mixed(h + both(codes, u[i, C_ENDED], keys, 0, 2))


@inlined
def leg_hash(u: Any, i: Any, keys: Any) -> Any:
    """Return the hash of a leg's row."""
    leg, transfer, queue = u[i, L_LEG] + U1, u[i, L_TRANSFER] + U1, u[i, L_QUEUE] + U1
    row, agent = u[i, L_TRANSFER_ROW] + U1, u[i, L_AGENT] + U1
    codes = u[i, L_OUTCOME] + ((transfer << U4) | (transfer >> U60)) + ((queue << U8) | (queue >> U56))
    codes += ((row << U20) | (row >> U44)) + ((agent << U36) | (agent >> U28))
    h = both(u[i, L_CONTACT] + ((leg << U40) | (leg >> U24)), u[i, L_ENTERED], keys, 1, 0)
    return mixed(h + both(codes, u[i, L_LEFT], keys, 1, 2) + both(u[i, L_TALK_END], u[i, L_HANDLE_END], keys, 1, 4))


@inlined
def span_hash(u: Any, i: Any, keys: Any) -> Any:
    """Return the hash of a span's row."""
    agent = u[i, S_AGENT] + U1
    named = u[i, S_KIND] + ((agent << U8) | (agent >> U56))
    return mixed(both(named, u[i, S_START], keys, 2, 0) + both(u[i, S_END], np.uint64(0), keys, 2, 2))


@inlined
def add_digest(t: Tally, table: int, n: Any, hashes: Any) -> Any:
    """Add the hashes of `n` rows of a table to its digest."""
    t.tables[table, 0] += n
    t.tables.view(np.uint64)[table, 1] += hashes


@inlined
def part_of(t: Tally, instant: Any) -> Any:
    """Return the part in which an instant >= 0 lies."""
    part = t.slots[min(instant >> t.scalars[SHIFT], t.scalars[LAST_SLOT])]
    while t.edges[part + 1] <= instant:
        part += 1
    return part


@inlined
def later_part(t: Tally, part: Any, instant: Any) -> Any:
    """Return the part in which an instant lies that is not before a part."""
    while t.edges[part + 1] <= instant:
        part += 1
    return part


@inlined
def add_stay(t: Tally, stays: Any, fold: int, n: Any, member: Any, start: Any, stop: Any) -> Any:
    """Add the time of a member from `start` to `stop` to the parts between."""
    add_stretch(t, stays, fold, n, member, (start, stop), (part_of(t, start), part_of(t, stop)))


@inlined
def add_stretch(t: Tally, stays: Any, fold: int, n: Any, member: Any, ends: Any, parts: Any) -> Any:
    """Add the time of a member to the parts in which it begins and ends, and between."""
    start, stop = ends
    first, last = t.folds[fold, parts[0]], t.folds[fold, parts[1]]
    if first == last:
        stays[first * n + member, TIME] += stop - start
    else:
        stays[first * n + member, TIME] += t.bounds[fold, first + 1] - start
        stays[last * n + member, TIME] += stop - t.bounds[fold, last]
        if last > first + 1:
            stays[(first + 1) * n + member, PRESENT] += 1
            stays[last * n + member, PRESENT] -= 1


@inlined
def add_waiting(t: Tally, stream: Any, queue: Any, start: Any, stop: Any, part: Any, until: Any) -> Any:
    """Add the time that a caller waited to the stream's and the queue's; it began in `part`, which ends at `until`."""
    if stop < until:
        t.stream_stays[t.folds[FOLD_STREAM_STAYS, part] * t.scalars[N_STREAMS] + stream, TIME] += stop - start
        t.queue_stays[t.folds[FOLD_QUEUE_STAYS, part] * t.scalars[N_QUEUES] + queue, TIME] += stop - start
    else:
        add_stay(t, t.stream_stays, FOLD_STREAM_STAYS, t.scalars[N_STREAMS], stream, start, stop)
        add_stay(t, t.queue_stays, FOLD_QUEUE_STAYS, t.scalars[N_QUEUES], queue, start, stop)


@inlined
def add_answer(t: Tally, facts: Any, key: Any, group: Any, times: Any, busy: Any, part: Any, until: Any) -> Any:
    """Add an answered call, and the time in which the group handled it, which `busy` counts if it ends before `until`.

    The caller entered the queue in `part`, which ends then.
    `times` are the instants of the answer, of the end of the talk and of that of all work.
    """
    answered, talk_end, handle_end = times
    facts[key, FIRST_OUTCOME + ANSWERED] += 1
    facts[key, TALK] += talk_end - answered
    facts[key, WORK] += handle_end - talk_end
    stop = min(handle_end, t.scalars[BUSY_UNTIL])
    if stop < until:
        t.busy_stays[busy + group, TIME] += stop - answered
    else:
        then = later_part(t, part, answered)
        parts = then, later_part(t, then, stop)
        add_stretch(t, t.busy_stays, FOLD_GROUP_STAYS, t.scalars[N_GROUPS], group, (answered, stop), parts)


@inlined
def add_wait(facts: Any, key: Any, answered: Any, wait: Any, acceptable: Any, short: Any) -> Any:
    """Add what an answered or abandoned call that waited says besides its bin."""
    facts[key, LONGEST] = max(facts[key, LONGEST], wait)
    if answered:
        facts[key, WAIT] += wait
        facts[key, LATE] += wait > acceptable
        facts[key, HELD_AN_HOUR] += wait >= HOUR
    else:
        facts[key, ABANDONED_WAIT] += wait
        facts[key, ABANDONED_LATE] += wait > acceptable
        facts[key, ABANDONED_LONG] += wait > short


@inlined
def add_caller(t: Tally, rows: Any, i: Any, key: Any, stream: Any) -> Any:
    """Add what a contact says that is not both the first and the last of its caller, or was passed on."""
    facts = t.contacts
    facts[key, PASSED_ON] += rows[i, C_PASSED_ON]
    if rows[i, C_ATTEMPT] == 0 and rows[i, C_LAST] == 1:
        return
    facts[key, REPEATS] += rows[i, C_ATTEMPT] > 0
    facts[key, REACHED] -= rows[i, C_OUTCOME] == ANSWERED
    facts[key, HOLD] -= rows[i, C_WAIT]
    t.totals[CALLERS_CALLS] -= 1
    if rows[i, C_LAST] == 1:
        first = t.folds[FOLD_CONTACTS, part_of(t, rows[i, C_FIRST_AT])] * t.scalars[N_STREAMS] + stream
        facts[first, REACHED] += rows[i, C_REACHED]
        facts[first, HOLD] += rows[i, C_HOLD]
        facts[first, FURTHER_CALLS] += rows[i, C_CALLS] - 1
        t.totals[CALLERS_CALLS] += rows[i, C_CALLS]


def _adding(hash_of: Callable[..., Any], table: int) -> Callable[..., Any]:
    """Return a function that adds the hashes of the first rows of a buffer to the digest of a table."""

    @apart
    def add_hashes(t: Tally, rows: Any, n: Any) -> None:
        u, hashes = rows.view(np.uint64), np.uint64(0)
        for i in range(n):
            hashes += hash_of(u, i, t.keys)
        add_digest(t, table, n, hashes)

    return add_hashes


_add_contact_hashes, _add_leg_hashes = _adding(contact_hash, 0), _adding(leg_hash, 1)


@finished
def count_contacts(t: Tally, rows: Any, n: Any) -> Any:
    """Add the first `n` contacts of a buffer.

    Parameters
    ----------
    t : Tally
    rows : int64[row, CONTACT_WIDTH]
        See `callsim.engines.compiled.rows`.
    n : int

    Returns
    -------
    int
        `DONE`, or `ROOM` if nothing was counted for want of room.
    """
    if not has_room(t, t.contact_waits, t.contact_bins, t.contact_places, CONTACT_BINS, n):
        return ROOM
    _add_contact_hashes(t, rows, n)
    facts, legs = t.contacts, 0
    # Neighbours arrive at nearly the same time: the part of the last one is looked at first.
    since, until, base = 0, -1, 0
    for i in range(n):
        arrived, outcome, wait = rows[i, C_ARRIVED], rows[i, C_OUTCOME], rows[i, C_WAIT]
        if arrived < since or arrived >= until:
            part = part_of(t, arrived)
            since, until = t.edges[part], t.edges[part + 1]
            base = t.folds[FOLD_CONTACTS, part] * t.scalars[N_STREAMS]
        stream = rows[i, C_STREAM]
        key = base + stream
        legs += rows[i, C_LEGS]
        if outcome == ANSWERED:
            facts[key, FIRST_OUTCOME + ANSWERED] += 1
            facts[key, TALK] += rows[i, C_TALK]
            facts[key, WORK] += rows[i, C_WORK]
        else:
            facts[key, (FIRST_OUTCOME if rows[i, C_LEGS] > 0 else TURNED_AWAY) + outcome] += 1
            t.totals[UNANSWERED_WAIT] += wait
            t.totals[UNANSWERED_TALK] += rows[i, C_TALK]
            t.totals[UNANSWERED_WORK] += rows[i, C_WORK]
        if wait > 0:
            facts[key, HOLD] += wait
            if outcome in (ANSWERED, ABANDONED):
                limits = t.stream_limits
                add_wait(facts, key, outcome == ANSWERED, wait, limits[stream, 0], limits[stream, 1])
                count_wait(t, t.contact_waits, CONTACT_BINS, key, wait)
        if rows[i, C_ATTEMPT] | rows[i, C_PASSED_ON] | (1 - rows[i, C_LAST]) != 0:
            add_caller(t, rows, i, key, stream)
    t.totals[CONTACT_LEGS] += legs
    return DONE


@inlined
def add_fate(t: Tally, rows: Any, i: Any, key: Any) -> Any:
    """Add what the transfer at the end of an answered visit has done to the caller."""
    transfer, fate = rows[i, L_TRANSFER], rows[i, L_FATE]
    # Whether he is passed on is a toss-up where these rows are few: it is added without a branch.
    t.legs[key, PASSED_ON] += (transfer != NOT_TRANSFERRED) & (transfer != KEPT) & (transfer < TOO_MANY_TRANSFERS)
    if fate != 0:
        t.legs[key, CUT_OFF_AFTER] += fate == CUT_OFF
        t.legs[key, MESSAGE_AFTER] += fate == MESSAGE


@finished
def count_legs(t: Tally, rows: Any, n: Any) -> Any:
    """Add the first `n` legs of a buffer; parameters and return value as those of `count_contacts`."""
    if not has_room(t, t.leg_waits, t.leg_bins, t.leg_places, LEG_BINS, n):
        return ROOM
    _add_leg_hashes(t, rows, n)
    _add_legs(t, rows, n)
    return DONE


@apart
def _add_legs(t: Tally, rows: Any, n: Any) -> None:
    """Add what the first legs of a buffer say, for which there is room."""
    facts, groups, pairs = t.legs, t.scalars[N_GROUPS], t.scalars[N_PAIRS]
    warm_up = t.edges[1]
    since, until, part, base, busy = 0, -1, 0, 0, 0
    for i in range(n):
        queue, entered, left, outcome = rows[i, L_QUEUE], rows[i, L_ENTERED], rows[i, L_LEFT], rows[i, L_OUTCOME]
        if entered < since or entered >= until:
            part = part_of(t, entered)
            since, until = t.edges[part], t.edges[part + 1]
            base, busy = t.folds[FOLD_LEGS, part] * pairs, t.folds[FOLD_GROUP_STAYS, part] * groups
        key = base if rows[i, L_ARRIVED] >= warm_up else 0
        if left < 0:
            left = max(entered, t.scalars[HORIZON])
            t.lasting[queue, LASTING] += 1
            t.lasting[queue, LASTING_FROM] += left
        wait, answered = left - entered, outcome == ANSWERED
        if answered:
            group = t.group[rows[i, L_AGENT]]
            key += t.pair[queue, 1 + group]
            add_answer(t, facts, key, group, (left, rows[i, L_TALK_END], rows[i, L_HANDLE_END]), busy, part, until)
            add_fate(t, rows, i, key)
        else:
            key += t.pair[queue, 0]
            facts[key, FIRST_OUTCOME + outcome] += 1
        if wait > 0:
            add_waiting(t, rows[i, L_STREAM], queue, entered, left, part, until)
            if answered or outcome == ABANDONED:
                add_wait(facts, key, answered, wait, t.queue_limits[queue, 0], t.queue_limits[queue, 1])
                count_wait(t, t.leg_waits, LEG_BINS, key, wait)


@finished
def count_spans(t: Tally, rows: Any, n: Any) -> Any:
    """Add the first `n` spans of a buffer; there is always room."""
    u = rows.view(np.uint64)
    hashes = np.uint64(0)
    groups = t.scalars[N_GROUPS]
    for i in range(n):
        hashes += span_hash(u, i, t.keys)
        start = max(rows[i, S_START], 0)
        stop = max(rows[i, S_END] if rows[i, S_END] >= 0 else t.scalars[HORIZON], start)
        member = rows[i, S_KIND] * groups + t.group[rows[i, S_AGENT]]
        add_stay(t, t.span_stays, FOLD_GROUP_STAYS, N_SPAN_KINDS * groups, member, start, stop)
    add_digest(t, 2, n, hashes)
    return DONE
