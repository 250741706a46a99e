"""The sections on maps of the smallest eigenvalue of N."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import ClassVar

from markupsafe import Markup

from validation.experiments.matrices.heat_maps import ActivationMap, HeatMap, TemperatureMap
from validation.experiments.matrices.point import FoundMatrix
from validation.plots.figures.matrices.heat_maps import draw
from validation.report.blocks import Content, Picture
from validation.report.numbers import scientific
from validation.report.section import Section
from validation.report.workspace import Workspace


class MapSection(Section):
    """The smallest eigenvalue of N over two parameters."""

    experiment: ClassVar[HeatMap]

    labels: ClassVar[tuple[str, str]]
    """Of the axes."""

    caption: ClassVar[Markup]

    remarks: ClassVar[Mapping[str, Markup]] = {}
    """What the caption adds where a task's map is shown."""

    def build(self, workspace: Workspace) -> Content:
        """One map for each task, and a sentence."""
        found = self.experiment.run(workspace.laboratory)
        rows = [_row(cell) for cell in found.cells]
        workspace.picture(self.key, partial(draw, labels=self.labels), found, _COLUMNS, rows)
        least, most = found.limits
        finding = Markup(
            "{title}: λ<sub>min</sub>(N) goes from {least} to {most} where it exceeds "
            "its error; in {doubtful} of {cells} cells it does not."
        ).format(
            title=self.title,
            least=scientific(least),
            most=scientific(most),
            doubtful=found.doubtful,
            cells=len(found.cells),
        )
        tasks = [one.task for one in found.tasks]
        remarks = Markup().join(self.remarks[task] for task in tasks if task in self.remarks)
        caption = self.caption + remarks + _DOUBT
        return Content(self.key, self.title, [Picture(self.key, self.title, caption)], [finding])


class TemperatureSection(MapSection):
    """Over the inverse temperature and the positional weight."""

    experiment = TemperatureMap()
    key = "map-beta-gamma"
    title = "The smallest eigenvalue over (β, γ)"
    labels = ("inverse temperature β", "positional weight γ")
    caption = Markup(
        "λ<sub>min</sub>(N) over (β, γ) at b₁ = 1, b₂ = 1.2. It grows with β, since a softmax that "
        "is nearly uniform cannot see relations. "
    )
    remarks: ClassVar[Mapping[str, Markup]] = {
        "aba-abb": Markup(
            "Without positions (γ = 0), αβα and αββ are alike up to order, so N is singular for "
            "aba-abb. "
        )
    }


class ActivationSection(MapSection):
    """Over the frequency and the phase of the activation."""

    experiment = ActivationMap()
    key = "map-b1-b2"
    title = "The smallest eigenvalue over (b₁, b₂)"
    labels = ("frequency b₁", "phase b₂")
    caption = Markup(
        "λ<sub>min</sub>(N) over (b₁, b₂) at β = 2, γ = 1. A low frequency sees little of the "
        "read-out, a high one is damped by the factor exp(−b₁² K<sub>attn</sub>) of Claim E.2. "
    )


def _row(one: FoundMatrix) -> list[object]:
    kernel = one.point.kernel
    parameters = [kernel.beta, kernel.gamma, kernel.b1, kernel.b2]
    return [one.point.task, *parameters, one.smallest, one.error, one.verdict]


_COLUMNS = ["task", "beta", "gamma", "b1", "b2", "smallest", "error", "verdict"]

_DOUBT = Markup(
    "Colours are on a logarithmic scale. A cross on grey marks a cell where the eigenvalue does "
    "not exceed its error (entries of N to 10⁻⁹, or as sharp as floats allow where that leaves it "
    "open), so that the numbers alone do not show N nonsingular there. The star marks the "
    "parameters of the other sections. All errors here are proved."
)
