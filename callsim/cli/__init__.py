"""The command line. Each sub-command is imported when it is called, and imports the work when it does it."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any

import click

__all__ = ["COMMANDS", "CommandLine", "main"]

COMMANDS = (
    "new", "run", "compare", "attribute", "check", "rerun", "report", "figures", "validate", "explain", "coverage",
    "story", "scorecard", "theory", "scenarios", "schema", "completion",
)  # fmt: skip
"""The sub-commands, in the order of the help page; each is ``command`` in the module of its name."""


class CommandLine(click.Group):
    """The group of all sub-commands; turns errors into messages and exit codes."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the sub-commands."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return one sub-command."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"callsim.cli.{cmd_name}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the sub-command; a name that is not one gets the nearest that is."""
        name = args[0]
        if name not in COMMANDS and not name.startswith("-"):
            from difflib import get_close_matches

            near = get_close_matches(name, COMMANDS, n=1)
            ask = f"Did you mean {near[0]!r}?" if near else f"Commands are: {', '.join(COMMANDS)}."
            if "." in name or "/" in name:
                ask = f"To simulate a scenario, write: callsim run {name}"
            ctx.fail(f"There is no command {name!r}. {ask}")
        return super().resolve_command(ctx, args)

    def main(self, args: Sequence[str] | None = None, *_: Any, **extra: Any) -> Any:
        """Run a command and exit with its code: 0, 1 the answer is no, 2 user error, 3 bug, 130 Ctrl-C."""
        from callsim.cli import process
        from callsim.cli.faults import exit_code

        own = args is None
        if own:
            process.begin()
        words = list(sys.argv[1:] if args is None else args)
        extra.update(standalone_mode=False, prog_name="callsim")
        code = exit_code(lambda: super(CommandLine, self).main(words, **extra), debug="--debug" in words)
        if own:
            process.end()
        sys.exit(code)


def _version(context: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted:
        from callsim import __version__

        click.echo(f"callsim {__version__}")
        context.exit()


_WELCOME = """\
callsim simulates a call centre: who holds how long, who gives up, and what would help.

  callsim new centre.yaml       write a small scenario to begin with
  callsim run centre.yaml       simulate it
  callsim compare centre.yaml   see what its variants would change

callsim scenarios lists larger examples, callsim --help all commands."""
"""What somebody sees who types `callsim` and nothing else."""


@click.group(
    cls=CommandLine, invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 90},
    epilog="callsim COMMAND --help says more about one command.",
)  # fmt: skip
@click.option("--version", is_flag=True, is_eager=True, expose_value=False, callback=_version, help="Show the version.")
@click.pass_context
def main(context: click.Context) -> None:
    """Simulate a call centre written down in YAML: who holds how long, who gives up, and what would help."""
    if context.invoked_subcommand is None:
        click.echo(_WELCOME)
