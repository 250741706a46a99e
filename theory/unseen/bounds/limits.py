"""Where the bias goes as samples or symbols grow without end (B6), and the choice of ridge (B7)."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float64

from theory.unseen.bounds.bias import bias
from theory.unseen.bounds.explicit import weights_of
from theory.unseen.bounds.overlap import leading_overlap, uniform_overlap
from theory.unseen.bounds.pairs import TemplatePairs
from theory.unseen.bounds.spread import Counts


def many_symbols(
    pairs: TemplatePairs, labels: Float64[np.ndarray, " r"], counts: Counts, ridge: float
) -> Float64[np.ndarray, " r"]:
    """The limit of the bias as rho grows at fixed n: V becomes diag((ridge + d_a) / n_a).

    No two samples share a symbol any more, so the limit is that of the idealized estimator with
    its own diagonal.
    """
    return bias(pairs.apart, np.diag((ridge + pairs.deviations) / counts), labels)


def many_samples(
    pairs: TemplatePairs, labels: Float64[np.ndarray, " r"], symbols: int
) -> Float64[np.ndarray, " r"]:
    """The limit of the bias as n grows, for laws that charge every injection into m symbols.

    -Delta (N + Delta)^{-1} f_* with Delta of the *uniform* law, whatever the law is, a Zipf law
    among them, and whatever the ridge: the samples can be weighted into any other law that their
    own charges.
    """
    overlap = uniform_overlap(pairs, symbols)
    found: Float64[np.ndarray, " r"] = (
        -overlap @ np.linalg.pinv(pairs.apart + overlap, hermitian=True) @ labels
    )
    return found


def many_of_both(
    pairs: TemplatePairs, labels: Float64[np.ndarray, " r"]
) -> Float64[np.ndarray, " r"]:
    """The limit of m times `many_samples`: -(lim m Delta) N^{-1} f_*.

    Where it is not 0, the rate 1 / rho of the bias is sharp for uniform laws.
    """
    return -leading_overlap(pairs) @ weights_of(pairs.apart, labels)


def noise_ridge(deviations: Float64[np.ndarray, " r"]) -> float:
    """max d_a: where label noise is no small part of the error and laws are uniform.

    The bound on U, diag((1 + (d_a - Delta_aa) / ridge) / n_a), is then within a factor of 2 of
    its least value over all ridges, and the bound on the diagonal of E[V | n] within
    1 + max d_a / min d_a of its own.
    """
    return float(deviations.max())
