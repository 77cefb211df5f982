"""Replications come together in order; what is kept is what asking for so many would have given."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from callsim.errors import OutputError
from callsim.experiments.engines import expected_calls
from callsim.experiments.replicate import Replicated, replicate
from callsim.experiments.run import Precision, variant_rows
from callsim.experiments.settings import Replications, Settings
from callsim.measures import Measures
from tests.unit.experiments.small_plans import small_plan

PLANS = {"base": small_plan(), "more": small_plan(heads=3)}


def never(measures: Mapping[str, tuple[Measures, ...]]) -> bool:
    """No precision is asked for."""
    raise AssertionError


def settings(n: int | Replications = 4, **more: Any) -> Settings:
    """Return settings for n replications."""
    return Settings(seed=3, replications=Replications.exactly(n) if isinstance(n, int) else n, **more)


def same(one: Replicated, other: Replicated) -> bool:
    """Return whether two experiments found the same, row by row."""
    return one.log_digests == other.log_digests and variant_rows(one, settings()) == variant_rows(other, settings())


def test_each_variant_has_every_replication_in_order() -> None:
    """Replication k of every variant meets the same callers: the fresh calls are equal."""
    found = replicate(PLANS, settings(), never)
    assert [m.replication for m in found.measures["base"]] == [0, 1, 2, 3]
    fresh = {name: [m.parts[""].sum_of("fresh").item() for m in found.measures[name]] for name in PLANS}
    assert fresh["base"] == fresh["more"]
    assert found.n == found.planned == 4


def test_results_do_not_depend_on_who_does_the_work() -> None:
    """One process, or threads that finish in any order."""
    alone = replicate(PLANS, settings(workers=1), never)
    with ThreadPoolExecutor(3) as executor:
        assert same(alone, replicate(PLANS, settings(executor=executor), never))


@pytest.mark.slow
def test_results_do_not_depend_on_the_number_of_processes() -> None:
    """Two worker processes give what one gives, to the last bit."""
    alone = replicate(PLANS, settings(workers=1), never)
    assert same(alone, replicate(PLANS, settings(workers=2), never))


def interrupt_after(n: int) -> Any:
    """Return a progress that presses Ctrl-C after n jobs."""

    def progress(finished: int, in_all: int) -> None:
        if finished == n:
            raise KeyboardInterrupt

    return progress


def test_ctrl_c_keeps_the_replications_that_every_variant_has_finished() -> None:
    """Five jobs of two variants are two whole replications, and those are what two replications give."""
    found = replicate(PLANS, settings(progress=interrupt_after(5), keep_on_interrupt=True), never)
    assert found.interrupted
    assert (found.n, found.planned) == (2, 4)
    assert same(found, replicate(PLANS, settings(2), never))


def test_ctrl_c_is_not_swallowed_unless_asked_for() -> None:
    """A script that calls callsim stops when it is told to."""
    with pytest.raises(KeyboardInterrupt):
        replicate(PLANS, settings(progress=interrupt_after(1)), never)


def test_progress_counts_every_job() -> None:
    """Of all variants, up to the most that may come."""
    said: list[tuple[int, int]] = []
    replicate(PLANS, settings(2, progress=lambda *pair: said.append(pair)), never)
    assert said == [(1, 4), (2, 4), (3, 4), (4, 4)]


def test_the_precision_is_asked_for_from_the_fewest_on() -> None:
    """And ends the experiment as soon as it is reached in every variant."""
    asked: list[int] = []

    def enough(measures: Mapping[str, tuple[Measures, ...]]) -> bool:
        asked.append(min(len(column) for column in measures.values()))
        return asked[-1] == 4

    found = replicate(PLANS, settings(Replications(2, 9, {"offered": 1.0})), enough)
    assert asked == [2, 3, 4]
    assert (found.n, found.planned, found.interrupted) == (4, 9, False)


def test_a_precision_stops_at_the_first_half_width_that_is_small_enough() -> None:
    """The number of replications is the same for any number of workers, since they are judged in order."""
    wanted = settings(Replications(2, 60, {"speed_of_answer": 4.0, "abandonment_ratio(main)": 0.05}))
    found = replicate(PLANS, wanted, Precision(PLANS, wanted))
    assert 2 < found.n < 60
    for n, reached in ((found.n, True), (found.n - 1, False)):
        assert Precision(PLANS, wanted)({name: column[:n] for name, column in found.measures.items()}) is reached


def test_logs_of_replications_that_do_not_count_are_not_left_over(tmp_path: Path) -> None:
    """Workers may be ahead of the end: the folder holds what the result rests on, whoever did the work."""
    with ThreadPoolExecutor(3) as executor:
        found = replicate(
            {"base": PLANS["base"]},
            settings(Replications(2, 30, {"offered": 1.0}), executor=executor, save_logs=tmp_path),
            lambda measures: len(measures["base"]) == 3,
        )
    assert found.n == 3
    assert sorted(path.name for path in tmp_path.iterdir()) == ["base-r0000", "base-r0001", "base-r0002"]


def test_variants_whose_logs_would_share_a_folder_are_refused(tmp_path: Path) -> None:
    """One must not overwrite the other."""
    with pytest.raises(OutputError) as caught:
        replicate({"a b": PLANS["base"], "a/b": PLANS["more"]}, settings(save_logs=tmp_path), never)
    assert str(caught.value) == "the logs of variants 'a b' and 'a/b' would share a folder; rename one of them"


def test_logs_are_kept_only_if_asked_for() -> None:
    """They are large."""
    assert replicate(PLANS, settings(1), never).logs == {"base": (), "more": ()}
    kept = replicate(PLANS, settings(2, keep_logs=True), never)
    assert [log.digest() for log in kept.logs["more"]] == list(kept.log_digests["more"])


def test_expected_calls_are_those_of_one_replication() -> None:
    """What decides whether worker processes are worth their start."""
    assert expected_calls(small_plan(calls=40.0)) == 40.0
