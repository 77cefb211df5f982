"""A log turned by callers: whose contacts, legs and case events are whose, and what each of them spent.

*Time on the phone* is from calling to hanging up. Of a call that the provider makes it is the talk alone: nobody holds
the line while it waits for an employee. *On hold* is what is left of it besides talk: waits in queues and the dialling
of transfers. What had not ended when the run did counts up to there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from callsim.codes import CaseEvent, Outcome
from callsim.plan.plan import Plan
from callsim.runlog import RunLog
from callsim.runlog.cases import OUTBOUND

__all__ = ["Ledger", "Spent", "ledger"]

Int64 = npt.NDArray[np.int64]
Bool = npt.NDArray[np.bool_]

_KEY = ("stream", "block", "n")


@dataclass(frozen=True)
class Spent:
    """What each caller has been through, up to the end of the run: a row for each of `Ledger.callers`."""

    calls: Int64
    """That he made."""
    from_provider: Int64
    """Calls that the provider made to him."""
    conversations: Int64
    """Employees who answered, each as often as he did."""
    employees: Int64
    """Different employees who answered."""
    phone: Int64
    """[ticks]"""
    hold: Int64
    """[ticks]"""
    born: Int64
    """The problem begins; of a caller without a case his first call. [ticks]"""
    solved: Int64
    """It works (the last time), -1: never, or no case. [ticks]"""


@dataclass(frozen=True)
class Ledger:
    """The rows of a log by caller."""

    plan: Plan
    log: RunLog
    callers: Int64
    """[caller, 3] Stream, block and n, sorted."""
    is_case: Bool
    """[caller] Belongs to a stream that is a case kind."""
    contact_rows: Int64
    """Rows of the contacts, by caller and attempt."""
    contact_offset: Int64
    """[caller + 1]"""
    event_rows: Int64
    """Rows of the case events, by caller and step."""
    event_offset: Int64
    """[caller + 1]"""
    leg_offset: Int64
    """[contact + 1] Rows of the legs of a contact."""
    phone: Int64
    """[contact] [ticks]"""
    talk: Int64
    """[leg] [ticks]"""

    def contacts_of(self, caller: int) -> list[int]:
        """Return the rows of a caller's contacts in order."""
        rows: list[int] = self.contact_rows[self.contact_offset[caller] : self.contact_offset[caller + 1]].tolist()
        return rows

    def events_of(self, caller: int) -> list[int]:
        """Return the rows of a caller's case events in order."""
        rows: list[int] = self.event_rows[self.event_offset[caller] : self.event_offset[caller + 1]].tolist()
        return rows

    def legs_of(self, contact: int) -> range:
        """Return the rows of a contact's legs."""
        return range(int(self.leg_offset[contact]), int(self.leg_offset[contact + 1]))

    def spent(self) -> Spent:
        """Return what every caller has been through."""
        n, contacts, legs = len(self.callers), self.log.contacts, self.log.legs
        of_contact = np.full(len(contacts["stream"]), -1, np.int64)
        of_contact[self.contact_rows] = np.repeat(np.arange(n), np.diff(self.contact_offset))
        caller = of_contact[self.contact_rows]
        outbound = np.isin(contacts["cause"][self.contact_rows], OUTBOUND)
        heard = np.flatnonzero((of_contact[legs["contact"]] >= 0) & (legs["outcome"] == Outcome.ANSWERED))
        who = of_contact[legs["contact"][heard]]
        pairs = np.unique(np.stack([who, legs["agent"][heard]], axis=1), axis=0)
        phone = _sums(caller, self.phone[self.contact_rows], n)
        return Spent(
            calls=np.bincount(caller[~outbound], minlength=n),
            from_provider=np.bincount(caller[outbound], minlength=n),
            conversations=np.bincount(who, minlength=n),
            employees=np.bincount(pairs[:, 0], minlength=n),
            phone=phone,
            hold=phone - _sums(who, self.talk[heard], n),
            born=self._born(caller),
            solved=self._solved(),
        )

    def _born(self, caller: Int64) -> Int64:
        events = self.log.case_events
        born = np.full(len(self.callers), np.iinfo(np.int64).max)
        np.minimum.at(born, caller, self.log.contacts["arrived"][self.contact_rows])
        owner = np.repeat(np.arange(len(self.callers)), np.diff(self.event_offset))
        births = events["event"][self.event_rows] == CaseEvent.BORN
        born[owner[births]] = events["at"][self.event_rows][births]
        return born

    def _solved(self) -> Int64:
        """Return the instant of the last event of each case, where that is its solution."""
        solved = np.full(len(self.callers), -1, np.int64)
        have = np.flatnonzero(np.diff(self.event_offset))
        last = self.event_rows[self.event_offset[have + 1] - 1]
        done = self.log.case_events["event"][last] == CaseEvent.SOLVED
        solved[have[done]] = self.log.case_events["at"][last[done]]
        return solved


def ledger(plan: Plan, log: RunLog, streams: Sequence[int] | None = None) -> Ledger:
    """Turn a log by callers.

    Parameters
    ----------
    plan : Plan
        That was run.
    log : RunLog
        Of one replication.
    streams : sequence of int, optional
        Only the callers of these streams; all.

    Returns
    -------
    Ledger
    """
    contacts, events, legs = log.contacts, log.case_events, log.legs
    wanted = np.ones(plan.n_streams, np.bool_)
    if streams is not None:
        wanted[:] = False
        wanted[list(streams)] = True
    mine = np.flatnonzero(wanted[contacts["stream"]])
    theirs = np.flatnonzero(wanted[events["stream"]])
    keys, columns = _packed([np.concatenate((contacts[name][mine], events[name][theirs])) for name in _KEY])
    contact_order = np.lexsort((contacts["attempt"][mine], keys[: len(mine)]))
    event_order = np.lexsort((events["step"][theirs], keys[len(mine) :]))
    contact_rows, event_rows = mine[contact_order], theirs[event_order]
    unique, first, place = np.unique(keys, return_index=True, return_inverse=True)
    callers = np.stack([column[first] for column in columns], axis=1)
    contact_place, event_place = place[: len(mine)][contact_order], place[len(mine) :][event_order]
    edges = np.arange(len(unique) + 1)
    is_case = np.zeros(plan.n_streams, np.bool_)
    is_case[plan.cases.stream] = True
    talk = np.where(legs["outcome"] == Outcome.ANSWERED, np.minimum(legs["talk_end"], log.end) - legs["left"], 0)
    ended = np.where(contacts["ended"] < 0, log.end, contacts["ended"])
    outbound = np.isin(contacts["cause"], OUTBOUND)
    phone = np.where(outbound, _sums(legs["contact"], talk, len(ended)), ended - contacts["arrived"])
    return Ledger(
        plan=plan,
        log=log,
        callers=callers,
        is_case=is_case[callers[:, 0]] if len(callers) else np.zeros(0, np.bool_),
        contact_rows=contact_rows,
        contact_offset=np.searchsorted(contact_place, edges),
        event_rows=event_rows,
        event_offset=np.searchsorted(event_place, edges),
        leg_offset=np.searchsorted(legs["contact"], np.arange(len(ended) + 1)),
        phone=phone,
        talk=talk,
    )


def _packed(columns: list[Int64]) -> tuple[Int64, list[Int64]]:
    """Return the rows of some columns as one number each, which sorts as they do, and the columns."""
    keys = np.zeros(len(columns[0]), np.int64)
    for column in columns:
        low = int(column.min(initial=0))
        keys = keys * (int(column.max(initial=0)) - low + 1) + (column - low)
    return keys, columns


def _sums(place: Int64, values: Int64, n: int) -> Int64:
    """Return sums of ticks by place; in integers, since floats lose ticks."""
    total = np.zeros(n, np.int64)
    np.add.at(total, place, values)
    return total
