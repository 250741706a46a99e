"""The phase diagram: the error on unseen symbols over samples and diversity, exact everywhere."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from jaxtyping import Float64
from markupsafe import Markup
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.figure import Figure
from matplotlib.ticker import (
    FuncFormatter,
    Locator,
    LogLocator,
    MaxNLocator,
    MultipleLocator,
    StrMethodFormatter,
)

from validation.experiments.point import Measured, Scale
from validation.experiments.regression import Regression, wildcards
from validation.plots.heat_map import draw_heat_map
from validation.plots.style import BLACK, panels, styled
from validation.report.blocks import Content, Picture, Text
from validation.report.section import Section
from validation.report.workspace import Workspace

PANELS = {
    Scale.QUICK: (("same-different", 0.0), ("same-different", 1.0)),
    Scale.FULL: (
        ("same-different", 0.0),
        ("same-different", 1.0),
        ("aba-abb", 0.0),
        ("majority-3", 0.0),
    ),
}
"""Tasks, and exponents of the Zipf law of the symbols; 0 is the uniform law."""

SIZES = {Scale.QUICK: (32, 100, 316), Scale.FULL: tuple(round(10 ** (e / 2)) for e in range(4, 13))}
ALPHABETS = {Scale.QUICK: (10, 100, 1_000), Scale.FULL: tuple(10**e for e in range(1, 7))}
"""Alphabets, divided by the wildcards of a template: the diversity of the uniform law."""

TRIALS = {Scale.QUICK: 2, Scale.FULL: 3}
LARGE, TRIALS_OF_LARGE = 10**5, 2
"""Above so many samples, fewer trials: the error varies less there, and a fit takes seconds."""

_SHORT = 5.0
"""A bar of colours that spans less than this factor has evenly spaced ticks."""

SHOWN = 0.5
"""The error at which the map has a line: halfway from no knowledge of the label to its value."""


def points(scale: Scale) -> list[Regression]:
    """All trials in all cells of all panels; the largest first, so that workers end together."""
    return [
        Regression(task, n, wildcards(task) * alphabet, exponent, seed)
        for n in reversed(SIZES[scale])
        for task, exponent in PANELS[scale]
        for alphabet in ALPHABETS[scale]
        for seed in range(TRIALS[scale] if n <= LARGE else TRIALS_OF_LARGE)
    ]


class PhaseDiagram(Section):
    """Where, over (n, rho), does ridge regression generalize to unseen symbols?"""

    key = "phase-diagram"
    title = "The phase diagram: the error over (n, ρ)"

    def build(self, workspace: Workspace) -> Content:
        """Measure in every cell, and draw one map for each task and law."""
        measured = workspace.measure(points(workspace.scale), "phase diagram")
        chosen = PANELS[workspace.scale]
        sizes, alphabets = SIZES[workspace.scale], ALPHABETS[workspace.scale]
        maps = {panel: _medians(_of(measured, *panel), sizes, alphabets) for panel in chosen}
        least = min(float(values.min()) for values in maps.values())
        with styled():
            figure, axes = panels(len(chosen), width=2.6 * len(chosen) + 1.0, height=3.1)
            for axis, panel in zip(axes, chosen, strict=True):
                colours = _draw(axis, sizes, alphabets, maps[panel], (least, 1.0))
                threshold = float(np.log10(_threshold(_of(measured, *panel))))
                if axis.get_xlim()[0] <= threshold <= axis.get_xlim()[1]:
                    axis.axvline(threshold, color="white", linestyle="--")
                axis.set_title(_name(*panel))
                axis.set_xlabel("samples n")
            axes[0].set_ylabel("alphabet / wildcards (= ρ if uniform)")
            _colour_bar(figure, axes, colours, least)
            workspace.gallery.save(figure, self.key, _COLUMNS, _rows(measured, chosen))
        findings = [_finding(panel, maps[panel], sizes, alphabets) for panel in chosen]
        caption = _CAPTION.format(_on_the_line([_crosses(values) for values in maps.values()]))
        return Content(
            self.key,
            f"{self.title}, up to n = {sizes[-1]:,}",
            [Text(_SETTING), Picture(self.key, "Maps of the error over n and ρ", caption)],
            findings,
        )


def _of(
    measured: Sequence[Measured[Regression]], task: str, exponent: float
) -> list[Measured[Regression]]:
    return [m for m in measured if (m.point.task, m.point.exponent) == (task, exponent)]


def _cell(one: Measured[Regression]) -> tuple[int, int]:
    return one.point.n, one.point.alphabet // wildcards(one.point.task)


def _medians(
    measured: Sequence[Measured[Regression]], sizes: Sequence[int], alphabets: Sequence[int]
) -> Float64[np.ndarray, "a n"]:
    """The median error in each cell, alphabets by sizes."""
    trials: dict[tuple[int, int], list[float]] = {}
    for one in measured:
        trials.setdefault(_cell(one), []).append(one.number("error"))
    return np.array([[np.median(trials[n, alphabet]) for n in sizes] for alphabet in alphabets])


def _draw(
    axis: Axes,
    sizes: Sequence[int],
    alphabets: Sequence[int],
    values: Float64[np.ndarray, "a n"],
    limits: tuple[float, float],
) -> ScalarMappable:
    """One map on logarithmic axes, with the line of the error shown."""
    x, y = np.log10(sizes).tolist(), np.log10(alphabets).tolist()
    colours = draw_heat_map(axis, x, y, values, np.zeros(values.shape, dtype=bool), limits=limits)
    if _crosses(values):
        axis.contour(x, y, np.log(values), [np.log(SHOWN)], colors=BLACK, linestyles="solid")
    for one in (axis.xaxis, axis.yaxis):
        one.set_major_locator(MultipleLocator(1.0))
        one.set_major_formatter(FuncFormatter(lambda power, _: f"$10^{{{power:g}}}$"))
    return colours


def _crosses(values: Float64[np.ndarray, "a n"]) -> bool:
    return bool(values.min() < SHOWN < values.max())


def _on_the_line(crossed: Sequence[bool]) -> str:
    """What the caption says of the black line, by whether each map has one."""
    if not any(crossed):
        return f"No map crosses the error {SHOWN}, where a black line would be."
    return f"Black: error {SHOWN}" + ("." if all(crossed) else ", in the maps that cross it.")


def _colour_bar(
    figure: Figure, axes: Sequence[Axes], colours: ScalarMappable, least: float
) -> None:
    """The bar beside the maps, its ticks decimal: at 1, 2 and 5 where it spans decades."""
    short = least > 1.0 / _SHORT
    ticks: Locator = MaxNLocator(5) if short else LogLocator(subs=(1.0, 2.0, 5.0))
    bar = figure.colorbar(
        colours,
        ax=list(axes),
        label="largest error on unseen symbols",
        ticks=ticks,
        format=StrMethodFormatter("{x:g}"),
    )
    bar.minorticks_off()


def _threshold(measured: Sequence[Measured[Regression]]) -> float:
    """The n at which n lambda_min / r is the ridge, K(x, x) - N_zz counted as ridge."""
    one = measured[0]
    templates = len(one.numbers("predictions"))
    ridge = one.point.ridge + one.number("excess")
    return templates * ridge / one.number("smallest_eigenvalue")


def _name(task: str, exponent: float) -> str:
    return f"{task}, Zipf {exponent:g}" if exponent else task


def _rows(
    measured: Sequence[Measured[Regression]], chosen: Sequence[tuple[str, float]]
) -> list[list[object]]:
    rows: list[list[object]] = []
    for panel in chosen:
        cells: dict[tuple[int, int], list[Measured[Regression]]] = {}
        for one in _of(measured, *panel):
            cells.setdefault(_cell(one), []).append(one)
        for (n, alphabet), trials in sorted(cells.items()):
            errors = [m.number("error") for m in trials]
            middle = float(np.median(errors))
            residual = max(m.number("residual") for m in trials)
            rho = trials[0].number("diversity")
            span = [middle, min(errors), max(errors), len(errors)]
            rows.append([*panel, n, alphabet, rho, *span, residual])
    return rows


def _finding(
    panel: tuple[str, float],
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
        _name(*panel), first, sizes[-1], values[0, -1], alphabets[0], values[-1, -1],
        alphabets[-1],
    )  # fmt: skip


_COLUMNS = [
    *("task", "zipf exponent", "n", "alphabet over wildcards", "diversity"),
    *("median", "least", "greatest", "trials", "largest residual"),
]

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
