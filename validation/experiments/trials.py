"""From regressions that differ in their seeds to curves with bars."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise

from markupsafe import Markup

from validation.experiments.point import Measured
from validation.experiments.regression import Regression
from validation.plots.curves import Curve

_BARS = (
    "Points are medians over independent trials (samples with seeds of their own); bars reach from "
    "the least to the greatest trial. They show the spread from sample to sample, a statistical "
    "error"
)
_SINGLE = (
    "Each point is a single trial, so that nothing here shows the spread from sample to sample, a "
    "statistical error"
)
_NUMERICAL = "the errors of the kernel values, at most 10⁻⁶, are too small to see."

ERROR = "largest |prediction − label|\non unseen symbols"
"""The label of the axis of `Regression`'s ``error``."""


def curve(
    label: str,
    measured: Iterable[Measured[Regression]],
    over: Callable[[Measured[Regression]], float],
    *,
    result: str = "error",
    look: int | None = None,
) -> Curve:
    """The curve of a result over a quantity, trials with the same quantity together.

    Args:
        label: for the legend.
        measured: the regressions of the curve.
        over: the quantity on the horizontal axis.
        result: which result.
        look: index into the looks of the style.
    """
    trials: dict[float, list[float]] = {}
    for one in measured:
        trials.setdefault(over(one), []).append(one.number(result))
    xs = sorted(trials)
    return Curve(label, tuple(xs), tuple(tuple(trials[x]) for x in xs), look)


def bars(curves: Iterable[Curve]) -> Markup:
    """What the bars of a picture of regressions are; a point of one trial has none."""
    counts = {len(values) for curve in curves for values in curve.trials}
    if max(counts) == 1:
        return Markup(f"{_SINGLE}; {_NUMERICAL}")
    some = " (a point without a bar is a single trial)" if min(counts) == 1 else ""
    return Markup(f"{_BARS}{some}; {_NUMERICAL}")


def falls(values: Sequence[float]) -> str:
    """How a sequence goes, in words.

    >>> falls([3.0, 2.0, 1.0]), falls([3.0, 2.0, 2.5])
    ('falls at every step', 'does not fall at every step')
    """
    steady = all(after < before for before, after in pairwise(values))
    return "falls at every step" if steady else "does not fall at every step"
