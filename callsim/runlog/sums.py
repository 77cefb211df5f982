"""What is left of a run that kept no log: counts and sums, fine enough for every measure, and the log's digest.

An engine that counts as it goes fills a `RunSums`; ``measures/`` turns it into the measures that the log would
have given, to the last bit. Nothing here grows with the number of calls, except the bins that occur.

The *facts* of calls, waits and agents' time are counted by columns, one for each member and cell of time
(`callsim.plan.finest.columns`). Whoever will read the sums says as a `Wanted` which figures are to be made of them:
sums of facts of the same column. Only these are given out, and of the whole run what must agree.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from callsim.codes import Outcome, SpanKind
from callsim.runlog.columns import FORMAT
from callsim.runlog.digest import Imprint, header_of

__all__ = [
    "BINS", "BIN_MASK", "CONTACT_FACTS", "GROUP_FACTS", "KEY_SHIFT", "LEG_FACTS", "NOTHING", "N_SPAN_KINDS",
    "QUEUE_FACTS", "STREAM_FACTS", "TOTALS", "RunSums", "Wanted", "Whole", "whole_run",
]  # fmt: skip

Int64 = npt.NDArray[np.int64]

BINS = 4097
"""Number of bins of waits, enough for waits below 2^38 s; see `callsim.measures.bins`."""
KEY_SHIFT, BIN_MASK = 13, (1 << 13) - 1
"""Waits by finest key are kept with the bin in the low bits of the key."""
assert BINS <= BIN_MASK + 1
N_SPAN_KINDS = len(SpanKind)

# --- facts of calls: contacts, and visits to queues -----------------------------------------------------------------
TALK, WORK, WAIT, LATE = range(4)
"""Of answered calls: sums of talk, after-call work and wait [ticks], and how many waited longer than acceptable."""
FIRST_OUTCOME = 4
"""From here on one count an `Outcome`: of visits; of contacts that entered a queue."""
LONGEST = FIRST_OUTCOME + len(Outcome)
"""Longest wait of answered and abandoned calls. [ticks]"""
HELD_AN_HOUR = LONGEST + 1
"""Answered calls that waited an hour or more."""
ABANDONED_WAIT = LONGEST + 2
"""Sum of the waits of abandoned calls. [ticks]"""
ABANDONED_LATE = LONGEST + 3
"""Abandoned calls that waited longer than acceptable."""
ABANDONED_LONG = LONGEST + 4
"""Abandoned calls that are no short abandons."""
PASSED_ON = LONGEST + 5
"""Calls that an agent passed on."""

# --- visits only ----------------------------------------------------------------------------------------------------
CUT_OFF_AFTER = LONGEST + 6
"""Visits after which the caller was cut off by a transfer."""
MESSAGE_AFTER = LONGEST + 7
"""Visits after which the caller was sent to voicemail."""
LEG_FACTS = LONGEST + 8

# --- contacts only --------------------------------------------------------------------------------------------------
REPEATS = LONGEST + 6
"""Contacts that are not a caller's first."""
HOLD = LONGEST + 7
"""By the caller's first contact: waits in all his contacts. [ticks]"""
FURTHER_CALLS = LONGEST + 8
"""By the caller's first contact: his contacts besides the first."""
REACHED = LONGEST + 9
"""By the caller's first contact: 1 if a caller of several contacts was answered, less 1 for each answered contact
of such callers; with the answered contacts it makes the callers who were answered."""
TURNED_AWAY = LONGEST + 10
"""From here on one count an `Outcome`: of contacts that entered no queue."""
CONTACT_FACTS = TURNED_AWAY + len(Outcome)

# --- facts of a column of a stream: those of contacts, and ------------------------------------------------------------
STREAM_WAITING, STREAM_WINDOW = range(CONTACT_FACTS, CONTACT_FACTS + 2)
"""Time that its callers waited; the length of the cell. [ticks]"""
STREAM_FACTS = CONTACT_FACTS + 2

# --- of a queue: those of visits, and ---------------------------------------------------------------------------------
CALLED = LEG_FACTS
"""From here on those of the contacts that called it."""
QUEUE_WAITING, QUEUE_WINDOW = range(CALLED + CONTACT_FACTS, CALLED + CONTACT_FACTS + 2)
QUEUE_FACTS = CALLED + CONTACT_FACTS + 2

# --- of a group: those of the visits that it answered, and ------------------------------------------------------------
HANDLING = LEG_FACTS
"""Time spent handling calls. [ticks]"""
SPAN_TIME = HANDLING + 1
"""From here on times of the agents' spans, by `SpanKind`. [ticks]"""
GROUP_WINDOW = SPAN_TIME + len(SpanKind)
GROUP_FACTS = GROUP_WINDOW + 1

# --- totals of the whole run ----------------------------------------------------------------------------------------
(CONTACT_LEGS, UNANSWERED_WAIT, UNANSWERED_TALK, UNANSWERED_WORK, CALLERS_CALLS, TOTALS) = range(6)
"""Legs of all contacts; waits, talks and after-call work of contacts that were not answered [ticks]; by how many the
calls of all callers differ from the contacts: by none."""
LASTING, LASTING_FROM = range(2)
"""Of visits that lasted when the run ended, by queue: how many; and the sum of the instants, that of the horizon or of
the entry if that is later, up to which their time is counted among the stays. [ticks]"""


class Wanted(NamedTuple):
    """What is to be made of the facts: figures of a member and cell, each a sum of facts with whole weights."""

    by: tuple[str, ...]
    """The breakdowns."""
    starts: Int64
    """[streams, queues or groups; figure, and one more] Where the terms of each figure begin."""
    facts: Int64
    """[term] A fact."""
    weights: Int64
    """[member, term] How often it counts."""
    alike: Int64
    """[term] 1 or -1 if it counts so for all members, else 0."""
    centre: Int64
    """[figure] Where the centre has it from: added up from `ALL_STREAMS` or `ALL_GROUPS`, or that of any member."""


ALL_STREAMS, ALL_GROUPS, ANY_MEMBER = range(3)
NOTHING = Wanted((), np.zeros((3, 1), np.int64), *(np.zeros(shape, np.int64) for shape in (0, (0, 0), 0, 0)))
"""Nothing is wanted but bins."""


class Whole(NamedTuple):
    """Places of what is said of the whole run, whatever is wanted; what two of them know must agree."""

    contacts: Int64
    """[fact] Of all contacts."""
    visits: Int64
    """[fact] Of all visits."""
    answers: Int64
    """[group] Answered visits."""
    queue_waiting: Int64
    """[queue] Time spent waiting. [ticks]"""
    handling: Int64
    """[group] Time spent handling calls. [ticks]"""
    span_time: Int64
    """[kind of span, group] Time of the agents' spans from 0 to the horizon. [ticks]"""
    totals: Int64
    """[total]"""
    lasting: Int64
    """[queue, 2] Of visits that lasted when the run ended."""
    queue_time: Int64
    """[queue] As in `callsim.runlog.RunLog`, like the next."""
    busy_time: Int64
    """[group]"""
    tables: Int64
    """[table, 2] Of contacts, legs and spans: `callsim.runlog.digest.table_digest`, modulo 2^64. They stand last."""


def whole_run(n_queues: int, n_groups: int) -> Whole:
    """Return where what is said of the whole run stands: one behind the other, without a gap."""
    shapes = [
        (CONTACT_FACTS,), (LEG_FACTS,), (n_groups,), (n_queues,), (n_groups,), (N_SPAN_KINDS, n_groups), (TOTALS,),
        (n_queues, 2), (n_queues,), (n_groups,), (3, 2),
    ]  # fmt: skip
    ends = np.cumsum([np.prod(shape) for shape in shapes])
    stretches = np.split(np.arange(ends[-1]), ends[:-1])
    return Whole(*(stretch.reshape(shape) for stretch, shape in zip(stretches, shapes, strict=True)))


class RunSums(NamedTuple):
    """The sums of one replication."""

    end: int
    """As in `callsim.runlog.RunLog`, like the next five. [ticks]"""
    replication: int
    seed: int
    plan_digest: str
    by: tuple[str, ...]
    """The breakdowns for which the sums are fine enough."""
    places: Whole
    """Where things stand in `whole`."""
    whole: Int64
    """[place] What is said of the whole run."""
    made: Int64
    """[figure, column] What was `Wanted`. Contacts count by the instant of their arrival, visits by the entry into the
    queue unless the contact arrived before the window, times where they were spent."""
    longest: Int64
    """[column] Longest wait of answered and abandoned calls, -1 if there are none. [ticks]"""
    bins: Int64
    """[place, 2] By kind of scope ("", "callers", "queue", "agents") the waits of answered and abandoned calls in the
    whole window: member * BINS + bin, ascending, and the number of calls."""
    bounds: tuple[int, ...]
    """[kind of scope and one more] Where the bins of each begin."""
    waits: Int64
    """[entry] The same, from which the bins of breakdowns are added up when somebody asks for them: a finest key
    (`callsim.plan.finest.finest_keys`) with a bin in its low bits. It may stand here often, in any order. Empty without
    breakdowns."""
    calls: Int64
    """[entry] How many calls the first of them stand for, as far as this goes; the others for one each."""
    waitless: Int64
    """[finest key of contacts, then of visits] Those that stand in no entry: they did not wait."""
    format: int = FORMAT

    @property
    def imprint(self) -> Imprint:
        """What the digest of the log is made from that was not kept: `callsim.runlog.RunLog.imprint`."""
        queues, groups = self.places.queue_time, self.places.busy_time
        return Imprint._make((*header_of(self), len(queues), len(groups), self.whole[queues[0] :].tolist()))

    def digest(self) -> str:
        """Return the digest of that log."""
        return self.imprint.digest()
