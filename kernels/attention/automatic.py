"""The estimator that always answers, and says how."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from kernels.attention.base import AttentionEstimator, gathered
from kernels.attention.proved.balls import Ball
from kernels.attention.proved.estimator import ProvedQuadrature
from kernels.attention.proved.ways import Cost
from kernels.attention.quadrature import Quadrature
from kernels.attention.sampling.quasi_monte_carlo import QuasiMonteCarlo
from kernels.boundary.checks import convert_fields, nonnegative, positive, whole
from kernels.boundary.exceptions import ToleranceNotMetError, TooLargeError
from kernels.estimates import Estimate, EstimateArray
from kernels.strings.patterns import Pattern

_MULTIPLICATIONS = 3.0
"""Of a proof that take as long as one operation of `Quadrature`: its matrix products are large."""


@dataclass(frozen=True)
class Automatic(AttentionEstimator):
    """A proof where it is affordable, else numbers, else samples; pattern by pattern.

    `ProvedQuadrature` answers wherever a proof takes no more than the effort. Where it takes more,
    or where its roundings alone exceed the tolerance, `Quadrature` answers to the tolerance, with
    an error that is not proved. What is too much for both, `QuasiMonteCarlo` samples: its errors
    are statistical and larger than the tolerance, and ``method`` says what a proof would take.
    Where nothing else reaches the tolerance, a proved value comes with its larger error.

    What answers for a pattern depends on that pattern alone.

    Args:
        tolerance: largest error of what is not sampled.
        effort: operations that one component of a pattern may take (about 1e9 take a second).
        points: points of a quasi-Monte Carlo scramble.
        scrambles: independent scrambles.
        seed: seed of the scrambles.

    >>> found = Automatic().estimate([Pattern.of("AA", "BC")], beta=1.0, gamma=1.0)[0]
    >>> print(found, "by", found.method)
    0.660334317185 ± 1.4e-14 (proved) by proved quadrature
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
        self._proved()
        self._quadrature()
        self._sampling()

    def estimate(
        self, patterns: Sequence[Pattern], beta: float, gamma: float, *, n_jobs: int | None = None
    ) -> EstimateArray:
        """The kernel at each pattern; see `AttentionEstimator.estimate`."""
        beta, gamma = nonnegative("beta", beta), nonnegative("gamma", gamma)
        proved, distinct = self._proved(), list(dict.fromkeys(patterns))
        costs = {pattern: proved.cost(pattern, beta, gamma) for pattern in distinct}
        affordable = [pattern for pattern, cost in costs.items() if proved.allows(cost)]
        balls = proved.balls(affordable, beta, gamma, n_jobs=n_jobs)
        found = {p: self._settled(p, ball, beta, gamma) for p, ball in balls.items()}
        left = {pattern: cost for pattern, cost in costs.items() if pattern not in balls}
        found |= self._unproved(left, beta, gamma, n_jobs)
        return EstimateArray.gather(found[pattern] for pattern in patterns)

    def _settled(self, pattern: Pattern, ball: Ball, beta: float, gamma: float) -> Estimate:
        """The ball, or a number that meets the tolerance where the ball does not."""
        if ball.radius <= self.tolerance:
            return ball.estimate
        try:
            return self._quadrature().estimate([pattern], beta, gamma).item()
        except (ToleranceNotMetError, TooLargeError):
            return ball.estimate

    def _unproved(
        self, costs: dict[Pattern, Cost], beta: float, gamma: float, n_jobs: int | None
    ) -> dict[Pattern, Estimate]:
        """Numbers or samples of the patterns whose proofs take too much."""
        patterns, sampled = list(costs), self._sampling().estimate
        choices = self._quadrature().choices(patterns, beta, gamma, unaffordable=sampled)
        numbers = gathered(patterns, choices, beta, gamma, n_jobs)
        return {
            pattern: _with_cost(number, costs[pattern]) if choice == sampled else number
            for pattern, choice, number in zip(patterns, choices, numbers, strict=True)
        }

    def _proved(self) -> ProvedQuadrature:
        return ProvedQuadrature(self.tolerance, _MULTIPLICATIONS * self.effort)

    def _quadrature(self) -> Quadrature:
        return Quadrature(self.tolerance, self.effort)

    def _sampling(self) -> QuasiMonteCarlo:
        return QuasiMonteCarlo(self.points, self.scrambles, self.seed)


def _with_cost(estimate: Estimate, cost: Cost) -> Estimate:
    """A sampled value that says what a proof would take."""
    return replace(estimate, method=f"{estimate.method}; {_rounded(cost)}")


def _rounded(cost: Cost) -> str:
    """A cost in powers of ten: arrays have many entries and should have few methods."""
    if not math.isfinite(cost.operations):
        return "no proof is known"
    seconds, gigabytes = (
        f"{10.0 ** math.ceil(math.log10(number)):.3g}"
        for number in (cost.seconds, max(cost.memory / 1e9, 0.1))
    )
    return f"a proof would take up to {seconds} s and {gigabytes} GB"
