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

from callsim.codes import Outcome, TransferResult
from callsim.engines.compiled.jit import compiling, inlined, jit
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
    S_AGENT,
    S_END,
    S_KIND,
    S_START,
)
from callsim.engines.compiled.tally import (
    BUSY_UNTIL,
    CONTACT_BINS,
    FILLED,
    FOLD_CONTACTS,
    FOLD_GROUP_STAYS,
    FOLD_LEGS,
    FOLD_QUEUE_STAYS,
    FOLD_STREAM_STAYS,
    HORIZON,
    LAST_SLOT,
    LEG_BINS,
    MASK,
    N_GROUPS,
    N_PAIRS,
    N_QUEUES,
    N_STREAMS,
    SHIFT,
    Tally,
)
from callsim.plan.plan import SECOND
from callsim.runlog.sums import (
    ABANDONED_LATE,
    ABANDONED_LONG,
    ABANDONED_WAIT,
    BINS,
    CALLERS_CALLS,
    CALLERS_HOLD,
    CONTACT_LEGS,
    CONTACT_TALK,
    CONTACT_WAIT,
    CONTACT_WORK,
    CUT_OFF_AFTER,
    FIRST_OUTCOME,
    FURTHER_CALLS,
    HELD_AN_HOUR,
    HOLD,
    LASTING,
    LASTING_FROM,
    LATE,
    LEG_TALK,
    LEG_WORK,
    LONGEST,
    MESSAGE_AFTER,
    N_SPAN_KINDS,
    PASSED_ON,
    PRESENT,
    REACHED,
    REPEATS,
    TALK,
    TIME,
    TURNED_AWAY,
    WAIT,
    WORK,
)

__all__ = ["DONE", "ROOM", "count_contacts", "count_legs", "count_spans", "place_of"]

DONE, ROOM = range(2)

ANSWERED = int(Outcome.ANSWERED)
ABANDONED = int(Outcome.ABANDONED)
NOT_TRANSFERRED = int(TransferResult.NONE)
KEPT = int(TransferResult.KEPT_TARGET_CLOSED)
FIRST_KEPT_AGAIN = int(TransferResult.TOO_MANY_TRANSFERS)
"""From here on codes of callers who were not passed on."""
HOUR = 3600 * SECOND

U1, U4, U8, U16, U32, U40, U48 = (np.uint64(turn) for turn in (1, 4, 8, 16, 32, 40, 48))
U24, U56, U60, U27, U30, U31 = (np.uint64(turn) for turn in (24, 56, 60, 27, 30, 31))
M1, M2 = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
SPREAD = 0x1E3779B97F4A7C15
"""An odd constant whose products spread keys over the high bits."""
SPREAD_SHIFT = 24


@inlined
def mixed(h: Any) -> Any:
    """Return the finaliser of a row's hash; see `callsim.runlog.digest.MIX`."""
    h = (h ^ (h >> U30)) * M1
    h = (h ^ (h >> U27)) * M2
    return h ^ (h >> U31)


@inlined
def part_of(t: Tally, instant: Any) -> Any:
    """Return the part in which an instant >= 0 lies."""
    part = t.slots[min(instant >> t.scalars[SHIFT], t.scalars[LAST_SLOT])]
    while t.edges[part + 1] <= instant:
        part += 1
    return part


@inlined
def bin_of(wait: Any) -> Any:
    """Return the bin of a wait above zero, as `callsim.measures.bins.bin_of` does."""
    seconds = (wait - 1) // SECOND
    octave = 0
    while seconds >> octave >= 256:
        octave += 1
    return 1 + 128 * octave + (seconds >> octave)


@inlined
def place_of(bins: Any, mask: Any, mark: Any) -> Any:
    """Return the place of a mark in a table of bins, or the free place where it belongs."""
    place = ((mark * SPREAD) >> SPREAD_SHIFT) & mask
    while bins[place, 0] != mark and bins[place, 0] != 0:
        place = (place + 1) & mask
    return place


@inlined
def count_wait(t: Tally, bins: Any, places: Any, row: int, key: Any, wait: Any) -> Any:
    """Add one wait above zero to its bin."""
    mark = key * BINS + bin_of(wait) + 1
    place = place_of(bins, t.filled[row, MASK], mark)
    if bins[place, 0] == 0:
        bins[place, 0] = mark
        places[t.filled[row, FILLED]] = place
        t.filled[row, FILLED] += 1
    bins[place, 1] += 1


@inlined
def add_stay(t: Tally, stays: Any, fold: int, n: Any, member: Any, a: Any, start: Any, b: Any, stop: Any) -> Any:
    """Add the time of a member from `start`, in part `a`, to `stop`, in part `b`, to the parts between."""
    first, last = t.folds[fold, a], t.folds[fold, b]
    if first == last:
        stays[first * n + member, TIME] += stop - start
    else:
        stays[first * n + member, TIME] += t.bounds[fold, first + 1] - start
        stays[last * n + member, TIME] += stop - t.bounds[fold, last]
        stays[(first + 1) * n + member, PRESENT] += 1
        stays[last * n + member, PRESENT] -= 1


@inlined
def add_answered(facts: Any, key: Any, wait: Any, acceptable: Any) -> Any:
    """Add what an answered call that waited says besides its bin."""
    facts[key, WAIT] += wait
    facts[key, LATE] += wait > acceptable
    facts[key, HELD_AN_HOUR] += wait >= HOUR
    facts[key, LONGEST] = max(facts[key, LONGEST], wait)


@inlined
def add_abandoned(facts: Any, key: Any, wait: Any, acceptable: Any, short: Any) -> Any:
    """Add what an abandoned call says besides its bin."""
    facts[key, ABANDONED_WAIT] += wait
    facts[key, ABANDONED_LATE] += wait > acceptable
    facts[key, ABANDONED_LONG] += wait > short
    facts[key, LONGEST] = max(facts[key, LONGEST], wait)


@inlined
def add_contact(t: Tally, rows: Any, i: Any, part: Any, stream: Any) -> Any:
    """Add a contact to the facts of its stream and part."""
    facts = t.contacts
    key = t.folds[FOLD_CONTACTS, part] * t.scalars[N_STREAMS] + stream
    outcome, wait = rows[i, C_OUTCOME], rows[i, C_WAIT]
    if rows[i, C_LEGS] == 0:
        facts[key, TURNED_AWAY + outcome] += 1
    else:
        facts[key, FIRST_OUTCOME + outcome] += 1
        facts[key, PASSED_ON] += rows[i, C_PASSED_ON]
    if outcome == ANSWERED:
        facts[key, TALK] += rows[i, C_TALK]
        facts[key, WORK] += rows[i, C_WORK]
        if wait > 0:
            add_answered(facts, key, wait, t.stream_limits[stream, 0])
            count_wait(t, t.contact_bins, t.contact_places, CONTACT_BINS, key, wait)
    elif outcome == ABANDONED and wait > 0:
        add_abandoned(facts, key, wait, t.stream_limits[stream, 0], t.stream_limits[stream, 1])
        count_wait(t, t.contact_bins, t.contact_places, CONTACT_BINS, key, wait)
    return key


@inlined
def add_caller(t: Tally, rows: Any, i: Any, key: Any, stream: Any) -> Any:
    """Add what a contact says of its caller; most callers have one contact, and `hold` is its wait."""
    facts = t.contacts
    if rows[i, C_ATTEMPT] == 0 and rows[i, C_LAST] == 1:
        facts[key, HOLD] += rows[i, C_HOLD]
        return
    facts[key, REPEATS] += rows[i, C_ATTEMPT] > 0
    facts[key, REACHED] -= rows[i, C_OUTCOME] == ANSWERED
    if rows[i, C_LAST] == 1:
        first = t.folds[FOLD_CONTACTS, part_of(t, rows[i, C_FIRST_AT])] * t.scalars[N_STREAMS] + stream
        facts[first, REACHED] += rows[i, C_REACHED]
        facts[first, HOLD] += rows[i, C_HOLD]
        facts[first, FURTHER_CALLS] += rows[i, C_CALLS] - 1


@inlined
def contact_hash(u: Any, i: Any, keys: Any, lane: int) -> Any:
    """Return the hash of a contact's row; see `callsim.runlog.digest.WORDS`."""
    block, queue, stream = u[i, C_BLOCK] + U1, u[i, C_QUEUE] + U1, u[i, C_STREAM] + U1
    cause, attempt = u[i, C_CAUSE] + U1, u[i, C_ATTEMPT] + U1
    named = u[i, C_N] + ((block << U32) | (block >> U32))
    codes = u[i, C_OUTCOME] + ((cause << U8) | (cause >> U56)) + ((attempt << U16) | (attempt >> U48))
    codes += ((queue << U32) | (queue >> U32)) + ((stream << U48) | (stream >> U16))
    h = keys[0, lane, 0] + keys[0, lane, 1] * u[i, C_INDEX] + keys[0, lane, 2] * named + keys[0, lane, 3] * codes
    return mixed(h + keys[0, lane, 4] * u[i, C_ARRIVED] + keys[0, lane, 5] * u[i, C_ENDED])


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
    if len(t.contact_places) - t.filled[CONTACT_BINS, FILLED] < n:
        return ROOM
    u = rows.view(np.uint64)
    legs, wait, talk, work, calls, hold = 0, 0, 0, 0, 0, 0
    one, two = np.uint64(0), np.uint64(0)
    for i in range(n):
        one += contact_hash(u, i, t.keys, 0)
        two += contact_hash(u, i, t.keys, 1)
        stream = rows[i, C_STREAM]
        key = add_contact(t, rows, i, part_of(t, rows[i, C_ARRIVED]), stream)
        add_caller(t, rows, i, key, stream)
        legs += rows[i, C_LEGS]
        wait += rows[i, C_WAIT]
        talk += rows[i, C_TALK]
        work += rows[i, C_WORK]
        calls += rows[i, C_LAST] * rows[i, C_CALLS]
        hold += rows[i, C_LAST] * rows[i, C_HOLD]
    t.totals[CONTACT_LEGS] += legs
    t.totals[CONTACT_WAIT] += wait
    t.totals[CONTACT_TALK] += talk
    t.totals[CONTACT_WORK] += work
    t.totals[CALLERS_CALLS] += calls
    t.totals[CALLERS_HOLD] += hold
    add_digest(t, 0, n, one, two)
    return DONE


@inlined
def add_digest(t: Tally, table: int, n: Any, one: Any, two: Any) -> Any:
    """Add the hashes of `n` rows of a table to its digest."""
    t.tables[table, 0] += n
    lanes = t.tables.view(np.uint64)
    lanes[table, 1] += one
    lanes[table, 2] += two


@inlined
def leg_hash(u: Any, i: Any, keys: Any, lane: int) -> Any:
    """Return the hash of a leg's row; see `callsim.runlog.digest.WORDS`."""
    leg, transfer, queue = u[i, L_LEG] + U1, u[i, L_TRANSFER] + U1, u[i, L_QUEUE] + U1
    row, agent = u[i, L_TRANSFER_ROW] + U1, u[i, L_AGENT] + U1
    named = u[i, L_CONTACT] + ((leg << U48) | (leg >> U16))
    codes = u[i, L_OUTCOME] + ((transfer << U4) | (transfer >> U60)) + ((queue << U8) | (queue >> U56))
    codes += ((row << U24) | (row >> U40)) + ((agent << U40) | (agent >> U24))
    h = keys[1, lane, 0] + keys[1, lane, 1] * named + keys[1, lane, 2] * codes + keys[1, lane, 3] * u[i, L_ENTERED]
    h += keys[1, lane, 4] * u[i, L_LEFT] + keys[1, lane, 5] * u[i, L_TALK_END]
    return mixed(h + keys[1, lane, 6] * u[i, L_HANDLE_END])


@inlined
def add_answer(t: Tally, rows: Any, i: Any, part: Any, kept: Any, gone: Any, wait: Any) -> Any:
    """Add an answered visit to the facts of its queue, group and part, and to the group's work."""
    facts, queue, left = t.legs, rows[i, L_QUEUE], rows[i, L_LEFT]
    group = t.group[rows[i, L_AGENT]]
    key = kept * t.scalars[N_PAIRS] + t.pair[queue, 1 + group]
    facts[key, FIRST_OUTCOME + ANSWERED] += 1
    facts[key, TALK] += rows[i, L_TALK_END] - left
    facts[key, WORK] += rows[i, L_HANDLE_END] - rows[i, L_TALK_END]
    if wait > 0:
        add_answered(facts, key, wait, t.queue_limits[queue, 0])
        count_wait(t, t.leg_bins, t.leg_places, LEG_BINS, key, wait)
    transfer = rows[i, L_TRANSFER]
    if transfer not in (NOT_TRANSFERRED, KEPT) and transfer < FIRST_KEPT_AGAIN:
        facts[key, PASSED_ON] += 1
    fate = rows[i, L_FATE]
    if fate != 0:
        facts[key, CUT_OFF_AFTER if fate == CUT_OFF else MESSAGE_AFTER] += 1
    stop = min(rows[i, L_HANDLE_END], t.scalars[BUSY_UNTIL])
    last = gone if stop < t.edges[gone + 1] else part_of(t, stop)
    add_stay(t, t.busy_stays, FOLD_GROUP_STAYS, t.scalars[N_GROUPS], group, gone, left, last, stop)


@inlined
def add_loss(t: Tally, rows: Any, i: Any, kept: Any, wait: Any) -> Any:
    """Add a visit that was not answered."""
    facts, queue, outcome = t.legs, rows[i, L_QUEUE], rows[i, L_OUTCOME]
    key = kept * t.scalars[N_PAIRS] + t.pair[queue, 0]
    facts[key, FIRST_OUTCOME + outcome] += 1
    if outcome == ABANDONED and wait > 0:
        add_abandoned(facts, key, wait, t.queue_limits[queue, 0], t.queue_limits[queue, 1])
        count_wait(t, t.leg_bins, t.leg_places, LEG_BINS, key, wait)


def count_legs(t: Tally, rows: Any, n: Any) -> Any:
    """Add the first `n` legs of a buffer; parameters and return value as those of `count_contacts`."""
    if len(t.leg_places) - t.filled[LEG_BINS, FILLED] < n:
        return ROOM
    u = rows.view(np.uint64)
    talk, work = 0, 0
    one, two = np.uint64(0), np.uint64(0)
    warm_up, horizon = t.edges[1], t.scalars[HORIZON]
    for i in range(n):
        one += leg_hash(u, i, t.keys, 0)
        two += leg_hash(u, i, t.keys, 1)
        queue, entered, left = rows[i, L_QUEUE], rows[i, L_ENTERED], rows[i, L_LEFT]
        part = part_of(t, entered)
        kept = t.folds[FOLD_LEGS, part] if rows[i, L_ARRIVED] >= warm_up else 0
        if left < 0:
            left = max(entered, horizon)
            t.lasting[queue, LASTING] += 1
            t.lasting[queue, LASTING_FROM] += left
        wait = left - entered
        gone = part
        if wait > 0:
            gone = part_of(t, left)
            stream = rows[i, L_STREAM]
            add_stay(t, t.stream_stays, FOLD_STREAM_STAYS, t.scalars[N_STREAMS], stream, part, entered, gone, left)
            add_stay(t, t.queue_stays, FOLD_QUEUE_STAYS, t.scalars[N_QUEUES], queue, part, entered, gone, left)
        if rows[i, L_OUTCOME] == ANSWERED:
            add_answer(t, rows, i, part, kept, gone, wait)
            talk += rows[i, L_TALK_END] - left
            work += rows[i, L_HANDLE_END] - rows[i, L_TALK_END]
        else:
            add_loss(t, rows, i, kept, wait)
    t.totals[LEG_TALK] += talk
    t.totals[LEG_WORK] += work
    add_digest(t, 1, n, one, two)
    return DONE


@inlined
def span_hash(u: Any, i: Any, keys: Any, lane: int) -> Any:
    """Return the hash of a span's row; see `callsim.runlog.digest.WORDS`."""
    agent = u[i, S_AGENT] + U1
    named = u[i, S_KIND] + ((agent << U8) | (agent >> U56))
    h = keys[2, lane, 0] + keys[2, lane, 1] * named
    return mixed(h + keys[2, lane, 2] * u[i, S_START] + keys[2, lane, 3] * u[i, S_END])


def count_spans(t: Tally, rows: Any, n: Any) -> Any:
    """Add the first `n` spans of a buffer; there is always room."""
    u = rows.view(np.uint64)
    one, two = np.uint64(0), np.uint64(0)
    horizon, groups = t.scalars[HORIZON], t.scalars[N_GROUPS]
    for i in range(n):
        one += span_hash(u, i, t.keys, 0)
        two += span_hash(u, i, t.keys, 1)
        start = max(rows[i, S_START], 0)
        stop = max(rows[i, S_END] if rows[i, S_END] >= 0 else horizon, start)
        member = rows[i, S_KIND] * groups + t.group[rows[i, S_AGENT]]
        n_members = N_SPAN_KINDS * groups
        first, last = part_of(t, start), part_of(t, stop)
        add_stay(t, t.span_stays, FOLD_GROUP_STAYS, n_members, member, first, start, last, stop)
    add_digest(t, 2, n, one, two)
    return DONE


def _finished(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compile a function; as plain Python, let its sums pass over 2^64 in silence, as in compiled code."""
    if compiling():
        return jit(function)
    return np.errstate(over="ignore")(function)


count_contacts = _finished(count_contacts)
count_legs = _finished(count_legs)
count_spans = _finished(count_spans)
