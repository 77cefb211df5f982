"""``python -m callsim.testing``: hold the engines against each other for as long as you like."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence

from callsim.testing.cases import Case, batch
from callsim.testing.conformance import Run, Verdict, examine
from callsim.testing.drawing.centre import Scope
from callsim.testing.reach import Reach

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the suite; return 1 if something disagrees.

    Parameters
    ----------
    arguments : sequence of str, optional
        See ``--help``.
    """
    asked = _parser().parse_args(arguments)
    reach = Reach() if asked.reach else None
    engines = _engines(asked.engine)
    verdict = examine(_cases(asked), engines, reach=reach, minutes=asked.minutes, legs=asked.legs)
    print(verdict)
    _tell(verdict, engines)
    if reach is not None:
        print(reach.table())
    return 1 if verdict.disagreements else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m callsim.testing", description=main.__doc__)
    parser.add_argument("--scenarios", type=int, default=2000, help="at the most (default 2000)")
    parser.add_argument("--minutes", type=float, default=float("inf"), help="of CPU time, at the most")
    parser.add_argument("--legs", type=float, default=float("inf"), help="stop after so many legs were compared")
    parser.add_argument("--seed", type=int, default=1, help="of the batch (default 1)")
    parser.add_argument("--first", type=int, default=0, help="number of the first scenario (default 0)")
    parser.add_argument("--engine", choices=("compiled", "none"), default="compiled", help="beside SimPy")
    parser.add_argument("--scope", choices=[scope.value for scope in Scope], default=Scope.EVERYTHING.value)
    parser.add_argument("--reach", action="store_true", help="count what was met, and print it")
    return parser


def _engines(name: str) -> dict[str, Run]:
    if name == "none":
        return {}
    from callsim.engines.compiled.engine import run

    return {"compiled": run}


def _cases(asked: argparse.Namespace) -> Iterator[Case]:
    """Yield the cases, and say from time to time how far it is."""
    for done, case in enumerate(batch(asked.seed, asked.scenarios, asked.first, Scope(asked.scope))):
        if done and done % 1000 == 0:
            print(f"{done:,} scenarios ...", file=sys.stderr, flush=True)
        yield case


def _tell(verdict: Verdict, engines: dict[str, Run]) -> None:
    for number, found in enumerate(verdict.disagreements):
        run = engines.get(found.engine)
        print(f"\n{found.small(run) if run is not None and not number else found}")


if __name__ == "__main__":
    raise SystemExit(main())
