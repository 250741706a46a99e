"""The attention kernel with proved errors."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from flint import arb
from joblib import Parallel, delayed

from kernels.attention.base import AttentionEstimator
from kernels.attention.proved.balls import Ball, above, precision
from kernels.attention.proved.bounds.plan import Shape
from kernels.attention.proved.bounds.truncation import truncation
from kernels.attention.proved.differences import Differences
from kernels.attention.proved.enclosure import (
    Part,
    Recipe,
    contribution,
    enclose,
    parts_of,
    unoriented,
)
from kernels.attention.proved.product import HIGHEST_RANK, ProductGrid, product_ball
from kernels.attention.proved.structure import READ_OUT, Structure
from kernels.attention.proved.sums.route import cheaper
from kernels.attention.proved.sums.tensors import Sums
from kernels.attention.symmetry.multigraph import Component
from kernels.boundary.checks import convert_fields, nonnegative, positive
from kernels.boundary.exceptions import ToleranceNotMetError, TooLargeError
from kernels.boundary.memory import require_memory
from kernels.estimates import Estimate, EstimateArray, Proved
from kernels.strings.patterns import Pattern

_FINEST = 1e-15
"""What discretization aims at where that is cheap: what is left is rounding."""

_TIGHTEST = 1e-17
"""What it aims at where rounding is kept small too."""

_PLAIN = Sums()
"""Sums in any order that BLAS likes."""

_TIGHT = Sums(block=4)
"""Sums with few roundings."""

_INSTANT = 3e7
"""Multiplications so few that nothing else is considered."""

_PER_NODE = 600.0
"""Multiplications that take as long as a node of the product rule (measured)."""

_CHEAP = 2e8
"""Multiplications so few that the finest nodes are taken whatever the tolerance."""

_PER_SECOND = 3e9
"""Multiplications in a second, about, on one core."""

_LEAST_WEIGHT = 1e-3
"""Positional weights below this, but for 0, make some of the product rule's directions vanish."""

_METHOD = "proved quadrature"

Way = Recipe | ProductGrid
"""How a pattern is summed: by components and shifts, or by the product rule."""


class Cost(NamedTuple):
    """What a pattern takes.

    Attributes:
        operations: multiplications of its most expensive part.
        memory: bytes.
    """

    operations: float
    memory: float

    @property
    def seconds(self) -> float:
        """The time on one core, about."""
        return self.operations / _PER_SECOND


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

    Raises:
        InvalidInputError: a number that is not above 0.

    >>> found = ProvedQuadrature().estimate([Pattern.of("AA", "BC")], beta=1.0, gamma=1.0)[0]
    >>> str(found.kind), found.error < 4e-14, abs(found.value - 0.66033431718536) < 4e-14
    ('proved', True, True)
    """

    tolerance: float = 1e-11
    effort: float = 1e11

    def __post_init__(self) -> None:
        convert_fields(self, tolerance=positive, effort=positive)

    def estimate(
        self, patterns: Sequence[Pattern], beta: float, gamma: float, *, n_jobs: int | None = None
    ) -> EstimateArray:
        """The kernel at each pattern; see `AttentionEstimator.estimate`.

        Raises:
            InvalidInputError: ``beta`` or ``gamma`` is negative or not finite.
            TooLargeError: a pattern takes more than the effort, or than memory; with its cost.
            ToleranceNotMetError: rounding alone is more than the tolerance; with the best value.
        """
        beta, gamma = nonnegative("beta", beta), nonnegative("gamma", gamma)
        distinct = list(dict.fromkeys(patterns))
        closed = {p: _uniform(p, gamma) for p in distinct if _is_uniform(p, beta, gamma)}
        ways = {p: self._way(p, beta, gamma) for p in distinct if p not in closed}
        for pattern, way in ways.items():
            self._require_affordable(pattern, way)
        balls = closed | _balls(ways, n_jobs)
        missed = [p for p, ball in balls.items() if ball.radius > self.tolerance and p in ways]
        balls |= self._tighter(missed, beta, gamma, n_jobs)
        return EstimateArray.gather(
            Estimate(balls[p].value, Proved(balls[p].radius), _METHOD) for p in patterns
        )

    def cost(self, pattern: Pattern, beta: float, gamma: float) -> Cost:
        """What a pattern takes, before any work.

        Raises:
            InvalidInputError: ``beta`` or ``gamma`` is negative or not finite.

        >>> ProvedQuadrature().cost(Pattern.of("AA", "BC"), 1.0, 1.0).seconds < 0.01
        True
        """
        beta, gamma = nonnegative("beta", beta), nonnegative("gamma", gamma)
        if _is_uniform(pattern, beta, gamma):
            return Cost(0.0, 0.0)
        return _cost(pattern, self._way(pattern, beta, gamma))

    def _way(self, pattern: Pattern, beta: float, gamma: float) -> Way:
        """The finest nodes where they are cheap, else those that the tolerance asks for."""
        finest = _cheaper(pattern, beta, gamma, _FINEST)
        if _cost(pattern, finest).operations <= _CHEAP:
            return finest
        structure = Structure.of(pattern, positional=gamma > 0.0)
        scale = above(structure.largest_entry(arb(gamma)))
        # Plans err by less than they aim at, how much less is seen when the bound is found.
        for share in (20.0, 5.0, 0.8):
            aim = min(max(share * self.tolerance / scale, _FINEST), 1e-3)
            way = _cheaper(pattern, beta, gamma, aim)
            if _truncation(pattern, way) <= 0.8 * self.tolerance:
                break
        return way

    def _require_affordable(self, pattern: Pattern, way: Way) -> None:
        cost, shown = _cost(pattern, way), (pattern.x, pattern.y)
        if cost.operations > self.effort:
            raise TooLargeError(
                "pattern",
                shown,
                f"a proof takes about {cost.seconds:.2g} s and {cost.memory / 1e9:.2g} GB, and "
                f"effort allows {self.effort / _PER_SECOND:.2g} s; raise effort, loosen tolerance, "
                "or use QuasiMonteCarlo",
            )
        require_memory("pattern", shown, cost.memory, "loosen tolerance, or use QuasiMonteCarlo")

    def _tighter(
        self, missed: list[Pattern], beta: float, gamma: float, n_jobs: int | None
    ) -> dict[Pattern, Ball]:
        """Balls with the finest nodes and fewer roundings."""
        ways = {p: _cheaper(p, beta, gamma, _TIGHTEST, _TIGHT) for p in missed}
        for pattern, way in ways.items():
            self._require_affordable(pattern, way)
        found = _balls(ways, n_jobs)
        for pattern, ball in found.items():
            if ball.radius > self.tolerance:
                bits = math.ceil(math.log2(2.0 * ball.roundings * ball.value / self.tolerance))
                raise ToleranceNotMetError(
                    "tolerance",
                    self.tolerance,
                    f"in floats the best is {ball.value!r} ± {ball.radius:.1e} at "
                    f"{(pattern.x, pattern.y)}; give at least that: less takes {bits} bits",
                    reached=ball.radius,
                )
        return found


def _balls(ways: dict[Pattern, Way], n_jobs: int | None) -> dict[Pattern, Ball]:
    """The ball of each pattern; parts that several have are summed once."""
    parallel = Parallel(n_jobs=n_jobs, prefer="threads")
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


def _cheaper(pattern: Pattern, beta: float, gamma: float, aim: float, sums: Sums = _PLAIN) -> Way:
    """The cheaper of the two routes."""
    shape = Shape.of(Structure.of(pattern, positional=gamma > 0.0))
    recipe = Recipe(beta, gamma, aim, shape, sums)
    operations = _cost(pattern, recipe).operations
    if operations <= _INSTANT or 0.0 < gamma < _LEAST_WEIGHT:
        return recipe
    if not 0 < Differences.of(pattern, gamma).rank <= HIGHEST_RANK:
        return recipe
    grid = ProductGrid.of(pattern, beta, gamma, aim)
    return grid if grid.fits and _PER_NODE * grid.nodes < operations else recipe


def _truncation(pattern: Pattern, way: Way) -> float:
    """What discretization and truncation cost."""
    with precision():
        if isinstance(way, ProductGrid):
            return above(way.error())
        structure = Structure.of(pattern, positional=way.gamma > 0.0)
        return above(truncation(structure, way.plan).total)


def _cost(pattern: Pattern, way: Way) -> Cost:
    """The most expensive part's operations, and the memory of all."""
    if isinstance(way, ProductGrid):
        leading = way.nodes * way.steps[-1] / way.radius
        return Cost(_PER_NODE * way.nodes, 8.0 * HIGHEST_RANK * leading)
    plan, operations, memory = way.plan, 0.0, 0.0
    parts: list[Part] = list(dict.fromkeys(parts_of(pattern, way.gamma)))
    for part in parts:
        memory += 16.0 * float(plan.count) ** 2
        if isinstance(part, Component) and part != READ_OUT:
            route = cheaper(part, plan)
            operations = max(operations, route.effort(plan))
            memory = max(memory, route.memory(plan))
        else:
            table = float(plan.count) * float(max(plan.window, plan.read_out.rule.size))
            operations = max(operations, 24.0 * plan.count * table)
    return Cost(operations, memory)


def _is_uniform(pattern: Pattern, beta: float, gamma: float) -> bool:
    """Whether the kernel is the mean entry of M: no temperature, one position, or M is 0."""
    apart = gamma == 0.0 and not set(pattern.x) & set(pattern.y)
    return beta == 0.0 or pattern.length == 1 or apart


def _uniform(pattern: Pattern, gamma: float) -> Ball:
    """The mean entry of ``X Y^T + gamma^2 I``."""
    same = sum(a == b for a in pattern.x for b in pattern.y)
    with precision():
        mean = (same + arb(gamma) ** 2 * pattern.length) / pattern.length**2
        value = float(mean)
        error = abs(mean - arb(value))
        return Ball(value, 0.0, 0.0 if error == 0 else above(error), 1)
