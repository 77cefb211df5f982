"""Laws as users write them become the laws of the plan, with the mean and spread that were written."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from callsim.plan import laws
from callsim.scenario.language.law_families import FAMILIES
from callsim.scenario.language.law_texts import is_law_text, written_law
from callsim.units import UnitError


@pytest.mark.parametrize(
    ("text", "law"),
    [
        ("constant 5m", laws.Constant(300.0)),
        ("exponential mean 10m", laws.Exponential(600.0)),
        ("lognormal mean 6m cv 0.8", laws.Lognormal(360.0, 0.8)),
        ("lognormal cv 0.8 mean 6 m", laws.Lognormal(360.0, 0.8)),
        ("Lognormal mean 1h30m cv 1", laws.Lognormal(5400.0, 1.0)),
        ("gamma mean 6m cv 0.5", laws.Gamma(360.0, 0.5)),
        ("gamma shape 4 scale 90s", laws.Gamma(360.0, 0.5)),
        ("erlang mean 6m phases 3", laws.Erlang(360.0, 3)),
        ("weibull mean 4m shape 0.8", laws.Weibull(240.0, 0.8)),
        ("uniform 0m to 2h", laws.Uniform(0.0, 7200.0)),
        ("uniform 5m - 10m", laws.Uniform(300.0, 600.0)),
        ("uniform low 5m high 10m", laws.Uniform(300.0, 600.0)),
        ("triangular 1m 2m 5m", laws.Triangular(60.0, 120.0, 300.0)),
        ("hyperexponential 30% mean 1m, 70% mean 5m", laws.Hyperexponential((0.3, 0.7), (60.0, 300.0))),
        ("samples 10s 20s 30s", laws.Empirical((10.0, 20.0, 30.0))),
        ("30s + exponential mean 1m", laws.Shifted(laws.Exponential(60.0), 30.0)),
        (
            "mixture 30% constant 1m, 70% lognormal mean 6m cv 0.8",
            laws.Mixture((0.3, 0.7), (laws.Constant(60.0), laws.Lognormal(360.0, 0.8))),
        ),
        ({"law": "lognormal", "mean": "6m", "cv": 0.8}, laws.Lognormal(360.0, 0.8)),
        ({"law": "uniform", "low": "0m", "high": "2h"}, laws.Uniform(0.0, 7200.0)),
        ({"law": "samples", "values": ["10s", "20s"]}, laws.Empirical((10.0, 20.0))),
        (
            {"law": "hyperexponential", "shares": ["30%", "70%"], "means": ["1m", "5m"]},
            laws.Hyperexponential((0.3, 0.7), (60.0, 300.0)),
        ),
        ({"law": "exponential", "mean": "1m", "plus": "30s"}, laws.Shifted(laws.Exponential(60.0), 30.0)),
        (
            {
                "law": "mixture",
                "parts": [{"share": "50%", "law": "constant 1m"}, {"share": "50%", "law": "exponential", "mean": "2m"}],
            },
            laws.Mixture((0.5, 0.5), (laws.Constant(60.0), laws.Exponential(120.0))),
        ),
    ],
)
def test_text_becomes_the_law_that_it_names(text: object, law: laws.Law) -> None:
    """Durations in seconds, shares as numbers, in the order of the law's own parameters."""
    assert written_law(text).law == law
    assert written_law(text).zero == 0


@pytest.mark.parametrize(
    ("text", "mean", "cv"),
    [
        ("lognormal median 5m sigma 0.5", 300 * math.exp(0.125), math.sqrt(math.expm1(0.25))),
        ("weibull mean 4m cv 1.5", 240.0, 1.5),
        ("weibull scale 4m shape 1", 240.0, 1.0),
        ("hyperexponential mean 5m cv 2", 300.0, 2.0),
    ],
)
def test_other_parameters_give_the_same_moments(text: str, mean: float, cv: float) -> None:
    """The law has the mean and the cv that follow from what is written."""
    law = written_law(text).law
    assert law.mean == pytest.approx(mean, rel=1e-12)
    assert law.cv == pytest.approx(cv, rel=1e-9)


@pytest.mark.parametrize("text", ["exponential mean 10m, zero 5%", "exponential mean 10m zero 5%"])
def test_share_of_zeros_stands_behind_the_law(text: str) -> None:
    """The law itself keeps its mean; the zeros are a matter of their own."""
    written = written_law(text)
    assert (written.zero, written.law) == (0.05, laws.Exponential(600.0))
    assert written_law({"law": "exponential", "mean": "10m", "zero": "5%"}).zero == 0.05


@pytest.mark.parametrize(
    "text", ["lognormal mean from volumes cv 0.9", "constant from volumes", "exponential mean from volumes",
             "hyperexponential mean from volumes cv 2", {"law": "gamma", "mean": "from volumes", "cv": 0.5}]
)  # fmt: skip
def test_mean_from_volumes_is_put_in_later(text: object) -> None:
    """The shape is written, the mean comes with the file; until then it is 1 s."""
    written = written_law(text)
    assert written.from_volumes
    assert written.law.mean == pytest.approx(1.0, rel=1e-12)
    assert written.with_mean(123.0).mean == pytest.approx(123.0, rel=1e-12)
    assert written.with_mean(123.0).cv == pytest.approx(written.law.cv, rel=1e-12)


@pytest.mark.parametrize("name", sorted(FAMILIES))
def test_example_of_each_family_is_a_law(name: str) -> None:
    """What the manual and the messages show can be written, and names its own family."""
    written = written_law(FAMILIES[name].example)
    assert written.family == name
    assert isinstance(written.law, getattr(laws, FAMILIES[name].law))
    assert written.text == FAMILIES[name].example


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (
            "6m",
            "found '6m', a bare duration; its law is needed; write constant 6m if it never varies, "
            "or exponential mean 6m",
        ),
        (
            6,
            "found 6, a bare number; a law is needed; write a law such as lognormal mean 6m cv 0.8, "
            "exponential mean 10m or constant 5m",
        ),
        (
            None,
            "found nothing; a law is needed; write a law such as lognormal mean 6m cv 0.8, "
            "exponential mean 10m or constant 5m",
        ),
        ("normal mean 6m cv 0.8", "found 'normal mean 6m cv 0.8'; 'normal' is not a law; did you mean lognormal?"),
        (
            "pareto mean 6m",
            "found 'pareto mean 6m'; 'pareto' is not a law; the laws are constant, exponential, "
            "lognormal, gamma, erlang, weibull, uniform, triangular, hyperexponential, samples, mixture",
        ),
        (
            "lognormal mean 6m",
            "found 'lognormal mean 6m'; the lognormal law needs mean and cv, or median and sigma; "
            "write it like: lognormal mean 6m cv 0.8",
        ),
        (
            "lognormal mean 6m cv",
            "found 'lognormal mean 6m cv'; cv has no value; write it like: lognormal mean 6m cv 0.8",
        ),
        (
            "lognormal mean 6m mean 5m cv 1",
            "found 'lognormal mean 6m mean 5m cv 1'; mean comes twice; write it like: lognormal mean 6m cv 0.8",
        ),
        (
            "lognormal mean 6m cv 0",
            "found cv 0; cv of the lognormal law lies in 0.001 to 10; write constant for what never varies",
        ),
        (
            "lognormal mean 6m cv 80%",
            "found '80%'; cv of the lognormal law is a number without a unit; write it like: lognormal mean 6m cv 0.8",
        ),
        (
            "erlang mean 6m phases 2.5",
            "found 2.5; phases must be a whole number; write it like: erlang mean 6m phases 3",
        ),
        (
            "exponential mean 0s",
            "found 'exponential mean 0s'; mean must be above 0; write it like: exponential mean 10m",
        ),
        (
            "exponential mean 90 days",
            "found 'exponential mean 90 days'; durations in laws are at most 50 days; shorten it",
        ),
        (
            "triangular 1m 5m 2m",
            "found 'triangular 1m 5m 2m'; the three durations must rise; write it like: triangular 1m 2m 5m",
        ),
        (
            "uniform 1m",
            "found 'uniform 1m'; the uniform law needs 2 durations: low, high; write it like: uniform 0m to 2h",
        ),
        ("samples", "found 'samples'; it has no values; write it like: samples 10s 20s 30s"),
        (
            "hyperexponential mean 5m cv 0.5",
            "found cv 0.5; cv of the hyperexponential law lies in 1 to 30; write constant for what never varies",
        ),
        (
            "samples from volumes.csv",
            "found 'volumes.csv'; there is no such file; "
            "write the path from the folder of the scenario file that names it",
        ),
        (
            "exponential mean 5m, zero 100%",
            "found 'exponential mean 5m, zero 100%'; a share of 100% at zero leaves "
            "nothing to the law; write constant 0s",
        ),
        (
            {"lawn": "exponential", "mean": "5m"},
            "found a mapping with lawn, mean; a law is needed; write law instead of lawn",
        ),
        (
            {"law": "exponential", "maen": "5m"},
            "found the key 'maen'; it is not a parameter of the exponential law; did you mean mean?",
        ),
        (
            {"law": ["exponential"]},
            "found a list; the name of a law is needed; write a law such as "
            "lognormal mean 6m cv 0.8, exponential mean 10m or constant 5m",
        ),
        (
            "mixture 50% exponential mean from volumes, 50% constant 1m",
            "found 'exponential mean from volumes'; a part of a mixture has no zero share and no mean from volumes; "
            "give the zero share to the whole mixture",
        ),
        (
            "triangular 1m 2m",
            "found 'triangular 1m 2m'; the triangular law needs 3 durations: low, mode, high; "
            "write it like: triangular 1m 2m 5m",
        ),
    ],
)
def test_what_is_no_law_gets_its_message(value: object, message: str) -> None:
    """Each kind of slip has a message of its own, with an example of the family."""
    with pytest.raises(UnitError) as caught:
        written_law(value)
    assert str(caught.value) == message


def test_samples_are_read_from_a_file(tmp_path: Path) -> None:
    """One duration a line, seconds or with a unit; a heading and further columns do not disturb."""
    (tmp_path / "talks.csv").write_text("seconds,agent\n12.5,a\n1m30s,b\n\n40,c\n", encoding="utf-8")
    assert written_law("samples from talks.csv", tmp_path).law == laws.Empirical((12.5, 90.0, 40.0))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"12\nlots\n", "found 'lots' in talks.csv; this is not a duration; write seconds, or 1m30s, one a line"),
        (b"seconds\n", "found 'talks.csv'; the file has no values; write one duration a line"),
        (b"\xff\xfe1\n", "found 'talks.csv'; the file is not UTF-8 text; save it as UTF-8"),
    ],
)
def test_bad_file_of_samples_gets_its_message(tmp_path: Path, content: bytes, message: str) -> None:
    """The message names the file and what in it is wrong."""
    (tmp_path / "talks.csv").write_bytes(content)
    with pytest.raises(UnitError) as caught:
        written_law("samples from talks.csv", tmp_path)
    assert str(caught.value) == message


def test_law_texts_are_recognised_by_their_family() -> None:
    """Scaling needs to know what is a law."""
    assert is_law_text("until open + uniform 0m to 2h")
    assert not is_law_text("mon-fri 08:00-18:00")
    assert not is_law_text(5)
