"""Polynomials: the activations for which the template matrix can fail to be nonsingular."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from jaxtyping import Float
from numpy.typing import ArrayLike

from kernels.activations.base import Activation
from kernels.activations.dual.covariance import EPS, checked, result
from kernels.activations.form import Constant, Form, PolynomialForm
from kernels.boundary.checks import finite
from kernels.boundary.exceptions import InvalidInputError
from kernels.estimates import EstimateArray


@dataclass(frozen=True)
class Polynomial(Activation):
    """``phi(t) = c_0 + c_1 t + c_2 t^2 + ...``, with its dual by Gaussian moments.

        dual = sum_{a, b} c_a c_b E[u^a v^b],
        E[u^a v^b] = sum_j a! b! / (j! p! q! 2^(p + q)) xy^j xx^p yy^q

    over the ``j`` for which ``p = (a - j) / 2`` and ``q = (b - j) / 2`` are whole (Isserlis'
    theorem, its pairings counted by the number ``j`` of pairs that join ``u`` to ``v``).

    Args:
        coefficients: ``c_0, c_1, ...``, constant term first.

    Raises:
        InvalidInputError: no coefficients, or one that is not finite.

    >>> Polynomial((0.0, 0.0, 1.0)).dual(1.0, 0.5, 1.0).item().value  # xx yy + 2 xy^2
    1.5
    """

    name: ClassVar[str] = "polynomial"

    coefficients: tuple[float, ...]

    def __post_init__(self) -> None:
        try:
            given = tuple(self.coefficients)
        except TypeError:
            raise InvalidInputError(
                "coefficients", self.coefficients, "give numbers, constant term first"
            ) from None
        if not given:
            raise InvalidInputError("coefficients", given, "give at least one coefficient")
        # The field is made hashable whatever sequence came in.
        object.__setattr__(
            self, "coefficients", tuple(finite("coefficients", value) for value in given)
        )

    @property
    def form(self) -> Form:
        """A polynomial, constant where every coefficient but the first is 0."""
        if any(self.coefficients[1:]):
            return PolynomialForm(self.coefficients)
        return Constant(zero=self.coefficients[0] == 0.0)

    def __call__(self, t: Float[np.ndarray, "*shape"]) -> Float[np.ndarray, "*shape"]:
        """The polynomial, by Horner's rule."""
        return np.polynomial.polynomial.polyval(t, np.array(self.coefficients))

    def dual(self, xx: ArrayLike, xy: ArrayLike, yy: ArrayLike) -> EstimateArray:
        """The sum of moments above; its error is relative to the sum of the terms' sizes."""
        xx, xy, yy = checked(xx, xy, yy)
        values, sizes = np.zeros_like(xx), np.zeros_like(xx)
        terms = 0
        with np.errstate(over="ignore", invalid="ignore"):
            for a, first in enumerate(self.coefficients):
                for b, second in enumerate(self.coefficients):
                    for j in range(min(a, b) + 1) if (a - b) % 2 == 0 else ():
                        if (a - j) % 2:
                            continue
                        p, q = (a - j) // 2, (b - j) // 2
                        term = first * second * _pairings(a, b, j) * xy**j * xx**p * yy**q
                        values, sizes, terms = values + term, sizes + np.abs(term), terms + 1
        degree = len(self.coefficients) - 1
        return result(values, EPS * (terms + degree + 6) * sizes, "closed form (moments)")


def _pairings(a: int, b: int, j: int) -> float:
    """The pairings of ``a`` and ``b`` objects that join exactly ``j`` pairs across."""
    p, q = (a - j) // 2, (b - j) // 2
    return float(
        math.factorial(a)
        * math.factorial(b)
        // (math.factorial(j) * math.factorial(p) * math.factorial(q) * 2 ** (p + q))
    )
