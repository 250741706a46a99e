"""Proved lower bounds over boxes of parameters."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.colors import LogNorm
from matplotlib.figure import Figure

from validation.experiments.matrices.boxes import BoxMap
from validation.plots.style import COLOUR_MAP, panels


def draw_boxes(found: Sequence[BoxMap]) -> Figure:
    """One map for each task; grey where nothing is proved."""
    figure, axes = panels(len(found), width=4.1 * len(found), height=3.3)
    proved = np.concatenate([one.lower[one.lower > 0.0] for one in found])
    limits = LogNorm(proved.min(), proved.max()) if proved.size else LogNorm(0.1, 1.0)
    for axis, one in zip(axes, found, strict=True):
        axis.set_facecolor("#bbbbbb")
        axis.grid(visible=False)
        shown = np.ma.masked_where(one.lower <= 0.0, one.lower)
        colours = axis.pcolormesh(
            one.b1, one.b2, shown, norm=limits, cmap=COLOUR_MAP, rasterized=True
        )
        axis.set_title(one.task)
        axis.set_xlabel("frequency b₁")
        axis.set_ylabel("phase b₂")
    figure.colorbar(colours, ax=axes, label="every eigenvalue of N is at least")
    return figure
