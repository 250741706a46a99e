"""Networks of several widths against the kernel that they should tend to, for Appendix H."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float64

from kernels.estimates import EstimateArray
from kernels.transformer import Scaling, TransformerKernel
from theory.power_laws import PowerLaw, fit_draws
from theory.statements.appendix_h.drawn_mean import (
    DrawnMean,
    mean_and_error,
    product_deviations,
)
from theory.statements.shared.instances.strings import substituted
from theory.task import TemplateTask
from theory.transformer_law import Widths, kernels_in_law

_ROUNDING = 1e-12
"""Relative to the largest value: a kernel is a sum of up to a thousand products."""


@dataclass(frozen=True, eq=False)
class Comparison:
    """Networks of several widths against one kernel, on all pairs of some strings.

    Attributes:
        pairs: the pairs of strings.
        limits: the kernel at each pair.
        means: for each pair, the networks' mean extrapolated to infinite width.
        errors: the standard errors of ``means``, and
        degrees: the degrees of freedom of these, at least.
        biases: by how much the extrapolation may miss the networks' limit.
        rate: of the root mean square over pairs and networks of the difference to ``limits``.
        scatter: the same of the difference to the networks' own mean at each width.
    """

    pairs: tuple[tuple[str, str], ...]
    limits: EstimateArray
    means: Float64[np.ndarray, " p"]
    errors: Float64[np.ndarray, " p"]
    degrees: int
    biases: Float64[np.ndarray, " p"]
    rate: PowerLaw
    scatter: PowerLaw

    def extrapolated(self, pair: int) -> DrawnMean:
        """What the networks tend to at one of the pairs."""
        error, bias = float(self.errors[pair]), float(self.biases[pair])
        return DrawnMean(float(self.means[pair]), error, self.degrees, bias)


def compare(
    task: TemplateTask,
    kernel: TransformerKernel,
    scaling: Scaling,
    draws: Mapping[int, int],
    *,
    seed: int,
) -> Comparison:
    """Draw networks of one scaling, in law, and compare their kernels with a limit.

    The mean of a network's kernel is a smooth function of averages over widths, which scatter by
    w^-1/2 at width w; so it differs from its limit by a/w to leading order. The extrapolation
    fits K + a/w to the means, each weighted by its standard error. What that leaves is taken to be
    no more than what it moves, the distance from the mean at the largest width: the terms after
    a/w are smaller than it once widths are large enough, which `Comparison.scatter` tells.

    Args:
        task: whose strings to compare.
        kernel: the limit; its beta, gamma and activation are the networks'.
        scaling: of the networks.
        draws: the number of networks at each width, two widths or more.
        seed: of everything random.

    Raises:
        InvalidInputError: the deviation of phi(u) phi(v) is out of reach of floats.
    """
    strings = substituted(task)
    rows, columns = np.triu_indices(len(strings))
    gram = kernel.gram(strings)
    exact = gram[rows, columns]
    deviations = product_deviations(kernel, strings)[rows, columns]
    means, errors, squares, scatters = [], [], [], []
    for width, count in draws.items():
        widths = Widths.scaled(width)
        found = kernels_in_law(
            strings,
            widths=widths,
            beta=kernel.beta,
            gamma=kernel.gamma,
            activation=kernel.activation,
            scaling=scaling,
            draws=count,
            seed=seed + width,
        )[:, rows, columns]
        mean, error = mean_and_error(found, deviations, widths.mlp)
        means.append(mean)
        errors.append(error)
        squares.append(((found - exact.values) ** 2).mean(axis=1))
        scatters.append(((found - means[-1]) ** 2).mean(axis=1))
    value, error = _intercepts(1.0 / np.array(list(draws)), np.array(means), np.array(errors))
    rounding = _ROUNDING * float(np.abs(exact.values).max())
    steps = np.abs(value - means[list(draws).index(max(draws))])
    return Comparison(
        tuple((strings[int(i)], strings[int(j)]) for i, j in zip(rows, columns, strict=True)),
        exact,
        value,
        error,
        min(draws.values()) - 1,
        steps + rounding,
        fit_draws(list(draws), squares, seed=seed),
        fit_draws(list(draws), scatters, seed=seed),
    )


def _intercepts(
    x: Float64[np.ndarray, " w"], y: Float64[np.ndarray, "w p"], errors: Float64[np.ndarray, "w p"]
) -> tuple[Float64[np.ndarray, " p"], Float64[np.ndarray, " p"]]:
    """Weighted least squares of a line in x for each column: value and standard error at x = 0."""
    floor = np.finfo(np.float64).eps * (1.0 + np.abs(y))
    errors = np.maximum(errors, floor)
    scale = errors.max(axis=0)
    weights = (scale / errors) ** 2
    s0, s1, s2 = (np.einsum("w,wp->p", x**power, weights) for power in range(3))
    t0, t1 = (np.einsum("w,wp,wp->p", x**power, weights, y) for power in range(2))
    determinant = s0 * s2 - s1**2
    return (s2 * t0 - s1 * t1) / determinant, scale * np.sqrt(s2 / determinant)
