"""Maps of the error over n and ρ."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from jaxtyping import Float64
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.figure import Figure
from matplotlib.ticker import (
    FuncFormatter,
    Locator,
    LogLocator,
    MaxNLocator,
    MultipleLocator,
    StrMethodFormatter,
)

from validation.experiments.regression.phase_diagram import PhaseDiagram
from validation.plots.heat_map import draw_heat_map
from validation.plots.style import BLACK, panels

SHOWN = 0.5
"""The error at which the map has a line: halfway from no knowledge of the label to its value."""

_SHORT = 5.0
"""A bar of colours that spans less than this factor has evenly spaced ticks."""


def draw(found: PhaseDiagram) -> Figure:
    """One map for each task and law; dashed, the threshold."""
    maps = [found.medians(panel) for panel in found.panels]
    least = min(float(values.min()) for values in maps)
    figure, axes = panels(len(maps), width=2.6 * len(maps) + 1.0, height=3.1)
    for axis, panel, values in zip(axes, found.panels, maps, strict=True):
        colours = _draw_map(axis, found, values, (least, 1.0))
        threshold = float(np.log10(panel.threshold))
        if axis.get_xlim()[0] <= threshold <= axis.get_xlim()[1]:
            axis.axvline(threshold, color="white", linestyle="--")
        axis.set_title(panel.name)
        axis.set_xlabel("samples n")
    axes[0].set_ylabel("alphabet / wildcards (= ρ if uniform)")
    _colour_bar(figure, axes, colours, least)
    return figure


def crosses(values: Float64[np.ndarray, "a n"]) -> bool:
    """Whether the line of the error shown is in a map."""
    return bool(values.min() < SHOWN < values.max())


def _draw_map(
    axis: Axes, found: PhaseDiagram, values: Float64[np.ndarray, "a n"], limits: tuple[float, float]
) -> ScalarMappable:
    """One map on logarithmic axes, with the line of the error shown."""
    x, y = np.log10(found.sizes).tolist(), np.log10(found.alphabets).tolist()
    colours = draw_heat_map(axis, x, y, values, np.zeros(values.shape, dtype=bool), limits=limits)
    if crosses(values):
        axis.contour(x, y, np.log(values), [np.log(SHOWN)], colors=BLACK, linestyles="solid")
    for one in (axis.xaxis, axis.yaxis):
        one.set_major_locator(MultipleLocator(1.0))
        one.set_major_formatter(FuncFormatter(lambda power, _: f"$10^{{{power:g}}}$"))
    return colours


def _colour_bar(
    figure: Figure, axes: Sequence[Axes], colours: ScalarMappable, least: float
) -> None:
    """The bar beside the maps, its ticks decimal: at 1, 2 and 5 where it spans decades."""
    short = least > 1.0 / _SHORT
    ticks: Locator = MaxNLocator(5) if short else LogLocator(subs=(1.0, 2.0, 5.0))
    bar = figure.colorbar(
        colours,
        ax=list(axes),
        label="largest error on unseen symbols",
        ticks=ticks,
        format=StrMethodFormatter("{x:g}"),
    )
    bar.minorticks_off()
