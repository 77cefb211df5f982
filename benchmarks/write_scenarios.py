"""Write ``scenarios/benchmark/*.yaml`` from the definitions: ``python -m benchmarks.write_scenarios``."""

from __future__ import annotations

from pathlib import Path

from benchmarks.models.definitions import W1, W2, W3, WARM_UP_MINUTES, OneQueue

__all__ = ["FOLDER", "texts"]

FOLDER = Path(__file__).resolve().parent.parent / "scenarios" / "benchmark"
_HEAD = "# Written by `python -m benchmarks.write_scenarios` from benchmarks/models/definitions.py; do not edit.\n"
_TEAMS = ("single", "blended", "technical", "floating")
_LEVELS = ({0: 1}, {1: 3, 0: 4}, {2: 1, 1: 2}, {2: 5, 1: 6, 0: 7})
"""[team] Level by call type. One number a skill serves both orders of W3: along a row (a free agent looks for a
call) and down a column (a call looks for an agent) the levels rise exactly as ``serves`` and ``route`` list them."""

_EXPECTED = {
    "w1.yaml": "expect: [abandonment_ratio between 4% and 8%, mean_wait between 24s and 50s]\n",
    "w2.yaml": "expect: [occupancy between 92% and 98%, mean_wait <= 3m]\n",
    "w3.yaml": "expect: [service_level >= 80%, abandonment_ratio <= 5%]\n",
}
"""Around the theory's figures (W1: 6.0 % and 36 s; W2: 95 % and 30 s), as far as a day can tell."""


def _orders_agree() -> bool:
    teams = range(len(_LEVELS))
    serves = tuple(tuple(sorted(row, key=row.__getitem__)) for row in _LEVELS)
    route = tuple(
        tuple(sorted((t for t in teams if kind in _LEVELS[t]), key=lambda t: _LEVELS[t][kind]))
        for kind in range(len(W3.route))
    )
    return serves == W3.serves and route == W3.route


def _numbers(values: list[float], indent: int) -> str:
    words = [f"{value:.10g}" for value in values]
    lines = [", ".join(words[first : first + 8]) for first in range(0, len(words), 8)]
    return "[" + (",\n" + " " * indent).join(lines) + "]"


def _one_queue(name: str, centre: OneQueue, about: str) -> str:
    patience = "" if centre.patience == float("inf") else f", patience: exponential mean {centre.patience:g}m"
    return f"""{_HEAD}name: {name}
about: {about}
run: {{warm_up: {WARM_UP_MINUTES / 60:g}h, measure: 1 day, at_end: drain}}
callers:
  everyone: {{calls: {{per_hour: {centre.calls_per_minute * 60:g}}}, to: main{patience}}}
queues:
  main: {{handle_time: exponential mean {centre.handle_time:g}m, target: {{share: 80%, within: 20s}}}}
agents:
  team: {{heads: {centre.agents}, answers: [main]}}
"""


def _day() -> str:
    if not _orders_agree():
        raise SystemExit("the levels do not reproduce the orders of W3")
    slots = len(W3.rates)
    callers, queues, transfers, targets, agents = [], [], [], [], []
    for kind in range(len(W3.route)):
        hourly = _numbers([W3.rates[slot][kind] * 60 for slot in range(slots)], indent=9)
        callers.append(
            f"  callers {kind}:\n    to: type {kind}\n    patience: exponential mean {W3.patience[kind]:g}m\n"
            f"    calls:\n      every: {W3.slot:g}m\n      per_hour:\n        {hourly}\n"
        )
        queues.append(
            f"  type {kind}: {{handle_time: exponential mean {W3.handle_time[kind]:g}m, "
            "target: {share: 80%, within: 20s}}\n"
        )
        transfers.append(f"    type {kind}: {{type {(kind + 1) % len(W3.route)}: {W3.transfer:.0%}}}\n")
        targets.append(f"  to type {kind}: {{patience: exponential mean {W3.patience[kind]:g}m}}\n")
    for team, levels in enumerate(_LEVELS):
        answers = ", ".join(f"type {kind}: {{level: {level}}}" for kind, level in levels.items())
        heads = _numbers([float(W3.heads[slot][team]) for slot in range(0, slots, 4)], indent=0).replace("\n", " ")
        agents.append(
            f"  {_TEAMS[team]}:\n    answers: {{{answers}}}\n"
            f"    staffing: {{every: 2h, heads: {' '.join(heads.split())}}}\n"
        )
    return (
        f"{_HEAD}name: W3, a day of three call types and four teams\n"
        "about: Half-hourly rates, head-counts by two hours, overlapping skills; one call in ten is passed on, once.\n"
        f"run: {{measure: {W3.slot * slots / 60:g}h, at_end: drain, interval: {W3.slot:g}m}}\n"
        f"callers:\n{''.join(callers)}queues:\n{''.join(queues)}"
        "agents:                        # lower level first, for the agent's next call and for the call's agent\n"
        f"{''.join(agents)}"
        "routing: {which call next: lowest level then longest wait, which agent: lowest level then longest idle}\n"
        "transfers:\n"
        "  defaults: {dialling: 0s, queue: at the back, at_most: 1 transfer}\n"
        f"{''.join(targets)}"
        f"  passed on:\n{''.join(transfers)}"
    )


def texts() -> dict[str, str]:
    """Return file name -> text for every benchmark scenario."""
    written = {
        "w1.yaml": _one_queue("W1, Erlang A", W1, "105 erlangs on 100 agents; callers hang up after 10 minutes."),
        "w2.yaml": _one_queue("W2, Erlang C", W2, "95 erlangs on 100 agents; nobody hangs up."),
        "w3.yaml": _day(),
    }
    return {name: text + _EXPECTED[name] for name, text in written.items()}


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, text in texts().items():
        (FOLDER / name).write_text(text, encoding="utf-8")
        print(FOLDER.name + "/" + name)
