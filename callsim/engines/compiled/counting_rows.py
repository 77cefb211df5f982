"""The doors through which Python reaches the counting functions: each takes tables and returns a number."""

from __future__ import annotations

from typing import Any

from callsim.engines.compiled import state as st
from callsim.engines.compiled.jit import entry
from callsim.engines.compiled.tally_bins import fold as fold_arrays
from callsim.engines.compiled.tally_rows import DONE, count_contacts, count_legs, count_spans, move_bins
from callsim.engines.compiled.tally_sums import facts as write_facts
from callsim.engines.compiled.tally_sums import times as write_times

__all__ = ["count", "facts", "fold", "move", "times"]


@entry
def count(s: Any, t: Any) -> Any:
    """Add the rows of a state to a tally and take them away; return 1 if the tally has too little room."""
    if count_contacts(t, s.contact_rows, s.clock[st.CONTACT_ROWS]) != DONE:
        return 1
    s.clock[st.CONTACT_ROWS] = 0
    if count_legs(t, s.leg_rows, s.clock[st.LEG_ROWS]) != DONE:
        return 1
    s.clock[st.LEG_ROWS] = 0
    count_spans(t, s.span_rows, s.clock[st.SPAN_ROWS])
    s.clock[st.SPAN_ROWS] = 0
    return 0


@entry
def move(m: Any) -> Any:
    """Move bins to a larger table (`callsim.engines.compiled.counting.Moving`)."""
    move_bins(m.bins, m.places, m.filled[0], m.larger, m.further)
    return 0


@entry
def facts(t: Any, f: Any) -> Any:
    """Write the facts of calls (`callsim.engines.compiled.counting.Facts`)."""
    write_facts(t, f.contacts, f.visits, f.answers, f.contact_waits, f.visit_waits)
    return 0


@entry
def times(t: Any, f: Any) -> Any:
    """Write the times of stays (`callsim.engines.compiled.counting.Times`)."""
    write_times(t, f.stream_waiting, f.queue_waiting, f.handling, f.span_time)
    return 0


@entry
def fold(f: Any) -> Any:
    """Sort bins under other keys (`callsim.engines.compiled.counting.Folding`); return their number."""
    return fold_arrays(f.position, f.amount, f.target, f.waited, f.ends, f.counts, f.ordered, f.found)
