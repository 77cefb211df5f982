"""``callsim compare``: simulate a scenario and its variants under the same callers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from callsim.cli import options
from callsim.cli.simulating import simulated

__all__ = ["command"]


@click.command("compare", short_help="Compare the variants of an experiment under the same callers.")
@click.argument("experiment", type=click.Path())
@options.changes
@options.simulation
@options.outputs
@options.debug
def command(experiment: str, **given: Any) -> int:
    """Simulate the base and the variants of EXPERIMENT, a YAML file, and rank them by hold time and abandonment.

    Every variant meets the same callers with the same patience, so that small differences show: each
    difference to the base has the interval of the paired replications. Ctrl-C keeps the replications
    that every variant has finished.
    """
    import callsim

    path = Path(experiment)
    return simulated(lambda **settings: callsim.compare(path, **settings), path, **given)
