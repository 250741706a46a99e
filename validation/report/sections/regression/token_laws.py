"""The section on symbols that are not equally likely."""

from __future__ import annotations

from markupsafe import Markup

from validation.experiments.regression import token_laws
from validation.experiments.regression.trials import COLUMNS
from validation.plots.figures.regression.token_laws import draw
from validation.report.bars import bars
from validation.report.blocks import Content, Picture, Text
from validation.report.section import Section
from validation.report.workspace import Workspace


class TokenLaws(Section):
    """What becomes of the error where a few symbols are frequent?"""

    key = "token-laws"
    title = "Uniform and Zipf alphabets"

    def build(self, workspace: Workspace) -> Content:
        """The picture, and a sentence on the law of the most frequent symbols."""
        found = token_laws.run(workspace.laboratory)
        rows = [["error", *row] for one in found for row in one.errors.rows()]
        rows += [["diversity", *row] for one in found for row in one.diversities.rows()]
        workspace.picture(self.key, draw, found, ["quantity", *COLUMNS], rows)
        reading = bars(one.errors for one in found)
        uniform, last = found[0], found[-1]
        finding = Markup(
            "Under the {}, ρ is only {:.1f} at n = {:g}, and the error still comes to {:.3f} "
            "({:.3f} under the uniform law): there the bound through ρ says little, and "
            "the regression does better than it."
        ).format(
            last.law,
            last.diversities.medians[-1],
            last.errors.x[-1],
            last.errors.medians[-1],
            uniform.errors.medians[-1],
        )
        return Content(
            self.key,
            self.title,
            [Text(_SETTING), Picture(self.key, "Error and diversity against n", _CAPTION, reading)],
            [finding],
        )


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
