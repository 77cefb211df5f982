"""What is compiled together: functions are told apart by their names, of whatever module they are."""

from __future__ import annotations

from importlib import import_module

from callsim.engines.compiled.jit import APART, INLINED


def test_no_function_is_both_copied_into_its_callers_and_kept_apart() -> None:
    """Two functions of one name, one of each kind, would both be marked as both; LLVM has no such function."""
    for module in ("kernel", "one_queue", "skills", "counting_rows"):
        import_module(f"callsim.engines.compiled.{module}")
    assert {"find_free", "scaled"} <= INLINED
    assert {"let_in", "keyed"} <= APART
    assert set() == INLINED & APART
