"""The estimator that always answers, and says how."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kernels.attention.base import AttentionEstimator, gathered
from kernels.attention.quadrature import Quadrature
from kernels.attention.sampling.quasi_monte_carlo import QuasiMonteCarlo
from kernels.boundary.checks import convert_fields, positive, whole
from kernels.estimates import EstimateArray
from kernels.strings.patterns import Pattern


@dataclass(frozen=True)
class Automatic(AttentionEstimator):
    """`Quadrature` where it is affordable, `QuasiMonteCarlo` elsewhere.

    The estimate's ``method`` names what was chosen, and its ``kind`` is that of the weakest
    choice: quasi-Monte Carlo errors are statistical, and larger than the tolerance.

    Args:
        tolerance: the quadrature's tolerance.
        effort: operations that the quadrature may spend on one component of a pattern.
        points: points of a quasi-Monte Carlo scramble.
        scrambles: independent scrambles.
        seed: seed of the scrambles.

    >>> Automatic().estimate([Pattern.of("AA", "BC")], beta=1.0, gamma=1.0).method
    'tensor network'
    """

    tolerance: float = 1e-10
    effort: float = 1e10
    points: int = 2**16
    scrambles: int = 16
    seed: int = 0

    def __post_init__(self) -> None:
        convert_fields(
            self, tolerance=positive, effort=positive, points=whole, scrambles=whole, seed=whole
        )
        self._quadrature()
        self._sampling()

    def estimate(
        self, patterns: Sequence[Pattern], beta: float, gamma: float, *, n_jobs: int | None = None
    ) -> EstimateArray:
        """The kernel at each pattern; see `AttentionEstimator.estimate`."""
        sampled = self._sampling().estimate
        choices = self._quadrature().choices(patterns, beta, gamma, unaffordable=sampled)
        return gathered(patterns, choices, beta, gamma, n_jobs)

    def _quadrature(self) -> Quadrature:
        return Quadrature(self.tolerance, self.effort)

    def _sampling(self) -> QuasiMonteCarlo:
        return QuasiMonteCarlo(self.points, self.scrambles, self.seed)
