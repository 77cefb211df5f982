"""What must hold in every log, whatever the plan. A break is a bug in callsim, never the user's fault.

Everything is vectorised and linear, or one sort, in the number of legs: checked on every run. The rules
that need plan and log together live in ``callsim/measures/invariants.py``.
"""

from __future__ import annotations

from typing import NoReturn

import numpy as np
import numpy.typing as npt

from callsim.codes import Cause, Outcome, SpanKind, TransferResult
from callsim.runlog.breaks import break_contact, break_leg, break_run, first_broken
from callsim.runlog.log import RunLog

__all__ = ["check_log"]

Int64 = npt.NDArray[np.int64]
Bool = npt.NDArray[np.bool_]

_PASSED_ON = (
    TransferResult.TRANSFERRED,
    TransferResult.RETURNED_TARGET_CLOSED,
    TransferResult.HELD_TARGET_CLOSED,
)
"""After these the contact has a next leg, unless the run ended on the way."""
_CUT_OFF = (TransferResult.DROPPED_TARGET_CLOSED, TransferResult.VOICEMAIL_TARGET_CLOSED)
"""After these the call is over once the agent has dialled."""
_ENDS_HERE = tuple(
    result for result in TransferResult if result not in (*_PASSED_ON, *_CUT_OFF, TransferResult.UNFINISHED)
)
"""After these the call is over at the end of the talk."""
_UNDER_WAY = (*_CUT_OFF, TransferResult.UNFINISHED)
_NO_LEG = (Outcome.BLOCKED, Outcome.BALKED, Outcome.CLOSED, Outcome.VOICEMAIL)
_LEG_OUTCOMES = (
    Outcome.UNFINISHED,
    Outcome.ANSWERED,
    Outcome.ABANDONED,
    Outcome.DROPPED_AT_CLOSING,
    Outcome.MOVED,
)


def check_log(log: RunLog) -> None:
    """Check a log against the rules that hold for every plan.

    Legs are linked to their contacts; instants are in order; outcomes agree between a contact and its
    legs; a caller's contacts follow each other; no agent is in two calls at once; agents handle calls
    only while present and never in a break; for cases see `callsim.runlog.case_invariants.check_cases`.

    Raises
    ------
    InvariantBroken
        Naming the first call that breaks a rule, its times, the plan's digest, seed and replication.
    """
    _check_contacts(log)
    _check_links(log)
    _check_instants(log)
    _check_outcomes(log)
    _check_callers(log)
    _check_spans(log)
    _check_agents(log)
    if len(log.case_events["event"]):
        from callsim.runlog.case_invariants import check_cases

        check_cases(log)


def _check_contacts(log: RunLog) -> None:
    contacts = log.contacts
    arrived, ended, outcome = contacts["arrived"], contacts["ended"], contacts["outcome"]
    rules = {
        "arrives before the start or after the end of the run": (arrived < 0) | (arrived > log.end),
        "stands behind a later one: contacts are not in the order of their arrival": _falls(arrived),
        "hangs up before it arrives": (ended >= 0) & (ended < arrived),
        "hangs up after the end of the run": ended > log.end,
        "has an unknown outcome": (outcome < 0) | (outcome >= len(Outcome)) | (outcome == Outcome.MOVED),
        "has an attempt that does not fit its cause": (contacts["attempt"] == 0) != (contacts["cause"] == Cause.FRESH),
    }
    for what, broken in rules.items():
        if (row := first_broken(broken)) >= 0:
            break_contact(log, row, what)


def _falls(values: Int64) -> Bool:
    """Return for each row whether it is smaller than the row before."""
    falls = np.zeros(len(values), np.bool_)
    np.less(values[1:], values[:-1], out=falls[1:])
    return falls


def _check_links(log: RunLog) -> None:
    contact, leg = log.legs["contact"], log.legs["leg"]
    first = np.ones(len(contact), np.bool_)
    np.not_equal(contact[1:], contact[:-1], out=first[1:])
    follows = np.zeros(len(contact), np.bool_)
    np.equal(leg[1:], leg[:-1] + 1, out=follows[1:])
    rules = {
        "belongs to no contact": (contact < 0) | (contact >= len(log.contacts["arrived"])),
        "stands behind a leg of a later contact": _falls(contact),
        "is not linked: the legs of a contact are numbered 0, 1, 2, ...": np.where(first, leg != 0, ~follows),
    }
    for what, broken in rules.items():
        if (row := first_broken(broken)) >= 0:
            break_leg(log, row, what)


def _check_instants(log: RunLog) -> None:
    legs = log.legs
    entered, left, outcome = legs["entered"], legs["left"], legs["outcome"]
    answered, waiting = outcome == Outcome.ANSWERED, outcome == Outcome.UNFINISHED
    start = log.contacts["arrived"][legs["contact"]]
    later = np.flatnonzero(legs["leg"] > 0)
    start[later] = np.where(answered[later - 1], legs["talk_end"][later - 1], left[later - 1])
    rules = {
        "enters the queue before its caller can": entered < start,
        "does not enter the queue when its caller arrives": (legs["leg"] == 0) & (entered != start),
        "enters the queue after the end of the run": entered > log.end,
        "leaves the queue before it entered": ~waiting & (left < entered),
        "leaves the queue after the end of the run": left > log.end,
        "still waits but has left the queue": waiting & (left >= 0),
        "ends its talk before it began": answered & (legs["talk_end"] < left),
        "ends its after-call work before the talk ended": answered & (legs["handle_end"] < legs["talk_end"]),
        "is answered by nobody": answered & (legs["agent"] < 0),
        "is not answered but has an agent, a talk or after-call work": ~answered
        & ((legs["agent"] >= 0) | (legs["talk_end"] >= 0) | (legs["handle_end"] >= 0)),
    }
    for what, broken in rules.items():
        if (row := first_broken(broken)) >= 0:
            break_leg(log, row, what)


def _check_outcomes(log: RunLog) -> None:
    """Check that every contact ends once, as its last leg says, and that every other leg is followed by one."""
    legs, contacts = log.legs, log.contacts
    contact, outcome, transfer = legs["contact"], legs["outcome"], legs["transfer"]
    last = np.ones(len(contact), np.bool_)
    np.not_equal(contact[1:], contact[:-1], out=last[:-1])
    answered = outcome == Outcome.ANSWERED
    passed_on = answered & np.isin(transfer, _PASSED_ON)
    rules = {
        "has an outcome that a leg cannot have": ~np.isin(outcome, _LEG_OUTCOMES),
        "is followed by a leg although the caller was neither moved nor passed on": ~last
        & ~passed_on
        & (outcome != Outcome.MOVED),
        "was moved at closing but has no next leg": last & (outcome == Outcome.MOVED),
        "was not answered but transferred": ~answered & (transfer != TransferResult.NONE),
    }
    for what, broken in rules.items():
        if (row := first_broken(broken)) >= 0:
            break_leg(log, row, what)
    final = np.flatnonzero(last)
    ended = contacts["outcome"][contact[final]]
    fits = _fits(outcome[final], transfer[final], ended)
    if (row := first_broken(~fits)) >= 0:
        break_leg(log, int(final[row]), "is the last of its contact, whose outcome is another one")
    _check_hang_up(log, final)
    without = np.ones(len(contacts["outcome"]), np.bool_)
    without[contact] = False
    if (row := first_broken(without & ~np.isin(contacts["outcome"], _NO_LEG))) >= 0:
        break_contact(log, row, "has no leg, but an outcome that only a queue can give")
    if (row := first_broken(without & (contacts["ended"] != contacts["arrived"]))) >= 0:
        break_contact(log, row, "was turned away, but did not hang up at once")


def _fits(outcome: Int64, transfer: Int64, ended: Int64) -> Bool:
    """Return whether a contact's outcome is that of its last leg."""
    answered = outcome == Outcome.ANSWERED
    expected = np.where(answered, Outcome.ANSWERED, outcome)
    expected[answered & (transfer == TransferResult.DROPPED_TARGET_CLOSED)] = Outcome.DROPPED_BY_TRANSFER
    expected[answered & (transfer == TransferResult.VOICEMAIL_TARGET_CLOSED)] = Outcome.VOICEMAIL
    expected[answered & np.isin(transfer, _PASSED_ON)] = Outcome.UNFINISHED
    # The run may have ended while the agent dialled, before the transfer or the cutting-off came about.
    open_end = answered & np.isin(transfer, _UNDER_WAY) & (ended == Outcome.UNFINISHED)
    fits: Bool = (expected == ended) | open_end
    return fits


def _check_hang_up(log: RunLog, final: Int64) -> None:
    """Check that the caller hangs up when his last leg ends, or has not yet."""
    legs = {name: column[final] for name, column in log.legs.items()}
    ended = log.contacts["ended"][legs["contact"]]
    answered = legs["outcome"] == Outcome.ANSWERED
    done = np.where(answered, legs["talk_end"], legs["left"])
    dialled = answered & np.isin(legs["transfer"], _CUT_OFF)
    rules = {
        "still waits, but its caller hung up": (legs["outcome"] == Outcome.UNFINISHED) & (ended >= 0),
        "ends, but its caller hangs up at another instant": (ended >= 0) & ~dialled & (ended != done),
        "ends after its caller hung up": (ended >= 0) & (ended < done),
        "ended while waiting, but its caller did not hang up": ~answered
        & (legs["outcome"] != Outcome.UNFINISHED)
        & (ended < 0),
        "is talked to the end, but its caller did not hang up": answered
        & np.isin(legs["transfer"], _ENDS_HERE)
        & (legs["talk_end"] < log.end)
        & (ended < 0),
    }
    for what, broken in rules.items():
        if (row := first_broken(broken)) >= 0:
            break_leg(log, int(final[row]), what)


def _check_callers(log: RunLog) -> None:
    """Check that a caller's contacts are numbered 0, 1, 2, ... and none begins before the last one ended."""
    contacts = log.contacts
    if not len(contacts["stream"]):
        return
    block, n = contacts["block"] + 1, contacts["n"]
    key = ((contacts["stream"] * (block.max() + 1) + block) * (n.max() + 1) + n) * 256 + contacts["attempt"]
    order = np.argsort(key)
    key = key[order]
    same, twice = np.zeros(len(key), np.bool_), np.zeros(len(key), np.bool_)
    same[1:] = key[1:] == key[:-1] + 1
    twice[1:] = key[1:] == key[:-1]
    if (row := first_broken(twice)) >= 0:
        break_contact(log, int(order[row]), "has the same caller and attempt as another contact")
    ended = np.zeros(len(key), np.int64)
    ended[1:] = contacts["ended"][order[:-1]]
    again = contacts["attempt"][order] > 0
    if (row := first_broken(again & ~same)) >= 0:
        break_contact(log, int(order[row]), "is a repeat, but its caller's contact before it is missing")
    early = again & ((ended < 0) | (ended > contacts["arrived"][order]))
    if (row := first_broken(early)) >= 0:
        break_contact(log, int(order[row]), "begins before its caller's contact before it ended")


def _span_text(log: RunLog, row: int) -> str:
    agent, kind, start, end = (int(log.spans[name][row]) for name in ("agent", "kind", "start", "end"))
    name = SpanKind(kind).name if 0 <= kind < len(SpanKind) else f"kind {kind}"
    return f"span {row}: agent {agent}, {name}, from {start} to {end}"


def _span_ends(log: RunLog) -> Int64:
    """Return the end of each span; one that lasted when the run ended is closed behind every event."""
    beyond = max(log.end, int(log.legs["handle_end"].max(initial=0)), int(log.spans["start"].max(initial=0))) + 1
    return np.where(log.spans["end"] < 0, beyond, log.spans["end"])


def _check_spans(log: RunLog) -> None:
    spans = log.spans
    kind, start = spans["kind"], spans["start"]
    ends = _span_ends(log)
    same = np.zeros(len(start), np.bool_)
    np.equal(spans["agent"][1:], spans["agent"][:-1], out=same[1:])
    rules = {
        "has an unknown kind": (kind < 0) | (kind >= len(SpanKind)),
        "has no agent": spans["agent"] < 0,
        "ends before it starts": ends < start,
        "stands behind one of a higher agent number": _falls(spans["agent"]),
        "stands behind a later one of the same agent": same & _falls(start),
    }
    for what, broken in rules.items():
        if (row := first_broken(broken)) >= 0:
            break_run(log, f"{_span_text(log, row)} {what}")
    present = (kind == SpanKind.SIGNED_ON) | (kind == SpanKind.OVERRUN)
    for rows, what in (
        (np.flatnonzero(present), "overlaps another presence of the same agent"),
        (np.flatnonzero(kind == SpanKind.BREAK), "overlaps another break of the same agent"),
    ):
        agent = spans["agent"][rows]
        overlaps = (agent[1:] == agent[:-1]) & (start[rows][1:] < ends[rows][:-1])
        if (row := first_broken(overlaps)) >= 0:
            break_run(log, f"{_span_text(log, int(rows[row + 1]))} {what}")


def _check_agents(log: RunLog) -> None:
    """Check that no agent is in two calls at once, or handles a call in a break or without being there."""
    legs = log.legs
    rows = np.flatnonzero(legs["agent"] >= 0)
    if not len(rows):
        return
    span_end = _span_ends(log)
    shift = max(int(span_end.max(initial=0)), int(legs["handle_end"].max()), log.end) + 2
    # One number orders (agent, instant); shifts that began before the run start at negative instants.
    base = max(0, -int(log.spans["start"].min(initial=0)))
    shift += base
    if (int(legs["agent"].max()) + 1) * shift >= 1 << 62:
        break_run(log, "agents and instants do not fit into one number: the run is too long for its number of agents")
    offset = legs["agent"][rows] * shift + base
    start, end = np.sort(offset + legs["left"][rows]), np.sort(offset + legs["handle_end"][rows])
    # Sorted apart, starts and ends interleave exactly if no two calls of an agent overlap.
    if (start[1:] < end[:-1]).any():
        _break_overlap(log, rows)
    # Work beyond the end of the run is known but has not happened: presence was not decided there.
    end = np.minimum(end, start // shift * shift + base + log.end)
    end = np.maximum(end, start)
    kind = log.spans["kind"]
    span_offset = log.spans["agent"] * shift + base
    span_start, span_end = span_offset + log.spans["start"], span_offset + span_end
    present = np.flatnonzero((kind == SpanKind.SIGNED_ON) | (kind == SpanKind.OVERRUN))
    if (row := first_broken(~_inside(start, end, *_merged(span_start[present], span_end[present])))) >= 0:
        _break_busy(log, rows, start, shift, row, "without being signed on or in overrun")
    away = np.flatnonzero(kind == SpanKind.BREAK)
    if (row := first_broken(_touches(start, end, span_start[away], span_end[away]))) >= 0:
        _break_busy(log, rows, start, shift, row, "in a break")


def _merged(start: Int64, end: Int64) -> tuple[Int64, Int64]:
    """Return disjoint sorted stretches with those that touch joined."""
    opens = np.ones(len(start), np.bool_)
    opens[1:] = start[1:] > end[:-1]
    closes = np.ones(len(start), np.bool_)
    closes[:-1] = opens[1:]
    return start[opens], end[closes]


def _inside(start: Int64, end: Int64, first: Int64, last: Int64) -> Bool:
    """Return for each [start, end) whether it lies within one of the disjoint sorted [first, last)."""
    if not len(first):
        return np.zeros(len(start), np.bool_)
    place = np.searchsorted(first, start, side="right") - 1
    inside: Bool = (place >= 0) & (end <= last[place])
    return inside


def _touches(start: Int64, end: Int64, first: Int64, last: Int64) -> Bool:
    """Return for each [start, end) whether it overlaps one of the disjoint sorted [first, last)."""
    first, last = first[first < last], last[first < last]
    before = np.searchsorted(last, start, side="right")
    return (end > start) & (before < np.searchsorted(first, end, side="left"))


def _break_overlap(log: RunLog, rows: Int64) -> NoReturn:
    legs = log.legs
    order = rows[np.lexsort((legs["handle_end"][rows], legs["left"][rows], legs["agent"][rows]))]
    agent, left, end = (legs[name][order] for name in ("agent", "left", "handle_end"))
    row = first_broken((agent[1:] == agent[:-1]) & (left[1:] < end[:-1]))
    break_leg(
        log,
        int(order[row + 1]),
        f"is answered by agent {int(agent[row + 1])} at {int(left[row + 1])}, who handles contact"
        f" {int(legs['contact'][order[row]])} until {int(end[row])}",
    )


def _break_busy(log: RunLog, rows: Int64, start: Int64, shift: int, row: int, what: str) -> NoReturn:
    """Name the leg behind entry `row` of the sorted starts."""
    legs = log.legs
    agent = int(start[row] // shift)
    instant = int(start[row] - agent * shift) - max(0, -int(log.spans["start"].min(initial=0)))
    leg = int(rows[np.flatnonzero((legs["agent"][rows] == agent) & (legs["left"][rows] == instant))[0]])
    spans = log.spans
    absent = (spans["agent"] == agent) & (spans["kind"] == SpanKind.ABSENT) & (spans["start"] <= instant)
    if (absent & (instant < _span_ends(log))).any():
        what = "although absent from this shift"
    break_leg(log, leg, f"is handled by agent {agent} from {instant} to {int(legs['handle_end'][leg])} {what}")
