"""The linear system of a fitted `KernelRidge`: the one place that looks inside the estimator."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from jaxtyping import Float64, Int32

from kernels.boundary.exceptions import InvalidInputError
from kernels.boundary.memory import require_memory
from kernels.contract.kernel import Kernel
from kernels.strings.encoding import EncodedStrings

if TYPE_CHECKING:
    from kernels.regression.contract import System
    from kernels.regression.ridge import KernelRidge
    from kernels.regression.solution import Samples

_AT_ONCE = 16
"""Columns that one run of conjugate gradients takes: a product costs less for many, and each
column takes memory."""

_BYTES_PER_ENTRY = 80.0
"""What a column takes for each row while it is solved for, as for labels."""


@dataclass(frozen=True, eq=False)
class FittedRidge:
    """What a certificate needs of a fitted estimator.

    Attributes:
        kernel: the kernel of the fit.
        strings: the n training strings.
        ridge: lambda.
        coefficients: the dual coefficients.
        residual: of the fit, relative to the labels.
        samples: which distinct string each sample is.
        system: the equation of the distinct strings.
        tolerance: of the fit.
        max_iterations: of the fit.
    """

    kernel: Kernel
    strings: EncodedStrings
    ridge: float
    coefficients: Float64[np.ndarray, " n"]
    residual: float
    samples: Samples
    system: System
    tolerance: float
    max_iterations: int

    @classmethod
    def of(cls, model: Any) -> FittedRidge:  # an estimator of scikit-learn, which is untyped
        """Read a fitted `KernelRidge`.

        Raises:
            InvalidInputError: it is none, not fitted, or fitted to several columns of labels.
        """
        from kernels.regression.ridge import KernelRidge  # noqa: PLC0415 - loads scikit-learn

        if not isinstance(model, KernelRidge) or not hasattr(model, "solution_"):
            raise InvalidInputError("model", model, "give a fitted KernelRidge: call fit first")
        found = model.solution_
        if found.dual_coef.ndim != 1:
            raise InvalidInputError("model", model, "fit it to one column of labels")
        if found.problem.samples.weight is not None:
            raise InvalidInputError("model", model, "fit it without sample_weight")
        return cls(
            model.kernel,
            found.strings,
            found.alpha,
            found.dual_coef,
            found.residual,
            found.problem.samples,
            found.problem.system,
            model.tol,
            model.max_iter,
        )

    @property
    def floor(self) -> float:
        """A lower bound on the eigenvalues of K + ridge I.

        K as computed is within n times the largest error of a value of a semidefinite matrix, in
        norm. That is far from sharp, and a solver that meets a direction in which the matrix is
        not positive says so; half of the ridge is therefore taken where the bound is less.
        """
        error = len(self.coefficients) * self.system.largest_error
        return self.ridge - min(error, self.ridge / 2.0)

    @property
    def residual_norm(self) -> float:
        """The norm of y - (K + ridge I) a.

        The labels' own norm is not kept; it is at most that of (K + ridge I) a, over 1 - residual.
        """
        if not self.residual:
            return 0.0
        root, row = self.samples.root, self.samples.row
        sums = np.bincount(row, weights=self.coefficients, minlength=len(root))
        image = self.system.apply((sums / root)[:, None])[:, 0] / root
        size = float(np.linalg.norm(image[row] + self.ridge * self.coefficients))
        return self.residual * size / (1.0 - min(self.residual, 0.5))

    def solve_for_indicators(
        self, index: Int32[np.ndarray, " n"], templates: int, *, tolerance: float
    ) -> IndicatorSolution:
        """Solve (K + ridge I) B = Z for the indicators Z of the templates.

        In the system of the distinct strings, with S = diag(sqrt counts), the columns are
        S Z and the unknowns x with B = S^{-1} x row by row: equal strings have one template.

        Args:
            index: the template of each of the n strings.
            templates: how many there are; each occurs.
            tolerance: of each column's residual, relative to the column.

        Raises:
            TooLargeError: the columns would not fit in memory.
        """
        system, root = self.system, self.samples.root
        u = len(root)
        width = min(templates, _AT_ONCE)
        needed = u * (24.0 * templates + _BYTES_PER_ENTRY * width)
        require_memory("model", f"{u} strings, {templates} templates", needed, "fit to fewer")
        own = np.empty(u, dtype=np.int32)
        own[self.samples.row] = index
        right = np.zeros((u, templates))
        right[np.arange(u), own] = root
        solution, residual = np.empty_like(right), np.empty_like(right)
        products = 0
        for start in range(0, templates, width):
            part = slice(start, start + width)
            ridges = np.full(right[:, part].shape[1], self.ridge)
            found = system.solve(
                right[:, part], ridges, tol=tolerance, max_iter=self.max_iterations
            )
            solution[:, part] = found.solution
            image = system.apply(np.ascontiguousarray(found.solution))
            residual[:, part] = right[:, part] - image - self.ridge * found.solution
            products = max(products, int(found.iterations.max()))
        return IndicatorSolution(
            right.T @ solution,
            solution.T @ residual,
            solution.T @ solution,
            residual.T @ residual,
            np.abs(solution).T @ root,
            float(np.sqrt(np.sum(root**2))),
            products,
        )


@dataclass(frozen=True, eq=False)
class IndicatorSolution:
    """Inner products of Z, the solution B found for (K + ridge I) B = Z, and its residual Q.

    Attributes:
        zb: Z^T B.
        bq: B^T Q.
        bb: B^T B.
        qq: Q^T Q.
        sums: the sum of the absolute values of each column of B.
        root: the square root of the number of samples.
        iterations: products with the Gram operator; 0 for a factorization.
    """

    zb: Float64[np.ndarray, "c c"]
    bq: Float64[np.ndarray, "c c"]
    bb: Float64[np.ndarray, "c c"]
    qq: Float64[np.ndarray, "c c"]
    sums: Float64[np.ndarray, " c"]
    root: float
    iterations: int


def fit_ridge(
    kernel: Kernel,
    strings: EncodedStrings,
    labels: Float64[np.ndarray, " n"],
    ridge: float,
) -> KernelRidge:
    """A `KernelRidge` fitted to a sample."""
    from kernels.regression.ridge import KernelRidge  # noqa: PLC0415 - loads scikit-learn

    return KernelRidge(kernel, alpha=ridge).fit(strings, labels)
