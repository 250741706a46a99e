"""The route through the whole Gram matrix of the distinct strings and its factorization."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float64

from kernels.boundary.memory import require_memory
from kernels.contract.kernel import Kernel
from kernels.estimates import Estimate
from kernels.regression.arguments.kernel_values import finite_values
from kernels.regression.arrays.sums import column_norms, rounding_of_sum, shares
from kernels.regression.contract import Iterate, Predictions, Status, System
from kernels.regression.prediction.by_pairs import SumsOverPairs
from kernels.regression.solvers.factorization import effective_dimension, solve_dense
from kernels.strings.encoding import EncodedStrings

BYTES_PER_PAIR = 44.0
"""What a pair of distinct strings takes, with the factorization."""


class DenseSystem(System):
    """The system by Cholesky factorization.

    Args:
        kernel: a kernel on strings.
        strings: the u distinct training strings.
        root: the diagonal S.
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
        root: Float64[np.ndarray, " u"],
        *,
        n_jobs: int | None = None,
        progress: bool = False,
    ) -> None:
        u = len(root)
        require_memory("strings", u, BYTES_PER_PAIR * u * u, "use fewer strings")
        self._kernel, self._strings, self._root = kernel, strings, root
        self._n_jobs, self._progress = n_jobs, progress
        title = "kernel values: training strings" if progress else False
        gram = finite_values(kernel, kernel.gram(strings, n_jobs=n_jobs, progress=title))
        self._largest_error = gram.largest_error
        self._largest_value = float(np.abs(gram.values).max())
        self._scaled: Float64[np.ndarray, "u u"] = root[:, None] * gram.values * root

    @property
    def kernel(self) -> Kernel:
        """The kernel."""
        return self._kernel

    @property
    def largest_error(self) -> float:
        """The largest error of a kernel value of two training strings."""
        return self._largest_error

    def of(self, kernel: Kernel) -> DenseSystem:
        """The system with another kernel."""
        return DenseSystem(
            kernel, self._strings, self._root, n_jobs=self._n_jobs, progress=self._progress
        )

    def rounding(self, largest: float) -> float:
        """That of u products and sums."""
        return rounding_of_sum(len(self._root), max(largest, self._largest_value))

    def apply(self, vectors: Float64[np.ndarray, "u t"]) -> Float64[np.ndarray, "u t"]:
        """S K S times vectors."""
        return self._scaled @ vectors

    def solve(
        self,
        right: Float64[np.ndarray, "u t"],
        alphas: Float64[np.ndarray, " t"],
        *,
        tol: float,
        max_iter: int,
    ) -> Iterate:
        """One factorization for each alpha, with a step of refinement.

        Raises:
            InvalidInputError: the matrix is not positive definite.
        """
        del max_iter
        solution = np.empty_like(right)
        for alpha in np.unique(alphas).tolist():
            own = alphas == alpha
            try:
                solution[:, own] = solve_dense(self._scaled, right[:, own], alpha)
            except np.linalg.LinAlgError:
                raise self.not_definite(alpha) from None
        norms = column_norms(right - self._scaled @ solution - alphas * solution)
        relative = shares(norms, column_norms(right))
        statuses = [
            Status.CONVERGED if done else Status.ROUNDING for done in (relative <= tol).tolist()
        ]
        return Iterate(solution, relative, np.zeros(len(norms), dtype=np.int64), statuses)

    def predictor(self, weights: Float64[np.ndarray, "u t"]) -> Predictions:
        """Sums over all distinct strings."""
        return SumsOverPairs(self._kernel, self._strings, weights, self._n_jobs, self._progress)

    def degrees_of_freedom(
        self, alpha: float, *, probes: int, seed: int, tol: float, max_iter: int
    ) -> Estimate:
        """The sum of e / (e + alpha) over the eigenvalues e, up to rounding."""
        del probes, seed, tol, max_iter
        return effective_dimension(self._scaled, alpha)
