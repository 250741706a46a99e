"""Theorem 4.4 and Lemma 4.5: errors of held-out draws beside the bound with a fitted constant."""

from __future__ import annotations

from markupsafe import Markup

from validation.plots.gallery import Gallery
from validation.plots.style import BLACK, LOOKS, panels, styled
from validation.report.blocks import Picture
from validation.report.statements.checked import Checked


def draw(one: Checked, gallery: Gallery) -> Picture:
    """One column for each size: the errors of all draws, and the bound above them."""
    rows = one.series("held out").rows()
    bounds = {str(size): float(bound) for size, bound, _ in rows}
    look = LOOKS[0]
    with styled():
        figure, (axis,) = panels(1, width=5.2, height=3.2)
        for place, (size, bound) in enumerate(bounds.items()):
            errors = [float(error) for row_size, _, error in rows if row_size == size]
            axis.plot(
                [place] * len(errors),
                errors,
                color=look.colour,
                marker=look.marker,
                linestyle="",
                label="" if place else "held-out draws",
            )
            axis.hlines(
                bound,
                place - 0.25,
                place + 0.25,
                color=BLACK,
                label="" if place else "bound, C fitted on smaller samples",
            )
        axis.set_xticks(range(len(bounds)), list(bounds))
        axis.set_xlim(-0.5, len(bounds) - 0.5)
        axis.set_ylim(0.0, 1.3 * max(bounds.values()))
        axis.set_ylabel("largest |prediction − label|\non unseen symbols")
        axis.legend()
        gallery.save(figure, one.key, ["size", "bound", "error"], [list(row) for row in rows])
    return Picture(
        one.key,
        "Errors of held-out draws at several sizes, and the bound with its fitted constant",
        Markup(
            "C is the largest ratio of error and bracket among draws of 100 and 200 samples, times "
            "1.25. The bound speaks of all but a share δ = 0.1 of the draws."
        ),
    )
