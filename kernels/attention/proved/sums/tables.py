"""The tables of a plan: every value that the sums are made of, rounded from balls.

``f(u) = exp(-exp(u))`` and ``g(u) = exp(u) f(u)``. A position joins the logits u of its token in x
and v of its token in y, and its Gaussian p is summed out in the tables of ``f f``, ``g f``, ``f g``
and ``g g``, for instance ``ff(u, v) = E f(u + beta gamma p) f(v + beta gamma p)``.
"""

from __future__ import annotations

from functools import cached_property, lru_cache

import numpy as np
from flint import arb
from jaxtyping import Float

from kernels.attention.proved.balls import precision, rounded
from kernels.attention.proved.bounds.plan import Direction, Plan
from kernels.attention.proved.sums.slices import sliced_product, sliced_roundings
from kernels.attention.proved.sums.tensors import BOTH, PLAIN, SOURCE_X, SOURCE_Y, Jet, Tensor

ROUNDED = 2
"""Roundings that a number rounded from a ball counts for."""

_VANISHED = 7.0
"""Beyond it, f and g are below `balls.LEAST`: exp(7 - exp(7)) is 2**-1571."""

Table = Float[np.ndarray, "m n"]


class Tables:
    """The tables of a plan.

    Args:
        plan: the plan.
    """

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        with precision():
            self.weights = self._weights(plan.token)
            self.shift_weights = _floats(plan.shifts.weights)
            self.gamma2 = rounded(arb(plan.gamma) ** 2)
            self.one_more = rounded(1 + arb(plan.gamma) ** 2)
        self.edge = lru_cache(maxsize=None)(self._edge)

    @cached_property
    def smoothing(self) -> Table:
        """The weights of each shift's nodes, shape ``(shifts, logits)``."""
        plan, matrix = self.plan, np.zeros((self.plan.count, self.plan.logits))
        for i in range(plan.count):
            matrix[i, plan.advance * i : plan.advance * i + plan.window] = self.weights
        return matrix

    @cached_property
    def windows(self) -> tuple[Table, Table]:
        """f and g at the nodes around each shift, shape ``(shifts, window)``."""
        plan = self.plan
        with precision():
            return self._values(self._shifts(), plan.token, on_grid=plan.aligned)

    @cached_property
    def read_out(self) -> Tensor:
        """The contribution of a read-out: ``ff`` and ``(1 + gamma^2) gg`` at pairs of shifts."""
        with precision():
            f, g = self._values(self._shifts(), self.plan.read_out, on_grid=True)
        ff, _, gg, roundings = self._summed(f, g, self.plan.read_out)
        return Tensor(("i", "j"), {PLAIN: ff, BOTH: self.one_more * gg}, roundings + ROUNDED + 1)

    def _edge(self, count: int, from_source: bool, to_source: bool, first: bool) -> Tensor:
        """The jet of several positions that join one token of x to one of y.

        Args:
            count: how many positions.
            from_source: whether the token of x is the source's.
            to_source: whether the token of y is.
            first: whether the insertions at one position, which weigh ``gamma^2``, are counted.
        """
        ff, gf, gg, roundings = self._positions
        jet: Jet = {PLAIN: ff}
        if from_source:
            jet[SOURCE_X] = gf
        if to_source:
            jet[SOURCE_Y] = gf.T
        if from_source and to_source:
            jet[BOTH] = (self.one_more if first else 1.0) * gg
        elif first:
            jet[BOTH] = self.gamma2 * gg
        return _power(Tensor(("u", "v"), jet, roundings + ROUNDED + 1), count)

    @cached_property
    def _positions(self) -> tuple[Table, Table, Table, int]:
        """``ff``, ``gf`` and ``gg`` at pairs of logits, and their roundings."""
        plan = self.plan
        with precision():
            f, g = self._values(self._logits(), plan.position, on_grid=plan.aligned)
        return self._summed(f, g, plan.position)

    def _summed(
        self, f: Table, g: Table, direction: Direction
    ) -> tuple[Table, Table, Table, int]:
        """Sums over a Gaussian of products of two values at its nodes."""
        with precision():
            weights = self._weights(direction)
        if not weights.max() <= 1.0:
            raise ArithmeticError("sliced products need weights of at most 1")
        fw, gw = f * weights, g * weights
        ff, gf, gg = (sliced_product(a, b.T) for a, b in ((fw, f), (gw, f), (gw, g)))
        # Of f, its weight, their product, and the other f.
        return ff, gf, gg, 3 * ROUNDED + 1 + sliced_roundings(len(weights))

    def _weights(self, direction: Direction) -> Float[np.ndarray, " n"]:
        return _floats(direction.rule.weights)

    def _shifts(self) -> list[arb] | list[int]:
        """The shifts: in units of the grid."""
        plan = self.plan
        return [plan.start + plan.stride * n for n in range(plan.count)]

    def _logits(self) -> list[arb] | list[int]:
        """The logits: in units of the grid where they lie on it, else as balls."""
        plan, token = self.plan, self.plan.token
        if plan.aligned:
            first = plan.start - token.places * (plan.window // 2)
            return [first + token.places * n for n in range(plan.logits)]
        nodes = [token.slope * node for node in token.rule.nodes]
        return [arb(plan.unit) * shift + node for shift in self._shifts() for node in nodes]

    def _values(
        self, points: list[arb] | list[int], direction: Direction, *, on_grid: bool
    ) -> tuple[Table, Table]:
        """f and g at each point plus the slope times each node."""
        unit = arb(self.plan.unit)
        if on_grid and direction.places:
            offsets = direction.places * np.arange(direction.rule.size)
            low = int(points[0]) - direction.places * (direction.rule.size // 2)
            index = np.array([int(point) - int(points[0]) for point in points])[:, None] + offsets
            f, g = _exponentials([unit * (low + n) for n in range(int(index.max()) + 1)])
            return f[index], g[index]
        bases = [unit * point for point in points] if on_grid else points
        nodes = [direction.slope * node for node in direction.rule.nodes]
        f, g = _exponentials([base + node for base in bases for node in nodes])
        return f.reshape(len(points), -1), g.reshape(len(points), -1)


def _exponentials(
    logits: list[arb],
) -> tuple[Float[np.ndarray, " n"], Float[np.ndarray, " n"]]:
    """f and g at each logit."""
    f, g = np.zeros(len(logits)), np.zeros(len(logits))
    for i, u in enumerate(logits):
        if u < _VANISHED:
            power = u.exp()
            value = (-power).exp()
            f[i], g[i] = rounded(value), rounded(power * value)
    return f, g


def _floats(balls: list[arb]) -> Float[np.ndarray, " n"]:
    return np.array([rounded(ball) for ball in balls])


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
