"""What the bars of a picture of regressions are, in words."""

from __future__ import annotations

from collections.abc import Iterable

from markupsafe import Markup

from validation.experiments.regression.trials import Curve

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


def bars(curves: Iterable[Curve]) -> Markup:
    """What the bars of a picture of regressions are; a point of one trial has none."""
    counts = {len(values) for curve in curves for values in curve.trials}
    if max(counts) == 1:
        return Markup(f"{_SINGLE}; {_NUMERICAL}")
    some = " (a point without a bar is a single trial)" if min(counts) == 1 else ""
    return Markup(f"{_BARS}{some}; {_NUMERICAL}")


def falling(curve: Curve) -> str:
    """How the medians of a curve go, in words.

    >>> falling(Curve("", (1.0, 2.0), ((3.0,), (2.0,))))
    'falls at every step'
    """
    return "falls at every step" if curve.falls else "does not fall at every step"
