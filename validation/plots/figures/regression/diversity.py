"""The error against ρ, at several n."""

from __future__ import annotations

from matplotlib.figure import Figure

from validation.experiments.regression.diversity import Diversities
from validation.plots.curves import ERROR, draw_bound, draw_curves, share_heights
from validation.plots.style import EXACT, MLP, TRANSFORMER, panels, shades


def draw(found: Diversities) -> Figure:
    """One panel for each task, with the bound's shape through the curve of the largest n."""
    figure, axes = panels(len(found.tasks), width=8.2 if len(found.tasks) > 1 else 4.5)
    for axis, one in zip(axes, found.tasks, strict=True):
        looks = (*shades(TRANSFORMER, len(one.transformer)), MLP, EXACT)
        draw_curves(axis, one.curves, looks=looks)
        draw_bound(
            axis,
            one.transformer[-1],
            lambda rho: rho**-0.5 + found.largest**-0.5,
            f"$C(\\rho^{{-1/2}} + n^{{-1/2}})$, n = {found.largest}",
        )
        axis.set_title(one.task)
        axis.set_xlabel("diversity ρ")
    axes[0].set_ylabel(ERROR)
    share_heights(axes)
    axes[-1].legend(loc="center left", bbox_to_anchor=(1.0, 0.5))
    return figure
