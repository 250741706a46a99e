"""How many samples an arm needs to reach an error, between which of the sizes that were tried."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

LEVEL = 0.1
"""The error that is to be reached; a predictor of one value for all strings has 1."""


@dataclass(frozen=True)
class Needed:
    """The samples at which the error comes down to a level.

    Attributes:
        least: no trial had reached it with so many samples; 0 where the first size reached it.
        most: every trial had, with so many and with all more that were tried; infinite where the
            last size did not.
        between: the geometric mean over trials of the places where a straight line through two
            neighbouring sizes, on doubly logarithmic axes, meets the level; None unless every
            trial meets it between two sizes.
    """

    least: float
    most: float
    between: float | None

    def ratio(self, other: Needed) -> tuple[float, float]:
        """The least and the greatest ratio of these samples to the other's.

        >>> Needed(512.0, 1024.0, None).ratio(Needed(64.0, 128.0, None))
        (4.0, 16.0)
        """
        least = 0.0 if math.isinf(other.most) else self.least / other.most
        return least, self.most / other.least if other.least else math.inf


def needed(
    x: Sequence[float], trials: Sequence[Sequence[float]], level: float = LEVEL
) -> Needed | None:
    """Where the error of each trial comes down to a level, to stay there.

    Args:
        x: the sizes, ascending.
        trials: at each size the errors of the trials, in one order; a size with fewer trials
            than another (one has diverged) is left out.
        level: the error.

    Returns:
        None where nothing was tried.

    >>> found = needed([64, 128, 256], [[0.9], [0.4], [0.025]])
    >>> found.least, found.most, round(found.between or 0.0)
    (128.0, 256.0, 181)
    """
    most = max((len(errors) for errors in trials), default=0)
    kept = [(place, errors) for place, errors in zip(x, trials, strict=True) if len(errors) == most]
    if not most:
        return None
    brackets = [
        _bracket([(place, errors[t]) for place, errors in kept], level) for t in range(most)
    ]
    met = [place for _, _, place in brackets if place is not None]
    mean = math.exp(sum(map(math.log, met)) / most) if len(met) == most else None
    return Needed(min(low for low, _, _ in brackets), max(high for _, high, _ in brackets), mean)


def _bracket(
    curve: Sequence[tuple[float, float]], level: float
) -> tuple[float, float, float | None]:
    """The sizes on both sides of the last crossing, and where a line between them crosses."""
    if curve[-1][1] > level:
        return float(curve[-1][0]), math.inf, None
    for (x1, y1), (x2, y2) in reversed(list(pairwise(curve))):
        if y1 > level:
            share = math.log(y1 / level) / math.log(y1 / max(y2, 1e-300))
            return float(x1), float(x2), x1 * (x2 / x1) ** share
    return 0.0, float(curve[0][0]), None
