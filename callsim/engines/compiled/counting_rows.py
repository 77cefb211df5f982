"""The doors through which Python reaches the counting functions: each takes tables and returns a number."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from callsim.engines.compiled import state as st
from callsim.engines.compiled import tally_singles as singles
from callsim.engines.compiled.jit import inlined, jit
from callsim.engines.compiled.kernel import everything, finish
from callsim.engines.compiled.one_queue import one_queue
from callsim.engines.compiled.skills import finish_skills, skills
from callsim.engines.compiled.state import FINISHED, ROWS_FULL
from callsim.engines.compiled.tally import DONE, ROOM, reset
from callsim.engines.compiled.tally_rows import count_contacts, count_legs, count_spans
from callsim.engines.compiled.tally_sums import gather
from callsim.engines.compiled.tally_waits import move_bins

__all__ = ["count", "count_everything", "count_one_queue", "count_skills", "move"]


@jit
def count(s: Any, t: Any) -> Any:
    """Add the rows of a state to a tally and take them away; return `ROOM` if it has too little room, else `DONE`."""
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
    return DONE


@inlined
def _give_integrals(s: Any, r: Any) -> None:
    """Write what the kernel has added up as time passed."""
    for queue in range(r.queue_time.shape[0]):
        r.queue_time[queue] = s.queue[queue, st.QUEUE_TIME]
    for group in range(r.busy_time.shape[0]):
        r.busy_time[group] = s.group[group, st.BUSY_TIME]


def _counting(kernel: Callable[..., Any], finish: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function that runs a replication to its end, counts its rows and gathers its results.

    It returns why it stopped: `FINISHED`; what a kernel needs; `ROWS_FULL` if the tally has too little room. Then it is
    to be called again with more room, and goes on. The tally, which is at hand, is emptied for the next replication.
    """

    @jit
    def counted(p: Any, s: Any, t: Any, r: Any) -> Any:
        while s.clock[st.RUN_END] == st.UNDER_WAY:
            status = kernel(p, s)
            if status == FINISHED:
                s.clock[st.RUN_END] = st.TO_BE_FINISHED
            elif status != ROWS_FULL:
                return status
            elif count(s, t) == ROOM:
                return ROWS_FULL
        if s.clock[st.RUN_END] == st.TO_BE_FINISHED:
            if count(s, t) == ROOM:
                return ROWS_FULL
            s.clock[st.RUN_END] = finish(p, s)
        if count(s, t) == ROOM:
            return ROWS_FULL
        gather(t, r)
        _give_integrals(s, r)
        reset(t)
        return FINISHED

    return counted


count_one_queue, count_everything = _counting(one_queue, finish), _counting(everything, finish)
"""The lowest and the highest tier, counting as they go."""
count_skills = _counting(skills, finish_skills)
"""The second tier, likewise."""


@jit
def move(m: Any) -> Any:
    """Move bins to a larger table (`callsim.engines.compiled.counting.Moving`)."""
    move_bins(m.bins, m.places, m.filled[0], m.larger, m.further)
    return 0
