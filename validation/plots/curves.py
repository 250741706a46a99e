"""Curves over a quantity that varies over decades, with bars over trials."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.ticker import LogLocator, NullFormatter, StrMethodFormatter

from validation.experiments.regression.trials import Curve
from validation.plots.style import GUIDE, LOOKS, Look

ERROR = "largest |prediction − label|\non unseen symbols"
"""The label of an axis of errors."""


_SHORT = 50.0
"""An axis that spans less than this factor may hold a single power of ten."""


def draw_curves(axes: Axes, curves: Sequence[Curve], *, looks: Sequence[Look] = LOOKS) -> None:
    """Draw the curves on doubly logarithmic axes, bars from the least to the greatest trial.

    Args:
        axes: where to draw.
        curves: at least one.
        looks: how, one for each curve.
    """
    axes.set_xscale("log")
    axes.set_yscale("log")
    _tick(axes.xaxis, [x for curve in curves for x in curve.x])
    _tick(axes.yaxis, [y for curve in curves for values in curve.trials for y in values])
    for curve, look in zip(curves, looks, strict=False):
        middle = np.array(curve.medians)
        least = np.array([min(values) for values in curve.trials])
        greatest = np.array([max(values) for values in curve.trials])
        axes.errorbar(
            curve.x,
            middle,
            yerr=[middle - least, greatest - middle],
            label=curve.label,
            color=look.colour,
            marker=look.marker,
            linestyle=look.line,
            capsize=2.0,
            elinewidth=0.9,
        )


def share_heights(panels: Sequence[Axes]) -> None:
    """Give panels side by side one vertical range, the least that shows all of their data."""
    limits = [axes.get_ylim() for axes in panels]
    for axes in panels:
        axes.set_ylim(min(low for low, _ in limits), max(high for _, high in limits))


def _tick(axis: Axis, values: Sequence[float]) -> None:
    """Label powers of ten; on an axis too short for them also 2 and 5 times these, no others."""
    axis.set_minor_formatter(NullFormatter())
    if max(values) < _SHORT * min(values):
        axis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0)))
        axis.set_major_formatter(StrMethodFormatter("{x:g}"))


def draw_bound(
    axes: Axes, curve: Curve, shape: Callable[[np.ndarray], np.ndarray], label: str
) -> None:
    """Draw ``C shape(x)`` with the smallest C for which it lies above all trials of a curve.

    Args:
        axes: where to draw.
        curve: which curve.
        shape: the bound without its constant.
        label: for the legend.
    """
    x = np.array(curve.x)
    constant = float(np.max([max(values) for values in curve.trials] / shape(x)))
    dense = np.geomspace(x[0], x[-1], 100)
    axes.plot(dense, constant * shape(dense), color=GUIDE, linewidth=1.0, label=label)
