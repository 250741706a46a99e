"""Theorems 5.1 and 5.2: the derivatives of both losses at the start, over the dimension."""

from __future__ import annotations

from markupsafe import Markup

from validation.plots.gallery import Gallery
from validation.plots.style import GUIDE, LOOKS, panels, styled
from validation.report.blocks import Picture
from validation.report.statements.checked import Checked


def draw(one: Checked, gallery: Gallery) -> Picture:
    """One panel for each weight of the positions, one series for each loss."""
    evidence, rows = one.verdict["evidence"], one.series("means").rows()
    gammas = list(dict.fromkeys(float(gamma) for gamma, *_ in rows))
    losses = list(dict.fromkeys(str(loss) for _, loss, *_ in rows))
    with styled():
        figure, axes = panels(len(gammas), width=7.4, height=3.0)
        for axis, gamma in zip(axes, gammas, strict=True):
            axis.axhline(0.0, color=GUIDE, linewidth=0.8)
            for look, loss in zip(LOOKS, losses, strict=False):
                means = [row[2:] for row in rows if row[:2] == (gamma, loss)]
                axis.plot(
                    [float(dimension) for dimension, _ in means],
                    [float(mean) for _, mean in means],
                    color=look.colour,
                    marker=look.marker,
                    linestyle=look.line,
                    label=loss,
                )
            axis.set_xscale("log", base=2)
            axis.set_xlabel("embedding dimension")
            axis.set_title(f"γ = {gamma:g}")
        axes[0].set_ylabel("derivative at time 0")
        axes[0].legend()
        head = ["gamma", "loss", "dimension", "mean"]
        gallery.save(figure, one.key, head, [list(row) for row in rows])
    return Picture(
        one.key,
        "Derivatives of the training and test loss over the embedding dimension, for gamma 0 and 1",
        Markup(
            "Means over {} random initializations; learning rates: {}. The deviations from the "
            "limits fall like a power of the dimension, as the evidence lists."
        ).format(evidence["draws"], evidence["learning_rates"]),
    )
