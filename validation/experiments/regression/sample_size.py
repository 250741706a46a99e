"""The error on unseen symbols against the number of samples, the diversity growing with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from validation.experiments.kernel_parameters import KernelParameters
from validation.experiments.laboratory import Laboratory
from validation.experiments.regression.certified import certificates, certified_error
from validation.experiments.regression.point import TASKS, Fit, Regression, fits, wildcards
from validation.experiments.regression.trials import Curve, curve, samples, slope
from validation.experiments.scale import Scale, by_scale

SIZES = by_scale(
    (32, 128, 512),
    (64, 256, 1024, 4096, 16384, 65536),
    (64, 256, 1024, 4096, 16384, 65536, 262144, 1048576),
)
TRIALS = by_scale(2, 5)
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
        exact: the root mean square error over label noise at all unseen strings, certified for
            the first of the transformer kernel's samples.
    """

    task: str
    transformer: Curve
    mlp: Curve
    idealized: Curve
    exact: Curve

    @property
    def curves(self) -> tuple[Curve, ...]:
        """All of them."""
        return self.transformer, self.mlp, self.idealized, self.exact

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
    exact = certificates(laboratory, certified_points(laboratory.scale), "certificates over n")
    tasks = dict.fromkeys(one.point.task for one in found)
    return SampleSizes(
        tasks=tuple(
            _of_task(
                [f for f in found if f.point.task == task],
                certified_error("exact, root mean square", exact, task, samples),
            )
            for task in tasks
        ),
        kernel=found[0].point.kernel,
        mlp_spread=max(max(f.predictions) - min(f.predictions) for f in _of(found, "mlp")),
    )


def certified_points(scale: Scale) -> list[Regression]:
    """The first trial of the transformer kernel at each size."""
    return [p for p in points(scale) if p.kernel.name == "transformer" and p.seed == 0]


def _of_task(found: Sequence[Fit], exact: Curve) -> OfTask:
    transformer, mlp = _of(found, "transformer"), _of(found, "mlp")
    return OfTask(
        found[0].point.task,
        curve("transformer kernel", transformer, samples),
        curve("MLP kernel", mlp, samples),
        curve(
            "idealized estimator (16)–(18)", transformer, samples, lambda one: one.idealized_error
        ),
        exact,
    )


def _of(found: Sequence[Fit], kernel: str) -> list[Fit]:
    return [one for one in found if one.point.kernel.name == kernel]
