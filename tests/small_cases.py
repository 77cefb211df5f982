"""A small scenario with cases, for tests of what becomes of them: nearly everything that a type of case can have."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from callsim.plan.plan import Plan
from callsim.scenario.models import Scenario
from callsim.scenario.reading.load import load
from callsim.scenario.resolving.resolve import resolve

__all__ = ["CENTRE", "case_plan", "case_scenario"]

CENTRE = """\
# A small scenario with nearly everything that cases can have.
name: A small centre with cases
run:
  {start: 2025-03-03, time_zone: America/Chicago, warm_up: 2 days, measure: 1 week, follow_cases: 4 days}
callers:
  order question: {calls: {per_hour: {mon-sat 08:00-20:00: 30}}, to: orders}
  fault: {calls: {per_hour: {daily 07:00-23:00: 20}}, to: support}
  defaults:
    patience: lognormal mean 30m cv 0.7
    calls_again:
      abandoned: {share: 60%, delay: exponential mean 45m}
      unsolved: {share: [16%, 8%], delay: lognormal mean 10h cv 1}
      at_most: 6 calls
cases:
  order error:
    starts: {per_week: 40, at: mon-fri 12:00-20:00, noticed_after: exponential mean 1h}
    customers:
      persistent:
        share: 60%
        gives_up: never
        patience: lognormal mean 60m cv 0.6
      others: {share: 40%, gives_up: [2%, 6%, 10%], never_tries: 10%}
    needs: [mend order, provision line]
    done_by: {mend order: [orders, escalations], provision line: [support, escalations]}
    owner: {share: {generalists: 15%, others: 40%}, does: one piece, takes: constant 8m, carries_over: 30%}
    dials: {mend order: {orders: 60%, support: 40%}, provision line: {orders: 25%, support: 75%}}
    talk: lognormal mean 3m cv 0.8
    identify: constant 20s
    explain: {time: lognormal mean 2m30s cv 0.4, with_notes: constant 20s}
    shared_ticket: {notes_lost: 40%}
    passed_on: {share: 70%, at_most: 4 transfers}
    works_after_last_piece: lognormal mean 3h cv 0.5
    returns: 10%
    deadline: 24h
    patience: lognormal mean 40m cv 0.6
    awake: daily 07:00-23:30
    believes_open: {knows: 20%, learns: 90%}
    waits_on: exponential mean 15m
    calls_again:
      unsolved: lognormal mean 2h30m cv 1
      abandoned: lognormal mean 45m cv 1
      closed: exponential mean 40m
      cut off: exponential mean 5m
      broken promise: exponential mean 1h
      reopened: {share: 90%, delay: lognormal mean 10h cv 1}
      at_most: 60 calls
    anger:
      points: {unsolved: 1, abandoned: 1, turned away: 1, cut off: 3, broken promise: 3, an hour on hold: 2}
      patience: {4: 0.9, 8: 0.7}
      delay: {4: 0.8, 8: 0.5}
      talk: {6: +20%}
    promises: {share: 25%, due: uniform 3h to 20h, kept: 40%, called_back_by: escalations, lead: 1h, priority: 3}
    closes_unsolved: 4%
    escalation:
      {to: escalations, from: [orders, support], after: {calls: 4 calls, age: 30h, hold: 90m, anger: 8}, granted: 60%}
    regulator:
      complains: 15%
      after: {calls: 5 calls, age: 36h}
      at: mon-fri 09:00-17:00
      acts_in: lognormal mean 12h cv 0.5
      called_back_by: escalations
      priority: 1
    documented: {calls: 22, employees: 50, hours_on_the_phone: 12, hours_to_solution: 112, promises: 3}
  wrong name on the bill:                       # one kind of customer, one piece, kept promises without a call
    starts: {per_day: {mon-fri: 4}, at: "mon-fri 09:00-12:00 and 14:00-17:00"}
    owner: {share: 30%, does: the rest}
    done_by: [billing, orders]
    dials: {billing: 80%, orders: 20%}
    patience: exponential mean 20m
    calls_again: {unsolved: {share: [90%, 80%], delay: exponential mean 6h}, busy: never}
    promises: {share: 30%, due: constant 8h, kept: 50%}
    returns: {share: 20%, delay: lognormal mean 20h cv 0.5}
    regulator: {complains: 5%, acts_in: exponential mean 20h}
queues:
  orders: {open: mon-sat 08:00-20:00, talk: lognormal mean 6m cv 0.8}
  support: {open: mon-sat 08:00-22:00, advertised: 24/7, talk: lognormal mean 8m cv 0.8, last_admission: 5m}
  escalations: {open: mon-sat 09:00-19:00, talk: lognormal mean 7m cv 0.8}
  billing: {open: mon-fri 09:00-17:00, talk: lognormal mean 5m cv 0.8}
  defaults: {after_call_work: constant 1m}
agents:
  generalists: {staffing: {mon-sat 08:00-22:00: 7}, answers: {orders: 1, support: 2}}
  escalation desk: {staffing: {mon-sat 09:00-19:00: 1}, answers: [escalations]}
  billing desk: {staffing: {mon-fri 09:00-17:00: 2}, answers: [billing]}
transfers:
  defaults: {dialling: 30s, queue: ahead of new calls}
  to billing: {if_closed: cut off}
  handed round:
    callers: [order error]
    orders: {support: 70%, billing: 30%}
    support: {orders: 60%, billing: 40%}
    escalations: {orders: 50%, support: 50%}
    billing: {orders: 100%}
  wrong desk:
    callers: [order question, fault]
    orders: {support: 6%}
    support: {orders: 6%}
"""


def case_scenario(*changes: str) -> Scenario:
    """Load the centre with changes such as ``"cases.order error.owner.does=the rest"``, as after ``--set``."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "centre.yaml"
        path.write_text(CENTRE, encoding="utf-8")
        return load(path, changes)


def case_plan(*changes: str) -> Plan:
    """Resolve the centre with changes."""
    return resolve(case_scenario(*changes))
