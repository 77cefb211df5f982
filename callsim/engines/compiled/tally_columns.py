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
from callsim.plan.finest import CENTRE, GROUPS, QUEUES, STREAMS
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


@jit
def add_parts(facts: Any, n: Any, columns: Any, sums: Any, occurring: Any) -> Any:
    """Add up the facts of things over the parts of the time, and return how many facts occur.

    Parameters
    ----------
    facts : int64[part * things + thing, fact]
    n : int
        Facts of a thing.
    columns : int64[kind of cell, part * things + thing]
        The first kind is the whole window: it counts there, in a column of whatever number, or does not; -1.
    sums : int64[things and as many more, fact]
        Sums over the parts that do not count there, and over those that do.
    occurring : int64[things and one more, fact]
        The first row will be the facts that occur, but for the longest wait.
    """
    things = sums.shape[0] // 2
    flat, added, bits = facts.flat, sums.flat, occurring.flat
    for cell in range(2 * things * n):
        added[cell] = 0
    for cell in range(things * n):
        bits[n + cell] = 0
    for first in range(0, facts.shape[0], things):
        here, there = first * n, things * n if columns[0, first] >= 0 else 0
        # One long loop over the facts of all things.
        for cell in range(things * n):
            added[there + cell] += flat[here + cell]
        for cell in range(things * n):
            bits[n + cell] |= flat[here + cell]
    # The longest of all is no sum.
    for row in range(2 * things):
        sums[row, LONGEST] = 0
    for first in range(0, facts.shape[0], things):
        row = things if columns[0, first] >= 0 else 0
        for thing in range(things):
            sums[row + thing, LONGEST] = max(sums[row + thing, LONGEST], facts[first + thing, LONGEST])
    found = 0
    for fact in range(n):
        occurs = 0
        for thing in range(1, things + 1):
            occurs |= occurring[thing, fact]
        if occurs != 0 and fact != LONGEST:
            occurring[0, found] = fact
            found += 1
    return found


@inlined
def add_facts(facts: Any, key: Any, of: Any, to: Any, column: Any, first: Any) -> Any:
    """Add facts of a key of the tally, those that occur, to those of a column, which stand there from `first` on."""
    occurring, n = of
    for i in range(n):
        fact = occurring[0, i]
        to[first + fact, column] += facts[key, fact]
    to[first + LONGEST, column] = max(to[first + LONGEST, column], facts[key, LONGEST])


@inlined
def mark(occurring: Any, n: Any, occurs: Any, first: Any, facts: Any) -> Any:
    """Mark of so many facts those that occur, and the longest wait."""
    for fact in range(facts):
        occurs[first + fact] = 0
    for i in range(n):
        occurs[first + occurring[0, i]] = 1
    occurs[first + LONGEST] = 1


@jit
def add_contacts(t: Tally, r: Any) -> Any:
    """Add contacts to the columns of their streams and of the queues that they called."""
    # A number that is known only here keeps the loops over facts, which are short, for instructions on many at once.
    n, streams = r.contacts.shape[0], t.called.shape[0]
    of = (r.facts_of_contacts, add_parts(t.contacts, n, r.stream_columns, r.stream_sums, r.facts_of_contacts))
    mark(of[0], of[1], r.occurs[STREAMS], 0, n)
    mark(of[0], of[1], r.occurs[QUEUES], CALLED, n)
    for stream in range(streams):
        for row in range(stream, 2 * streams, streams):
            for fact in range(n):
                r.contacts[fact] += r.stream_sums[row, fact]
        add_facts(r.stream_sums, streams + stream, of, r.streams, stream, 0)
        add_facts(r.stream_sums, streams + stream, of, r.queues, t.called[stream], CALLED)
    for kind in range(1, r.stream_columns.shape[0]):
        for key in range(t.contacts.shape[0]):
            if r.stream_columns[kind, key] >= 0:
                add_facts(t.contacts, key, of, r.streams, r.stream_columns[kind, key], 0)
    for kind in range(1, r.called_columns.shape[0]):
        for key in range(t.contacts.shape[0]):
            if r.called_columns[kind, key] >= 0:
                add_facts(t.contacts, key, of, r.queues, r.called_columns[kind, key], CALLED)


@jit
def add_visits(t: Tally, r: Any) -> Any:
    """Add visits to the columns of their queues and of the groups that answered them."""
    pairs, n = t.scalars[N_PAIRS], r.visits.shape[0]
    of = (r.facts_of_visits, add_parts(t.legs, n, r.queue_columns, r.pair_sums, r.facts_of_visits))
    mark(of[0], of[1], r.occurs[QUEUES], 0, n)
    mark(of[0], of[1], r.occurs[GROUPS], 0, n)
    for pair in range(pairs):
        group = r.answering[pair]
        for row in range(pair, 2 * pairs, pairs):
            for fact in range(n):
                r.visits[fact] += r.pair_sums[row, fact]
            if group >= 0:
                r.answers[group] += r.pair_sums[row, FIRST_OUTCOME + ANSWERED]
        add_facts(r.pair_sums, pairs + pair, of, r.queues, r.asked[pair], 0)
        if group >= 0:
            add_facts(r.pair_sums, pairs + pair, of, r.groups, group, 0)
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
                add_facts(t.legs, key, of, r.queues, r.queue_columns[kind, key], 0)
        for kind in range(1, r.group_columns.shape[0]):
            if r.group_columns[kind, key] >= 0:
                add_facts(t.legs, key, of, r.groups, r.group_columns[kind, key], 0)


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
                to[fact, column] += time
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
def add_term(r: Any, facts: Any, figure: Any, term: Any, first: Any, is_first: Any) -> Any:
    """Add a fact, as often as it counts, to a figure of neighbouring columns."""
    fact, alike, columns = r.facts[term], r.alike[term], facts.shape[1]
    if is_first and alike == 1:
        for column in range(columns):
            r.made[figure, first + column] = facts[fact, column]
        return
    if is_first:
        for column in range(columns):
            r.made[figure, first + column] = 0
    if alike == 1:
        for column in range(columns):
            r.made[figure, first + column] += facts[fact, column]
    elif alike == -1:
        for column in range(columns):
            r.made[figure, first + column] -= facts[fact, column]
    else:
        for column in range(columns):
            r.made[figure, first + column] += r.weights[r.member[first + column], term] * facts[fact, column]


@jit
def make(r: Any, facts: Any, of: Any, first: Any) -> Any:
    """Make all figures of the columns of streams, queues or groups; return the first column behind them."""
    columns = facts.shape[1]
    for column in range(columns):
        waited = facts[FIRST_OUTCOME + ANSWERED, column] + facts[FIRST_OUTCOME + ABANDONED, column] > 0
        r.longest[first + column] = facts[LONGEST, column] if waited else -1
    for figure in range(r.made.shape[0]):
        begin, end, terms = r.starts[of, figure], r.starts[of, figure + 1], 0
        for term in range(begin, end):
            # Most outcomes occur nowhere.
            if r.occurs[of, r.facts[term]] != 0:
                r.is_made[of, figure] = 1
                add_term(r, facts, figure, term, first, terms == 0)
                terms += 1
        if terms == 0:
            make_blank(r, figure, of, first, columns)
            r.is_made[of, figure] = 0
    return first + columns


@inlined
def make_blank(r: Any, figure: Any, of: Any, first: Any, columns: Any) -> Any:
    """Make a figure of neighbouring columns zero, unless it is: most are, and writing as much again would cost time."""
    if r.is_made[of, figure] != 0:
        for column in range(first, first + columns):
            r.made[figure, column] = 0


@inlined
def source_of(r: Any, figure: Any) -> Any:
    """Return from which columns the centre has a figure: those of groups or of streams."""
    return GROUPS if r.source[figure] == ALL_GROUPS else STREAMS


@jit
def make_centre(r: Any) -> Any:
    """Add up the figures of the centre from those of streams and of groups."""
    for kind in range(r.centre.shape[0]):
        to, cells, streams, groups = r.centre[kind, 0], r.centre[kind, 1], r.centre[kind, 2], r.centre[kind, 3]
        for figure in range(r.made.shape[0]):
            if r.is_made[source_of(r, figure), figure] == 0:
                make_blank(r, figure, CENTRE, to, cells)
                continue
            r.is_made[CENTRE, figure] = 1
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
    for figure in range(r.made.shape[0]):
        r.is_made[CENTRE, figure] = r.is_made[source_of(r, figure), figure]


@inlined
def clear(r: Any, facts: Any, of: Any, n: Any) -> Any:
    """Forget the first `n` facts of all columns; those that did not occur in the last replication are zero."""
    for fact in range(n):
        if r.occurs[of, fact] != 0:
            for column in range(facts.shape[1]):
                facts[fact, column] = 0


@jit
def make_figures(t: Tally, r: Any) -> Any:
    """Write the figures that are wanted, and what is said of the whole run.

    Parameters
    ----------
    t : Tally
        In which single visits are settled.
    r : callsim.engines.compiled.tally_sums.Results
    """
    clear(r, r.streams, STREAMS, STREAM_WINDOW)
    clear(r, r.queues, QUEUES, QUEUE_WINDOW)
    clear(r, r.groups, GROUPS, GROUP_WINDOW)
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
