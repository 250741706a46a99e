"""Claim D.2: the gap of the estimator and the idealized one, and the claim's bound."""

from __future__ import annotations

from markupsafe import Markup

from validation.plots.gallery import Gallery
from validation.plots.style import LOOKS, panels, styled
from validation.report.blocks import Picture
from validation.report.statements.checked import Checked


def draw(one: Checked, gallery: Gallery) -> Picture:
    """Both over the number of symbols, every draw a mark."""
    series = one.series("gap")
    with styled():
        figure, (axis,) = panels(1, width=5.2, height=3.2)
        for look, (key, label) in zip(
            LOOKS, (("gap", "gap"), ("bound", "bound of the claim")), strict=False
        ):
            axis.plot(
                [float(symbols) for symbols in series.columns["symbols"]],
                [float(number) for number in series.columns[key]],
                color=look.colour,
                marker=look.marker,
                linestyle="",
                label=label,
            )
        axis.set_xscale("log")
        axis.set_yscale("log")
        axis.set_xlabel("symbols")
        axis.set_ylabel("|prediction − idealized prediction|")
        axis.legend()
        rows = [list(row) for row in series.rows()]
        gallery.save(figure, one.key, list(series.columns), rows)
    return Picture(
        one.key,
        "The measured gap and the bound over the number of symbols; the gap lies far below",
        Markup(
            "With the term for the diagonal that the claim needs (<code>docs/findings.md</code>). "
            "Where the bound exceeds the labels it says nothing; it falls with the symbols and "
            "with the samples."
        ),
    )
