"""How the conditioning of N sets the number of samples that are needed."""

from __future__ import annotations

import numpy as np
from markupsafe import Markup

from validation.experiments.kernel_parameters import KernelParameters
from validation.experiments.point import Measured, Scale
from validation.experiments.regression import Regression, wildcards
from validation.experiments.trials import ERROR, bars, curve
from validation.plots.curves import COLUMNS, draw_curves
from validation.plots.style import GUIDE, panels, styled
from validation.report.blocks import Content, Picture, Text
from validation.report.section import Section
from validation.report.workspace import Workspace

TASK = "same-different"
TEMPLATES = 2
SIZES = {Scale.QUICK: (32, 128, 512), Scale.FULL: (64, 256, 1024, 4096, 16384, 65536)}
TRIALS = {Scale.QUICK: 1, Scale.FULL: 3}
SETTINGS = (
    (KernelParameters(beta=2.0), 0.1),
    (KernelParameters(beta=2.0), 1.0),
    (KernelParameters(beta=1.0), 0.1),
    (KernelParameters(beta=1.0, b1=1.5, b2=0.4), 0.1),
    (KernelParameters(beta=0.5), 0.1),
)
"""Kernels and ridges, from little data needed to much."""


def points(scale: Scale) -> list[Regression]:
    """One task under all settings at all sizes, ρ = n."""
    return [
        Regression(TASK, n, wildcards(TASK) * n, 0.0, seed, kernel, ridge)
        for kernel, ridge in SETTINGS
        for n in SIZES[scale]
        for seed in range(TRIALS[scale])
    ]


class DataNeeded(Section):
    """Does the error depend on n only through n λ_min over the ridge?"""

    key = "data-needed"
    title = "How N’s conditioning sets the data that is needed"

    def build(self, workspace: Workspace) -> Content:
        """Measure under all settings; draw the errors against n, and against n in its unit."""
        measured = workspace.measure(points(workspace.scale), "data needed")
        plain, scaled = [], []
        for kernel, ridge in SETTINGS:
            of_setting = [
                m for m in measured if m.point.kernel == kernel and m.point.ridge == ridge
            ]
            smallest = of_setting[0].number("smallest_eigenvalue")
            label = f"{kernel}, λ = {ridge:g}: λₘᵢₙ = {smallest:.1e}"
            plain.append(curve(label, of_setting, lambda m: float(m.point.n)))
            scaled.append(curve(label, of_setting, _in_its_unit))
        with styled():
            figure, (left, right) = panels(2, width=8.2, height=4.2)
            draw_curves(left, plain)
            left.set_xlabel("samples n = diversity ρ")
            left.set_ylabel(ERROR)
            draw_curves(right, scaled)
            x = np.geomspace(min(c.x[0] for c in scaled), max(c.x[-1] for c in scaled), 100)
            right.plot(x, 1.0 / (1.0 + x), color=GUIDE, linewidth=1.0, label="1 / (1 + x)")
            right.set_xlabel("x = n λₘᵢₙ / r(λ + δ)")
            handles, labels = right.get_legend_handles_labels()
            figure.legend(handles, labels, loc="outside lower center", ncols=2)
            rows = [["n", *row] for one in plain for row in one.rows()]
            rows += [["x", *row] for one in scaled for row in one.rows()]
            workspace.gallery.save(figure, self.key, ["horizontal axis", *COLUMNS], rows)
        ratios = [m.number("error") * (1.0 + _in_its_unit(m)) for m in measured]
        caption = _CAPTION + bars(plain)
        return Content(
            self.key,
            self.title,
            [Text(_SETTING), Picture(self.key, "Error against n and against x", caption)],
            [
                Markup(
                    "Over kernels whose λ<sub>min</sub>(N) differ by a factor of {:.0f}, the error "
                    "on same-different is between {:.2f} and {:.2f} times 1 / (1 + x) with "
                    "x = n λ<sub>min</sub> / r(λ + δ): the data needed is in proportion to "
                    "(λ + δ) / λ<sub>min</sub>."
                ).format(_range(measured), min(ratios), max(ratios))
            ],
        )


def _in_its_unit(one: Measured[Regression]) -> float:
    ridge = one.point.ridge + one.number("excess")
    return one.point.n * one.number("smallest_eigenvalue") / (TEMPLATES * ridge)


def _range(measured: list[Measured[Regression]]) -> float:
    smallest = [m.number("smallest_eigenvalue") for m in measured]
    return max(smallest) / min(smallest)


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
