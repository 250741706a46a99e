"""Errors and diversities under several laws of the symbols."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.figure import Figure

from validation.experiments.regression.token_laws import OfLaw
from validation.plots.curves import ERROR, draw_bound, draw_curves
from validation.plots.style import panels


def draw(found: Sequence[OfLaw]) -> Figure:
    """Errors on the left, diversities on the right, over n."""
    figure, (left, right) = panels(2, width=7.6)
    draw_curves(left, [one.errors for one in found])
    draw_bound(left, found[0].errors, lambda n: n**-0.5, "$C\\,n^{-1/2}$, uniform law")
    left.set_ylabel(ERROR)
    left.legend(loc="lower left")
    draw_curves(right, [one.diversities for one in found])
    right.set_ylabel("diversity ρ (exact)")
    for axis in (left, right):
        axis.set_xlabel("samples n = alphabet / 2")
    return figure
