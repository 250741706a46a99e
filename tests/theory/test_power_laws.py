"""Fitted power laws: exact ones are found, and bands cover the exponent as often as they say."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from kernels.boundary.exceptions import InvalidInputError
from theory.power_laws import BootstrapExponent, LeastSquaresExponent, fit_draws, fit_errors


def test_a_pure_power_is_found_exactly() -> None:
    widths = [8, 16, 64]
    law = fit_draws(widths, [np.full(5, 9.0 / w) for w in widths], seed=0)
    found = [law.exponent.value, law.constant, law.exponent.radius(0.01)]
    np.testing.assert_allclose(found, [-0.5, 3.0, 0.0], rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("exponent", [-1.0, -0.5, 0.0])
def test_the_band_covers_the_exponent(exponent: float) -> None:
    rng, widths = np.random.default_rng(5), [8, 32, 128]
    missed = 0
    for seed in range(60):
        squares = [(w**exponent * rng.standard_normal(100)) ** 2 for w in widths]
        found = fit_draws(widths, squares, seed=seed).exponent
        missed += abs(found.value - exponent) > found.radius(0.01)
    # Nominally 1 % each; 6 or more of 60 has probability 1e-4 at twice that.
    assert missed < 6


def test_rates_need_two_widths_and_numbers() -> None:
    with pytest.raises(InvalidInputError, match="widths"):
        fit_draws([8], [np.ones(3)], seed=0)
    with pytest.raises(InvalidInputError, match="squares"):
        fit_draws([8, 16], [np.ones(3), np.zeros(3)], seed=0)


def test_a_band_beyond_the_resamples_is_that_of_a_normal_distribution() -> None:
    quantiles = stats.norm.ppf((np.arange(2_000) + 0.5) / 2_000)
    found = BootstrapExponent(0.0, quantiles)
    for significance in (0.3, 0.01, 1e-4, 1e-7):
        assert found.radius(significance) == pytest.approx(
            stats.norm.isf(significance / 2.0), rel=0.02
        )


def test_groups_have_constants_of_their_own() -> None:
    sizes, groups = [10.0, 100.0, 10.0, 100.0], ["a", "a", "b", "b"]
    errors = [1.0, 0.1, 50.0, 5.0]
    found = fit_errors(sizes, errors, groups)
    assert found.value == pytest.approx(-1.0)
    assert found.radius(0.01) == pytest.approx(0.0, abs=1e-12)
    assert abs(fit_errors(sizes, errors).radius(0.01)) > 1.0


def test_the_deviation_is_that_of_least_squares() -> None:
    rng = np.random.default_rng(0)
    sizes = np.geomspace(10.0, 1e4, 20)
    errors = sizes**-0.5 * np.exp(0.2 * rng.standard_normal(20))
    found = fit_errors(sizes.tolist(), errors.tolist())
    fit = stats.linregress(np.log(sizes), np.log(errors))
    assert (found.value, found.degrees) == (pytest.approx(fit.slope), 18)
    assert found.deviation == pytest.approx(fit.stderr)
    assert LeastSquaresExponent(0.0, 1.0, 18).radius(0.05) == pytest.approx(stats.t.isf(0.025, 18))


@pytest.mark.parametrize(
    ("sizes", "errors", "named"),
    [
        ([1.0, 2.0, 3.0], [1.0, 0.0, 1.0], "errors = 0.0"),
        ([1.0, np.inf, 3.0], [1.0, 1.0, 1.0], "sizes = inf"),
        ([1.0, 2.0], [1.0, 2.0], "give more points"),
        ([1.0, 2.0, 3.0], [1.0, 2.0], "one for each size"),
        ([2.0, 2.0, 2.0], [1.0, 2.0, 3.0], "two different values"),
    ],
)
def test_errors_that_fix_no_line_are_refused(
    sizes: list[float], errors: list[float], named: str
) -> None:
    with pytest.raises(InvalidInputError, match=named):
        fit_errors(sizes, errors)
