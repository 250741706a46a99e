"""A Cholesky factor, kept to solve with."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float64
from scipy.linalg import cho_factor, cho_solve


@dataclass(frozen=True, eq=False)
class CholeskyFactor:
    """A lower triangular factor; what is above its diagonal means nothing."""

    lower: Float64[np.ndarray, "d d"]

    @classmethod
    def of(cls, matrix: Float64[np.ndarray, "d d"], shift: float) -> CholeskyFactor:
        """The factor of a matrix plus a multiple of the identity; the matrix is overwritten.

        Raises:
            numpy.linalg.LinAlgError: the sum is not positive definite within rounding.
        """
        matrix.flat[:: len(matrix) + 1] += shift
        return cls(cho_factor(matrix, lower=True, overwrite_a=True, check_finite=False)[0])

    def solve(self, right: Float64[np.ndarray, "d t"]) -> Float64[np.ndarray, "d t"]:
        """The inverse of the matrix times vectors.

        >>> CholeskyFactor.of(np.array([[3.0]]), 1.0).solve(np.array([[2.0]])).item()
        0.5
        """
        return cho_solve((self.lower, True), right, check_finite=False)
