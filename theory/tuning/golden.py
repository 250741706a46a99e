"""The highest point of a function of one number."""

from __future__ import annotations

import math
from collections.abc import Callable

_SECTION = (math.sqrt(5.0) - 1.0) / 2.0
"""What each step leaves of the interval: 7e-5 of it after 20."""


def highest(
    function: Callable[[float], float], low: float, high: float, steps: int = 20
) -> tuple[float, float]:
    """The largest value that golden sections find, and where: the largest of all for one hill.

    Args:
        function: of a number between low and high.
        low: the left end.
        high: the right end, at least low.
        steps: how often the interval is cut.

    >>> value, at = highest(lambda x: -((x - 0.3) ** 2), 0.0, 1.0)
    >>> round(at, 3)
    0.3
    """
    tried = {at: function(at) for at in {low, high}}
    if low < high:
        first, second = high - _SECTION * (high - low), low + _SECTION * (high - low)
        tried |= {at: function(at) for at in (first, second)}
        for _ in range(steps):
            if tried[first] >= tried[second]:
                high, second = second, first
                first = high - _SECTION * (high - low)
            else:
                low, first = first, second
                second = low + _SECTION * (high - low)
            for at in (first, second):
                if at not in tried:
                    tried[at] = function(at)
    best = max(tried, key=tried.__getitem__)
    return tried[best], best
