"""Truncated power series: exact ones in one variable, floating-point ones in several."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import factorial

import numpy as np
from jaxtyping import Float64

Coefficients = tuple[Fraction, ...]
"""Coefficients of x^0, x^1, ..., all of one number of terms."""


def multiplied(f: Coefficients, g: Coefficients) -> Coefficients:
    """The product, truncated.

    >>> [str(c) for c in multiplied((Fraction(1), Fraction(1)), (Fraction(1), Fraction(2)))]
    ['1', '3']
    """
    return tuple(sum((f[m] * g[n - m] for m in range(n + 1)), Fraction(0)) for n in range(len(f)))


def composed(outer: Coefficients, inner: Coefficients) -> Coefficients:
    """``outer(inner(x))``, where inner has no constant term, by Horner's rule.

    >>> one, zero = Fraction(1), Fraction(0)
    >>> [int(c) for c in composed((one, one, one), (zero, one, one))]
    [1, 1, 2]
    """
    result: Coefficients = (Fraction(0),) * len(outer)
    for coefficient in reversed(outer):
        result = multiplied(result, inner)
        result = (result[0] + coefficient, *result[1:])
    return result


def absolute_sum(f: Coefficients, radius: Fraction) -> Fraction:
    """``sum |c_n| radius^n`` over the terms kept: at most the absolute sum of Definition G.2."""
    return sum((abs(c) * radius**n for n, c in enumerate(f)), Fraction(0))


def exponential(terms: int) -> Coefficients:
    """exp at 0."""
    return tuple(Fraction(1, factorial(n)) for n in range(terms))


def geometric(terms: int) -> Coefficients:
    """``1 / (1 - x)`` at 0."""
    return (Fraction(1),) * terms


def sine(terms: int) -> Coefficients:
    """sin at 0."""
    return tuple(
        Fraction((-1) ** (n // 2), factorial(n)) if n % 2 else Fraction(0) for n in range(terms)
    )


def polynomial(coefficients: Sequence[int | Fraction], terms: int) -> Coefficients:
    """A polynomial, filled up with zeros."""
    return tuple(Fraction(c) for c in (*coefficients, *([0] * (terms - len(coefficients)))))


class Expansion:
    """A floating-point power series in several variables, truncated at a total degree.

    Args:
        coefficients: at ``[i, j, ...]`` that of ``x^i y^j ...``; all axes of one length.
    """

    def __init__(self, coefficients: Float64[np.ndarray, "..."]) -> None:
        self.degree = coefficients.shape[0] - 1
        grid = np.indices(coefficients.shape).sum(axis=0)
        self.total = grid
        self.coefficients: Float64[np.ndarray, "..."] = np.where(
            grid <= self.degree, coefficients, 0.0
        )

    @classmethod
    def of(cls, terms: dict[tuple[int, ...], float], degree: int) -> Expansion:
        """A polynomial given by its terms.

        >>> Expansion.of({(1, 0): 2.0}, 3).absolute_sum(0.5)
        1.0
        """
        variables = len(next(iter(terms)))
        coefficients = np.zeros((degree + 1,) * variables)
        for power, value in terms.items():
            coefficients[power] = value
        return cls(coefficients)

    def __add__(self, other: Expansion) -> Expansion:
        return Expansion(self.coefficients + other.coefficients)

    def __mul__(self, other: Expansion) -> Expansion:
        # Not by FFT: its error is that of the largest coefficient, beside which others vanish.
        few, many = sorted((self.coefficients, other.coefficients), key=np.count_nonzero)
        result = np.zeros_like(many)
        for power in np.argwhere(few).tolist():
            moved = tuple(slice(n, None) for n in power)
            kept = tuple(slice(0, self.degree + 1 - n) for n in power)
            result[moved] += few[tuple(power)] * many[kept]
        return Expansion(result)

    def scaled(self, factor: float) -> Expansion:
        """A multiple."""
        return Expansion(factor * self.coefficients)

    @property
    def constant(self) -> float:
        """The value at the centre."""
        return float(self.coefficients[(0,) * self.coefficients.ndim])

    def _through(self, outer: Sequence[float]) -> Expansion:
        """A series in one variable at this one less its constant term."""
        origin = (0,) * self.coefficients.ndim
        moved = self.coefficients.copy()
        moved[origin] = 0.0
        inner = Expansion(moved)
        result = Expansion(np.zeros_like(moved))
        for coefficient in reversed(outer):
            result = result * inner
            result.coefficients[origin] += coefficient
        return result

    def exp(self) -> Expansion:
        """The exponential."""
        powers = [1.0 / factorial(n) for n in range(self.degree + 1)]
        return self._through(powers).scaled(float(np.exp(self.constant)))

    def reciprocal(self) -> Expansion:
        """One over it, which is not 0 at the centre.

        >>> Expansion.of({(0,): 1.0, (1,): -1.0}, 4).reciprocal().coefficients.round(12)
        array([1., 1., 1., 1., 1.])
        """
        at = self.constant
        return self._through([(-1.0) ** n / at ** (n + 1) for n in range(self.degree + 1)])

    def absolute_sum(self, radius: float) -> float:
        """``sum |c_mu| radius^|mu|`` over the terms kept."""
        return float((np.abs(self.coefficients) * radius**self.total).sum())


def softmax_expansions(logits: Sequence[Expansion]) -> list[Expansion]:
    """The softmax of series; the largest constant is subtracted first, so that none overflows."""
    top = max(z.constant for z in logits)
    powers = []
    for z in logits:
        moved = z.coefficients.copy()
        moved[(0,) * moved.ndim] -= top
        powers.append(Expansion(moved).exp())
    total = powers[0]
    for power in powers[1:]:
        total = total + power
    inverse = total.reciprocal()
    return [power * inverse for power in powers]
