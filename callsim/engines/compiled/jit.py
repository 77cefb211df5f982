"""The decorators of the compiled engine's functions. They compile in the compiler's process and nowhere else.

In every other process a decorated function is the Python function that it was, numba is not imported, and the
compiled form is called through `callsim.engines.compiled.library`. With ``CALLSIM_JIT=off`` in the environment the
library calls the Python functions too: slowly, open to a debugger, and with the same results to the last bit.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, TypeVar, cast

__all__ = ["APART", "INLINED", "apart", "begin_compiling", "compiling", "finished", "inlined", "interpreted", "jit"]

Function = TypeVar("Function", bound=Callable[..., Any])

_OPTIONS: dict[str, Any] = {
    "_nrt": False,
    "error_model": "numpy",
    "nogil": True,
    "fastmath": False,
    "boundscheck": False,
    "no_cpython_wrapper": True,
    "no_cfunc_wrapper": True,
}
"""How everything is compiled. The error model of numpy divides without an exception, which keeps the object code free
of numba's run-time library, as does counting no references: nothing here makes an array. Without fastmath a result has
the same bits as in Python. Doors for Python, which would take most of the compile time, are of our own (`building`)."""
APART: set[tuple[str, str]] = set()
"""Module and name of each function that is never copied into its callers."""
INLINED: set[tuple[str, str]] = set()
"""Module and name of each function that is always copied into its callers. Numba's ``forceinline`` is not used: what a
function calls inherits it."""
_compiler = {"here": False}


def begin_compiling() -> None:
    """Let the decorators compile what is imported from here on: this process is the compiler's."""
    _compiler["here"] = True


def compiling() -> bool:
    """Return whether decorated functions are compiled ones in this process."""
    return _compiler["here"]


def interpreted() -> bool:
    """Return whether the library runs Python instead of compiled code: ``CALLSIM_JIT=off``."""
    return os.environ.get("CALLSIM_JIT", "").strip().lower() == "off"


def jit(function: Function) -> Function:
    """Compile a function that is large or called in many places.

    Parameters
    ----------
    function : callable
        It takes integers, floats, booleans, arrays and NamedTuples of arrays; it neither allocates nor raises.

    Returns
    -------
    callable
        In the compiler's process the compiled function, elsewhere itself.
    """
    return _made(function)


def apart(function: Function) -> Function:
    """Compile a function into a place of its own: it is never copied into its callers, however often it is called.

    Large functions that are called from many places, and all that is rarely reached from the loop, would make
    the loop so long that optimising it takes longer than it can save.

    Parameters
    ----------
    function : callable
        As for `jit`.

    Returns
    -------
    callable
        As for `jit`.
    """
    APART.add(_place(function))
    return jit(function)


def inlined(function: Function) -> Function:
    """Compile a small function into each of its callers.

    Parameters
    ----------
    function : callable
        As for `jit`.

    Returns
    -------
    callable
        As for `jit`.
    """
    INLINED.add(_place(function))
    return _made(function)


def finished(function: Function) -> Function:
    """Do what `jit` does for a function that adds hashes; as plain Python it lets them pass over 2^64 in silence."""
    if compiling():
        return jit(function)
    import numpy as np

    return np.errstate(over="ignore")(function)


def _place(function: Callable[..., Any]) -> tuple[str, str]:
    """Return the last part of a function's module, and its name: both stand in the name of its machine code."""
    return function.__module__.rpartition(".")[2], function.__name__


def _made(function: Function) -> Function:
    if not compiling():
        return function
    import numba

    return cast(Function, numba.njit(**_OPTIONS)(function))
