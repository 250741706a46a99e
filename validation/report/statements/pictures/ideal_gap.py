"""Claim D.2: the gap of the estimator and the idealized one, and the claim's bound."""

from __future__ import annotations

from markupsafe import Markup

from validation.plots.gallery import Gallery
from validation.plots.style import LOOKS, panels, styled
from validation.report.blocks import Picture
from validation.report.statements.checked import Checked


def draw(one: Checked, gallery: Gallery) -> Picture:
    """Both over the number of symbols, every draw a mark."""
    cases = [
        (int(name.split()[0]), case)
        for name, case in one.verdict["evidence"].items()
        if name.endswith(": gap")
    ]
    with styled():
        figure, (axis,) = panels(1, width=5.2, height=3.2)
        for look, (key, label) in zip(
            LOOKS, (("value", "gap"), ("bound", "bound of the claim")), strict=False
        ):
            axis.plot(
                [symbols for symbols, _ in cases],
                [case[key]["value"] for _, case in cases],
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
        rows = [
            [symbols, case["value"]["value"], case["bound"]["value"]] for symbols, case in cases
        ]
        gallery.save(figure, one.key, ["symbols", "gap", "bound"], rows)
    return Picture(
        one.key,
        "The measured gap and the bound over the number of symbols; the gap lies far below",
        Markup(
            "With the term for the diagonal that the claim needs (<code>docs/findings.md</code>). "
            "Where the bound exceeds the labels it says nothing; it falls with the symbols and "
            "with the samples."
        ),
    )
