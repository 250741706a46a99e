"""Measured, exact, proved and foretold errors in one panel a task."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure

from validation.experiments.unseen.known import AllKnown, Known
from validation.plots.curves import draw_bound, draw_curves, share_heights
from validation.plots.style import BLACK, BLUE, GREEN, ORANGE, PURPLE, VERMILLION, Look, panels

LOOKS = (
    Look(BLACK, "x", ""),
    Look(BLUE, "o", "-"),
    Look(GREEN, "^", "-"),
    Look(VERMILLION, "", "--"),
    Look(ORANGE, "", (0, (1, 1))),
    Look(PURPLE, "", "-"),
    Look(PURPLE, "", (0, (5, 2))),
)
"""Of `Known.curves`: what is proved in one colour, what is exact with markers on a line."""

_NARROW = 8.0
"""Inches; a narrower picture has room for two columns in its legend."""


def draw_over_n(found: AllKnown) -> Figure:
    """Over n at ρ = n."""
    return _draw(found.over_n, "samples n = diversity ρ")


def draw_over_rho(found: AllKnown) -> Figure:
    """Over ρ at fixed n, with the true 1/ρ and the rate of the paper's bound."""
    return _draw(found.over_rho, f"diversity ρ, at n = {found.n:,}", rates=True)


def _draw(known: Sequence[Known], over: str, *, rates: bool = False) -> Figure:
    width = max(3.2 * len(known), 7.0)
    figure, axes = panels(len(known), width=width, height=4.6)
    for axis, one in zip(axes, known, strict=True):
        draw_curves(axis, one.curves, looks=LOOKS)
        if rates:
            limit = np.array(one.limit.medians)
            axis.plot(one.limit.x, limit, color=BLACK, linewidth=0.9, label=one.limit.label)
            draw_bound(axis, one.measured, lambda rho: rho**-0.5, "$C\\rho^{-1/2}$ of the paper")
        axis.set_title(one.task)
        axis.set_xlabel(over)
    axes[0].set_ylabel("on unseen symbols, at the worst template")
    share_heights(axes)
    handles, labels = axes[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=3 if width > _NARROW else 2)
    return figure
