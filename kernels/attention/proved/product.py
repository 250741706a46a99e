"""A second proved route: the plain trapezoidal rule on the logit differences, at rank up to 4.

The integrand is a quotient of positive sums of products of one-dimensional tables, which are
rounded from balls; so here too roundings are counted (Theorem 12 of docs/proofs.md).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from flint import arb
from jaxtyping import Shaped

from kernels.attention.proved.balls import Ball, counted, rounded
from kernels.attention.proved.bounds.rules import Trapezoid
from kernels.attention.proved.differences import Differences
from kernels.attention.proved.structure import Structure
from kernels.attention.proved.sums.tables import ROUNDED
from kernels.estimates.balls import precision
from kernels.strings.patterns import Pattern

HIGHEST_RANK = 4

_LARGEST_LOGARITHM = 300.0
"""Of a table's entry: products of two of them stay floats."""

_WIDTHS = np.linspace(0.02, 0.99, 50)
_WIDEST = 12.0
_LINES = 2**14
"""Nodes that are worked on at once."""


@dataclass(frozen=True, eq=False)
class ProductGrid:
    """The nodes ``z`` with ``z_j`` a multiple of ``steps[j]``, those outside of a ball left out.

    Attributes:
        pattern: the pattern.
        beta: inverse temperature.
        gamma: positional weight.
        steps: the steps.
        widths: half-widths of the strips that bound what the steps cost.
        radius: of the ball, which all nodes outside of the grid lie outside of.
    """

    pattern: Pattern
    beta: float
    gamma: float
    steps: tuple[float, ...]
    widths: tuple[float, ...]
    radius: float

    @classmethod
    def of(cls, pattern: Pattern, beta: float, gamma: float, aim: float) -> ProductGrid:
        """A grid whose error is about the aim per unit of M's largest entry (a plan)."""
        law = Differences.of(pattern, gamma)
        found = [_step(_spans(law, beta, j), aim / (2 * law.rank)) for j in range(law.rank)]
        radius = 1.0
        while _log_tail(law.rank, radius) > math.log(aim / 2):
            radius += 0.05
        steps = tuple(math.floor(step * 2**12) / 2**12 for step, _ in found)
        return cls(pattern, beta, gamma, steps, tuple(width for _, width in found), radius)

    @property
    def law(self) -> Differences:
        """The law of the logit differences."""
        return Differences.of(self.pattern, self.gamma)

    @property
    def nodes(self) -> float:
        """How many there are, about."""
        *leading, last = (2.0 * self.radius / step for step in self.steps)
        r = len(leading)
        ball = math.exp(0.5 * r * math.log(math.pi) - math.lgamma(0.5 * r + 1.0)) / 2.0**r
        return ball * math.prod(leading) * last

    @property
    def fits(self) -> bool:
        """Whether all tables and their products are floats."""
        largest = float(np.linalg.norm(self.law.approximate, axis=1).max(initial=0.0))
        return self.beta * largest * (self.radius + 1.0) < _LARGEST_LOGARITHM

    def error(self) -> arb:
        """What the sum differs from the kernel by, at most, roundings apart.

        Raises:
            ArithmeticError: a half-width beyond the strip in which the integrand is analytic.
        """
        mass, nodes = arb(1), arb(0)
        shrink = arb(len(self.steps)) / arb(self.radius) ** 2  # 1 - 2 lambda of Chernoff's bound
        # Whether a node lies in the ball is decided in floats.
        tail = (-(1 - shrink) / 2 * (arb(self.radius) * (1 - arb(1e-12))) ** 2).exp()
        for j, (step, width) in enumerate(zip(self.steps, self.widths, strict=True)):
            d, cosines = arb(width), arb(1)
            for span in _ball_spans(self.law, j, self.pattern.length - 1):
                angle = d * arb(self.beta) * span
                if not angle < arb.pi():
                    raise ArithmeticError("a strip that reaches beyond the first zero")
                cosines *= (angle / 2).cos()
            nodes += 2 * (d**2 / 2).exp() / cosines / (2 * arb.pi() * d / arb(step)).expm1()
            mass *= 1 + Trapezoid(arb(step), 0).excess
            tail *= (1 + Trapezoid(arb(step) * shrink.sqrt(), 0).excess) / shrink.sqrt()
        structure = Structure.of(self.pattern, positional=self.gamma > 0.0)
        return structure.largest_entry(arb(self.gamma)) * (mass * nodes + tail)


def product_ball(grid: ProductGrid) -> Ball:
    """The ball of the grid's pattern."""
    rank, k = len(grid.steps), grid.pattern.length
    with precision():
        halves = [math.floor(grid.radius / step) for step in grid.steps]
        rules = [Trapezoid(arb(s), half) for s, half in zip(grid.steps, halves, strict=True)]
        weights = [np.array([rounded(w) for w in rule.weights]) for rule in rules]
        tables = [
            np.array([[rounded((arb(grid.beta) * row[j] * z).exp()) for z in rule.nodes]
                      for row in grid.law.factor])
            for j, rule in enumerate(rules)
        ]  # fmt: skip
        gamma2 = arb(grid.gamma) ** 2
        M = np.array(
            [[rounded((i == j) * gamma2 + (a == b)) for j, b in enumerate(grid.pattern.y)]
             for i, a in enumerate(grid.pattern.x)]
        )  # fmt: skip
    sums = []
    index = _leading(grid, halves)
    lines = max(1, _LINES // len(weights[-1]))
    for first in range(0, index.shape[1], lines):
        part = index[:, first : first + lines]
        density, exponentials = weights[-1][None, :], tables[-1][:, None, :]
        for j in range(rank - 1):
            density = weights[j][part[j]][:, None] * density
            exponentials = tables[j][:, part[j]][:, :, None] * exponentials
        sums.append(math.fsum((density * _integrand(exponentials, M)).ravel()))
    with precision():
        # Two sums that are exact but for one rounding each.
        return counted(math.fsum(sums), roundings_of(rank, k) + 2, grid.error())


def _integrand(
    exponentials: Shaped[np.ndarray, "d m n"], M: Shaped[np.ndarray, "k k"]
) -> Shaped[np.ndarray, "m n"]:
    """``a^T M b`` from the exponentials of the logit differences; the last ones are 1."""
    split = len(M) - 1
    one = np.ones((1, *exponentials.shape[1:]))
    x = np.concatenate([exponentials[:split], one])
    y = np.concatenate([exponentials[split:], one])
    form = sum(
        exponential * sum(weight * other for weight, other in zip(row, y, strict=True) if weight)
        for row, exponential in zip(M, x, strict=True)
    )
    return np.asarray(form / (x.sum(axis=0) * y.sum(axis=0)))


def roundings_of(rank: int, length: int) -> int:
    """The roundings of a node's integrand times its weight."""
    entry = ROUNDED * rank + rank - 1
    # Of the form: two entries, a weight, two products, two sums; of the denominator; a quotient.
    form = 2 * entry + ROUNDED + 2 + 2 * (length - 1)
    denominator = 2 * (entry + length - 1) + 1
    return form + denominator + 1 + entry + 1


def _leading(grid: ProductGrid, halves: list[int]) -> np.ndarray:
    """Places of the nodes in all directions but the last, those outside of the ball left out."""
    places, squares = np.zeros((0, 1), dtype=np.intp), np.zeros(1)
    for step, half in zip(grid.steps[:-1], halves[:-1], strict=True):
        n = 2 * half + 1
        own = (step * np.arange(-half, half + 1)) ** 2
        places = np.vstack([np.repeat(places, n, axis=1), np.tile(np.arange(n), len(squares))])
        squares = np.repeat(squares, n) + np.tile(own, len(squares))
        inside = squares <= grid.radius**2
        places, squares = places[:, inside], squares[inside]
    return places


def _spans(law: Differences, beta: float, column: int) -> list[float]:
    """How far apart the slopes of each string's logits in one direction are."""
    parts = np.split(beta * law.approximate[:, column], 2)
    return [float(np.ptp(np.append(part, 0.0))) for part in parts]


def _ball_spans(law: Differences, column: int, split: int) -> list[arb]:
    """The same as balls, over ``beta``."""
    found = []
    slopes = [row[column] for row in law.factor]
    for part in (slopes[:split], slopes[split:]):
        low, high = arb(0), arb(0)
        for slope in part:
            low, high = low.min(slope), high.max(slope)
        found.append(high - low)
    return found


def _step(spans: list[float], share: float) -> tuple[float, float]:
    """The longest step that errs by the share, and the strip that shows it (a plan)."""
    d = _WIDTHS * min(_WIDEST, math.pi / max(*spans, 1e-100))
    log = 0.5 * d * d + math.log(2.0 / share)
    log -= sum(np.log(np.cos(0.5 * d * span)) for span in spans)
    steps = 2.0 * math.pi * d / np.logaddexp(0.0, log)
    best = int(np.argmax(steps))
    return float(steps[best]), float(d[best])


def _log_tail(rank: int, radius: float) -> float:
    """About the logarithm of the Gaussian mass outside of a ball, by Chernoff's bound."""
    if radius**2 <= rank:
        return 0.0
    return 0.5 * rank * math.log(radius**2 / rank) - 0.5 * (radius**2 - rank)
