"""The sections on what is exact, proved and foretold of the error on unseen symbols."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from validation.experiments.regression.trials import COLUMNS
from validation.experiments.unseen import known
from validation.experiments.unseen.known import Known
from validation.plots.figures.unseen.known import draw_over_n, draw_over_rho
from validation.report.blocks import Content, Picture, Text
from validation.report.numbers import scientific
from validation.report.section import Section
from validation.report.workspace import Workspace


class KnownOverN(Section):
    """What is known of the error over n, and how sharp is it?"""

    key = "known-n"
    title = "Measured, exact, proved and foretold, over n = ρ"

    def build(self, workspace: Workspace) -> Content:
        """The picture, and a sentence a task."""
        found = known.run(workspace.laboratory)
        rows = _rows(found.over_n)
        workspace.picture(self.key, draw_over_n, found, ["task", *COLUMNS], rows)
        alt = "Measured error, exact bias and noise, bounds and formula over n"
        return Content(
            self.key,
            self.title,
            [Text(_SETTING), Picture(self.key, alt, _CAPTION)],
            [_sharpness(one) for one in found.over_n],
        )


class KnownOverRho(Section):
    """Does the error fall like 1/ρ or like ρ^(-1/2)?"""

    key = "known-rho"
    title = "The same over ρ: 1/ρ, not ρ^(−1/2)"

    def build(self, workspace: Workspace) -> Content:
        """The picture, and a sentence a task."""
        found = known.run(workspace.laboratory)
        rows = _rows(found.over_rho)
        rows += [[one.task, *row] for one in found.over_rho for row in one.limit.rows()]
        workspace.picture(self.key, draw_over_rho, found, ["task", *COLUMNS], rows)
        alt = "Measured error, exact bias and noise, bounds and formula over the diversity"
        return Content(
            self.key,
            self.title,
            [Text(_OVER_RHO), Picture(self.key, alt, _CAPTION_RHO)],
            [_rate(one) for one in found.over_rho],
        )


def _rows(found: Sequence[Known]) -> list[list[object]]:
    return [[one.task, *row] for one in found for curve in one.curves for row in curve.rows()]


def _sharpness(one: Known) -> Markup:
    least, most = one.slack
    trusted = (
        Markup(" ({:.0%} where it is trusted)").format(one.off_trusted)
        if one.off_trusted is not None
        else Markup("")
    )
    return Markup(
        "<b>{}</b>: the proved bound on the mean error is {:.1f} to {:.1f} times the exact root "
        "mean square; the bias by B9, which is not proved, is off by at most {:.0%}{}. The exact "
        "numbers are good to {} (numerical)."
    ).format(one.task, least, most, one.off, trusted, scientific(one.doubt))


def _rate(one: Known) -> Markup:
    return Markup(
        "<b>{}</b>: as n grows without end, the bias tends to a number that falls like ρ to the "
        "power {} over the largest diversities shown (proved: −1 in the limit); the exact bias at "
        "this n is within {:.0%} of B9."
    ).format(one.task, f"{one.limit_slope:.2f}".replace("-", "−"), one.off)


_SETTING = Markup(
    "At strings of unseen symbols a fitted ridge regression predicts one number a template. Over "
    "the label noise it has a <b>bias</b> and a standard deviation, the <b>noise</b>, which a "
    "certificate gives exactly for the training strings as they are, without test strings "
    "(theorem B1 of <code>docs/theorems-ridge.md</code>). Before any string is drawn, theorems B2 "
    "to B5 bound the mean over samples, and the formula B9, <b>which is not proved</b>, says what "
    "to expect. Setting as on the first page: λ = 0.1, σ = 0.1, uniform law; every curve is at "
    "the template where it is largest."
)

_CAPTION = Markup(
    "Crosses: medians over trials of the largest |prediction − label|, bars from the least to the "
    "greatest trial (statistical). Lines with markers: bias and noise of the first of these "
    "samples, exact but for the numerical error that the summary names. Purple: proved for "
    "samples with the expected number of each template; above, of the mean of "
    "|prediction − label|, and below, of the bias of every such sample. Dashed and dotted: B9, "
    "not proved."
)

_OVER_RHO = Markup(
    "Lemma 4.5 of the paper bounds the error by C(ρ<sup>−1/2</sup> + n<sup>−1/2</sup>). For "
    "uniform laws the bias tends, as n grows, to −Δ(N + Δ)<sup>−1</sup>f<sub>*</sub> (B6), where "
    "Δ goes like 1/ρ: a sharp rate, the square of the one in the bound."
)

_CAPTION_RHO = Markup(
    "As above. Thin black: the limit of the bias as n grows without end, proved. Grey: the rate "
    "of the paper’s bound, with the smallest constant for which it lies above all trials. Where "
    "the exact bias leaves the black line, the share that n leaves takes over."
)
