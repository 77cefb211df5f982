"""The decorators of the compiled engine's functions. They compile in the compiler's process and nowhere else.

In every other process a decorated function is the Python function that it was, numba is not imported, and the
compiled form is called through `callsim.engines.compiled.library`. With ``CALLSIM_JIT=off`` in the environment the
library calls the Python functions too: slowly, open to a debugger, and with the same results to the last bit.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, TypeVar, cast

__all__ = ["OPTIONS", "begin_compiling", "compiling", "entry", "inlined", "interpreted", "jit"]

Function = TypeVar("Function", bound=Callable[..., Any])

OPTIONS: dict[str, Any] = {
    "_nrt": False,
    "error_model": "numpy",
    "nogil": True,
    "fastmath": False,
    "boundscheck": False,
}
"""How everything is compiled. The error model of numpy divides without an exception, which keeps the object code free
of numba's run-time library, as does counting no references: nothing here makes an array. Without fastmath a result has
the same bits as in Python."""
_INSIDE: dict[str, Any] = {**OPTIONS, "no_cpython_wrapper": True, "no_cfunc_wrapper": True}
"""Functions that only compiled functions call need no door for Python, which would take most of the compile time."""
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
    return _made(function, _INSIDE)


def entry(function: Function) -> Function:
    """Compile a function that the library offers to Python.

    Parameters
    ----------
    function : callable
        As for `jit`.

    Returns
    -------
    callable
        As for `jit`.
    """
    return _made(function, _INSIDE)


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
    return _made(function, {**_INSIDE, "forceinline": True})


def _made(function: Function, options: dict[str, Any]) -> Function:
    if not compiling():
        return function
    import numba

    return cast(Function, numba.njit(**options)(function))
