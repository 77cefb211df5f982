"""``callsim completion``: print the script by which a shell completes commands, options and files."""

from __future__ import annotations

import click

from callsim.cli import options

__all__ = ["SHELLS", "command"]

SHELLS = ("bash", "zsh", "fish")
"""The shells that click writes scripts for."""
_VARIABLE = "_CALLSIM_COMPLETE"


@click.command("completion", short_help="Print the completion script of a shell.")
@click.argument("shell", type=click.Choice(SHELLS))
@options.debug
@click.pass_context
def command(context: click.Context, shell: str) -> None:
    """Print the script that lets SHELL complete commands, options and file names by the Tab key.

    \b
    bash, once in ~/.bashrc:   eval "$(callsim completion bash)"
    zsh, once in ~/.zshrc:     eval "$(callsim completion zsh)"
    fish:   callsim completion fish > ~/.config/fish/completions/callsim.fish
    """  # noqa: D301 - click's mark for lines that stay lines
    from click.shell_completion import get_completion_class

    script = get_completion_class(shell)
    if script is None:
        raise click.UsageError(f"this version of click has no completion for {shell}")
    click.echo(script(context.find_root().command, {}, "callsim", _VARIABLE).source())
