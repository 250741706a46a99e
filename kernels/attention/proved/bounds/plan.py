"""The plan of a quadrature: which nodes meet an error that is aimed at.

A plan is found in floats and proves nothing; what it costs is proved afterwards (`truncation`).
Shifts and logits lie on one grid ``unit * Z`` with a unit of few binary digits, so that every value
of ``exp(-exp(u))`` that tables need is one of a few hundred.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from flint import arb

from kernels.attention.proved.bounds.rules import Hermite, Rule, Trapezoid
from kernels.attention.proved.bounds.shifts import (
    ShiftGrid,
    first_shift,
    gamma_size,
    last_shift,
    longest_step,
)
from kernels.attention.proved.bounds.strips import Strip
from kernels.attention.proved.structure import Structure
from kernels.estimates.balls import above, precision

_DIGITS = 12
"""Binary digits of the grid's unit."""

_LONGEST_STRIDE = 8
"""Beyond so many logits from shift to shift, Gauss-Hermite nodes are fewer."""

_SMALL = 0.35
"""Slopes below which Gauss-Hermite nodes pay for positions, if they are few."""

_MOST_NODES = 30
"""How many are few."""


@dataclass(frozen=True, eq=False)
class Direction:
    """The rule for one kind of Gaussian.

    Attributes:
        slope: what the Gaussian is multiplied by in a logit.
        rule: its rule.
        places: units of the grid from node to node; 0 where the nodes lie off it.
    """

    slope: arb
    rule: Rule
    places: int = 0


@dataclass(frozen=True, eq=False)
class Plan:
    """Nodes for patterns of one length.

    Attributes:
        beta: inverse temperature, above 0.
        gamma: positional weight.
        length: positions of the strings.
        unit: of the grid on which shifts and logits lie.
        start: the first shift, in units.
        stride: units from shift to shift.
        count: shifts of each string.
        token: the rule for a token's Gaussian.
        position: the rule for a position's.
        read_out: the rule for the sum of both, where a token occurs there alone.

    >>> plan = make_plan(1.0, 1.0, aim=1e-15, shape=Shape(length=3, repeats=2, shared=False))
    >>> plan.count, plan.window, plan.position.rule.size
    (64, 41, 79)
    """

    beta: float
    gamma: float
    length: int
    unit: float
    start: int
    stride: int
    count: int
    token: Direction
    position: Direction
    read_out: Direction

    @property
    def shifts(self) -> ShiftGrid:
        """The shifts as balls."""
        return ShiftGrid(arb(self.unit) * self.start, arb(self.unit) * self.stride, self.count)

    @property
    def aligned(self) -> bool:
        """Whether the tokens' logits lie on the grid, so that neighbouring shifts share them."""
        return self.token.places > 0

    @property
    def window(self) -> int:
        """Logits around a shift."""
        return self.token.rule.size

    @property
    def advance(self) -> int:
        """Logits from one shift's first to the next one's."""
        return self.stride // self.token.places if self.aligned else self.window

    @property
    def logits(self) -> int:
        """Logits of all shifts."""
        return self.advance * (self.count - 1) + self.window


@dataclass(frozen=True)
class Shape:
    """What a plan needs to know of the patterns that it is for.

    Attributes:
        length: positions of the strings.
        repeats: at least how often a token of one string alone occurs.
        shared: whether both strings share tokens besides read-outs: such tokens take shorter steps.
    """

    length: int
    repeats: int
    shared: bool

    @classmethod
    def of(cls, structure: Structure) -> Shape:
        """The shape of a pattern, rounded so that patterns share plans."""
        most = max((n for string in structure.own for n in string), default=1)
        return cls(structure.length, 1 << (most - 1).bit_length(), structure.shared > 0)


@dataclass(frozen=True)
class _Aim:
    """What is aimed at: shares of the error, and the lowest harmonic at the shifts' step."""

    share: float
    frequency: float
    weight: float
    reach: float

    def step(self, strips: list[Strip]) -> float:
        """The longest step in a Gaussian that serves all strips."""
        return min(s.longest_step(self.share, self._weight(s)) for s in strips)

    def nodes(self, strips: list[Strip]) -> int:
        """The fewest Gauss-Hermite nodes that serve all strips."""
        return max(s.fewest_nodes(self.share, self._weight(s)) for s in strips)

    def _weight(self, strip: Strip) -> float:
        return self.weight if strip.own or strip.other else 1.0


def strips(
    slope: float, strings: int, frequency: float, position_slope: float = 0.0, positions: int = 0
) -> list[Strip]:
    """A direction's strips: for the plain integrand, for its own string's lowest harmonic, and for
    the other string's.
    """  # noqa: D205 -- one sentence
    pairs = [(0.0, 0.0), (frequency, 0.0), (0.0, frequency)][: 4 - strings]
    return [Strip(slope, strings, w, v, position_slope, positions) for w, v in pairs]


def in_floats(slope: arb) -> float:
    """A slope where only widths are chosen by it: none is so small that it vanishes in a float."""
    return max(float(slope), 1e-100) if slope > 0 else 0.0


def make_plan(beta: float, gamma: float, *, aim: float, shape: Shape) -> Plan:
    """A plan whose error is about the aim per unit of M's largest entry.

    Args:
        beta: inverse temperature, above 0.
        gamma: positional weight, at least 0.
        aim: the error to aim at.
        shape: of the patterns.
    """
    with precision():
        length = shape.length
        step = longest_step(aim / 4.0, beta**2 * (1.0 + 2.0 * gamma**2) / (2.0 * length))
        frequency = 2.0 * math.pi / step
        share = aim / (8.0 * (3 * length + 1))
        lowest = 4.0 * above(gamma_size(arb(frequency)))
        wanted = _Aim(share, frequency, lowest, _reach(share))
        slopes = arb(beta), arb(beta) * arb(gamma), arb(beta) * (1 + arb(gamma) ** 2).sqrt()
        b, p, r = (in_floats(slope) for slope in slopes)
        kinds = strips(b, 1, frequency, p, shape.repeats)
        kinds += strips(b, 2, frequency) if shape.shared else []
        spacing, per_shift = _spacing(step, b * wanted.step(kinds))
        local = per_shift > _LONGEST_STRIDE and wanted.nodes(kinds) < per_shift
        if local:
            spacing, per_shift = step, 1
        others = {
            s: s * wanted.step(strips(s, 2, frequency))
            for s in (p, r)
            if s > 0.0 and (s >= _SMALL or wanted.nodes(strips(s, 2, frequency)) > _MOST_NODES)
        }
        fine = max([1, *(math.ceil(spacing / longest) for longest in others.values())])
        unit = _quantized(spacing / fine)
        grid = _Grid(unit, wanted)
        start, stop = _ends(beta, gamma, shape, aim / 16.0)
        first, stride = math.floor(start / unit), per_shift * fine
        return Plan(
            beta,
            gamma,
            length,
            unit,
            first,
            stride,
            math.ceil((stop - first * unit) / (stride * unit)) + 1,
            grid.direction(slopes[0], 0 if local else fine, kinds),
            grid.other(slopes[1], others.get(p)),
            grid.other(slopes[2], others.get(r)),
        )


@dataclass(frozen=True)
class _Grid:
    """The grid, and the rules on it and off it."""

    unit: float
    wanted: _Aim

    def direction(self, slope: arb, places: int, kinds: list[Strip]) -> Direction:
        """Equispaced nodes so many units apart, or Gauss-Hermite nodes."""
        if places == 0:
            return Direction(slope, Hermite(self.wanted.nodes(kinds)))
        step = arb(self.unit) * places / slope
        half = math.ceil(self.wanted.reach / float(step))
        return Direction(slope, Trapezoid(step, half), places)

    def other(self, slope: arb, longest: float | None) -> Direction:
        """The rule for a Gaussian that both strings share, with its longest step in a logit."""
        if not slope > 0:
            return Direction(slope, Hermite(1))
        places = max(1, math.floor(longest / self.unit)) if longest is not None else 0
        return self.direction(slope, places, strips(in_floats(slope), 2, self.wanted.frequency))


def _spacing(step: float, longest: float) -> tuple[float, int]:
    """The spacing of logits and how many of them there are from shift to shift.

    Work grows with pairs of shifts times pairs of logits around them: somewhat shorter steps
    between shifts pay where logits that lie closer would be twice as many.
    """
    choices = [(min(step / m, longest), m) for m in range(1, 3)]
    if choices[-1][0] == longest:  # many logits a shift
        m = math.ceil(step / longest)
        return step / m, m
    return min(choices, key=lambda choice: choice[0] ** -4 * choice[1] ** -2)


def _ends(beta: float, gamma: float, shape: Shape, share: float) -> tuple[float, float]:
    """Where the shifts may begin and end, whatever the strings of that shape."""
    k, variance = shape.length, beta**2 * (1.0 + gamma**2)
    most = max(1, k - 1 if shape.shared else min(shape.repeats, k - 1))
    squares = most**2 * (k // most) + (k % most) ** 2  # of the occurrences, at most
    mean_variance = beta**2 * (squares / k**2 + gamma**2 / k)
    return first_shift(share, k, variance), last_shift(share, k, mean_variance)


def _reach(share: float) -> float:
    """Where a standard Gaussian's two tails hold the share."""
    low, high = 0.0, 40.0
    for _ in range(50):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if math.erfc(middle / math.sqrt(2.0)) > share else (low, middle)
    return high


def _quantized(number: float) -> float:
    """The number rounded down to a few binary digits."""
    quantum = 2.0 ** (math.floor(math.log2(number)) - _DIGITS)
    return math.floor(number / quantum) * quantum
