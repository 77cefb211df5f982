"""``callsim rerun``: make a result again and see whether it is the same."""

from __future__ import annotations

from pathlib import Path

import click

from callsim.cli import options
from callsim.cli.faults import DONE, NO
from callsim.cli.progress import Watch

__all__ = ["command"]


@click.command("rerun", short_help="Make a result again from its manifest.")
@click.argument("manifest", type=click.Path(path_type=Path))
@click.option(
    "--workers", type=int, metavar="N",
    help="Worker processes; results do not depend on it.  [default: one for each core]",
)  # fmt: skip
@click.option("--quiet", is_flag=True, help="Show no progress.")
@options.debug
def command(manifest: Path, workers: int | None, quiet: bool) -> int:
    """Repeat the work that MANIFEST, from `callsim run --manifest`, describes, and say what differs.

    Compared are the digests of scenario, plans, run logs and rows, and every figure. Versions and platform are named if
    they are others. Returns 0 if the result is the same, 1 if anything differs, 2 if it cannot be repeated.
    """
    import callsim

    with Watch(quiet) as progress:
        found = callsim.rerun(manifest, workers=workers, progress=progress)
    click.echo(str(found))
    return DONE if found.same else NO
