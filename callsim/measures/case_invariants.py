"""What must hold between a plan and the cases of a log of it: who calls where, what work is done, whose time it costs.

The rules for the cases of a log on its own are in ``callsim/runlog/case_invariants.py``.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from callsim.codes import CaseEvent, Cause, Outcome, TransferResult
from callsim.measures.cases import facts_of_cases, leg_times
from callsim.measures.sums import sum_by
from callsim.plan.plan import Plan
from callsim.runlog import RunLog
from callsim.runlog.breaks import break_contact, break_leg, break_run, first_broken
from callsim.runlog.case_invariants import break_event
from callsim.runlog.cases import OUTBOUND, CaseIndex, index_cases

__all__ = ["calls_its_queue", "check_cases_of_plan"]

Int64 = npt.NDArray[np.int64]
Bool = npt.NDArray[np.bool_]

_DIALLED = (
    TransferResult.TRANSFERRED,
    TransferResult.RETURNED_TARGET_CLOSED,
    TransferResult.HELD_TARGET_CLOSED,
    TransferResult.DROPPED_TARGET_CLOSED,
    TransferResult.VOICEMAIL_TARGET_CLOSED,
)


def _kind_of_stream(plan: Plan) -> Int64:
    """Return the kind of case of each stream, -1 for ordinary callers."""
    kinds = np.full(plan.n_streams, -1, np.int64)
    kinds[plan.cases.stream] = np.arange(plan.cases.n)
    return kinds


def calls_its_queue(plan: Plan, log: RunLog) -> Bool:
    """Return for each contact whether the queue that was called is one that the plan with cases lets it call."""
    contacts = log.contacts
    queue, cause = contacts["queue"], contacts["cause"]
    called: Bool = queue == plan.streams.queue[contacts["stream"]]
    kinds = _kind_of_stream(plan)[contacts["stream"]]
    rows = np.flatnonzero(kinds >= 0)
    kind, queue, cause = kinds[rows], queue[rows], cause[rows]
    possible: Bool = np.any(plan.cases.dial_share > 0, axis=1)
    dialled = possible[kind, queue]
    by_provider = np.where(cause == Cause.CALL_BACK, plan.cases.promise_queue[kind], plan.cases.regulator_queue[kind])
    called[rows] = np.where(np.isin(cause, OUTBOUND), queue == by_provider, dialled)
    return called


def check_cases_of_plan(plan: Plan, log: RunLog) -> None:
    """Check the cases of a run against its plan; the log itself has passed `callsim.runlog.check_log` before.

    Contacts of case kinds belong to cases, and nobody else has cases; nothing happens to a case when the run is over;
    work is done where it can be done, never more than there is, and a case is solved when all of it is done; a call is
    escalated by the row of its department; nobody calls more often than the plan allows. The time that customers and
    callers spend on the phone, from calling to hanging up, is what their waits, talks and transfers add up to, and the
    sum over all cases and ordinary callers.

    Raises
    ------
    InvariantBroken
        Naming the first event, contact or leg that breaks a rule.
    """
    _check_belonging(plan, log)
    cases = index_cases(log)
    _check_work(plan, log, cases)
    _check_escalations(plan, log)
    _check_time(plan, log)


def _check_belonging(plan: Plan, log: RunLog) -> None:
    events, contacts, kinds = log.case_events, log.contacts, _kind_of_stream(plan)
    stream = events["stream"]
    nobody = (stream < 0) | (stream >= plan.n_streams)
    nobody |= kinds[np.where(nobody, 0, stream)] < 0
    if (row := first_broken(nobody)) >= 0:
        break_event(log, row, "belongs to callers who have no cases")
    if not plan.clock.drain and (row := first_broken(events["at"] >= plan.clock.horizon)) >= 0:
        break_event(log, row, "happens when the run is over: the case is open then")
    has_kind = kinds[contacts["stream"]] >= 0
    if (row := first_broken(has_kind & (index_cases(log).of_contact < 0))) >= 0:
        break_contact(log, row, "belongs to no case, although its callers have cases")
    too_often = contacts["attempt"] >= plan.streams.max_contacts[contacts["stream"]]
    if (row := first_broken(has_kind & too_often)) >= 0:
        break_contact(log, row, "is one more than the plan allows")


def _check_work(plan: Plan, log: RunLog, cases: CaseIndex) -> None:
    """Check that no more is done than there is to do, by whom it can be done, and that a solution needs all of it."""
    events, plans = log.case_events, plan.cases
    code, value = events["event"], events["value"]
    kind = _kind_of_stream(plan)[events["stream"]]
    done = np.where(code == CaseEvent.OWNED, value, 0)
    # All is to be done again once a solved problem has come back.
    back = (code == CaseEvent.REOPENED) & (value == 1)
    begins = np.zeros(len(code), np.bool_)
    begins[cases.first] = True
    starts = np.flatnonzero(begins | back)
    of_round = np.searchsorted(starts, np.arange(len(code)), side="right") - 1
    total = np.cumsum(done)
    since = total - (total - done)[starts][of_round]
    if (row := first_broken(since > plans.pieces[kind])) >= 0:
        break_event(log, row, f"does more work than there is: {int(plans.pieces[kind[row]])} pieces")
    elsewhere = (value == 1) & (plans.regulator_queue[kind] < 0)
    if (row := first_broken((code == CaseEvent.SOLVED) & (since != plans.pieces[kind]) & ~elsewhere)) >= 0:
        break_event(log, row, f"comes after {int(since[row])} of {int(plans.pieces[kind[row]])} pieces of work")
    rows = np.flatnonzero((code == CaseEvent.OWNED) & (events["leg"] >= 0))
    contact = events["contact"][rows]
    by_customer = ~np.isin(log.contacts["cause"][contact], OUTBOUND)
    leg = np.searchsorted(log.legs["contact"], contact) + events["leg"][rows]
    able = plans.can_do[kind[rows], (since - done)[rows], log.legs["queue"][leg]]
    if (row := first_broken(by_customer & ~able)) >= 0:
        break_event(log, int(rows[row]), "is done in a department that cannot do it")


def _check_escalations(plan: Plan, log: RunLog) -> None:
    events, legs = log.case_events, log.legs
    rows = np.flatnonzero(events["event"] == CaseEvent.ESCALATED)
    leg = np.searchsorted(legs["contact"], events["contact"][rows]) + events["leg"][rows]
    kind = _kind_of_stream(plan)[events["stream"][rows]]
    authority = plan.cases.escalation_row[kind, legs["queue"][leg]]
    if (row := first_broken((legs["transfer_row"][leg] != authority) | (authority < 0))) >= 0:
        break_event(log, int(rows[row]), "is not followed by the transfer to somebody in authority")


def _check_time(plan: Plan, log: RunLog) -> None:
    """Check the time on the phone of every call, and that cases and ordinary callers together have spent it."""
    contacts, legs = log.contacts, log.legs
    times = leg_times(log)
    dialled = np.flatnonzero((legs["outcome"] == Outcome.ANSWERED) & np.isin(legs["transfer"], _DIALLED))
    planned = np.zeros(len(legs["leg"]), np.int64)
    planned[dialled] = plan.transfers.dialling[legs["transfer_row"][dialled]]
    ends = np.minimum(legs["talk_end"] + planned, log.end) - np.minimum(legs["talk_end"], log.end)
    if (row := first_broken((legs["outcome"] == Outcome.ANSWERED) & (times.dialling != ends))) >= 0:
        break_leg(log, row, f"keeps its caller {int(times.dialling[row])} ticks after the talk, not {int(ends[row])}")
    spent = sum_by(legs["contact"], times.wait + times.talk + times.dialling, len(contacts["arrived"]))
    lasted = np.where(contacts["ended"] < 0, log.end, contacts["ended"]) - contacts["arrived"]
    if (row := first_broken(spent != lasted)) >= 0:
        break_contact(log, row, f"lasts {int(lasted[row])} ticks, but its waits, talks and transfers {int(spent[row])}")
    by_provider = np.isin(contacts["cause"], OUTBOUND)
    talk = sum_by(legs["contact"], times.talk, len(contacts["arrived"]))
    everybody = int(np.where(by_provider, talk, lasted).sum())
    ordinary = int(lasted[index_cases(log).of_contact < 0].sum())
    customers = int(facts_of_cases(plan, log, everyone=True).phone.sum())
    if customers + ordinary != everybody:
        break_run(
            log,
            f"customers with cases spend {customers} ticks on the phone and ordinary callers {ordinary},"
            f" but all calls together take {everybody}",
        )
