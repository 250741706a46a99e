"""Polynomials: the activations for which the template matrix can fail to be nonsingular."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from flint import arb
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
            for a, b, j, p, q in self._moments():
                coefficient = self.coefficients[a] * self.coefficients[b]
                term = coefficient * float(_pairings(a, b, j)) * xy**j * xx**p * yy**q
                values, sizes, terms = values + term, sizes + np.abs(term), terms + 1
        degree = len(self.coefficients) - 1
        return result(values, EPS * (terms + degree + 6) * sizes, "closed form (moments)")

    def enclosure(self, xx: arb, xy: arb, yy: arb) -> arb:
        """The sum of moments in balls; see `Activation.enclosure`."""
        total, most = arb(0), len(self.coefficients)
        first, middle, last = (_powers(entry, most) for entry in (xx, xy, yy))
        for a, b, j, p, q in self._moments():
            coefficient = arb(self.coefficients[a]) * arb(self.coefficients[b])
            total += coefficient * _pairings(a, b, j) * middle[j] * first[p] * last[q]
        return total

    def _moments(self) -> Iterator[tuple[int, int, int, int, int]]:
        """The powers a, b, j, p, q of the terms."""
        count = len(self.coefficients)
        for a in range(count):
            for b in range(a % 2, count, 2):
                for j in range(a % 2, min(a, b) + 1, 2):
                    yield a, b, j, (a - j) // 2, (b - j) // 2


def _powers(base: arb, count: int) -> list[arb]:
    """The powers from 0 on, by multiplication: no logarithm, and so for balls around 0 too."""
    return list(
        itertools.accumulate(range(1, count), lambda power, _: power * base, initial=arb(1))
    )


def _pairings(a: int, b: int, j: int) -> int:
    """The pairings of ``a`` and ``b`` objects that join exactly ``j`` pairs across."""
    p, q = (a - j) // 2, (b - j) // 2
    within = math.factorial(p) * math.factorial(q) * 2 ** (p + q)
    return math.factorial(a) * math.factorial(b) // (math.factorial(j) * within)
