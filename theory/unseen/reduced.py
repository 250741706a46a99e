"""The r-by-r matrices that decide every prediction at unseen symbols (B1), from iterative solves.

With Sigma = K - Z N Z^T for the n training strings and their templates' indicators Z,

    P = Z^T (K + ridge I)^{-1} Z = (N + V)^{-1},    V = (Z^T (Sigma + ridge I)^{-1} Z)^{-1},
    U = dV / d ridge,    N P U P N = N Z^T (K + ridge I)^{-2} Z N.

For any B whatever and its residual Q = Z - (K + ridge I) B, expanding (K + ridge I)^{-1} Z as
B + (K + ridge I)^{-1} Q twice gives

    P = Z^T B + B^T Q + Q^T (K + ridge I)^{-1} Q,

so P lies between its first two terms and these plus Q^T Q / ridge, in the Loewner order (B8): the
error is of second order in the residual.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float64

from kernels.estimates import EstimateArray, Numerical
from theory.unseen.fitted import IndicatorSolution

_EPSILON = float(np.finfo(np.float64).eps)

_ROUNDINGS = 32.0
"""Roundings of a term in the sums behind a product with the Gram operator: its orders of
inclusion-exclusion, up to 2^4 for strings of four symbols, and blocked summation."""


def numerical(
    values: Float64[np.ndarray, "*s"], errors: Float64[np.ndarray, "*s"]
) -> EstimateArray:
    """What comes out of the solves, with the bound on what they left open."""
    return EstimateArray.of(values, Numerical, errors, "a solve for each template")


@dataclass(frozen=True, eq=False)
class ReducedMatrices:
    """P, V and U of a fit, each with what the solves have left open.

    Attributes:
        gram: N of the templates that occur, shape ``(c, c)``.
        lower: below P in the Loewner order, rounding aside.
        slack: lower + slack is above P, rounding aside; positive semidefinite.
        rounding: a bound on what rounding did to each entry of P.
        squared: B^T B, an approximation to P U P, and
        moved: Q^T Q / floor^2, with norm(B v) off by at most sqrt(v^T moved v).
    """

    gram: Float64[np.ndarray, "c c"]
    lower: Float64[np.ndarray, "c c"]
    slack: Float64[np.ndarray, "c c"]
    rounding: Float64[np.ndarray, "c c"]
    squared: Float64[np.ndarray, "c c"]
    moved: Float64[np.ndarray, "c c"]

    @classmethod
    def of(
        cls,
        gram: Float64[np.ndarray, "c c"],
        solved: IndicatorSolution,
        *,
        ridge: float,
        floor: float,
        largest: float,
    ) -> ReducedMatrices:
        """The matrices from what was solved.

        Args:
            gram: N.
            solved: the solves' inner products.
            ridge: lambda.
            floor: a lower bound on the eigenvalues of K + ridge I, above 0.
            largest: the largest kernel value.
        """
        lower = solved.zb + solved.bq
        s, norms = solved.sums, np.sqrt(np.diag(solved.bb))
        rounding = largest * np.outer(s, s) + ridge * np.outer(norms, norms)
        rounding = _ROUNDINGS * _EPSILON * (rounding + s[:, None] + s[None, :])
        # Rounding of a residual's entry, times the root of n, is a bound on that of its norm.
        left = np.sqrt(np.diag(solved.qq))
        grain = _ROUNDINGS * _EPSILON * solved.root * (largest * s + 1.0)
        qq = solved.qq + np.diag((2.0 * left + grain) * grain)
        slack, moved = qq / floor, qq / floor**2
        return cls(gram, (lower + lower.T) / 2.0, slack, rounding, solved.bb, moved)

    def form(
        self, left: Float64[np.ndarray, "t c"], right: Float64[np.ndarray, "c s"]
    ) -> tuple[Float64[np.ndarray, "t s"], Float64[np.ndarray, "t s"]]:
        """left P right, and a bound on its error.

        A semidefinite E between 0 and the slack T has |v^T E w| <= sqrt(v^T T v w^T T w). The
        value is taken in the middle of the enclosure.
        """
        rows = np.sqrt(_quadratic(left.T, self.slack))
        columns = np.sqrt(_quadratic(right, self.slack))
        value = left @ (self.lower + self._middle) @ right
        # E - T / 2 lies between -T / 2 and T / 2.
        error = np.outer(rows, columns) / 2.0
        sums = np.abs(left) @ (np.abs(self.lower) * _EPSILON * len(self.gram) + self.rounding)
        return value, error + sums @ np.abs(right)

    def spread(
        self, right: Float64[np.ndarray, "c s"]
    ) -> tuple[Float64[np.ndarray, " s"], Float64[np.ndarray, " s"]]:
        """sqrt(v^T P U P v) for each column v, and a bound on its error."""
        value = np.sqrt(_quadratic(right, self.squared))
        error = np.sqrt(_quadratic(right, self.moved))
        return value, error + _ROUNDINGS * _EPSILON * value

    def solve(
        self, right: Float64[np.ndarray, " c"], errors: Float64[np.ndarray, " c"]
    ) -> tuple[Float64[np.ndarray, " c"], Float64[np.ndarray, " c"]]:
        """P^{-1} right for a right-hand side with errors, and a bound on its error."""
        inverse = self._inverse
        magnitude = np.abs(inverse)
        gap = self._gap
        value = inverse @ right
        error = np.sqrt(np.diag(gap) * _quadratic(right[:, None], gap)[0])
        return value, error + magnitude @ (errors + self.rounding @ np.abs(value))

    def stretch(self, known: Float64[np.ndarray, " c"], ridge: float) -> float:
        """A bound on |Theta|, the norm of the part of the mean predictor that unseen strings miss.

        With h = P f, |Theta|^2 = h^T (V - ridge U) h, where V h = f - N h, and h^T U h = |B f|^2.
        """
        h, h_error = self.form(np.eye(len(known)), known[:, None])
        left, left_error = self.form(self.gram, known[:, None])
        missing = known - left[:, 0]
        square = h[:, 0] @ missing
        square += np.abs(h[:, 0]) @ left_error[:, 0]
        square += h_error[:, 0] @ (np.abs(missing) + left_error[:, 0])
        spread, error = self.spread(known[:, None])
        square -= ridge * max(float(spread[0] - error[0]), 0.0) ** 2
        return float(np.sqrt(max(square, 0.0)))

    @property
    def _inverse(self) -> Float64[np.ndarray, "c c"]:
        """P^{-1}, from the middle of the enclosure."""
        inverse = np.linalg.inv(self.lower + self._middle)
        return (inverse + inverse.T) / 2.0

    @property
    def _middle(self) -> Float64[np.ndarray, "c c"]:
        return self.slack / 2.0

    @property
    def _gap(self) -> Float64[np.ndarray, "c c"]:
        """The inverse of the lower end less that of the upper one, semidefinite."""
        # L^-1 - (L + T)^-1 = L^-1 T (L + T)^-1, without cancellation.
        found = np.linalg.inv(self.lower) @ self.slack @ np.linalg.inv(self.lower + self.slack)
        return (found + found.T) / 2.0

    @property
    def V_error(self) -> Float64[np.ndarray, " c"]:  # noqa: N802
        """Bounds on the errors of V's diagonal."""
        magnitude = np.abs(self._inverse)
        rounding = np.einsum("ab,bc,ca->a", magnitude, self.rounding, magnitude)
        return np.diag(self._gap) + rounding + _EPSILON * np.diag(np.abs(self.gram) + magnitude)

    @property
    def V(self) -> Float64[np.ndarray, "c c"]:  # noqa: N802 - the name in the theorems
        """V = P^{-1} - N, from the middle of the enclosure of P."""
        return self._inverse - self.gram

    @property
    def U(self) -> Float64[np.ndarray, "c c"]:  # noqa: N802
        """U = P^{-1} B^T B P^{-1}, the covariance of unbiased label estimates at unit noise."""
        return self._inverse @ self.squared @ self._inverse


def _quadratic(
    vectors: Float64[np.ndarray, "c s"], matrix: Float64[np.ndarray, "c c"]
) -> Float64[np.ndarray, " s"]:
    """v^T M v for each column v."""
    found: Float64[np.ndarray, " s"] = np.einsum("cs,cd,ds->s", vectors, matrix, vectors)
    return np.maximum(found, 0.0)
