"""The doors through which Python reaches the counting functions: each takes tables and returns a number."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from callsim.engines.compiled import state as st
from callsim.engines.compiled import tally_singles as singles
from callsim.engines.compiled.jit import jit
from callsim.engines.compiled.kernel import everything, finish
from callsim.engines.compiled.one_queue import one_queue
from callsim.engines.compiled.skills import finish_skills, skills
from callsim.engines.compiled.state import ROWS_FULL
from callsim.engines.compiled.tally import DONE, ROOM, reset
from callsim.engines.compiled.tally_rows import count_contacts, count_legs, count_spans
from callsim.engines.compiled.tally_sums import gather as gather_results
from callsim.engines.compiled.tally_waits import move_bins

__all__ = [
    "count", "count_everything", "count_finish", "count_finish_skills", "count_one_queue", "count_skills", "gather",
    "move",
]  # fmt: skip


@jit
def count(s: Any, t: Any) -> Any:
    """Add the rows of a state to a tally and take them away; return `ROOM` if it has too little room, else 0."""
    if singles.count_singles(t, s.single_rows, s.clock[st.SINGLE_ROWS]) != DONE:
        return ROOM
    s.clock[st.SINGLE_ROWS] = 0
    if count_contacts(t, s.contact_rows, s.clock[st.CONTACT_ROWS]) != DONE:
        return ROOM
    s.clock[st.CONTACT_ROWS] = 0
    if count_legs(t, s.leg_rows, s.clock[st.LEG_ROWS]) != DONE:
        return ROOM
    s.clock[st.LEG_ROWS] = 0
    count_spans(t, s.span_rows, s.clock[st.SPAN_ROWS])
    s.clock[st.SPAN_ROWS] = 0
    return 0


def _counting(kernel: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function that runs a kernel, counts its rows while the tally has room, and says why it stopped."""

    @jit
    def counted(p: Any, s: Any, t: Any) -> Any:
        status = kernel(p, s)
        while status == ROWS_FULL and count(s, t) == 0:
            status = kernel(p, s)
        return status

    return counted


count_one_queue, count_skills, count_everything = _counting(one_queue), _counting(skills), _counting(everything)


def _finishing(finish: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function that counts the rows that wait and ends a run, or returns `ROOM`."""

    @jit
    def counted(p: Any, s: Any, t: Any) -> Any:
        if count(s, t) == ROOM:
            return ROOM
        return finish(p, s)

    return counted


count_finish, count_finish_skills = _finishing(finish), _finishing(finish_skills)


@jit
def move(m: Any) -> Any:
    """Move bins to a larger table (`callsim.engines.compiled.counting.Moving`)."""
    move_bins(m.bins, m.places, m.filled[0], m.larger, m.further)
    return 0


@jit
def gather(s: Any, t: Any, r: Any) -> Any:
    """Count the last rows, write the results of a replication and empty the tally, which is at hand, for the next one.

    Return `ROOM` if the rows cannot be counted, else 0.
    """
    if count(s, t) == ROOM:
        return ROOM
    gather_results(t, r)
    return reset(t)
