"""A section on any experiment that finds curves, without words of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from markupsafe import Markup

from validation.experiments.laboratory import Laboratory
from validation.experiments.regression.trials import COLUMNS, Curve
from validation.plots.figures.regression.curves import draw
from validation.report.bars import bars
from validation.report.blocks import Content, Picture
from validation.report.section import Section
from validation.report.workspace import Workspace


class Curves(Section):
    """The picture of an experiment and its data.

    With it, an experiment is one file with a function `run`, and one line on a page; an
    experiment that has more to say has a section of its own beside it.

    Args:
        key: the section's anchor, and the name of its picture.
        title: its heading.
        run: the experiment.
        over: what the horizontal axis is.
    """

    def __init__(
        self, key: str, title: str, run: Callable[[Laboratory], Sequence[Curve]], over: str
    ) -> None:
        self.key = key
        self.title = title
        self._run = run
        self._over = over

    def build(self, workspace: Workspace) -> Content:
        """Measure, draw, and say what the bars are."""
        found = self._run(workspace.laboratory)
        rows = [row for one in found for row in one.rows()]
        workspace.picture(self.key, partial(draw, over=self._over), found, COLUMNS, rows)
        alt = f"{self.title}, over {self._over}"
        return Content(self.key, self.title, [Picture(self.key, alt, Markup(""), bars(found))])
