"""Where the softmaxes are constant, or M is 0: the kernel is the mean entry of M."""

from __future__ import annotations

from flint import arb

from kernels.attention.proved.balls import Ball
from kernels.estimates.balls import above, precision
from kernels.strings.patterns import Pattern


def is_uniform(pattern: Pattern, beta: float, gamma: float) -> bool:
    """Whether there is no temperature, or one position alone, or M is 0.

    >>> is_uniform(Pattern.of("AB", "BA"), 0.0, 1.0), is_uniform(Pattern.of("AB", "BA"), 1.0, 1.0)
    (True, False)
    """
    apart = gamma == 0.0 and not set(pattern.x) & set(pattern.y)
    return beta == 0.0 or pattern.length == 1 or apart


def mean_entry(pattern: Pattern, gamma: float) -> arb:
    """The mean entry of ``M = X Y^T + gamma^2 I``."""
    same = sum(a == b for a in pattern.x for b in pattern.y)
    with precision():
        return (same + arb(gamma) ** 2 * pattern.length) / pattern.length**2


def uniform(pattern: Pattern, gamma: float) -> Ball:
    """The mean entry, rounded to a float."""
    with precision():
        mean = mean_entry(pattern, gamma)
        value = float(mean)
        error = abs(mean - arb(value))
        return Ball(value, 0.0, 0.0 if error == 0 else above(error), 1)
