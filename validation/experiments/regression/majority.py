"""Majority of length 4, eight templates: the error up to ten million samples."""

from __future__ import annotations

from dataclasses import dataclass

from validation.experiments.laboratory import Laboratory
from validation.experiments.regression.point import Regression, fits, wildcards
from validation.experiments.regression.trials import Curve, curve, samples
from validation.experiments.scale import Scale

TASK = "majority-4"
SIZES = {
    Scale.QUICK: (100, 1_000),
    Scale.FULL: (10**3, 10**4, 10**5, 10**6, 10**7),
}
TRIALS = {Scale.QUICK: 1, Scale.FULL: 3}
LARGE = 10**6
"""Above it, one trial."""


def points(scale: Scale) -> list[Regression]:
    """The task at all sizes, ρ = n; the largest first, so that workers end together."""
    return [
        Regression(TASK, n, wildcards(TASK) * n, 0.0, seed)
        for n in reversed(SIZES[scale])
        for seed in range(TRIALS[scale] if n <= LARGE else 1)
    ]


@dataclass(frozen=True)
class Majority:
    """What was found.

    Attributes:
        task: its name.
        templates: how many it has.
        real: the errors over n.
        ideal: those of the idealized estimator.
        smallest_eigenvalue: of N.
    """

    task: str
    templates: int
    real: Curve
    ideal: Curve
    smallest_eigenvalue: float


def run(laboratory: Laboratory) -> Majority:
    """Measure at all sizes: how many samples does a task with an almost singular N need?"""
    found = fits(laboratory, points(laboratory.scale), "majority")
    ideal = "idealized estimator (16)–(18)"
    return Majority(
        task=TASK,
        templates=len(found[0].predictions),
        real=curve("transformer kernel", found, samples),
        ideal=curve(ideal, found, samples, lambda one: one.idealized_error),
        smallest_eigenvalue=found[0].smallest_eigenvalue,
    )
