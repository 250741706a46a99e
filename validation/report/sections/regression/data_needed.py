"""The section on how the conditioning of N sets the data that is needed."""

from __future__ import annotations

from markupsafe import Markup

from validation.experiments.regression import data_needed
from validation.experiments.regression.trials import COLUMNS
from validation.plots.figures.regression.data_needed import draw
from validation.report.bars import bars
from validation.report.blocks import Content, Picture, Text
from validation.report.section import Section
from validation.report.workspace import Workspace


class DataNeeded(Section):
    """Does the error depend on n only through n λ_min over the ridge?"""

    key = "data-needed"
    title = "How N’s conditioning sets the data that is needed"

    def build(self, workspace: Workspace) -> Content:
        """The picture over n and over n in its unit, and a sentence."""
        found = data_needed.run(workspace.laboratory)
        rows = [["n", *row] for one in found.plain for row in one.rows()]
        rows += [["x", *row] for one in found.scaled for row in one.rows()]
        workspace.picture(self.key, draw, found, ["horizontal axis", *COLUMNS], rows)
        reading = bars(found.plain)
        finding = Markup(
            "Over kernels whose λ<sub>min</sub>(N) differ by a factor of {:.0f}, the error "
            "on same-different is between {:.2f} and {:.2f} times 1 / (1 + x) with "
            "x = n λ<sub>min</sub> / r(λ + δ): the data needed is in proportion to "
            "(λ + δ) / λ<sub>min</sub>."
        ).format(found.conditioning, *found.ratios)
        return Content(
            self.key,
            self.title,
            [Text(_SETTING), Picture(self.key, "Error against n and against x", _CAPTION, reading)],
            [finding],
        )


_SETTING = Markup(
    "With n/r samples of each of r templates, the idealized kernel matrix ZNZ<sup>T</sup> has the "
    "eigenvalues of (n/r) N, and ridge regression shrinks what lies along an eigenvector of "
    "eigenvalue ν by the factor 1 − 1/(1 + (n/r) ν/λ). So generalization starts where "
    "n λ<sub>min</sub>(N) / r exceeds the ridge. The actual kernel matrix adds to λ the amount "
    "δ = max<sub>z</sub> K(x, x) − N<sub>zz</sub>, by which a string is more like itself than "
    "like another of its template. The horizontal axis on the right is n in that unit."
)

_CAPTION = Markup(
    "Left: the same task under five kernels and ridges needs very different n. Right: over "
    "x = n λ<sub>min</sub> / r(λ + δ), a quantity computed from the kernel alone, the curves lie "
    "much closer together. The line 1/(1 + x) is the shrinkage for labels along the worst "
    "eigenvector of N; it is not fitted. At small x the labels’ noise and the unequal numbers of "
    "samples per template show too. "
)
