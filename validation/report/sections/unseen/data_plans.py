"""The section on how much data each task needs."""

from __future__ import annotations

from markupsafe import Markup

from validation.experiments.unseen import data_plans
from validation.experiments.unseen.data_plans import DataPlan
from validation.report.blocks import Content, Table, Text
from validation.report.section import Section
from validation.report.workspace import Workspace


class DataPlans(Section):
    """How many samples and symbols bring the error below a given one?"""

    key = "plans"
    title = "How much data a task needs"

    def build(self, workspace: Workspace) -> Content:
        """The table, and a sentence a task."""
        found = data_plans.run(workspace.laboratory)
        workspace.gallery.table(
            self.key, _COLUMNS, [_data(one, found.error) for one in found.plans]
        )
        beyond: list[list[str | Markup]] = [[task, why] for task, why in found.beyond.items()]
        return Content(
            self.key,
            self.title,
            [
                Text(_SETTING.format(error=found.error, grid=found.grid)),
                Table(_HEAD, [_row(one) for one in found.plans], _CAPTION, self.key),
                Table(["task without a plan here", "takes too long:"], beyond, _BEYOND),
            ],
            [_finding(one, found.error) for one in found.plans],
        )


def _row(one: DataPlan) -> list[str | Markup]:
    return [
        one.task,
        str(one.templates),
        f"{one.kernel.beta:g}, {one.kernel.b1:g}",
        f"{one.n:,}",
        f"{one.alphabet:,}",
        f"{one.ridge:.2g}",
        f"{one.measured:.3f}",
        f"{one.predicted:.3f}",
        "more than 10⁹" if one.default is None else f"{one.default:,}",
    ]


def _data(one: DataPlan, error: float) -> list[object]:
    kernel = one.kernel
    asked = [one.task, error, kernel.beta, kernel.gamma, kernel.b1, kernel.b2, one.default]
    return [*asked, one.n, one.alphabet, one.ridge, one.predicted, one.measured]


def _finding(one: DataPlan, error: float) -> Markup:
    return Markup(
        "<b>{}</b>: {:,} samples of {:,} symbols suffice for the error {:g}, with {} and "
        "λ = {:.2g}."
    ).format(one.task, one.n, one.alphabet, error, one.kernel, one.ridge)


_COLUMNS = [
    *("task", "error", "beta", "gamma", "b1", "b2", "n by the formula at the default kernel"),
    *("n", "alphabet", "ridge", "predicted error, not proved", "measured error"),
]

_HEAD = [
    *(
        "task",
        "r",
        "β, b₁",
        "n",
        "alphabet",
        "λ",
        "exact error",
        "error by B9*",
        "n by B9*, default",
    ),
]

_SETTING = Markup(
    "The least n, up to a few percent, at which ridge regression has the root mean square error "
    "{error:g} at unseen symbols, at the worst template, with label noise 0.1 and as many symbols "
    "as samples. The formula B9, which is not proved, is searched over n and the ridge; a fit on "
    "so many samples and its certificate confirm the answer or ask for more. The transformer "
    "kernel is the one, of a grid of {grid} over β and b₁, that needs least by the formula. "
    "<code>template-kernels plan</code> does this for tasks of yours."
)

_CAPTION = Markup(
    "* Not proved. The kernel is the best of the grid, not of all, with γ = 1 and b₂ = 1.2. Exact "
    "error: of the fit that confirms, but for a numerical error far below the digits shown. Last "
    "column: what the formula asks for with the kernel of the first page, β = 2 and b₁ = 1."
)

_BEYOND = Markup(
    "Nothing is said of these; a plan for them needs more work than a report may take."
)
