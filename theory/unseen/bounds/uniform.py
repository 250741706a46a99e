"""Bias and noise where all templates are substituted uniformly from the same symbols (B5)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float64

from theory.unseen.bounds.bias import largest_bias
from theory.unseen.bounds.spread import Counts


@dataclass(frozen=True, eq=False)
class UniformBounds:
    """V = Delta + V', where only V' is random: E[V' | n] <= Lambda.

    With N' = N + Delta, g' = N'^{-1} f_* and b' = V' (N' + V')^{-1} f_*,

        bias = -Delta g' - N N'^{-1} b',
        E[|b'_a| | n] <= sqrt((N' : Lambda)_aa g'^T (N' : Lambda) g'),
        Lambda = diag((ridge + d_a - Delta_aa) / n_a),
        E[U | n] <= diag((1 + (d_a - Delta_aa) / ridge) / n_a).

    Args:
        apart: N.
        overlap: Delta of the uniform law.
        deviations: d_a.
        labels: f_*, in the range of N + Delta.
        counts: n_a.
        ridge: lambda.
    """

    apart: Float64[np.ndarray, "r r"]
    overlap: Float64[np.ndarray, "r r"]
    deviations: Float64[np.ndarray, " r"]
    labels: Float64[np.ndarray, " r"]
    counts: Counts
    ridge: float

    @property
    def rest(self) -> Float64[np.ndarray, " r"]:
        """The diagonal of Lambda; Delta_aa <= d_a, by Jensen's inequality."""
        left = np.maximum(self.deviations - np.diag(self.overlap), 0.0)
        return (self.ridge + left) / self.counts

    @property
    def limit(self) -> Float64[np.ndarray, " r"]:
        """-Delta g': the bias that no number of samples removes."""
        return -self.overlap @ self._weights

    @property
    def bias(self) -> tuple[Float64[np.ndarray, " r"], Float64[np.ndarray, " r"]]:
        """The limit, and a bound on E[|bias - limit| | n] at each template."""
        falling = largest_bias(self._joint, np.diag(self.rest), self._weights)
        carried = np.abs(self.apart @ self._inverse) @ falling
        return self.limit, carried

    def noise(self, sigma: float) -> Float64[np.ndarray, " r"]:
        """A bound on sqrt(E[noise_i^2 | n]).

        With A = (N' + V')^{-1} the variance is sigma^2 (N A U A N)_ii, U <= V' / ridge, and
        N' A V' A N' <= N' : V', of which the mean is at most N' : Lambda (concavity).
        """
        lambda_ = np.diag(self.rest)
        both = self._joint @ np.linalg.solve(self._joint + lambda_, lambda_)
        carried = self.apart @ self._inverse
        variance = np.diag(carried @ both @ carried.T) / self.ridge
        return sigma * np.sqrt(np.maximum(variance, 0.0))

    @property
    def covariance(self) -> Float64[np.ndarray, "r r"]:
        """The bound on E[U | n]: of unbiased label estimates at unit noise."""
        left = np.maximum(self.deviations - np.diag(self.overlap), 0.0)
        return np.diag((1.0 + left / self.ridge) / self.counts)

    @property
    def _joint(self) -> Float64[np.ndarray, "r r"]:
        return self.apart + self.overlap

    @property
    def _weights(self) -> Float64[np.ndarray, " r"]:
        return self._inverse @ self.labels

    @property
    def _inverse(self) -> Float64[np.ndarray, "r r"]:
        """The pseudo-inverse of N'. N and Delta, semidefinite, vanish where N' does."""
        found: Float64[np.ndarray, "r r"] = np.linalg.pinv(self._joint, hermitian=True)
        return found
