"""The default estimator: proofs first, numbers and samples where proofs take too much."""

from __future__ import annotations

import math
import re
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.special import expit

from kernels import (
    Automatic,
    InvalidInputError,
    Pattern,
    ProvedQuadrature,
    Quadrature,
    TensorNetwork,
    TooLargeError,
)
from kernels.attention.proved.ways import Cost
from kernels.attention.sampling.quasi_monte_carlo import QuasiMonteCarlo
from kernels.attention.tensor_network.grid import ShiftGrid
from kernels.estimates import Estimate, EstimateArray
from tests.tolerances import SAME_SUM_IN_ANOTHER_ORDER, STANDARD_ERRORS
from validation import strategies

SMALL = {"points": 2**8, "scrambles": 4}
"""Samples that take no time."""

CHEAP = Pattern.of("AA", "BC")
CYCLE = Pattern.of("ABCABC", "DDEEFF")
WEB = Pattern.of("ABCABCABC", "DDDEEEFFF")


def value(pattern: Pattern, beta: float = 1.0, gamma: float = 1.0, **given: Any) -> Estimate:
    found = Automatic(**given).estimate([pattern], beta, gamma)[0]
    assert isinstance(found, Estimate)
    return found


@settings(max_examples=25)
@given(
    strategies.patterns(max_length=12),
    strategies.inverse_temperatures(8.0),
    strategies.positional_weights(4.0),
    st.sampled_from([1e-4, 1e-7, 1e-10]),
)
def test_every_value_within_effort_is_proved(
    pattern: Pattern, beta: float, gamma: float, tolerance: float
) -> None:
    proved = ProvedQuadrature(tolerance, effort=5e7)
    assume(proved.allows(proved.cost(pattern, beta, gamma)))
    found = value(pattern, beta, gamma, tolerance=tolerance, effort=5e7, **SMALL)
    assert found.kind == "proved"
    assert found.error <= tolerance


@pytest.mark.parametrize("strings", [("AA", "BC"), ("ABAB", "CDDC"), ("AB", "BA")], ids="/".join)
def test_a_proof_and_numbers_agree(strings: tuple[str, str]) -> None:
    pattern = Pattern.of(*strings)
    proved = value(pattern, tolerance=1e-8)
    number = Quadrature(1e-8).estimate([pattern], 1.0, 1.0)[0]
    assert (proved.kind, number.kind) == ("proved", "numerical")
    assert abs(proved.value - number.value) <= proved.error + number.error


def dear(_: object, pattern: Pattern, *__: float) -> Cost:
    """The cost of a proof, if all but that of `CHEAP` were too high."""
    return Cost(1e6, 1e6) if pattern == CHEAP else Cost(1e15, 1e9)


def test_beyond_the_proof_come_numbers_and_then_samples(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ProvedQuadrature, "cost", dear)
    star = Pattern.of("AAA", "BCD")
    found = Automatic(**SMALL).estimate([WEB, CHEAP, star], 1.0, 1.0)
    assert found.kinds.tolist() == ["statistical", "proved", "numerical"]
    assert found[2] == Quadrature().estimate([star], 1.0, 1.0)[0]
    sampled = QuasiMonteCarlo(**SMALL).estimate([WEB], 1.0, 1.0)[0]
    assert (found[0].value, found[0].error) == (sampled.value, sampled.error)
    assert found[0].method.startswith(sampled.method)


def test_samples_say_what_a_proof_would_take() -> None:
    found = value(WEB, effort=1e6, **SMALL)
    assert found.kind == "statistical"
    said = re.fullmatch(r".*; a proof would take up to (.*) s and (.*) GB", found.method)
    assert said is not None
    proof = ProvedQuadrature(1e-10).cost(WEB, 1.0, 1.0)
    assert proof.seconds <= float(said[1]) <= 10.0 * proof.seconds
    assert proof.memory <= 1e9 * float(said[2])


def test_where_no_proof_is_known_it_says_so() -> None:
    found = value(WEB, beta=1e60, **SMALL)
    assert found.method.endswith("; no proof is known")


def test_numbers_answer_where_roundings_leave_no_proof(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if a proof counted a hundred thousand roundings."""
    ball = ProvedQuadrature().balls([CHEAP], 1.0, 1.0)[CHEAP]
    wide = type(ball)(ball.value, 0.0, 1e-9, 10**5)
    monkeypatch.setattr(ProvedQuadrature, "balls", lambda *_, **__: {CHEAP: wide})
    assert value(CHEAP).kind == "numerical"
    assert value(CHEAP, tolerance=1e-8) == wide.estimate

    def refuse(*_: object, **__: object) -> None:
        raise TooLargeError("pattern", CHEAP, "too much")

    monkeypatch.setattr(Quadrature, "estimate", refuse)
    assert value(CHEAP) == wide.estimate


def same(first: EstimateArray, second: EstimateArray) -> bool:
    return list(first) == list(second)


@pytest.mark.parametrize(("effort", "tolerance"), [(1e5, 1e-4), (1e7, 1e-13), (3e7, 1e-4)])
def test_a_value_does_not_depend_on_its_companions(effort: float, tolerance: float) -> None:
    """Proofs, numbers and samples side by side."""
    estimator = Automatic(tolerance, effort, **SMALL)
    patterns = [CHEAP, Pattern.of("AB", "BA"), Pattern.of("AAB", "CDC"), WEB, Pattern.of("A", "A")]
    together = estimator.estimate([*patterns, CHEAP], 0.7, 0.9, n_jobs=2)
    alone = [estimator.estimate([pattern], 0.7, 0.9)[0] for pattern in [*patterns, CHEAP]]
    assert list(together) == alone
    assert same(estimator.estimate(patterns[::-1], 0.7, 0.9), together[:5][::-1])


def test_numbers_do_not_depend_on_their_companions(monkeypatch: pytest.MonkeyPatch) -> None:
    """Though the first grid is too coarse for one of them."""
    patterns = [Pattern.of("A", "A"), poor_one := Pattern.of("AB", "CD"), Pattern.of("AB", "AC")]
    integrals, network = TensorNetwork._integrals, TensorNetwork(1e-8)
    nominal = network._nominal(1.0)

    def poor(self: TensorNetwork, given: list[Pattern], grid: ShiftGrid, n: None) -> np.ndarray:
        coarse = grid.tolerance == nominal
        return integrals(self, given, grid, n) + [1e-3 * coarse * (p == poor_one) for p in given]

    monkeypatch.setattr(TensorNetwork, "_integrals", poor)
    together = network.estimate(patterns, 1.0, 1.0)
    assert list(together) == [network.estimate([p], 1.0, 1.0)[0] for p in patterns]


@pytest.mark.parametrize(("gamma", "kind"), [(100.0, "proved"), (1000.0, "statistical")])
def test_values_whose_rounding_is_near_the_tolerance_are_answered(gamma: float, kind: str) -> None:
    """Against the trapezoidal rule on the mean and the half difference of the two logits."""
    z, step = np.linspace(-9.0, 9.0, 9001, retstep=True)
    weights = step * np.exp(-0.5 * z**2) / math.sqrt(2.0 * math.pi)
    mean, half = 0.1 * math.sqrt(2.0 * gamma**2 + 1.5) * z[:, None], 0.1 * math.sqrt(0.5) * z[::90]
    first, second = expit(mean + half), expit(mean - half)
    # The first position's tokens differ, [CLS] is [CLS].
    integrand = gamma**2 * first * second + (1.0 + gamma**2) * (1.0 - first) * (1.0 - second)
    truth = weights @ integrand @ (90.0 * weights[::90])
    found = value(Pattern.of("A", "B"), 0.1, gamma, **SMALL)
    assert found.kind == kind
    off = abs(found.value - truth)
    assert off <= STANDARD_ERRORS * found.error + SAME_SUM_IN_ANOTHER_ORDER * truth
    assert found.error <= 2e-3 * truth


def test_samples_lie_within_their_errors() -> None:
    sampled, proved = value(CYCLE, effort=1e5, points=2**12), value(CYCLE)
    assert (sampled.kind, proved.kind) == ("statistical", "proved")
    assert abs(sampled.value - proved.value) <= STANDARD_ERRORS * sampled.error


@pytest.mark.parametrize("argument", ["tolerance", "effort", "points", "scrambles", "seed"])
def test_arguments_that_make_no_sense(argument: str) -> None:
    with pytest.raises(InvalidInputError, match=argument):
        Automatic(**{argument: -1})


@pytest.mark.parametrize("point", [(-1.0, 1.0), (1.0, float("nan"))])
def test_points_that_make_no_sense(point: tuple[float, float]) -> None:
    with pytest.raises(InvalidInputError, match=r"beta|gamma"):
        Automatic().estimate([CHEAP], *point)
