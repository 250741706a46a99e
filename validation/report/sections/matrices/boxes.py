"""The section on what is proved of N over boxes of parameters."""

from __future__ import annotations

from markupsafe import Markup

from validation.experiments.matrices import boxes
from validation.experiments.matrices.boxes import COLUMNS, FREQUENCIES, PHASES, BoxMap
from validation.experiments.matrices.heat_maps import AT
from validation.plots.figures.matrices.boxes import draw_boxes
from validation.report.blocks import Content, Picture, Text
from validation.report.numbers import scientific
from validation.report.section import Section
from validation.report.workspace import Workspace


class Boxes(Section):
    """Is N nonsingular at all parameters of a region?"""

    key = "boxes-b1-b2"
    title = "Proved at all (b₁, b₂) of a region"

    def build(self, workspace: Workspace) -> Content:
        """The picture, and a sentence a task."""
        found = boxes.run(workspace.laboratory)
        rows = [row for one in found for row in one.rows()]
        workspace.picture(self.key, draw_boxes, found, COLUMNS, rows)
        alt = "Proved lower bounds of the smallest eigenvalue over boxes of frequency and phase"
        return Content(
            self.key,
            self.title,
            [Text(_SETTING), Picture(self.key, alt, _CAPTION)],
            [_finding(one) for one in found],
        )


def _finding(one: BoxMap) -> Markup:
    if one.proved:
        return Markup(
            "<b>{}</b>: N is proved to be nonsingular at every b₁ from {} to {} and b₂ from {} to "
            "{}, at β = {:g}, γ = {:g}, and every eigenvalue to be at least {}; {} boxes."
        ).format(
            one.task,
            *FREQUENCIES,
            *PHASES,
            AT.beta,
            AT.gamma,
            scientific(float(one.lower.min())),
            one.pieces,
        )
    return Markup("<b>{}</b>: the bound is above 0 in {} of {} cells.").format(
        one.task, int((one.lower > 0.0).sum()), one.lower.size
    )


_SETTING = Markup(
    "The maps above are of points. Here each cell is a box of parameters, and its number is below "
    "every eigenvalue of N <i>at all parameters in the box</i>: a theorem, not a sample. The "
    "corners’ eigenvalues are enclosed with proved kernel values; between the corners N is affine "
    "in cos 2b₂, and by how much it is not so in b₁² is bounded entry by entry."
)

_CAPTION = Markup(
    "Boxes are halved until a bound is at least half of the least corner’s, so the colours are "
    "within a factor of two of the truth at some corner. Errors are proved."
)
