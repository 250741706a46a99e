"""The errors along both axes of the phase diagram."""

from __future__ import annotations

from matplotlib.figure import Figure

from validation.experiments.regression.phase_rates import PhaseRates
from validation.plots.curves import ERROR, draw_bound, draw_curves
from validation.plots.style import panels


def draw(found: PhaseRates) -> Figure:
    """Over n on the left, over ρ on the right, one curve a task."""
    figure, (left, right) = panels(2, width=7.6)
    by_n = [one.in_n for one in found.tasks]
    by_rho = [one.in_rho for one in found.tasks]
    draw_curves(left, by_n)
    draw_bound(left, by_n[0], lambda n: n**-0.5, "$C\\,n^{-1/2}$")
    left.set_xlabel("samples n = diversity ρ, σ = 1")
    left.set_ylabel(ERROR)
    draw_curves(right, by_rho)
    draw_bound(right, by_rho[0], lambda rho: rho**-0.5, "$C\\,\\rho^{-1/2}$")
    right.set_xlabel(f"diversity ρ, n = {found.samples:,}")
    for axis in (left, right):
        axis.legend()
    return figure
