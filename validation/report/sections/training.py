"""The sections on trained networks: a figure each, at the largest size that was trained."""

from __future__ import annotations

import math
from collections.abc import Sequence

from markupsafe import Markup

from theory import SymbolicTask, catalogue
from validation.experiments.regression.trials import COLUMNS
from validation.experiments.training import learning_curves
from validation.experiments.training.figures import FIGURES, TASTED, Extent, Figure
from validation.experiments.training.learning_curves import ArmCurve, LearningCurves
from validation.experiments.training.needed import LEVEL, Needed
from validation.plots.figures.training import draw
from validation.report.blocks import Block, Content, Heading, Picture, Table, Text
from validation.report.section import Section
from validation.report.workspace import Workspace

_LARGEST_FIRST = Extent.PAPER, Extent.CPU, Extent.TASTE


class Taste(Section):
    """What the report trains by itself."""

    key = f"trained-{TASTED.name}"
    title = TASTED.title

    def build(self, workspace: Workspace) -> Content:
        """Train, draw and describe."""
        found = learning_curves.taste(workspace.laboratory)
        return Content(self.key, self.title, _shown(workspace, found), _findings(found))


class TrainedFigures(Section):
    """The figures that were trained, each at the largest size of which there is anything.

    Args:
        asked: figures that are not among the usual ones.
    """

    key = "trained-figures"
    title = "The figures"

    def __init__(self, asked: Sequence[Figure] = ()) -> None:
        self._figures = tuple({one.name: one for one in (*FIGURES, *asked)}.values())

    def build(self, workspace: Workspace) -> Content:
        """The figures of which something is stored, and how to train the others."""
        blocks: list[Block] = []
        findings: list[Markup] = []
        missing = []
        for figure in self._figures:
            sizes = (
                learning_curves.stored(workspace.laboratory, figure, extent)
                for extent in _LARGEST_FIRST
            )
            found = next((one for one in sizes if one is not None), None)
            if found is None:
                missing.append(f"{figure.title}: {figure.name}")
                continue
            heading = Heading(f"trained-{figure.name}", Markup("{}").format(figure.title))
            blocks += [heading, *_shown(workspace, found)]
            findings += _findings(found)
        if missing:
            blocks.append(Text(_MISSING.format(names="; ".join(missing))))
        return Content(self.key, self.title, blocks, findings)


def _shown(workspace: Workspace, found: LearningCurves) -> list[Block]:
    stem = f"trained-{found.figure.name}"
    rows = [[one.task, *row] for one in (*found.arms, *found.kernel) for row in one.curve.rows()]
    workspace.picture(stem, draw, found, ["task", *COLUMNS], rows)
    alt = f"{found.figure.title}: error on unseen symbols over {found.figure.over}"
    blocks: list[Block] = [Text(_setting(found)), Picture(stem, alt, _caption(found))]
    if found.figure.over == "n" and not _symbolic(found):
        blocks.append(Table(_HEAD, _rows(found), _TABLE))
    return blocks


def _setting(found: LearningCurves) -> Markup:
    missing = ""
    if found.missing:
        missing = f" {found.missing} points of this figure are not trained yet."
    return _SETTING.format(
        extent=found.extent.value,
        size=str(found.size),
        trials=f"{found.size.trials} trials" if found.size.trials > 1 else "a single trial",
        steps=found.steps,
        milliseconds=f"{1e3 * found.seconds_a_step:.0f}",
        missing=missing,
    )


def _caption(found: LearningCurves) -> Markup:
    several = found.size.trials > 1
    spread = _SPREAD if several else _SINGLE
    diverged = sum(one.diverged for one in found.arms)
    left_out = f"{diverged} trials diverged and are left out. " if diverged else ""
    return Markup(spread + left_out) + (_WITH_KERNEL if found.kernel else "")


def _rows(found: LearningCurves) -> list[list[str | Markup]]:
    rows: list[list[str | Markup]] = []
    for one in (*found.arms, *found.kernel):
        ratio = found.ratios(one.task).get(one.arm) if one.arm is not None else None
        rows.append(
            [
                one.task,
                one.curve.label if one.arm is None else one.arm.words,
                _samples(one.needed),
                "—" if one.needed is None or one.needed.between is None
                else f"{one.needed.between:.0f}",
                "—" if ratio is None else _interval(*ratio),
            ]
        )  # fmt: skip
    return rows


def _samples(one: Needed | None) -> str:
    if one is None:
        return "—"
    if math.isinf(one.most):
        return f"more than {one.least:g}"
    return f"at most {one.most:g}" if not one.least else f"{one.least:g} to {one.most:g}"


def _interval(least: float, most: float) -> str:
    """A ratio between two bounds, either of which may say nothing."""
    if not least and math.isinf(most):
        return "not known"
    if math.isinf(most):
        return f"at least {least:g}"
    return f"at most {most:g}" if not least else f"{least:g} to {most:g}"


def _findings(found: LearningCurves) -> list[Markup]:
    lines = []
    for one in found.arms:
        if not one.curve.x:
            continue
        lines.append(
            _FINDING.format(
                label=_label(one, found),
                extent=found.extent.value,
                last=f"{one.curve.x[-1]:g}",
                error=f"{one.curve.medians[-1]:.2g}",
                share=f"{100.0 * one.accuracies[-1]:.0f}",
                over=found.figure.over,
            )
        )
    for one in found.kernel:
        beside = [f"{x:g}: {y:.2g}" for x, y in zip(one.curve.x, one.curve.medians, strict=True)]
        lines.append(_KERNEL_FINDING.format(label=one.curve.label, errors=", ".join(beside)))
    return lines


def _label(one: ArmCurve, found: LearningCurves) -> str:
    words = "" if one.arm is None else one.arm.words
    return f"{found.figure.title}, {one.task}, {words}"


def _symbolic(found: LearningCurves) -> bool:
    return isinstance(catalogue.find_any(found.figure.tasks[0]), SymbolicTask)


_MISSING = Markup(
    "Not trained here, by title and name: {names}. <code>template-kernels train NAME</code> trains "
    "one at the size of a CPU, with <code>--size paper</code> at the paper’s, and adds it to this "
    "page; <code>--out</code> names the folder of the report."
)

_SETTING = Markup(
    "Size <b>{extent}</b>: {size}; {trials}; up to {steps} steps, {milliseconds} ms a step in the "
    "median on this machine, compilation and all trials of a point included. Training strings are "
    "of an alphabet with as many symbols as there are strings; 100 validation strings and 100 test "
    "strings are each of 100 other symbols. The epoch is the one with the least validation error. "
    "Training is in float32.{missing}"
)

_SPREAD = (
    "Points are medians over trials with seeds of their own, for strings and weights; bars reach "
    "from the least to the greatest. "
)

_SINGLE = "Each point is a single trial, so that nothing here shows the spread between trials. "

_WITH_KERNEL = Markup(
    "The dashed line without markers is ridge regression with K<sub>trans</sub> on one sample of "
    "the same task, size and alphabet, at λ = 10<sup>−3</sup>, its error at unseen strings exact. "
    "It is a prediction for wide networks of which the last layer is trained; the networks here "
    "are narrow, and all of their layers are. A dotted line without markers is ridge regression "
    "with the tangent kernel of a depth-1 network at its start, all of its parameters trained: a "
    "finite network four times as wide, in float64, on the strings of the trained ones; bars are "
    "over draws."
)

_HEAD = ["task", "arm", f"samples for error {LEVEL:g}", "between", "times fewer than without"]

_TABLE = Markup(
    "Between which of the sizes that were tried every trial’s error comes down to 0.1, to stay "
    "there. In between: where lines through neighbouring sizes meet it, the geometric mean of the "
    "trials. The ratio is between bounds that follow from the sizes alone; the paper reports about "
    "an order of magnitude for a<sub>h</sub>."
)

_FINDING = Markup(
    "{label} (size {extent}): at {over} = {last}, the error on unseen symbols is {error}, with "
    "{share} % of the test strings right."
)

_KERNEL_FINDING = Markup("Beside the networks, the error of the {label} by n: {errors}.")
