"""Variants and sweeps: each is the base with a few changes, and remembers them."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

from callsim.scenario import Experiment, load_experiment

Write = Callable[..., Path]

BASE = """
name: Base
run: {start: 2025-06-02, measure: 1 week, seed: 4, replications: 3}
callers:
  defaults: {patience: exponential mean 5m}
  everyone: {calls: {per_week: 12000}, to: main, balks: 40%}
  somebody: {calls: {per_hour: {mon-fri 08:00-12:00: 60, sat 08:00-12:00: 20}}, to: main, patience: never hangs up}
queues:
  defaults: {after_call_work: constant 1m, open: mon-sat 08:00-20:00}
  main: {talk: lognormal mean 6m cv 0.8, limit: 15}
agents:
  team: {heads: 10, answers: [main]}
  crew:
    answers: [main]
    persons: 20
    breaks: [{length: 15m, between: 2h-3h}, {length: 30m, between: 4h-5h}]
    shifts:
      early: {from: 08:00, for: 8h, heads: {mon: 3, tue-fri: 2}}
      late: {from: 14:00, for: 8h, heads: 41}
"""


@pytest.fixture
def experiment(tmp_path: Path) -> Callable[..., Experiment]:
    """Load an experiment on the base above."""
    (tmp_path / "base.yaml").write_text(BASE, encoding="utf-8")

    def to(text: str, *changes: str) -> Experiment:
        path = tmp_path / "compare.yaml"
        path.write_text("base: base.yaml\n" + textwrap.dedent(text), encoding="utf-8")
        return load_experiment(path, changes)

    return to


def changes(found: Experiment, name: str) -> list[tuple[str, str, str]]:
    return [(c.path, c.before, c.after) for c in dict(found.variants)[name].source.changes]


def test_variant_sets_a_value(experiment: Callable[..., Experiment]) -> None:
    """The rest of the base stays, and the base itself too."""
    found = experiment("variants: {more: {set: {agents.team.heads: 12, queues.main.open: 24/7}}}")
    more = dict(found.variants)["more"]
    assert (more.name, more.agents["team"].heads, found.base.agents["team"].heads) == ("more", 12, 10)
    assert more.callers == found.base.callers
    assert changes(found, "more") == [
        ("agents.team.heads", "10", "12"),
        ("queues.main.open", "mon-sat 08:00-20:00", "24/7"),
    ]


def test_star_stands_for_every_name(experiment: Callable[..., Experiment]) -> None:
    """Defaults are no name; what only they say is changed at each of their users."""
    found = experiment("variants: {patient: {set: {callers.*.patience: exponential mean 9m}}}")
    assert [way for way, _, _ in changes(found, "patient")] == [
        "callers.everyone.patience",
        "callers.somebody.patience",
    ]


@pytest.mark.parametrize(
    ("path", "factor", "before", "after"),
    [
        ("callers.everyone.calls.per_week", 1.1, "12000", "13200"),
        ("callers.everyone.calls.per_week", "+10%", "12000", "13200"),
        ("callers.everyone.balks", 0.5, "40%", "20%"),
        ("callers.everyone.patience", 1.5, "exponential mean 5m", "exponential mean 7m30s"),
        ("queues.main.talk", 0.5, "lognormal mean 6m cv 0.8", "lognormal mean 3m cv 0.8"),
        ("queues.main.limit", 1.1, "15", "17"),
        ("agents.team.heads", 1.35, "10", "14"),
        ("agents.team.heads", 1.1, "10", "11"),
        ("agents.crew.shifts.early.heads", 1.35, "{mon: 3, tue-fri: 2}", "{mon: 5, tue-fri: 3}"),
        ("agents.crew.shifts.late.for", 0.5, "8h", "4h"),
        ("agents.crew.breaks.0.length", 2, "15m", "30m"),
        (
            "callers.somebody.calls.per_hour", 2, "{mon-fri 08:00-12:00: 60, sat 08:00-12:00: 20}",
            "{mon-fri 08:00-12:00: 120, sat 08:00-12:00: 40}",
        ),
    ],
)  # fmt: skip
def test_scaling_knows_what_a_value_is(
    experiment: Callable[..., Experiment], path: str, factor: object, before: str, after: str
) -> None:
    """Heads and limits round up (1.1 times 10 is 11, not 12), laws keep their shape, mappings scale throughout."""
    found = experiment(f"variants: {{scaled: {{scale: {{{path}: {factor}}}}}}}")
    assert changes(found, "scaled")[0] == (path, before, after)


def test_law_that_is_a_mapping_scales_its_durations_only(experiment: Callable[..., Experiment]) -> None:
    """The cv has no unit and stays."""
    found = experiment("""
        variants:
          a: {set: {queues.main.talk: {law: lognormal, mean: 6m, cv: 0.8}}, scale: {queues.main.talk: 2}}
          b: {set: {callers.everyone.patience: {law: gamma mean 4m cv 1, rule: same person}},
              scale: {callers.everyone.patience: 2}}
    """)
    talk = dict(found.variants)["a"].queues["main"].talk
    patience = dict(found.variants)["b"].callers["everyone"].patience
    assert talk is not None
    assert talk.parameters == (("mean", 720.0), ("cv", 0.8))
    assert patience is not None
    assert (patience.law.parameters, patience.rule) == ((("mean", 480.0), ("cv", 1.0)), "same person")


def test_persons_grow_with_the_heads_of_their_shifts(experiment: Callable[..., Experiment]) -> None:
    """Once, however many shifts are scaled: 41 heads become 56, 20 persons 27."""
    found = experiment("variants: {more: {scale: {agents.*.shifts.*.heads: 1.35}}}")
    assert changes(found, "more") == [
        ("agents.crew.shifts.early.heads", "{mon: 3, tue-fri: 2}", "{mon: 5, tue-fri: 3}"),
        ("agents.crew.persons", "20", "27"),
        ("agents.crew.shifts.late.heads", "41", "56"),
    ]


def test_adding_puts_what_is_new(experiment: Callable[..., Experiment]) -> None:
    """A new name, entries of a mapping, items of a list."""
    crew = dict(
        experiment("""
        variants:
          more:
            add:
              agents.crew.shifts.night: {from: 22:00, for: 8h, heads: 2}
              agents.crew.shifts: {noon: {from: 12:00, for: 4h, heads: 1}}
              agents.crew.breaks: [{length: 10m, between: 6h-7h}]
              agents.third team: {heads: 1, answers: [main]}
              queues.main.closed_on: [2025-06-09]
    """).variants
    )["more"]
    assert set(crew.agents["crew"].shifts) == {"early", "late", "night", "noon"}
    assert len(crew.agents["crew"].breaks) == 3
    assert set(crew.agents) == {"team", "crew", "third team"}
    assert [str(day) for day in crew.queues["main"].closed_on] == ["2025-06-09"]


def test_removing_takes_away_names_keys_and_items(experiment: Callable[..., Experiment]) -> None:
    """What the defaults say of a removed key does not come back; what goes without saying does."""
    more = dict(
        experiment("""
        variants:
          less:
            remove: [agents.team, queues.main.limit, agents.crew.breaks.0, callers.everyone.patience, queues.main.open]
    """).variants
    )["less"]
    assert set(more.agents) == {"crew"}
    assert more.queues["main"].limit is None
    assert [one.length for one in more.agents["crew"].breaks] == [1_800_000_000]
    assert more.callers["everyone"].patience is None
    assert more.queues["main"].open.always


def test_variants_combine_in_the_order_they_are_named(experiment: Callable[..., Experiment]) -> None:
    """First the combined ones, then the variant's own changes; combined ones may combine others."""
    found = experiment("""
        variants:
          twelve: {set: {agents.team.heads: 12}}
          double: {scale: {agents.team.heads: 2}}
          both: {combine: [twelve, double], set: {queues.main.limit: 5}}
          other way: {combine: [double, twelve]}
          all: {combine: [both], scale: {agents.team.heads: 0.5}}
    """)
    heads = {name: scenario.agents["team"].heads for name, scenario in found.variants}
    assert heads == {"twelve": 12, "double": 20, "both": 24, "other way": 12, "all": 12}
    assert dict(found.variants)["all"].queues["main"].limit == 5


def test_variant_may_be_another_file(experiment: Callable[..., Experiment], tmp_path: Path) -> None:
    """With changes of its own; it goes by the variant's name."""
    other = BASE.replace("heads: 10", "heads: 50").replace("name: Base", "name: Other")
    (tmp_path / "other.yaml").write_text(other, encoding="utf-8")
    found = experiment("variants: {bell: {file: other.yaml, set: {queues.main.limit: 3}}}")
    bell = dict(found.variants)["bell"]
    assert (bell.name, bell.agents["team"].heads, bell.queues["main"].limit) == ("bell", 50, 3)


def test_changes_from_outside_reach_base_and_variants(experiment: Callable[..., Experiment]) -> None:
    """Applied first: a variant scales what was set."""
    found = experiment("variants: {double: {scale: {agents.team.heads: 2}}}", "agents.team.heads=7")
    assert (found.base.agents["team"].heads, dict(found.variants)["double"].agents["team"].heads) == (7, 14)


def test_experiment_falls_back_on_its_base(experiment: Callable[..., Experiment]) -> None:
    """Name, seed, replications and level are the base's unless the experiment says otherwise."""
    found = experiment("variants: {}\nshow: [wait_p90, service_level(main)]\n")
    assert (found.name, found.seed, found.replications, found.level) == ("Base", 4, 3, 0.95)
    assert found.show == ("wait_p90", "service_level(main)")
    own = experiment("name: Own\nseed: 8\nreplications: 20\nlevel: 99%\n")
    assert (own.name, own.seed, own.replications, own.level) == ("Own", 8, 20, 0.99)
    assert own.base.run.seed == 4


def test_scenario_with_variants_is_its_own_base(tmp_path: Path) -> None:
    """And without variants it is an experiment with none."""
    path = tmp_path / "own.yaml"
    path.write_text(BASE + "variants: {more: {set: {agents.team.heads: 12}}}\n", encoding="utf-8")
    found = load_experiment(path)
    assert (found.base.name, [name for name, _ in found.variants]) == ("Base", ["more"])
    path.write_text(BASE, encoding="utf-8")
    assert load_experiment(path).variants == ()


def test_sweep_takes_every_combination(experiment: Callable[..., Experiment]) -> None:
    """The last label changes fastest; each variant knows its values."""
    found = experiment("""
        sweep:
          late starts at: {agents.crew.shifts.late.from: {first: 13:30, last: 14:30, step: 30m}}
          agents.team.heads: [9, 11]
    """)
    names = [name for name, _ in found.variants]
    assert names == [
        f"late starts at {start}, agents.team.heads {n}" for start in ("13:30", "14:00", "14:30") for n in (9, 11)
    ]
    starts = [scenario.agents["crew"].shifts["late"].starts for _, scenario in found.variants]
    assert starts == [810, 810, 840, 840, 870, 870]
    assert found.settings[names[3]] == {"late starts at": "14:00", "agents.team.heads": "11"}


@pytest.mark.parametrize(
    ("path", "ends", "texts"),
    [
        ("agents.team.heads", "{first: 9, last: 14, step: 2}", ["9", "11", "13"]),
        ("callers.everyone.balks", "{first: 10%, last: 30%, step: 10%}", ["10%", "20%", "30%"]),
        ("queues.main.last_admission", "{first: 0m, last: 1h, step: 30m}", ["0s", "30m", "1h"]),
        ("queues.main.slope", "{first: 0.1, last: 0.3, step: 0.1}", ["0.1", "0.2", "0.3"]),
        (
            "queues.main.talk",
            "[constant 5m, {law: gamma, mean: 5m, cv: 1}]",
            ["constant 5m", "{law: gamma, mean: 5m, cv: 1}"],
        ),
    ],
)
def test_values_of_a_sweep_are_ranges_or_lists(
    experiment: Callable[..., Experiment], path: str, ends: str, texts: list[str]
) -> None:
    """The last value is met if the step fits, decimals included."""
    found = experiment(f"sweep: {{x: {{{path}: {ends}}}}}")
    assert [settings["x"] for settings in found.settings.values()] == texts


def test_named_variants_come_before_those_of_a_sweep(experiment: Callable[..., Experiment]) -> None:
    """Both in one file are one list."""
    found = experiment("sweep: {heads: {agents.team.heads: [9]}}\nvariants: {more: {set: {agents.team.heads: 12}}}\n")
    assert [name for name, _ in found.variants] == ["more", "heads 9"]
