"""Duals of activations without a closed form: the trapezoidal rule with a proved error.

With ``u = p z1`` and ``v = q z1 + r z2`` for independent standard normal z the dual is a double sum
over equispaced nodes. What it differs from the integral by follows from how large the activation
is in a strip about the real line (Lemma 19 of docs/proofs.md), and what the errors of the
covariance do from bounds of two derivatives (Lemma 20).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from flint import arb
from jaxtyping import Float64

from kernels.activations.proved.covariance import Centre, root
from kernels.boundary.checks import convert_fields, nonnegative, positive
from kernels.boundary.exceptions import InvalidInputError
from kernels.estimates.balls import above
from kernels.estimates.rules.rounding import UNIT

_AIM = 42.0
"""Minus the logarithm of what a rule aims at, relative to the bound: 1e-18, below float64."""

_EXTENT = 9.5
"""Standard deviations beyond which a Gaussian has 2e-21 of its mass."""

_MOST = 1 << 18
"""Nodes of a double sum: a second. Variances that need more are left to other methods."""


FloatSums = tuple[Float64[np.ndarray, "m n"], float]
"""Floats of a function at all sums of two lists, and a bound of their error."""


@dataclass(frozen=True)
class Analytic:
    """What a proof needs of an activation: phi in balls, and its size in a strip.

    ``|phi(t)| <= bound * exp(rate * |Re t|)`` wherever ``|Im t| <= strip``, phi analytic there.

    Args:
        ball: a ball around phi of every number of a ball.
        strip: above 0.
        bound: above 0.
        rate: at least 0; 0 where phi is bounded.
        on_line: bounds of ``|phi|``, ``|phi'|`` and ``|phi''|`` on the real line, over
            ``exp(rate * |t|)``; where left out, from the strip by Cauchy's inequality.
        sums: a faster way where there is one: phi at the sums of the members of two lists, in
            floats, with a bound of their error; None where floats will not do.

    Raises:
        InvalidInputError: a number out of range, a ball that cannot be called, or bounds of
            derivatives that no float can hold.

    >>> logistic = Analytic(lambda t: 1 / (1 + (-t).exp()), strip=3.0, bound=7.1)
    >>> [round(size, 2) for size in logistic.sizes]
    [7.1, 2.37, 1.58]
    """

    ball: Callable[[arb], arb]
    strip: float
    bound: float
    rate: float = 0.0
    on_line: tuple[float, float, float] | None = None
    sums: Callable[[list[arb], list[arb]], FloatSums | None] | None = None

    def __post_init__(self) -> None:
        if not callable(self.ball):
            raise InvalidInputError("ball", self.ball, "give a function of a ball (flint.arb)")
        convert_fields(self, strip=positive, bound=positive, rate=nonnegative)
        on_line: object = self.on_line
        if on_line is not None:
            if not isinstance(on_line, Sequence) or len(on_line) != 3:
                remedy = "give three numbers: of the function and of two derivatives"
                raise InvalidInputError("on_line", on_line, remedy)
            size, slope, curvature = (positive("on_line", one) for one in on_line)
            object.__setattr__(self, "on_line", (size, slope, curvature))
        try:
            bounded = all(0.0 < size < math.inf for size in self.sizes)
        except (OverflowError, ZeroDivisionError):
            bounded = False
        if not bounded:
            given = (self.strip, self.bound, self.rate)
            remedy = "derivatives' bounds would overflow; give another strip, or on_line"
            raise InvalidInputError("strip, bound, rate", given, remedy)

    def at(self, t: arb) -> arb:
        """phi on the real line, whose size is compared with what is vouched for.

        Raises:
            InvalidInputError: no ball, or one that is larger than the bounds allow for certain.
        """
        value = self.ball(t)
        if not isinstance(value, arb):
            raise InvalidInputError("analytic", value, "its ball must be a flint.arb")
        allowed = arb(min(self.bound, self.sizes[0]))
        if self.rate:
            allowed *= (self.rate * abs(t)).exp()
        if abs(value) > allowed:
            place = f"the function is {float(abs(value)):.3g} at {float(t):.3g}"
            remedy = f"{place}; give bounds that are true"
            raise InvalidInputError("analytic", (self.bound, self.rate, self.on_line), remedy)
        return value

    @property
    def sizes(self) -> tuple[float, float, float]:
        """Bounds of phi and its first two derivatives on the real line, over the exponential."""
        if self.on_line is not None:
            return self.on_line
        grown = self.bound * math.exp(self.rate * self.strip) * (1.0 + 2.0**-40)
        return self.bound, grown / self.strip, 2.0 * grown / self.strip**2


class _Rule(NamedTuple):
    """Nodes ``n h`` for ``|n| <= m``, and what they cost.

    Attributes:
        nodes: their places, with
        weights: ``h`` times the density.
        error: of the rule with all nodes, relative to the integrand's bound.
        mass: a bound of the sum of ``exp(rate |z|)`` over all nodes.
        tail: a bound of the same over the nodes that are left out.
    """

    nodes: list[arb]
    weights: list[arb]
    error: arb
    mass: arb
    tail: arb


def dual_in_balls(analytic: Analytic, xx: arb, xy: arb, yy: arb) -> arb | None:
    """A ball around the dual; None where a variance may be 0, or so large that nodes are too many.

    Args:
        analytic: what is known of phi.
        xx: variances of u.
        xy: covariances.
        yy: variances of v.

    Raises:
        InvalidInputError: at a node phi is larger than is vouched for.
    """
    centre = Centre.of(xx, xy, yy)
    if centre is None:
        return None
    p = centre.xx.sqrt()
    q = centre.xy / p
    r = root(centre.yy - q * q)
    steep = p.max(abs(q))
    first = _rule(analytic, steep, analytic.rate * (p + abs(q)))
    second = _rule(analytic, r, analytic.rate * r)
    if len(first.nodes) * len(second.nodes) > _MOST:
        return None
    outer = [w * analytic.at(p * z) for z, w in zip(first.nodes, first.weights, strict=True)]
    shifts, moved = [q * z for z in first.nodes], [r * z for z in second.nodes]
    floats = None if analytic.sums is None else analytic.sums(shifts, moved)
    if floats is None:
        value = arb(0)
        for factor, shift in zip(outer, shifts, strict=True):
            terms = zip(moved, second.weights, strict=True)
            value += factor * sum((w * analytic.ball(shift + z) for z, w in terms), arb(0))
    else:
        value = _in_floats(outer, floats, second.weights)
    size, slope, curvature = (arb(one) for one in analytic.sizes)
    rules = arb(analytic.bound) ** 2 * first.mass * second.mass * (first.error + second.error)
    dropped = size**2 * (first.tail * second.mass + first.mass * second.tail)
    spread = 2 * (arb(analytic.rate) ** 2 * (xx + yy)).exp() if analytic.rate else arb(1)
    variances = size * curvature / 2 * (centre.by_xx + centre.by_yy)
    carried = spread * (slope**2 * centre.by_xy + variances)
    return value + arb(0, (rules + dropped + carried).upper())


def _in_floats(outer: list[arb], floats: FloatSums, weights: list[arb]) -> arb:
    """The double sum, its rows in floats and the sum of rows in balls (Lemma 19).

    A weight is off by one rounding, and a row's n products in any order by n at most.
    """
    matrix, off = floats
    rows = (matrix @ np.array([float(weight) for weight in weights])).tolist()
    largest = arb(float(np.abs(matrix).max())) + off
    error = sum(weights, arb(0)) * (off + largest * (len(weights) + 4) * arb(UNIT))
    radius = arb(0, error.upper())
    return sum((f * (arb(row) + radius) for f, row in zip(outer, rows, strict=True)), arb(0))


def _rule(analytic: Analytic, slope: arb, rate: arb) -> _Rule:
    """The rule for a direction along which the arguments of phi move by at most this slope."""
    widest = math.sqrt(2.0 * _AIM)
    steep, growth = above(slope), above(rate)
    deepest = analytic.strip / steep * (1.0 - 2.0**-40)  # what the two roundings leave
    depth = min(widest, deepest)
    step = arb(round(2.0**20 * 2.0 * math.pi * depth / (depth**2 / 2.0 + _AIM))) / 2**20
    most = math.ceil((_EXTENT + growth) / float(step))
    density = step / (2 * arb.pi()).sqrt()
    nodes = [step * n for n in range(-most, most + 1)]
    weights = [density * (-z * z / 2).exp() for z in nodes]
    d, both = arb(depth), arb(2 if analytic.rate else 1)
    error = 2 * (d * d / 2).exp() / ((2 * arb.pi() * d / step).exp() - 1)
    aliases = (-2 * (arb.pi() / step) ** 2).exp()
    excess = 1 + 2 * aliases / (1 - aliases)
    growing = (arb(growth) ** 2 / 2).exp()
    tail = growing * ((most * step - arb(growth)) / arb(2).sqrt()).erfc()
    return _Rule(nodes, weights, error, both * growing * excess, tail)
