"""What is compiled together, and which functions the compiler is told to copy or to keep apart."""

from __future__ import annotations

from importlib import import_module

from callsim.engines.compiled.jit import APART, INLINED


def test_no_function_is_both_copied_into_its_callers_and_kept_apart() -> None:
    """LLVM has no such function; a mark names the module too, so that a namesake elsewhere does not get it."""
    for module in ("kernel", "one_queue", "skills", "counting_rows"):
        import_module(f"callsim.engines.compiled.{module}")
    assert {("skills_calls", "find_free"), ("lookup", "scaled")} <= INLINED
    assert {("life", "let_in"), ("lookup", "keyed")} <= APART
    assert set() == INLINED & APART
