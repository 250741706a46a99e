"""The tables of a plan: every value that the sums are made of, rounded from balls.

``f(u) = exp(-exp(u))`` and ``g(u) = exp(u) f(u)``. A position joins the logits u of its token in x
and v of its token in y, and its Gaussian p is summed out in the tables of ``f f``, ``g f``, ``f g``
and ``g g``, for instance ``ff(u, v) = E f(u + beta gamma p) f(v + beta gamma p)``.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
from flint import arb
from jaxtyping import Shaped

from kernels.attention.proved.balls import rounded
from kernels.attention.proved.bounds.plan import Direction, Plan
from kernels.attention.proved.sums.slices import sliced_product, sliced_roundings
from kernels.attention.proved.sums.tensors import (
    BOTH,
    PLAIN,
    SOURCE_X,
    SOURCE_Y,
    Jet,
    Tensor,
)
from kernels.estimates.balls import precision

ROUNDED = 2
"""Roundings that a number rounded from a ball counts for."""

Table = Shaped[np.ndarray, "_ _"]
"""Floats, or balls."""

Number = Any
"""A float, or a ball."""


class Tables:
    """The tables of a plan, in floats; a subclass may keep the balls (`in_balls`).

    Args:
        plan: the plan.
    """

    vanished = 7.0
    """Beyond it, f and g are below `balls.LEAST`: exp(7 - exp(7)) is 2**-1571."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.weights = self._weights(plan.token)
        with precision():
            self.shift_weights = self._numbers(plan.shifts.weights)
            self.gamma2 = self.number(arb(plan.gamma) ** 2)
            self.one_more = self.number(1 + arb(plan.gamma) ** 2)
        self._on_grid: dict[int, tuple[Number, Number]] = {}
        self.edge = lru_cache(maxsize=None)(self._edge)

    def number(self, ball: arb) -> Number:
        """What stands in the tables for a ball."""
        return rounded(ball)

    def product(self, a: Table, b: Table) -> Table:
        """The product of two matrices of such numbers."""
        return sliced_product(a, b)

    @cached_property
    def smoothing(self) -> Table:
        """The weights of each shift's nodes, shape ``(shifts, logits)``."""
        plan, shape = self.plan, (self.plan.count, self.plan.logits)
        matrix = np.zeros(shape, dtype=self.weights.dtype)
        for i in range(plan.count):
            matrix[i, plan.advance * i : plan.advance * i + plan.window] = self.weights
        return matrix

    @cached_property
    def windows(self) -> tuple[Table, Table]:
        """f and g at the nodes around each shift, shape ``(shifts, window)``."""
        return self._values(self._shifts(), self.plan.token, on_grid=True)

    @cached_property
    def read_out(self) -> Tensor:
        """The contribution of a read-out: ``ff`` and ``(1 + gamma^2) gg`` at pairs of shifts."""
        f, g = self._values(self._shifts(), self.plan.read_out, on_grid=True)
        found = _PairTables(f, g, self._weights(self.plan.read_out), self.product)
        ff, gg, roundings = found.ff, found.gg, found.roundings
        return Tensor(("i", "j"), {PLAIN: ff, BOTH: self.one_more * gg}, roundings + ROUNDED + 1)

    def _edge(self, count: int, from_source: bool, to_source: bool, first: bool) -> Tensor:
        """The jet of several positions that join one token of x to one of y.

        Args:
            count: how many positions.
            from_source: whether the token of x is the source's.
            to_source: whether the token of y is.
            first: whether the insertions at one position, which weigh ``gamma^2``, are counted.
        """
        tables = self._positions
        jet: Jet = {PLAIN: tables.ff}
        if from_source:
            jet[SOURCE_X] = tables.gf
        if to_source:
            jet[SOURCE_Y] = tables.gf.T
        if from_source and to_source:
            jet[BOTH] = (self.one_more if first else 1.0) * tables.gg
        elif first:
            jet[BOTH] = self.gamma2 * tables.gg
        return _power(Tensor(("u", "v"), jet, tables.roundings + ROUNDED + 1), count)

    @cached_property
    def _positions(self) -> _PairTables:
        """The tables of one position at pairs of logits."""
        position = self.plan.position
        f, g = self._values(self._logits(), position, on_grid=self.plan.aligned)
        return _PairTables(f, g, self._weights(position), self.product)

    def _weights(self, direction: Direction) -> Shaped[np.ndarray, " n"]:
        with precision():
            return self._numbers(direction.rule.weights)

    def _numbers(self, balls: list[arb]) -> Shaped[np.ndarray, " n"]:
        return np.array([self.number(ball) for ball in balls])

    def _exponentials(self, u: arb) -> tuple[Number, Number]:
        """f and g at a logit."""
        if not u < self.vanished:
            return 0.0, 0.0
        power = u.exp()
        value = (-power).exp()
        return self.number(value), self.number(power * value)

    def _shifts(self) -> list[int]:
        """The shifts in units of the grid."""
        plan = self.plan
        return [plan.start + plan.stride * n for n in range(plan.count)]

    def _logits(self) -> list[int] | list[arb]:
        """The logits: in units of the grid where they lie on it, else as balls."""
        plan, token = self.plan, self.plan.token
        if plan.aligned:
            first = plan.start - token.places * (plan.window // 2)
            return [first + token.places * n for n in range(plan.logits)]
        with precision():
            nodes = [token.slope * node for node in token.rule.nodes]
            return [arb(plan.unit) * shift + node for shift in self._shifts() for node in nodes]

    def _values(
        self, points: list[int] | list[arb], direction: Direction, *, on_grid: bool
    ) -> tuple[Table, Table]:
        """f and g at each point plus the slope times each node."""
        unit, size = arb(self.plan.unit), direction.rule.size
        if on_grid and direction.places:
            offsets = direction.places * (np.arange(size) - size // 2)
            index = np.array(points)[:, None] + offsets
            low, high = int(index.min()), int(index.max())
            with precision():
                for n in range(low, high + 1):
                    if n not in self._on_grid:
                        self._on_grid[n] = self._exponentials(unit * n)
            found = np.array([self._on_grid[n] for n in range(low, high + 1)])[index - low]
        else:
            with precision():
                bases = [unit * point for point in points] if on_grid else points
                nodes = [direction.slope * node for node in direction.rule.nodes]
                found = np.array([[self._exponentials(b + node) for node in nodes] for b in bases])
        return np.ascontiguousarray(found[..., 0]), np.ascontiguousarray(found[..., 1])


class _PairTables:
    """Sums over a Gaussian of products of two values at its nodes.

    Args:
        f: f at a logit plus each node.
        g: g there.
        weights: of the nodes.
        product: multiplies matrices.
    """

    def __init__(
        self,
        f: Table,
        g: Table,
        weights: Shaped[np.ndarray, " n"],
        product: Callable[[Table, Table], Table] = sliced_product,
    ) -> None:
        if not weights.max() <= 1.0:
            raise ArithmeticError("sliced products need weights of at most 1")
        self._f, self._g, self._weights, self._product = f, g, weights, product

    @property
    def roundings(self) -> int:
        """Of f, of its weight, of their product, of the other f, and of the sum."""
        return 3 * ROUNDED + 1 + sliced_roundings(len(self._weights))

    @cached_property
    def ff(self) -> Table:
        """``E f f`` at pairs of logits."""
        return self._product(self._f * self._weights, self._f.T)

    @cached_property
    def gf(self) -> Table:
        """``E g f``."""
        return self._product(self._g * self._weights, self._f.T)

    @cached_property
    def gg(self) -> Table:
        """``E g g``."""
        return self._product(self._g * self._weights, self._g.T)


def _power(tensor: Tensor, count: int) -> Tensor:
    """A jet to a positive power, by repeated multiplication."""
    if count == 1:
        return tensor
    jet, roundings = tensor.jet, tensor.roundings
    powers = [jet[PLAIN]]
    while len(powers) < count:
        powers.append(powers[-1] * jet[PLAIN])
    found = {m: count * (powers[-2] * term) for m, term in jet.items() if m != PLAIN}
    found[PLAIN] = powers[-1]
    if SOURCE_X in jet and SOURCE_Y in jet:
        cross = count * (count - 1) * (jet[SOURCE_X] * jet[SOURCE_Y])
        cross = cross * powers[count - 3] if count > 2 else cross
        found[BOTH] = found[BOTH] + cross if BOTH in found else cross
    # Products, a multiple, and a sum of two.
    return Tensor(tensor.axes, found, count * roundings + count + 2)
