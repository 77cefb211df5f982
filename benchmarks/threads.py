"""Replications per second of W3 on the compiled engine, with one thread and with two.

``python -m benchmarks.threads`` runs one and two threads in turn in one process and prints the median of the pairwise
ratios of wall time. This is the one figure that needs an idle machine: two threads share whatever is left of it.
"""

from __future__ import annotations

import argparse
import threading
import time
from collections.abc import Callable
from statistics import median

from benchmarks.page import machine, put
from benchmarks.sides import BREAKDOWNS, counted, plan_of

__all__ = ["FLOOR", "per_second", "speed_ups"]

FLOOR = 1.85


def per_second(replicate: Callable[[int], object], threads: int, replications: int) -> float:
    """Return replications per second of wall time when each thread runs so many."""

    def work(first: int) -> None:
        for number in range(first, first + replications):
            replicate(number)

    running = [threading.Thread(target=work, args=(each * replications,)) for each in range(threads)]
    before = time.perf_counter()
    for each in running:
        each.start()
    for each in running:
        each.join()
    return threads * replications / (time.perf_counter() - before)


def speed_ups(rounds: int, replications: int) -> list[tuple[float, float]]:
    """Return replications per second with one thread and with two, round by round."""
    replicate = counted(plan_of("w3"), 1, BREAKDOWNS)
    per_second(replicate, 2, 5)
    return [(per_second(replicate, 1, replications), per_second(replicate, 2, replications)) for _ in range(rounds)]


def main() -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--replications", type=int, default=400, help="days of each thread in a round")
    parser.add_argument("--write", action="store_true", help="write the result into the documentation")
    asked = parser.parse_args()
    taken = speed_ups(asked.rounds, asked.replications)
    ratios = sorted(two / one for one, two in taken)
    text = (
        f"W3, days per second: {median(one for one, _ in taken):,.0f} with one thread, "
        f"{median(two for _, two in taken):,.0f} with two; "
        f"median of {len(ratios)} ratios {median(ratios):.2f} ({ratios[0]:.2f} to {ratios[-1]:.2f})."
    )
    print(text)
    if asked.write:
        put("threads", f"Measured on {machine()}. {text}")
    if median(ratios) < FLOOR:
        raise SystemExit(f"below {FLOOR}: is the machine idle?")


if __name__ == "__main__":
    main()
