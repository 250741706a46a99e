"""The section on the phase diagram."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from jaxtyping import Float64
from markupsafe import Markup

from validation.experiments.regression import phase_diagram
from validation.experiments.regression.phase_diagram import CELL_COLUMNS, Panel
from validation.plots.figures.regression.phase_diagram import SHOWN, crosses, draw
from validation.report.blocks import Content, Picture, Text
from validation.report.section import Section
from validation.report.workspace import Workspace


class PhaseDiagram(Section):
    """Where, over (n, ρ), does ridge regression generalize to unseen symbols?"""

    key = "phase-diagram"
    title = "The phase diagram: the error over (n, ρ)"

    def build(self, workspace: Workspace) -> Content:
        """The maps, and a sentence on each."""
        found = phase_diagram.run(workspace.laboratory)
        rows = [
            [panel.task, panel.exponent, *cell.row()]
            for panel in found.panels
            for cell in sorted(panel.cells, key=lambda cell: (cell.n, cell.alphabet))
        ]
        header = ["task", "zipf exponent", *CELL_COLUMNS]
        workspace.picture(self.key, draw, found, header, rows)
        maps = [found.medians(panel) for panel in found.panels]
        caption = _CAPTION.format(_on_the_line([crosses(values) for values in maps]))
        cells = [cell for panel in found.panels for cell in panel.cells]
        if single := [cell.n for cell in cells if len(cell.trials) == 1]:
            caption += Markup(" At n = {:,} and more there is a single trial.").format(min(single))
        return Content(
            self.key,
            f"{self.title}, up to n = {found.sizes[-1]:,}",
            [Text(_SETTING), Picture(self.key, "Maps of the error over n and ρ", caption)],
            [
                _finding(panel, values, found.sizes, found.alphabets)
                for panel, values in zip(found.panels, maps, strict=True)
            ],
        )


def _on_the_line(crossed: Sequence[bool]) -> str:
    """What the caption says of the black line, by whether each map has one."""
    if not any(crossed):
        return f"No map crosses the error {SHOWN}, where a black line would be."
    return f"Black: error {SHOWN}" + ("." if all(crossed) else ", in the maps that cross it.")


def _finding(
    panel: Panel,
    values: Float64[np.ndarray, "a n"],
    sizes: Sequence[int],
    alphabets: Sequence[int],
) -> Markup:
    reached = [n for n, error in zip(sizes, values[-1], strict=True) if error <= SHOWN]
    first = (
        f"first falls below {SHOWN} at n = {reached[0]:,}"
        if reached
        else f"stays above {SHOWN} up to n = {sizes[-1]:,}"
    )
    return Markup(
        "<b>{}</b>: at the largest alphabet the error {}; at n = {:,} it "
        "goes from {:.2g} (alphabet / wildcards = {:,}) to {:.2g} ({:,})."
    ).format(
        panel.name, first, sizes[-1], values[0, -1], alphabets[0], values[-1, -1],
        alphabets[-1],
    )  # fmt: skip


_SETTING = Markup(
    "Kernel ridge regression (4) with λ = 0.1 and label noise σ = 0.1, solved exactly at every "
    "point (relative residual below 10<sup>−10</sup>), over samples n and alphabets. For the "
    "uniform law the diversity ρ is the alphabet over the largest number of wildcards; under a "
    "Zipf law of exponent 1 the most frequent symbol keeps ρ below 20, whatever the alphabet."
)

_CAPTION = Markup(
    "Colours are the median over trials of the largest |prediction − label| on one string of "
    "unseen symbols per template; the data beside the picture have the least and the greatest "
    "trial. {} White, dashed: the n at which n λ<sub>min</sub>(N) / r equals "
    "λ + δ, a number computed from N alone (see the first page). The spread over trials is "
    "statistical; errors of kernel values and of the solver are too small to see."
)
