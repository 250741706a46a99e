"""How far samples that share symbols spread the predictor: bounds on V and U (B2).

V = (Z^T (Sigma + ridge I)^{-1} Z)^{-1} is the least of B^T (Sigma + ridge I) B over B^T Z = I, in
the Loewner order (Gauss-Markov), and U = dV / d ridge. With D = diag(n_a) and
W = D^{-1} Z^T Sigma Z D^{-1}:

    ridge D^{-1} <= V <= W + ridge D^{-1},    D^{-1} <= U <= V / ridge,
    E[V | n] <= mean_spread,    V >= least_spread for every law and every sample.
"""

from __future__ import annotations

import numpy as np
from jaxtyping import Float64, Int64

from theory.unseen.bounds.overlap import uniform_overlap
from theory.unseen.bounds.pairs import TemplatePairs

Counts = Int64[np.ndarray, " r"] | Float64[np.ndarray, " r"]
"""Samples of each template, above 0."""


def sample_spread(
    gram: Float64[np.ndarray, "n n"],
    indicator: Float64[np.ndarray, "n r"],
    apart: Float64[np.ndarray, "r r"],
) -> Float64[np.ndarray, "r r"]:
    """W = D^{-1} Z^T K Z D^{-1} - N, the Gram matrix of the mean deviations of the samples.

    Args:
        gram: K of the n samples.
        indicator: Z.
        apart: N.
    """
    means = indicator / indicator.sum(axis=0)
    return means.T @ gram @ means - apart


def mean_spread(
    overlap: Float64[np.ndarray, "r r"],
    deviations: Float64[np.ndarray, " r"],
    counts: Counts,
    ridge: float,
) -> Float64[np.ndarray, "r r"]:
    """Delta + diag((ridge + d_a - Delta_aa) / n_a), which E[V | n] is at most.

    It is not increasing in Delta; where only a matrix above Delta is known, see `safe_spread`.

    Args:
        overlap: Delta.
        deviations: d_a.
        counts: n_a.
        ridge: lambda.
    """
    return overlap + np.diag((ridge + deviations - np.diag(overlap)) / counts)


def safe_spread(
    above: Float64[np.ndarray, "r r"],
    deviations: Float64[np.ndarray, " r"],
    counts: Counts,
    ridge: float,
) -> Float64[np.ndarray, "r r"]:
    """Delta' + diag((ridge + d_a) / n_a) for any Delta' above Delta: above `mean_spread`."""
    return above + np.diag((ridge + deviations) / counts)


def least_spread(
    pairs: TemplatePairs, counts: Counts, ridge: float, symbols: int
) -> Float64[np.ndarray, "r r"]:
    """Delta of the uniform law on the m symbols seen, plus ridge D^{-1}: below V for every law.

    Args:
        pairs: K_M.
        counts: n_a.
        ridge: lambda.
        symbols: how many distinct symbols the sample has, or more.
    """
    return uniform_overlap(pairs, symbols) + np.diag(ridge / np.asarray(counts))
