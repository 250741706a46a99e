"""The idealized estimator (Appendix D, equations (16) to (18))."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from jaxtyping import Float64, Int64, Integer, Real
from scipy.linalg import cho_factor, cho_solve

from kernels.boundary.exceptions import InvalidInputError
from kernels.contract.kernel import Kernel
from kernels.estimates import EstimateArray, Numerical
from kernels.estimates.rules.arithmetic import Parts
from kernels.regression.arguments import limits
from kernels.regression.arguments.labels import checked_labels
from kernels.strings.encoding import Strings, encode
from kernels.strings.patterns import Pattern
from theory.matrix.template_matrix import TemplateMatrix, matrix_of
from theory.task import TemplateTask
from theory.template import is_wildcard


class IdealizedRidge:
    """Ridge regression as if no two strings shared a token that their templates do not.

    With Z the sample-by-template indicator, the prediction at x is

        y^T (Z N Z^T + alpha I)^{-1} Z v(x),   v(x)_j = K(sub(z_j, s), x),

    where s avoids R and the tokens of x. For D = Z^T Z it equals

        w^T (Q + alpha I)^{-1} D^{1/2} v(x),   Q = D^{1/2} N D^{1/2},   w = D^{-1/2} Z^T y

    over the templates that occur, by Z^T (Z N Z^T + alpha I)^{-1} = (D N + alpha I)^{-1} Z^T. So
    the cost does not depend on the number of samples once they are counted.

    Args:
        kernel: a positive semidefinite token-symmetric kernel.
        task: the task that the samples are of.
        alpha: the weight decay lambda of (4), above 0.
        matrix: N, where it is known already: what `template_matrix` returns for this kernel and
            this task.

    Raises:
        InvalidInputError: ``alpha`` is not positive, or ``matrix`` is of another kernel or of
            other templates.
    """

    def __init__(
        self,
        kernel: Kernel,
        task: TemplateTask,
        *,
        alpha: float = 1.0,
        matrix: TemplateMatrix | None = None,
    ) -> None:
        self.alpha = limits.alpha("alpha", alpha)
        self.matrix = matrix_of(kernel, task, matrix)
        self.kernel = kernel
        self.task = task

    def fit(
        self,
        templates: Sequence[int] | Integer[np.ndarray, " n"],
        labels: Sequence[float] | Real[np.ndarray, " m"],
    ) -> IdealizedRidge:
        """Count the samples of each template and solve the reduced system.

        Args:
            templates: the index of each sample's template, as in `theory.Sample`.
            labels: the samples' labels, as many.

        Raises:
            InvalidInputError: no samples, unequal numbers, an index that is no template's, labels
                that `checked_labels` refuses or that are rows of several, or a system that is not
                positive definite within rounding.
        """
        r = len(self.task)
        indices = _indices(templates, r)
        y = checked_labels(labels, len(indices), argument="labels")
        if y.ndim != 1:
            raise InvalidInputError("labels", y, "give each sample one label, not a row of them")
        counts = np.bincount(indices, minlength=r)
        occur = np.flatnonzero(counts)
        roots = np.sqrt(counts[occur])
        block, scale = np.ix_(occur, occur), np.outer(roots, roots)
        system = scale * self.matrix.values[block] + self.alpha * np.eye(len(roots))
        factor = _factorized(system, self.alpha)
        # Nothing is kept before all of it is known: a fit that fails leaves the last one as it is.
        self._occur, self._roots, self._system, self._factor = occur, roots, system, factor
        self._target = np.bincount(indices, weights=y, minlength=r)[occur] / roots
        self._dual = cho_solve(factor, self._target)
        return self

    def predict(
        self,
        strings: Strings,
        *,
        n_jobs: int | None = None,
        progress: bool = False,
    ) -> EstimateArray:
        """The idealized prediction at each string, with the error that N and v pass on to it.

        Where the entries carry standard errors, the error is the bound at one of each.

        Args:
            strings: any strings of the task's length, as `encode` reads them.
            n_jobs: joblib workers; where left out, what ``joblib.parallel_config`` says.
            progress: show a progress bar.

        Raises:
            InvalidInputError: `fit` was not called, or these are not strings of that length.
        """
        if not hasattr(self, "_factor"):
            raise InvalidInputError("strings", strings, "call fit before predict")
        encoded = encode(strings)
        if encoded.length != self.task.length:
            needed = f"give strings of {self.task.length - 1} tokens"
            raise InvalidInputError("strings", encoded[0], needed)
        rows = [self._patterns(encoded.tokens(row)) for row in range(len(encoded))]
        flat = [pattern for row in rows for pattern in row]
        found = self.kernel.values(flat, n_jobs=n_jobs, progress=progress)
        shape = len(rows), len(self._occur)
        v = self._roots * found.values.reshape(shape)
        block = np.ix_(self._occur, self._occur)
        scale = np.outer(self._roots, self._roots)
        bounds, errors = (
            self._error(v, self._roots * of_v.reshape(shape), scale * of_matrix[block])
            for of_v, of_matrix in (
                (found.bounds, self.matrix.entries.bounds),
                (found.errors, self.matrix.errors),
            )
        )
        solved = EstimateArray.of(0.0, Numerical, 0.0, "idealized estimator, reduced to templates")
        # Standard errors count at one of each; errors of every kind enter the second order.
        parts = Parts(v @ self._dual, bounds, errors - bounds)
        return EstimateArray.reduced(parts, found, self.matrix.entries, solved)

    def _patterns(self, tokens: tuple[str, ...]) -> list[Pattern]:
        """The string beside each template that occurs, substituted with tokens of its own."""
        x = [("", token) for token in tokens]
        return [
            Pattern.of_codes([("z" if is_wildcard(token) else "", token) for token in z.tokens], x)
            for z in (self.task.templates[i] for i in self._occur)
        ]

    def _error(
        self,
        v: Float64[np.ndarray, "t q"],
        v_error: Float64[np.ndarray, "t q"],
        system_error: Float64[np.ndarray, "q q"],
    ) -> Float64[np.ndarray, " t"]:
        """A bound on the deviation, for entries within their errors of a semidefinite kernel.

        With M the system, M' the true one, p = M^{-1} w and q = M^{-1} v,

            w^T M'^{-1} v' - w^T M^{-1} v = p^T dv - p^T dM q - p^T dM M'^{-1} (dv - dM q),

        and the norm of M'^{-1} is at most 1 / alpha. Rounding of the solution adds |r|^T |q| for
        its residual r, and the summation of p^T v as many epsilons as it has terms.
        """
        p = np.abs(self._dual)
        q = np.abs(cho_solve(self._factor, v.T).T)
        moved = system_error @ p
        second = v_error + q @ system_error
        residual = np.abs(self._target - self._system @ self._dual)
        epsilon = (len(p) + 2) * float(np.finfo(np.float64).eps)
        rounding = q @ (residual + epsilon * np.abs(self._system) @ p) + epsilon * np.abs(v) @ p
        remainder = np.linalg.norm(moved) * np.linalg.norm(second, axis=1) / self.alpha
        result: Float64[np.ndarray, " t"] = v_error @ p + q @ moved + remainder + rounding
        return result


def _factorized(
    system: Float64[np.ndarray, "q q"], alpha: float
) -> tuple[Float64[np.ndarray, "q q"], bool]:
    """The Cholesky factor of a system, refused where rounding may leave none.

    By Demmel's theorem there is one where the least eigenvalue of the system, scaled to a diagonal
    of ones, exceeds q (q + 1) / 2 epsilons. Below, it is luck, and the solution means nothing.
    """
    diagonal, q = np.diag(system), len(system)
    enough = q * (q + 1) / 2.0 * float(np.finfo(np.float64).eps)
    if diagonal.min() > 0.0:
        scaled = system / np.sqrt(np.outer(diagonal, diagonal))
        if np.linalg.eigvalsh(scaled)[0] > enough:
            factor, lower = cho_factor(system, lower=True)
            return factor, bool(lower)
    raise InvalidInputError(
        "alpha",
        alpha,
        "the template matrix, scaled by the numbers of samples, plus alpha is not positive "
        "definite within rounding; give a larger alpha, or a kernel that is positive semidefinite",
    )


def _indices(templates: object, r: int) -> Int64[np.ndarray, " n"]:
    """Indices of r templates as an array."""
    try:
        found = np.asarray(templates)
    except ValueError:  # rows of unequal lengths
        found = np.empty(0)
    if (
        found.ndim != 1
        or found.size == 0
        or found.dtype.kind not in "iu"
        or found.min() < 0
        or found.max() >= r
    ):
        raise InvalidInputError(
            "templates",
            templates,
            f"give the index of each sample's template: indices go from 0 to {r - 1}",
        )
    return found.astype(np.int64)
