"""How well a task is conditioned at each (beta, gamma) that the search for the best one tried."""

from __future__ import annotations

import numpy as np
from matplotlib.colors import LogNorm
from matplotlib.figure import Figure

from theory.tuning import BestParameters
from validation.plots.style import COLOUR_MAP, panels


def draw(found: BestParameters) -> Figure:
    """A point for each trial, in the colour of its conditioning; a star at the best.

    Args:
        found: the search.
    """
    figure, (axes,) = panels(1, width=5.6, height=3.6)
    betas, gammas, sizes = np.array(
        [(one.beta, one.gamma, one.conditioning) for one in found.trials if one.conditioning > 0.0]
    ).T
    points = axes.scatter(betas, gammas, c=sizes, norm=LogNorm(), cmap=COLOUR_MAP, s=60.0)
    best = found.parameters
    axes.plot(
        best["beta"],
        best["gamma"],
        marker="*",
        markersize=14.0,
        color="white",
        markeredgecolor="black",
        linestyle="none",
        label=f"best: cos({best['b1']:.3g} t + {best['b2']:.3g})",
    )
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlabel("inverse temperature β")
    axes.set_ylabel("positional weight γ")
    axes.legend(loc="lower left")
    figure.colorbar(points, ax=axes, label="λ_min(N) / max K(x, x), best b₁ and b₂")
    return figure
