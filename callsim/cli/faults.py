"""What the command line says and returns when something goes wrong.

Exit codes: 0 done; 1 the answer is no; 2 the user can fix it: a message, no traceback; 3 callsim must
be fixed: always a traceback; 130 stopped by Ctrl-C; 141 whoever read the output has gone.
"""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable
from typing import Any

import click

from callsim.errors import CallsimError, ScenarioError

__all__ = ["BUG", "DONE", "INTERRUPTED", "NO", "READER_GONE", "USER", "exit_code"]

DONE, NO, USER, BUG, INTERRUPTED, READER_GONE = 0, 1, 2, 3, 130, 141


def exit_code(command: Callable[[], Any], debug: bool) -> int:
    """Do a command and return its exit code; say on standard error what went wrong.

    Parameters
    ----------
    command : callable
        Returns None, or an exit code.
    debug : bool
        Show the traceback of user errors as well.
    """
    try:
        result = command()
        sys.stdout.flush()
        return result if isinstance(result, int) else DONE
    except (KeyboardInterrupt, click.Abort):
        click.echo("\nStopped.", err=True)
        return INTERRUPTED
    except click.ClickException as error:
        error.show()
        return USER
    except BrokenPipeError:
        # What is still buffered has nowhere to go; the interpreter must not try at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return READER_GONE
    except CallsimError as error:
        return _callsim_error(error, debug)
    except Exception as error:
        _bug(error)
        return BUG


def _callsim_error(error: CallsimError, debug: bool) -> int:
    if error.exit_code == BUG:
        _bug(error)
        return BUG
    if debug:
        traceback.print_exc()
    click.echo(str(error), err=True)
    if isinstance(error, ScenarioError) and len(error.problems) > 1:
        click.echo(f"\n{len(error.problems)} problems", err=True)
    return error.exit_code


def _bug(error: Exception) -> None:
    from callsim import __version__

    traceback.print_exception(error)
    version = ".".join(map(str, sys.version_info[:3]))
    click.echo(
        f"\nThis is a bug in callsim, not a fault of the scenario (callsim {__version__}, Python {version}). "
        "Please report it with the lines above and the scenario.",
        err=True,
    )
