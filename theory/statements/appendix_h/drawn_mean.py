"""Means over networks, and how far they may be off, for Appendix H."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float64
from scipy.special import stdtrit

from kernels.boundary.exceptions import InvalidInputError
from kernels.estimates import ErrorKind
from kernels.strings.encoding import EncodedStrings
from kernels.transformer import TransformerKernel
from theory.statements.shared.claims.tails import root_mean_square

_LARGEST = 1e100
"""A deviation whose square is far from the largest float."""


@dataclass(frozen=True)
class DrawnMean:
    """A mean over independent draws, or an extrapolation of such means.

    Attributes:
        value: the mean.
        deviation: its standard error, and
        degrees: the degrees of freedom of that.
        bias: by how much it may miss what it stands for, chance apart.
    """

    value: float
    deviation: float
    degrees: int
    bias: float = 0.0

    kind = ErrorKind.STATISTICAL

    def radius(self, significance: float) -> float:
        """The bias beside a multiple of the standard error by Student's distribution.

        >>> round(DrawnMean(1.0, 0.01, 100, 0.5).radius(0.05), 3)
        0.52
        """
        return self.bias - float(stdtrit(self.degrees, significance / 2.0)) * self.deviation

    def to_json(self) -> dict[str, float | str]:
        """The fields that scripts rely on, and the bias."""
        error = {"error": self.deviation, "bias": self.bias}
        return {"value": self.value, **error, "kind": str(self.kind)}


def mean_and_error(
    draws: Float64[np.ndarray, "draws p"], deviations: Float64[np.ndarray, " p"], neurons: int
) -> tuple[Float64[np.ndarray, " p"], Float64[np.ndarray, " p"]]:
    """The mean over networks, for each pair of strings, and its standard error.

    A mean over D networks of d_mlp neurons is one over D d_mlp products phi(u) phi(v), so its
    standard error is taken to be no less than their deviation over sqrt(D d_mlp): heavy tails, of
    which a sample may show nothing, are thereby counted.

    Args:
        draws: the kernels of the networks.
        deviations: those of phi(u) phi(v).
        neurons: d_mlp.
    """
    count = len(draws)
    seen = draws.std(axis=0, ddof=1) / count**0.5
    return draws.mean(axis=0), np.maximum(seen, deviations / (count * neurons) ** 0.5)


def product_deviations(
    kernel: TransformerKernel, strings: EncodedStrings
) -> Float64[np.ndarray, "n n"]:
    """A bound on the standard deviation of phi(u) phi(v), for each pair of strings.

    Raises:
        InvalidInputError: one is out of reach of floats.
    """
    attention = kernel.attention_kernel.gram(strings).values
    found = np.empty_like(attention)
    for i, j in zip(*np.triu_indices(len(attention)), strict=True):
        entries = attention[i, i], attention[i, j], attention[j, j]
        found[i, j] = found[j, i] = root_mean_square(kernel.activation, *map(float, entries))
    if not (found < _LARGEST).all():
        raise InvalidInputError(
            "kernel",
            kernel.name,
            "products of its activation scatter beyond all sample means; give a bounded activation",
        )
    return found
