"""One replication as a job, and many jobs over any executor, in order."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Any

import pytest

from callsim.errors import EngineError, InvariantBroken
from callsim.experiments import jobs
from callsim.experiments.jobs import Finished, Task, in_order, log_folder, simulate, work
from callsim.plan.plan import Plan
from callsim.runlog.store import load
from tests.unit.experiments.small_plans import small_plan

PLAN = small_plan()
PLANS = {"d": PLAN}


def tasks(n: int, **more: Any) -> list[Task]:
    """Return n replications of the small plan."""
    return [Task("d", "base", 1, replication, **more) for replication in range(n)]


@pytest.fixture(autouse=True)
def nothing_known(monkeypatch: pytest.MonkeyPatch) -> None:
    """Begin with a worker that has seen no plan."""
    monkeypatch.setattr(jobs, "_plans", type(jobs._plans)())


def first_is_last(monkeypatch: pytest.MonkeyPatch, others: int) -> None:
    """Replace the simulation: the first replication ends only when so many others have."""
    done: list[int] = []
    enough = threading.Event()

    def fake(plan: Plan, task: Task) -> Finished:
        if task.replication == 0 and others:
            assert enough.wait(10)
        done.append(task.replication)
        if len(done) == others:
            enough.set()
        return Finished(task, None)  # type: ignore[arg-type]

    monkeypatch.setattr(jobs, "simulate", fake)


def test_a_job_measures_its_replication_and_drops_the_log() -> None:
    """Memory is bounded: the log stays only if it is asked for."""
    finished = simulate(PLAN, tasks(1)[0])
    assert finished.log is None
    assert finished.measures.replication == 0
    assert len(finished.measures.log_digest) == 64


def test_a_log_is_kept_if_asked_for_and_is_the_same_one() -> None:
    """The digest in the result is that of the log."""
    finished = simulate(PLAN, tasks(1, keep_log=True)[0])
    assert finished.log is not None
    assert finished.log.digest() == finished.measures.log_digest == simulate(PLAN, tasks(1)[0]).measures.log_digest


def test_a_log_is_saved_under_variant_and_replication(tmp_path: Path) -> None:
    """And can be loaded again."""
    finished = simulate(PLAN, Task("d", "24/7, as advertised", 1, 7, logs=tmp_path))
    assert load(tmp_path / "24-7-as-advertised-r0007").digest() == finished.measures.log_digest


@pytest.mark.parametrize(
    ("variant", "folder"),
    [("24/7 as advertised", "24-7-as-advertised-r0012"), ("../..", "variant-r0012"), ("a_b.c", "a_b.c-r0012")],
)
def test_a_log_folder_has_harmless_signs_only(variant: str, folder: str) -> None:
    """No name of a variant leads out of the folder."""
    assert log_folder(variant, 12) == folder


def test_a_broken_invariant_names_plan_seed_and_replication(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever reports a bug can say which run it was."""

    def broken(plan: Plan, log: Any) -> None:
        raise InvariantBroken("a call was answered twice")

    monkeypatch.setattr(jobs, "check_run", broken)
    with pytest.raises(InvariantBroken) as caught:
        simulate(PLAN, tasks(4)[3])
    assert caught.value.__notes__ == ["while simulating 'base': plan d, seed 1, replication 3, engine simpy"]


def test_a_worker_asks_for_a_plan_once() -> None:
    """Afterwards only the task travels."""
    task = tasks(1)[0]
    assert work(task) is None
    assert work(task, PLAN) is not None
    assert work(task) is not None


def test_a_worker_forgets_the_oldest_plans(monkeypatch: pytest.MonkeyPatch) -> None:
    """A sweep over thousands of plans does not fill the memory."""
    monkeypatch.setattr(jobs, "_PLANS_KEPT", 2)
    monkeypatch.setattr(jobs, "simulate", lambda plan, task: Finished(task, None))
    for digest in "abc":
        work(Task(digest, "base", 1, 0), PLAN)
    assert work(Task("a", "base", 1, 0)) is None
    assert work(Task("c", "base", 1, 0)) is not None


@pytest.mark.parametrize("window", [1, 2, 3, 100])
def test_n_jobs_in_are_n_results_out_in_order(monkeypatch: pytest.MonkeyPatch, window: int) -> None:
    """Whoever finishes first, the results come in the order of the jobs, and none is lost."""
    first_is_last(monkeypatch, min(3, window - 1))
    with ThreadPoolExecutor(4) as executor:
        found = [f.task.replication for f in in_order(tasks(9), PLANS, executor, window)]
    assert found == list(range(9))


def test_without_an_executor_the_jobs_are_done_here_one_by_one() -> None:
    """A job is begun only when its result is asked for."""
    begun: list[int] = []

    def source() -> Iterator[Task]:
        for task in tasks(5):
            begun.append(task.replication)
            yield task

    results = in_order(source(), PLANS)
    next(results)
    assert begun == [0]


def test_jobs_are_submitted_no_faster_than_the_window_allows(monkeypatch: pytest.MonkeyPatch) -> None:
    """A million replications do not become a million futures."""
    first_is_last(monkeypatch, 3)
    begun: list[int] = []

    def source() -> Iterator[Task]:
        for task in tasks(50):
            begun.append(task.replication)
            yield task

    with ThreadPoolExecutor(2) as executor:
        results = in_order(source(), PLANS, executor, window=6)
        next(results)
        assert max(begun) < 6
        results.close()


def test_a_fault_arrives_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    """The error of a worker is raised here, at the place of its job, and the others are called off."""

    def fake(plan: Plan, task: Task) -> Finished:
        if task.replication == 2:
            raise EngineError("no")
        time.sleep(0.001)
        return Finished(task, None)  # type: ignore[arg-type]

    monkeypatch.setattr(jobs, "simulate", fake)
    with ThreadPoolExecutor(1) as executor, pytest.raises(EngineError, match=r"^no$"):
        list(in_order(tasks(100), PLANS, executor, window=4))


class _Dead(Executor):
    """An executor whose workers have been killed."""

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        future.set_exception(BrokenProcessPool("gone"))
        return future


def test_a_killed_worker_is_explained() -> None:
    """Out of memory is nobody's bug, and has a remedy."""
    with pytest.raises(EngineError) as caught:
        list(in_order(tasks(3), PLANS, _Dead()))
    assert str(caught.value) == (
        "a worker process ended without an answer, perhaps for want of memory; "
        "try fewer workers (--workers 1 runs everything in one process)"
    )
