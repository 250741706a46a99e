"""The route through the whole Gram matrix of the distinct strings and its factorization."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float, Float64
from scipy.linalg import cho_factor, cho_solve

from kernels.estimates import Estimate, Numerical
from kernels.kernel import Kernel
from kernels.memory import require_memory
from kernels.regression.conjugate_gradients import Iterate, Status, column_norms
from kernels.regression.finite_values import finite_values
from kernels.regression.samples import MergedStrings
from kernels.regression.system import Predictions, System
from kernels.strings import EncodedStrings

BYTES_PER_PAIR = 44.0
"""What a pair of distinct strings takes, with the factorization."""

_PAIRS_AT_ONCE = 2**24
"""Kernel values held at once for predictions."""


class DenseSystem(System):
    """The system by Cholesky factorization.

    Args:
        kernel: a kernel on strings.
        strings: the n training strings.
        merged: which of them are equal.
        n_jobs: joblib workers for kernel values; where left out, joblib decides.
        progress: show a progress bar.

    Raises:
        InvalidInputError: a kernel value or its error is not finite.
        TooLargeError: the matrices would not fit in memory.
    """

    def __init__(
        self,
        kernel: Kernel,
        strings: EncodedStrings,
        merged: MergedStrings,
        *,
        n_jobs: int | None = None,
        progress: bool = False,
    ) -> None:
        u = merged.rows
        require_memory("strings", len(strings), BYTES_PER_PAIR * u * u, "use fewer strings")
        self.row = merged.row
        self.root = np.ones(u) if merged.count is None else np.sqrt(merged.count)
        example = np.empty(u, dtype=np.int64)
        example[self.row] = np.arange(len(self.row))
        self._function = DensePredictions(kernel, strings[example], n_jobs, progress)
        gram = finite_values(
            kernel,
            kernel.gram(
                self._function.strings,
                n_jobs=n_jobs,
                progress="kernel values: training strings" if progress else False,
            ),
        )
        self._largest_error = gram.largest_error
        self._scaled: Float64[np.ndarray, "u u"] = self.root[:, None] * gram.values * self.root

    @property
    def largest_error(self) -> float:
        """The largest error of a kernel value of two training strings."""
        return self._largest_error

    def apply(self, vectors: Float64[np.ndarray, "u t"]) -> Float64[np.ndarray, "u t"]:
        """S K S times vectors."""
        return self._scaled @ vectors

    def solve(
        self,
        right: Float64[np.ndarray, "u t"],
        ridges: Float64[np.ndarray, " t"],
        *,
        tolerance: float,
        max_iterations: int,
    ) -> Iterate:
        """One factorization for each ridge, with a step of refinement."""
        del max_iterations
        solution = np.empty_like(right)
        for ridge in np.unique(ridges).tolist():
            own = ridges == ridge
            try:
                solution[:, own] = solve_dense(self._scaled, right[:, own], ridge)
            except np.linalg.LinAlgError:
                raise self.not_definite(ridge) from None
        norms = column_norms(right - self._scaled @ solution - ridges * solution)
        sizes = column_norms(right)
        relative = np.divide(norms, sizes, out=np.zeros_like(norms), where=sizes > 0.0)
        statuses = [
            Status.CONVERGED if done else Status.ROUNDING
            for done in (relative <= tolerance).tolist()
        ]
        return Iterate(solution, relative, np.zeros(len(sizes), dtype=np.int64), statuses)

    def predictor(self, weights: Float64[np.ndarray, "u t"]) -> Predictions:
        """Sums over all distinct strings."""
        return self._function.weighted(weights)

    def degrees_of_freedom(
        self, ridge: float, *, probes: int, seed: int, tolerance: float, max_iterations: int
    ) -> Estimate:
        """The sum of e / (e + ridge) over the eigenvalues e, up to rounding."""
        del probes, seed, tolerance, max_iterations
        return effective_dimension(self._scaled, ridge)


class DensePredictions(Predictions):
    """Weighted sums of kernel values, a batch of rows of the cross matrix at a time."""

    def __init__(
        self,
        kernel: Kernel,
        strings: EncodedStrings,
        n_jobs: int | None,
        progress: bool,
        weights: Float64[np.ndarray, "u t"] | None = None,
    ) -> None:
        self.strings = strings
        self._kernel = kernel
        self._n_jobs = n_jobs
        self._progress = progress
        self._weights = np.zeros((len(strings), 0)) if weights is None else weights

    def weighted(self, weights: Float64[np.ndarray, "u t"]) -> DensePredictions:
        """The same with other weights."""
        return DensePredictions(self._kernel, self.strings, self._n_jobs, self._progress, weights)

    def __call__(self, strings: EncodedStrings) -> Float64[np.ndarray, "m t"]:
        """The sums at each string."""
        batch = max(1, _PAIRS_AT_ONCE // len(self.strings))
        parts = [np.zeros((0, self._weights.shape[1]))]
        for start in range(0, len(strings), batch):
            cross = self._kernel.gram(
                strings[start : start + batch],
                self.strings,
                n_jobs=self._n_jobs,
                progress="kernel values: predictions" if self._progress else False,
            )
            parts.append(finite_values(self._kernel, cross).values @ self._weights)
        return np.concatenate(parts)


def effective_dimension(gram: Float[np.ndarray, "n n"], ridge: float) -> Estimate:
    """The trace of ``K (K + ridge I)^{-1}`` from the eigenvalues of K, up to rounding.

    >>> round(effective_dimension(np.diag([1.0, 3.0]), 1.0).value, 12)
    1.25
    """
    values = np.linalg.eigvalsh(gram)
    shares = values / (values + ridge)
    # LAPACK's eigenvalues are off by a few machine epsilons of the norm, each.
    rounding = 4.0 * float(np.finfo(np.float64).eps) * float(np.abs(values).max())
    slopes = ridge / (values + ridge) ** 2
    error = rounding * len(values) * float(slopes.max())
    return Estimate(float(shares.sum()), Numerical(error), "eigenvalues")


def solve_dense(
    gram: Float[np.ndarray, "n n"], right: Float[np.ndarray, "n t"], ridge: float
) -> Float[np.ndarray, "n t"]:
    """Solve ``(K + ridge I) x = b``, with one step of iterative refinement where it helps.

    Args:
        gram: K, positive semidefinite; left as it is.
        right: the columns b.
        ridge: above 0.

    Returns:
        The solution, refined or not, whichever has the smaller residual.

    Raises:
        numpy.linalg.LinAlgError: K + ridge I is not positive definite within rounding: there is no
            factor, or one that leaves more than half of a right-hand side.

    >>> solve_dense(3.0 * np.eye(2), np.array([[2.0], [4.0]]), ridge=1.0).ravel().tolist()
    [0.5, 1.0]
    """
    shifted = gram.copy()
    shifted.flat[:: len(gram) + 1] += ridge
    factor = cho_factor(shifted, lower=True, overwrite_a=True, check_finite=False)
    best, residual = np.zeros_like(right), right
    for _ in range(2):
        candidate = best + cho_solve(factor, residual)
        left = right - gram @ candidate - ridge * candidate
        better = column_norms(left) < column_norms(residual)
        best = np.where(better, candidate, best)
        residual = np.where(better, left, residual)
    if np.any(column_norms(residual) > 0.5 * column_norms(right)):
        raise np.linalg.LinAlgError("the factor is made of rounding errors")
    return np.asarray(best)
