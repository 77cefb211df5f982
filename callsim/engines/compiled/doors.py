"""Departments open and close."""

from __future__ import annotations

from typing import Any

from callsim.engines.compiled import layout as of
from callsim.engines.compiled import plain as is_
from callsim.engines.compiled import state as st
from callsim.engines.compiled.jit import apart, jit
from callsim.engines.compiled.life import end_contact, let_in, move_on, offer
from callsim.engines.compiled.lines import leave_line, line_of, move_all
from callsim.engines.compiled.record import end_wait, write_leg

__all__ = ["close_doors", "open_doors"]


@apart
def open_doors(p: Any, s: Any, opening: Any, now: Any) -> None:
    """Open a department: those who waited at the door join the line and are offered in queue order."""
    queue = _queue_of(p, opening)
    s.queue[queue, st.IS_OPEN] = 1
    s.queue[queue, st.ADMITS_UNTIL] = p.opening[opening, of.ADMITS]
    move_all(p, s, queue, 0)
    for rank in range(p.scalar[of.N_CLASSES]):
        c = s.line[line_of(p, queue, 0, rank), st.LINE_FIRST]
        while c >= 0:
            after = s.caller[c, st.AFTER_IT]
            offer(p, s, c, now)
            c = after


@jit
def _queue_of(p: Any, opening: Any) -> Any:
    queue = 0
    while opening >= p.queue[queue, of.END_OPENING]:
        queue += 1
    return queue


@apart
def close_doors(p: Any, s: Any, opening: Any, now: Any) -> None:
    """Close a department, and treat those who still wait by its rule."""
    queue = _queue_of(p, opening)
    s.queue[queue, st.IS_OPEN] = 0
    rule = p.queue[queue, of.AT_CLOSING]
    if rule == is_.CLOSING_KEEP:
        move_all(p, s, queue, 1)
    elif rule in (is_.CLOSING_DROP, is_.CLOSING_MOVE):
        for rank in range(p.scalar[of.N_CLASSES]):
            line = line_of(p, queue, 0, rank)
            while s.line[line, st.LINE_FIRST] >= 0:
                _send_away(p, s, s.line[line, st.LINE_FIRST], rule, now)


@jit
def _send_away(p: Any, s: Any, c: Any, rule: Any, now: Any) -> None:
    leave_line(s, c, now)
    if rule == is_.CLOSING_MOVE:
        end_wait(s, c, is_.MOVED, now)
        rank, came = move_on(p, s, c, now)
        let_in(p, s, c, rank, came, False, now)
    else:
        end_wait(s, c, is_.DROPPED_AT_CLOSING, now)
        write_leg(s, c)
        end_contact(p, s, c, is_.DROPPED_AT_CLOSING, now)
