"""The section on majority of length 4."""

from __future__ import annotations

from markupsafe import Markup

from validation.experiments.regression import majority
from validation.experiments.regression.trials import COLUMNS
from validation.plots.figures.regression.majority import draw
from validation.report.bars import bars, falling
from validation.report.blocks import Content, Picture, Text
from validation.report.section import Section
from validation.report.workspace import Workspace


class Majority(Section):
    """How many samples does a task with an almost singular N need?"""

    key = "majority"
    title = "Majority of length 4"

    def build(self, workspace: Workspace) -> Content:
        """The picture beside the idealized estimator's, and a sentence."""
        found = majority.run(workspace.laboratory)
        curves = found.real, found.ideal
        rows = [row for one in curves for row in one.rows()]
        workspace.picture(self.key, draw, found, COLUMNS, rows)
        reading = bars(curves)
        x, medians = found.real.x, found.real.medians
        finding = Markup(
            "<b>{}</b> ({} templates): from n = ρ = {:,.0f} to {:,.0f} the error goes from "
            "{:.2f} to {:.2g} and {}."
        ).format(
            found.task, found.templates, x[0], x[-1], medians[0], medians[-1], falling(found.real)
        )
        return Content(
            self.key,
            f"{self.title}, up to {x[-1]:,.0f} samples",
            [
                Text(_SETTING.format(found.smallest_eigenvalue)),
                Picture(self.key, "Error against n", _CAPTION, reading),
            ],
            [finding],
        )


_SETTING = Markup(
    "The eight templates of length 4 whose first symbol is, or is not, in the majority among the "
    "rest. N is nonsingular, but its smallest eigenvalue is only {:.1e}: generalization waits for "
    "n λ<sub>min</sub> / r to exceed the ridge."
)

_CAPTION = Markup(
    "Ridge regression (4), exact at every n (λ = 0.1, σ = 0.1, ρ = n). The line has the slope "
    "−1/2 and the smallest constant for which it lies above all trials. "
)
