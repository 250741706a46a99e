"""The attention kernel with proved errors."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NoReturn

from flint import arb
from joblib import delayed

from kernels.attention.base import AttentionEstimator
from kernels.attention.proved.balls import Ball
from kernels.attention.proved.enclosure import (
    Recipe,
    contribution,
    enclose,
    parts_of,
    unoriented,
)
from kernels.attention.proved.precise import precise
from kernels.attention.proved.product import ProductGrid, product_ball
from kernels.attention.proved.uniform import is_uniform, mean_entry, uniform
from kernels.attention.proved.ways import PER_SECOND, Cost, Way, cost_of, plain_way, tight_way
from kernels.boundary.checks import convert_fields, instance, nonnegative, positive
from kernels.boundary.exceptions import ToleranceNotMetError, TooLargeError
from kernels.boundary.floating_point import plain_floats
from kernels.boundary.memory import fits_in_memory, require_memory
from kernels.boundary.workers import spread
from kernels.estimates import EstimateArray
from kernels.strings.patterns import Pattern


@dataclass(frozen=True)
class ProvedQuadrature(AttentionEstimator):
    """Values with proved errors: quadrature whose every term is positive.

    The softmax denominators become two Laplace integrals, and every integral a sum over equispaced
    or Gauss-Hermite nodes. What the sums differ from the integrals by is bounded by theorems, with
    constants evaluated in ball arithmetic; what the floats differ from the sums by, by counting
    the roundings that a term passes through, which for positive terms bounds the relative error.
    The proofs are in docs/proofs.md. They rest on IEEE arithmetic with matrix products that are
    sums of products, in any order, and on Arb.

    Args:
        tolerance: largest error.
        effort: multiplications that one part of a pattern may take, 3e9 a second.
        strict: whether an error above the tolerance is refused, after slower sums with fewer
            roundings; otherwise it is stated, and only discretization keeps to the tolerance.

    Raises:
        InvalidInputError: a number that is not above 0.

    >>> found = ProvedQuadrature().estimate([Pattern.of("AA", "BC")], beta=1.0, gamma=1.0)[0]
    >>> str(found.kind), found.error < 4e-14, abs(found.value - 0.66033431718536) < 4e-14
    ('proved', True, True)
    """

    tolerance: float = 1e-11
    effort: float = 1e11
    strict: bool = True

    def __post_init__(self) -> None:
        convert_fields(self, tolerance=positive, effort=positive)
        instance("strict", self.strict, bool, "give True or False")

    def estimate(
        self, patterns: Sequence[Pattern], beta: float, gamma: float, *, n_jobs: int | None = None
    ) -> EstimateArray:
        """The kernel at each pattern; see `AttentionEstimator.estimate`.

        Raises:
            InvalidInputError: ``beta`` or ``gamma`` is negative or not finite.
            TooLargeError: a pattern takes more than the effort, or than memory; with its cost.
            ToleranceNotMetError: rounding alone is more than the tolerance; with the best value.
        """
        distinct = list(dict.fromkeys(patterns))
        for pattern in distinct:
            self._require_affordable(pattern, self.cost(pattern, beta, gamma))
        balls = self.balls(distinct, beta, gamma, n_jobs=n_jobs)
        for pattern, ball in balls.items() if self.strict else ():
            if ball.radius > self.tolerance and not is_uniform(pattern, beta, gamma):
                self._refuse(pattern, ball, beta, gamma)
        return EstimateArray.gather(balls[pattern].estimate for pattern in patterns)

    @plain_floats
    def balls(
        self, patterns: Sequence[Pattern], beta: float, gamma: float, *, n_jobs: int | None = None
    ) -> dict[Pattern, Ball]:
        """The ball of each pattern: larger than the tolerance where floats do not reach it.

        Args:
            patterns: patterns whose costs `allows` allows.
            beta: inverse temperature, at least 0.
            gamma: positional weight, at least 0.
            n_jobs: joblib workers.
        """
        distinct = list(dict.fromkeys(patterns))
        found = {p: uniform(p, gamma) for p in distinct if is_uniform(p, beta, gamma)}
        left = [pattern for pattern in distinct if pattern not in found]
        plain = {p: plain_way(p, beta, gamma, self.tolerance) for p in left}
        found |= _balls(plain, n_jobs)
        missed = [p for p in left if self.strict and found[p].radius > self.tolerance]
        tight = {p: tight_way(p, beta, gamma) for p in missed}
        affordable = {p: way for p, way in tight.items() if self.allows(cost_of(p, way))}
        for pattern, ball in _balls(affordable, n_jobs).items():
            found[pattern] = min(ball, found[pattern], key=lambda one: one.radius)
        return found

    @plain_floats
    def ball(self, pattern: Pattern, beta: float, gamma: float) -> arb:
        """The kernel at one pattern as a ball of Arb, for tolerances that floats do not reach.

        The same sums in balls of as many bits as it takes, some hundred times slower: for the few
        entries that need it.

        Raises:
            InvalidInputError: a tolerance below 1e-30; ``beta`` or ``gamma`` below 0 or not finite.
            TooLargeError: sums in balls would take more than the effort; with their cost.

        >>> found = ProvedQuadrature(1e-20).ball(Pattern.of("A", "B"), beta=1.0, gamma=0.0)
        >>> print(found.str(18, radius=False), float(found.rad()) <= 1e-20)
        0.283253657661087097 True
        """
        beta, gamma = nonnegative("beta", beta), nonnegative("gamma", gamma)
        if is_uniform(pattern, beta, gamma):
            return mean_entry(pattern, gamma)
        return precise(pattern, beta, gamma, tolerance=self.tolerance, effort=self.effort)

    def cost(self, pattern: Pattern, beta: float, gamma: float) -> Cost:
        """What a pattern takes, before any work; infinite where no nodes are known that would do.

        Raises:
            InvalidInputError: ``beta`` or ``gamma`` is negative or not finite.

        >>> ProvedQuadrature().cost(Pattern.of("AA", "BC"), 1.0, 1.0).seconds < 0.01
        True
        """
        beta, gamma = nonnegative("beta", beta), nonnegative("gamma", gamma)
        if is_uniform(pattern, beta, gamma):
            return Cost(0.0, 0.0)
        try:
            return cost_of(pattern, plain_way(pattern, beta, gamma, self.tolerance))
        except ArithmeticError:  # numbers so extreme that they leave the floats
            return Cost(math.inf, math.inf)

    def allows(self, cost: Cost) -> bool:
        """Whether a cost is no more than the effort, and than memory."""
        return cost.operations <= self.effort and fits_in_memory(cost.memory)

    def _require_affordable(self, pattern: Pattern, cost: Cost) -> None:
        shown = (pattern.x, pattern.y)
        if cost.operations > self.effort:
            raise TooLargeError(
                "pattern",
                shown,
                f"a proof takes about {cost}, and effort allows {self.effort / PER_SECOND:.2g} s; "
                "raise effort, loosen tolerance, or use QuasiMonteCarlo",
            )
        require_memory("pattern", shown, cost.memory, "loosen tolerance, or use QuasiMonteCarlo")

    def _refuse(self, pattern: Pattern, ball: Ball, beta: float, gamma: float) -> NoReturn:
        """Raise for a ball that is larger than the tolerance."""
        self._require_affordable(pattern, cost_of(pattern, tight_way(pattern, beta, gamma)))
        bits = math.ceil(math.log2(2.0 * ball.roundings * ball.value / self.tolerance))
        raise ToleranceNotMetError(
            "tolerance",
            self.tolerance,
            f"in floats the best is {ball.value!r} ± {ball.radius:.1e} at "
            f"{(pattern.x, pattern.y)}; give at least that: less takes {bits} bits, which the "
            "method ball of ProvedQuadrature has",
            reached=ball.radius,
        )


def _balls(ways: dict[Pattern, Way], n_jobs: int | None) -> dict[Pattern, Ball]:
    """The ball of each pattern; parts that several have are summed once."""
    parallel = spread(n_jobs, prefer="threads")
    grids = {pattern: way for pattern, way in ways.items() if isinstance(way, ProductGrid)}
    products = parallel(delayed(product_ball)(grid) for grid in grids.values())
    found = dict(zip(grids, products, strict=True))
    recipes = {pattern: way for pattern, way in ways.items() if isinstance(way, Recipe)}
    for recipe in dict.fromkeys(recipes.values()):
        chosen = [pattern for pattern, own in recipes.items() if own == recipe]
        wanted = {unoriented(part) for p in chosen for part in parts_of(p, recipe.gamma)}
        parts = sorted(wanted, key=str)
        tensors = parallel(delayed(contribution)(recipe, part) for part in parts)
        known = dict(zip(parts, tensors, strict=True))
        found |= {pattern: enclose(pattern, recipe, known) for pattern in chosen}
    return found
