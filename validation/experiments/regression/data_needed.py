"""How the conditioning of N sets the number of samples that are needed."""

from __future__ import annotations

from dataclasses import dataclass

from validation.experiments.kernel_parameters import KernelParameters
from validation.experiments.laboratory import Laboratory
from validation.experiments.regression.point import Fit, Regression, fits, wildcards
from validation.experiments.regression.trials import Curve, curve, samples
from validation.experiments.scale import Scale

TASK = "same-different"
SIZES = {Scale.QUICK: (32, 128, 512), Scale.FULL: (64, 256, 1024, 4096, 16384, 65536)}
TRIALS = {Scale.QUICK: 1, Scale.FULL: 3}
SETTINGS = (
    (KernelParameters(beta=2.0), 0.1),
    (KernelParameters(beta=2.0), 1.0),
    (KernelParameters(beta=1.0), 0.1),
    (KernelParameters(beta=1.0, b1=1.5, b2=0.4), 0.1),
    (KernelParameters(beta=0.5), 0.1),
)
"""Kernels and ridges, from little data needed to much."""


def points(scale: Scale) -> list[Regression]:
    """One task under all settings at all sizes, ρ = n."""
    return [
        Regression(TASK, n, wildcards(TASK) * n, 0.0, seed, kernel, ridge)
        for kernel, ridge in SETTINGS
        for n in SIZES[scale]
        for seed in range(TRIALS[scale])
    ]


@dataclass(frozen=True)
class DataNeeded:
    """What was found.

    Attributes:
        plain: errors over n, one curve a setting.
        scaled: the same over x, n in units of the threshold.
        conditioning: the largest smallest eigenvalue of N over the least.
        ratios: the least and the greatest of error times 1 + x.
    """

    plain: tuple[Curve, ...]
    scaled: tuple[Curve, ...]
    conditioning: float
    ratios: tuple[float, float]


def run(laboratory: Laboratory) -> DataNeeded:
    """Measure under all settings: does the error depend on n only through n λ_min / ridge?"""
    found = fits(laboratory, points(laboratory.scale), "data needed")
    plain, scaled = [], []
    for kernel, ridge in SETTINGS:
        own = [f for f in found if f.point.kernel == kernel and f.point.ridge == ridge]
        label = f"{kernel}, λ = {ridge:g}: λₘᵢₙ = {own[0].smallest_eigenvalue:.1e}"
        plain.append(curve(label, own, samples))
        scaled.append(curve(label, own, in_its_unit))
    smallest = [one.smallest_eigenvalue for one in found]
    ratios = [one.error * (1.0 + in_its_unit(one)) for one in found]
    return DataNeeded(
        tuple(plain), tuple(scaled), max(smallest) / min(smallest), (min(ratios), max(ratios))
    )


def in_its_unit(one: Fit) -> float:
    """``x = n lambda_min / (r (ridge + excess))``."""
    return one.point.n / one.threshold
