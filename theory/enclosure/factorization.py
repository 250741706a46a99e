"""Is a symmetric matrix positive definite? Decided by its factorization in balls."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from flint import arb
from jaxtyping import Float64, Shaped

from kernels.estimates.balls import precision

_PRECISIONS = (192, 384, 768)
"""Bits to try: entries are floats, so that more of them make every pivot as sharp as one likes."""


@dataclass(frozen=True, eq=False)
class Factorization:
    """``C - c I = L diag(d) L^T`` with unit lower triangular L and all d above 0.

    Attributes:
        lower: L below the diagonal; the rest of the array is no part of it.
        pivots: d, in balls.
        bits: the precision that told all pivots from 0.
    """

    lower: Shaped[np.ndarray, "r r"]
    pivots: Shaped[np.ndarray, " r"]
    bits: int

    def solve(self, right: Shaped[np.ndarray, " r"]) -> Shaped[np.ndarray, " r"]:
        """Close to a solution x of ``(C - c I) x = right``; how close is not proved."""
        with precision(self.bits):
            x = right.copy()
            for i in range(1, len(x)):
                x[i] = (x[i] - self.lower[i, :i].dot(x[:i])).mid()
            x = x / self.pivots
            for i in range(len(x) - 2, -1, -1):
                x[i] = (x[i] - self.lower[i + 1 :, i].dot(x[i + 1 :])).mid()
            return np.array([entry.mid() for entry in x], dtype=object)


def factorize(matrix: Float64[np.ndarray, "r r"], shift: float = 0.0) -> Factorization | None:
    """The factorization of ``C - c I`` if it is positive definite, as far as can be told.

    All pivots are above 0 exactly where the matrix is positive definite (Sylvester). Balls are
    refined until every pivot is told from 0; None where one is below 0, or too close to it.

    Args:
        matrix: C, symmetric.
        shift: c.

    >>> matrix = np.array([[2.0, 1.0], [1.0, 2.0]])
    >>> factorize(matrix, 0.999) is None, factorize(matrix, 1.001) is None
    (False, True)
    """
    for bits in _PRECISIONS:
        with precision(bits):
            lower = objects(matrix)
            lower[np.diag_indices(len(lower))] -= arb(shift)
            failed = _eliminate(lower)
            if failed is None:
                return Factorization(lower, lower.diagonal().copy(), bits)
            if failed <= 0:
                return None
    return None


def objects(numbers: Float64[np.ndarray, "*shape"]) -> Shaped[np.ndarray, "*shape"]:
    """Floats as balls of radius 0."""
    made = np.array([arb(number) for number in numbers.ravel().tolist()], dtype=object)
    return made.reshape(numbers.shape)


def _eliminate(lower: Shaped[np.ndarray, "r r"]) -> arb | None:
    """Gauss elimination in the lower triangle; the first pivot that is not told to be above 0.

    Leaves d on the diagonal and L below it.
    """
    for k in range(len(lower)):
        pivot = lower[k, k]
        if not pivot > 0:
            return pivot
        column = lower[k + 1 :, k].copy()
        lower[k + 1 :, k] = column / pivot
        for i in range(k + 1, len(lower)):
            lower[i, k + 1 : i + 1] -= lower[i, k] * column[: i - k]
    return None
