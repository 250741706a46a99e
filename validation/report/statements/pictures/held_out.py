"""Theorem 4.4 and Lemma 4.5: errors of held-out draws beside the bound with a fitted constant."""

from __future__ import annotations

from markupsafe import Markup

from validation.plots.gallery import Gallery
from validation.plots.style import BLACK, LOOKS, panels, styled
from validation.report.blocks import Picture
from validation.report.statements.checked import Checked


def draw(one: Checked, gallery: Gallery) -> Picture:
    """One column for each size: the errors of all draws, and the bound above them."""
    cases = {
        name: case
        for name, case in one.verdict["evidence"].items()
        if isinstance(case, dict) and {"bound", "errors"} <= set(case)
    }
    look = LOOKS[0]
    with styled():
        figure, (axis,) = panels(1, width=5.2, height=3.2)
        for place, case in enumerate(cases.values()):
            axis.plot(
                [place] * len(case["errors"]),
                case["errors"],
                color=look.colour,
                marker=look.marker,
                linestyle="",
                label="" if place else "held-out draws",
            )
            axis.hlines(
                case["bound"],
                place - 0.25,
                place + 0.25,
                color=BLACK,
                label="" if place else "bound, C fitted on smaller samples",
            )
        axis.set_xticks(range(len(cases)), list(cases))
        axis.set_xlim(-0.5, len(cases) - 0.5)
        axis.set_ylim(0.0, 1.3 * max(case["bound"] for case in cases.values()))
        axis.set_ylabel("largest |prediction − label|\non unseen symbols")
        axis.legend()
        rows = [
            [name, case["bound"], error] for name, case in cases.items() for error in case["errors"]
        ]
        gallery.save(figure, one.key, ["size", "bound", "error"], rows)
    return Picture(
        one.key,
        "Errors of held-out draws at several sizes, and the bound with its fitted constant",
        Markup(
            "C is the largest ratio of error and bracket among draws of 100 and 200 samples, times "
            "1.25. The bound speaks of all but a share δ = 0.1 of the draws."
        ),
    )
