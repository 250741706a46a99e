"""The section on the error against n, the diversity growing with it."""

from __future__ import annotations

from markupsafe import Markup

from validation.experiments.regression import sample_size
from validation.experiments.regression.trials import COLUMNS
from validation.plots.figures.regression.sample_size import draw
from validation.report.bars import bars, falling
from validation.report.blocks import Content, Picture, Text
from validation.report.section import Section
from validation.report.workspace import Workspace


class SampleSize(Section):
    """Does the error fall as n and ρ grow?"""

    key = "sample-size"
    title = "The error on unseen symbols against n, with ρ = n"

    def build(self, workspace: Workspace) -> Content:
        """The picture, and a sentence a task."""
        found = sample_size.run(workspace.laboratory)
        curves = [c for t in found.tasks for c in (t.transformer, t.mlp, t.idealized)]
        rows = [[t.task, *row] for t in found.tasks for one in t.curves for row in one.rows()]
        workspace.picture(self.key, draw, found, ["task", *COLUMNS], rows)
        alt = "Error against n for the transformer and the MLP kernel"
        return Content(
            self.key,
            self.title,
            [
                Text(_SETTING.format(parameters=found.kernel)),
                Picture(self.key, alt, _CAPTION, bars(curves)),
            ],
            [_finding(one) for one in found.tasks] + [_blindness(found.mlp_spread)],
        )


def _finding(one: sample_size.OfTask) -> Markup:
    x, medians = one.transformer.x, one.transformer.medians
    return Markup(
        "<b>{task}</b>: from n = ρ = {first:g} to {last:g}, the transformer kernel’s error goes "
        "from {start:.2f} to {end:.3f} and {falls} (slope {rate} over the {half} largest n; the "
        "theorem guarantees −0.5); the MLP kernel’s stays between {least:.2f} and {most:.2f}."
    ).format(
        task=one.task,
        first=x[0],
        last=x[-1],
        start=medians[0],
        end=medians[-1],
        falls=falling(one.transformer),
        rate=f"{one.slope:.2f}".replace("-", "−"),
        half=one.largest,
        least=one.mlp.least,
        most=one.mlp.greatest,
    )


def _blindness(spread: float) -> Markup:
    """How far apart the MLP kernel's predictions for different templates are."""
    return Markup(
        "To the MLP kernel all strings of unseen symbols are the same: over all fits, its "
        "predictions for two templates {} Half the distance "
        "between the labels, 1, is the least error such a predictor can have."
    ).format("never differ." if spread == 0.0 else f"differ by at most {spread:.0e}.")


_SETTING = Markup(
    "Kernel ridge regression (4) with λ = 0.1 on n samples with label noise σ = 0.1, symbols drawn "
    "uniformly from an alphabet of m = wn for templates of at most w wildcards, so that ρ = n. "
    "Each fit is tried on one string of never-seen symbols per template, and the largest error "
    "counts (Def. 3.3 asks for every string). Kernel: cos(b₁t + b₂) with {parameters}."
)

_CAPTION = Markup(
    "The line of slope −1/2 is the rate that Theorem 4.4 guarantees for the transformer kernel (at "
    "ρ = n). Its constant C is ours: the smallest for which the line lies above all trials. The "
    "MLP kernel’s error stays at 1 or above (dotted line); its curve ends at n = {}, because its "
    "predictions for all templates are equal at every n, and more samples cannot change that. The "
    "idealized estimator, which takes no "
    "two strings to share a symbol, differs from the transformer kernel’s mostly because the "
    "actual kernel matrix has K(x, x) on its diagonal where the idealized one has N<sub>zz</sub>: "
    "the difference acts like additional ridge. The line without markers is exact: the root mean "
    "square over label noise of prediction minus label at all unseen strings, at the worst "
    "template, certified for the first of the samples (see <a href='unseen.html'>the page on the "
    "exact error</a>). "
).format(sample_size.MLP_LARGEST)
