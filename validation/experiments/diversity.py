"""The error on unseen symbols against the diversity, at several numbers of samples."""

from __future__ import annotations

from markupsafe import Markup

from validation.experiments.kernel_parameters import KernelParameters
from validation.experiments.point import Measured, Scale
from validation.experiments.regression import Regression, wildcards
from validation.experiments.trials import ERROR, bars, curve
from validation.plots.curves import COLUMNS, draw_bound, draw_curves, share_heights
from validation.plots.style import panels, styled
from validation.report.blocks import Content, Picture, Text
from validation.report.section import Section
from validation.report.workspace import Workspace

TASKS = "same-different", "aba-abb"
SIZES = {Scale.QUICK: (64, 256), Scale.FULL: (128, 2048, 32768)}
DIVERSITIES = {
    Scale.QUICK: (2, 16, 128, 1024),
    Scale.FULL: (2, 4, 8, 16, 32, 128, 512, 2048, 8192, 32768),
}
TRIALS = {Scale.QUICK: 2, Scale.FULL: 4}
MLP_SIZE = 1
"""Which of the sizes the MLP kernel is shown at."""


def points(scale: Scale) -> list[Regression]:
    """Each task at all sizes and diversities, and the MLP kernel at one size."""
    sizes = SIZES[scale]
    return [
        Regression(task, n, wildcards(task) * rho, 0.0, seed, KernelParameters(kernel))
        for task in (TASKS[:1] if scale is Scale.QUICK else TASKS)
        for kernel in ("transformer", "mlp")
        for n in (sizes if kernel == "transformer" else (sizes[MLP_SIZE],))
        for rho in DIVERSITIES[scale]
        for seed in range(TRIALS[scale])
    ]


class Diversity(Section):
    """Does the error fall as ρ grows?"""

    key = "diversity"
    title = "The error on unseen symbols against ρ, at fixed n"

    def build(self, workspace: Workspace) -> Content:
        """Measure at all diversities, and draw one panel for each task."""
        measured = workspace.measure(points(workspace.scale), "error against ρ")
        tasks = list(dict.fromkeys(one.point.task for one in measured))
        sizes = SIZES[workspace.scale]
        rows, findings, drawn = [], [], []
        with styled():
            figure, axes = panels(len(tasks), width=8.2 if len(tasks) > 1 else 4.5)
            for axis, task in zip(axes, tasks, strict=True):
                of_task = [m for m in measured if m.point.task == task]
                curves = [
                    curve(f"transformer, n = {n}", _of(of_task, "transformer", n), _diversity)
                    for n in sizes
                ]
                mlp = _of(of_task, "mlp", sizes[MLP_SIZE])
                curves.append(curve(f"MLP, n = {sizes[MLP_SIZE]}", mlp, _diversity, look=6))
                draw_curves(axis, curves)
                drawn += curves
                largest = curves[-2]
                draw_bound(
                    axis,
                    largest,
                    lambda rho: rho**-0.5 + sizes[-1] ** -0.5,
                    f"$C(\\rho^{{-1/2}} + n^{{-1/2}})$, n = {sizes[-1]}",
                )
                axis.set_title(task)
                axis.set_xlabel("diversity ρ")
                rows += [[task, *row] for one in curves for row in one.rows()]
                findings.append(
                    Markup(
                        "<b>{}</b> at n = {}: from ρ = {:g} to {:g}, the transformer kernel’s "
                        "error goes from {:.2f} to {:.3f}."
                    ).format(
                        task,
                        sizes[-1],
                        largest.x[0],
                        largest.x[-1],
                        largest.medians[0],
                        largest.medians[-1],
                    )
                )
            axes[0].set_ylabel(ERROR)
            share_heights(axes)
            axes[-1].legend(loc="center left", bbox_to_anchor=(1.0, 0.5))
            workspace.gallery.save(figure, self.key, ["task", *COLUMNS], rows)
        caption = _CAPTION + bars(drawn)
        return Content(
            self.key,
            self.title,
            [Text(_SETTING), Picture(self.key, "Error against diversity at several n", caption)],
            findings,
        )


def _of(measured: list[Measured[Regression]], kernel: str, n: int) -> list[Measured[Regression]]:
    return [m for m in measured if m.point.kernel.name == kernel and m.point.n == n]


def _diversity(one: Measured[Regression]) -> float:
    return one.number("diversity")


_SETTING = Markup(
    "The same regression at fixed n, on alphabets from a few symbols up to many times n. While ρ "
    "is small, samples share symbols and the regression explains labels by them; Theorem 4.4 "
    "bounds this share of the error by C ρ<sup>−1/2</sup>, and that of n by C n<sup>−1/2</sup>."
)

_CAPTION = Markup(
    "The error falls with ρ until the share that n leaves, the floor of each curve, is reached; "
    "more samples lower the floor. It can rise a little again before it settles; "
    "the bound, drawn for the largest n with the smallest C that fits, allows that. The MLP kernel "
    "gains nothing. "
)
