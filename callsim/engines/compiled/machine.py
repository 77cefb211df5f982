"""The machine that code is made for and runs on, seen through llvmlite alone.

Imported where the compiled engine starts; llvmlite is quickly loaded; numba, which is not, is not needed.
"""

from __future__ import annotations

import ctypes
import os
import threading
from collections.abc import Iterable
from functools import cache
from typing import Any

import llvmlite.binding as llvm

__all__ = ["load", "native", "processor", "symbol", "target_machine", "triple"]

_loading = threading.Lock()
_kept: list[Any] = []
"""What holds the code in memory, for the life of the process: somebody may be running it."""


def symbol(name: str) -> str:
    """Return the name that a function has in an object file."""
    return f"callsim_{name}"


@cache
def native(n_tables: int) -> Any:
    """Return the C type ``(int64* result, void** error, int64 address of each table) -> int32``; 0: all is well.

    A call releases the lock of the interpreter, so that threads run side by side.
    """
    return ctypes.CFUNCTYPE(ctypes.c_int32, ctypes.c_void_p, ctypes.c_void_p, *[ctypes.c_int64] * n_tables)


@cache
def processor() -> tuple[str, str]:
    """Return name and features of the processor for which code is made.

    ``NUMBA_CPU_NAME`` and ``NUMBA_CPU_FEATURES`` mean what they mean to numba.
    """
    name = os.environ.get("NUMBA_CPU_NAME", "")
    features = os.environ.get("NUMBA_CPU_FEATURES")
    if name and features is None:
        return name, ""  # the features that a processor of that name has
    return name or llvm.get_host_cpu_name(), llvm.get_host_cpu_features().flatten() if features is None else features


def triple() -> str:
    """Return kind of processor, maker and operating system of the code that this process runs."""
    found: str = llvm.get_process_triple()
    return found


def target_machine() -> Any:
    """Return LLVM's description of the machine, for making code and for loading it."""
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    name, features = processor()
    target = llvm.Target.from_triple(triple())
    return target.create_target_machine(cpu=name, features=features, opt=3, jit=True, codemodel="jitdefault")


def load(code: bytes, names: Iterable[str]) -> dict[str, int]:
    """Bring object code into memory and return the address of each of its functions.

    Parameters
    ----------
    code : bytes
        As `callsim.engines.compiled.building.build` made it, on a machine like this. It is run as it is: take it
        from nobody else.
    names : iterable of str
        Names of its functions.
    """
    with _loading:
        engine = llvm.create_mcjit_compiler(llvm.parse_assembly(""), target_machine())
        engine.add_object_file(llvm.ObjectFileRef.from_data(code))
        engine.finalize_object()
        _kept.append(engine)
        return {name: engine.get_function_address(symbol(name)) for name in names}
