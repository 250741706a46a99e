"""Do two samples come from one law? The Kolmogorov-Smirnov test, with a proved power."""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from jaxtyping import Float64

from kernels.boundary.exceptions import InvalidInputError


@dataclass(frozen=True)
class TwoSampleTest:
    """The outcome of a test of equality in law.

    Attributes:
        distance: the largest difference of the two empirical distribution functions.
        p_value: the probability of so large a distance under equality.
        significance: the p-value below which equality is rejected.
        power: the probability, at least, of rejecting any two laws at ``detectable`` or more.
        detectable: a Kolmogorov distance of two laws that is rejected with that power.
    """

    distance: float
    p_value: float
    significance: float
    power: float
    detectable: float

    @property
    def rejected(self) -> bool:
        """Whether equality is rejected."""
        return self.p_value < self.significance

    @property
    def detectable_shift(self) -> float:
        """The shift of a Gaussian, in standard deviations, that is rejected with that power.

        Two Gaussians shifted by s have Kolmogorov distance ``2 Phi(s / 2) - 1``.
        """
        if self.detectable >= 1.0:
            return math.inf
        return 2.0 * NormalDist().inv_cdf(0.5 * (1.0 + self.detectable))

    def to_json(self) -> dict[str, float]:
        """The fields that scripts rely on."""
        return {
            "distance": self.distance,
            "p_value": self.p_value,
            "significance": self.significance,
            "power": self.power,
            "detectable_distance": min(self.detectable, 1.0),
        }


def two_sample_test(
    first: Float64[np.ndarray, " n"],
    second: Float64[np.ndarray, " n"],
    *,
    significance: float = 0.01,
    power: float = 0.99,
) -> TwoSampleTest:
    """Test whether two independent samples of equal size have one law.

    The power is a bound, not a simulation. Let the laws be Delta apart at the point t. The
    difference of the empirical distribution functions at t is a mean of 2n independent variables
    of range 1/n, so by Hoeffding it is below Delta - e with probability at most exp(-n e^2). The
    test rejects above its critical distance c; so Delta = c + sqrt(log(1 / (1 - power)) / n) is
    rejected with the stated power. By the Dvoretzky-Kiefer-Wolfowitz-Massart inequality for two
    samples of equal size n >= 458 (Wei and Dudley 2012), c <= sqrt(log(2 / significance) / n).

    Args:
        first: n independent draws.
        second: n more, independent of the first.
        significance: the chance of a false rejection.
        power: the chance of a true one, at the distance ``detectable``.

    Raises:
        InvalidInputError: samples of different sizes, or fewer than 458 draws.

    >>> rng = np.random.default_rng(0)
    >>> test = two_sample_test(rng.standard_normal(1_000), rng.standard_normal(1_000))
    >>> test.rejected, round(test.detectable_shift, 1)
    (False, 0.4)
    """
    n = len(first)
    if len(second) != n or n < 458:
        raise InvalidInputError("first", n, "give two samples of one size, at least 458 draws")
    from scipy import stats  # noqa: PLC0415 - takes as long to import as all the rest

    found = stats.ks_2samp(first, second, method="auto")
    critical = math.sqrt(math.log(2.0 / significance) / n)
    detectable = critical + math.sqrt(math.log(1.0 / (1.0 - power)) / n)
    return TwoSampleTest(
        float(found.statistic), float(found.pvalue), significance, power, detectable
    )
