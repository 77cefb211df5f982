"""Twenty-one small changes to the readable engine, each of which alters the log of a shipped scenario.

Some move callers, some only what is written down of them: a record must notice both.
"""

from __future__ import annotations

from callsim.testing.mutations import Mutation

__all__ = ["CHANGES"]


def _change(file: str, old: str, new: str, breaks: str) -> Mutation:
    return Mutation("simpy", file, old, new, breaks)


CHANGES = (
    _change(
        "caller.py",
        "attempt + 1 >= again.max_contacts",
        "attempt + 2 >= again.max_contacts",
        "how often a caller calls",
    ),
    _change(
        "caller.py",
        "return drawn if caller.customer is None",
        "return drawn + 1 if caller.customer is None",
        "patience, to the microsecond",
    ),
    _change(
        "caller.py", "if again >= center.horizon:", "if again >= center.horizon // 2:", "until when callers call again"
    ),
    _change(
        "caller.py", "center.env.now + row.dialling", "center.env.now + row.dialling + 1", "how long dialling takes"
    ),
    _change("caller.py", "contact.transfers += 1", "contact.transfers += 8", "how often a caller is passed on"),
    _change(
        "caller.py",
        "if department.is_open and center.env.now < department.admit_end:",
        "if center.env.now >= 0:",
        "who meets the closed door",
    ),
    _change(
        "caller.py",
        "_patience(center, contact.caller, next_leg.number)",
        "_patience(center, contact.caller, 0)",
        "what patience a passed-on caller has",
    ),
    _change(
        "center.py", "in agent.group.skills:", "in reversed(agent.group.skills):", "which queue an agent serves first"
    ),
    _change("center.py", "if found and level_first and", "if found and not level_first and", "that levels come first"),
    _change(
        "center.py", "(now, agent.number, agent)", "(now, -agent.number, agent)", "who of the equally idle answers"
    ),
    _change(
        "center.py",
        "if group.n_idle and after <= waited:",
        "if group.n_idle and after < waited:",
        "when calls overflow",
    ),
    _change("center.py", "2 * priority - (place == AHEAD)", "2 * priority", "that passed-on callers go ahead"),
    _change("center.py", "talk = (talk * factor) >> 20", "talk = (talk * factor >> 20) + 1", "how talks are rounded"),
    _change(
        "center.py",
        "Purpose.AFTER_CALL_WORK, work_law) * factor) >> 20",
        "Purpose.AFTER_CALL_WORK, work_law) * ONE) >> 20",
        "that slow groups work longer afterwards",
    ),
    _change(
        "center.py",
        "end = begins + length if agent.group.breaks_keep_end or begins < 0 else now + length",
        "end = begins + length",
        "how long a late break lasts",
    ),
    _change(
        "center.py",
        "            agent.off_duty = True\n            self.begin_overrun(agent)",
        "            agent.off_duty = True",
        "that overrun is written down",
    ),
    _change(
        "center.py",
        "if row is None:\n            leg.transfer = NO_TRANSFER",
        "if row is None:\n            leg.transfer = TALKING",
        "what is written of an ended talk",
    ),
    _change("department.py", "return self.waiting[0]", "return self.waiting[-1]", "first come, first served"),
    _change(
        "department.py",
        "                return max(now, start)",
        "                return max(now, start) + 1",
        "when a queue lets callers in again",
    ),
    _change("passing.py", "if u < total:", "if u < total // 2:", "how many callers are passed on"),
    _change(
        "timetable.py", "lambda a: (a.idle_since, a.number)", "lambda a: (-a.idle_since, a.number)", "who leaves first"
    ),
)
"""Each stands exactly once in the engine; `mutant` refuses it otherwise."""
