"""Observation 1.2: how well N of αα and αβ is conditioned."""

from __future__ import annotations

from markupsafe import Markup

from validation.plots.gallery import Gallery
from validation.plots.style import LOOKS, panels, styled
from validation.report.blocks import Picture
from validation.report.statements.checked import Checked


def draw(one: Checked, gallery: Gallery) -> Picture:
    """The smallest eigenvalue over beta, one series for each gamma."""
    table = one.series("conditioning").rows()
    gammas = sorted({float(gamma) for _, gamma, *_ in table})
    with styled():
        figure, (axis,) = panels(1, width=5.2, height=3.2)
        for look, gamma in zip(LOOKS, gammas, strict=False):
            of_gamma = [row for row in table if row[1] == gamma]
            axis.errorbar(
                [float(row[0]) for row in of_gamma],
                [float(row[2]) for row in of_gamma],
                yerr=[float(row[3]) for row in of_gamma],
                color=look.colour,
                marker=look.marker,
                linestyle=look.line,
                label=f"γ = {gamma:g}",
            )
        axis.set_xlabel("inverse temperature β")
        axis.set_ylabel("smallest eigenvalue of N")
        axis.legend()
        rows = [list(row) for row in table]
        gallery.save(figure, one.key, ["beta", "gamma", "smallest eigenvalue", "error"], rows)
    return Picture(
        one.key,
        "The smallest eigenvalue of N over beta for several gamma: 0 at beta 0, growing from there",
        Markup(
            "At β = 0 attention does not look at the tokens and N is singular, as that of an MLP "
            "is. The errors are too small to see."
        ),
    )
