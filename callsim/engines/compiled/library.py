"""A kernel's functions, ready to be called: from the cache, compiled on the spot, or as plain Python.

Nothing here imports a kernel, and with a filled cache numba is not imported at all. With ``CALLSIM_JIT=off`` the
same calls run the Python source.
"""

from __future__ import annotations

import ctypes
import sys
import threading
from collections.abc import Callable, Mapping
from functools import cache
from importlib import import_module
from types import MappingProxyType
from typing import Any

from callsim.engines.compiled.compiler_process import Compilation
from callsim.engines.compiled.jit import compiling
from callsim.engines.compiled.tables import Function, Recipe, fields_of, table_of
from callsim.errors import EngineError

__all__ = ["Library", "Step", "accept", "say"]

Step = Callable[[], int]
"""A function bound to its tables."""
USUAL_SECONDS = 20
"""What compiling takes on a machine of today, for the message."""
_loaded: dict[Recipe, dict[str, int]] = {}
_one_at_a_time = threading.Lock()


def say(message: str) -> None:
    """Tell the user what he is waiting for, if he watches."""
    if sys.stderr is not None and sys.stderr.isatty():
        print(message, file=sys.stderr, flush=True)


class Library:
    """Functions of a kernel that are compiled together.

    Parameters
    ----------
    *functions : Function
        They return integers and take tables only.
    """

    def __init__(self, *functions: Function) -> None:
        self.functions = functions

    def recipe(self, **tables: Any) -> Recipe:
        """Return what is compiled for tables like these.

        Parameters
        ----------
        **tables : NamedTuple of arrays
            By the names that the functions give them.

        Raises
        ------
        EngineError
            If an array is none that compiled code can take.
        """
        wanted = dict.fromkeys(name for function in self.functions for name in function.tables)
        return Recipe(self.functions, tuple((name, fields_of(tables[name])) for name in wanted))

    def bind(self, **tables: Any) -> Mapping[str, Step]:
        """Return the functions, each bound to these tables, so that a call needs no arguments.

        Parameters
        ----------
        **tables : NamedTuple of arrays
            They are kept; none may be resized. One thread at a time may call what is returned.

        Raises
        ------
        EngineError
            If an array is none that compiled code can take, or the functions cannot be compiled.
        """
        if not compiling():
            return MappingProxyType(
                {f.name: _interpreted(f, [tables[name] for name in f.tables]) for f in self.functions}
            )
        addresses = _addresses(self.recipe(**tables))
        rows = {name: table_of(arrays) for name, arrays in tables.items()}
        # What the code reads must live as long as what runs it.
        kept = (tables, rows)
        where = {name: table.__array_interface__["data"][0] for name, table in rows.items()}
        return MappingProxyType(
            {f.name: _bound(addresses[f.name], [where[name] for name in f.tables], kept) for f in self.functions}
        )

    def ready(self, **tables: Any) -> bool:
        """Return whether `bind` need not compile: the functions are loaded, kept on disk, or run as Python."""
        return not compiling() or _kept(self.recipe(**tables)) is not None

    def start(self, **tables: Any) -> Compilation:
        """Begin to compile for tables like these in another process; hand what comes out to `accept`."""
        return Compilation(self.recipe(**tables))


def accept(compilation: Compilation) -> None:
    """Wait for a compilation, load what it has made and keep it for other processes.

    Raises
    ------
    EngineError
        If it failed.
    """
    with _one_at_a_time:
        _accept(compilation)


def _addresses(recipe: Recipe) -> dict[str, int]:
    """Return where the functions are in memory; bring them there if they are not."""
    if recipe in _loaded:
        return _loaded[recipe]
    with _one_at_a_time:
        found = _kept(recipe)
        if found is not None:
            return found
        say(f"compiling the fast engine, once on this machine: about {USUAL_SECONDS} s")
        return _accept(Compilation(recipe))


def _kept(recipe: Recipe) -> dict[str, int] | None:
    """Return where the functions are if they are loaded or kept on disk."""
    from callsim.engines.compiled import cache as disk

    if recipe not in _loaded:
        from callsim.engines.compiled.machine import load

        code = disk.find(recipe)
        if code is not None:
            _loaded[recipe] = load(code, [function.name for function in recipe.functions])
    return _loaded.get(recipe)


def _accept(compilation: Compilation) -> dict[str, int]:
    from callsim.engines.compiled import cache as disk
    from callsim.engines.compiled.machine import load

    code, sources = compilation.result()
    recipe = compilation.recipe
    if not disk.keep(recipe, code, sources):
        _say_once(
            "compiled code cannot be kept: there is no folder to write to (CALLSIM_CACHE_DIR names one); "
            "it is compiled again at the next start"
        )
    found = _loaded[recipe] = load(code, [function.name for function in recipe.functions])
    return found


@cache
def _say_once(message: str) -> None:
    say(message)


def _interpreted(function: Function, tables: list[Any]) -> Step:
    module, _, name = function.source.partition(":")
    run = getattr(import_module(module), name)
    return lambda: int(run(*tables))


def _bound(address: int, tables: list[int], kept: Any) -> Step:
    from callsim.engines.compiled.machine import native

    run = native(len(tables))(address)
    result, fault = ctypes.c_int64(), ctypes.c_void_p()
    answers = [ctypes.c_void_p(ctypes.addressof(place)) for place in (result, fault)]
    arguments = (*answers, *(ctypes.c_int64(table) for table in tables))

    def step(_: Any = (fault, kept)) -> int:
        if run(*arguments):
            raise EngineError("the compiled engine stopped with an error; with CALLSIM_JIT=off Python shows where")
        return result.value

    return step
