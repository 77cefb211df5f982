"""The two decorators of the compiled engine's functions: compiled by numba, or left as they are.

With ``CALLSIM_JIT=off`` in the environment both give the function back, so that the whole engine runs as
plain Python: slowly, and open to a debugger. Results are the same to the last bit.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, TypeVar, cast

__all__ = ["OPTIONS", "compiling", "entry", "inlined", "jit"]

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


def compiling() -> bool:
    """Return whether functions are compiled; ``CALLSIM_JIT=off`` says no."""
    return os.environ.get("CALLSIM_JIT", "").strip().lower() != "off"


def jit(function: Function) -> Function:
    """Compile a function that is large or called in many places.

    Parameters
    ----------
    function : callable
        It takes integers, floats, booleans, arrays and NamedTuples of arrays; it neither allocates nor raises.

    Returns
    -------
    callable
        The compiled function, or itself with ``CALLSIM_JIT=off``.
    """
    if not compiling():
        return function
    import numba

    return cast(Function, numba.njit(**_INSIDE)(function))


def entry(function: Function) -> Function:
    """Compile a function that Python calls: `jit` with a door.

    Parameters
    ----------
    function : callable
        As for `jit`.

    Returns
    -------
    callable
        The compiled function, or itself with ``CALLSIM_JIT=off``.
    """
    if not compiling():
        return function
    import numba

    return cast(Function, numba.njit(**OPTIONS)(function))


def inlined(function: Function) -> Function:
    """Compile a small function into each of its callers.

    Parameters
    ----------
    function : callable
        As for `jit`.

    Returns
    -------
    callable
        The compiled function, or itself with ``CALLSIM_JIT=off``.
    """
    if not compiling():
        return function
    import numba

    return cast(Function, numba.njit(forceinline=True, **_INSIDE)(function))
