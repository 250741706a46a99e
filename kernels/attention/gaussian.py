"""The Gaussian law of the logits, and the integrand over it, for estimators that integrate plainly.

The softmax sees only differences of logits. Those to the last position are
``m(x)_l - m(x)_k`` and ``m(y)_l - m(y)_k`` for ``l < k``: Gaussian variables, ``2 (k - 1)`` of
them, of a rank that is often far smaller, since the strings share tokens and positions.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np
from jaxtyping import Float

from kernels.strings.patterns import Pattern

_REACH = 9.0
"""Standard deviations beyond which a logit difference is not met in any number of samples."""


@dataclass(frozen=True, eq=False)
class LogitLaw:
    """The law of the logit differences of a pattern, and the matrix of its integrand.

    Attributes:
        factor: ``A`` with (differences of x, then of y) ``= A z`` in law, ``z`` standard normal;
            its columns are the principal components, largest first, and as many as the rank.
        insertion: ``M = X Y^T + gamma^2 I``.

    >>> law = LogitLaw.of(Pattern.of("AA", "BB"), gamma=1.0)
    >>> law.factor.shape
    (4, 3)
    >>> law.factor @ law.factor.T  # the variances are 2 + 2 gamma^2
    array([[4., 3., 3., 2.],
           [3., 4., 2., 3.],
           [3., 2., 4., 3.],
           [2., 3., 3., 4.]])
    """

    factor: Float[np.ndarray, "d r"]
    insertion: Float[np.ndarray, "k k"]

    @classmethod
    def of(cls, pattern: Pattern, gamma: float) -> Self:
        """The law at a positional weight of at least 0."""
        k = pattern.length
        tokens = np.eye(1 + max(*pattern.x, *pattern.y), dtype=np.float64)
        X, Y = tokens[list(pattern.x)], tokens[list(pattern.y)]
        positions = np.eye(k)
        by_token = np.concatenate([(X - X[-1])[:-1], (Y - Y[-1])[:-1]])
        by_position = np.tile((positions - positions[-1])[:-1], (2, 1))
        # The rank is that of a matrix of 0, 1 and -1, read off without gamma, so that a tiny
        # gamma is not taken for 0. Singular values, not eigenvalues of the covariance: small
        # components keep their digits.
        structure = np.hstack([by_token, by_position]) if gamma > 0.0 else by_token
        rank = int(np.linalg.matrix_rank(structure))
        components, sizes, _ = np.linalg.svd(
            np.hstack([by_token, gamma * by_position]), full_matrices=False
        )
        factor = components[:, :rank] * sizes[:rank]
        # A component has no sign of its own; fixed here, one seed gives one result.
        largest = factor[np.abs(factor).argmax(axis=0), np.arange(rank)]
        factor = np.ascontiguousarray(factor * np.where(largest < 0.0, -1.0, 1.0))
        return cls(factor, X @ Y.T + gamma * gamma * positions)

    @property
    def length(self) -> int:
        """Positions in a string."""
        return int(self.insertion.shape[0])

    @property
    def rank(self) -> int:
        """The dimension of the law."""
        return int(self.factor.shape[1])

    @cached_property
    def bound(self) -> float:
        """The largest value of the integrand: it averages ``M`` with positive weights."""
        return float(self.insertion.max())

    @property
    def rounding(self) -> float:
        """One rounding of the integrand: what even the mean of a constant may be off."""
        return float(np.finfo(np.float64).eps) * self.bound

    @cached_property
    def center(self) -> float:
        """The integrand at ``z = 0``, which is the kernel at ``beta = 0``."""
        return float(self.insertion.mean())

    def unseen(self, beta: float, samples: int) -> float:
        """What an event that is rarer than one in so many samples may add to the mean.

        The range of the integrand over the samples: where no weight differs from ``1 / k`` by more
        than a factor ``e^d``, the integrand is within a factor ``e^(2 d)`` of its centre.
        """
        deviations = np.sqrt((self.factor**2).sum(axis=1))
        exponent = 4.0 * beta * _REACH * float(deviations.max(initial=0.0))
        near = self.center * math.expm1(exponent) if exponent < 1.0 else math.inf
        return min(near, self.bound) / samples

    def integrand(self, z: Float[np.ndarray, "r n"], beta: float) -> Float[np.ndarray, " n"]:
        """``smax(beta m(x))^T M smax(beta m(y))`` at each column of ``z``."""
        logits = beta * (self.factor @ z)
        split = self.length - 1
        first, second = _softmax(logits[:split]), _softmax(logits[split:])
        return np.einsum("kn,kn->n", first, self.insertion @ second)


def _softmax(differences: Float[np.ndarray, "d n"]) -> Float[np.ndarray, "k n"]:
    """The softmax of logits whose last one is 0, column by column."""
    shift = np.maximum(differences.max(axis=0, initial=0.0), 0.0)
    powers = np.concatenate([np.exp(differences - shift), np.exp(-shift)[None]])
    return powers / powers.sum(axis=0)
