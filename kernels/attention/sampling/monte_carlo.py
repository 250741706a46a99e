"""Monte Carlo: the route that needs no structure, with a standard error always."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import partial

from kernels.attention.gaussian import LogitLaw
from kernels.attention.sampling.base import Sampler
from kernels.attention.sampling.streams import entropy
from kernels.boundary.checks import convert_fields, whole
from kernels.boundary.exceptions import TooLargeError
from kernels.boundary.optional_packages import needed
from kernels.estimates import Estimate, Numerical, StandardError
from kernels.strings.patterns import Pattern

_MOST_SAMPLES = 10**12
"""Samples at most: more than a day for one pattern."""

_SAMPLES_A_SECOND = 1e7
"""What a processor core does, roughly."""


@dataclass(frozen=True)
class MonteCarlo(Sampler):
    """The mean over Gaussian samples in antithetic pairs, on a GPU where JAX has one.

    A sample is one evaluation of the integrand; the two of a pair share one draw of the Gaussian,
    as ``z`` and ``-z``. The error is the standard error of the mean over pairs, which are
    independent; so it is right whatever the dependence within a pair. It is not less than an event
    too rare to be drawn may be worth: the range of the integrand over the number of samples.

    Memory is bounded for any number of samples. The same seed gives the same result, whichever
    patterns are asked for together; on a GPU the draws are others than on a CPU.

    Args:
        samples: evaluations of the integrand, at least 4; an odd number counts one more.
        seed: of all streams.

    Raises:
        InvalidInputError: an argument is out of range.
        TooLargeError: more than 10^12 samples.

    >>> estimate = MonteCarlo(samples=100_000).estimate([Pattern.of("AA", "BB")], 1.0, 1.0)[0]
    >>> estimate.kind, estimate.error < 2e-3
    (<ErrorKind.STATISTICAL: 'statistical'>, True)
    >>> abs(estimate.value - 0.6798429218427093) < 4 * estimate.error
    True
    """

    samples: int = 1_000_000
    seed: int = 0

    def __post_init__(self) -> None:
        convert_fields(self, samples=partial(whole, least=4), seed=whole)
        if self.samples > _MOST_SAMPLES:
            hours = min(self.samples, 10**300) / _SAMPLES_A_SECOND / 3600.0
            raise TooLargeError(
                "samples",
                self.samples,
                f"a pattern would take about {hours:.3g} hours at {_SAMPLES_A_SECOND:g} samples a "
                f"second; give at most {_MOST_SAMPLES:g}",
            )

    def sample(self, pattern: Pattern, *, beta: float, gamma: float) -> Estimate:
        """See `Sampler.sample`.

        Raises:
            MissingPackageError: JAX is not installed.
        """
        law = LogitLaw.of(pattern, gamma)
        pairs = (self.samples + 1) // 2
        method = f"Monte Carlo ({2 * pairs} samples)"
        if law.rank == 0 or beta == 0.0:
            return Estimate(law.center, Numerical(law.rounding), method)
        # JAX takes half a second to import: only those who sample wait for it.
        needed("jax", "jax")
        from kernels.attention.sampling.moments import pair_moments  # noqa: PLC0415

        mean, variance = pair_moments(law, beta, pairs, entropy(self.seed, pattern))
        deviation = max(math.sqrt(variance / pairs), law.unseen(beta, 2 * pairs))
        error = StandardError(deviation, pairs - 1, law.rounding)
        return Estimate(law.center + mean, error, method)
