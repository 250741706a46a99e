"""From the equation of the distinct strings back to that of the samples.

Let string j occur among the samples with the weights w_i, c_j in all, and with the weighted mean
label m_j. With S = diag(sqrt c) and K the kernel matrix of the distinct strings, the minimizer of

    sum over i of w_i (f(x_i) - y_i)^2 + alpha |f|^2

is given by (S K S + alpha I) x = S m: S x is the sum of the dual coefficients over equal strings,
which is all that predictions need; the coefficient of sample i, a copy of string j, is
w_i (x_j / sqrt(c_j) + (y_i - m_j) / alpha). For the n equations (W K W + alpha I) a' = W y, with
W = diag(sqrt w) and the coefficients a = W a', the residual has the same norm.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float64, Int32, Int64

from kernels.boundary.memory import require_memory
from kernels.regression.accuracy import Accuracy
from kernels.regression.arrays.sums import (
    column_norms,
    compensated_sum_by,
    rows_at,
    shares,
    sum_by,
)
from kernels.regression.contract import Predictions, Status, System, remedy
from kernels.regression.operator.samples import MergedStrings
from kernels.regression.proved import MOST, ProvedAccuracy
from kernels.strings.encoding import EncodedStrings

_BYTES_PER_LABEL = 80.0
"""What a label takes, for each alpha, while its column is solved for."""


@dataclass(frozen=True, eq=False)
class Samples:
    """Samples of distinct strings, all of positive weight.

    Attributes:
        row: for each sample, its distinct string.
        weight: w, 1 where left out.
        root: sqrt(c) for each distinct string.
    """

    row: Int32[np.ndarray, " n"]
    weight: Float64[np.ndarray, " n"] | None
    root: Float64[np.ndarray, " u"]

    @classmethod
    def of(cls, strings: MergedStrings, weight: Float64[np.ndarray, " n"] | None) -> Samples:
        """Samples of these strings."""
        if weight is not None:
            count: Float64[np.ndarray, " u"] = np.bincount(strings.row, weight, strings.rows)
        else:
            count = strings.count.astype(np.float64)
        return cls(strings.row, weight, np.sqrt(count, out=count))

    @property
    def repeats(self) -> bool:
        """Whether some string occurs several times."""
        return len(self.root) < len(self.row)

    @property
    def examples(self) -> Int64[np.ndarray, " u"]:
        """For each distinct string, a sample that is its copy."""
        found = np.empty(len(self.root), dtype=np.int64)
        found[self.row] = np.arange(len(self.row))
        return found

    def means(self, labels: Float64[np.ndarray, "n t"]) -> Float64[np.ndarray, "u t"]:
        """m, from sums that lose nothing where large labels cancel."""
        if not self.repeats:
            result = np.empty_like(labels)
            result[self.row] = labels
            return result
        sums = compensated_sum_by(self.row, self._times(self.weight, labels), len(self.root))
        return sums / self.root[:, None] ** 2

    def deviations(
        self, labels: Float64[np.ndarray, "n t"], means: Float64[np.ndarray, "u t"]
    ) -> Float64[np.ndarray, "n t"]:
        """Labels less the mean of their string; over equal strings these sum to 0.

        The mean of many labels is off by rounding, which alpha divides and the number of equal
        strings multiplies: a second pass takes out what the first has left.
        """
        found = rows_at(means, self.row)
        np.subtract(labels, found, out=found)
        if self.repeats:
            left = sum_by(self.row, self._times(self.weight, found), len(self.root))
            left /= self.root[:, None] ** 2
            found -= rows_at(left, self.row)
        return found

    def coefficients(
        self,
        deviations: Float64[np.ndarray, "n t"],
        solution: Float64[np.ndarray, "u t"],
        alpha: float,
    ) -> Float64[np.ndarray, "n t"]:
        """The dual coefficients, from the solution x."""
        found = deviations / alpha
        found += rows_at(solution / self.root[:, None], self.row)
        return self._times(self.weight, found)

    def norms(self, labels: Float64[np.ndarray, "n t"]) -> Float64[np.ndarray, " t"]:
        """The norms of W y."""
        return column_norms(self._times(self._weight_root, labels))

    def residuals(
        self,
        labels: Float64[np.ndarray, "n t"],
        coefficients: Float64[np.ndarray, "n t"],
        alpha: float,
        system: System,
    ) -> Float64[np.ndarray, " t"]:
        """The norms of ``W (y - K a) - alpha a'``, by columns, from the n coefficients a alone."""
        sums = sum_by(self.row, coefficients, len(self.root))
        image = system.apply(sums / self.root[:, None]) / self.root[:, None]
        own = coefficients if self.weight is None else coefficients / self.weight[:, None]
        left = rows_at(image, self.row)
        left += alpha * own
        np.subtract(labels, left, out=left)
        return self.norms(left)

    @property
    def _weight_root(self) -> Float64[np.ndarray, " n"] | None:
        return None if self.weight is None else np.sqrt(self.weight)

    @staticmethod
    def _times(
        factor: Float64[np.ndarray, " n"] | None, vectors: Float64[np.ndarray, "n t"]
    ) -> Float64[np.ndarray, "n t"]:
        return vectors if factor is None else factor[:, None] * vectors


@dataclass(frozen=True, eq=False)
class RidgeProblem:
    """What is solved for labels.

    Attributes:
        route: ``"dense"`` or ``"structured"``.
        samples: the samples of positive weight.
        system: the equation of their distinct strings.
    """

    route: str
    samples: Samples
    system: System


@dataclass(frozen=True, eq=False)
class Solution:
    """What a fit has found.

    Attributes:
        strings: all training strings.
        alpha: the alpha of the fit.
        dual_coef: the dual coefficients, in the shape of the labels; 0 for samples of weight 0.
        residual: the norm of the residual of the n equations over that of their labels, computed
            afresh; the largest of the columns, 0 for labels that are all 0.
        n_iter: products with the Gram operator; 0 for a factorization.
        status: how the solver ended, in the worst of the columns.
        complaint: what to warn of; empty where the residual is within the tolerance.
        problem: what was solved.
        function: the predictor.
        accuracy: what is known of the predictor's error.
    """

    strings: EncodedStrings
    alpha: float
    dual_coef: Float64[np.ndarray, "n *t"]
    residual: float
    n_iter: int
    status: str
    complaint: str
    problem: RidgeProblem
    function: Predictions
    accuracy: Accuracy


def solve(
    problem: RidgeProblem,
    strings: EncodedStrings,
    y: Float64[np.ndarray, "n *t"],
    kept: np.ndarray | slice,
    alphas: list[float],
    *,
    tol: float,
    max_iter: int,
) -> list[Solution]:
    """The solution for each alpha; all of them, and all columns of labels, share each product.

    Args:
        problem: the equation.
        strings: all n training strings.
        y: their labels.
        kept: which samples have a positive weight: those of the problem.
        alphas: above 0.
        tol: of the residual, relative to the labels.
        max_iter: of conjugate gradients.

    Raises:
        InvalidInputError: a matrix that is not positive definite.
        TooLargeError: the labels would not fit in memory.
    """
    samples, system = problem.samples, problem.system
    labels = y.reshape(len(y), -1)[kept]
    width = labels.shape[1]
    needed = _BYTES_PER_LABEL * len(y) * width * len(alphas)
    wanted = "fewer strings, columns of labels or alphas at once"
    require_memory("y", f"{len(y)} by {width * len(alphas)}", needed, f"give {wanted}")
    means = samples.means(labels)
    means *= samples.root[:, None]
    right = means if len(alphas) == 1 else np.tile(means, (1, len(alphas)))
    del means
    found = system.solve(right, np.repeat(alphas, width), tol=tol, max_iter=max_iter)
    # The residual is that of the n equations; its size is measured against all their labels.
    sizes, reduced = samples.norms(labels), column_norms(right)
    deviations = samples.deviations(labels, right[:, :width] / samples.root[:, None])
    del right
    solutions = []
    for i, alpha in enumerate(alphas):
        own = slice(i * width, (i + 1) * width)
        solution = found.solution[:, own]
        coefficients = samples.coefficients(deviations, solution, alpha)
        residuals = left = found.residuals[own] * reduced[own]
        if samples.repeats:  # else the coefficients are the solution itself
            residuals = samples.residuals(labels, coefficients, alpha, system)
        relative = shares(residuals, sizes)
        weights = samples.root[:, None] * solution
        proved = None
        if len(samples.root) <= MOST:
            known = strings[kept][samples.examples]
            proved = ProvedAccuracy(
                system.kernel,
                known,
                samples.row,
                samples.weight,
                labels.copy(),  # it reads them later, and they may be the caller's own
                coefficients,
                alpha,
            )
        n_iter = int(found.iterations[own].max())
        status, complaint = _judged(relative, found.statuses[own], tol, n_iter)
        solutions.append(
            Solution(
                strings=strings,
                alpha=alpha,
                dual_coef=_spread(coefficients, kept, y.shape),
                residual=float(relative.max()),
                n_iter=n_iter,
                status=status,
                complaint=f"alpha = {alpha:g}: {complaint}" if complaint else "",
                problem=problem,
                function=system.predictor(weights),
                accuracy=Accuracy(system, samples.root, weights, left, reduced[own], alpha, proved),
            )
        )
    return solutions


def said(solutions: list[Solution], max_iter: int) -> str:
    """What to warn of, with what helps; empty where there is nothing."""
    complaints = [found.complaint for found in solutions if found.complaint]
    return "; ".join([*complaints, remedy(max_iter)]) if complaints else ""


def _judged(
    relative: Float64[np.ndarray, " t"], statuses: list[Status], tol: float, n_iter: int
) -> tuple[str, str]:
    """How the columns ended in all, and what there is to complain of."""
    failed = [
        (size, Status.ROUNDING if status is Status.CONVERGED else status)
        for size, status in zip(relative.tolist(), statuses, strict=True)
        if size > tol
    ]
    if not failed:
        return str(Status.CONVERGED), ""
    worst = str(max(failed)[1])
    where = f" in {len(failed)} of {len(relative)} columns of labels" if len(relative) > 1 else ""
    return worst, (
        f"the residual, {relative.max():.1e}, is above the tolerance, {tol:.1e}{where}: {worst}, "
        f"after {n_iter} iterations"
    )


def _spread(
    coefficients: Float64[np.ndarray, "m t"], kept: np.ndarray | slice, shape: tuple[int, ...]
) -> Float64[np.ndarray, "n *t"]:
    """The coefficients of all samples, 0 for those of weight 0."""
    if len(coefficients) == shape[0]:
        return coefficients.reshape(shape)
    result = np.zeros((shape[0], coefficients.shape[1]))
    result[kept] = coefficients
    return result.reshape(shape)
