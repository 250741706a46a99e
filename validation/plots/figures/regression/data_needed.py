"""Errors under several kernels and ridges, over n and over n in its unit."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure

from validation.experiments.regression.data_needed import DataNeeded
from validation.plots.curves import ERROR, draw_curves
from validation.plots.style import GUIDE, panels


def draw(found: DataNeeded) -> Figure:
    """Over n on the left; on the right over x, with 1 / (1 + x)."""
    figure, (left, right) = panels(2, width=8.2, height=4.2)
    draw_curves(left, found.plain)
    left.set_xlabel("samples n = diversity ρ")
    left.set_ylabel(ERROR)
    draw_curves(right, found.scaled)
    ends = min(one.x[0] for one in found.scaled), max(one.x[-1] for one in found.scaled)
    x = np.geomspace(*ends, 100)
    right.plot(x, 1.0 / (1.0 + x), color=GUIDE, linewidth=1.0, label="1 / (1 + x)")
    right.set_xlabel("x = n λₘᵢₙ / r(λ + δ)")
    handles, labels = right.get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=2)
    return figure
