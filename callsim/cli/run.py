"""``callsim run``: simulate one scenario."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from callsim.cli import options
from callsim.cli.simulating import simulated

__all__ = ["command"]


@click.command("run", short_help="Simulate a scenario.")
@click.argument("scenario", type=click.Path())
@options.changes
@options.simulation
@options.outputs
@options.debug
def command(scenario: str, **given: Any) -> int:
    """Simulate SCENARIO, a YAML file, as often as it says, and print what became of the callers.

    Every figure comes with the half width of its interval. The same scenario and seed give the same
    figures, whatever the number of workers. Ctrl-C keeps the replications that are finished.
    """
    import callsim

    path = Path(scenario)
    return simulated(lambda **settings: callsim.run(path, **settings), path, **given)
