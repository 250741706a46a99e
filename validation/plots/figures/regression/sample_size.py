"""The error against n at ρ = n, for both kernels."""

from __future__ import annotations

from matplotlib.figure import Figure

from validation.experiments.regression.sample_size import SampleSizes
from validation.plots.curves import ERROR, draw_bound, draw_curves, share_heights
from validation.plots.style import EXACT, GUIDE, LOOKS, panels


def draw(found: SampleSizes) -> Figure:
    """One panel for each task, with the line of the least error of one value for all templates."""
    several = len(found.tasks) > 1
    figure, axes = panels(len(found.tasks), width=8.2 if several else 6.0, height=3.4)
    for axis, one in zip(axes, found.tasks, strict=True):
        draw_curves(axis, one.curves, looks=(*LOOKS[: len(one.curves) - 1], EXACT))
        draw_bound(axis, one.transformer, lambda n: n**-0.5, "$C\\,n^{-1/2}$")
        axis.axhline(1.0, color=GUIDE, linewidth=0.8, linestyle=":")
        axis.set_title(one.task)
        axis.set_xlabel("samples n = diversity ρ")
    axes[0].set_ylabel(ERROR)
    share_heights(axes)
    handles, labels = axes[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=3)
    return figure
