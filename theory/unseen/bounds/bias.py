"""Bounds on the bias at unseen strings, from bounds on V (B3)."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float64


def parallel_sum(
    apart: Float64[np.ndarray, "r r"], spread: Float64[np.ndarray, "r r"]
) -> Float64[np.ndarray, "r r"]:
    """N : V = N (N + V)^{-1} V, semidefinite, below N and below V, increasing and concave in V.

    >>> parallel_sum(np.eye(1), 3.0 * np.eye(1)).tolist()
    [[0.75]]
    """
    found = apart @ np.linalg.solve(apart + spread, spread)
    return (found + found.T) / 2.0


def bias(
    apart: Float64[np.ndarray, "r r"],
    spread: Float64[np.ndarray, "r r"],
    labels: Float64[np.ndarray, " r"],
) -> Float64[np.ndarray, " r"]:
    """Mean prediction minus label, -V (N + V)^{-1} f_*: B1 for a known or supposed V."""
    return -spread @ np.linalg.solve(apart + spread, labels)


def largest_bias(
    apart: Float64[np.ndarray, "r r"],
    spread: Float64[np.ndarray, "r r"],
    weights: Float64[np.ndarray, " r"],
) -> Float64[np.ndarray, " r"]:
    """sqrt((N : V)_ii g^T (N : V) g) with f_* = N g.

    At least |bias_i| where ``spread`` is V or above it; at least E[|bias_i|] where it is above
    E[V], since N : V is concave in V.

    Args:
        apart: N.
        spread: V, or a matrix above it or its mean.
        weights: g.
    """
    both = parallel_sum(apart, spread)
    return np.sqrt(np.maximum(np.diag(both) * (weights @ both @ weights), 0.0))


def weighted_bias(
    apart: Float64[np.ndarray, "r r"],
    spread: Float64[np.ndarray, "r r"],
    weights: Float64[np.ndarray, " r"],
) -> float:
    """g^T (N : V) g, which is -g^T bias; below it where ``spread`` is below V.

    So no sample of the law has all its biases below this over the sum of |g_i|.
    """
    return float(weights @ parallel_sum(apart, spread) @ weights)
