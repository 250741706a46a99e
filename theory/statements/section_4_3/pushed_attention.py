"""The attention kernel with the logit of [CLS] pushed, of short strings, by quadrature."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float64
from numpy.polynomial.hermite_e import hermegauss

from kernels.estimates import Estimate, Numerical
from kernels.strings.tokens import tokenize

NODES = (16, 24)
"""Gauss-Hermite nodes in each of up to four dimensions; the coarser rule tells the error."""


@dataclass(frozen=True)
class PushedAttention:
    """The attention kernel with ``a (1 + gamma^2)`` added to the logit of [CLS].

    Attributes:
        beta: inverse temperature.
        gamma: positional weight.
        push: a.
        tangent: with the derivative of softmax by a in place of softmax.
    """

    beta: float
    gamma: float
    push: float = 0.0
    tangent: bool = False

    def value(self, x: str, y: str) -> Estimate:
        """Of two strings, by Gauss-Hermite quadrature over the logits less that of [CLS]."""
        coarse, fine = (self._by_nodes(tokenize(x), tokenize(y), n) for n in NODES)
        error = abs(fine - coarse) + 1e-13 * (1.0 + self.gamma**2)
        return Estimate(fine, Numerical(error))

    def _by_nodes(self, x: Sequence[str], y: Sequence[str], count: int) -> float:
        names = sorted({*x, *y})
        k = len(x)
        loadings = np.zeros((2 * k, len(names) + k))
        for i, token in enumerate((*x, *y)):
            loadings[i, names.index(token)] = 1.0
            loadings[i, len(names) + i % k] = self.gamma
        moved = np.vstack([part[:-1] - part[-1] for part in (loadings[:k], loadings[k:])])
        variances, vectors = np.linalg.eigh(moved @ moved.T)
        kept = variances > 1e-12 * variances[-1]
        roots = vectors[:, kept] * np.sqrt(variances[kept])
        nodes, weights = hermegauss(count)
        dimensions = int(kept.sum())
        points = np.stack(np.meshgrid(*[nodes] * dimensions, indexing="ij"), -1)
        logits = points.reshape(-1, dimensions) @ roots.T
        total = np.ones(1)
        for _ in range(dimensions):
            total = np.multiply.outer(total, weights / weights.sum()).ravel()
        agree = np.array([[float(a == b) for b in y] for a in x]) + self.gamma**2 * np.eye(k)
        first, second = (self.read(part) for part in (logits[:, : k - 1], logits[:, k - 1 :]))
        return float(total @ self.combined(first, second, agree))

    def combined(
        self,
        first: Float64[np.ndarray, "n k"],
        second: Float64[np.ndarray, "n k"],
        agree: Float64[np.ndarray, "k k"],
    ) -> Float64[np.ndarray, " n"]:
        """``a_x^T B a_y`` at given attention weights, B being ``X Y^T + gamma^2 I``."""
        found: Float64[np.ndarray, " n"]
        found = np.einsum("ni,ij,nj->n", first, agree, second, optimize=True)
        return found

    def read(self, logits: Float64[np.ndarray, "n l"]) -> Float64[np.ndarray, "n k"]:
        """Softmax of the logits, [CLS] last, or its derivative by a."""
        size = self.beta * (1.0 + self.gamma**2)
        all_logits = np.column_stack([self.beta * logits, np.full(len(logits), size * self.push)])
        powers = np.exp(all_logits - all_logits.max(axis=1, keepdims=True))
        softmax = powers / powers.sum(axis=1, keepdims=True)
        if not self.tangent:
            return softmax
        change = -softmax * softmax[:, -1:]
        change[:, -1] += softmax[:, -1]
        return size * change
