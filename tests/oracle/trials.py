"""The trials: every case of the reference files that the scenario language can express, as a centre to simulate."""

from __future__ import annotations

import math
from typing import Any

from tests.oracle.centres import HOUR, Expectations, Trial, centre
from tests.oracle.reference_values import Case, case_named, known

MINUTE = 60.0
OUT_OF_REACH = {
    "offered_load_erlang": "an input",
    "var_queue": "the variance of the queue over time is no measure",
    "mean_in_orbit": "judged apart, in test_reference_redials.py",
    "fraction_served_by_pool2": "judged apart, in test_reference_several_queues.py",
}
FORMULAS = {
    "offered": "count against us",
    "served": "leave out",
    "excl_short": "leave out within the target",
    "incl_short": "count as answered",
}
"""The glossary's service levels, as planners say them."""


def exponential(mean: float) -> str:
    """Return a law. [s]"""
    return f"exponential mean {mean:.12g}s"


def settled(agents: int, service: float, load: float, patience: float = math.inf) -> float:
    """Return a warm-up of at least ten relaxation times. [s]

    The relaxation time of M/M/s is about service / (s (1 - sqrt(load))^2) near saturation, and never much above the
    mean service; with patience the centre forgets within the longer of service and patience.
    """
    slow = service / (agents * (1 - math.sqrt(load)) ** 2) if load < 1 else math.inf
    return 10 * max(service, min(slow, max(service, patience)))


def target(values: dict[str, Any], kind: str) -> tuple[str, dict[str, Any]]:
    """Return the queue's target, and the value that the measure `service_level` should have."""
    return f"target: {{within: 20s, abandoned: {FORMULAS[kind]}}}", {"service_level": values[f"sl_{kind}_20s"]}


def erlang_b() -> list[Trial]:
    """No waiting: full lines, or a queue without places. Any law of the handle time gives the same."""
    laws = (exponential(180), "lognormal mean 180s cv 1.5", "constant 180s")
    found = []
    for number, row in enumerate(case_named("erlang_b_c.yaml", "erlangB-table-shared")["rows"]):
        c, load = row["c"], row["offered_load_erlang"]
        want = Expectations(left_out={"c": "an input", "offered_load_erlang": "an input"})
        want.take(row)
        full = {"lines": c} if number % 2 else {"queue": "limit: 0"}
        text = centre(load / 180, laws[number % 3], c, **full)  # type: ignore[arg-type]
        name = f"erlangB-c{c}-a{load:g}"
        found.append(Trial(name, text, load / 180, 1800, want.figures, calls=30_000, main=("occupancy",)))
    return found


def erlang_c() -> list[Trial]:
    """Infinite patience."""
    found = []
    for case in known("erlang_b_c.yaml", "erlangC-"):
        p = case["parameters"]
        rate, mean, heads = p["arrivals_per_30min"] / 1800, p["mean_service_s"], p["agents"]
        want = Expectations(left_out=OUT_OF_REACH)
        want.take(case["values"])
        want.take({"service_level": case["values"]["sl_20s"]})
        load = rate * mean / heads
        found.append(
            Trial(
                case["id"], centre(rate, exponential(mean), heads), rate, settled(heads, mean, load), want.figures,
                want.thresholds, main=("occupancy",),
            )
        )  # fmt: skip
    return found


def erlang_a() -> list[Trial]:
    """Exponential patience; the four kinds of service level in turn are asked of the package."""
    found = []
    for number, case in enumerate(known("erlang_a.yaml", "erlangA-")):
        p, values = case["parameters"], case["values"]
        rate, mean, heads = p["arrivals_per_30min"] / 1800, p["mean_service_s"], p["agents"]
        want = Expectations(left_out=OUT_OF_REACH)
        want.take(values)
        goal, asked = target(values, list(FORMULAS)[number % 4])
        want.take(asked)
        text = centre(
            rate, exponential(mean), heads, callers=f"patience: {exponential(p['mean_patience_s'])}", queue=goal
        )
        warm_up = settled(heads, mean, rate * mean / heads, p["mean_patience_s"])
        main = ("occupancy", "mean_in_system")
        found.append(Trial(case["id"], text, rate, warm_up, want.figures, want.thresholds, main=main))
    return found


def finite_lines() -> list[Trial]:
    """Some callers meet a busy tone: lines in all, or places in the queue."""
    found = []
    for number, case in enumerate(known("finite_capacity.yaml", "MMsK-")):
        p = case["parameters"]
        rate, mean, heads = p["arrival_rate_per_min"] / MINUTE, MINUTE / p["service_rate_per_min"], p["agents"]
        patience = MINUTE / p["abandon_rate_per_min"] if p["abandon_rate_per_min"] else math.inf
        want = Expectations(MINUTE, OUT_OF_REACH)
        want.take(case["values"])
        callers = "" if patience == math.inf else f"patience: {exponential(patience)}"
        if number % 2:
            text = centre(rate, exponential(mean), heads, callers=callers, queue=f"limit: {p['lines_total'] - heads}")
        else:
            text = centre(rate, exponential(mean), heads, callers=callers, lines=p["lines_total"])
        warm_up = settled(heads, mean, rate * mean / heads, patience)
        found.append(Trial(case["id"], text, rate, warm_up, want.figures, want.thresholds, main=("occupancy",)))
    return found


PATIENCE = {
    "deterministic 120 s": "patience: constant 120s",
    "Erlang-2, mean 180 s": "patience: erlang mean 180s phases 2",
    "5 % balk (patience 0) if all agents are busy, else lognormal mean 120 s, SCV 2": (
        f"patience: lognormal mean 120s cv {math.sqrt(2):.15g}, hangs_up_at_once: 5%"
    ),
}


def general_patience() -> list[Trial]:
    """Other laws of patience, exact. The two in Whitt's set-up are judged with his tables, below."""
    found = []
    for case in known("general_patience.yaml", "MMsG-"):
        p = case["parameters"]
        rate, heads = p["arrivals_per_h"] / HOUR, p["agents"]
        want = Expectations(left_out=OUT_OF_REACH)
        want.take(case["values"])
        text = centre(rate, exponential(p["mean_service_s"]), heads, callers=PATIENCE[p["patience"]])
        main = ("occupancy", "mean_in_system")
        found.append(Trial(case["id"], text, rate, 3600, want.figures, want.thresholds, main=main))
    return found


TIME_UNIT = 200.0
"""Whitt's mean service, for us. [s]"""
WHITT_LAWS = {
    "exponential": exponential(TIME_UNIT),
    "exponential mean 1": exponential(TIME_UNIT),
    "Erlang-2, mean 1": f"erlang mean {TIME_UNIT:g}s phases 2",
    "lognormal mean 1, SCV 1": f"lognormal mean {TIME_UNIT:g}s cv 1",
    "lognormal mean 1, SCV 4": f"lognormal mean {TIME_UNIT:g}s cv 2",
}
EXACT_TOO = {"whitt-M-LN11": "MM100G-whitt-LN(1,1)", "whitt-M-E2": "MM100G-whitt-E2_mean_1"}


def whitt() -> list[Trial]:
    """Published simulations: both intervals count; and exact values of two of the same centres."""
    found = []
    for case in known("published_whitt2005.yaml", "whitt-"):
        p = case["parameters"]
        rate, heads = p["arrival_rate"] / TIME_UNIT, p["agents"]
        want = Expectations(TIME_UNIT, OUT_OF_REACH)
        want.take(case["values"])
        if case["id"] in EXACT_TOO:
            exact = case_named("general_patience.yaml", EXACT_TOO[case["id"]])["values"]
            want.take(exact, prefix="exact ")
        patience = f"patience: {WHITT_LAWS[p['patience']]}"
        places = f"limit: {p['waiting_places']}"
        text = centre(rate, WHITT_LAWS[p["service"]], heads, callers=patience, queue=places)
        main = ("mean_in_system",)
        found.append(
            Trial(case["id"], text, rate, 20 * TIME_UNIT, want.figures, want.thresholds, calls=50_000, main=main)
        )
    return found


SERVICE = {
    "deterministic 60 s": "constant 60s",
    "deterministic 180 s": "constant 180s",
    "Erlang-2 mean 60 s": "erlang mean 60s phases 2",
    "lognormal mean 60 s, SCV 1.5": f"lognormal mean 60s cv {math.sqrt(1.5):.15g}",
}


def general_service() -> list[Trial]:
    """M/G/1 (Pollaczek-Khinchine), M/D/c (Crommelin), talk with after-call work."""
    found = []
    for case in (*known("general_service.yaml", "PK-"), *known("general_service.yaml", "MDc-")):
        p = case["parameters"]
        rate, heads = p["arrival_rate_per_s"], p["agents"]
        want = Expectations(left_out=OUT_OF_REACH)
        want.take(case["values"])
        warm_up = settled(heads, 180, case["values"]["occupancy"])
        text = centre(rate, SERVICE[p["service"]], heads)
        main = ("occupancy", "p_delay") if heads == 1 else ("occupancy",)
        found.append(Trial(case["id"], text, rate, warm_up, want.figures, want.thresholds, calls=50_000, main=main))
    case = case_named("general_service.yaml", "wrapup-talk150-wrap30-s11-pat240")
    p = case["parameters"]
    service = f"talk: {exponential(p['mean_talk_s'])}, after_call_work: {exponential(p['mean_wrap_s'])}"
    want = Expectations()
    want.take(case["values"])
    text = centre(
        p["arrival_rate_per_s"], service, p["agents"], callers=f"patience: {exponential(p['mean_patience_s'])}"
    )
    main = ("occupancy", "mean_talking", "mean_wrapping")
    found.append(Trial(case["id"], text, p["arrival_rate_per_s"], 2400, want.figures, main=main))
    return found


TWO_CLASSES = """callers:
  high: {{calls: {{per_hour: {high:.12g}}}, to: {queue_high}, priority: {first}{more_high}}}
  low: {{calls: {{per_hour: {low:.12g}}}, to: {queue_low}, priority: 5{more_low}}}
queues:
{queues}
agents:
  team: {{heads: {heads}, answers: {answers}}}
"""


def two_classes(high: float, low: float, heads: int, service: str, more: tuple[str, str] = ("", "")) -> str:
    """Return a centre with one queue and two priorities. Rates in calls a second."""
    return TWO_CLASSES.format(
        high=high * HOUR, low=low * HOUR, heads=heads, queue_high="main", queue_low="main", first=1,
        more_high=more[0], more_low=more[1], queues=f"  main: {{handle_time: {service}}}", answers="[main]",
    )  # fmt: skip


def priorities() -> list[Trial]:
    """Two classes in one queue. Tails of the lower class are not judged: see README.md on the reference's."""
    found = []
    for case in known("priority.yaml"):
        p, values = case["parameters"], case["values"]
        patient = "mean_patience_s" not in p
        unit = 100.0 if p.get("time_unit") == "arbitrary" else 1.0
        rates = p.get("arrival_rates") or p["arrival_rate_per_s"]
        high, low = rates["high"] / unit, rates["low"] / unit
        service = (1 / p["service_rate"] if patient else p["mean_service_s"]) * unit
        want = Expectations(unit, {"mean_wait_s": "taken as mean_wait, in the file's unit"})
        for group in ("high", "low"):
            figures = {name.replace("mean_wait_s", "mean_wait"): value for name, value in values[group].items()}
            tails = patient and group == "low"
            figures = {name: value for name, value in figures.items() if not (tails and name.startswith("sl_"))}
            want.take(figures, f"callers:{group}", f"{group} ")
        want.take({name: value for name, value in values.items() if not isinstance(value, dict)})
        more = ("", "")
        if not patient:
            each = [f", patience: {exponential(p['mean_patience_s'][group])}" for group in ("high", "low")]
            more = (each[0], each[1])
        heads = p["agents"]
        load = (high + low) * service / heads
        warm_up = settled(heads, service, load, math.inf if patient else 180)
        text = two_classes(high, low, heads, exponential(service), more)
        if patient:
            want.take({"occupancy": load})
        found.append(
            Trial(
                case["id"], text, high + low, warm_up, want.figures, want.thresholds, calls=50_000, main=("occupancy",)
            )
        )
    return found


def v_design() -> list[Trial]:
    """One group, two classes of different length: as priorities in one queue, and as levels of two queues."""
    case = case_named("multiskill.yaml", "V-design-shared")
    p, values = case["parameters"], case["values"]
    want = Expectations(MINUTE)
    for group in ("high", "low"):
        want.take(values[group], f"callers:{group}", f"{group} ")
    want.take({"occupancy": values["occupancy"]})
    want.take({"mean_serving": values["mean_serving_high"]}, "callers:high", "high ")
    rates = {group: p["arrival_rate"][group] / MINUTE for group in ("high", "low")}
    services = {group: exponential(MINUTE / p["service_rate"][group]) for group in ("high", "low")}
    patience = {group: f", patience: {exponential(MINUTE / p['abandon_rate'][group])}" for group in ("high", "low")}
    own = {group: f"{patience[group]}, handle_time: {services[group]}" for group in ("high", "low")}
    one = two_classes(rates["high"], rates["low"], p["agents"], "constant 1s", (own["high"], own["low"]))
    two = TWO_CLASSES.format(
        high=rates["high"] * HOUR, low=rates["low"] * HOUR, heads=p["agents"], queue_high="first", queue_low="second",
        first=5, more_high=patience["high"], more_low=patience["low"],
        queues=f"  first: {{handle_time: {services['high']}}}\n  second: {{handle_time: {services['low']}}}",
        answers="{first: {level: 1}, second: {level: 2}}",
    )  # fmt: skip
    rate, main = rates["high"] + rates["low"], ("occupancy",)
    return [
        Trial(f"{case['id']}-{way}", text, rate, 3000, want.figures, main=main)
        for way, text in (("one-queue", one), ("levels", two))
    ]


def n_design() -> Trial:
    """Class 1 goes to pool 1 and overflows to pool 2, which prefers class 2 and is slower."""
    case = case_named("multiskill.yaml", "N-design-shared")
    p, values = case["parameters"], case["values"]
    want = Expectations(MINUTE, OUT_OF_REACH)
    for group in ("class1", "class2"):
        want.take(values[group], f"queue:{group}", f"{group} ")
    for pool in ("pool1", "pool2"):
        want.take({"occupancy": values[f"occupancy_{pool}"]}, f"agents:{pool}", f"{pool} ")
    rates = {group: p["arrival_rate"][group] / MINUTE for group in ("class1", "class2")}
    patience = {group: exponential(MINUTE / p["abandon_rate"][group]) for group in rates}
    service = exponential(MINUTE / p["service_rate"]["pool1"])
    slower = p["service_rate"]["pool1"] / p["service_rate"]["pool2"]
    callers = "".join(
        f"  {group}: {{calls: {{per_hour: {rate * HOUR:.12g}}}, to: {group}, patience: {patience[group]}}}\n"
        for group, rate in rates.items()
    )
    text = (
        f"callers:\n{callers}queues:\n  class1: {{handle_time: {service}}}\n  class2: {{handle_time: {service}}}\n"
        f"agents:\n  pool1: {{heads: {p['agents']['pool1']}, answers: {{class1: {{level: 1}}}}}}\n"
        f"  pool2:\n    heads: {p['agents']['pool2']}\n    answers:\n"
        f"      class2: {{level: 1, handle_time: {slower:g}}}\n      class1: {{level: 2, handle_time: {slower:g}}}\n"
    )
    main = ("pool1 occupancy", "pool2 occupancy")
    return Trial(case["id"], text, sum(rates.values()), 3000, want.figures, main=main)


def two_departments(p: Case, patience: dict[str, float]) -> str:
    """Return two departments, each with its callers; some of A's are passed on to B. Times in minutes."""
    text = "callers:\n"
    for queue, rate in p["external_arrival_rate"].items():
        text += f"  from {queue}: {{calls: {{per_hour: {rate * 60:.12g}}}, to: {queue}"
        text += f", patience: {exponential(patience[queue] * MINUTE)}}}\n" if patience else "}\n"
    text += "queues:\n"
    for queue, service in p["service_rate"].items():
        text += f"  {queue}: {{handle_time: {exponential(MINUTE / service)}}}\n"
    text += "agents:\n"
    for queue, heads in p["agents"].items():
        text += f"  pool {queue}: {{heads: {heads}, answers: [{queue}]}}\n"
    return text + f"transfers:\n  hand over: {{A: {{B: {p['p_AB']:.0%}}}}}\n"


def jackson() -> Trial:
    """Two departments without abandonment: each is M/M/s at its total rate."""
    case = case_named("transfers.yaml", "transfer-jackson-1")
    p, values = case["parameters"], case["values"]
    want = Expectations(MINUTE)
    for queue in ("A", "B"):
        pool = dict(values[f"pool_{queue}"])
        want.take({"occupancy": pool.pop("occupancy")}, f"agents:pool {queue}", f"{queue} ")
        want.take(pool, f"queue:{queue}", f"{queue} ")
    rate = sum(p["external_arrival_rate"].values()) / MINUTE
    warm_up = settled(7, 300, 0.786)
    main = ("A occupancy", "B occupancy")
    return Trial(case["id"], two_departments(p, {}), rate, warm_up, want.figures, main=main)


def redial() -> Trial:
    """Those who hang up call again."""
    case = case_named("redials.yaml", "redial-after-abandon-s11")
    p = case["parameters"]
    want = Expectations(MINUTE, OUT_OF_REACH)
    want.take(case["values"])
    callers = (
        f"patience: {exponential(p['mean_patience'] * MINUTE)}, calls_again: {{abandoned: "
        f"{{share: {p['redial_probability']:.0%}, delay: {exponential(p['mean_redial_delay'] * MINUTE)}}}}}"
    )
    rate = p["fresh_arrival_rate"] / MINUTE
    text = centre(rate, exponential(p["mean_service"] * MINUTE), p["agents"], callers=callers)
    attempts = case["values"]["attempt_rate"] / MINUTE
    main = ("occupancy", "attempt_rate", "p_delay_per_attempt")
    return Trial(case["id"], text, attempts, 20 * 600, want.figures, want.thresholds, calls=50_000, main=main)


def retrial() -> Trial:
    """Whoever meets a busy line tries again until he gets through."""
    case = case_named("redials.yaml", "retrial-MMcc-c5")
    p = case["parameters"]
    orbit = "nobody ever gives up; who has not got through when the run ends is still trying"
    want = Expectations(MINUTE, OUT_OF_REACH | {"customers_finally_lost_per_fresh_call": orbit})
    want.take(case["values"])
    again = f"calls_again: {{busy: {{share: 100%, delay: {exponential(p['mean_retry_delay'] * MINUTE)}}}}}"
    text = centre(
        p["fresh_arrival_rate"] / MINUTE, exponential(p["mean_service"] * MINUTE), p["agents"], callers=again,
        lines=p["lines_total"],
    )  # fmt: skip
    attempts = case["values"]["attempt_rate"] / MINUTE
    main = ("occupancy", "attempt_rate")
    return Trial(case["id"], text, attempts, 3600, want.figures, want.thresholds, calls=50_000, main=main)


PRINTED: tuple[tuple[str, float, float, int, dict[str, int], dict[str, float]], ...] = (
    # Callcenter-Simulator, ErlangCTest.java: 26.56 s; Ciw, tutorial, part 4: 40/9 and 0.869565217391 min
    ("aherzog-erlangC-c13", 3.5, 3, 13, {}, {"mean_wait_all": 26.556886 / 60}),
    ("ciw-MM3-tutorial", 0.2, 10, 3, {}, {"mean_wait_all": 40 / 9, "occupancy": 2 / 3}),
    ("ciw-MM4-tutorial", 0.2, 10, 4, {}, {"mean_wait_all": 0.869565217391, "occupancy": 0.5}),
    # Callcenter-Simulator, the same file: 9.91 s
    ("aherzog-erlangA-c13", 3.5, 3, 13, {"patience": 5, "lines": 100}, {"mean_wait_all": 9.9128026 / 60}),
    # the specification, part 3, oracle 1: balance equations
    ("specification-1-erlangC", 4.2, 2, 12, {}, {"p_delay": 0.18389, "mean_wait_all": 0.10216, "sl_20s": 0.89908}),
    (
        "specification-1-limit", 4.2, 2, 12, {"limit": 5},
        {"p_block": 0.0094769, "asa": 0.06112, "occupancy": 0.69337},
    ),
    (
        "specification-1-erlangA", 4.2, 2, 12, {"patience": 1},
        {
            "p_abandon": 0.0296789, "asa": 0.024060, "sl_offered_20s": 0.94527, "sl_incl_short_20s": 0.96862,
            "sl_excl_short_20s": 0.96787, "sl_served_20s": 0.97418,
        },
    ),
)  # fmt: skip
"""Name, calls a minute, mean service, agents, more, figures. [min] The digits are far finer than the errors here."""


def printed() -> list[Trial]:
    """Values that other tools and the specification print."""
    found = []
    for name, calls, service, heads, more, values in PRINTED:
        want = Expectations(MINUTE)
        want.take(values)
        callers = f"patience: {exponential(more['patience'] * MINUTE)}" if "patience" in more else ""
        queue = f"limit: {more['limit']}" if "limit" in more else ""
        law, lines = exponential(service * MINUTE), more.get("lines")
        text = centre(calls / MINUTE, law, heads, callers=callers, queue=queue, lines=lines)
        warm_up = settled(heads, service * MINUTE, calls * service / heads)
        found.append(Trial(name, text, calls / MINUTE, warm_up, want.figures, want.thresholds, calls=30_000))
    return found


def steady() -> dict[str, Trial]:
    """Return every steady-state trial by its name."""
    every = [
        *erlang_b(), *erlang_c(), *erlang_a(), *finite_lines(), *general_patience(), *whitt(), *general_service(),
        *priorities(), *v_design(), n_design(), jackson(), redial(), retrial(), *printed(),
    ]  # fmt: skip
    return {trial.name: trial for trial in every}
