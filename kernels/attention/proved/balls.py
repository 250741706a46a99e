"""Floats rounded from balls, and balls around sums of floats."""

from __future__ import annotations

from dataclasses import dataclass

from flint import arb

from kernels.estimates import Estimate, Proved
from kernels.estimates.balls import above

LEAST = 2.0**-900
"""Table entries below this are set to 0, far above where floats lose digits."""


def rounded(ball: arb) -> float:
    """A float with a relative error of at most ``2**-52``, two roundings; 0 below `LEAST`.

    Raises:
        ArithmeticError: the ball is too wide to say; its precision was set too low.
    """
    value = float(ball)
    if abs(value) < LEAST and abs(ball) < 2.0 * LEAST:
        return 0.0
    # The nearest float to the midpoint errs by 2**-53, and the midpoint by less than 2**-55.
    if ball.rel_accuracy_bits() < 56:
        raise ArithmeticError(f"{ball} is not known to the accuracy of a float")
    return value


@dataclass(frozen=True, slots=True)
class Ball:
    """A midpoint, what the truth differs from it by at most, and where that comes from.

    Attributes:
        value: the midpoint.
        truncation: the bound of discretization and truncation.
        rounding: the bound of roundings.
        roundings: how many any term has passed through, at most.
    """

    value: float
    truncation: float
    rounding: float
    roundings: int

    @property
    def radius(self) -> float:
        """The bound of the whole error."""
        whole = arb(self.truncation) + arb(self.rounding)
        return above(whole) if whole > 0 else 0.0

    @property
    def estimate(self) -> Estimate:
        """The ball as an estimate."""
        return Estimate(self.value, Proved(self.radius), "proved quadrature")


def counted(value: float, roundings: int, truncation: arb) -> Ball:
    """The ball around a float sum of positive terms (Lemma 9).

    Args:
        value: the sum.
        roundings: how many any term has passed through, at most.
        truncation: what the exact sum differs from the truth by, at most.

    Raises:
        ArithmeticError: so many roundings that no bound says anything.
    """
    relative = arb(roundings) * arb(2.0**-53)
    if not relative < 0.01:
        raise ArithmeticError(f"{roundings} roundings are too many to bound")
    return Ball(value, above(truncation), above(arb(value) * relative / (1 - relative)), roundings)
