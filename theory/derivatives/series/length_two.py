"""The series in beta at 0 of the string ``A[CLS]`` with itself: it converges nowhere else.

For X = Y = A[CLS] both softmax weights are functions of one Gaussian difference, and

    kappa(beta, gamma) = (1 + gamma^2)/2 (1 + E tanh^2(beta sqrt((1 + gamma^2)/2) g)),

g standard Gaussian. With tanh^2 z = sum_n t_n z^(2n) and E g^(2n) = (2n - 1)!!, the coefficient of
beta^(2n) at gamma = 0 is c_n = t_n (2n - 1)!! / 2^(n + 1) for n >= 1. Since tanh^2 = 1 - tanh' and
tanh z = sum_n 2^(2n) (2^(2n) - 1) B_{2n} z^(2n - 1) / (2n)!, and |B_{2n}| > 2 (2n)! / (2 pi)^(2n),

    |t_n| > (2n + 1) 2 (2^(2n + 2) - 1) / pi^(2n + 2),

which only decays geometrically, so that ``|c_n|^(1/n)`` tends to infinity: radius of convergence 0.

The series is asymptotic all the same, with a proved error. The partial fractions of tanh give

    tanh^2 z = 1 - sum_a (8/a) (1 - w_a)/(1 + w_a)^2,    w_a = 4 z^2/a,    a = pi^2, 9 pi^2, ...,

and what follows the first N terms of (1 - w)/(1 + w)^2 = sum_n (2n + 1) (-w)^n is exactly
(-w)^N ((2N + 1) + (2N - 1) w)/(1 + w)^2, which for N >= 1 is (2N + 1) (-w)^N times a number between
0 and 1. Summed over a and averaged over g: the error of a truncation has the sign of the first
term left out and is no larger, at every beta. `remainder_bound` is that term.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import prod

import numpy as np
from jaxtyping import Float64

from kernels.boundary.checks import whole
from kernels.estimates import EstimateArray, Numerical

_PI_ABOVE = Fraction(355, 113)
"""Above pi, so that a bound with a power of pi below the fraction bar stays a lower bound."""


def tanh_squared(terms: int) -> list[Fraction]:
    """t_0, ..., t_terms of tanh^2 z = sum t_n z^(2n), from tanh' = 1 - tanh^2.

    Raises:
        InvalidInputError: ``terms`` is not a whole number of at least 0.

    >>> [str(t) for t in tanh_squared(3)]
    ['0', '1', '-2/3', '17/45']
    """
    odd = [Fraction(1)]  # tanh z = sum odd[n] z^(2n + 1)
    squares = [Fraction(0)]
    for n in range(1, whole("terms", terms) + 1):
        squares.append(sum((odd[m] * odd[n - 1 - m] for m in range(n)), Fraction(0)))
        odd.append(-squares[n] / (2 * n + 1))
    return squares


def coefficients(order: int = 60) -> dict[int, Fraction]:
    """The exact Taylor coefficients of ``beta -> kappa(beta, 0)`` at 0, even orders only.

    Raises:
        InvalidInputError: ``order`` is not a whole number of at least 0.

    >>> {n: str(c) for n, c in coefficients(4).items()}
    {0: '1/2', 2: '1/4', 4: '-1/4'}
    """
    squares = tanh_squared(whole("order", order) // 2)
    found = {0: Fraction(1, 2)}
    for n in range(1, len(squares)):
        found[2 * n] = squares[n] * prod(range(1, 2 * n, 2)) / Fraction(2 ** (n + 1))
    return found


def lower_bound(n: int) -> Fraction:
    """A rational below the modulus of the coefficient of ``beta^(2n)``, n at least 1.

    Raises:
        InvalidInputError: n is not a whole number of at least 1.

    >>> 0 < lower_bound(5) < abs(coefficients(10)[10]) < 2 * lower_bound(5)
    True
    """
    m = whole("n", n, least=1)
    t = Fraction(2 * (2 * m + 1) * (2 ** (2 * m + 2) - 1)) / _PI_ABOVE ** (2 * m + 2)
    return t * prod(range(1, 2 * m, 2)) / Fraction(2 ** (m + 1))


def remainder_bound(beta: float, order: int) -> float:
    """What the series truncated after ``beta^order`` may at most be off by: a theorem, see above.

    Args:
        beta: inverse temperature.
        order: the last order that is kept; an odd one is as good as the even one before.

    Raises:
        InvalidInputError: ``order`` is not a whole number of at least 0.

    >>> remainder_bound(0.5, 2)                        # the term -1/4 beta^4
    0.015625
    """
    following = whole("order", order) // 2 * 2 + 2
    term = coefficients(following)[following] * Fraction(beta) ** following
    return abs(float(term))


@dataclass(frozen=True)
class Convergence:
    """The verdict on the radius of convergence.

    Attributes:
        order: how far the exact coefficients were compared with the proved bound.
        bound_holds: whether each of them is at least `lower_bound`, as proved.
        roots: ``|c_n|^(1/(2n))`` by order 2n: the inverse of these tends to the radius.
        radius: 0, from the bound: ``lower_bound(n)^(1/n)`` tends to infinity.
    """

    order: int
    bound_holds: bool
    roots: dict[int, float]
    radius: int = 0


def convergence(order: int = 60) -> Convergence:
    """The growth of the coefficients, beside the bound that proves the radius to be 0.

    >>> convergence(60).bound_holds
    True
    """
    found = coefficients(order)
    orders = [n for n in found if n]
    holds = all(abs(found[n]) >= lower_bound(n // 2) for n in orders)
    roots = {n: float(abs(found[n])) ** (1.0 / n) for n in orders}
    return Convergence(order, holds, roots)


@dataclass(frozen=True, eq=False)
class TruncationErrors:
    """What the plot of the asymptotic series shows.

    Attributes:
        betas: where, shape ``(n,)``.
        exact: kappa there, with its error.
        partial_sums: at ``[n, i]`` the series up to order ``orders[i]``.
        orders: the orders of truncation.
        best_order: the order of least error, by beta.
    """

    betas: Float64[np.ndarray, " n"]
    exact: EstimateArray
    partial_sums: Float64[np.ndarray, "n m"]
    orders: tuple[int, ...]
    best_order: tuple[int, ...]

    @property
    def errors(self) -> Float64[np.ndarray, "n m"]:
        """The moduli of the truncation errors."""
        return np.abs(self.partial_sums - self.exact.values[:, None])


def truncation_errors(betas: Float64[np.ndarray, " n"], order: int = 60) -> TruncationErrors:
    """The truncated series against kappa.

    Args:
        betas: inverse temperatures.
        order: the last order of truncation.

    >>> truncation_errors(np.array([0.5, 1.0])).best_order
    (16, 2)
    """
    found = coefficients(order)
    exact = true_value(betas)
    sums = np.zeros((len(betas), len(found)))
    # Summed exactly: near the best truncation the error is far below the rounding of float sums.
    for row, beta in enumerate(betas):
        b, total = Fraction(float(beta)), Fraction(0)
        for column, (n, c) in enumerate(found.items()):
            total += c * b**n
            sums[row, column] = float(total)
    gaps = np.abs(sums - exact.values[:, None])
    best = tuple(tuple(found)[int(np.argmin(row))] for row in gaps)
    return TruncationErrors(betas, exact, sums, tuple(found), best)


def true_value(betas: Float64[np.ndarray, " n"]) -> EstimateArray:
    """kappa(beta, 0) of ``A[CLS]`` with itself, by the trapezoidal rule at two steps.

    >>> float(true_value(np.array([0.0])).values[0])
    0.5
    """
    values = [_trapezoid(betas, step) for step in (1 / 32, 1 / 64)]
    rounding = 8 * float(np.finfo(np.float64).eps)
    errors = np.abs(values[1] - values[0]) + rounding
    return EstimateArray.of(values[1], Numerical, errors, "trapezoidal rule")


def _trapezoid(betas: Float64[np.ndarray, " n"], step: float) -> Float64[np.ndarray, " n"]:
    # The strip of analyticity has half-width pi / (beta sqrt 2); beyond 9 the Gaussian is 1e-18.
    z = np.arange(-9.0, 9.0 + step / 2, step)
    weights = step * np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)
    squares = np.tanh(np.outer(betas, z) / np.sqrt(2.0)) ** 2
    found: Float64[np.ndarray, " n"] = 0.5 * (1.0 + squares @ weights)
    return found
