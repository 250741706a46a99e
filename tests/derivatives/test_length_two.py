"""The series of the shortest string: exact coefficients, their growth, the best truncation."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from math import factorial

import numpy as np
import pytest

from tests import tolerances
from theory.derivatives.given_strings.attention import attention_derivatives
from theory.derivatives.given_strings.contour import contour_derivatives
from theory.derivatives.series.length_two import (
    coefficients,
    convergence,
    lower_bound,
    remainder_bound,
    tanh_squared,
    true_value,
    truncation_errors,
)
from theory.derivatives.series.taylor import taylor_polynomial


def test_coefficients_are_the_derivatives() -> None:
    found = attention_derivatives("A", "A", 10)
    assert {n: found[n, 0] / factorial(n) for n in range(0, 11, 2)} == coefficients(10)


def test_coefficients_by_contour() -> None:
    for n, c in coefficients(8).items():
        estimate = contour_derivatives("A", "A", 8)[n, 0]
        assert abs(estimate.value - float(c * factorial(n))) <= estimate.error


def test_tanh_squared_at_a_point() -> None:
    z = 0.3
    total = sum(float(t) * z ** (2 * n) for n, t in enumerate(tanh_squared(30)))
    assert abs(total - np.tanh(z) ** 2) < tolerances.TANH_SERIES


def test_coefficients_exceed_the_proved_bound() -> None:
    found = convergence(60)
    assert found.bound_holds
    assert found.radius == 0
    known = coefficients(60)
    # They are zeta(2n + 2) times as large, and by what 355 / 113 is above pi: attained.
    for n in range(1, 31):
        most = 1 + Fraction(1, 2 ** (2 * n + 1)) + Fraction(2 * n + 2, 10**7)
        assert lower_bound(n) < abs(known[2 * n]) < most * lower_bound(n)


def test_bound_grows_without_end() -> None:
    # bound(n + 1) / bound(n) > (2n + 1)/2 4 (113/355)^2: growing linearly, so the radius is 0
    for n in range(1, 200):
        ratio = lower_bound(n + 1) / lower_bound(n)
        assert ratio > Fraction(2 * n + 1, 2) * 4 * Fraction(113, 355) ** 2


def test_roots_grow() -> None:
    roots = list(convergence(60).roots.values())
    assert all(a < b for a, b in pairwise(roots[5:]))


def test_best_truncation_comes_earlier_for_larger_beta() -> None:
    found = truncation_errors(np.array([0.3, 0.4, 0.5, 0.7]))
    assert list(found.best_order) == sorted(found.best_order, reverse=True)
    assert (found.errors[1:, -1] > found.errors[1:].min(axis=1)).all()


@pytest.mark.parametrize("beta", [0.3, 0.5, 1.0, 2.0])
def test_truncation_errors_obey_the_proved_bound(beta: float) -> None:
    found = truncation_errors(np.array([beta]), 40)
    signs = np.sign(found.partial_sums[0] - found.exact.values[0])
    for n, order in enumerate(found.orders):
        bound = remainder_bound(beta, order)
        assert found.errors[0, n] <= bound + found.exact.errors[0]
        if found.errors[0, n] > found.exact.errors[0]:
            # Terms alternate from beta^2 on, and the sum errs to the side it last stepped to.
            assert signs[n] == (-1.0) ** (n + 1)


@pytest.mark.parametrize("beta", [0.1, 0.5, 1.0])
def test_true_value_by_hermite_nodes(beta: float) -> None:
    nodes, weights = np.polynomial.hermite_e.hermegauss(120)
    squares = np.tanh(beta * nodes / np.sqrt(2)) ** 2
    expected = 0.5 * (1 + squares @ weights / weights.sum())
    found = true_value(np.array([beta]))
    assert abs(found.values[0] - expected) <= found.errors[0] + tolerances.HERMITE_ROUTE


def test_taylor_polynomial_touches_the_kernel() -> None:
    betas = np.array([0.1, 0.2])
    derivatives = attention_derivatives("A", "A", 10)
    gaps = [
        np.abs(taylor_polynomial(derivatives, betas, 0.0, order) - true_value(betas).values)
        for order in (4, 8)
    ]
    # The remainder of a polynomial of order n falls like beta^(n + 2).
    assert np.log2(gaps[0][1] / gaps[0][0]) > 5.5
    assert np.log2(gaps[1][1] / gaps[1][0]) > 9


def test_a_taylor_polynomial_divides_by_both_factorials() -> None:
    found = taylor_polynomial({(2, 3): Fraction(24), (9, 0): Fraction(1)}, np.array([3.0]), 0.5, 5)
    assert found == [24 / 2 / 6 * 9.0 * 0.125]
