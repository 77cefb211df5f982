"""Tasks are done by either engine, here, on threads or in processes, with the same results in the same order."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from concurrent.futures import Executor, ThreadPoolExecutor
from typing import Any

import pytest

from callsim.engines.compiled import counting
from callsim.errors import EngineError, InvariantBroken
from callsim.experiments import execution, jobs, pool
from callsim.experiments.engines import COMPILED, SIMPY, Choice
from callsim.experiments.jobs import Finished, Task, in_batches
from callsim.experiments.replicate import Replicated, replicate
from callsim.experiments.run import variant_rows
from callsim.experiments.settings import Replications, Settings
from callsim.measures import Measures
from callsim.plan.plan import Plan
from tests.unit.experiments.small_plans import small_plan

PLANS = {"base": small_plan(), "more": small_plan(heads=3)}


@pytest.fixture(autouse=True)
def as_python(monkeypatch: pytest.MonkeyPatch) -> None:
    """Run the compiled engine as plain Python: these tests are about who does what, not about compiling."""
    monkeypatch.setenv("CALLSIM_JIT", "off")
    monkeypatch.setattr(counting, "_rooms", counting._Rooms())


def settings(n: int = 6, **more: Any) -> Settings:
    """Return settings for n replications."""
    return Settings(seed=3, replications=Replications.exactly(n), by=("interval",), **more)


def never(measures: Mapping[str, tuple[Measures, ...]]) -> bool:
    """No precision is asked for."""
    raise AssertionError


def same(one: Replicated, other: Replicated) -> bool:
    """Return whether two experiments found the same: every row, the digest of every log."""
    return one.log_digests == other.log_digests and variant_rows(one, settings()) == variant_rows(other, settings())


@pytest.fixture(scope="module")
def simpys() -> Replicated:
    """What SimPy finds, one replication after the other."""
    return replicate(PLANS, settings(engine=SIMPY, workers=1), never)


@pytest.mark.parametrize("workers", [1, 2, 3])
def test_counting_on_threads_finds_what_simpy_finds(simpys: Replicated, workers: int) -> None:
    """Rows, intervals and the digests of logs that were never made."""
    assert same(simpys, replicate(PLANS, settings(engine=COMPILED, workers=workers), never))


def test_an_executor_runs_the_engine_that_is_asked_for(simpys: Replicated) -> None:
    """Threads of somebody else."""
    with ThreadPoolExecutor(2) as executor:
        assert same(simpys, replicate(PLANS, settings(engine=COMPILED, executor=executor), never))


def test_logs_that_are_kept_are_the_same(simpys: Replicated) -> None:
    """Then the compiled engine makes them, too."""
    found = replicate({"base": PLANS["base"]}, settings(2, engine=COMPILED, workers=1, keep_logs=True), never)
    assert [log.digest() for log in found.logs["base"]] == list(simpys.log_digests["base"][:2])


class Compiling:
    """A compilation that is over when it has been asked so often."""

    def __init__(self, asked: int) -> None:
        self.left = asked
        self.cancelled = False

    def done(self) -> bool:
        self.left -= 1
        return self.left < 0

    def cancel(self) -> None:
        self.cancelled = True


@pytest.fixture
def engines_used(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Note which engine does each task; threads stand for processes."""
    used: list[str] = []
    honest = jobs.simulate

    def noting(plan: Plan, task: Task) -> Finished:
        used.append(task.engine)
        return honest(plan, task)

    @contextlib.contextmanager
    def stand_in(n: int) -> Iterator[Executor]:
        with ThreadPoolExecutor(1) as threads:
            yield threads

    monkeypatch.setattr(jobs, "simulate", noting)
    monkeypatch.setattr(pool, "workers", stand_in)
    monkeypatch.setattr(execution, "choose", lambda *_, **__: Choice(SIMPY, compile_beside=True))
    return used


def beside(monkeypatch: pytest.MonkeyPatch, compiling: Compiling) -> None:
    """Let this be compiled beside the first replications."""
    monkeypatch.setattr(execution, "prepare", lambda plans, logs, tell, beside=False: [compiling])
    monkeypatch.setattr(execution, "accept", lambda compilation: None)


@pytest.mark.parametrize("asked", [0, 1, 5, 11])
def test_changing_the_engine_under_way_changes_nothing(
    simpys: Replicated, monkeypatch: pytest.MonkeyPatch, engines_used: list[str], asked: int
) -> None:
    """The first tasks are SimPy's, the rest is compiled; no task is done twice or left out."""
    compiling = Compiling(asked)
    beside(monkeypatch, compiling)
    assert same(simpys, replicate(PLANS, settings(workers=2), never))
    assert sorted(engines_used) == [COMPILED] * (12 - asked) + [SIMPY] * asked
    assert compiling.cancelled


def test_a_job_that_is_over_first_ends_the_compiler(
    simpys: Replicated, monkeypatch: pytest.MonkeyPatch, engines_used: list[str]
) -> None:
    """Nobody waits for it."""
    compiling = Compiling(10_000)
    beside(monkeypatch, compiling)
    assert same(simpys, replicate(PLANS, settings(workers=2), never))
    assert set(engines_used) == {SIMPY}
    assert compiling.cancelled


def test_a_compiler_that_fails_leaves_the_job_to_simpy(
    simpys: Replicated, monkeypatch: pytest.MonkeyPatch, engines_used: list[str]
) -> None:
    """Who did not ask for the compiled engine does not hear of it."""
    beside(monkeypatch, Compiling(3))

    def fail(compilation: object) -> None:
        raise EngineError

    monkeypatch.setattr(execution, "accept", fail)
    assert same(simpys, replicate(PLANS, settings(workers=2), never))
    assert set(engines_used) == {SIMPY}


@pytest.mark.usefixtures("engines_used")
def test_ctrl_c_ends_the_compiler(monkeypatch: pytest.MonkeyPatch) -> None:
    """And keeps what is finished."""
    compiling = Compiling(10_000)
    beside(monkeypatch, compiling)

    def press(finished: int, in_all: int) -> None:
        if finished == 4:
            raise KeyboardInterrupt

    found = replicate(PLANS, settings(workers=2, progress=press, keep_on_interrupt=True), never)
    assert found.interrupted
    assert found.n == 2
    assert compiling.cancelled


def tasks(n: int) -> Iterator[Task]:
    """Return n replications of a plan."""
    return iter([Task("d", "base", 1, replication) for replication in range(n)])


def numbers(n: int, size: int) -> list[int]:
    """Do n tasks in batches and return the replications as they come."""
    with ThreadPoolExecutor(3) as threads:
        found = in_batches(tasks(n), {"d": PLANS["base"]}, threads, size, under_way=4)
        return [finished.task.replication for finished in found]


@pytest.mark.parametrize(("n", "size"), [(0, 3), (1, 3), (7, 3), (9, 3), (9, 1), (9, 100)])
def test_batches_come_back_in_order(monkeypatch: pytest.MonkeyPatch, n: int, size: int) -> None:
    """Whole, whatever their size."""
    monkeypatch.setattr(jobs, "simulate", lambda plan, task: Finished(task, None))
    assert numbers(n, size) == list(range(n))


def test_what_goes_wrong_in_a_batch_goes_wrong_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """After the batches before it."""

    def fail(plan: Plan, task: Task) -> Finished:
        if task.replication == 5:
            raise InvariantBroken("five")
        return Finished(task, None)  # type: ignore[arg-type]

    monkeypatch.setattr(jobs, "simulate", fail)
    with pytest.raises(InvariantBroken, match="five"):
        numbers(9, 2)
