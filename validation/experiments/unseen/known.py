"""Measured, exact, proved and foretold on the same axes, over n and over ρ."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from validation.experiments.laboratory import Laboratory
from validation.experiments.regression import diversity, sample_size
from validation.experiments.regression.certified import Exact, certificates
from validation.experiments.regression.trials import Curve, Placed, samples, slope
from validation.experiments.regression.trials import diversity as rho_of
from validation.experiments.unseen.foretold import Foretold, foretold


@dataclass(frozen=True)
class Known:
    """All that is known of the error on one task, over n or over ρ.

    Every curve is at the worst template. Exact ones are of the first of the measured samples.

    Attributes:
        task: its name.
        measured: the error, one sample a trial.
        bias: exact, |mean over label noise of prediction minus label|.
        noise: exact, the standard deviation over label noise.
        formula_bias: by B9, not proved.
        formula_noise: likewise.
        bound: proved, on the mean error.
        floor: proved, the least |bias| of any sample with the expected number of each template.
        limit: proved, |bias| as n grows without end.
        off: the largest deviation of B9's bias from the exact one, relative.
        off_trusted: the same where the formula is trusted; None where it is nowhere.
        doubt: the largest numerical error of the exact numbers.
    """

    task: str
    measured: Curve
    bias: Curve
    noise: Curve
    formula_bias: Curve
    formula_noise: Curve
    bound: Curve
    floor: Curve
    limit: Curve
    off: float
    off_trusted: float | None
    doubt: float

    @property
    def curves(self) -> tuple[Curve, ...]:
        """Those that are drawn over n and over ρ alike."""
        exact, formula = (self.bias, self.noise), (self.formula_bias, self.formula_noise)
        return self.measured, *exact, *formula, self.bound, self.floor

    @property
    def slack(self) -> tuple[float, float]:
        """The least and the greatest ratio of the proved bound to the exact root mean square."""
        exact = np.hypot(self.bias.medians, self.noise.medians)
        ratios = np.array(self.bound.medians) / exact
        return float(ratios.min()), float(ratios.max())

    @property
    def limit_slope(self) -> float:
        """Of the limit over its largest half of places, both logarithms."""
        half = len(self.limit.x) // 2
        return slope(self.limit.x[half:], self.limit.medians[half:])


@dataclass(frozen=True)
class AllKnown:
    """What was found.

    Attributes:
        over_n: one record a task, at ρ = n.
        over_rho: one record a task, at a fixed n.
        n: that n.
    """

    over_n: tuple[Known, ...]
    over_rho: tuple[Known, ...]
    n: int


def run(laboratory: Laboratory) -> AllKnown:
    """Put certificates and foretellings beside the errors that the first page measures."""
    scale = laboratory.scale
    sizes, rhos = sample_size.run(laboratory), diversity.run(laboratory)
    by_n, by_rho = sample_size.certified_points(scale), diversity.certified_points(scale)
    exact_n = certificates(laboratory, by_n, "certificates over n")
    exact_rho = certificates(laboratory, by_rho, "certificates over ρ")
    before_n = foretold(laboratory, by_n, "bounds over n")
    before_rho = foretold(laboratory, by_rho, "bounds over ρ")
    return AllKnown(
        tuple(_known(t.task, t.transformer, exact_n, before_n, samples) for t in sizes.tasks),
        tuple(_known(t.task, t.transformer[-1], exact_rho, before_rho, rho_of) for t in rhos.tasks),
        diversity.SIZES[scale][-1],
    )


def _known(
    task: str,
    measured: Curve,
    certified: Sequence[Exact],
    before: Sequence[Foretold],
    over: Callable[[Placed], float],
) -> Known:
    exact = sorted((one for one in certified if one.point.task == task), key=over)
    told = sorted((one for one in before if one.point.task == task), key=over)
    x = tuple(over(one) for one in exact)

    def drawn(label: str, values: Sequence[float]) -> Curve:
        return Curve(label, x, tuple((value,) for value in values))

    biases = [float(np.abs(one.bias).max()) for one in exact]
    off = [abs(one.bias - bias) / bias for one, bias in zip(told, biases, strict=True)]
    trusted = [share for one, share in zip(told, off, strict=True) if one.trusted]
    return Known(
        task=task,
        measured=Curve("measured error", measured.x, measured.trials),
        bias=drawn("exact bias", biases),
        noise=drawn("exact noise", [float(one.noise.max()) for one in exact]),
        formula_bias=drawn("bias by B9 (not proved)", [one.bias for one in told]),
        formula_noise=drawn("noise by B9 (not proved)", [one.noise for one in told]),
        bound=drawn("bound on the mean error (proved)", [one.error_bound for one in told]),
        floor=drawn("least bias of any sample (proved)", [one.least_bias for one in told]),
        limit=drawn("bias as n → ∞ (proved), ∝ 1/ρ", [one.limit for one in told]),
        off=max(off),
        off_trusted=max(trusted, default=None),
        doubt=max(one.doubt for one in exact),
    )
