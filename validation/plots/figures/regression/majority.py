"""The error on majority, beside the idealized estimator's."""

from __future__ import annotations

from matplotlib.figure import Figure

from validation.experiments.regression.majority import Majority
from validation.plots.curves import ERROR, draw_bound, draw_curves
from validation.plots.style import panels


def draw(found: Majority) -> Figure:
    """Both curves over n."""
    figure, (axis,) = panels(1, width=5.2, height=3.4)
    draw_curves(axis, [found.real, found.ideal])
    draw_bound(axis, found.real, lambda n: n**-0.5, "$C\\,n^{-1/2}$")
    axis.set_xlabel("samples n = diversity ρ")
    axis.set_ylabel(ERROR)
    axis.legend()
    return figure
