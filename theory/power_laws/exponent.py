"""Fitted exponents: how far each may be off, but for a probability."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from jaxtyping import Float64

from kernels.estimates import ErrorKind

_BEYOND = 5
"""Resamples, at least, that lie beyond each end of a band that is read off them."""


@dataclass(frozen=True)
class LeastSquaresExponent:
    """The slope of a line through points that scatter alike and independently.

    Attributes:
        value: the slope.
        deviation: its standard error.
        degrees: the degrees of freedom from which that is estimated.
    """

    value: float
    deviation: float
    degrees: int

    kind = ErrorKind.STATISTICAL

    def radius(self, significance: float) -> float:
        """By Student's distribution.

        >>> round(LeastSquaresExponent(-0.5, 0.1, 10).radius(0.01), 3)
        0.317
        """
        from scipy import stats  # noqa: PLC0415 - takes as long to import as all the rest

        return -float(stats.t.ppf(significance / 2.0, self.degrees)) * self.deviation

    def to_json(self) -> dict[str, float | str]:
        """The fields that scripts rely on."""
        return {"value": self.value, "error": self.deviation, "kind": str(self.kind)}


@dataclass(frozen=True, eq=False)
class BootstrapExponent:
    """An exponent with those of resampled draws, from which its radius is read.

    Attributes:
        value: the exponent.
        resampled: the exponents of resampled draws; infinite where one has none.
    """

    value: float
    resampled: Float64[np.ndarray, " resamples"]

    kind = ErrorKind.STATISTICAL

    def radius(self, significance: float) -> float:
        """The longer arm of the percentile interval, where resamples are enough to tell it.

        At a smaller significance, the arm that they can tell is lengthened by the ratio of the
        normal quantiles: an extrapolation, which the bootstrap does not warrant.

        >>> exponent = BootstrapExponent(0.0, np.linspace(-1.0, 1.0, 2001))
        >>> round(exponent.radius(0.1), 3), exponent.radius(1e-6) > 1.0
        (0.9, True)
        """
        told = max(significance, 2.0 * _BEYOND / len(self.resampled))
        low, high = np.quantile(self.resampled, [told / 2.0, 1.0 - told / 2.0])
        arm = max(self.value - float(low), float(high) - self.value)
        if told == significance:
            return arm
        return arm * _quantile(significance) / _quantile(told)

    def to_json(self) -> dict[str, float | str]:
        """The fields that scripts rely on; the error is the radius that one error in three exceeds.

        That of a standard error is about the same.
        """
        return {"value": self.value, "error": self.radius(0.3173), "kind": str(self.kind)}


def _quantile(significance: float) -> float:
    """Two-sided, of the normal distribution."""
    return -NormalDist().inv_cdf(significance / 2.0)
