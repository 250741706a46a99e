"""Majority of length 4, eight templates: the error up to ten million samples."""

from __future__ import annotations

from markupsafe import Markup

from validation.experiments.point import Scale
from validation.experiments.regression import Regression, wildcards
from validation.experiments.trials import ERROR, bars, curve, falls
from validation.plots.curves import COLUMNS, draw_bound, draw_curves
from validation.plots.style import panels, styled
from validation.report.blocks import Content, Picture, Text
from validation.report.section import Section
from validation.report.workspace import Workspace

TASK = "majority-4"
SIZES = {
    Scale.QUICK: (100, 1_000),
    Scale.FULL: (10**3, 10**4, 10**5, 10**6, 10**7),
}
TRIALS = {Scale.QUICK: 1, Scale.FULL: 3}
LARGE = 10**6
"""Above it, one trial."""


def points(scale: Scale) -> list[Regression]:
    """The task at all sizes, rho = n."""
    return [
        Regression(TASK, n, wildcards(TASK) * n, 0.0, seed)
        for n in reversed(SIZES[scale])
        for seed in range(TRIALS[scale] if n <= LARGE else 1)
    ]


class Majority(Section):
    """How many samples does a task with an almost singular N need?"""

    key = "majority"
    title = "Majority of length 4"

    def build(self, workspace: Workspace) -> Content:
        """Measure at all sizes, and draw the error beside the idealized estimator's."""
        measured = workspace.measure(points(workspace.scale), "majority")
        real = curve("transformer kernel", measured, lambda m: float(m.point.n))
        ideal = curve(
            "idealized estimator (16)–(18)",
            measured,
            lambda m: float(m.point.n),
            result="idealized_error",
        )
        with styled():
            figure, (axis,) = panels(1, width=5.2, height=3.4)
            draw_curves(axis, [real, ideal])
            draw_bound(axis, real, lambda n: n**-0.5, "$C\\,n^{-1/2}$")
            axis.set_xlabel("samples n = diversity ρ")
            axis.set_ylabel(ERROR)
            axis.legend()
            rows = [row for one in (real, ideal) for row in one.rows()]
            workspace.gallery.save(figure, self.key, COLUMNS, rows)
        caption = _CAPTION + bars([real, ideal])
        smallest = measured[0].number("smallest_eigenvalue")
        return Content(
            self.key,
            f"{self.title}, up to {real.x[-1]:,.0f} samples",
            [Text(_SETTING.format(smallest)), Picture(self.key, "Error against n", caption)],
            [
                Markup(
                    "<b>{}</b> ({} templates): from n = ρ = {:,.0f} to {:,.0f} the error goes from "
                    "{:.2f} to {:.2g} and {}."
                ).format(
                    TASK,
                    len(measured[0].numbers("predictions")),
                    real.x[0],
                    real.x[-1],
                    real.medians[0],
                    real.medians[-1],
                    falls(real.medians),
                )
            ],
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
