"""From regressions that differ in their seeds to curves with a spread."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from validation.experiments.regression.point import Fit


@dataclass(frozen=True)
class Curve:
    """One series: the median over trials at each x, and the range of the trials.

    Attributes:
        label: what it is.
        x: where.
        trials: at each x, the values of all trials.
    """

    label: str
    x: tuple[float, ...]
    trials: tuple[tuple[float, ...], ...]

    @property
    def medians(self) -> list[float]:
        """The median over trials at each x."""
        return [float(np.median(values)) for values in self.trials]

    @property
    def least(self) -> float:
        """The least value of all trials."""
        return min(min(values) for values in self.trials)

    @property
    def greatest(self) -> float:
        """The greatest value of all trials."""
        return max(max(values) for values in self.trials)

    @property
    def falls(self) -> bool:
        """Whether the medians fall at every step."""
        return all(after < before for before, after in pairwise(self.medians))

    def rows(self) -> list[list[object]]:
        """One row for each x: label, x, median, least, greatest, number of trials."""
        return [
            [self.label, x, middle, min(values), max(values), len(values)]
            for x, middle, values in zip(self.x, self.medians, self.trials, strict=True)
        ]


COLUMNS = ["series", "x", "median", "least", "greatest", "trials"]
"""The columns of `Curve.rows`."""


def samples(fit: Fit) -> float:
    """The number of samples, as a place on an axis."""
    return float(fit.point.n)


def diversity(fit: Fit) -> float:
    """The diversity, as a place on an axis."""
    return fit.diversity


def error(fit: Fit) -> float:
    """The largest error on unseen symbols."""
    return fit.error


def curve(
    label: str,
    fits: Iterable[Fit],
    over: Callable[[Fit], float],
    value: Callable[[Fit], float] = error,
) -> Curve:
    """The curve of a result over a quantity, trials with the same quantity together.

    Args:
        label: what it is.
        fits: the regressions of the curve.
        over: the quantity on the horizontal axis.
        value: which result.
    """
    trials: dict[float, list[float]] = {}
    for one in fits:
        trials.setdefault(over(one), []).append(value(one))
    xs = sorted(trials)
    return Curve(label, tuple(xs), tuple(tuple(trials[x]) for x in xs))


def slope(x: Sequence[float], y: Sequence[float]) -> float:
    """The least-squares slope of log y over log x.

    >>> round(slope([1.0, 10.0, 100.0], [3.0, 0.3, 0.03]), 12)
    -1.0
    """
    return float(np.polyfit(np.log(x), np.log(y), 1)[0])
