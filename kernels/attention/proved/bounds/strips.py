"""What a rule for one Gaussian errs by, from the strip in which the integrand is analytic.

Moving a token's Gaussian by ``i d`` turns the exponentials of its own string by the angle
``beta d``, and a softmax whose exponentials lie within an angle below ``pi`` is bounded. Turning
the Gaussians of the token's positions back by ``eta`` shares the angle between the two strings, so
that a token of one string has a strip up to twice as wide (Lemma 4 of docs/proofs.md).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from flint import arb
from jaxtyping import Float

from kernels.attention.proved.bounds.rules import Hermite, Rule

_WIDEST = 12.0
"""Wider strips gain nothing for equispaced nodes: ``exp(d^2 / 2)`` outgrows what the step wins."""

_MOST = 60
"""Gauss-Hermite nodes beyond which equispaced ones are always fewer."""

_SHARES = np.repeat(np.linspace(0.0, 0.7, 8), 50)
"""Shares of the angle that a token's positions may take, each with every width."""

_WIDTHS = np.tile(np.linspace(0.02, 0.99, 50), 8)
"""Widths that are tried, as shares of the widest."""

_NODES = np.arange(1, _MOST + 1)
_LOG_FACTORIALS = np.cumsum(np.log(_NODES))


@dataclass(frozen=True)
class Strip:
    """How the integrand grows as one Gaussian is moved off the real line.

    The bounds are for ``a^T M b S_X^{iw} S_Y^{iv}``, per unit of the largest entry of ``M``.

    Attributes:
        slope: what the Gaussian is multiplied by in a logit.
        strings: how many strings it enters, 1 or 2.
        own: at least the frequency ``|w|`` of its own string; for both strings, ``|w| + |v|``.
        other: at least the frequency ``|v|`` of the other string.
        position_slope: for a token of one string, the slope of its positions' Gaussians.
        positions: how many positions the token has.
    """

    slope: float
    strings: int
    own: float = 0.0
    other: float = 0.0
    position_slope: float = 0.0
    positions: int = 0

    def longest_step(self, share: float, weight: float = 1.0) -> float:
        """The longest step of equispaced nodes that errs by the share over the weight (a plan)."""
        d, _, log = self._grid(_WIDEST)
        ratio = math.log(2.0 * weight / share)
        return float((2.0 * math.pi * d / np.logaddexp(0.0, log + 0.5 * d * d + ratio)).max())

    def fewest_nodes(self, share: float, weight: float = 1.0) -> int:
        """The fewest Gauss-Hermite nodes that err by the share over the weight (a plan)."""
        d, _, log = self._grid(math.inf)
        errors = _LOG_FACTORIALS + (log - 2 * np.outer(_NODES, np.log(d))).min(axis=1)
        met = np.flatnonzero(errors <= math.log(share / weight))
        return int(_NODES[met[0]]) if met.size else 10 * _MOST

    def error(self, rule: Rule, slope: arb, position_slope: arb) -> arb:
        """What the rule, all its nodes taken, errs by, at most.

        The width is found in floats, and the bound evaluated in balls: it holds at any width.

        Args:
            rule: the rule.
            slope: the slope as a ball.
            position_slope: the slope of the positions as a ball.
        """
        if isinstance(rule, Hermite):
            d, eta, log = self._grid(math.inf)
            best = int(np.argmin(log - 2 * rule.size * np.log(d)))
        else:
            d, eta, log = self._grid(_WIDEST)
            decay = np.logaddexp(0.0, 2.0 * math.pi * d / float(rule.step))
            best = int(np.argmin(log + 0.5 * d * d - decay))
        width, turned = arb(float(d[best])), arb(float(eta[best]))
        growth = self._growth(width, turned, slope, position_slope)
        if isinstance(rule, Hermite):
            return growth * arb(math.factorial(rule.size)) / width ** (2 * rule.size)
        return 2 * growth * (width**2 / 2).exp() / (2 * arb.pi() * width / rule.step).expm1()

    def _grid(self, widest: float) -> _Grid:
        """Widths, widths that the positions take, and the logarithm of `_growth` there."""
        return _grid(self, widest)

    def _growth(self, width: arb, turned: arb, slope: arb, position_slope: arb) -> arb:
        """The largest size of the integrand at that width, without the Gaussian's own density."""
        own, other = slope * (width - turned), slope * turned
        if not (own < arb.pi() and other < arb.pi()):
            raise ArithmeticError("a strip that reaches beyond the first zero of a denominator")
        exponent = arb(self.own) * own + arb(self.other) * other
        if self.position_slope > 0.0:
            exponent += self.positions * (other / position_slope) ** 2 / 2
        return exponent.exp() / ((own / 2).cos() ** self.strings * (other / 2).cos())


_Grid = tuple[Float[np.ndarray, " n"], Float[np.ndarray, " n"], Float[np.ndarray, " n"]]


@lru_cache(maxsize=2**10)
def _grid(strip: Strip, widest: float) -> _Grid:
    """`Strip._grid`."""
    tried = slice(None) if strip.position_slope > 0.0 else slice(50)
    share, width = _SHARES[tried], _WIDTHS[tried]
    d = width * np.minimum(widest, math.pi / strip.slope / np.maximum(share, 1.0 - share))
    own, other = strip.slope * (1.0 - share) * d, strip.slope * share * d
    log = strip.own * own + strip.other * other
    log -= strip.strings * np.log(np.cos(0.5 * own)) + np.log(np.cos(0.5 * other))
    if strip.position_slope > 0.0:
        log += 0.5 * strip.positions * (other / strip.position_slope) ** 2
    return d, share * d, log
