"""The error on unseen symbols against the number of samples, the diversity growing with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from validation.experiments.kernel_parameters import KernelParameters
from validation.experiments.laboratory import Laboratory
from validation.experiments.regression.point import TASKS, Fit, Regression, fits, wildcards
from validation.experiments.regression.trials import Curve, curve, samples, slope
from validation.experiments.scale import Scale

SIZES = {Scale.QUICK: (32, 128, 512), Scale.FULL: (64, 256, 1024, 4096, 16384, 65536)}
TRIALS = {Scale.QUICK: 2, Scale.FULL: 5}
MLP_LARGEST = 4096
"""The MLP kernel's error does not depend on n, so the largest samples are not spent on it."""


def points(scale: Scale) -> list[Regression]:
    """Transformer and MLP kernel on each task, at ρ = n."""
    tasks = TASKS[:1] if scale is Scale.QUICK else TASKS
    return [
        Regression(task, n, wildcards(task) * n, 0.0, seed, KernelParameters(kernel))
        for task in tasks
        for kernel in ("transformer", "mlp")
        for n in SIZES[scale]
        for seed in range(TRIALS[scale])
        if kernel == "transformer" or n <= MLP_LARGEST
    ]


@dataclass(frozen=True)
class OfTask:
    """The errors on one task, over n.

    Attributes:
        task: its name.
        transformer: of the transformer kernel.
        mlp: of the MLP kernel.
        idealized: of the idealized estimator (16) to (18).
    """

    task: str
    transformer: Curve
    mlp: Curve
    idealized: Curve

    @property
    def curves(self) -> tuple[Curve, Curve, Curve]:
        """All three."""
        return self.transformer, self.mlp, self.idealized

    @property
    def largest(self) -> int:
        """How many of the largest n the slope is fitted to."""
        return len(self.transformer.x) - len(self.transformer.x) // 2

    @property
    def slope(self) -> float:
        """Of the transformer kernel's error over the largest n, both logarithms."""
        x, medians = self.transformer.x, self.transformer.medians
        return slope(x[-self.largest :], medians[-self.largest :])


@dataclass(frozen=True)
class SampleSizes:
    """What was found.

    Attributes:
        tasks: one record a task.
        kernel: the transformer kernel.
        mlp_spread: how far apart the MLP kernel's predictions for different templates are.
    """

    tasks: tuple[OfTask, ...]
    kernel: KernelParameters
    mlp_spread: float


def run(laboratory: Laboratory) -> SampleSizes:
    """Measure at all sizes: does the error fall as n and ρ grow?"""
    found = fits(laboratory, points(laboratory.scale), "error against n")
    tasks = dict.fromkeys(one.point.task for one in found)
    return SampleSizes(
        tasks=tuple(_of_task(task, [f for f in found if f.point.task == task]) for task in tasks),
        kernel=found[0].point.kernel,
        mlp_spread=max(max(f.predictions) - min(f.predictions) for f in _of(found, "mlp")),
    )


def _of_task(task: str, found: Sequence[Fit]) -> OfTask:
    transformer, mlp = _of(found, "transformer"), _of(found, "mlp")
    return OfTask(
        task,
        curve("transformer kernel", transformer, samples),
        curve("MLP kernel", mlp, samples),
        curve(
            "idealized estimator (16)–(18)", transformer, samples, lambda one: one.idealized_error
        ),
    )


def _of(found: Sequence[Fit], kernel: str) -> list[Fit]:
    return [one for one in found if one.point.kernel.name == kernel]
