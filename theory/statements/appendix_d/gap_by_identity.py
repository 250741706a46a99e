"""The gap of ridge regression and the idealized estimator: by fits, by B1, and bounded by B2.

Let the samples avoid R, D count them by template, ``P = (N + V)^{-1}`` as in B1 of
`docs/theorems-ridge.md`, and ``P_0 = (N + V_0)^{-1}`` the same for the idealized estimator, whose
Sigma is 0, so that ``V_0 = lambda D^{-1}``. For labels ``y = Z f + xi`` and u = N e_i the two
predictions at unseen x of template i differ by

    u^T (P_0 - P) f    plus noise of variance at most    sigma^2 u^T (P_0 - P) u / lambda:

with a and a_0 the two weights, ``|a - a_0|^2`` is

    u^T (P_0 - P) D^{-1} (P_0 - P) u + u^T P (U - D^{-1}) P u,

and ``U <= V / lambda`` with ``P_0 - P = P X P + P X P_0 X P``, X = V - V_0, give the rest. By B2
``V <= V_0 + D^{-1} Z^T Sigma Z D^{-1}``, and Sigma is 0 but for its diagonal d_a and for bad
pairs, where it is at most ``sqrt(d_a d_b)`` in size. With B_ab of those between samples of a and
b, Gershgorin's theorem makes that

    V <= V_0 + diag((d_a + e_a) / n_a),    e_a = sum_b B_ab sqrt(d_a d_b) / n_b,

so ``0 <= P_0 - P <= T = P_0 - (N + V_0 + diag((d + e) / n))^{-1}``. A semidefinite E below T has
``|u^T E f| <= (|u^T T f| + sqrt(u^T T u f^T T f)) / 2``: that is the bound. It falls to that of the
diagonal alone as bad pairs disappear, and to 0 without a diagonal. Whatever V is, ``E <= P_0``: the
same with P_0 in place of T is the trivial bound.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Float64

from kernels.contract.kernel import Kernel
from kernels.estimates import EstimateArray, Numerical
from kernels.strings.encoding import EncodedStrings
from theory.idealized.ridge import IdealizedRidge
from theory.matrix.template_matrix import TemplateMatrix, template_matrix
from theory.sample import Sample
from theory.statements.shared.instances.overlaps import Overlaps
from theory.task import TemplateTask
from theory.unseen.membership import membership


def avoiding_regular(overlaps: Overlaps) -> Sample:
    """The samples whose substituted tokens are none of the templates' own: no bad index."""
    kept, sample = ~overlaps.meets_regular, overlaps.sample
    strings = EncodedStrings(sample.strings.codes[kept], sample.strings.vocabulary)
    return replace(
        sample, strings=strings, labels=sample.labels[kept], templates=sample.templates[kept]
    )


@dataclass(frozen=True, eq=False)
class GapBounds:
    """Bounds at each template.

    Attributes:
        mean: of the gap of the mean predictions.
        trivial: of the same, whatever the diagonal and the overlaps are.
        weights: of ``|a - a_0|``, which noise of deviation 1 makes a deviation of the gap.
    """

    mean: Float64[np.ndarray, " r"]
    trivial: Float64[np.ndarray, " r"]
    weights: Float64[np.ndarray, " r"]


@dataclass(frozen=True, eq=False)
class UnseenGap:
    """One sample that avoids R, and how far the two predictions at unseen strings are apart.

    Attributes:
        kernel: positive semidefinite.
        task: its labels are the mean labels f_*.
        sample: avoids R.
        ridge: lambda.
        matrix: N.
    """

    kernel: Kernel
    task: TemplateTask
    sample: Sample
    ridge: float
    matrix: TemplateMatrix

    @property
    def mean_labels(self) -> Float64[np.ndarray, " n"]:
        """``Z f_*``."""
        return self.task.label_array[self.sample.templates]

    @property
    def noise(self) -> Float64[np.ndarray, " n"]:
        """xi: what the labels have beside."""
        return self.sample.labels - self.mean_labels

    def by_fits(self, labels: Float64[np.ndarray, " n"]) -> EstimateArray:
        """``f - f_ideal`` at an unseen string of each template, by the two estimators.

        The error covers the solver's residual and that of the idealized prediction.
        """
        from kernels.regression.ridge import KernelRidge  # noqa: PLC0415 - scikit-learn is slow

        unseen = self.task.unseen()
        ideal = IdealizedRidge(self.kernel, self.task, alpha=self.ridge, matrix=self.matrix)
        model = KernelRidge(self.kernel, alpha=self.ridge).fit(self.sample.strings, labels)
        predicted = ideal.fit(self.sample.templates, labels).predict(unseen)
        # |v| is at most the largest value times sqrt(n), the inverse at most 1 / ridge.
        largest = max(float(self._own.max()), float(self.matrix.values.max()))
        size = float(np.linalg.norm(labels)) / self.ridge
        unsolved = largest * np.sqrt(len(labels)) * model.residual_ * size
        return EstimateArray.of(0.0, Numerical, unsolved) + model.predict(unseen) - predicted

    def by_identity(self, labels: Float64[np.ndarray, " n"]) -> Float64[np.ndarray, " r"]:
        """The same by B1, from the dense Sigma, for a sample that avoids R.

        ``u^T (P V Z^T (Sigma + lambda)^{-1} - P_0 D^{-1} Z^T) y``.
        """
        return self._mean(self._indicator, self._n, self._u, labels) - self._ideal(labels)

    def by_specializations(self, labels: Float64[np.ndarray, " n"]) -> Float64[np.ndarray, " r"]:
        """The same where samples may hit R, by B1 and B10.

        A sample that hits R is one of a template of its own for B1, and one of its parent's for
        the idealized estimator.
        """
        members = membership(self.task, self.sample.strings, specialize=True)
        r, more = len(self.task), members.templates[members.whole :]
        matrix = template_matrix(self.kernel, (*self.task.templates, *more)).values
        place = [*members.parents[: members.whole], *range(r, r + len(more))]
        z = np.eye(len(place))[members.index]
        real = self._mean(z, matrix[np.ix_(place, place)], matrix[:r, place], labels)
        return real - self._ideal(labels)

    def _mean(
        self,
        z: Float64[np.ndarray, "n c"],
        n: Float64[np.ndarray, "c c"],
        u: Float64[np.ndarray, "r c"],
        labels: Float64[np.ndarray, " n"],
    ) -> Float64[np.ndarray, " r"]:
        """``u^T P V Z^T (Sigma + lambda)^{-1} y`` for samples of c listed templates."""
        gram = self.kernel.gram(self.sample.strings).values
        system = gram - z @ n @ z.T + self.ridge * np.eye(len(z))
        solved = np.linalg.solve(system, np.column_stack([z, labels]))
        v = np.linalg.inv(z.T @ solved[:, :-1])
        found: Float64[np.ndarray, " r"] = u @ np.linalg.solve(n + v, v @ (z.T @ solved[:, -1]))
        return found

    def _ideal(self, labels: Float64[np.ndarray, " n"]) -> Float64[np.ndarray, " r"]:
        """The idealized estimator's predictions."""
        means = (self._indicator.T @ labels) / self._counts
        found: Float64[np.ndarray, " r"] = self._u @ (self._ideal_inverse @ means)
        return found

    def bounds(self, bad_pairs: Float64[np.ndarray, "r r"], *, diagonal: bool = True) -> GapBounds:
        """What overlaps and the diagonal allow.

        Args:
            bad_pairs: ordered bad pairs between samples of two templates.
            diagonal: whether d_a, which the idealized matrix changes, is counted.
        """
        occur, p0 = self._occur, self._ideal_inverse
        d = np.maximum(self._own - np.diag(self.matrix.values), 0.0)[occur]
        pairs = bad_pairs[np.ix_(occur, occur)] * np.sqrt(np.outer(d, d))
        more = (d if diagonal else 0.0 * d) + pairs @ (1.0 / self._counts)
        v = np.diag((self.ridge + more) / self._counts)
        moved = p0 - np.linalg.inv(self._n + v)
        f, u = self.task.label_array[occur], self._u
        weights = np.sqrt(np.maximum(np.einsum("ta,ab,tb->t", u, moved, u), 0.0) / self.ridge)
        return GapBounds(_largest_form(u, moved, f), _largest_form(u, p0, f), weights)

    @property
    def _occur(self) -> np.ndarray:
        return np.unique(self.sample.templates)

    @property
    def _indicator(self) -> Float64[np.ndarray, "n c"]:
        return np.eye(len(self.task))[self.sample.templates][:, self._occur]

    @property
    def _counts(self) -> Float64[np.ndarray, " c"]:
        return self._indicator.sum(axis=0)

    @property
    def _n(self) -> Float64[np.ndarray, "c c"]:
        return self.matrix.values[np.ix_(self._occur, self._occur)]

    @property
    def _u(self) -> Float64[np.ndarray, "r c"]:
        return self.matrix.values[:, self._occur]

    @property
    def _ideal_inverse(self) -> Float64[np.ndarray, "c c"]:
        found: Float64[np.ndarray, "c c"]
        found = np.linalg.inv(self._n + np.diag(self.ridge / self._counts))
        return found

    @property
    def _own(self) -> Float64[np.ndarray, " r"]:
        return self.kernel.diagonal(self.task.unseen()).values


def _largest_form(
    u: Float64[np.ndarray, "r c"], t: Float64[np.ndarray, "c c"], f: Float64[np.ndarray, " c"]
) -> Float64[np.ndarray, " r"]:
    """The largest ``|u^T E f|`` over ``0 <= E <= T``, for each row u."""
    squares = np.einsum("ta,ab,tb->t", u, t, u) * (f @ t @ f)
    found: Float64[np.ndarray, " r"] = (np.abs(u @ t @ f) + np.sqrt(np.maximum(squares, 0.0))) / 2.0
    return found
