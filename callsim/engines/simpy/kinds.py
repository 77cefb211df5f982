"""The rules of a kind of case, read from the plan once: plain numbers, and stretches of time that can be asked."""

from __future__ import annotations

from bisect import bisect_right

import numpy as np
import numpy.typing as npt

from callsim.plan.plan import NEVER, Plan

__all__ = ["Hours", "Kind", "Windows", "kinds_of"]

Int64 = npt.NDArray[np.int64]


class Windows:
    """Stretches of time, sorted and apart from each other."""

    def __init__(self, starts: Int64, ends: Int64) -> None:
        real = ends > starts
        self.starts: list[int] = starts[real].tolist()
        self.ends: list[int] = ends[real].tolist()

    def next(self, at: int) -> int:
        """Return the first instant from ``at`` on that lies inside, NEVER if there is none. [ticks]"""
        i = bisect_right(self.ends, at)
        return max(at, self.starts[i]) if i < len(self.ends) else NEVER

    def contain(self, at: int) -> bool:
        """Tell whether an instant lies inside."""
        return self.next(at) == at


def _windows(offset: Int64, starts: Int64, ends: Int64, row: int) -> Windows:
    rows = slice(int(offset[row]), int(offset[row + 1]))
    return Windows(starts[rows], ends[rows])


def _hours(offset: Int64, starts: Int64, ends: Int64, row: int) -> Windows:
    """Return stretches of which none at all means always."""
    if offset[row] == offset[row + 1]:
        return Windows(np.zeros(1, np.int64), np.full(1, NEVER, np.int64))
    return _windows(offset, starts, ends, row)


class Hours:
    """When departments let callers in, and when who does not know believes that they do."""

    def __init__(self, plan: Plan) -> None:
        cases, queues = plan.cases, plan.queues
        everywhere = range(plan.n_queues)
        self.believed = [
            _windows(cases.believed_offset, cases.believed_start, cases.believed_end, queue) for queue in everywhere
        ]
        """[queue]"""
        self.admits = [_windows(queues.open_offset, queues.open_start, queues.admit_end, queue) for queue in everywhere]
        """[queue]"""


class Kind:
    """One kind of case; `callsim.plan.cases.Cases` says what each rule means."""

    def __init__(self, plan: Plan, index: int, hours: Hours) -> None:
        cases, streams = plan.cases, plan.streams
        self.stream = int(cases.stream[index])
        self.pieces = int(cases.pieces[index])
        self.can_do: list[list[bool]] = cases.can_do[index].tolist()
        """[piece][queue]"""
        self.owner_share: list[int] = cases.owner_share[index].tolist()
        """[group]"""
        self.carried_share = int(cases.carried_share[index])
        self.owner_does_rest = bool(cases.owner_does_rest[index])
        self.owner_law = int(cases.owner_law[index])
        self.works_law = int(cases.works_law[index])
        self.returns = int(cases.returns[index])
        self.identify_law = int(cases.identify_law[index])
        self.explain_law = int(cases.explain_law[index])
        self.notes_law = int(cases.notes_law[index])
        self.notes_seen = int(cases.notes_seen[index])
        self.never_tries = int(cases.never_tries[index])
        self.noticed_law = int(cases.noticed_law[index])
        self.dial_share: list[list[int]] = cases.dial_share[index].tolist()
        """[piece][queue]"""
        self.awake = _hours(cases.awake_offset, cases.awake_start, cases.awake_end, index)
        self.knows_hours = int(cases.knows_hours[index])
        self.learns_hours = int(cases.learns_hours[index])
        self.believed, self.admits = hours.believed, hours.admits
        self.waits_on_law = int(cases.waits_on_law[index])
        self.anger: list[int] = cases.anger[index].tolist()
        """[`AngerCause`] Points."""
        self.anger_patience: list[int] = cases.anger_patience[index].tolist()
        """[points] Factor; as the next two."""
        self.anger_delay: list[int] = cases.anger_delay[index].tolist()
        self.anger_talk: list[int] = cases.anger_talk[index].tolist()
        self.promise_share = int(cases.promise_share[index])
        self.promise_due_law = int(cases.promise_due_law[index])
        self.promise_kept = int(cases.promise_kept[index])
        self.promise_queue = int(cases.promise_queue[index])
        self.promise_lead = int(cases.promise_lead[index])
        self.promise_priority = int(cases.promise_priority[index])
        self.closes_unsolved = int(cases.closes_unsolved[index])
        self.escalation_row: list[int] = cases.escalation_row[index].tolist()
        """[queue]"""
        self.escalation_contacts = int(cases.escalation_contacts[index])
        self.escalation_age = int(cases.escalation_age[index])
        self.escalation_hold = int(cases.escalation_hold[index])
        self.escalation_anger = int(cases.escalation_anger[index])
        self.escalation_granted = int(cases.escalation_granted[index])
        self.complaint_share = int(cases.complaint_share[index])
        self.complaint_age = int(cases.complaint_age[index])
        self.complaint_contacts = int(cases.complaint_contacts[index])
        self.office = _hours(cases.office_offset, cases.office_start, cases.office_end, index)
        self.regulator_law = int(cases.regulator_law[index])
        self.regulator_queue = int(cases.regulator_queue[index])
        self.regulator_priority = int(cases.regulator_priority[index])
        self.max_contacts = int(streams.max_contacts[self.stream])
        self.shares: list[list[int]] = streams.redial_share[self.stream].tolist()
        """[cause][contact]"""
        self.delays: list[int] = streams.redial_delay[self.stream].tolist()
        """[cause] Law."""


def kinds_of(plan: Plan) -> dict[int, Kind]:
    """Return the kinds of cases of a plan by stream; what they know of the departments' hours is read once for all."""
    hours = Hours(plan)
    kinds = [Kind(plan, index, hours) for index in range(plan.cases.n)]
    return {kind.stream: kind for kind in kinds}
