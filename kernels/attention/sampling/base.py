"""What estimators that sample share: a stream a pattern, and every pattern on its own."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from functools import partial

from kernels.attention.base import AttentionEstimator, one_by_one
from kernels.boundary.checks import nonnegative
from kernels.estimates import Estimate, EstimateArray
from kernels.strings.patterns import Pattern


class Sampler(AttentionEstimator):
    """The mean of the integrand over drawn points; the error is one standard error of it."""

    def estimate(
        self, patterns: Sequence[Pattern], beta: float, gamma: float, *, n_jobs: int | None = None
    ) -> EstimateArray:
        """See `AttentionEstimator.estimate`; the errors are standard errors.

        Raises:
            InvalidInputError: ``beta`` or ``gamma`` is negative or not finite.
        """
        beta, gamma = nonnegative("beta", beta), nonnegative("gamma", gamma)
        return one_by_one(partial(self.sample, beta=beta, gamma=gamma), patterns, n_jobs)

    @abstractmethod
    def sample(self, pattern: Pattern, *, beta: float, gamma: float) -> Estimate:
        """The kernel at one pattern, from the stream that is the pattern's own."""
