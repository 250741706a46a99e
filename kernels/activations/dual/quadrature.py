"""Duals without a closed form: the trapezoidal rule on whitened coordinates.

Why not Gauss-Hermite: for a smooth integrand both converge exponentially, and the trapezoidal
rule is nested. The rule of step ``h/2`` is the mean of four rules of step ``h`` on shifted grids,
so a refinement keeps all earlier work and comes with four independent-looking looks at the error.
For a function with kinks or jumps the shifts matter more: where two nested sums can agree by
chance (a kink that lies well between nodes), four shifted ones do not. A feature between the nodes
of all four is seen along one axis, where nodes are cheap.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from numpy.typing import ArrayLike

from kernels.activations.dual.covariance import EPS, checked, result
from kernels.boundary.exceptions import InvalidInputError
from kernels.estimates import EstimateArray

_COARSEST = 0.5
"""The first step, in standard deviations; resolves a bare Gaussian to 1e-16 already."""

_EXTENTS = (9.0, 14.0, 20.0, 28.0, 38.0)
"""Truncations to try, in standard deviations. Beyond 9 a bare Gaussian has 1e-18 of its mass;
beyond 38 its density is below the float64 range."""

_SAFETY = 4.0
"""Factor on the observed differences. Between shifted grids they bound the error for jumps and
kinks across the grid, where it falls as ``h`` and ``h^2`` (the periodic Bernoulli functions B1 and
B2 of the jump's place in its cell); the factor covers jumps along oblique lines."""

_INCOMMENSURATE = 0.5 * (math.sqrt(5.0) - 1.0)
_OFF_GRID = (0.29, 0.37)
"""The grid of a last check. Steps in powers of 2 can all be blind to one oscillation (its
frequency aliases alike on each); a grid whose step is in no simple ratio to theirs is not."""

_FINEST = 2.0**-10
"""The step along one axis; what is narrower, in standard deviations, nothing sees."""

Function = Callable[[np.ndarray], np.ndarray]


@dataclass(frozen=True)
class _Gaussian:
    """``u = p z1``, ``v = q z1 + r z2`` with ``z1, z2`` independent standard normal."""

    p: float
    q: float
    r: float

    @classmethod
    def of(cls, xx: float, xy: float, yy: float) -> _Gaussian:
        if xx == 0.0:
            return cls(0.0, 0.0, math.sqrt(yy))
        p = math.sqrt(xx)
        q = xy / p
        return cls(p, q, math.sqrt(max(yy - q * q, 0.0)))


def dual_by_quadrature(
    function: Function,
    xx: ArrayLike,
    xy: ArrayLike,
    yy: ArrayLike,
    *,
    tolerance: float,
    effort: int,
) -> EstimateArray:
    """``E[f(u) f(v)]`` for each covariance, refined until its error meets the tolerance.

    Args:
        function: ``f``, applied to whole arrays.
        xx: variances of ``u``.
        xy: covariances.
        yy: variances of ``v``.
        tolerance: absolute error at which to stop.
        effort: evaluations at which to stop, tolerance met or not; the error says what was reached.

    Raises:
        InvalidInputError: not covariances, or ``f`` gives values that are not finite numbers.
    """
    xx, xy, yy = checked(xx, xy, yy)
    # The dual is symmetric, and with the larger variance first it is so to the last digit.
    larger, smaller = np.maximum(xx, yy), np.minimum(xx, yy)
    triples = np.stack([larger.ravel(), xy.ravel(), smaller.ravel()], axis=1)
    distinct, index = np.unique(triples, axis=0, return_inverse=True)
    found = [
        _refine(function, _Gaussian.of(*map(float, triple)), tolerance, effort)
        for triple in distinct
    ]
    table = np.array(found, dtype=np.float64).reshape(-1, 2)[index.ravel()]
    return result(table[:, 0].reshape(xx.shape), table[:, 1].reshape(xx.shape), "trapezoidal rule")


def _refine(
    function: Function, gaussian: _Gaussian, tolerance: float, effort: int
) -> tuple[float, float]:
    """The value and its error."""
    # The outermost standard deviation stands for all that lies beyond it: a Gaussian tail falls
    # by more than half from there on, unless the function undoes it, and then the terms grow.
    for extent in _EXTENTS:
        edge = _edge(function, gaussian, extent)
        if edge <= 0.01 * tolerance:
            break
    floor = 2.0 * edge + _rounding(function, gaussian, extent)
    step = _COARSEST
    moments = _second_moments(function, gaussian, extent, _FINEST)
    value = _grid_sum(function, gaussian, extent, step, (0.0, 0.0))
    while True:
        shifted = [value] + [
            _grid_sum(function, gaussian, extent, step, shift)
            for shift in ((0.5, 0.0), (0.0, 0.5), (0.5, 0.5))
        ]
        value = math.fsum(shifted) / 4.0
        step /= 2.0
        spread = max(abs(other - value) for other in shifted)
        missed = _unseen(_second_moments(function, gaussian, extent, step), moments)
        last = 4.0 * (2.0 * extent / step) ** 2 > effort
        if last or max(_SAFETY * spread, missed) <= tolerance:
            check = _grid_sum(function, gaussian, extent, _INCOMMENSURATE * step, _OFF_GRID)
            spread = max(spread, abs(check - value))
            error = max(_SAFETY * spread, missed)
            if last or error <= tolerance:
                return value, error + floor


def _nodes(extent: float, step: float, shift: float) -> Float[np.ndarray, "n"]:
    """Equispaced nodes, shifted by a part of the step."""
    count = math.ceil(extent / step)
    return step * (np.arange(-count, count + 1) + shift)


def _density(z: np.ndarray) -> np.ndarray:
    """The standard normal density."""
    return np.exp(-0.5 * z * z) / math.sqrt(2.0 * math.pi)


def _grid_sum(
    function: Function,
    gaussian: _Gaussian,
    extent: float,
    step: float,
    shift: tuple[float, float],
) -> float:
    """The trapezoidal sum on one grid."""
    first, second = (_nodes(extent, step, part) for part in shift)
    outer = step * _density(first) * evaluated(function, gaussian.p * first)
    weights = step * _density(second)
    # Rows in blocks, so that memory stays bounded whatever the step.
    rows = max(1, (1 << 20) // second.size)
    blocks = (slice(start, start + rows) for start in range(0, first.size, rows))
    return math.fsum(
        float(
            outer[block]
            @ (evaluated(function, gaussian.q * first[block, None] + gaussian.r * second) @ weights)
        )
        for block in blocks
    )


def _second_moments(
    function: Function, gaussian: _Gaussian, extent: float, step: float
) -> tuple[float, float]:
    """``E f(u)^2`` and ``E f(v)^2`` by nodes of this step."""
    z = _nodes(extent, step, 0.0)
    weights = step * _density(z)
    first, second = (
        float(weights @ evaluated(function, scale * z) ** 2)
        for scale in (gaussian.p, math.hypot(gaussian.q, gaussian.r))
    )
    return first, second


def _unseen(seen: tuple[float, float], all_there_is: tuple[float, float]) -> float:
    """What nodes that miss part of the second moments may miss of the dual.

    ``E f(u) f(v)`` is at most ``sqrt(a b)``, with a and b the moments, and loses with them the
    share ``|da| / (2 a) + |db| / (2 b)``.
    """
    largest = [max(pair) for pair in zip(seen, all_there_is, strict=True)]
    if not all(largest):
        return 0.0
    shares = [
        0.5 * abs(one - other) / most
        for one, other, most in zip(seen, all_there_is, largest, strict=True)
    ]
    return sum(shares) * math.sqrt(largest[0] * largest[1])


def _rounding(function: Function, gaussian: _Gaussian, extent: float) -> float:
    """A floor for the error: some roundings relative to ``sqrt(E f(u)^2 E f(v)^2)``."""
    first, second = _second_moments(function, gaussian, extent, _COARSEST)
    return 16.0 * EPS * math.sqrt(first * second)


def _edge(function: Function, gaussian: _Gaussian, extent: float) -> float:
    """The sum of the sizes of the terms in the outermost standard deviation of the square."""
    z = _nodes(extent, _COARSEST, 0.0)
    weights = _COARSEST * _density(z)
    outer = weights * np.abs(evaluated(function, gaussian.p * z))
    inner = weights * np.abs(evaluated(function, gaussian.q * z[:, None] + gaussian.r * z))
    outside = np.abs(z) > extent - 1.0
    return float((outer[:, None] * inner)[outside[:, None] | outside].sum())


def evaluated(function: Function, t: np.ndarray) -> np.ndarray:
    """The function's values, checked.

    Raises:
        InvalidInputError: a function that cannot take an array, complex values, values of another
            shape, or values that are not finite numbers.
    """
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        try:
            values = np.asarray(function(t))
        except (TypeError, ValueError) as error:
            remedy = "map an array entry by entry: NumPy's functions and where, or np.vectorize"
            raise InvalidInputError("function", function, f"{remedy} ({error})") from None
    if values.dtype.kind not in "biufc":
        raise InvalidInputError("function", function, f"gave {values.dtype}; give real numbers")
    if np.iscomplexobj(values):
        raise InvalidInputError("function", function, "gave complex numbers; give its real part")
    values = values.astype(np.float64, copy=False)
    if values.shape != t.shape:
        raise InvalidInputError(
            "function", function, f"gave shape {values.shape} for shape {t.shape}; map entries"
        )
    if not np.isfinite(values).all():
        where = float(t[~np.isfinite(values)].flat[0])
        raise InvalidInputError("function", function, f"gave no finite number at t = {where}")
    return values
