"""The reference page of the command line, made from the commands themselves.

``python -m callsim.cli.reference`` prints it; a test compares it with the committed page.
"""

from __future__ import annotations

import click

from callsim.cli import COMMANDS, main

__all__ = ["page"]

_WIDTH = 90
_HEAD = """# The command line

Made from the commands by `python -m callsim.cli.reference > docs/reference/cli.md`; do not edit.

| exit code | meaning |
| --- | --- |
| 0 | done |
| 1 | the answer is no: `callsim check` found something missed or undecided, `callsim coverage` a hole |
| 2 | something that you can put right: the message says what, `--debug` shows the traceback |
| 3 | a bug in callsim: please report it with the traceback |
| 130 | stopped by Ctrl-C; what was finished is kept |
| 141 | whoever read the output has gone |

Tables and rows go to standard output and files, progress and messages to standard error. `COLUMNS` sets the width of
tables where there is no terminal.
"""


def page() -> str:
    """Return the page as Markdown: the help of callsim and of each command."""
    parts = [_HEAD, _help("callsim", main, None)]
    with click.Context(main, info_name="callsim") as parent:
        for name in COMMANDS:
            command = main.get_command(parent, name)
            if command is not None:
                parts.append(_help(f"callsim {name}", command, parent))
    return "\n".join(parts)


def _help(title: str, command: click.Command, parent: click.Context | None) -> str:
    name = title.rsplit(maxsplit=1)[-1]
    context = click.Context(command, parent, info_name=name, terminal_width=_WIDTH, help_option_names=["-h", "--help"])
    with context:
        return f"## {title}\n\n```text\n{command.get_help(context)}\n```\n"


if __name__ == "__main__":
    click.echo(page(), nl=False)
