"""The rows that the compiled engine hands over while it runs, and what stands in each of their cells.

The kernel writes contacts, legs and spans into buffers of int64 when they are over, or when all about them is known, as
case events are. When a buffer is full it stops; the rows are copied into a log or counted into a tally, and it goes on.
Rows come in no particular order.
The first cells of a row are those of the run log, in the order of `callsim.runlog.columns`; the rest is for counting.
"""

from __future__ import annotations

from callsim.runlog.columns import CASE_EVENTS, CONTACTS, LEGS, SPANS

__all__ = ["CASE_EVENT_WIDTH", "CONTACT_WIDTH", "LEG_WIDTH", "SINGLES", "SINGLE_WIDTH", "SPAN_WIDTH"]

# --- single visits: contacts that were one visit and nothing else ---------------------------------
(
    X_INDEX,
    X_WHO,
    X_ARRIVED,
    X_LEFT,
    X_AGENT,
    X_TALK_END,
    X_HANDLE_END,
) = range(7)
"""Most callers call once, enter the queue that they call, and are answered for good or hang up: seven cells tell of
the contact and of its leg. X_WHO: block + 1 (32 bits), stream (8), n (24). X_AGENT: -1 if he hung up, and so are the
next two instants then. When the contact ended follows: with the talk, unless the run was over before."""
SINGLE_WIDTH = 7
SINGLES = 1024 + 8
"""Room for so many single visits, column behind column: reading one column of several visits is one instruction. The
length is known when the engine is compiled, so that the cells of a visit stand at fixed distances. It is whole lines of
the cache, but no power of two: the columns would all fall into the same few places of the cache."""

# --- contacts: index, then the columns of the log, then sums over its legs, then its caller -------
(
    C_INDEX,
    C_STREAM,
    C_BLOCK,
    C_N,
    C_ATTEMPT,
    C_CAUSE,
    C_ARRIVED,
    C_QUEUE,
    C_OUTCOME,
    C_ENDED,
) = range(1 + len(CONTACTS))
C_LEGS = 10
"""Legs it had; 0: it never entered a queue."""
C_WAIT = 11
"""Sum of the waits of its legs, one that lasted at the end counted up to the end. [ticks]"""
C_TALK = 12
"""Sum of its talks, beyond the end of the run if they reach so far. [ticks]"""
C_WORK = 13
"""Sum of the after-call work, likewise. [ticks]"""
C_PASSED_ON = 14
"""1: an agent passed the caller on, whatever became of him."""
C_LAST = 15
"""1: the caller's last contact; the next four cells tell of all his contacts."""
C_FIRST_AT = 16
"""Instant of his first contact. [ticks]"""
C_REACHED = 17
"""1: one of his contacts was answered."""
C_HOLD = 18
"""Sum of the waits of all his contacts. [ticks]"""
C_CALLS = 19
"""His contacts."""
CONTACT_WIDTH = 20

# --- legs: the columns of the log, then what counting needs from the contact ----------------------
(
    L_CONTACT,
    L_LEG,
    L_QUEUE,
    L_ENTERED,
    L_LEFT,
    L_OUTCOME,
    L_AGENT,
    L_TALK_END,
    L_HANDLE_END,
    L_TRANSFER,
    L_TRANSFER_ROW,
) = range(len(LEGS))
L_STREAM = 11
L_ARRIVED = 12
"""Instant at which the contact arrived. [ticks]"""
L_FATE = 13
"""What the transfer at the end of its talk has done to the caller: 0 nothing bad, `CUT_OFF`, `MESSAGE`."""
LEG_WIDTH = 14
"""Cells of a row of the legs."""
CUT_OFF = 1
MESSAGE = 2

# --- spans: the columns of the log ----------------------------------------------------------------
S_AGENT, S_KIND, S_START, S_END = range(len(SPANS))
SPAN_WIDTH = 4
"""Cells of a row of the spans."""

# --- case events: the columns of the log ----------------------------------------------------------
E_STREAM, E_BLOCK, E_N, E_STEP, E_AT, E_EVENT, E_CONTACT, E_LEG, E_VALUE = range(len(CASE_EVENTS))
CASE_EVENT_WIDTH = 9
"""Cells of a row of the case events."""
