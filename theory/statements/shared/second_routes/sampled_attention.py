"""The attention kernel by its definition, by sampling alone."""

from __future__ import annotations

import math

import numpy as np
from jaxtyping import Float64

from kernels.strings.tokens import tokenize
from kernels.transformer import TransformerKernel
from theory.statements.shared.claims.tails import BoundedMean


def _softmax(logits: Float64[np.ndarray, "n k"]) -> Float64[np.ndarray, "n k"]:
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def sampled_attention(
    kernel: TransformerKernel, x: str, y: str, draws: int, rng: np.random.Generator
) -> BoundedMean:
    """``E[smax(beta m(X))^T (X Y^T + gamma^2 I) smax(beta m(Y))]`` by a sample mean.

    Its radius rests on the range 0 to ``1 + gamma^2`` of the draws.
    """
    first, second = tokenize(x), tokenize(y)
    names = sorted({*first, *second})
    k, gamma = len(first), kernel.gamma
    beta = kernel.beta * (math.sqrt(1.0 + gamma**2) if kernel.scaling == "appendix-H" else 1.0)
    zeta, p = rng.standard_normal((draws, len(names))), rng.standard_normal((draws, k))
    read = [
        _softmax(beta * (zeta[:, [names.index(token) for token in tokens]] + gamma * p))
        for tokens in (first, second)
    ]
    agree = np.array([[float(a == b) for b in second] for a in first]) + gamma**2 * np.eye(k)
    values = np.einsum("ni,ij,nj->n", read[0], agree, read[1], optimize=True)
    return BoundedMean.of(values, 1.0 + gamma**2)
