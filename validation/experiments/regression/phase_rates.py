"""The two rates of Theorem 4.4, and its bound against errors that it was not fitted to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float64

from validation.experiments.laboratory import Laboratory
from validation.experiments.regression import phase_diagram
from validation.experiments.regression.point import Fit, Regression, fits, wildcards
from validation.experiments.regression.rates import (
    Bound,
    HeldOut,
    Rate,
    check_bound,
    fit_bound,
    fit_rate,
)
from validation.experiments.regression.trials import Curve, curve, diversity, samples
from validation.experiments.scale import Scale, by_scale

TASKS = "same-different", "aba-abb"
NOISE = 1.0
"""As large as the labels: the share of the error that noise makes falls like n^{-1/2}."""

SIZES = by_scale((100, 316, 1_000), (10_000, 31_623, 100_000, 316_228, 1_000_000))
DIVERSITIES = by_scale((4, 16, 64), (4, 8, 16, 32, 64, 128, 256))
LARGE = by_scale(1_000, 100_000)
TRIALS = by_scale(2, 8)
TRIALS_OF_LARGE = by_scale(2, 3)
"""Where n is above `phase_diagram.LARGE`."""
DELTA = 0.1
"""The probability with which the bound of the theorem may fail."""


def along_n(scale: Scale) -> list[Regression]:
    """ρ = n, noisy labels."""
    return [
        Regression(task, n, wildcards(task) * n, 0.0, seed, noise=NOISE)
        for task in TASKS
        for n in SIZES[scale]
        for seed in range((TRIALS if n <= phase_diagram.LARGE else TRIALS_OF_LARGE)[scale])
    ]


def along_rho(scale: Scale) -> list[Regression]:
    """Many samples, small diversities."""
    return [
        Regression(task, LARGE[scale], wildcards(task) * rho, 0.0, seed)
        for task in TASKS
        for rho in DIVERSITIES[scale]
        for seed in range(TRIALS[scale])
    ]


@dataclass(frozen=True)
class OfTask:
    """How the error on one task falls.

    Attributes:
        task: its name.
        in_n: errors over n at ρ = n.
        in_rho: errors over ρ at many samples.
        rate_in_n: fitted to the former.
        rate_in_rho: fitted to the latter.
    """

    task: str
    in_n: Curve
    in_rho: Curve
    rate_in_n: Rate
    rate_in_rho: Rate


@dataclass(frozen=True)
class TriedBound:
    """The bound as it was fitted on one task and law, and what it was held to.

    Attributes:
        name: of the task, and of the law where it is not uniform.
        bound: with its constants.
        found: on trials that it was not fitted to.
    """

    name: str
    bound: Bound
    found: HeldOut


@dataclass(frozen=True)
class PhaseRates:
    """What was found.

    Attributes:
        tasks: one record a task.
        bounds: one a task and law of the phase diagram.
        samples: how many samples the errors over ρ have.
    """

    tasks: tuple[OfTask, ...]
    bounds: tuple[TriedBound, ...]
    samples: int


def run(laboratory: Laboratory) -> PhaseRates:
    """Measure along both axes: do the errors fall as the theorem says?"""
    scale = laboratory.scale
    by_n = fits(laboratory, along_n(scale), "rate in n")
    by_rho = fits(laboratory, along_rho(scale), "rate in ρ")
    tasks = tuple(_of_task(task, _of(by_n, task), _of(by_rho, task)) for task in TASKS)
    return PhaseRates(tasks, tuple(_held_out(laboratory)), LARGE[scale])


def _of(found: Sequence[Fit], task: str) -> list[Fit]:
    return [one for one in found if one.point.task == task]


def _of_task(task: str, by_n: Sequence[Fit], by_rho: Sequence[Fit]) -> OfTask:
    return OfTask(
        task,
        curve(task, by_n, samples),
        curve(task, by_rho, diversity),
        _rate(by_n, samples),
        _rate(by_rho, diversity),
    )


def _rate(found: Sequence[Fit], over: Callable[[Fit], float]) -> Rate:
    return fit_rate([over(one) for one in found], [one.error for one in found])


def _held_out(laboratory: Laboratory) -> list[TriedBound]:
    """Fit the bound to seed 0 at the smaller half of the sizes, try it on everything else."""
    found = fits(laboratory, phase_diagram.points(laboratory.scale), "held-out check")
    middle = float(np.median([one.point.n for one in found]))
    tried: list[TriedBound] = []
    for task, exponent in dict.fromkeys((one.point.task, one.point.exponent) for one in found):
        own = [f for f in found if (f.point.task, f.point.exponent) == (task, exponent)]
        given = [one for one in own if one.point.seed == 0 and one.point.n <= middle]
        fresh = [one for one in own if one not in given]
        bound = fit_bound(*_arrays(given), delta=DELTA)
        held = check_bound(bound, *_arrays(fresh), fitted=len(given))
        tried.append(TriedBound(phase_diagram.law_name(task, exponent), bound, held))
    return tried


def _arrays(
    found: Sequence[Fit],
) -> tuple[Float64[np.ndarray, " c"], Float64[np.ndarray, " c"], Float64[np.ndarray, " c"]]:
    """Samples, diversities and errors."""
    return (
        np.array([float(one.point.n) for one in found]),
        np.array([one.diversity for one in found]),
        np.array([one.error for one in found]),
    )
