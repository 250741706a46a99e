"""The idealized estimator (Appendix D, equations (16) to (18))."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from jaxtyping import Float64, Int32
from scipy.linalg import cho_factor, cho_solve

from kernels.checks import positive
from kernels.errors import InvalidInputError
from kernels.estimate import ErrorKind, EstimateArray
from kernels.kernel import Kernel
from kernels.patterns import Pattern
from kernels.tokens import tokenize, untokenize
from theory.matrix import TemplateMatrix, template_matrix
from theory.task import TemplateTask
from theory.template import is_wildcard


class IdealizedRidge:
    """Ridge regression as if no two strings shared a token that their templates do not.

    With Z the sample-by-template indicator, the prediction at x is

        y^T (Z N Z^T + ridge I)^{-1} Z v(x),   v(x)_j = K(sub(z_j, s), x),

    where s avoids R and the tokens of x. For D = Z^T Z it equals

        w^T (Q + ridge I)^{-1} D^{1/2} v(x),   Q = D^{1/2} N D^{1/2},   w = D^{-1/2} Z^T y

    over the templates that occur, by Z^T (Z N Z^T + ridge I)^{-1} = (D N + ridge I)^{-1} Z^T. So
    the cost does not depend on the number of samples once they are counted.

    Args:
        kernel: a positive semidefinite token-symmetric kernel.
        task: the task that the samples are of.
        ridge: the weight decay lambda of (4), above 0.
        matrix: N, where it is known already.

    Raises:
        InvalidInputError: ``ridge`` is not positive, or ``matrix`` is of other templates.
    """

    def __init__(
        self,
        kernel: Kernel,
        task: TemplateTask,
        *,
        ridge: float = 1.0,
        matrix: TemplateMatrix | None = None,
    ) -> None:
        self.kernel = kernel
        self.task = task
        self.ridge = positive("ridge", ridge)
        self.matrix = template_matrix(kernel, task) if matrix is None else matrix
        if self.matrix.templates != task.templates:
            raise InvalidInputError("matrix", str(self.matrix), "give the matrix of this task")

    def fit(
        self, templates: Int32[np.ndarray, " n"], labels: Float64[np.ndarray, " m"]
    ) -> IdealizedRidge:
        """Count the samples of each template and solve the reduced system.

        Args:
            templates: the index of each sample's template, as in `theory.Sample`.
            labels: the samples' labels, as many.

        Raises:
            InvalidInputError: no samples, unequal numbers, or an index that is no template's.
        """
        r = len(self.task)
        if len(templates) != len(labels) or not len(labels):
            raise InvalidInputError("labels", len(labels), f"give {len(templates) or 1} labels")
        if templates.min() < 0 or templates.max() >= r:
            raise InvalidInputError("templates", templates, f"indices go from 0 to {r - 1}")
        counts = np.bincount(templates, minlength=r)
        self._occur = np.flatnonzero(counts)
        self._roots = np.sqrt(counts[self._occur])
        block = np.ix_(self._occur, self._occur)
        scale = np.outer(self._roots, self._roots)
        self._system = scale * self.matrix.values[block] + self.ridge * np.eye(len(self._roots))
        self._system_error = scale * self.matrix.errors[block]
        self._factor = cho_factor(self._system, lower=True)
        sums = np.bincount(templates, weights=labels, minlength=r)[self._occur]
        self._target = sums / self._roots
        self._dual = cho_solve(self._factor, self._target)
        return self

    def predict(
        self,
        strings: Iterable[str | Sequence[str]],
        *,
        n_jobs: int | None = None,
        progress: bool = False,
    ) -> EstimateArray:
        """The idealized prediction at each string, with the error that N and v pass on to it.

        Where the entries carry standard errors, the error is the bound at one of each.

        Args:
            strings: any strings of the task's length.
            n_jobs: joblib workers; where left out, what ``joblib.parallel_config`` says.
            progress: show a progress bar.

        Raises:
            InvalidInputError: `fit` was not called, or a string has another length.
        """
        if not hasattr(self, "_factor"):
            raise InvalidInputError("strings", "", "call fit before predict")
        rows = [self._patterns(tokenize(string)) for string in strings]
        flat = [pattern for row in rows for pattern in row]
        found = self.kernel.values(flat, n_jobs=n_jobs, progress=progress)
        shape = len(rows), len(self._occur)
        v = self._roots * found.values.reshape(shape)
        v_error = self._roots * found.errors.reshape(shape)
        return EstimateArray(
            v @ self._dual,
            self._error(v, v_error),
            ErrorKind.weakest([found.kind, self.matrix.entries.kind, ErrorKind.NUMERICAL]),
            "idealized estimator, reduced to templates",
        )

    def _patterns(self, tokens: tuple[str, ...]) -> list[Pattern]:
        """The string beside each template that occurs, substituted with tokens of its own."""
        if len(tokens) != self.task.length:
            raise InvalidInputError(
                "strings",
                untokenize(tokens),
                f"give strings of {self.task.length - 1} tokens",
            )
        x = [("", token) for token in tokens]
        return [
            Pattern.of_codes([("z" if is_wildcard(token) else "", token) for token in z.tokens], x)
            for z in (self.task.templates[i] for i in self._occur)
        ]

    def _error(
        self, v: Float64[np.ndarray, "t q"], v_error: Float64[np.ndarray, "t q"]
    ) -> Float64[np.ndarray, " t"]:
        """A bound on the deviation, for entries within their errors of a semidefinite kernel.

        With M the system, M' the true one, p = M^{-1} w and q = M^{-1} v,

            w^T M'^{-1} v' - w^T M^{-1} v = p^T dv - p^T dM q - p^T dM M'^{-1} (dv - dM q),

        and the norm of M'^{-1} is at most 1 / ridge. Rounding of the solution adds |r|^T |q| for
        its residual r, and the summation of p^T v as many epsilons as it has terms.
        """
        p = np.abs(self._dual)
        q = np.abs(cho_solve(self._factor, v.T).T)
        moved = self._system_error @ p
        second = v_error + q @ self._system_error
        residual = np.abs(self._target - self._system @ self._dual)
        epsilon = (len(p) + 2) * float(np.finfo(np.float64).eps)
        rounding = q @ (residual + epsilon * np.abs(self._system) @ p) + epsilon * np.abs(v) @ p
        remainder = np.linalg.norm(moved) * np.linalg.norm(second, axis=1) / self.ridge
        result: Float64[np.ndarray, " t"] = v_error @ p + q @ moved + remainder + rounding
        return result
