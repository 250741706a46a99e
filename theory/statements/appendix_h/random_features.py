"""Networks of several widths against the kernel that they should tend to, for Appendix H."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float64
from scipy.special import stdtrit

from kernels.boundary.exceptions import InvalidInputError
from kernels.estimates import ErrorKind, EstimateArray
from kernels.strings.encoding import EncodedStrings
from kernels.transformer import Scaling, TransformerKernel
from theory.power_laws import PowerLaw, fit_draws
from theory.statements.shared.strings import substituted
from theory.statements.shared.tails import root_mean_square
from theory.task import TemplateTask

_ROUNDING = 1e-12
"""Relative to the largest value: a kernel is a sum of up to a thousand products."""

_LARGEST = 1e100
"""A deviation whose square is far from the largest float."""


@dataclass(frozen=True)
class Extrapolated:
    """A mean extrapolated to infinite width.

    Attributes:
        value: the extrapolation.
        deviation: its standard error, and
        degrees: the degrees of freedom of that.
        bias: by how much the extrapolation may miss the limit, chance apart.
    """

    value: float
    deviation: float
    degrees: int
    bias: float

    kind = ErrorKind.STATISTICAL

    def radius(self, significance: float) -> float:
        """The bias beside a multiple of the standard error by Student's distribution."""
        return self.bias - float(stdtrit(self.degrees, significance / 2.0)) * self.deviation

    def to_json(self) -> dict[str, float | str]:
        """The fields that scripts rely on, and the bias."""
        error = {"error": self.deviation, "bias": self.bias}
        return {"value": self.value, **error, "kind": str(self.kind)}


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

    def extrapolated(self, pair: int) -> Extrapolated:
        """What the networks tend to at one of the pairs."""
        error, bias = float(self.errors[pair]), float(self.biases[pair])
        return Extrapolated(float(self.means[pair]), error, self.degrees, bias)


def compare(
    task: TemplateTask,
    kernel: TransformerKernel,
    scaling: Scaling,
    draws: Mapping[int, int],
    *,
    seed: int,
) -> Comparison:
    """Draw networks of one scaling and compare their kernels with a limit.

    The mean of a network's kernel is a smooth function of averages over widths, which scatter by
    w^-1/2 at width w; so it differs from its limit by a/w to leading order. The extrapolation
    fits K + a/w to the means, each weighted by its standard error. What that leaves is taken to be
    no more than what it moves, the distance from the mean at the largest width: the terms after
    a/w are smaller than it once widths are large enough, which `Comparison.scatter` tells.

    A mean over D networks of d_mlp neurons is one over D d_mlp products phi(u) phi(v), so its
    standard error is taken to be no less than their deviation over sqrt(D d_mlp): heavy tails, of
    which a sample may show nothing, are thereby counted.

    Args:
        task: whose strings to compare.
        kernel: the limit; its beta, gamma and activation are the networks'.
        scaling: of the networks.
        draws: the number of networks at each width, two widths or more.
        seed: of everything random.

    Raises:
        InvalidInputError: the deviation of phi(u) phi(v) is out of reach of floats.
    """
    from theory.networks.transformer_features import (  # noqa: PLC0415 - JAX is slow to import
        Widths,
        kernel_draws,
    )

    strings = substituted(task)
    rows, columns = np.triu_indices(len(strings))
    gram = kernel.gram(strings)
    exact = gram[rows, columns]
    deviations = _deviations(kernel, strings)[rows, columns]
    if not (deviations < _LARGEST).all():
        raise InvalidInputError(
            "kernel",
            kernel.name,
            "products of its activation scatter beyond all sample means; give a bounded activation",
        )
    means, errors, squares, scatters = [], [], [], []
    for width, count in draws.items():
        widths = Widths.scaled(width)
        found = kernel_draws(
            strings,
            widths=widths,
            beta=kernel.beta,
            gamma=kernel.gamma,
            activation=kernel.activation,
            scaling=scaling,
            draws=count,
            seed=seed + width,
        )[:, rows, columns]
        means.append(found.mean(axis=0))
        seen = found.std(axis=0, ddof=1) / count**0.5
        errors.append(np.maximum(seen, deviations / (count * widths.mlp) ** 0.5))
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


def _deviations(kernel: TransformerKernel, strings: EncodedStrings) -> Float64[np.ndarray, "n n"]:
    """A bound on the standard deviation of phi(u) phi(v), for each pair."""
    attention = kernel.attention_kernel.gram(strings).values
    found = np.empty_like(attention)
    for i, j in zip(*np.triu_indices(len(attention)), strict=True):
        entries = attention[i, i], attention[i, j], attention[j, j]
        found[i, j] = found[j, i] = root_mean_square(kernel.activation, *map(float, entries))
    return found


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
