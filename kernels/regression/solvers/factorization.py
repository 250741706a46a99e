"""Solutions and traces by factorizing a matrix."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float, Float64

from kernels.estimates import Estimate, Numerical
from kernels.regression.arrays.cholesky import CholeskyFactor
from kernels.regression.arrays.sums import column_norms


def effective_dimension(gram: Float[np.ndarray, "n n"], alpha: float) -> Estimate:
    """The trace of ``K (K + alpha I)^{-1}`` from the eigenvalues of K, up to rounding.

    >>> round(effective_dimension(np.diag([1.0, 3.0]), 1.0).value, 12)
    1.25
    """
    values = np.linalg.eigvalsh(gram)
    shares = values / (values + alpha)
    # LAPACK's eigenvalues are off by a few machine epsilons of the norm, each.
    rounding = 4.0 * float(np.finfo(np.float64).eps) * float(np.abs(values).max())
    slopes = alpha / (values + alpha) ** 2
    error = rounding * len(values) * float(slopes.max())
    return Estimate(float(shares.sum()), Numerical(error), "eigenvalues")


def solve_dense(
    gram: Float64[np.ndarray, "n n"], right: Float64[np.ndarray, "n t"], alpha: float
) -> Float64[np.ndarray, "n t"]:
    """Solve ``(K + alpha I) x = b``, with one step of iterative refinement where it helps.

    Args:
        gram: K, positive semidefinite; left as it is.
        right: the columns b.
        alpha: above 0.

    Returns:
        The solution, refined or not, whichever has the smaller residual.

    Raises:
        numpy.linalg.LinAlgError: K + alpha I is not positive definite within rounding: there is no
            factor, or one that leaves more than half of a right-hand side.

    >>> solve_dense(3.0 * np.eye(2), np.array([[2.0], [4.0]]), alpha=1.0).ravel().tolist()
    [0.5, 1.0]
    """
    factor = CholeskyFactor.of(gram.copy(), alpha)
    best, residual = np.zeros_like(right), right
    for _ in range(2):
        candidate = best + factor.solve(residual)
        left = right - gram @ candidate - alpha * candidate
        better = column_norms(left) < column_norms(residual)
        best = np.where(better, candidate, best)
        residual = np.where(better, left, residual)
    if np.any(column_norms(residual) > 0.5 * column_norms(right)):
        raise np.linalg.LinAlgError("the factor is made of rounding errors")
    return np.asarray(best)
