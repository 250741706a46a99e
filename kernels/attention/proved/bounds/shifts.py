"""What the sums over shifts cost: the two Laplace integrals as equispaced sums with two ends.

A string's sum over all shifts is ``1 + sum_k Gamma(1 - i w_k) S^{i w_k}`` with ``w_k = 2 pi k / h``
(Lemma 1), so that its error is a sum of harmonics; the Gaussian that moves all logits together
damps those that do not cancel between the strings (Lemma 5). On the left ``A exp(-A)`` is nearly
``A - A^2``, of which two weights are corrected to sum all of the left tail; beyond the right end
``exp(-S e^s)`` is left (Lemma 2).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from flint import arb

_LEVELS = [2.0 * 1.1**power for power in range(64)]
"""Values of ``S exp(s)`` at the right end that are tried."""


@dataclass(frozen=True, eq=False)
class ShiftGrid:
    """Shifts ``first + n step`` for n from 0 to ``count - 1``.

    Attributes:
        first: the first shift.
        step: the step.
        count: how many there are.

    >>> from kernels.estimates.balls import precision
    >>> with precision():
    ...     float(ShiftGrid(arb(-20), arb(0.243), 130).harmonics)
    5.85...e-17
    """

    first: arb
    step: arb
    count: int

    @property
    def last(self) -> arb:
        """The last shift."""
        return self.first + self.step * (self.count - 1)

    @property
    def weights(self) -> list[arb]:
        """The weights, of which two are corrected.

        Raises:
            ArithmeticError: so few shifts that there is no place for the correction.
        """
        place, first, second = self.correction
        if place >= self.count:
            raise ArithmeticError("too few shifts to correct their left end")
        found = [self.step] * self.count
        found[0] += first
        found[place] += second
        return found

    @property
    def correction(self) -> tuple[int, arb, arb]:
        """The place of the second corrected weight, what the first gains, and what it gains.

        With them the tails of ``A`` and of ``A^2``, two geometric series, are summed exactly; the
        place lies so far right that the second weight loses no more than half.
        """
        ratio = self.step.exp()
        one, two = self.step / (ratio - 1), self.step / (ratio**2 - 1)
        wanted = 0.5 + math.sqrt(0.25 + 2.0 * float((one - two) / self.step))
        place = math.ceil(math.log(wanted) / float(self.step))
        power = ratio**place
        second = (two - one) / (power**2 - power)
        return place, one - second * power, second

    @property
    def largest_weight(self) -> arb:
        """The largest weight over the step."""
        return 1 + self.correction[1] / self.step

    @property
    def frequency(self) -> arb:
        """The lowest harmonic's, ``2 pi / step``."""
        return 2 * arb.pi() / self.step

    @property
    def lowest(self) -> arb:
        """The lowest harmonic's size, ``|Gamma(1 + i w)| = sqrt(pi w / sinh(pi w))``."""
        return gamma_size(self.frequency)

    @property
    def higher(self) -> arb:
        """Twice the sum of the sizes of all harmonics but the lowest."""
        ratio = arb(2).sqrt() * (-arb.pi() * self.frequency / 2).exp()
        return 2 * gamma_size(2 * self.frequency) / (1 - ratio)

    @property
    def harmonics(self) -> arb:
        """The error of a string's sum over all shifts, to the left and right without end."""
        return 2 * self.lowest + self.higher

    def left(self, length: int, variance: arb, mass: arb) -> arb:
        """The mean error from the left end, at most.

        Args:
            length: positions of the string.
            variance: ``beta^2 (1 + gamma^2)``, of a logit.
            mass: of the rule for the Gaussians, at most.
        """
        p, _ = _best_power(float(self.first), length, float(variance))
        place, first, second = self.correction
        three = self.step / (3 * self.step).expm1()
        third = (three - second * (3 * place * self.step).exp()) / 2
        if p >= 1.0:
            constant = third.max(2 * first if p < 2.0 else first)
        else:  # at most this much in all, however large A is
            constant = (2 * first).max(1 + self.harmonics + self.step / 2)
        power, terms = arb(p), arb(length) ** arb(max(p, 1.0))
        return mass * constant * terms * (power * self.first + power**2 * variance / 2).exp()

    def right(self, length: int, mean_variance: arb, mass: arb) -> arb:
        """The mean error from the right end, at most.

        Args:
            length: positions of the string.
            mean_variance: the variance of the mean of its logits.
            mass: of the rule for the Gaussians, at most.

        Raises:
            ArithmeticError: the end lies so far left that no bound below 1 is known.
        """
        reach = self.last + arb(length).log()
        level = _best_level(float(reach), float(mean_variance))
        slack = reach - arb(level).log()
        if not slack > 0:
            raise ArithmeticError("the shifts end before the sum over them does")
        chance = (-(slack**2) / (2 * mean_variance)).exp()
        return mass * (1 + self.harmonics) * arb(1).exp() * ((-arb(level)).exp() + chance)


def gamma_size(frequency: arb) -> arb:
    """``|Gamma(1 + i w)|`` for a frequency above 0."""
    x = arb.pi() * frequency
    return (x / x.sinh()).sqrt()


def longest_step(
    share: float, damping: float, *, shortest: float = 0.05, longest: float = 1.5
) -> float:
    """The longest step whose harmonics stay below the share (a plan).

    Args:
        share: the largest error.
        damping: d, where the lowest harmonic of one string is damped by ``exp(-d w^2 / 2)``.
        shortest: where the search begins.
        longest: where it ends.
    """
    for _ in range(40):
        step = 0.5 * (shortest + longest)
        w = 2.0 * math.pi / step
        # log sqrt(2 pi w) - pi w / 2, and the sum over two strings and two signs
        log = math.log(4.0) + 0.5 * math.log(2.0 * math.pi * w) - 0.5 * math.pi * w
        second = math.log(4.0) + 0.5 * math.log(4.0 * math.pi * w) - math.pi * w
        pairs = 2.0 * log
        found = sum(math.exp(min(x, 50.0)) for x in (log - 0.5 * damping * w * w, second, pairs))
        shortest, longest = (step, longest) if found <= share else (shortest, step)
    return shortest


def first_shift(share: float, length: int, variance: float) -> float:
    """Where the sum may begin, for a left end below the share (a plan)."""
    goal = math.log(share / 4.0)
    low, high = goal - variance - math.log(length) - 10.0, 0.0
    for _ in range(60):
        first = 0.5 * (low + high)
        _, log_error = _best_power(first, length, variance)
        low, high = (first, high) if log_error <= goal else (low, first)
    return low


def last_shift(share: float, length: int, mean_variance: float) -> float:
    """Where the sum may end, for a right end below the share (a plan)."""
    digits = 2.0 - math.log(share)
    return math.log(digits) - math.log(length) + math.sqrt(2.0 * mean_variance * digits)


def _best_power(first: float, length: int, variance: float) -> tuple[float, float]:
    """The power p in [0, 3] at which the bound of the left end is least, and its logarithm there.

    The logarithm is that of ``length^max(p, 1) exp(p first + p^2 variance / 2)``.
    """
    log, variance = math.log(length), max(variance, 1e-300)
    above_one = min(3.0, max(1.0, -(first + log) / variance))
    below_one = min(1.0, max(0.0, -first / variance))
    choices = [
        (p, max(p, 1.0) * log + p * first + 0.5 * p * p * variance) for p in (above_one, below_one)
    ]
    return min(choices, key=lambda choice: choice[1])


def _best_level(reach: float, mean_variance: float) -> float:
    """The level at which the bound of the right end is least."""

    def log_error(level: float) -> float:
        slack = reach - math.log(level)
        if slack <= 0.0:
            return math.inf
        return max(-level, -(slack**2) / max(2.0 * mean_variance, 1e-300))

    return min(_LEVELS, key=log_error)
