"""From the rows of one caller to the entries of his story: what happened, in order, with the totals so far."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import Any

from callsim.codes import CaseEvent, Cause, Outcome, TransferResult
from callsim.plan.plan import Plan
from callsim.report.story.entries import IN_VAIN, Call, Entry, Promise, Totals, Visit
from callsim.report.story.ledger import Ledger
from callsim.runlog.cases import OUTBOUND

__all__ = ["Chronicle", "chronicle"]

_WITHIN_A_CALL = (
    CaseEvent.EXPLAINED, CaseEvent.LEARNED_HOURS, CaseEvent.ESCALATION_REFUSED, CaseEvent.ESCALATED,
    CaseEvent.PROMISED, CaseEvent.CLOSED_UNSOLVED, CaseEvent.REOPENED,
)  # fmt: skip
"""Events that a call tells."""
_LAST = (CaseEvent.GAVE_UP, CaseEvent.NEVER_TRIED)
_SETTLED = (CaseEvent.PROMISE_KEPT, CaseEvent.PROMISE_BROKEN)
_CUT_OFF = (Outcome.DROPPED_BY_TRANSFER, Outcome.DROPPED_AT_CLOSING)
_PASSED_ON = (TransferResult.TRANSFERRED, TransferResult.DROPPED_TARGET_CLOSED, TransferResult.VOICEMAIL_TARGET_CLOSED,
              TransferResult.HELD_TARGET_CLOSED, TransferResult.RETURNED_TARGET_CLOSED)  # fmt: skip
Event = dict[str, int]


@dataclass(frozen=True)
class Chronicle:
    """All entries of one caller, and the ledger of the promises made to him."""

    entries: tuple[Entry, ...]
    promises: tuple[Promise, ...]
    pieces: int
    """Of work that the case needs; 0 without a case."""


def chronicle(book: Ledger, caller: int) -> Chronicle:
    """Return what happened to a caller.

    Parameters
    ----------
    book : Ledger
    caller : int
        Row of `Ledger.callers`.

    Returns
    -------
    Chronicle
    """
    return _Teller(book, caller).told()


@dataclass
class _Teller:
    """Goes through one caller's rows and keeps count."""

    book: Ledger
    caller: int
    entries: list[Entry] = field(default_factory=list)
    promises: list[Promise] = field(default_factory=list)
    totals: Totals = field(default_factory=Totals)
    met: set[int] = field(default_factory=set)
    """Agents who have answered."""
    pieces_done: int = 0
    explanations: int = 0

    def __post_init__(self) -> None:
        """Sort the events to the calls that tell them."""
        self.within: dict[int, list[Event]] = defaultdict(list)
        self.between: list[Event] = []
        log = self.book.log
        for row in self.book.events_of(self.caller):
            event = {name: int(column[row]) for name, column in log.case_events.items()}
            told = event["event"] in _WITHIN_A_CALL or event["leg"] >= 0
            if told and event["contact"] >= 0:
                self.within[event["contact"]].append(event)
            else:
                self.between.append(event)
        self.contacts = self.book.contacts_of(self.caller)
        arrived = log.contacts["arrived"]
        starts = [event["at"] for event in self.between] + [int(arrived[row]) for row in self.contacts]
        self.begun = min(starts)
        streams = self.book.plan.cases.stream.tolist()
        stream = int(self.book.callers[self.caller, 0])
        self.kind = streams.index(stream) if stream in streams else -1

    @property
    def plan(self) -> Plan:
        return self.book.plan

    def told(self) -> Chronicle:
        """Tell it all."""
        arrived = self.book.log.contacts["arrived"]
        # What precedes a call at the same instant (a birth, a deadline) is told first, what follows from it after.
        events = list(self.between)
        for row in self.contacts:
            start = int(arrived[row])
            while events and self._precedes(events[0], start, row):
                self._event(events.pop(0))
            self._contact(row)
        for event in events:
            self._event(event)
        if self.kind >= 0 and not self._is_over():
            self._still_open()
        pieces = int(self.plan.cases.pieces[self.kind]) if self.kind >= 0 else 0
        return Chronicle(tuple(self.entries), tuple(self.promises), pieces)

    def _still_open(self) -> None:
        """End with what he waits for: a promise that is not due yet, the regulator, or nothing that he knows of."""
        waits = self.promises[-1] if self.promises and self.promises[-1].fate == "open" else None
        complained = [event["at"] for event in self.between if event["event"] == CaseEvent.COMPLAINED]
        last_call = max((int(self.book.log.contacts["arrived"][row]) for row in self.contacts), default=0)
        with_regulator = bool(complained) and complained[-1] >= last_call
        self._add(self.book.log.end, "open", promise=waits, value=int(with_regulator))

    def _precedes(self, event: Event, start: int, row: int) -> bool:
        """Return whether an event is told before a call; at the same instant the log's own order decides."""
        if event["at"] != start:
            return event["at"] < start
        inside = [mine["step"] for mine in self.within[row]]
        return event["step"] < min(inside) if inside else event["event"] not in _LAST

    def _is_over(self) -> bool:
        last = self.entries[-1]
        return last.kind in ("solved", "gave_up", "never_tried")

    def _add(self, at: int, kind: str, **more: Any) -> None:
        entry = Entry(at, kind, at - self.begun, self.totals, pieces_done=self.pieces_done, **more)
        self.entries.append(entry)

    def _event(self, event: Event) -> None:
        kind, value = CaseEvent(event["event"]), event["value"]
        if kind == CaseEvent.OWNED:
            self.pieces_done += value
        promise = self._settle(kind, value, event["at"]) if kind in _SETTLED else None
        self._add(event["at"], kind.name.lower(), value=value, promise=promise)

    def _settle(self, kind: CaseEvent, due: int, at: int) -> Promise | None:
        """Write the fate of a promise into the ledger, and return it."""
        kept, found = kind == CaseEvent.PROMISE_KEPT, None
        for place, promise in enumerate(self.promises):
            if promise.due == due and promise.fate == "open":
                fate = ("kept" if at <= due else "late") if kept else "broken"
                self.promises[place] = found = replace(promise, fate=fate, settled=at)
                break
        self.totals = replace(
            self.totals,
            promises_kept=self.totals.promises_kept + kept,
            promises_broken=self.totals.promises_broken + (not kept),
        )
        return found

    # --- calls ---------------------------------------------------------------------------------------

    def _contact(self, row: int) -> None:
        contacts, legs = self.book.log.contacts, self.book.log.legs
        events = self.within[row]
        cause, outcome = Cause(int(contacts["cause"][row])), Outcome(int(contacts["outcome"][row]))
        reopened = next((event["value"] for event in events if event["event"] == CaseEvent.REOPENED), None)
        if reopened:
            self.pieces_done = 0
        outbound = cause in OUTBOUND
        before = self.totals
        number = 1 + (before.from_provider if outbound else before.calls)
        visits = [
            self._visit(leg, [e for e in events if e["leg"] == legs["leg"][leg]]) for leg in self.book.legs_of(row)
        ]
        due = next((event["value"] for event in events if event["event"] == CaseEvent.PROMISED), None)
        ended, start = int(contacts["ended"][row]), int(contacts["arrived"][row])
        has = {event["event"] for event in events}
        call = Call(
            number=number,
            cause=cause,
            outbound=outbound,
            queue=self.plan.queues.names[int(contacts["queue"][row])],
            outcome=outcome,
            ended=self.book.log.end if ended < 0 else ended,
            visits=tuple(visits),
            believed_open=outcome == Outcome.CLOSED
            and not visits
            and self._believed(int(contacts["queue"][row]), start),
            learned_hours=CaseEvent.LEARNED_HOURS in has,
            promise_due=due,
            closed_unsolved=CaseEvent.CLOSED_UNSOLVED in has,
            reopened=reopened,
        )
        self._count(row, call)
        if due is not None:
            employee = next((visit.employee for visit in reversed(visits) if visit.employee), "")
            self.promises.append(Promise(call.ended, 0 if outbound else number, employee, due))
        for event in events:
            if event["event"] in _SETTLED:
                kept = self._settle(CaseEvent(event["event"]), event["value"], event["at"])
                call = replace(call, kept=kept)
        self._add(start, "call", call=call)

    def _count(self, row: int, call: Call) -> None:
        """Add a call to the totals."""
        so_far, visits, legs = self.totals, call.visits, self.book.legs_of(row)
        agents = [int(agent) for agent in self.book.log.legs["agent"][legs.start : legs.stop] if agent >= 0]
        self.met.update(agents)
        talk = sum(visit.talked for visit in visits)
        phone = int(self.book.phone[row])
        self.totals = replace(
            so_far,
            calls=so_far.calls + (not call.outbound),
            from_provider=so_far.from_provider + call.outbound,
            conversations=so_far.conversations + len(agents),
            employees=len(self.met),
            phone=so_far.phone + phone,
            hold=so_far.hold + phone - talk,
            talk=so_far.talk + talk,
            in_vain=so_far.in_vain + (not visits and call.outcome in IN_VAIN),
            abandoned=so_far.abandoned + (call.outcome == Outcome.ABANDONED),
            cut_off=so_far.cut_off + (call.outcome in _CUT_OFF),
            transfers=so_far.transfers + sum(visit.transfer in _PASSED_ON for visit in visits),
            explanations=so_far.explanations + sum(visit.explained is not None for visit in visits),
            escalations_refused=so_far.escalations_refused + _asked(visits, CaseEvent.ESCALATION_REFUSED),
            escalations_granted=so_far.escalations_granted + _asked(visits, CaseEvent.ESCALATED),
            promises=so_far.promises + (call.promise_due is not None),
        )

    def _visit(self, leg: int, events: list[Event]) -> Visit:
        log, plan = self.book.log, self.plan
        legs = log.legs
        left = int(legs["left"][leg])
        agent, row = int(legs["agent"][leg]), int(legs["transfer_row"][leg])
        values = {event["event"]: event["value"] for event in events}
        outcome = Outcome(int(legs["outcome"][leg]))
        self.pieces_done += (pieces := values.get(CaseEvent.OWNED, 0))
        asked = [event for event in (CaseEvent.ESCALATED, CaseEvent.ESCALATION_REFUSED) if event in values]
        explained = None
        if CaseEvent.EXPLAINED in values:
            self.explanations += 1
            explained = self.explanations
        transfer = TransferResult(int(legs["transfer"][leg]))
        leads = row >= 0 and transfer not in (TransferResult.NONE, TransferResult.UNFINISHED)
        cause = int(log.contacts["cause"][legs["contact"][leg]])
        return Visit(
            queue=plan.queues.names[int(legs["queue"][leg])],
            waited=(log.end if left < 0 else left) - int(legs["entered"][leg]),
            outcome=outcome,
            employee=plan.agents.names[agent] if agent >= 0 else "",
            talked=int(self.book.talk[leg]),
            explained=explained,
            saw_notes=self.kind >= 0 and agent >= 0 and explained is None and cause not in OUTBOUND,
            pieces=pieces,
            pieces_done=self.pieces_done,
            escalation=asked[0] if asked else None,
            transfer=transfer,
            target=plan.queues.names[int(plan.transfers.target[row])] if leads else "",
            still_talking=outcome == Outcome.ANSWERED and int(legs["talk_end"][leg]) >= log.end,
        )

    def _believed(self, queue: int, at: int) -> bool:
        """Return whether who does not know better would believe a department open."""
        cases = self.plan.cases
        if len(cases.believed_offset) <= queue + 1:
            return False
        rows = slice(int(cases.believed_offset[queue]), int(cases.believed_offset[queue + 1]))
        return bool(((cases.believed_start[rows] <= at) & (at < cases.believed_end[rows])).any())


def _asked(visits: tuple[Visit, ...], event: CaseEvent) -> int:
    return sum(visit.escalation == event for visit in visits)
