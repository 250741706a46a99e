"""The error on unseen symbols against the diversity, at several numbers of samples."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from validation.experiments.kernel_parameters import KernelParameters
from validation.experiments.laboratory import Laboratory
from validation.experiments.regression.point import Fit, Regression, fits, wildcards
from validation.experiments.regression.trials import Curve, curve
from validation.experiments.regression.trials import diversity as rho_of
from validation.experiments.scale import Scale

TASKS = "same-different", "aba-abb"
SIZES = {Scale.QUICK: (64, 256), Scale.FULL: (128, 2048, 32768)}
DIVERSITIES = {
    Scale.QUICK: (2, 16, 128, 1024),
    Scale.FULL: (2, 4, 8, 16, 32, 128, 512, 2048, 8192, 32768),
}
TRIALS = {Scale.QUICK: 2, Scale.FULL: 4}
MLP_SIZE = 1
"""Which of the sizes the MLP kernel is shown at."""


def points(scale: Scale) -> list[Regression]:
    """Each task at all sizes and diversities, and the MLP kernel at one size."""
    sizes = SIZES[scale]
    return [
        Regression(task, n, wildcards(task) * rho, 0.0, seed, KernelParameters(kernel))
        for task in (TASKS[:1] if scale is Scale.QUICK else TASKS)
        for kernel in ("transformer", "mlp")
        for n in (sizes if kernel == "transformer" else (sizes[MLP_SIZE],))
        for rho in DIVERSITIES[scale]
        for seed in range(TRIALS[scale])
    ]


@dataclass(frozen=True)
class OfTask:
    """The errors on one task, over ρ.

    Attributes:
        task: its name.
        transformer: of the transformer kernel, one curve a number of samples, the most last.
        mlp: of the MLP kernel.
    """

    task: str
    transformer: tuple[Curve, ...]
    mlp: Curve


@dataclass(frozen=True)
class Diversities:
    """What was found.

    Attributes:
        tasks: one record a task.
        largest: the largest number of samples.
    """

    tasks: tuple[OfTask, ...]
    largest: int


def run(laboratory: Laboratory) -> Diversities:
    """Measure at all diversities: does the error fall as ρ grows?"""
    found = fits(laboratory, points(laboratory.scale), "error against ρ")
    sizes = SIZES[laboratory.scale]
    tasks = dict.fromkeys(one.point.task for one in found)
    return Diversities(
        tuple(_of_task(task, [f for f in found if f.point.task == task], sizes) for task in tasks),
        sizes[-1],
    )


def _of_task(task: str, found: Sequence[Fit], sizes: Sequence[int]) -> OfTask:
    mlp = sizes[MLP_SIZE]
    return OfTask(
        task,
        tuple(curve(f"transformer, n = {n}", _of(found, "transformer", n), rho_of) for n in sizes),
        curve(f"MLP, n = {mlp}", _of(found, "mlp", mlp), rho_of),
    )


def _of(found: Sequence[Fit], kernel: str, n: int) -> list[Fit]:
    return [one for one in found if one.point.kernel.name == kernel and one.point.n == n]
