"""The scenario in plain words: what is written, what is not, and what follows."""

from callsim.scenario.reading.load import load
from callsim.scenario.telling.explain import explain
from tests.small_scenarios import written

SIMPLE = """
    name: Erlang A
    about: From the text-book.
    run: {warm_up: 1h, measure: 10h}
    callers: {everyone: {calls: {per_hour: 1260}, to: main, patience: exponential mean 10m}}
    queues: {main: {handle_time: exponential mean 5m, target: {share: 80%, within: 20s}}}
    agents: {team: {heads: 100, answers: [main]}}
"""


def test_every_default_of_a_simple_scenario_is_said(tmp_path):
    """The whole text."""
    assert explain(written(tmp_path, SIMPLE)) == (
        """Erlang A
From the text-book.

Clock
  start: empty, on a clock without a calendar  (default)
  warm-up: 1h, simulated and not measured
  measured: 10h, from 1:00 to 11:00
  reporting interval: 30m  (default)
  at the end: stop; calls that are not over count as unfinished  (default)
  seed 1  (default)
  10 replications  (default)
  intervals of level 95%  (default)

Callers
  everyone
    calls: 12,600 fresh calls expected while measured
    times: 1 times the volume  (default)
    day factor: none: the expected volume of a day never varies  (default)
    to: main
    priority: 5 (1 is served first)  (default)
    credit: 0s  (default)
    patience: exponential mean 10m (mean 10m), drawn anew for each call
    hangs up at once: 0%  (default)
    balks: 0%  (default)
    after hanging up in the queue: nobody calls again  (default)
    after a busy tone: nobody calls again  (default)
    after hanging up on hearing of a wait: nobody calls again  (default)
    after the closed announcement: nobody calls again  (default)
    after being cut off: nobody calls again  (default)
    after an answered call that did not solve it: nobody calls again  (default)
    at most: 255 calls, the first one counted  (default)

Queues
  main
    open: 24/7  (default)
    advertised: as open  (default)
    handle time: exponential mean 5m (mean 5m), talk and after-call work in one
    when closed: announce and hang up  (default)
    at closing: serve the waiting  (default)
    last admission: up to closing  (default)
    limit: no limit  (default)
    slope: a second of waiting weighs 1  (default)
    service level: 80% within 20s, abandoned calls count against us [negative_abandon]

Agents
  team
    answers main: level 1, at once, 1 times the handle time
    heads at the phone while measured: 100
    heads that fall: idle agents leave at once, the others when they finish
    shrinkage: 0% taken off the heads  (default)

Transfers
  none: nobody is passed on

Routing
  which call next: lowest level then longest wait  (default)
  which agent: lowest level then longest idle  (default)
  lines: no limit  (default)

Load, in the fluid picture (no chance, no carrying over)
  main, answered by team
    load: 1,050 h of work of fresh calls, 1,000 h of heads at the phone, absence and breaks taken off: rho 1.050
    must hang up: 4.8% of calls, in hours with more work than heads
    repeats: 1.00 offered calls for each fresh call
    hold: 29s, after which so many have hung up (1 - 1/rho = F(w) for a steady load)

Coverage from 1:00 to 11:00
main: advertised 10 h, open 10 h, staffed 10 h
  advertised but closed: none
  open without heads: none
transfers into a closed door: none"""
    )


RICH = """
    run: {start: 2025-06-02, time_zone: Europe/Berlin, measure: 1 week, at_end: drain}
    callers:
      a:
        calls: {per_week: 700}
        to: one
        day_factor: {cv: 8%, shared_by: all}
        patience: {law: lognormal mean 4m cv 1, rule: multiplied by attempt, factors: [1, 0.5]}
        calls_again: {abandoned: {share: [70%, 50%], delay: exponential mean 30m}, at_most: 3 calls}
        talk: {one: constant 4m}
      b: {calls: {per_week: 70}, to: two, day_factor: {cv: 8%, shared_by: all}}
    queues:
      one: {talk: constant 5m, after_call_work: constant 1m, open: mon-fri 08:00-16:00, closed_on: [2025-06-05]}
      two:
        talk: constant 5m
        special_days: {2025-06-06: 10:00-12:00}
        limit: 7
        target: {abandoned: leave out below 5s}
        unstaffed: on purpose
    agents:
      team:
        answers: {one: {level: 1}, two: {level: 2, after: 40s, handle_time: +15%}}
        persons: 9
        no_show: 6%
        breaks: [{length: 30m, between: 3h-4h}]
        shifts:
          early:
            days: mon-fri
            from: 08:00
            for: 8h
            heads: {mon: 4, tue-fri: 3}
            meeting: {days: tue, between: 09:00-10:30, length: 45m, at_once: 2}
    transfers:
      to two: {if_closed: cut off}
      wrong desk: {callers: [a], one: {two: 6%}, explain: constant 2m, at_most: 3 transfers}
    routing: {which agent: random}
    lines: 50
"""


def test_a_rich_scenario_is_said_line_by_line(tmp_path):
    """Each of these lines stands in the text."""
    lines = explain(written(tmp_path, RICH)).splitlines()
    for line in (
        "  start: mon 2025-06-02 00:00, empty",
        "  time zone: Europe/Berlin",
        "  at the end: drain; no new calls, the last staffing stays until nobody is left",
        "    calls: 700 fresh calls expected while measured",
        "    day factor: gamma mean 1 cv 0.08, shared with b",
        "    patience: lognormal mean 4m cv 1 (mean 4m), drawn anew for each call and multiplied by 1, 0.5",
        "    after hanging up in the queue: 70%, then 50% call again after exponential mean 30m",
        "    at most: 3 calls, the first one counted",
        "    talk at one: constant 4m",
        "    closed on: 2025-06-05",
        "    on 2025-06-06: 10:00-12:00",
        "    after-call work: constant 1m (mean 1m)",
        "    after-call work: none  (default)",
        "    limit: 7 callers may wait",
        "    service level: no target within 20s, abandoned calls leave out below 5s [exclude_short_abandon]",
        "    hours without heads: on purpose",
        "    answers two: level 2, calls that have waited 40s, 1.15 times the handle time",
        "    heads at the phone while measured: 0 to 4",
        "    persons: 9, in turn, 1.8 shifts each in the whole run",
        "    shift early: mon-fri 08:00 for 8h, mon 4, tue-fri 3 heads",
        "      break of 30m, begun 3h to 4h into the shift",
        "      meeting: tue 09:00-10:30, 45m, 2 at once",
        "      away at the same time: 2 heads at the most",
        "    no show: 6% of shifts, each drawn by itself",
        "  one to two (wrong desk): 6% of answered calls",
        "    of a, by all groups, at any time",
        "    dialling 0s, constant 2m, 3 times at the most",
        "    joins at the back, the caller's own priority, patience fresh, if closed: cut off",
        "  which agent: random",
        "  lines: 50",
    ):
        assert line in lines


def test_scaled_heads_are_shown_before_and_after(tmp_path):
    """41 -> 56, at the shift and among the changes."""
    written(tmp_path, RICH)
    path = tmp_path / "centre.yaml"
    path.write_text(path.read_text().replace("heads: {mon: 4, tue-fri: 3}", "heads: 3"))
    lines = explain(load(path, ["agents.team.shifts.early.heads=4"])).splitlines()
    assert "    shift early: mon-fri 08:00 for 8h, 4 heads (3 -> 4)" in lines
    assert lines[lines.index("Changes by variants and --set") + 1] == "  agents.team.shifts.early.heads: 3 -> 4"


def test_what_is_expected_is_said_with_how_it_is_decided(tmp_path):
    """As written, then level, first look and budget; nothing where nothing is expected."""
    assert "Expected" not in explain(written(tmp_path, SIMPLE)).splitlines()
    text = SIMPLE + "    expect: [mean_wait <= 1m, service_level >= 30%]\n    check: {at_most: 64}\n"
    lines = explain(written(tmp_path, text)).splitlines()
    at = lines.index("Expected")
    assert lines[at + 1 : at + 4] == [
        "  mean_wait <= 1m",
        "  service_level >= 30%",
        "  decided with 99% (default) certainty, looked at first after 8 (default) replications, at most 64",
    ]
