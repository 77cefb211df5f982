"""Which rows of a log belong to which case: events, contacts and legs of one customer with one problem."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from callsim.codes import Cause
from callsim.runlog.log import RunLog

__all__ = ["OUTBOUND", "CaseIndex", "index_cases"]

Int64 = npt.NDArray[np.int64]

OUTBOUND = (Cause.CALL_BACK, Cause.REGULATOR)
"""Contacts that the provider makes: nobody holds the line while they wait for an agent."""


@dataclass(frozen=True)
class CaseIndex:
    """The cases of a log, numbered in the order of the table of case events."""

    first: Int64
    """[case] Row of its first event."""
    last: Int64
    """[case] Row of its last event."""
    of_event: Int64
    """[event] Case."""
    of_contact: Int64
    """[contact] Case; -1: the contact of an ordinary caller."""

    @property
    def n(self) -> int:
        """Number of cases."""
        return len(self.first)


def index_cases(log: RunLog) -> CaseIndex:
    """Return which rows belong to which case.

    Parameters
    ----------
    log : RunLog
        Its case events are sorted by stream, block and n.
    """
    events, contacts = log.case_events, log.contacts
    names = ("stream", "block", "n")
    n = len(events["stream"])
    begins = np.ones(n, np.bool_)
    if n > 1:
        np.logical_or.reduce([events[name][1:] != events[name][:-1] for name in names], out=begins[1:])
    first = np.flatnonzero(begins)
    last = np.append(first[1:], n)[: len(first)] - 1
    of_event = np.cumsum(begins) - 1
    if not n:
        return CaseIndex(first, last, of_event, np.full(len(contacts["stream"]), -1, np.int64))
    blocks, ordinals = (max(int(events[name].max()), int(contacts[name].max(initial=0))) + 2 for name in ("block", "n"))

    def packed(table: dict[str, Int64]) -> Int64:
        return (table["stream"] * blocks + table["block"] + 1) * ordinals + table["n"]

    keys = packed({name: events[name][first] for name in names})
    wanted = packed({name: contacts[name] for name in names})
    place = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    return CaseIndex(first, last, of_event, np.where(keys[place] == wanted, place, -1))
