"""Randomized quasi-Monte Carlo: for patterns of high treewidth or at extreme beta."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import partial

import numpy as np
from scipy.special import ndtri

from kernels.attention.gaussian import LogitLaw
from kernels.attention.sampling.base import Sampler
from kernels.attention.sampling.streams import entropy
from kernels.boundary.checks import convert_fields, whole
from kernels.boundary.exceptions import InvalidInputError
from kernels.estimates import Estimate, StandardError
from kernels.strings.patterns import Pattern

_BLOCK = 1 << 14
"""Points held in memory at once; a power of 2, as Sobol's sequence likes."""

_BITS = 52
"""Digits of a point, so that its half-way shift below is exact."""


@dataclass(frozen=True)
class QuasiMonteCarlo(Sampler):
    """The mean over scrambled Sobol points, mapped to the Gaussian of the logit differences.

    Each scramble is an unbiased estimate; the error is the standard error of their mean (one
    standard error, from ``scrambles - 1`` degrees of freedom), and not less than an event too rare
    to be drawn may be worth: the range of the integrand over the number of points. The first
    coordinates of Sobol's sequence, its best, drive the largest principal components.

    Args:
        points: points in a scramble, a power of 2.
        scrambles: independent scrambles, at least 2.
        seed: of all streams.

    Raises:
        InvalidInputError: an argument is out of range.

    >>> estimate = QuasiMonteCarlo(points=2**10).estimate([Pattern.of("AA", "BB")], 1.0, 1.0)[0]
    >>> abs(estimate.value - 0.6798429218427093) < 4 * estimate.error
    True
    """

    points: int = 1 << 16
    scrambles: int = 16
    seed: int = 0

    def __post_init__(self) -> None:
        convert_fields(
            self, points=partial(whole, least=1), scrambles=partial(whole, least=2), seed=whole
        )
        if self.points.bit_count() != 1:
            raise InvalidInputError("points", self.points, "give a power of 2, such as 65536")

    def sample(self, pattern: Pattern, *, beta: float, gamma: float) -> Estimate:
        """See `Sampler.sample`."""
        law = LogitLaw.of(pattern, gamma)
        streams = np.random.SeedSequence(entropy(self.seed, pattern)).spawn(self.scrambles)
        means = np.array([self._mean(law, beta, np.random.default_rng(s)) for s in streams])
        deviation = max(
            float(means.std(ddof=1)) / math.sqrt(self.scrambles),
            law.unseen(beta, self.scrambles * self.points),
        )
        error = StandardError(deviation, self.scrambles - 1, law.rounding)
        method = f"quasi-Monte Carlo ({self.scrambles} x {self.points} points)"
        return Estimate(float(means.mean()), error, method)

    def _mean(self, law: LogitLaw, beta: float, rng: np.random.Generator) -> float:
        """The mean of one scramble."""
        if law.rank == 0:
            return law.center
        # Half a second to import: only those who sample wait for it.
        from scipy.stats import qmc  # noqa: PLC0415

        engine = qmc.Sobol(law.rank, scramble=True, bits=_BITS, rng=rng)
        block = min(self.points, _BLOCK)
        sums = []
        for _ in range(self.points // block):
            # Half a digit up: a point is never 0, where the Gaussian would be infinite.
            uniform = engine.random(block) + 0.5 ** (_BITS + 1)
            # Deviations from the centre: at small beta they are small, and so is their rounding.
            deviations = law.integrand(np.ascontiguousarray(ndtri(uniform).T), beta) - law.center
            sums.append(float(deviations.sum()))
        return law.center + math.fsum(sums) / self.points
