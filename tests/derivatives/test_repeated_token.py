"""The series at gamma = 0 of a repeated token: it is the kernel's, and it diverges."""

from __future__ import annotations

import math
from collections.abc import Callable

import mpmath
import numpy as np
import pytest

from kernels import AttentionKernel, EstimateArray, InvalidInputError, Quadrature
from tests import tolerances
from theory.derivatives.series.repeated_token import coefficients, roots
from theory.statements import Outcome
from theory.statements.appendix_g.lemma_g_1 import repeated_claim


@pytest.mark.parametrize(("variance", "eps"), [(2.0, 0.1), (2.0, 0.2), (1.0, 0.1)])
def test_partial_sums_near_the_axis_are_the_kernel(variance: float, eps: float) -> None:
    """Before it diverges, the asymptotic series is as good as the quadrature."""
    beta = math.sqrt((variance - 1.5 * eps**2) / 2.0)
    kernel = AttentionKernel(beta, eps / beta, Quadrature(tolerance=1e-13))
    series = coefficients(12, variance)
    total = float(series.values @ eps ** (2.0 * np.arange(13)))
    assert abs(total - kernel("AA", "AA").value) < tolerances.ASYMPTOTIC_SERIES


def test_errors_are_small_and_the_callers_precision_stays() -> None:
    before = mpmath.mp.dps
    found = coefficients(30)
    assert mpmath.mp.dps == before
    assert (found.errors <= 1e-12 * np.abs(found.values)).all()


@pytest.mark.parametrize(
    ("terms", "variance", "named"), [(31, 2.0, "terms = 31"), (3, 5.0, "variance = 5")]
)
def test_what_the_precision_is_not_made_for_is_refused(
    terms: int, variance: float, named: str
) -> None:
    with pytest.raises(InvalidInputError, match=named):
        coefficients(terms, variance)


def test_roots_grow_in_proportion() -> None:
    found = roots(coefficients(30))
    growth = np.diff([found[n] for n in range(20, 31)])
    assert growth.min() > 0.9 * growth.max() > 0.0


@pytest.mark.parametrize(
    ("coefficient", "outcome"),
    [
        (lambda n: 3.0**n, Outcome.HOLDS),
        (lambda n: 3.0**n * (n + 1), Outcome.HOLDS),
        (lambda n: 1.0 / math.factorial(n), Outcome.HOLDS),
        (math.factorial, Outcome.VIOLATED),
    ],
)
def test_only_a_series_without_radius_is_seen(
    coefficient: Callable[[int], float], outcome: Outcome
) -> None:
    values = np.array([float(coefficient(n)) for n in range(31)])
    claim = repeated_claim(EstimateArray.exact(values))
    assert claim.true is (outcome is Outcome.HOLDS)
