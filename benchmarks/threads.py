"""Replications per second of W3 on the compiled engine, with one thread and with two.

``python -m benchmarks.threads`` runs one and two threads in turn in one process and prints the median of the pairwise
ratios of wall time. This is the one figure that needs an idle machine: two threads share whatever is left of it.
"""

from __future__ import annotations

import argparse
import threading
import time
from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor, wait
from statistics import median

from benchmarks.page import machine, put
from benchmarks.sides import BREAKDOWNS, counted, plan_of

__all__ = ["FLOOR", "per_second", "speed_ups"]

FLOOR = 1.85
_WARM_UP = 5


def per_second(executor: Executor, replicate: Callable[[int], object], threads: int, replications: int) -> float:
    """Return replications per second of wall time when so many threads of an executor run so many each."""

    def work(first: int) -> None:
        for number in range(first, first + replications):
            replicate(number)

    before = time.perf_counter()
    for done in wait([executor.submit(work, each * replications) for each in range(threads)]).done:
        done.result()
    return threads * replications / (time.perf_counter() - before)


def speed_ups(rounds: int, replications: int) -> list[tuple[float, float]]:
    """Return replications per second with one thread and with two, round by round.

    Both threads live as long as it takes, as a planner's do: each makes its tables once, before the first round.
    """
    replicate = counted(plan_of("w3"), 1, BREAKDOWNS)
    both = threading.Barrier(2)

    def begin() -> None:
        for number in range(_WARM_UP):
            replicate(number)
        both.wait()

    with ThreadPoolExecutor(2) as executor:
        for begun in wait([executor.submit(begin) for _ in range(2)]).done:
            begun.result()

        def taken(threads: int) -> float:
            return per_second(executor, replicate, threads, replications)

        return [(taken(1), taken(2)) for _ in range(rounds)]


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
