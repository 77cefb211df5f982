"""The reference page of the scenario language, made from the models and their docstrings.

``python -m callsim.scenario.telling.reference > docs/reference/scenario.md`` writes it; a test compares it with the
committed page, and loads every example on it.
"""

from __future__ import annotations

from pydantic import BaseModel

from callsim.scenario import models
from callsim.scenario.language.law_families import FAMILIES
from callsim.scenario.models.experiment import Attribute, ExperimentFile, Variant
from callsim.scenario.telling.manual import field_docs

__all__ = ["reference_page"]

_HEAD = """# The scenario language

Made from the models by `python -m callsim.scenario.telling.reference > docs/reference/scenario.md`; do not edit.

A scenario is a YAML 1.2 file. This one is complete:

```yaml
# erlang-a.yaml
name: Erlang A
run: {warm_up: 1 day, measure: 20 days}
callers:
  everyone: {calls: {per_hour: 1260}, to: main, patience: exponential mean 10m}
queues:
  main: {handle_time: exponential mean 5m, target: {share: 80%, within: 20s}}
agents:
  team: {heads: 100, answers: [main]}
```

What is not written has an obvious value, which `callsim explain` prints: open round the clock, nobody hangs up, first
come first served. All problems of a file are reported at once, with line and column. Add
`# yaml-language-server: $schema=./scenario.schema.json` as the first line, with the path to that file, and an editor
completes and checks as you type.

## How quantities are written

| what | like this | notes |
| --- | --- | --- |
| duration | `20s`, `5m`, `1h30m`, `2 weeks`, `500ms` | a bare number is an error, except 0 |
| share | `12%`, `0.5%` | never 0.12 |
| factor | `1.15`, `+15%`, `-5%` | |
| time of day | `08:30`, `24:00` | |
| days | `mon-fri`, `sat`, `mon wed fri`, `daily`, `weekdays`, `weekends` | |
| hours of the week | `mon-fri 08:00-18:00, sat 09:00-13:00`, `24/7`, `fri 22:00-06:00` | hours past \
midnight belong to the day on which they begin; `and` joins hours of the same days: \
`mon-fri 08:00-12:00 and 13:00-17:00`; a list of such parts will do, too |
| date | `2025-06-02`, with a time `2025-06-02 08:00` | |
| law | `lognormal mean 6m cv 0.8` | below |

A comma ends a value inside `{ }`: put hours with a comma in quotes, or write one key a line.

## Laws of random durations

A text, or a mapping of the same words: `{law: lognormal, mean: 6m, cv: 0.8}`. Behind a law, `, zero 5%` adds a share of
zeros; before it, `30s + ` adds a constant. `mean from volumes` takes the mean of each interval from the volumes file.

"""

_OVERLAYS = """## Building on another file: `extends` and `defaults`

`extends: base.yaml` at the top level takes everything from another file and changes what is written here: mappings
merge key by key, lists and single values replace, and a key with the value `~` removes what the base says. Paths of
files are looked for beside the file that names them.

`defaults` in `callers`, `cases`, `queues` and `agents` hold for every name beside them that does not say otherwise: a
key that is written replaces the default's whole value, and `talk` displaces a default `handle_time` (`heads` a
default `shifts`, and so on), since both would say the same.

## Comparing: variants and sweeps

```yaml
# compare.yaml
base: erlang-a.yaml
show: [wait_p90, abandonment_ratio]
replications: 20
variants:
  five more: {set: {agents.team.heads: 105}}
  busier: {scale: {callers.*.calls.per_hour: 1.1}}
  busier with five more: {combine: [five more, busier]}
  a second team: {add: {agents.evening team: {heads: 4, answers: [main]}}}
sweep:
  heads: {agents.team.heads: {first: 100, last: 110, step: 5}}
  patience: {callers.everyone.patience: [exponential mean 5m, exponential mean 10m]}
```

A path is names joined by dots; `*` stands for every name; positions in a list count from 0. A sweep makes every
combination of its labels' values. The same changes work on the command line: `--set agents.team.heads=105`.
"""

_EXPECTATIONS = """## Expectations

A line of `expect` is a measure, a sign and a bound. `callsim check` simulates until each line is met, missed, or the
replications of `check` are used up.

```yaml
# expected.yaml
extends: erlang-a.yaml
expect:
  - abandonment_ratio <= 8%
  - service_level(main) >= 40%
  - mean_wait between 25s and 50s
  - occupancy(team) < 98%
variants:
  five more:
    set: {agents.team.heads: 105}
    expect: [mean_wait < base, abandonment_ratio <= 4%]
```

- **Measures** are those of [the catalogue](measures.md). In brackets behind a measure stands the name of a queue, of a
  stream of callers or of a group of agents; without brackets it is that of the whole centre. Where one name is several
  things, the first of these that has the measure is meant; `mean_wait(callers main)` or `mean_wait(queue main)` says
  which.
- **Signs** are `<=`, `<`, `>=`, `>`, and `between ... and ...`.
- **Bounds** have the unit of the measure: a share with `%`, a duration with its unit, a plain number for counts and
  mean numbers. Or another variant, by its name, by the name of the base's file, or as `base`: then the difference under
  the same callers is decided.
- What the base is expected to do does not hold for its variants: each says its own. A file with `base` says under
  `expect` what it expects of the base, and leaves alone what stands in the base's own file. A file that `extends`
  another takes its expectations over, unless it writes `expect` itself or takes them away with `expect: ~`.

"""

_SECTIONS: tuple[tuple[str, str, tuple[tuple[str, type[BaseModel]], ...]], ...] = (
    ("run", "`run`", (("", models.Run),)),
    ("callers", "`callers`", (
        ("callers.NAME", models.Callers),
        ("callers.NAME.calls", models.Calls),
        ("day_factor", models.DayFactor),
        ("patience", models.Patience),
        ("calls_again", models.CallsAgain),
        ("calls_again.abandoned and the others", models.Redial),
    )),
    ("cases", "`cases`", (
        ("cases.NAME", models.CaseType),
        ("cases.NAME.starts", models.Starts),
        ("cases.NAME.customers.NAME", models.Customers),
        ("owner", models.Owner),
        ("returns", models.Returns),
        ("explain", models.Explain),
        ("passed_on", models.PassedOn),
        ("promises", models.Promises),
        ("escalation", models.Escalation),
        ("escalation.after", models.EscalationAfter),
        ("regulator", models.Regulator),
        ("regulator.after", models.RegulatorAfter),
        ("calls_again of cases", models.CaseCallsAgain),
        ("calls_again.unsolved and the others", models.CaseRedial),
        ("believes_open", models.Believes),
        ("anger", models.Anger),
        ("anger.points", models.AngerPoints),
        ("documented", models.Documented),
    )),
    ("volumes", "`volumes`", (
        ("", models.Volumes),
        ("volumes.reads", models.Reads),
        ("volumes.columns", models.Columns),
    )),
    ("queues", "`queues`", (("queues.NAME", models.Queue), ("queues.NAME.target", models.Target))),
    ("agents", "`agents`", (
        ("agents.NAME", models.Group),
        ("agents.NAME.answers.QUEUE", models.Skill),
        ("agents.NAME.staffing", models.Staffing),
        ("agents.NAME.shifts.NAME", models.Shift),
        ("breaks", models.Break),
        ("meeting", models.Meeting),
    )),
    ("transfers", "`transfers`", (
        ("transfers", models.Transfers),
        ("transfers.REASON", models.TransferReason),
        ("transfers.defaults and transfers.to QUEUE", models.TransferRule),
    )),
    ("routing", "`routing`", (("", models.Routing),)),
    ("money", "`money`", (
        ("", models.Money),
        ("money.wages or money.wages.GROUP", models.Wage),
        ("money.churn", models.Churn),
        ("money.churn.told it often", models.ToldOften),
        ("money.word_of_mouth", models.WordOfMouth),
        ("money.training or money.training.GROUP", models.Training),
        ("money.turnover", models.Turnover),
    )),
    ("check", "`check`", (("", models.Check),)),
)  # fmt: skip
"""Key, title, and the models that the section shows with their paths."""


def reference_page() -> str:
    """Return the reference page as Markdown."""
    parts = [_HEAD, _laws(), "## The top level\n\n", _table(models.Scenario, ("callers_defaults",))]
    for _, title, shown in _SECTIONS:
        parts.append(f"## {title}\n\n")
        for path, model in shown:
            parts.append((f"### `{path}`\n\n" if path else "") + f"{_summary(model)}\n\n" + _table(model))
    parts += [_EXPECTATIONS, _OVERLAYS]
    parts.append(f"\n### A file that compares\n\n{_summary(ExperimentFile)}\n\n{_table(ExperimentFile)}")
    parts.append(f"### `variants.NAME`\n\n{_summary(Variant)}\n\n{_table(Variant)}")
    parts.append(f"### `attribute`\n\n{_summary(Attribute)}\n\n{_table(Attribute)}")
    return "".join(parts).rstrip() + "\n"


def _laws() -> str:
    rows = [
        f"| `{name}` | {' or '.join(', '.join(f'`{p}`' for p in way) for way in family.ways)} | `{family.example}` "
        f"| {family.meaning} |"
        for name, family in FAMILIES.items()
    ]
    return "\n".join(["| law | parameters | example | |", "| --- | --- | --- | --- |", *rows]) + "\n\n"


def _summary(model: type[BaseModel]) -> str:
    return " ".join((model.__doc__ or "").split())


def _table(model: type[BaseModel], left_out: tuple[str, ...] = ()) -> str:
    """Return the keys of a model with their docstrings, its own before those that it shares with another."""
    docs, own = field_docs(model), model.__annotations__
    fields = sorted(model.model_fields.items(), key=lambda item: item[0] not in own)
    rows = [
        f"| `{field.alias or name}` | {docs.get(name, '').replace('|', '&#124;')} |"
        for name, field in fields
        if name not in left_out
    ]
    return "\n".join(["| key | what it says |", "| --- | --- |", *rows]) + "\n\n"


if __name__ == "__main__":
    print(reference_page(), end="")
