"""Any curves of errors in one panel."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.figure import Figure

from validation.experiments.regression.trials import Curve
from validation.plots.curves import ERROR, draw_curves
from validation.plots.style import panels


def draw(found: Sequence[Curve], over: str) -> Figure:
    """All curves.

    Args:
        found: the curves.
        over: what the horizontal axis is.
    """
    figure, (axis,) = panels(1, width=5.2, height=3.4)
    draw_curves(axis, found)
    axis.set_xlabel(over)
    axis.set_ylabel(ERROR)
    axis.legend()
    return figure
