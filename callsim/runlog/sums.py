"""What is left of a run that kept no log: counts and sums, fine enough for every measure, and the log's digest.

An engine that counts as it goes fills a `RunSums`; ``measures/`` turns it into the measures that the log would
have given, to the last bit. Nothing here grows with the number of calls, except the bins that occur.

Everything is kept once, by the finest key: contacts by stream, visits to queues (legs) by queue and group, and
each by *part* of the time. Part 0 is the time before the measured window, the last part that behind it, the
parts between are the common refinement of the divisions that figures are split by.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from callsim.codes import Outcome, SpanKind
from callsim.runlog.columns import FORMAT
from callsim.runlog.digest import combined

__all__ = ["BINS", "CONTACT_FACTS", "LEG_FACTS", "N_SPAN_KINDS", "STAY_FACTS", "TOTALS", "RunSums"]

Int64 = npt.NDArray[np.int64]
UInt64 = npt.NDArray[np.uint64]

BINS = 4097
"""Number of bins of waits, enough for waits below 2^38 s; see `callsim.measures.bins`."""
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

# --- stays: time that many spend somewhere --------------------------------------------------------------------------
TIME, PRESENT = range(2)
"""Time spent in the parts where stays begin and end [ticks]; and by how many more stays a part is filled wholly than
the part before."""
STAY_FACTS = 2

# --- totals of the whole run ----------------------------------------------------------------------------------------
(
    CONTACT_LEGS,
    CONTACT_WAIT,
    CONTACT_TALK,
    CONTACT_WORK,
    CALLERS_CALLS,
    CALLERS_HOLD,
    LEG_TALK,
    LEG_WORK,
    TOTALS,
) = range(9)
"""What contacts, callers and legs say of the same things: the sums of the cells of their rows."""
LASTING, LASTING_FROM = range(2)
"""Of visits that lasted when the run ended, by queue: how many; and the sum of the instants, that of the horizon or of
the entry if that is later, up to which their time is counted among the stays. [ticks]"""


@dataclass(frozen=True, eq=False)
class RunSums:
    """The sums of one replication."""

    end: int
    """As in `callsim.runlog.RunLog`, like the next five. [ticks]"""
    replication: int
    seed: int
    plan_digest: str
    queue_time: Int64
    busy_time: Int64
    by: tuple[str, ...]
    """The breakdowns for which the sums are fine enough."""
    edges: Int64
    """[inner part + 1] Edges of the parts of the measured window. [ticks]"""
    tables: UInt64
    """[table, 1 + lane] Rows and digests of contacts, legs and spans; see `callsim.runlog.digest.table_sums`."""
    contacts: Int64
    """[part, stream, fact] By the instant of the arrival."""
    pairs: Int64
    """[pair, 2] Queue and group (or -1: answered by nobody) of each pair that can occur."""
    legs: Int64
    """[part, pair, fact] By the entry into the queue; part 0 if the contact arrived before the window."""
    contact_waits: tuple[Int64, Int64]
    """Of answered and abandoned contacts that waited: ((part * streams + stream) * BINS + bin, count), any order."""
    leg_waits: tuple[Int64, Int64]
    """Of answered and abandoned visits that waited: ((part * pairs + pair) * BINS + bin, count), any order."""
    stream_stays: Int64
    """[part, stream, 2] Waiting, by stream."""
    queue_stays: Int64
    """[part, queue, 2] Waiting, by queue."""
    busy_stays: Int64
    """[part, group, 2] Handling calls."""
    span_stays: Int64
    """[part, kind of span * groups + group, 2] Agents' spans from 0 on."""
    totals: Int64
    """[total] Of the whole run."""
    lasting: Int64
    """[queue, 2] Of visits that lasted when the run ended."""
    format: int = FORMAT

    def digest(self) -> str:
        """Return the digest of the log that was not kept: `callsim.runlog.RunLog.digest`."""
        header = {field.name: getattr(self, field.name) for field in fields(self)}
        scalars = {name: value for name, value in header.items() if isinstance(value, int | str)}
        return combined(scalars, self.tables, self.queue_time, self.busy_time)
