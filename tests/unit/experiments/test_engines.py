"""Which engine begins a job: a matter of time alone."""

from __future__ import annotations

import pytest

from callsim.errors import EngineError
from callsim.experiments import engines
from callsim.experiments.engines import AUTO, CHOICES, COMPILED, SIMPY, Choice, check_engine, choose, engine
from tests.unit.experiments.small_plans import small_plan

PLAN = small_plan(calls=40.0)
FEW = 5
"""Replications of the small plan that SimPy has done before compiled code would be loaded."""
SOME = round(20 * engines.LOADING_SECONDS / engines.SIMPY_SECONDS / 40.0)
MANY = round(3 * engines.COMPILING_SECONDS / engines.SIMPY_SECONDS / 40.0)


def choice(replications: int, wanted: str = AUTO, workers: int = 1, beside: bool = True) -> Choice:
    """Choose for so many replications of the small plan."""
    return choose(wanted, [PLAN], replications, workers, logs=False, beside=beside)


@pytest.fixture
def ready(monkeypatch: pytest.MonkeyPatch) -> None:
    """Compiled code is at hand."""
    monkeypatch.setattr(engines, "_ready", lambda plans, logs: True)


@pytest.fixture
def unready(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is not."""
    monkeypatch.setattr(engines, "_ready", lambda plans, logs: False)


def test_a_small_job_is_simpys_and_nobody_looks_for_compiled_code(monkeypatch: pytest.MonkeyPatch) -> None:
    """Looking costs the import of llvmlite."""
    monkeypatch.setattr(engines, "_ready", None)
    assert choice(FEW) == Choice(SIMPY)


@pytest.mark.usefixtures("ready")
def test_a_job_that_outlasts_loading_is_run_by_code_at_hand() -> None:
    """From a quarter of a second of SimPy on."""
    assert choice(SOME) == choice(MANY) == Choice(COMPILED)


@pytest.mark.usefixtures("unready")
def test_only_a_job_that_outlasts_compiling_compiles() -> None:
    """Beside the first replications in SimPy; where an engine cannot be changed under way, not at all."""
    assert choice(SOME) == Choice(SIMPY)
    assert choice(MANY) == Choice(SIMPY, compile_beside=True)
    assert choice(MANY, workers=8) == Choice(SIMPY)
    assert choice(MANY, beside=False) == Choice(SIMPY)


@pytest.mark.parametrize("wanted", [SIMPY, COMPILED])
@pytest.mark.parametrize("replications", [FEW, MANY])
def test_who_asks_for_an_engine_gets_it(wanted: str, replications: int) -> None:
    """Whatever it costs."""
    assert choice(replications, wanted) == Choice(wanted)


def test_a_plan_that_the_compiled_engine_has_no_room_for_is_simpys(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is told of an engine that he did not ask for."""

    def refuse(plans: object, logs: bool) -> bool:
        raise EngineError

    monkeypatch.setattr(engines, "_ready", refuse)
    assert choice(MANY) == Choice(SIMPY)


def test_with_jit_off_auto_is_simpy(monkeypatch: pytest.MonkeyPatch) -> None:
    """The compiled engine as plain Python is the slower one."""
    monkeypatch.setenv("CALLSIM_JIT", "off")
    assert choice(SOME) == Choice(SIMPY)


def test_an_empty_cache_is_known_without_loading_anything(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """The first job on a machine does not pay for asking."""
    from callsim.engines.compiled import readiness

    monkeypatch.delenv("CALLSIM_JIT", raising=False)
    monkeypatch.setenv("CALLSIM_CACHE_DIR", str(tmp_path_factory.mktemp("empty")))
    monkeypatch.setattr(readiness, "is_ready", None)
    assert choice(SOME) == Choice(SIMPY)


def test_an_unknown_engine_is_refused_with_those_there_are() -> None:
    """By name."""
    for name in CHOICES:
        check_engine(name)
    with pytest.raises(EngineError, match="auto, simpy, compiled"):
        check_engine("fast")
    with pytest.raises(EngineError, match="simpy, compiled"):
        engine(AUTO)
