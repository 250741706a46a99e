"""The plain trapezoidal product rule on the logit differences: an independent second route.

Cheap at ranks 1 and 2, affordable to about 4. Its errors rest on a theorem (below), so that a
tensor network can be tested against it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from scipy.special import gammainccinv

from kernels.attention.base import AttentionEstimator, one_by_one
from kernels.attention.gaussian import LogitLaw
from kernels.boundary.checks import convert_fields, nonnegative, positive
from kernels.boundary.exceptions import ToleranceNotMetError, TooLargeError
from kernels.estimates import Estimate, EstimateArray, Numerical
from kernels.strings.patterns import Pattern

_WIDEST = 12.0
"""Strips wider than this gain nothing: ``exp(d^2 / 2)`` outgrows what the step wins."""

_BLOCK = 1 << 14
"""Nodes held in memory at once: a megabyte or two, which stays in the cache."""


@dataclass(frozen=True)
class ProductRule(AttentionEstimator):
    """The trapezoidal rule on ``z`` in R^r, the principal components of the logit differences.

    The step in each direction comes from the tolerance and the strip in which the integrand is
    analytic. Shift one coordinate by ``i d``: the logits of x move by ``i beta d A_l``, whose
    phases, with 0 for the last logit, span ``psi_x``. While ``psi_x < pi``, the softmax's
    denominator is at least ``cos(psi_x / 2)`` times its value at the real point, so the
    integrand is at most ``max(M) / (cos(psi_x / 2) cos(psi_y / 2))`` and the trapezoidal error in
    this direction at most

        2 max(M) exp(d^2 / 2) / (cos(psi_x / 2) cos(psi_y / 2)) / (exp(2 pi d / h) - 1)

    (Trefethen and Weideman, The exponentially convergent trapezoidal rule, 2014, Thm 5.1), twice
    that for the integrand less its value at 0, which is what is summed.
    Nodes outside a ball are dropped; the error counts the weight they had. Only the rounding part
    of the error is not a theorem, hence its kind, numerical.

    Args:
        tolerance: absolute error to reach.
        effort: nodes that a pattern may take; beyond it the pattern is refused.

    Raises:
        InvalidInputError: an argument is out of range.

    >>> rule = ProductRule(tolerance=1e-12)
    >>> estimate = rule.estimate([Pattern.of("AA", "BB")], beta=1.0, gamma=1.0)[0]
    >>> estimate.error < 1e-12, round(estimate.value, 11)
    (True, 0.67984292184)
    """

    tolerance: float = 1e-10
    effort: float = 2e7

    def __post_init__(self) -> None:
        convert_fields(self, tolerance=positive, effort=positive)

    def estimate(
        self, patterns: Sequence[Pattern], beta: float, gamma: float, *, n_jobs: int | None = None
    ) -> EstimateArray:
        """See `AttentionEstimator.estimate`; the errors meet the tolerance.

        Raises:
            InvalidInputError: ``beta`` or ``gamma`` is negative or not finite.
            TooLargeError: a pattern needs more nodes than the effort.
            ToleranceNotMetError: the tolerance is below the rounding error.
        """
        beta, gamma = nonnegative("beta", beta), nonnegative("gamma", gamma)
        grids = [self._grid(pattern, beta, gamma) for pattern in patterns]
        for pattern, grid in zip(patterns, grids, strict=True):
            if grid.nodes > self.effort:
                raise TooLargeError(
                    "pattern",
                    (pattern.x, pattern.y),
                    f"the product rule needs {grid.nodes:.2g} nodes and effort allows "
                    f"{self.effort:.2g}; raise effort, loosen tolerance, or use Quadrature",
                )
        return one_by_one(_integrate, grids, n_jobs)

    def cost(self, pattern: Pattern, beta: float, gamma: float) -> float:
        """The number of nodes, about: the volume of the ball over that of a cell.

        Raises:
            InvalidInputError: ``beta`` or ``gamma`` is negative or not finite.
            ToleranceNotMetError: the tolerance is below the rounding error.

        >>> rule = ProductRule()
        >>> rule.cost(Pattern.of("A", "A"), 1.0, 1.0) < 100
        True
        >>> rule.cost(Pattern.of("ABCD", "EFGH"), 1.0, 1.0) > 1e9
        True
        """
        return self._grid(pattern, nonnegative("beta", beta), nonnegative("gamma", gamma)).nodes

    def _grid(self, pattern: Pattern, beta: float, gamma: float) -> _Grid:
        """The steps and the ball that meet the tolerance.

        Half of the tolerance goes to the steps, a quarter to the ball, a quarter to rounding.
        """
        law = LogitLaw.of(pattern, gamma)
        # A logit's rounding is relative to its terms; both softmaxes then carry it.
        size = float(np.abs(law.factor).sum(axis=1).max(initial=0.0))
        rounding = law.rounding * (8.0 + law.length + 2.0 * beta * size)
        if rounding > self.tolerance / 4.0:
            raise ToleranceNotMetError(
                "tolerance",
                self.tolerance,
                f"rounding allows {4.0 * rounding:.1e} here; give at least that",
                reached=4.0 * rounding,
            )
        if law.rank == 0 or law.bound == 0.0:
            return _Grid(law, beta, np.ones(law.rank), 0.0, rounding)
        share = self.tolerance / (2.0 * law.rank)
        steps = np.array([_step(law, beta, column, share) for column in range(law.rank)])
        # Far above the float64 range's end, since the tolerance is above the bound's rounding.
        tail = self.tolerance / (8.0 * law.bound)
        # |z| has a chi distribution, whose tail is an incomplete gamma function. Half a diagonal
        # is added: that far from a node lies the cell whose mass it stands for.
        beyond = math.sqrt(2.0 * float(gammainccinv(0.5 * law.rank, min(tail, 0.5))))
        radius = beyond + 0.5 * float(np.linalg.norm(steps))
        return _Grid(law, beta, steps, radius, self.tolerance / 2.0 + rounding)


@dataclass(frozen=True, eq=False)
class _Grid:
    """The nodes ``z`` with ``z_j`` a multiple of ``steps[j]`` and ``|z| <= radius``."""

    law: LogitLaw
    beta: float
    steps: Float[np.ndarray, " r"]
    radius: float
    error: float

    @property
    def nodes(self) -> float:
        """How many there are, about."""
        r = self.law.rank
        log_ball = 0.5 * r * math.log(math.pi) - math.lgamma(0.5 * r + 1.0)
        log_cells = r * math.log(self.radius) if self.radius > 0.0 else -math.inf if r else 0.0
        exponent = log_ball + log_cells - float(np.log(self.steps).sum())
        return max(1.0, math.exp(min(exponent, 700.0)))


def _step(law: LogitLaw, beta: float, column: int, share: float) -> float:
    """The largest step in one direction whose error bound is at most ``share``."""
    split = law.length - 1
    slopes = beta * law.factor[:, column]
    spans = [np.ptp(np.append(part, 0.0)) for part in (slopes[:split], slopes[split:])]
    widest = min(_WIDEST, math.pi / max(*spans, 1e-300))
    d = widest * np.linspace(0.005, 0.995, 199)
    cosines = np.cos(0.5 * d * spans[0]) * np.cos(0.5 * d * spans[1])
    log_bound = math.log(4.0 * law.bound) + 0.5 * d * d - np.log(cosines)
    # exp(2 pi d / h) = 1 + bound / share
    return float((2.0 * math.pi * d / np.logaddexp(0.0, log_bound - math.log(share))).max())


def _integrate(grid: _Grid) -> Estimate:
    """The sum over the grid, with its error."""
    law, method = grid.law, "product rule"
    if grid.radius == 0.0:
        return Estimate(law.center, Numerical(grid.error), method)
    sums, weights = [], []
    for z in _blocks(grid):
        density = np.exp(-0.5 * np.einsum("rn,rn->n", z, z))
        # Deviations from the centre: at small beta they are small, and so is their rounding.
        sums.append(float(density @ (law.integrand(z, grid.beta) - law.center)))
        weights.append(float(density.sum()))
    cell = math.exp(float(np.log(grid.steps).sum()) - 0.5 * law.rank * math.log(2.0 * math.pi))
    # The weight that the dropped nodes had, times the largest deviation from the centre.
    dropped = abs(1.0 - cell * math.fsum(weights)) * law.bound
    value = law.center + cell * math.fsum(sums)
    return Estimate(value, Numerical(grid.error + dropped), method)


def _blocks(grid: _Grid) -> Iterator[Float[np.ndarray, "r n"]]:
    """The nodes of the ball in blocks: whole lines along the last direction."""
    *leading, last = (
        step * np.arange(-count, count + 1)
        for step, count in zip(grid.steps, (grid.radius // grid.steps).astype(int), strict=True)
    )
    starts = np.zeros((0, 1))
    for nodes in leading:
        starts = _extended(starts, nodes, grid.radius)
    lines = max(1, _BLOCK // last.size)
    for first in range(0, starts.shape[1], lines):
        yield _extended(starts[:, first : first + lines], last, grid.radius)


def _extended(
    points: Float[np.ndarray, "r n"], nodes: Float[np.ndarray, " m"], radius: float
) -> Float[np.ndarray, "s p"]:
    """All points with each node as one more coordinate, as far as they lie in the ball."""
    longer = np.vstack([np.repeat(points, nodes.size, axis=1), np.tile(nodes, points.shape[1])])
    return longer[:, np.einsum("rn,rn->n", longer, longer) <= radius * radius]
