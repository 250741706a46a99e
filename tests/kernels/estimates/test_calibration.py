"""Standard errors of random draws: the share of truths within one, two and three of them."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest

from kernels import EstimateArray, StandardError
from kernels.estimates.functions import exponential, root
from tests import tolerances
from tests.kernels.estimates.test_standard_errors import sampled

NORMAL = (0.6827, 0.9545, 0.9973)
DEVIATIONS = np.array([0.1, 0.02, 0.05])


def drawn(count: int) -> EstimateArray:
    """Three numbers, each with its draws in a row, whose truth is 2."""
    deviations = np.repeat(DEVIATIONS[:, None], count, axis=1)
    draws = np.random.default_rng(4).standard_normal((3, count))
    return sampled(2.0 + deviations * draws, deviations)


def norms(x: EstimateArray) -> EstimateArray:
    return EstimateArray.gather(x[:, i].norm() for i in range(x.shape[1]))


@pytest.mark.parametrize(
    ("combine", "truth", "attained"),
    [
        (lambda x: 3 * x[0] - 1, 5.0, True),
        # One draw twice: the worst dependence, where standard errors add up.
        (lambda x: x[0] + x[0], 4.0, True),
        (lambda x: x[0] * 2 - 5 * x[0], -6.0, False),  # and where they could cancel
        (lambda x: x[0] + x[1] - x[2], 2.0, False),
        (lambda x: x.sum(axis=0), 6.0, False),
        (lambda x: x[0] * x[1], 4.0, False),
        (lambda x: norms(x[:, :500]), math.sqrt(12.0), False),
        (lambda x: x[0] / x[1], 1.0, False),
        (lambda x: root(x)[1], math.sqrt(2.0), True),
        (lambda x: exponential(x)[1], math.exp(2.0), True),
    ],
)
def test_standard_errors_are_calibrated(
    combine: Callable[[EstimateArray], EstimateArray], truth: float, attained: bool
) -> None:
    found = combine(drawn(4_000))
    offs = abs(found.values - truth) / found.deviations
    for multiple, expected in zip((1, 2, 3), NORMAL, strict=True):
        share = float(np.mean(offs <= multiple))
        noise = math.sqrt(expected * (1 - expected) / len(found))
        assert share >= expected - tolerances.FALSE_ALARM_DEVIATIONS * noise
        if attained:
            assert share <= expected + tolerances.FALSE_ALARM_DEVIATIONS * noise


def test_a_radius_fails_as_rarely_as_it_says() -> None:
    """Student's quantile, not a normal one: with 3 degrees of freedom that matters."""
    draws = np.random.default_rng(5).standard_normal((20_000, 4))
    means, deviations = draws.mean(axis=1), draws.std(axis=1, ddof=1) / 2.0
    radii = sampled(means, deviations, degrees=3.0).radii(0.05)
    single = [StandardError(s, degrees=3).radius(0.05) for s in deviations[:20].tolist()]
    np.testing.assert_allclose(radii[:20], single)
    noise = tolerances.FALSE_ALARM_DEVIATIONS * math.sqrt(0.05 * 0.95 / 20_000)
    assert abs(np.mean(abs(means) > radii) - 0.05) < noise
    assert StandardError(1.0, bound=0.5).radius(0.05) == pytest.approx(2.46, abs=0.001)
