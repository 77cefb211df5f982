"""A kernel's functions, ready to be called: from the cache, compiled on the spot, or as plain Python.

Nothing here imports a kernel, and with a filled cache numba is not imported at all. With ``CALLSIM_JIT=off`` the
same calls run the Python source.
"""

from __future__ import annotations

import ctypes
import sys
import threading
from functools import cache
from importlib import import_module
from typing import Any

import numpy as np
import numpy.typing as npt

from callsim.engines.compiled.compiler_process import Compilation
from callsim.engines.compiled.jit import interpreted
from callsim.engines.compiled.tables import (
    Function,
    Recipe,
    address,
    cells_of,
    fields_of,
    table_of,
    windows_in,
)
from callsim.errors import EngineError

__all__ = ["COMPILING", "Bound", "Interpreted", "Library", "accept", "say"]

COMPILING = "compiling the fast engine, once on this machine: about 30 s"
"""What whoever waits is told."""
_loaded: dict[Recipe, dict[str, int]] = {}
_one_at_a_time = threading.Lock()


def say(message: str) -> None:
    """Tell the user what he is waiting for, if he watches."""
    if sys.stderr is not None and sys.stderr.isatty():
        print(message, file=sys.stderr, flush=True)


class Bound:
    """Compiled functions and the tables that they are given.

    Parameters
    ----------
    recipe : Recipe
        What they were compiled from.
    addresses : dict
        Where they are in memory.
    tables : dict
        Name -> the NamedTuple of arrays.
    """

    def __init__(self, recipe: Recipe, addresses: dict[str, int], tables: dict[str, Any]) -> None:
        from callsim.engines.compiled.machine import native

        self._fields = dict(recipe.tables)
        self._functions = {function.name: function for function in recipe.functions}
        # What compiled code reads must live as long as what runs it.
        self._kept = tables
        self._windows: dict[tuple[str, str], tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]] = {}
        self._cells = {name: table_of(arrays) for name, arrays in tables.items()}
        self._where = {name: address(cells) for name, cells in self._cells.items()}
        self._result, self._fault = ctypes.c_int64(), ctypes.c_void_p()
        self._run = {
            function.name: native(len(function.tables))(addresses[function.name]) for function in recipe.functions
        }
        self._given = {name: self._places(function, self._where) for name, function in self._functions.items()}

    def call(self, name: str, **others: Any) -> int:
        """Call a function.

        Parameters
        ----------
        name : str
            Of the function.
        **others : NamedTuple of arrays
            Tables for this call only, in place of those of these names.

        Raises
        ------
        EngineError
            If one of these tables has other arrays than the function was compiled for, or the function fails.
        """
        given = self._given[name]
        if others:
            cells = {table: self._checked(table, arrays) for table, arrays in others.items()}
            where = self._where | {table: address(each) for table, each in cells.items()}
            given = self._places(self._functions[name], where)
        if self._run[name](*given):
            raise EngineError("the compiled engine stopped with an error; with CALLSIM_JIT=off Python shows where")
        return self._result.value

    def put(self, table: str, field: str, array: npt.NDArray[np.int64]) -> None:
        """Have the functions read and write another array in place of one of a table, and its windows likewise.

        Parameters
        ----------
        table, field : str
        array : int64
            As long as the one in whose place it stands. It is not kept: the caller does so while functions are called.
        """
        found = self._windows.get((table, field))
        if found is None:
            arrays = self._kept[table]
            first, cells = windows_in(arrays, field), cells_of(arrays)
            where = np.array([cells[name] for name in first]), np.array([*first.values()]) * array.itemsize
            found = self._windows[table, field] = where
        places, begin = found
        self._cells[table][places] = begin + address(array)

    def _places(self, function: Function, where: dict[str, int]) -> tuple[Any, ...]:
        """Return what a function is called with, as C takes it: to convert numbers at each call takes long."""
        answers = (ctypes.c_void_p(ctypes.addressof(each)) for each in (self._result, self._fault))
        return (*answers, *(ctypes.c_int64(where[table]) for table in function.tables))

    def _checked(self, table: str, arrays: Any) -> npt.NDArray[np.int64]:
        if fields_of(arrays) != self._fields[table]:
            raise EngineError(f"compiled functions take other arrays than those of this table {table!r}")
        return table_of(arrays)


class Interpreted(Bound):
    """The same as Python functions."""

    def __init__(self, functions: tuple[Function, ...], tables: dict[str, Any]) -> None:
        self._functions = {function.name: function for function in functions}
        self._kept = tables

    def call(self, name: str, **others: Any) -> int:
        """Call a function."""
        module, _, inside = self._functions[name].source.partition(":")
        given = {**self._kept, **others}
        return int(getattr(import_module(module), inside)(*(given[table] for table in self._functions[name].tables)))

    def put(self, table: str, field: str, array: npt.NDArray[np.int64]) -> None:
        """Use another array in place of one of a table, and its windows likewise."""
        arrays = self._kept[table]
        changed = {}
        for name, begin in windows_in(arrays, field).items():
            old = getattr(arrays, name)
            changed[name] = array[begin : begin + old.size].reshape(old.shape)
        self._kept = {**self._kept, table: arrays._replace(**changed)}


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

    def bind(self, **tables: Any) -> Bound:
        """Return the functions, bound to these tables, so that a call needs no arguments.

        Parameters
        ----------
        **tables : NamedTuple of arrays
            They are kept; none may be resized. One thread at a time may call what is returned.

        Raises
        ------
        EngineError
            If an array is none that compiled code can take, or the functions cannot be compiled.
        """
        if interpreted():
            return Interpreted(self.functions, tables)
        recipe = self.recipe(**tables)
        return Bound(recipe, _addresses(recipe), tables)

    def ready(self, **tables: Any) -> bool:
        """Return whether `bind` need not compile: the functions are loaded, kept on disk, or run as Python."""
        return interpreted() or _kept(self.recipe(**tables)) is not None


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
        say(COMPILING)
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
