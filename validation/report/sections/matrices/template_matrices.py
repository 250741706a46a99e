"""The section on the template matrix N, task by task."""

from __future__ import annotations

import math

from markupsafe import Markup

from validation.experiments.matrices import template_matrices
from validation.experiments.matrices.point import MATRIX_COLUMNS, FoundMatrix
from validation.experiments.regression.point import RIDGE
from validation.experiments.scale import Scale
from validation.report.blocks import Content, Table, Text
from validation.report.numbers import scientific
from validation.report.section import Section
from validation.report.workspace import Workspace


class TemplateMatrices(Section):
    """Is N nonsingular, and how well is it conditioned?"""

    key = "matrices"
    title = "The template matrix N, task by task"

    def build(self, workspace: Workspace) -> Content:
        """An example, the table, and a sentence."""
        found = template_matrices.run(workspace.laboratory)
        workspace.gallery.table(self.key, MATRIX_COLUMNS, [one.row() for one in found.all])
        example = found.transformer[0]
        workspace.gallery.table("matrix-same-different", ["αα", "αβ"], example.values)
        finding = Markup(
            "With the transformer kernel, N is found nonsingular for {} of {} tasks; with "
            "the MLP kernel it is singular for {} of {}, by an exact null vector."
        ).format(found.nonsingular_tasks, found.tasks, found.singular_mlp, len(found.mlp))
        caption = _CAPTION if workspace.scale is Scale.QUICK else _CAPTION + _TWICE
        return Content(
            self.key,
            self.title,
            [
                Text(_SETTING.format(parameters=example.point.kernel)),
                Text(_example(example)),
                Table(_HEAD, [_row(one) for one in found.all], caption, self.key),
            ],
            [finding],
        )


def _row(one: FoundMatrix) -> list[str | Markup]:
    r, certain = len(one.eigenvalues), one.resolved
    needed = r * (RIDGE + one.excess) / one.smallest if certain else math.inf
    condition = one.condition if certain else None
    return [
        one.point.task,
        "transformer" if one.point.kernel.name == "transformer" else "MLP",
        str(r),
        f"{one.patterns} / {one.classes}",
        _smallest(one),
        scientific(one.eigenvalues[-1]),
        "—" if condition is None else scientific(condition),
        str(one.verdict),
        scientific(needed) if certain else "—",
    ]


def _smallest(one: FoundMatrix) -> Markup:
    """The smallest eigenvalue: 0 where it is known to be, whatever rounding has left of it."""
    if one.verdict == "singular":
        return Markup("0 (an exact null vector)")
    return Markup("{} ± {}").format(scientific(one.smallest), scientific(one.error))


def _example(one: FoundMatrix) -> Markup:
    cells = Markup("").join(
        Markup("<mtr><mtd><mn>{:.10f}</mn></mtd><mtd><mn>{:.10f}</mn></mtd></mtr>").format(*row)
        for row in one.values
    )
    return Markup(
        "For αα and αβ, <math><mi>N</mi><mo>=</mo><mrow><mo>[</mo><mtable>{}</mtable><mo>]</mo>"
        "</mrow></math> with entries good to {}."
    ).format(cells, scientific(one.largest_error))


_HEAD = [
    "task",
    "kernel",
    "r",
    "patterns / classes",
    "λmin ± error",
    "λmax",
    "λmax / λmin",
    "verdict",
    "data needed, n",
]

_SETTING = Markup(
    "N<sub>ij</sub> = K(sub(z<sub>i</sub>, s), sub(z<sub>j</sub>, s′)) with substitutions that "
    "share no symbol (12). By Lemma 4.5 ridge regression generalizes to unseen symbols where N is "
    "nonsingular. Transformer kernel with {parameters}; MLP kernel with one hidden layer of the "
    "same activation."
)

_CAPTION = Markup(
    "The error of λ<sub>min</sub> is numerical: the errors of N’s entries, passed on by Weyl’s "
    "inequality. <b>nonsingular</b>: λ<sub>min</sub> exceeds its error, or a theorem proves it. "
    "<b>singular</b>: an exact null vector, whatever the rounding. <b>inconclusive</b>: neither. "
    "A pattern is a joint equality pattern; a class, patterns on which the kernel provably agrees, "
    "each computed once. Last column: n = r(λ + δ)/λ<sub>min</sub> with λ = 0.1, where the "
    "samples’ eigenvalue overtakes the ridge (see the section on the data needed); for labels that "
    "avoid the worst eigenvector it is less."
)

_TWICE = Markup(
    " Relational match-to-sample stands there twice, with entries to 10⁻¹⁰ and to 10⁻¹², to show "
    "what an eigenvalue above its error costs."
)
