"""From a kernel's functions to object code: numba types it, LLVM makes machine code of it.

What comes out needs nothing of numba: no reference counts, no exceptions, no call of its run-time library;
`library` loads it with llvmlite alone. Numba types and lowers; linking, optimising and making machine code is ours.

``main`` is what the compiler process runs (`compiler_process`).
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import threading
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any, BinaryIO

from callsim.engines.compiled.jit import APART, INLINED, begin_compiling, jit
from callsim.engines.compiled.linking import unfinished
from callsim.engines.compiled.machine import symbol, target_machine
from callsim.engines.compiled.tables import Field, Function, Recipe
from callsim.errors import EngineError

__all__ = ["Source", "build", "main", "recipe_from", "sources"]

Source = tuple[str, str, str]
"""A file that object code was made from: the top of its package, its path below the folder of that, its SHA-256."""

_DOOR = "callsim_door_"
"""Beginning of the names of the functions that Python will call."""
_C_NAMES = {"numba_ldexp": "ldexp", "numba_frexp": "frexp"}
"""Functions of numba's run-time library that do what those of the C library do."""
_PLAIN_C = frozenset(("memcpy", "memset", "memmove", "memcmp", "sqrt", "ldexp", "frexp"))
"""What object code may call from outside. All of them are exact: they give the same bits on every machine."""


def build(recipe: Recipe) -> bytes:
    """Compile functions for the machine we are on.

    Returns
    -------
    bytes
        An object file; each function stands in it under its `callsim.engines.compiled.machine.symbol`.

    Raises
    ------
    EngineError
        If a function needs what object code cannot have: it allocates, raises or prints.
    """
    import llvmlite.binding as llvm

    machine = target_machine()
    whole = llvm.parse_assembly("")
    for part in _parts(recipe):
        whole.link_in(part)
    _shut_in(whole, [function.name for function in recipe.functions])
    _simplify(whole, machine)
    outside = {function.name for function in whole.functions if function.is_declaration}
    foreign = sorted(name for name in outside if not name.startswith("llvm.") and name not in _PLAIN_C)
    if foreign:
        raise EngineError(f"compiled functions cannot be kept as object code: they call {', '.join(foreign)}")
    code: bytes = machine.emit_object(whole)
    return code


def _parts(recipe: Recipe) -> list[Any]:
    """Compile each function as ``(int64* result, void** error, int64 table...) -> int32 status``; return all code."""
    from numba import types

    from callsim.engines.compiled.views import opener

    openers = {name: opener(fields) for name, fields in recipe.tables}
    with unfinished() as parts:
        for function in recipe.functions:
            module, _, name = function.source.partition(":")
            # A function's arguments must be written out for numba; there is one for each table.
            words = [f"table_{i}" for i in range(len(function.tables))]
            opened = ", ".join(f"open_{word}({word})" for word in words)
            door = f"{_DOOR}{function.name}"
            names: dict[str, Any] = {"kernel": getattr(import_module(module), name)}
            names |= {f"open_{word}": openers[table] for word, table in zip(words, function.tables, strict=True)}
            exec(f"def {door}({', '.join(words)}):\n    return kernel({opened})\n", names)
            compiled: Any = jit(names[door])
            compiled.compile((types.int64,) * len(words))
            for overload in compiled.overloads.values():
                overload.library.finalize()
    return parts


def _shut_in(module: Any, names: list[str]) -> None:
    """Name the functions and hide everything else, so that what nobody reaches falls away and calls are cheap."""
    doors = {f"{len(_DOOR + name)}{_DOOR}{name}B": symbol(name) for name in names}
    # Between a module and a name stand the functions that the function was made in, if any.
    inlining = {
        attribute: [(f"{len(home)}{home}", f"{len(name)}{name}B") for home, name in places]
        for attribute, places in (("noinline", APART), ("alwaysinline", INLINED))
    }
    for function in module.functions:
        if function.is_declaration:
            function.name = _C_NAMES.get(function.name, function.name)
            continue
        shown = [name for door, name in doors.items() if door in function.name]
        if shown:
            function.name = shown[0]
        else:
            function.linkage = "internal"
            for attribute, marks in inlining.items():
                if any(home in function.name and name in function.name for home, name in marks):
                    function.add_function_attribute(attribute)
    for variable in module.global_variables:
        if not variable.is_declaration:
            variable.linkage = "internal"


def _simplify(module: Any, machine: Any) -> None:
    import llvmlite.binding as llvm

    passes = llvm.create_pass_builder(machine, llvm.create_pipeline_tuning_options(speed_level=3))
    passes.getModulePassManager().run(module, passes)


def sources(recipe: Recipe) -> list[Source]:
    """Return the files that had a part in functions: of the loaded modules those of callsim or of where they lie."""
    homes = {function.source.partition(":")[0] for function in recipe.functions}
    tops = {"callsim", *(home.partition(".")[0] for home in homes)}
    beside = {_folder(home) for home in homes}
    found: list[Source] = []
    for name in sorted(sys.modules):
        file = getattr(sys.modules[name], "__file__", None)
        if file is None:
            continue
        top = name.partition(".")[0]
        path = Path(file).resolve()
        if top in tops or path.parent in beside:
            inside = path.relative_to(_folder(top)).as_posix()
            found.append((top, inside, hashlib.sha256(path.read_bytes()).hexdigest()))
    return found


def _folder(name: str) -> Path:
    """Return the folder of a module; of a package, the folder in which it lies."""
    file = sys.modules[name].__file__
    if file is None:
        raise EngineError(f"{name} has no file")
    path = Path(file).resolve()
    return path.parent.parent if path.name == "__init__.py" else path.parent


def recipe_from(said: Any) -> Recipe:
    """Return the recipe that has been through JSON."""
    return Recipe(
        tuple(Function(name, source, tuple(tables)) for name, source, tables in said[0]),
        tuple((name, tuple(Field(*field) for field in fields)) for name, fields in said[1]),
    )


def main(request: dict[str, Any], lifeline: BinaryIO, answer: BinaryIO) -> None:
    """Compile what a request asks for and write the answer: one line of JSON, then the object code.

    Parameters
    ----------
    request : dict
        ``recipe``.
    lifeline : binary file
        Held open by whoever waits; when it closes, nobody does and this process ends.
    answer : binary file
        Where the answer goes.
    """
    threading.Thread(target=_end_with, args=(lifeline,), daemon=True).start()
    head: dict[str, Any]
    code = b""
    try:
        begin_compiling()
        recipe = recipe_from(request["recipe"])
        code = build(recipe)
        head = {"sources": sources(recipe)}
    except Exception as error:
        head = {"error": f"{type(error).__name__}: {error}"}
    answer.write(json.dumps({**head, "length": len(code)}).encode() + b"\n" + code)
    answer.flush()


def _end_with(lifeline: BinaryIO, end: Callable[[int], Any] = os._exit) -> None:
    lifeline.read()
    end(1)
