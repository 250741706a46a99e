"""The dual of a polynomial in exact arithmetic."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import cache
from math import factorial


def exact_dual(
    coefficients: Sequence[Fraction],
    variances: Sequence[Fraction],
    covariances: Sequence[Sequence[Fraction]],
) -> list[list[Fraction]]:
    """``E[phi(u_i) phi(v_j)]`` for a polynomial, u_i and v_j Gaussian with the covariance given.

    By Mehler's formula it is the sum over n of ``D_n(i) D_n(j) xy^n / n!``, where ``D_n(i)`` is
    the mean of the n-th derivative of phi at a Gaussian of variance ``xx_i``.

    Args:
        coefficients: ``c_0, c_1, ...``.
        variances: of ``u_i``, and of ``v_i``.
        covariances: of ``u_i`` and ``v_j``.

    >>> half, one = Fraction(1, 2), Fraction(1)
    >>> print(exact_dual([0 * one, 0 * one, one], [one], [[half]])[0][0])  # xx yy + 2 xy^2
    3/2
    """
    orders = range(len(coefficients))
    derivatives = {
        xx: [_mean_derivative(coefficients, n, xx) for n in orders] for xx in set(variances)
    }

    @cache  # many entries are equal
    def entry(xx: Fraction, yy: Fraction, xy: Fraction) -> Fraction:
        total = Fraction(0)
        for n in reversed(orders):  # Horner's rule in xy / n
            total = total * xy / (n + 1) + derivatives[xx][n] * derivatives[yy][n]
        return total

    return [
        [entry(xx, yy, xy) for yy, xy in zip(variances, row, strict=True)]
        for xx, row in zip(variances, covariances, strict=True)
    ]


def _mean_derivative(coefficients: Sequence[Fraction], n: int, variance: Fraction) -> Fraction:
    """``E phi^(n)(s g) = sum_m c_(n+2m) (n+2m)! / (m! 2^m) s^(2m)``."""
    return sum(
        (
            coefficients[n + 2 * m]
            * Fraction(factorial(n + 2 * m), factorial(m) * 2**m)
            * variance**m
            for m in range((len(coefficients) - n + 1) // 2)
        ),
        Fraction(0),
    )
