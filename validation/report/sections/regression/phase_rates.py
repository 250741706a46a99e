"""The section on the two rates of Theorem 4.4 and its bound."""

from __future__ import annotations

from markupsafe import Markup

from validation.experiments.regression import phase_rates
from validation.experiments.regression.phase_rates import TriedBound
from validation.experiments.regression.trials import COLUMNS
from validation.plots.figures.regression.phase_rates import draw
from validation.report.bars import bars
from validation.report.blocks import Content, Picture, Table, Text
from validation.report.section import Section
from validation.report.workspace import Workspace


class PhaseRates(Section):
    """Do the errors fall as the theorem says?"""

    key = "rates"
    title = "The rates in n and in ρ, and the bound of Theorem 4.4"

    def build(self, workspace: Workspace) -> Content:
        """The picture along both axes, the table of held-out trials, and a sentence on each."""
        found = phase_rates.run(workspace.laboratory)
        by_n = [one.in_n for one in found.tasks]
        by_rho = [one.in_rho for one in found.tasks]
        rows = [["along n", *row] for one in by_n for row in one.rows()]
        rows += [["along rho", *row] for one in by_rho for row in one.rows()]
        workspace.picture(self.key, draw, found, ["axis", *COLUMNS], rows)
        reading = bars([*by_n, *by_rho])
        return Content(
            self.key,
            self.title,
            [
                Text(_SETTING),
                Picture(self.key, "Errors against n and against ρ", _CAPTION, reading),
                Table(_HEAD, [_row(one) for one in found.bounds], _HELD_OUT),
            ],
            [_finding(one) for one in found.tasks] + [_on_bound(one) for one in found.bounds],
        )


def _finding(one: phase_rates.OfTask) -> Markup:
    return Markup(
        "<b>{}</b>: with noise the error goes like n to the {} at ρ = n, and at many samples like "
        "ρ to the {} (95% intervals); the theorem guarantees −0.5 for both."
    ).format(one.task, one.rate_in_n, one.rate_in_rho)


def _row(one: TriedBound) -> list[str | Markup]:
    found = one.found
    return [
        one.name,
        f"{one.bound.a:.2g}",
        f"{one.bound.b:.2g}",
        str(found.fitted),
        f"{found.above} of {found.errors} ({found.allowed} allowed)",
        f"{found.largest:.2f}",
        found.verdict,
    ]


def _on_bound(one: TriedBound) -> Markup:
    """One sentence, with a link to the check of the theorem itself."""
    return Markup(
        "<b>{}</b>, constants of the bound of <a href='statements.html#theorem-4.4'>Theorem "
        "4.4</a>: {}."
    ).format(one.name, one.found.meaning)


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
