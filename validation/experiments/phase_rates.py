"""The two rates of Theorem 4.4, and its bound against errors that it was not fitted to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float64
from markupsafe import Markup

from validation.experiments.phase_diagram import points as phase_points
from validation.experiments.point import Measured, Scale
from validation.experiments.rates import Bound, HeldOut, Rate, check_bound, fit_bound, fit_rate
from validation.experiments.regression import Regression, wildcards
from validation.experiments.trials import ERROR, bars, curve
from validation.plots.curves import COLUMNS, draw_bound, draw_curves
from validation.plots.style import panels, styled
from validation.report.blocks import Content, Picture, Table, Text
from validation.report.section import Section
from validation.report.workspace import Workspace

TASKS = "same-different", "aba-abb"
NOISE = 1.0
"""As large as the labels: the share of the error that noise makes falls like n^{-1/2}."""

SIZES = {Scale.QUICK: (100, 316, 1_000), Scale.FULL: (10_000, 31_623, 100_000, 316_228, 1_000_000)}
DIVERSITIES = {Scale.QUICK: (4, 16, 64), Scale.FULL: (4, 8, 16, 32, 64, 128, 256)}
LARGE = {Scale.QUICK: 1_000, Scale.FULL: 100_000}
TRIALS = {Scale.QUICK: 2, Scale.FULL: 8}
DELTA = 0.1
"""The probability with which the bound of the theorem may fail."""


def along_n(scale: Scale) -> list[Regression]:
    """rho = n, noisy labels."""
    return [
        Regression(task, n, wildcards(task) * n, 0.0, seed, noise=NOISE)
        for task in TASKS
        for n in SIZES[scale]
        for seed in range(TRIALS[scale])
    ]


def along_rho(scale: Scale) -> list[Regression]:
    """Many samples, small diversities."""
    return [
        Regression(task, LARGE[scale], wildcards(task) * rho, 0.0, seed)
        for task in TASKS
        for rho in DIVERSITIES[scale]
        for seed in range(TRIALS[scale])
    ]


class PhaseRates(Section):
    """Do the errors fall as the theorem says?"""

    key = "rates"
    title = "The rates in n and in ρ, and the bound of Theorem 4.4"

    def build(self, workspace: Workspace) -> Content:
        """Measure along both axes, fit the rates, and try the bound on held-out trials."""
        scale = workspace.scale
        by_n = workspace.measure(along_n(scale), "rate in n")
        by_rho = workspace.measure(along_rho(scale), "rate in ρ")
        with styled():
            figure, (left, right) = panels(2, width=7.6)
            curves = [curve(task, _of(by_n, task), lambda m: float(m.point.n)) for task in TASKS]
            draw_curves(left, curves)
            draw_bound(left, curves[0], lambda n: n**-0.5, "$C\\,n^{-1/2}$")
            left.set_xlabel("samples n = diversity ρ, σ = 1")
            left.set_ylabel(ERROR)
            others = [
                curve(task, _of(by_rho, task), lambda m: m.number("diversity")) for task in TASKS
            ]
            draw_curves(right, others)
            draw_bound(right, others[0], lambda rho: rho**-0.5, "$C\\,\\rho^{-1/2}$")
            right.set_xlabel(f"diversity ρ, n = {LARGE[scale]:,}")
            for axis in (left, right):
                axis.legend()
            rows = [["along n", *row] for one in curves for row in one.rows()]
            rows += [["along rho", *row] for one in others for row in one.rows()]
            workspace.gallery.save(figure, self.key, ["axis", *COLUMNS], rows)
        rates = {
            task: (
                _rate(_of(by_n, task), lambda m: float(m.point.n)),
                _rate(_of(by_rho, task), lambda m: m.number("diversity")),
            )
            for task in TASKS
        }
        held = _held_out(workspace)
        caption = _CAPTION + bars([*curves, *others])
        return Content(
            self.key,
            self.title,
            [
                Text(_SETTING),
                Picture(self.key, "Errors against n and against ρ", caption),
                Table(_HEAD, [one.row() for one in held], _HELD_OUT),
            ],
            [_finding(task, *rates[task]) for task in TASKS] + [one.finding() for one in held],
        )


def _of(measured: Sequence[Measured[Regression]], task: str) -> list[Measured[Regression]]:
    return [m for m in measured if m.point.task == task]


def _rate(
    measured: Sequence[Measured[Regression]], over: Callable[[Measured[Regression]], float]
) -> Rate:
    return fit_rate([over(m) for m in measured], [m.number("error") for m in measured])


def _finding(task: str, in_n: Rate, in_rho: Rate) -> Markup:
    return Markup(
        "<b>{}</b>: with noise the error goes like n to the {} at ρ = n, and at many samples like "
        "ρ to the {} (95% intervals); the theorem guarantees −0.5 for both."
    ).format(task, in_n, in_rho)


@dataclass(frozen=True)
class _Tried:
    """The bound as it was fitted on one task and law, and what it was held to."""

    name: str
    bound: Bound
    found: HeldOut

    def row(self) -> list[str | Markup]:
        """Of the table."""
        found = self.found
        return [
            self.name,
            f"{self.bound.a:.2g}",
            f"{self.bound.b:.2g}",
            str(found.fitted),
            f"{found.above} of {found.errors} ({found.allowed} allowed)",
            f"{found.largest:.2f}",
            found.verdict,
        ]

    def finding(self) -> Markup:
        """One sentence, with a link to the check of the theorem itself."""
        return Markup(
            "<b>{}</b>, constants of the bound of <a href='statements.html#theorem-4.4'>Theorem "
            "4.4</a>: {}."
        ).format(self.name, self.found.meaning)


def _held_out(workspace: Workspace) -> list[_Tried]:
    """Fit the bound to seed 0 at the smaller half of the sizes, try it on everything else."""
    measured = workspace.measure(phase_points(workspace.scale), "held-out check")
    middle = float(np.median([m.point.n for m in measured]))
    tried: list[_Tried] = []
    for task, exponent in dict.fromkeys((m.point.task, m.point.exponent) for m in measured):
        own = [m for m in measured if (m.point.task, m.point.exponent) == (task, exponent)]
        fitted = [m for m in own if m.point.seed == 0 and m.point.n <= middle]
        fresh = [m for m in own if m not in fitted]
        bound = fit_bound(*_arrays(fitted), delta=DELTA)
        found = check_bound(bound, *_arrays(fresh), fitted=len(fitted))
        name = f"{task}, Zipf {exponent:g}" if exponent else task
        tried.append(_Tried(name, bound, found))
    return tried


def _arrays(
    measured: Sequence[Measured[Regression]],
) -> tuple[Float64[np.ndarray, " c"], Float64[np.ndarray, " c"], Float64[np.ndarray, " c"]]:
    """Samples, diversities and errors."""
    return (
        np.array([float(m.point.n) for m in measured]),
        np.array([m.number("diversity") for m in measured]),
        np.array([m.number("error") for m in measured]),
    )


_HEAD = [
    *("task and law", "C in n", "C in ρ", "fitted to", "held-out errors above the bound"),
    *("largest ratio", "the constants"),
]

_SETTING = Markup(
    "Theorem 4.4 bounds the error by C(log(1/δ)/n)<sup>1/2</sup> + Cρ<sup>−1/2</sup>. Left: "
    "ρ = n and label noise σ = 1, so that the noise, whose share falls like n<sup>−1/2</sup>, "
    "shows. Right: so many samples that what is left is the share of ρ."
)

_CAPTION = Markup(
    "The lines have the slope −1/2 and the smallest constant for which they lie above all trials "
    "of the first task. At small n the error still falls faster than that, since the ridge "
    "shrinks the prediction by an amount of order 1/n. "
)

_HELD_OUT = Markup(
    "The bound with two constants, the least that lies above the trials of one seed at the "
    "smaller half of the sample sizes of the phase diagram, against all other trials and sizes. "
    "With δ = 0.1 a tenth of the errors may exceed it; the number allowed is the 99.9% quantile "
    "of the binomial law. The last column is about these constants, not about the theorem, which "
    "leaves its constant open; <a href='statements.html#theorem-4.4'>the page of statements</a> "
    "checks the theorem."
)
