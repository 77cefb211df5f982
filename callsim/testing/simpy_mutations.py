"""Errors to plant into the SimPy engine; the conformance suite catches each of them."""

from __future__ import annotations

from callsim.testing.mutations import Mutation

__all__ = ["SIMPY_MUTATIONS"]


def _simpy(file: str, breaks: str, old: str, new: str) -> Mutation:
    return Mutation("simpy", file, old, new, breaks)


SIMPY_MUTATIONS = (
    _simpy(
        "timetable.py",
        "heads change before departments open and callers arrive at the same instant",
        "yield Moment(center.env, at, Rank.HEADS, row)",
        "yield Moment(center.env, at, Rank.OVERFLOW, row)",
    ),
    _simpy(
        "moments.py",
        "events of one rank come in the order of their numbers",
        "(at, (rank << 40) + number, next(env._eid), self)",
        "(at, (rank << 40) + (1 << 39) - number, next(env._eid), self)",
    ),
    _simpy(
        "caller.py",
        "an overflow comes before the end of patience at the same instant",
        "Moment(center.env, leg.entered + patience, PATIENCE_END, number",
        "Moment(center.env, leg.entered + patience, ARRIVAL, number",
    ),
    _simpy(
        "timetable.py",
        "departments close before others open at the same instant",
        "yield Moment(center.env, max(0, start), Rank.OPENING, department.index)",
        "yield Moment(center.env, max(0, start), Rank.SIGN_OFF, department.index)",
    ),
    _simpy(
        "timetable.py",
        "a department closes after the heads have changed at the same instant",
        "yield Moment(center.env, end, Rank.CLOSING, department.index)",
        "yield Moment(center.env, end, Rank.SERVICE_END, department.index)",
    ),
    _simpy(
        "center.py",
        "the agent idle for the longest time answers",
        "if best is None or first < best:",
        "if best is None or first[1] < best[1]:",
    ),
    _simpy(
        "center.py",
        "of agents idle since the same instant the one with the lowest number answers",
        "heappush(agent.group.idle, (now, agent.number, agent))",
        "heappush(agent.group.idle, (now, -agent.number, agent))",
    ),
    _simpy(
        "center.py",
        "the least occupied agent is looked for up to now",
        "return min(idle, key=lambda agent: (agent.occupancy(now), agent.idle_since, agent.number))",
        "return min(idle, key=lambda agent: (agent.busy_time, agent.idle_since, agent.number))",
    ),
    _simpy(
        "center.py",
        "an agent takes overflowing calls only when they have waited long enough",
        "if group.n_idle and after <= waited:",
        "if group.n_idle and after < waited:",
    ),
    _simpy(
        "center.py",
        "a transferred caller may go ahead of new calls of his priority",
        "2 * priority - (place == AHEAD)",
        "2 * priority",
    ),
    _simpy(
        "center.py",
        "a transferred caller who keeps his place is queued as if he had joined when he called",
        "came = leg.contact.arrived if place == KEEPS else leg.entered",
        "came = leg.entered",
    ),
    _simpy(
        "center.py",
        "slopes weigh the waits of the first calls of several queues",
        "-department.slope * (self.env.now - entry[1])",
        "-1000 * (self.env.now - entry[1])",
    ),
    _simpy(
        "center.py",
        "the interval's factor is that of the instant of the answer",
        'searchsorted(now, side="right")',
        'searchsorted(now, side="left")',
    ),
    _simpy(
        "center.py",
        "a group's factor applies to after-call work, too",
        "Purpose.AFTER_CALL_WORK, work_law) * factor) >> 20",
        "Purpose.AFTER_CALL_WORK, work_law) * ONE) >> 20",
    ),
    _simpy(
        "center.py",
        "an agent takes his next call before the caller is passed on",
        "Moment(self.env, leg.handle_end, Rank.SERVICE_END, agent.number, partial(self.release, agent))",
        "Moment(self.env, leg.handle_end, Rank.ARRIVAL, agent.number, partial(self.release, agent))",
    ),
    _simpy(
        "center.py",
        "a late break has its full length, unless it keeps its end",
        "end = begins + length if agent.group.breaks_keep_end or begins < 0 else now + length",
        "end = begins + length",
    ),
    _simpy(
        "center.py",
        "who opens the doors offers the held callers in queue order",
        "for entry in list(department.waiting):\n            self.offer(entry[3])",
        "for entry in list(reversed(department.waiting)):\n            self.offer(entry[3])",
    ),
    _simpy(
        "center.py",
        "a shift that begins while the last one's call goes on makes no overrun of it",
        "            agent.off_duty = False\n            self.end_overrun(agent)",
        "            self.end_overrun(agent)",
    ),
    _simpy(
        "timetable.py",
        "debts of heads are owed by the busy agents who finish first",
        "busy = sorted((a for a in present if a.leg), key=_finish)",
        "busy = sorted((a for a in present if a.leg), key=_finish, reverse=True)",
    ),
    _simpy(
        "timetable.py",
        "debts are forgiven before anybody signs on, the latest finisher first",
        "key=_finish, reverse=True) if missing > 0 else []",
        "key=_finish) if missing > 0 else []",
    ),
    _simpy(
        "timetable.py",
        "when heads fall, the agent idle for the longest time goes first",
        "key=lambda a: (a.idle_since, a.number)):",
        "key=lambda a: (-a.idle_since, a.number)):",
    ),
    _simpy(
        "department.py",
        "calls again when the queue admits calls: now, if it does now",
        "if admit_end > max(now, start):",
        "if admit_end > max(now, start) and start > now:",
    ),
    _simpy(
        "caller.py",
        "new callers meet the closed door from the last admission on",
        "if department.is_open and center.env.now < department.admit_end:",
        "if department.is_open:",
    ),
    _simpy(
        "caller.py",
        "the share that calls again is that of the attempt",
        "again.shares[min(nth, len(again.shares) - 1)]",
        "again.shares[min(nth + 1, len(again.shares) - 1)]",
    ),
    _simpy(
        "caller.py",
        "a person's patience is drawn once if it is a trait of the person",
        "drawn = caller.day.duration(caller.index, 0, 0, PATIENCE, law)",
        "drawn = caller.duration(leg, PATIENCE, law)",
    ),
    _simpy(
        "caller.py",
        "the remaining patience is what all waits so far have left",
        "contact.patience - (leg.left - leg.entered)",
        "contact.patience",
    ),
    _simpy(
        "caller.py",
        "without patience a caller hangs up at once",
        "if patience <= 0:",
        "if patience < 0:",
    ),
    _simpy(
        "caller.py",
        "a blocked caller is not asked whether he balks",
        "        if department.n_waiting() >= department.limit:\n"
        "            contact.outcome = Outcome.BLOCKED\n"
        "            return None\n"
        "        if balk and",
        "        if balk and",
    ),
    _simpy(
        "passing.py",
        "a transfer applies in its hours, which are half-open",
        "any(start <= now < end for",
        "any(start <= now <= end for",
    ),
    _simpy(
        "caller.py",
        "the share that calls again after an answered call is that of the answered call",
        "caller.unsolved = nth + 1",
        "caller.unsolved = nth",
    ),
    _simpy(
        "customer.py",
        "who owns a case is drawn by employee, in whatever leg he answers",
        "self.draw(0, ordinal, Purpose.OWNERSHIP) < share",
        "self.draw(0, leg.number, Purpose.OWNERSHIP) < share",
    ),
    _simpy(
        "customer.py",
        "explaining takes time at every employee without notes",
        "talk += self.lasts(kind.explain_law, 0, ordinal, Purpose.CASE_EXPLAIN)",
        "talk += self.lasts(kind.explain_law, 0, ordinal, Purpose.CASE_EXPLAIN) if not ordinal else 0",
    ),
    _simpy(
        "customer.py",
        "the draw below the threshold sees the notes",
        "self.draw(0, ordinal, Purpose.NOTES) < kind.notes_seen",
        "self.draw(0, ordinal, Purpose.NOTES) >= kind.notes_seen",
    ),
    _simpy(
        "customer.py",
        "who takes over from a colleague is at least as likely to own it as he would be anyway",
        "share = max(share, kind.carried_share)",
        "share = kind.carried_share",
    ),
    _simpy(
        "caller.py",
        "time on hold includes the dialling of transfers",
        "contact.caller.customer.held += row.dialling",
        "contact.caller.customer.held += 0",
    ),
    _simpy(
        "customer.py",
        "only full hours on hold make angry",
        "(self.held // _HOUR)",
        "((self.held + _HOUR // 2) // _HOUR)",
    ),
    _simpy(
        "customer.py",
        "a deadline counts from the promise",
        "due = now + self.lasts(kind.promise_due_law",
        "due = contact.arrived + self.lasts(kind.promise_due_law",
    ),
    _simpy(
        "customer.py",
        "the provider's call joins its queue by the lead before the deadline",
        "max(now, due - kind.promise_lead)",
        "max(now, due)",
    ),
    _simpy(
        "customer.py",
        "who calls the customer back owns the case",
        "            self.owned = True\n",
        "            self.owned = self.draw(0, ordinal, Purpose.OWNERSHIP) < kind.owner_share[group]\n",
    ),
    _simpy(
        "customer.py",
        "the provider's call that found nobody is tried again a minute later at the earliest",
        "next(now + _TRIED_AGAIN)",
        "next(now)",
    ),
    _simpy(
        "customer.py",
        "for the regulator all is done that is left",
        "self.kind.owner_does_rest or (leg is not None and leg.contact.cause == Cause.REGULATOR)",
        "self.kind.owner_does_rest",
    ),
    _simpy(
        "customer.py",
        "a customer complains once",
        "            not self.complained\n            and now - self.born",
        "            now - self.born",
    ),
    _simpy(
        "customer.py",
        "a problem that comes back is all to be solved again",
        "        self.pieces_done = 0\n        return self._closed(at, 1)",
        "        self.pieces_done = self.kind.pieces - 1\n        return self._closed(at, 1)",
    ),
    _simpy(
        "customer.py",
        "the share that gives up is that of the unsolved call",
        "share = shares[min(nth, len(shares) - 1)]",
        "share = shares[min(nth + 1, len(shares) - 1)]",
    ),
    _simpy(
        "customer.py",
        "who has learned the hours calls by them",
        "hours = kind.admits if self.knows_hours else kind.believed",
        "hours = kind.admits if self.knows_hours and not contact else kind.believed",
    ),
    _simpy(
        "customer.py",
        "who would sleep by then does not wait on",
        "if kind.awake.contain(later) and any(",
        "if any(",
    ),
    _simpy(
        "customer.py",
        "an escalation counts for the number of transfers that is allowed",
        "if not asks or leg.contact.transfers >= row.at_most:",
        "if not asks:",
    ),
    _simpy(
        "customer.py",
        "the delay after a broken promise is drawn on its own",
        "keys = (0, self.unsolved - 1, Purpose.REPEAT, Purpose.BROKEN_DELAY)",
        "keys = (0, self.unsolved - 1, Purpose.REPEAT, Purpose.REPEAT_DELAY)",
    ),
    _simpy(
        "customer.py",
        "each event of a case is one step further",
        "        self.step += 1\n",
        "        self.step += event != CaseEvent.EXPLAINED\n",
    ),
)
"""One rule each. What an error replaces stands in the source exactly once, so the list follows the source."""
