"""Loading: what a file says arrives in the models, whatever road it took, and remembers where it was written."""

from __future__ import annotations

import pickle
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

import pydantic
import pytest

from callsim.codes import AtClosing, IfClosed, Place, ServiceLevelFormula, TransferPatience, WhenClosed
from callsim.errors import ScenarioError
from callsim.scenario import Scenario, load
from callsim.scenario.models.experiment import ExperimentFile
from callsim.scenario.reading.load import _EXPERIMENT_KEYS
from callsim.units import DAY, HOUR, MINUTE, SECOND, WEEK

Writer = Callable[..., Path]

BASE = """
name: Base
run: {start: 2025-06-02, measure: 1 week}
callers:
  defaults: {patience: exponential mean 5m, priority: 3}
  everyone: {calls: {per_hour: 60}, to: main}
  somebody: {calls: {per_hour: 6}, to: main, patience: never hangs up}
queues:
  defaults: {handle_time: constant 4m, open: mon-fri 08:00-18:00}
  main: {talk: lognormal mean 6m cv 0.8}
  other:
agents:
  defaults: {no_show: 5%, breaks: [{length: 15m, between: 2h-3h}]}
  team: {heads: 10, answers: [main, other]}
  crew: {answers: {main: 2, other: {after: 40s, handle_time: +15%}}, shifts: {day: {from: 09:00, for: 8h, heads: 4}}}
"""


@pytest.fixture
def write(tmp_path: Path) -> Writer:
    """Write a scenario file and return its path."""

    def to(text: str, name: str = "scenario.yaml") -> Path:
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(textwrap.dedent(text).lstrip("\n"), encoding="utf-8")
        return path

    return to


def test_defaults_hold_for_every_name_that_does_not_say_otherwise(write: Writer) -> None:
    """A written key replaces the whole default."""
    scenario = load(write(BASE))
    assert scenario.callers["everyone"].priority == 3
    assert scenario.callers["everyone"].patience is not None
    assert scenario.callers["everyone"].patience.law.text == "exponential mean 5m"
    assert scenario.callers["somebody"].patience is None
    assert scenario.queues["other"].open.text == "mon-fri 08:00-18:00"
    assert set(scenario.queues) == {"main", "other"}
    assert set(scenario.agents) == {"team", "crew"}


def test_defaults_that_would_say_the_same_twice_are_displaced(write: Writer) -> None:
    """Talk displaces a default handle time; heads displace what belongs to shifts."""
    scenario = load(write(BASE))
    main, other = scenario.queues["main"], scenario.queues["other"]
    assert main.talk is not None
    assert main.handle_time is None
    assert other.talk is None
    assert other.handle_time is not None
    assert (scenario.agents["team"].no_show, scenario.agents["team"].breaks) == (0.0, ())
    assert (scenario.agents["crew"].no_show, len(scenario.agents["crew"].breaks)) == (0.05, 1)


def test_defaults_of_callers_are_kept_for_streams_from_a_file(write: Writer) -> None:
    """Streams that a volumes file brings have only the defaults."""
    assert load(write(BASE)).callers_defaults.priority == 3
    plain = BASE.replace("  defaults: {patience: exponential mean 5m, priority: 3}\n", "")
    assert load(write(plain)).callers_defaults.priority == 5


def test_stream_calls_the_queue_of_its_name_or_the_only_one(write: Writer) -> None:
    """`to` goes without saying where there is no choice."""
    text = BASE.replace("everyone: {calls: {per_hour: 60}, to: main}", "main: {calls: {per_hour: 60}}")
    assert load(write(text)).callers["main"].to == "main"
    alone = """
        run: {measure: 1 week}
        callers: {everyone: {calls: {per_hour: 60}}}
        queues: {desk: {talk: constant 5m}}
        agents: {team: {heads: 10, answers: [desk]}}
    """
    assert load(write(alone)).callers["everyone"].to == "desk"


def test_scenario_without_a_name_is_called_after_its_file(write: Writer) -> None:
    """The name heads every table, so there always is one."""
    assert load(write(BASE.replace("name: Base\n", ""), "week 23.yaml")).name == "week 23"
    assert load(write(BASE)).name == "Base"


def test_extending_file_changes_only_what_it_writes(write: Writer) -> None:
    """Mappings merge key by key, lists and single values replace, a tilde removes."""
    write(BASE, "base.yaml")
    scenario = load(
        write("""
        extends: base.yaml
        run: {warm_up: 1 day}
        callers: {everyone: {calls: {per_hour: 90}}, somebody: ~}
        agents: {crew: {breaks: [{length: 30m, between: 3h-5h}], shifts: {night: {from: 22:00, for: 8h, heads: 2}}}}
    """)
    )
    assert (scenario.name, scenario.run.warm_up, scenario.run.measure) == ("Base", DAY, WEEK)
    assert set(scenario.callers) == {"everyone"}
    calls = scenario.callers["everyone"].calls.per_hour
    assert calls is not None
    assert calls.constant == 90
    assert set(scenario.agents["crew"].shifts) == {"day", "night"}
    assert [one.length for one in scenario.agents["crew"].breaks] == [30 * MINUTE]


def test_extended_files_may_stand_in_other_folders(write: Writer, tmp_path: Path) -> None:
    """Each file names others from its own folder, and so does the file of a profile."""
    write("weekday,from,to,weight\nmon-fri,08:00,18:00,1\n", "parts/profile.csv")
    write(BASE.replace("{per_hour: 60}", "{per_day: 600, profile: profile.csv}"), "parts/base.yaml")
    write("extends: parts/base.yaml\nname: Middle\n", "middle.yaml")
    scenario = load(write("extends: middle.yaml\n"))
    profile = scenario.callers["everyone"].calls.profile
    assert scenario.name == "Middle"
    assert profile is not None
    assert getattr(profile, "path", None) == tmp_path / "parts/profile.csv"
    assert getattr(profile, "name", None) == "profile.csv"


def test_problem_points_into_the_file_where_a_value_was_written(write: Writer, tmp_path: Path) -> None:
    """Through `extends` and `defaults`; a path that is not written points at the last part that is."""
    write(BASE, "base.yaml")
    source = load(write("extends: base.yaml\nqueues:\n  other: {limit: 5}\n")).source

    def place(*path: str) -> tuple[str, int, int, str]:
        problem = source.problem(path, "x", "y")
        return Path(problem.file).name, problem.line, problem.column, problem.path

    assert place("queues", "other", "limit") == ("scenario.yaml", 3, 18, "queues.other.limit")
    assert place("queues", "main", "talk") == ("base.yaml", 9, 16, "queues.main.talk")
    assert place("callers", "everyone", "patience") == ("base.yaml", 4, 24, "callers.defaults.patience")
    assert place("queues", "main", "limit") == ("base.yaml", 9, 3, "queues.main.limit")
    assert place("lines") == ("scenario.yaml", 1, 1, "lines")
    assert source.has("queues", "other", "open")
    assert not source.has("queues", "other", "talk")


def test_key_of_a_path_can_be_pointed_at(write: Writer) -> None:
    """A name that leads nowhere is wrong itself, not what stands under it."""
    source = load(write(BASE)).source
    assert source.problem(("callers", "everyone", "calls"), "x", "y", key=True).column == 14
    assert source.problem(("agents", "crew", "answers", "main"), "x", "y", key=True).column == 20
    assert source.problem(("agents", "crew", "answers", "main"), "x", "y").column == 26


def test_changes_are_applied_in_order_and_remembered(write: Writer) -> None:
    """The last word wins, and `explain` can tell what was changed."""
    changes = ["agents.team.heads=12", "agents.team.heads=14", "callers.*.priority=1", "queues.main.open=24/7"]
    scenario = load(write(BASE), changes)
    assert scenario.agents["team"].heads == 14
    assert [stream.priority for stream in scenario.callers.values()] == [1, 1]
    assert scenario.queues["main"].open.always
    assert [(c.path, c.before, c.after) for c in scenario.source.changes] == [
        ("agents.team.heads", "10", "12"),
        ("agents.team.heads", "12", "14"),
        ("callers.everyone.priority", "3", "1"),
        ("callers.somebody.priority", "3", "1"),
        ("queues.main.open", "mon-fri 08:00-18:00", "24/7"),
    ]


def test_change_may_reach_below_what_only_defaults_say(write: Writer) -> None:
    """The default is copied to the name and changed there; others keep it."""
    text = BASE.replace("priority: 3}", "calls_again: {abandoned: {share: 50%, delay: constant 5m}}}")
    scenario = load(write(text), ["callers.everyone.calls_again.abandoned.share=80%"])
    shares = [stream.calls_again.abandoned for stream in scenario.callers.values()]
    assert [again.share for again in shares if again is not None] == [(0.8,), (0.5,)]


def test_change_of_defaults_reaches_every_user(write: Writer) -> None:
    """Defaults are spread after the changes."""
    assert load(write(BASE), ["callers.defaults.priority=7"]).callers["everyone"].priority == 7


def test_sections_that_are_not_written_can_be_set(write: Writer) -> None:
    """Only names must exist; known keys may be new."""
    changes = ["routing.which agent=random", "queues.main.target.within=30s", "lines=40"]
    scenario = load(write(BASE), changes)
    assert scenario.routing.which_agent == "random"
    assert scenario.queues["main"].target.within == 30 * SECOND
    assert scenario.lines == 40


def test_everything_of_a_scenario_is_read_to_its_value(write: Writer) -> None:
    """One value of each kind, in the models' own units."""
    scenario = load(
        write("""
        run: {start: 2025-06-02 06:00, time_zone: Europe/Berlin, warm_up: 2h, measure: 3 days, interval: 15m,
              at_end: drain, seed: 9, replications: 4, level: 99%}
        callers:
          one:
            calls: {per_hour: {mon-fri 08:00-12:00: 60, sat 08:00-12:00: 20}}
            to: main
            times: +10%
            day_factor: {cv: 8%, shared_by: all}
            credit: 90s
            patience: {law: weibull mean 4m shape 0.8, rule: multiplied by attempt, factors: [1, 0.5]}
            hangs_up_at_once: 2%
            balks: 5%
            calls_again:
              abandoned: {share: [70%, 50%], delay: until open + uniform 0m to 2h}
              cut off: {share: 60%, delay: until open}
              at_most: 3 calls
            talk: {main: constant 3m}
            after_call_work: constant 1m
        queues:
          main:
            talk: constant 5m
            closed_on: [2025-06-09]
            special_days: {2025-06-10: 09:00-12:00 and 13:00-15:00, 2025-06-11: closed}
            advertised: 24/7
            when_closed: overflow to other
            at_closing: move to other
            last_admission: 10m
            slope: 2.5
            target: {share: 80%, within: 30s, abandoned: leave out below 5s}
            unstaffed: on purpose
          other: {handle_time: exponential mean 5m, when_closed: busy tone, at_closing: cut off}
        agents:
          team: {answers: {main: 1}, staffing: {mon-fri 08:00-12:00: 5, sat 08:00-12:00: 2}}
          crew: {answers: other, staffing: {every: 30m, heads: [3, 4], repeat: yes}}
          named:
            answers: [main]
            persons: [Ann, Bob]
            late_break: keeps its end
            shrinkage: none
            shifts:
              late: {days: mon-fri, from: 22:00, for: 8h, heads: {mon: 2, tue-fri: 1}, breaks: [],
                     meeting: {days: tue, between: 23:00-24:00, length: 15m, at_once: 1}}
        transfers:
          defaults: {dialling: 30s, queue: ahead of new calls, explain: constant 1m}
          wrong desk: {callers: one, by: [team], during: mon 08:00-12:00, main: {other: 6%}, at_most: 3 transfers}
          to other: {if_closed: cut off, patience: unlimited, priority: 1, queue: keeps its place}
        routing: {which call next: longest wait, which agent: lowest level then least occupied}
        lines: 20
    """)
    )
    run, one, main = scenario.run, scenario.callers["one"], scenario.queues["main"]
    assert (run.warm_up, run.measure, run.interval) == (2 * HOUR, 3 * DAY, 15 * MINUTE)
    assert (str(run.start), run.at_end, run.seed, run.replications, run.level) == (
        "2025-06-02 06:00:00", "drain", 9, 4, 0.99,
    )  # fmt: skip
    assert one.calls.per_hour is not None
    assert [(hours.minutes, n) for hours, n in one.calls.per_hour.by_hours] == [(1200, 60.0), (240, 20.0)]
    assert (one.times, one.credit, one.hangs_up_at_once, one.balks) == (1.1, 90 * SECOND, 0.02, 0.05)
    assert one.day_factor is not None
    assert (one.day_factor.cv, one.day_factor.shared_by) == (0.08, "all")
    assert one.patience is not None
    assert (one.patience.rule, one.patience.factors) == ("multiplied by attempt", (1.0, 0.5))
    again = one.calls_again
    assert again.at_most == 3
    assert again.abandoned is not None
    assert (again.abandoned.share, again.abandoned.delay.until_open) == ((0.7, 0.5), True)
    assert again.cut_off is not None
    assert again.cut_off.delay.law is None
    assert (set(one.talk), set(one.after_call_work)) == ({"main"}, {"*"})
    assert (main.when_closed.action, main.when_closed.to) == (WhenClosed.OVERFLOW, "other")
    assert (main.at_closing.action, main.at_closing.to) == (AtClosing.MOVE, "other")
    assert (scenario.queues["other"].when_closed.action, scenario.queues["other"].at_closing.action) == (
        WhenClosed.BUSY, AtClosing.DROP,
    )  # fmt: skip
    assert {str(day): hours for day, hours in main.special_days.items()} == {
        "2025-06-10": ((540, 180), (780, 120)),
        "2025-06-11": (),
    }
    assert [str(day) for day in main.closed_on] == ["2025-06-09"]
    assert (main.last_admission, main.slope, main.unstaffed) == (10 * MINUTE, 2.5, True)
    target = main.target
    assert (target.share, target.within) == (0.8, 30 * SECOND)
    assert (target.abandoned.formula, target.abandoned.short_wait) == (
        ServiceLevelFormula.EXCLUDE_SHORT_ABANDON, 5 * SECOND,
    )  # fmt: skip
    team, crew, named = (scenario.agents[name].staffing or scenario.agents[name] for name in ("team", "crew", "named"))
    assert [n for _, n in getattr(team, "hours", ())] == [5, 2]
    assert (getattr(crew, "every", 0), getattr(crew, "heads", ()), getattr(crew, "repeat", False)) == (
        30 * MINUTE, (3, 4), True,
    )  # fmt: skip
    late = scenario.agents["named"].shifts["late"]
    assert getattr(named, "persons", None) == ("Ann", "Bob")
    assert (late.starts, late.lasts, late.heads.by_day, late.breaks) == (1320, 8 * HOUR, (2, 1, 1, 1, 1, 0, 0), ())
    assert late.meeting is not None
    assert (late.meeting.days, late.meeting.between, late.meeting.length) == ((1,), (1380, 60), 15 * MINUTE)
    reason = scenario.transfers.reasons["wrong desk"]
    assert (reason.callers, reason.by, reason.shares) == (("one",), ("team",), {"main": {"other": 0.06}})
    rule = scenario.transfers.rule("wrong desk", "other")
    assert (rule.dialling, rule.queue, rule.patience, rule.if_closed, rule.priority, rule.at_most) == (
        30 * SECOND, Place.KEEPS, TransferPatience.UNLIMITED, IfClosed.DROP, 1, 3,
    )  # fmt: skip
    assert rule.explain is not None
    assert rule.explain.text == "constant 1m"


def test_most_specific_transfer_rule_wins(write: Writer) -> None:
    """The reason's word counts most, then the target's, then the defaults, then what goes without saying."""
    text = BASE + textwrap.dedent("""
        transfers:
          defaults: {dialling: 10s, if_closed: voicemail, queue: keeps its place}
          to other: {dialling: 20s, if_closed: cut off}
          wrong desk: {dialling: 30s, main: {other: 5%}}
    """)
    rule = load(write(text)).transfers.rule("wrong desk", "other")
    assert (rule.dialling, rule.if_closed, rule.queue) == (30 * SECOND, IfClosed.DROP, Place.KEEPS)
    assert (rule.patience, rule.priority, rule.explain, rule.at_most) == (TransferPatience.FRESH, None, None, None)


def test_models_are_frozen(write: Writer) -> None:
    """A scenario is shared by variants and workers; a change is a new one."""
    scenario = load(write(BASE))
    with pytest.raises(pydantic.ValidationError):
        scenario.run.seed = 3  # type: ignore[misc]


def test_scenario_survives_the_way_to_a_worker(write: Writer) -> None:
    """It is pickled with its source."""
    scenario = load(write(BASE), ["run.seed=4"])
    again = pickle.loads(pickle.dumps(scenario))
    assert again == scenario
    assert again.source == scenario.source


def test_loading_needs_no_numerical_library(write: Writer) -> None:
    """Checking a file is quick: neither numpy nor what simulates is imported."""
    code = (
        "import sys; from callsim.scenario import load; load(sys.argv[1]); "
        "print(sorted({'numpy', 'scipy', 'simpy', 'matplotlib', 'duckdb'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code, write(BASE)], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ("agents.team.heads=2000000", "found 2000000; at most 1000000 heads can be simulated"),
        ("callers.everyone.calls.per_hour=1e12", "found 1000000000000; at most 1,000,000,000 can be simulated"),
        ("lines=2000000000000000000", "found 2000000000000000000; counts end at 10 to the power of 15"),
        ("agents.crew.persons=0", "found 0; from 1 to 1000000 persons can take turns"),
        (
            "run.interval=1s",
            "found 604800 intervals; a run reports at most 200000\n  take a longer interval, or measure less",
        ),
        (
            "queues.main.open=[]",
            "found a list; hours of the week are needed\n  write hours such as mon-fri 08:00-18:00, or 24/7",
        ),
    ],
)
def test_absurd_numbers_are_refused(write: Writer, change: str, message: str) -> None:
    """Before they fill the memory."""
    with pytest.raises(ScenarioError) as caught:
        load(write(BASE), [change])
    assert str(caught.value).partition("\n  ")[2] == message


def test_what_a_scenario_is_loaded_without_is_what_only_experiments_have() -> None:
    """The list is written down so that a scenario need not import the model of experiments; it must not drift."""
    assert set(_EXPERIMENT_KEYS) == set(ExperimentFile.model_fields) - set(Scenario.model_fields)
