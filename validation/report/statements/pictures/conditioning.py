"""Observation 1.2: how well N of αα and αβ is conditioned."""

from __future__ import annotations

from markupsafe import Markup

from validation.plots.gallery import Gallery
from validation.plots.style import LOOKS, panels, styled
from validation.report.blocks import Picture
from validation.report.statements.checked import Checked


def draw(one: Checked, gallery: Gallery) -> Picture:
    """The smallest eigenvalue over beta, one series for each gamma."""
    table = one.verdict["evidence"]["conditioning"]
    gammas = sorted({row["gamma"] for row in table})
    with styled():
        figure, (axis,) = panels(1, width=5.2, height=3.2)
        for look, gamma in zip(LOOKS, gammas, strict=False):
            of_gamma = [row for row in table if row["gamma"] == gamma]
            axis.errorbar(
                [row["beta"] for row in of_gamma],
                [row["value"] for row in of_gamma],
                yerr=[row["error"] for row in of_gamma],
                color=look.colour,
                marker=look.marker,
                linestyle=look.line,
                label=f"γ = {gamma:g}",
            )
        axis.set_xlabel("inverse temperature β")
        axis.set_ylabel("smallest eigenvalue of N")
        axis.legend()
        rows = [[row["beta"], row["gamma"], row["value"], row["error"]] for row in table]
        gallery.save(figure, one.key, ["beta", "gamma", "smallest eigenvalue", "error"], rows)
    return Picture(
        one.key,
        "The smallest eigenvalue of N over beta for several gamma: 0 at beta 0, growing from there",
        Markup(
            "At β = 0 attention does not look at the tokens and N is singular, as that of an MLP "
            "is. The errors are too small to see."
        ),
    )
