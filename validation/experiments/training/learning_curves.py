"""The curves of a figure: error on unseen symbols, of networks and of the kernel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from theory import SymbolicTask, catalogue
from validation.experiments.kernel_parameters import KernelParameters
from validation.experiments.laboratory import Laboratory
from validation.experiments.regression.point import Fit, Regression, fits, wildcards
from validation.experiments.regression.trials import Curve
from validation.experiments.storage.store import PointStore
from validation.experiments.training.arms import Arm, Size
from validation.experiments.training.figures import TASTED, Extent, Figure
from validation.experiments.training.needed import Needed, needed
from validation.experiments.training.point import Result, Training, results
from validation.experiments.training.tangent import MOST, ONE_LAYER, tangent_curve

KERNEL = KernelParameters()
RIDGE = 1e-3
"""The weight decay of the kernel's ridge regression; labels have no noise here."""

KERNEL_TASKS = "same-different", "aba-abb", "majority-3"
"""Tasks short enough for the quadrature of K_trans."""


@dataclass(frozen=True)
class ArmCurve:
    """The curve of one arm on one task.

    Attributes:
        task: its name.
        arm: which network; None for the kernel.
        curve: the errors over what varies, diverged trials left out.
        accuracies: the medians of the share that is right; empty for the kernel.
        diverged: how many trials diverged, of all.
        needed: the samples for an error of 0.1; None unless n is what varies.
    """

    task: str
    arm: Arm | None
    curve: Curve
    accuracies: tuple[float, ...]
    diverged: int
    needed: Needed | None


@dataclass(frozen=True)
class LearningCurves:
    """What was found.

    Attributes:
        figure: which.
        extent: of the networks.
        size: of the networks and their training.
        arms: one curve an arm and task.
        kernel: those of K_trans ridge regression, on the tasks for which it is computed, and those
            of the tangent kernels of the networks of one layer that are among the arms.
        missing: points of the figure that no run has trained yet.
        steps: the most steps of Adam of a point.
        seconds_a_step: the median over points, all trials of a point together.
    """

    figure: Figure
    extent: Extent
    size: Size
    arms: tuple[ArmCurve, ...]
    kernel: tuple[ArmCurve, ...]
    missing: int
    steps: int
    seconds_a_step: float

    def ratios(self, task: str) -> dict[Arm, tuple[float, float]]:
        """Of each arm, how many times more samples the transformer without it needs."""
        own = {one.arm: one.needed for one in self.arms if one.task == task}
        plain = own.get(Arm.VANILLA)
        if plain is None:
            return {}
        return {
            arm: plain.ratio(one)
            for arm, one in own.items()
            if arm not in (None, Arm.VANILLA) and one is not None
        }


def taste(laboratory: Laboratory) -> LearningCurves:
    """Train what the report trains by itself."""
    return trained(laboratory, TASTED, Extent.TASTE)


def trained(laboratory: Laboratory, figure: Figure, extent: Extent) -> LearningCurves:
    """Train all points of a figure."""
    points = figure.points(extent, laboratory.scale)
    found = results(laboratory, points, f"training: {figure.name}")
    return _curves(laboratory, figure, extent, points, found)


def stored(laboratory: Laboratory, figure: Figure, extent: Extent) -> LearningCurves | None:
    """What earlier runs have trained of a figure; None where that is nothing."""
    store = PointStore(laboratory.folder / "points")
    points = figure.points(extent)
    there = [one for point in points if (one := store.find(point)) is not None]
    if not there:
        return None
    found = results(laboratory, [one.point for one in there], figure.name)
    return _curves(laboratory, figure, extent, points, found)


def _curves(
    laboratory: Laboratory,
    figure: Figure,
    extent: Extent,
    points: Sequence[Training],
    found: Sequence[Result],
) -> LearningCurves:
    groups = dict.fromkeys((one.point.task, one.point.arm) for one in found)
    arms = tuple(
        _arm_curve(figure, [f for f in found if (f.point.task, f.point.arm) == group])
        for group in groups
    )
    return LearningCurves(
        figure=figure,
        extent=extent,
        size=points[0].size,
        arms=arms,
        kernel=_predictions(laboratory, figure, found) if figure.over == "n" else (),
        missing=len(points) - len(found),
        steps=max(one.steps for one in found),
        seconds_a_step=float(np.median([one.seconds / max(one.steps, 1) for one in found])),
    )


def _arm_curve(figure: Figure, found: Sequence[Result]) -> ArmCurve:
    kept = [one for one in found if one.errors]
    x = tuple(_place(figure, one.point) for one in kept)
    trials = tuple(one.errors for one in kept)
    point = found[0].point
    several = f"{point.task}: " if len(figure.tasks) > 1 else ""
    arm = Arm(point.arm)
    return ArmCurve(
        point.task,
        arm,
        Curve(several + arm.words, x, trials),
        tuple(float(np.median(one.accuracies)) for one in kept),
        sum(one.diverged for one in found),
        needed(x, trials) if figure.over == "n" else None,
    )


def _place(figure: Figure, point: Training) -> float:
    return float(point.n if figure.over == "n" else getattr(point.size, figure.over))


def _kernel_curves(
    laboratory: Laboratory, figure: Figure, found: Sequence[Result]
) -> tuple[ArmCurve, ...]:
    """K_trans ridge regression on strings of the same task, n and alphabet."""
    curves = []
    for task in figure.tasks:
        sizes = sorted({one.point.n for one in found if one.point.task == task})
        if task not in KERNEL_TASKS or not sizes:
            continue
        points = [kernel_point(task, n) for n in sizes]
        errors = [(mean_square(one),) for one in fits(laboratory, points, f"kernel: {task}")]
        several = f"{task}: " if len(figure.tasks) > 1 else ""
        x = tuple(float(n) for n in sizes)
        curve = Curve(f"{several}kernel K_trans", x, tuple(errors))
        curves.append(ArmCurve(task, None, curve, (), 0, needed(x, errors)))
    return tuple(curves)


def _predictions(
    laboratory: Laboratory, figure: Figure, found: Sequence[Result]
) -> tuple[ArmCurve, ...]:
    """What kernels predict, those of wide networks first."""
    curves = list(_kernel_curves(laboratory, figure, found))
    for task in figure.tasks:
        if isinstance(catalogue.find_any(task), SymbolicTask):
            continue
        several = f"{task}: " if len(figure.tasks) > 1 else ""
        for arm in ONE_LAYER:
            own = (one.point for one in found)
            sizes = sorted({p.n for p in own if (p.task, p.arm) == (task, arm) and p.n <= MOST})
            if sizes:
                curve = tangent_curve(laboratory, task, arm, sizes)
                named = replace(curve, label=several + curve.label)
                curves.append(ArmCurve(task, None, named, (), 0, needed(curve.x, curve.trials)))
    return tuple(curves)


def kernel_point(task: str, n: int) -> Regression:
    """The kernel's regression beside the networks: n strings over n symbols, no noise.

    Where that is fewer than a template has wildcards, over as many; see `problem`.
    """
    return Regression(task, n, max(n, wildcards(task)), 0.0, 0, KERNEL, RIDGE, 0.0)


def mean_square(one: Fit) -> float:
    """The mean squared error at unseen strings, exactly: all strings of a template are alike."""
    labels = catalogue.find(one.point.task).label_array
    return float(np.mean((np.array(one.predictions) - labels) ** 2))
