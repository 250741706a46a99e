"""A bound with every constant, for any law of diversity rho (B4)."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, log, sqrt

import numpy as np
from jaxtyping import Float64

from kernels.boundary.checks import positive
from kernels.boundary.exceptions import InvalidInputError


@dataclass(frozen=True, eq=False)
class ExplicitBound:
    """With probability 1 - delta over the sample, |f(x) - f_*| at all unseen x at once.

    With p the least weight of a template, w the most wildcards, d the largest deviation
    K(x, x) - N_aa, r templates, f_* = N g, tau = 1 + sqrt(2 log(3 r / delta)) and
    n >= (8 / p) log(3 r / delta):

        |f(x) - f_*| <= v |g|_1 + sigma sqrt(2 log(6 r / delta) v / ridge),
        v = 2 w d / rho + (4 tau^2 d + 2 ridge) / (p n).

    Attributes:
        deviation: d, above 0.
        wildcards: w.
        weight: p.
        templates: r.
        weights_sum: |g|_1.
        diversity: rho.
        delta: the probability of failure.

    Raises:
        InvalidInputError: a number out of range.
    """

    deviation: float
    wildcards: int
    weight: float
    templates: int
    weights_sum: float
    diversity: float
    delta: float

    def __post_init__(self) -> None:
        positive("deviation", self.deviation)
        if not 0.0 < positive("delta", self.delta) < 1.0:
            raise InvalidInputError("delta", self.delta, "give a number below 1")

    @property
    def tau(self) -> float:
        """1 + sqrt(2 log(3 r / delta)): McDiarmid's share of it, and the mean's."""
        return 1.0 + sqrt(2.0 * log(3.0 * self.templates / self.delta))

    @property
    def least_samples(self) -> float:
        """(8 / p) log(3 r / delta): below it the theorem says nothing."""
        return 8.0 / self.weight * log(3.0 * self.templates / self.delta)

    def spread(self, samples: float, ridge: float) -> float:
        """v, which is at least every V_aa."""
        fixed = 2.0 * self.wildcards * self.deviation / self.diversity
        falling = 4.0 * self.tau**2 * self.deviation + 2.0 * ridge
        return fixed + falling / (self.weight * samples)

    def error(self, samples: float, ridge: float, noise: float) -> float:
        """The bound; infinite below `least_samples`."""
        if samples < self.least_samples:
            return inf
        v = self.spread(samples, ridge)
        chance = 2.0 * log(6.0 * self.templates / self.delta)
        return v * self.weights_sum + noise * sqrt(chance * v / ridge)

    def ridge(self, samples: float) -> float:
        """d (tau^2 + n p w / rho), at which the bound has the form of `error_at_own_ridge`."""
        overlaps = samples * self.weight * self.wildcards / self.diversity
        return self.deviation * (self.tau**2 + overlaps)

    def error_at_own_ridge(self, samples: float, noise: float) -> float:
        """d |g|_1 (4 w / rho + 6 tau^2 / (p n)) + 4 sigma sqrt(log(6 r / delta) / (p n)).

        At least the bound at `ridge`; infinite below `least_samples`.
        """
        if samples < self.least_samples:
            return inf
        pn = self.weight * samples
        falling = 4.0 * self.wildcards / self.diversity + 6.0 * self.tau**2 / pn
        chance = log(6.0 * self.templates / self.delta) / pn
        return self.deviation * self.weights_sum * falling + 4.0 * noise * sqrt(chance)


def weights_of(
    apart: Float64[np.ndarray, "r r"], labels: Float64[np.ndarray, " r"]
) -> Float64[np.ndarray, " r"]:
    """g of least norm with N g = f_*, as far as the labels are in the range of N."""
    found: Float64[np.ndarray, " r"] = np.linalg.lstsq(apart, labels, rcond=None)[0]
    return found
