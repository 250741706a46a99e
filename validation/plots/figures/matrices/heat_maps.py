"""Maps of the smallest eigenvalue of N over two parameters of the kernel."""

from __future__ import annotations

from matplotlib.figure import Figure

from validation.experiments.matrices.heat_maps import Maps
from validation.plots.heat_map import draw_heat_map
from validation.plots.style import panels


def draw(found: Maps, labels: tuple[str, str]) -> Figure:
    """One map for each task.

    Args:
        found: the maps.
        labels: of the axes.
    """
    figure, axes = panels(len(found.tasks), width=4.1 * len(found.tasks), height=3.3)
    for axis, one in zip(axes, found.tasks, strict=True):
        colours = draw_heat_map(
            axis,
            one.x,
            one.y,
            one.smallest,
            one.doubtful,
            limits=found.limits,
            point=found.marked,
        )
        axis.set_title(one.task)
        axis.set_xlabel(labels[0])
        axis.set_ylabel(labels[1])
    figure.colorbar(colours, ax=axes, label="smallest eigenvalue of N")
    return figure
