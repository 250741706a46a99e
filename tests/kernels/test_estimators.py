"""What every estimator of the attention kernel keeps to, called directly."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from kernels import (
    AttentionEstimator,
    Automatic,
    EstimateArray,
    ProductRule,
    ProvedQuadrature,
    Quadrature,
    QuasiMonteCarlo,
    TensorNetwork,
)
from kernels.strings.patterns import Pattern

PATTERN = Pattern.of("AA", "BC")

ESTIMATORS = [
    Automatic(),
    ProvedQuadrature(),
    ProvedQuadrature(1e-15, strict=False),
    Quadrature(1e-6),
    TensorNetwork(1e-6),
    ProductRule(1e-6),
    QuasiMonteCarlo(256),
]


class Underflowing(AttentionEstimator):
    """Its one value is the square of a number whose square no float can hold."""

    def estimate(
        self, patterns: Sequence[Pattern], beta: float, gamma: float, *, n_jobs: int | None = None
    ) -> EstimateArray:
        del beta, gamma, n_jobs
        return EstimateArray.exact(np.full(len(patterns), 1e-200) ** 2)


@pytest.mark.parametrize(
    "estimator", [*ESTIMATORS, Underflowing()], ids=lambda one: type(one).__name__
)
def test_values_do_not_depend_on_what_numpy_does_on_underflow(
    estimator: AttentionEstimator,
) -> None:
    """Nor does the caller's setting change."""
    plain = estimator.estimate([PATTERN], 2.0, 0.5).values
    with np.errstate(all="raise"):
        assert estimator.estimate([PATTERN], 2.0, 0.5).values == plain
        with pytest.raises(FloatingPointError):
            np.exp(np.float64(-800.0))


@pytest.mark.parametrize("estimator", ESTIMATORS, ids=lambda one: type(one).__name__)
def test_every_estimator_hands_its_workers_on(estimator: AttentionEstimator) -> None:
    """joblib itself refuses none at all."""
    with pytest.raises(ValueError, match="n_jobs"):
        estimator.estimate([PATTERN], 1.0, 0.5, n_jobs=0)


def test_balls_do_not_depend_on_it_either() -> None:
    with np.errstate(all="raise"):
        ball = ProvedQuadrature().balls([PATTERN], 4.0, 0.5)[PATTERN]
    assert ball == ProvedQuadrature().balls([PATTERN], 4.0, 0.5)[PATTERN]


def test_an_error_above_the_tolerance_is_stated_where_asked() -> None:
    """No error of floats is as small as this one; of discretization it is."""
    ball = ProvedQuadrature(1e-17, strict=False).balls([PATTERN], 1.0, 1.0)[PATTERN]
    found = ProvedQuadrature(1e-17, strict=False).estimate([PATTERN], 1.0, 1.0)[0]
    assert ball.truncation < 1e-14 < ball.radius * 10.0
    assert found.error == ball.radius > 1e-17
    assert abs(found.value - 0.66033431718535576691) <= found.error
