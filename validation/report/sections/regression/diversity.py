"""The section on the error against ρ, at several n."""

from __future__ import annotations

from markupsafe import Markup

from validation.experiments.regression import diversity
from validation.experiments.regression.trials import COLUMNS
from validation.plots.figures.regression.diversity import draw
from validation.report.bars import bars
from validation.report.blocks import Content, Picture, Text
from validation.report.section import Section
from validation.report.workspace import Workspace


class Diversity(Section):
    """Does the error fall as ρ grows?"""

    key = "diversity"
    title = "The error on unseen symbols against ρ, at fixed n"

    def build(self, workspace: Workspace) -> Content:
        """The picture, and a sentence a task."""
        found = diversity.run(workspace.laboratory)
        curves = {one.task: one.curves for one in found.tasks}
        rows = [[task, *row] for task, own in curves.items() for one in own for row in one.rows()]
        workspace.picture(self.key, draw, found, ["task", *COLUMNS], rows)
        reading = bars(c for one in found.tasks for c in (*one.transformer, one.mlp))
        return Content(
            self.key,
            self.title,
            [
                Text(_SETTING),
                Picture(self.key, "Error against diversity at several n", _CAPTION, reading),
            ],
            [_finding(one, found.largest) for one in found.tasks],
        )


def _finding(one: diversity.OfTask, n: int) -> Markup:
    largest = one.transformer[-1]
    return Markup(
        "<b>{}</b> at n = {}: from ρ = {:g} to {:g}, the transformer kernel’s "
        "error goes from {:.2f} to {:.3f}."
    ).format(one.task, n, largest.x[0], largest.x[-1], largest.medians[0], largest.medians[-1])


_SETTING = Markup(
    "The same regression at fixed n, on alphabets from a few symbols up to many times n. While ρ "
    "is small, samples share symbols and the regression explains labels by them; Theorem 4.4 "
    "bounds this share of the error by C ρ<sup>−1/2</sup>, and that of n by C n<sup>−1/2</sup>."
)

_CAPTION = Markup(
    "The error falls with ρ until the share that n leaves, the floor of each curve, is reached; "
    "more samples lower the floor. The line without markers is the exact error at the largest n: "
    "the certified root mean square over label noise (see <a href='unseen.html'>the page on the "
    "exact error</a>). The error can rise a little again before it settles; "
    "the bound, drawn for the largest n with the smallest C that fits, allows that. The MLP kernel "
    "gains nothing. "
)
