"""Symbols that are not equally likely: the error under Zipf laws."""

from __future__ import annotations

from markupsafe import Markup

from validation.experiments.point import Measured, Scale
from validation.experiments.regression import Regression, wildcards
from validation.experiments.trials import ERROR, bars, curve
from validation.plots.curves import COLUMNS, draw_bound, draw_curves
from validation.plots.style import panels, styled
from validation.report.blocks import Content, Picture, Text
from validation.report.section import Section
from validation.report.workspace import Workspace

TASK = "same-different"
SIZES = {Scale.QUICK: (32, 128, 512), Scale.FULL: (64, 256, 1024, 4096, 16384, 65536)}
EXPONENTS = {Scale.QUICK: (0.0, 1.0), Scale.FULL: (0.0, 0.5, 1.0, 1.5)}
TRIALS = {Scale.QUICK: 2, Scale.FULL: 5}


def points(scale: Scale) -> list[Regression]:
    """The task at all sizes under all laws, on alphabets that grow with n."""
    return [
        Regression(TASK, n, wildcards(TASK) * n, exponent, seed)
        for exponent in EXPONENTS[scale]
        for n in SIZES[scale]
        for seed in range(TRIALS[scale])
    ]


class TokenLaws(Section):
    """What becomes of the error where a few symbols are frequent?"""

    key = "token-laws"
    title = "Uniform and Zipf alphabets"

    def build(self, workspace: Workspace) -> Content:
        """Measure under all laws, and draw the error and the diversity against n."""
        measured = workspace.measure(points(workspace.scale), "token laws")
        by_law = {
            exponent: [m for m in measured if m.point.exponent == exponent]
            for exponent in EXPONENTS[workspace.scale]
        }
        errors = [curve(_name(exponent), found, _n) for exponent, found in by_law.items()]
        rhos = [
            curve(_name(exponent), found, _n, result="diversity")
            for exponent, found in by_law.items()
        ]
        with styled():
            figure, (left, right) = panels(2, width=7.6)
            draw_curves(left, errors)
            draw_bound(left, errors[0], lambda n: n**-0.5, "$C\\,n^{-1/2}$, uniform law")
            left.set_ylabel(ERROR)
            left.legend(loc="lower left")
            draw_curves(right, rhos)
            right.set_ylabel("diversity ρ (exact)")
            for axis in (left, right):
                axis.set_xlabel("samples n = alphabet / 2")
            rows = [["error", *row] for one in errors for row in one.rows()]
            rows += [["diversity", *row] for one in rhos for row in one.rows()]
            workspace.gallery.save(figure, self.key, ["quantity", *COLUMNS], rows)
        last = list(by_law.values())[-1][-1]
        caption = _CAPTION + bars(errors)
        return Content(
            self.key,
            self.title,
            [Text(_SETTING), Picture(self.key, "Error and diversity against n", caption)],
            [
                Markup(
                    "Under the {}, ρ is only {:.1f} at n = {}, and the error still comes to {:.3f} "
                    "({:.3f} under the uniform law): there the bound through ρ says little, and "
                    "the regression does better than it."
                ).format(
                    _name(last.point.exponent),
                    last.number("diversity"),
                    last.point.n,
                    errors[-1].medians[-1],
                    errors[0].medians[-1],
                )
            ],
        )


def _name(exponent: float) -> str:
    return f"Zipf law, exponent {exponent:g}" if exponent else "uniform law"


def _n(one: Measured[Regression]) -> float:
    return float(one.point.n)


_SETTING = Markup(
    "The same regression on <b>same-different</b>, with the symbol of rank r drawn with "
    "probability proportional to r<sup>−s</sup> from an alphabet of 2n. The diversity ρ of "
    "Def. 4.2 looks at the most likely symbol alone: it grows like n for the uniform law, like "
    "√n for s = 1/2, like log n for s = 1, and stays bounded for s = 3/2."
)

_CAPTION = Markup(
    "Left: the error under each law. Right: the exact diversity of the alphabet. Frequent symbols "
    "slow the fall down without stopping it at these n; the theorem, whose bound contains ρ, does "
    "not promise that. "
)
