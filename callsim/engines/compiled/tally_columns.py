"""From a tally to the figures that are wanted: its facts are added up by columns, and figures are made of them.

A column is one member (a stream, a queue or a group) in one cell of time (`callsim.plan.finest.columns`). What is
kept by part of the time, and by pairs of queue and group, is first added to the columns in which it counts; then each
figure of all columns is made of the facts that a `callsim.runlog.sums.Wanted` names, and the centre's are added up.
"""

from __future__ import annotations

from typing import Any

from callsim.engines.compiled.jit import inlined, jit
from callsim.engines.compiled.plain import ABANDONED, ANSWERED
from callsim.engines.compiled.tally import (
    FOLD_GROUP_STAYS,
    FOLD_QUEUE_STAYS,
    FOLD_STREAM_STAYS,
    N_PAIRS,
    PRESENT,
    TIME,
    Tally,
)
from callsim.plan.finest import GROUPS, QUEUES, STREAMS
from callsim.runlog.sums import (
    ALL_GROUPS,
    ALL_STREAMS,
    CALLED,
    CONTACT_FACTS,
    FIRST_OUTCOME,
    GROUP_WINDOW,
    HANDLING,
    LEG_FACTS,
    LONGEST,
    QUEUE_WAITING,
    QUEUE_WINDOW,
    SPAN_TIME,
    STREAM_WAITING,
    STREAM_WINDOW,
)

__all__ = ["make_figures"]

_AT_ONCE = 8
"""Columns that are turned over together: the facts of one fill a cache line."""


@jit
def add_parts(facts: Any, n: Any, columns: Any, sums: Any) -> Any:
    """Add up the facts of things over the parts of the time.

    Parameters
    ----------
    facts : int64[part * things + thing, fact]
    n : int
        Facts of a thing.
    columns : int64[kind of cell, part * things + thing]
        The first kind is the whole window: it counts there, in a column of whatever number, or does not; -1.
    sums : int64[things and as many more, fact]
        Sums over the parts that do not count there, and over those that do.
    """
    things = sums.shape[0] // 2
    flat, added = facts.flat, sums.flat
    for cell in range(2 * things * n):
        added[cell] = 0
    for first in range(0, facts.shape[0], things):
        here, there = first * n, things * n if columns[0, first] >= 0 else 0
        # One long loop over the facts of all things.
        for cell in range(things * n):
            added[there + cell] += flat[here + cell]
    # The longest of all is no sum.
    for row in range(2 * things):
        sums[row, LONGEST] = 0
    for first in range(0, facts.shape[0], things):
        row = things if columns[0, first] >= 0 else 0
        for thing in range(things):
            sums[row + thing, LONGEST] = max(sums[row + thing, LONGEST], facts[first + thing, LONGEST])


@inlined
def add_facts(facts: Any, key: Any, n: Any, to: Any, column: Any, first: Any) -> Any:
    """Add the `n` facts of a key of the tally to those of a column, which stand there from `first` on."""
    longest = max(to[column, first + LONGEST], facts[key, LONGEST])
    for fact in range(n):
        to[column, first + fact] += facts[key, fact]
    to[column, first + LONGEST] = longest


@jit
def add_contacts(t: Tally, r: Any) -> Any:
    """Add contacts to the columns of their streams and of the queues that they called."""
    # A number that is known only here keeps the loops over facts, which are short, for instructions on many at once.
    n, streams = r.contacts.shape[0], t.called.shape[0]
    add_parts(t.contacts, n, r.stream_columns, r.stream_sums)
    for stream in range(streams):
        for row in range(stream, 2 * streams, streams):
            for fact in range(n):
                r.contacts[fact] += r.stream_sums[row, fact]
        add_facts(r.stream_sums, streams + stream, n, r.streams, stream, 0)
        add_facts(r.stream_sums, streams + stream, n, r.queues, t.called[stream], CALLED)
    for kind in range(1, r.stream_columns.shape[0]):
        for key in range(t.contacts.shape[0]):
            if r.stream_columns[kind, key] >= 0:
                add_facts(t.contacts, key, n, r.streams, r.stream_columns[kind, key], 0)
    for kind in range(1, r.called_columns.shape[0]):
        for key in range(t.contacts.shape[0]):
            if r.called_columns[kind, key] >= 0:
                add_facts(t.contacts, key, n, r.queues, r.called_columns[kind, key], CALLED)


@jit
def add_visits(t: Tally, r: Any) -> Any:
    """Add visits to the columns of their queues and of the groups that answered them."""
    pairs, n = t.scalars[N_PAIRS], r.visits.shape[0]
    add_parts(t.legs, n, r.queue_columns, r.pair_sums)
    for pair in range(pairs):
        group = r.answering[pair]
        for row in range(pair, 2 * pairs, pairs):
            for fact in range(n):
                r.visits[fact] += r.pair_sums[row, fact]
            if group >= 0:
                r.answers[group] += r.pair_sums[row, FIRST_OUTCOME + ANSWERED]
        add_facts(r.pair_sums, pairs + pair, n, r.queues, r.asked[pair], 0)
        if group >= 0:
            add_facts(r.pair_sums, pairs + pair, n, r.groups, group, 0)
    if r.queue_columns.shape[0] + r.group_columns.shape[0] == 2:
        return
    for key in range(t.legs.shape[0]):
        ended = 0
        for outcome in range(FIRST_OUTCOME, LONGEST):
            ended += t.legs[key, outcome]
        # Many a pair of queue and group does not meet in a part of the time.
        if ended == 0:
            continue
        for kind in range(1, r.queue_columns.shape[0]):
            if r.queue_columns[kind, key] >= 0:
                add_facts(t.legs, key, n, r.queues, r.queue_columns[kind, key], 0)
        for kind in range(1, r.group_columns.shape[0]):
            if r.group_columns[kind, key] >= 0:
                add_facts(t.legs, key, n, r.groups, r.group_columns[kind, key], 0)


@jit
def add_time(stays: Any, thing: Any, things: Any, bounds: Any, parts: Any, columns: Any, member: Any) -> Any:
    """Return the time of the stays of one thing of so many in the first `parts` parts that are kept.

    Parameters
    ----------
    stays : int64[part * things + thing, STAY_FACTS]
    thing, things : int
    bounds : int64[part + 1]
        [ticks]
    parts : int
    columns : tuple
        Columns int64[kind of cell, part * members + member], their facts, and the one to which the time is added.
    member : tuple
        To whom the thing belongs, and the number of members.
    """
    column_of, to, fact = columns
    row, members = member
    present, total, occurs = 0, 0, 0
    for part in range(parts):
        occurs |= stays[part * things + thing, PRESENT] | stays[part * things + thing, TIME]
    # Most kinds of spans are nobody's.
    if occurs == 0:
        return 0
    for part in range(parts):
        present += stays[part * things + thing, PRESENT]
        time = stays[part * things + thing, TIME] + present * (bounds[part + 1] - bounds[part])
        total += time
        for kind in range(column_of.shape[0]):
            column = column_of[kind, part * members + row]
            if column >= 0:
                to[column, fact] += time
    return total


@jit
def add_times(t: Tally, r: Any) -> Any:
    """Add the time of waiting to the columns of streams and queues, that of agents to those of groups."""
    streams, queues, groups = t.called.shape[0], t.pair.shape[0], t.pair.shape[1] - 1
    bounds = t.bounds[FOLD_STREAM_STAYS]
    columns = (r.stream_times, r.streams, STREAM_WAITING)
    parts = t.stream_stays.shape[0] // streams
    for stream in range(streams):
        add_time(t.stream_stays, stream, streams, bounds, parts, columns, (stream, streams))
    bounds = t.bounds[FOLD_QUEUE_STAYS]
    columns = (r.queue_times, r.queues, QUEUE_WAITING)
    parts = t.queue_stays.shape[0] // queues
    for queue in range(queues):
        r.queue_waiting[queue] = add_time(t.queue_stays, queue, queues, bounds, parts, columns, (queue, queues))
    bounds = t.bounds[FOLD_GROUP_STAYS]
    parts = t.busy_stays.shape[0] // groups
    for group in range(groups):
        columns = (r.group_times, r.groups, HANDLING)
        r.handling[group] = add_time(t.busy_stays, group, groups, bounds, parts, columns, (group, groups))
    for kind in range(r.span_time.shape[0]):
        columns = (r.group_times, r.groups, SPAN_TIME + kind)
        for group in range(groups):
            thing, things = kind * groups + group, r.span_time.shape[0] * groups
            r.span_time[kind, group] = add_time(
                t.span_stays, thing, things, bounds, parts - 1, columns, (group, groups)
            )


@inlined
def turn(facts: Any, turned: Any, occurs: Any) -> Any:
    """Write the facts of columns one fact behind the other: what is done to each column is done to neighbours.

    Most outcomes occur nowhere: such facts are marked and left out.
    """
    # The lesser of the two, known only here: for neighbouring facts many are looked at with one instruction.
    columns, n = facts.shape[0], min(facts.shape[1], occurs.shape[0])
    for fact in range(n):
        occurs[fact] = 0
    for column in range(columns):
        for fact in range(n):
            occurs[fact] |= facts[column, fact]
    for first in range(0, columns, _AT_ONCE):
        end = min(first + _AT_ONCE, columns)
        for fact in range(n):
            if occurs[fact] != 0:
                for column in range(first, end):
                    turned[fact, column] = facts[column, fact]


@inlined
def add_term(r: Any, figure: Any, term: Any, first: Any, columns: Any, is_first: Any) -> Any:
    """Add a fact, as often as it counts, to a figure of neighbouring columns."""
    fact, alike = r.facts[term], r.alike[term]
    if is_first and alike == 1:
        for column in range(columns):
            r.made[figure, first + column] = r.turned[fact, column]
        return
    if is_first:
        for column in range(columns):
            r.made[figure, first + column] = 0
    if alike == 1:
        for column in range(columns):
            r.made[figure, first + column] += r.turned[fact, column]
    elif alike == -1:
        for column in range(columns):
            r.made[figure, first + column] -= r.turned[fact, column]
    else:
        for column in range(columns):
            r.made[figure, first + column] += r.weights[r.member[first + column], term] * r.turned[fact, column]


@jit
def make(r: Any, facts: Any, of: Any, first: Any) -> Any:
    """Make all figures of the columns of streams, queues or groups; return the first column behind them."""
    turn(facts, r.turned, r.occurs)
    columns = facts.shape[0]
    for column in range(columns):
        waited = facts[column, FIRST_OUTCOME + ANSWERED] + facts[column, FIRST_OUTCOME + ABANDONED] > 0
        r.longest[first + column] = facts[column, LONGEST] if waited else -1
    for figure in range(r.made.shape[0]):
        begin, end, terms = r.starts[of, figure], r.starts[of, figure + 1], 0
        for term in range(begin, end):
            if r.occurs[r.facts[term]] != 0:
                add_term(r, figure, term, first, columns, terms == 0)
                terms += 1
        if terms == 0:
            for column in range(first, first + columns):
                r.made[figure, column] = 0
    return first + columns


@jit
def make_centre(r: Any) -> Any:
    """Add up the figures of the centre from those of streams and of groups."""
    for kind in range(r.centre.shape[0]):
        to, cells, streams, groups = r.centre[kind, 0], r.centre[kind, 1], r.centre[kind, 2], r.centre[kind, 3]
        for figure in range(r.made.shape[0]):
            # That of any member: of the first stream.
            first, members = streams, 1
            if r.source[figure] == ALL_STREAMS:
                members = r.n_streams[0]
            elif r.source[figure] == ALL_GROUPS:
                first, members = groups, r.answers.shape[0]
            for cell in range(cells):
                r.made[figure, to + cell] = r.made[figure, first + cell]
            for member in range(1, members):
                for cell in range(cells):
                    r.made[figure, to + cell] += r.made[figure, first + member * cells + cell]
        for cell in range(cells):
            r.longest[to + cell] = -1
        for member in range(r.n_streams[0]):
            for cell in range(cells):
                r.longest[to + cell] = max(r.longest[to + cell], r.longest[streams + member * cells + cell])


@inlined
def clear(facts: Any, n: Any) -> Any:
    """Forget the first `n` facts of all columns."""
    for column in range(facts.shape[0]):
        for fact in range(n):
            facts[column, fact] = 0


@jit
def make_figures(t: Tally, r: Any) -> Any:
    """Write the figures that are wanted, and what is said of the whole run.

    Parameters
    ----------
    t : Tally
        In which single visits are settled.
    r : callsim.engines.compiled.tally_sums.Results
    """
    clear(r.streams, STREAM_WINDOW)
    clear(r.queues, QUEUE_WINDOW)
    clear(r.groups, GROUP_WINDOW)
    for fact in range(CONTACT_FACTS):
        r.contacts[fact] = 0
    for fact in range(LEG_FACTS):
        r.visits[fact] = 0
    for group in range(r.answers.shape[0]):
        r.answers[group] = 0
    add_contacts(t, r)
    add_visits(t, r)
    add_times(t, r)
    make(r, r.groups, GROUPS, make(r, r.queues, QUEUES, make(r, r.streams, STREAMS, 0)))
    make_centre(r)
