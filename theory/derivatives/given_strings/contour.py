"""A third route to the derivatives: a discretized kernel, differentiated along circles.

The Gaussian expectation is replaced by a product of Gauss-Hermite rules whose nodes integrate the
Taylor polynomial up to the wanted order exactly. The discretized kernel is a finite sum, analytic
near the origin, so Cauchy's formula on two circles, in complex beta and gamma, gives its Taylor
coefficients, which are the kernel's up to that order. It shares nothing with the exact routes.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import factorial

import numpy as np
from jaxtyping import Complex128, Float64

from kernels.boundary.checks import whole
from kernels.boundary.exceptions import TooLargeError
from kernels.estimates import Estimate, Numerical
from theory.derivatives.orders import Order, even_orders, read_pair

_POINTS = 16
"""Points on half a circle. Evenness makes them the full circle in beta^2 or gamma^2, so a
coefficient is mixed with those 32 orders higher, which the radii make negligible."""

_RADII = ((0.20, 0.6), (0.25, 0.8))
"""Two choices of radii in beta and gamma. Softmax has poles where beta times a logit difference
reaches about i pi / 2, and the differences stay below 6 or so at the nodes in use."""

LARGEST_RULE = 100_000
"""Nodes of the product rule."""


def contour_derivatives(
    x: str | Sequence[str], y: str | Sequence[str], order: int = 10
) -> dict[Order, Estimate]:
    """The derivatives of `attention_derivatives`, numerically, with numerical errors.

    The value is that at the larger of two choices of radii. The error is its distance to the other,
    plus rounding: machine epsilon times the largest value on the circles, over the radii's powers.

    Args:
        x: a string.
        y: a string of the same length; the two should have few tokens and positions.
        order: the largest i + j.

    Raises:
        InvalidInputError: unequal lengths, or an order that is no whole number of at least 0.
        TooLargeError: the product rule would have more than `LARGEST_RULE` nodes.

    >>> estimate = contour_derivatives("A", "A", 4)[4, 0]      # exactly -6
    >>> abs(estimate.value + 6) < estimate.error < 1e-8
    True
    """
    top = whole("order", order)
    first, second = read_pair(x, y)
    found = [_coefficients(first, second, top, *radii) for radii in _RADII]
    epsilon = float(np.finfo(np.float64).eps)
    result = {}
    for i, j in even_orders(top):
        values = [float(table[i // 2, j // 2].real) for table, _ in found]
        rounding = 30 * epsilon * found[0][1] / (_RADII[0][0] ** i * _RADII[0][1] ** j)
        scale = factorial(i) * factorial(j)
        error = scale * (abs(values[1] - values[0]) + rounding)
        result[i, j] = Estimate(scale * values[1], Numerical(error), "contour integrals")
    return result


def _coefficients(
    x: tuple[int, ...], y: tuple[int, ...], order: int, radius: float, gamma_radius: float
) -> tuple[Complex128[np.ndarray, "16 16"], float]:
    """Taylor coefficients at ``(i / 2, j / 2)``, and the largest modulus on the circles."""
    turns = np.exp(1j * np.pi * np.arange(_POINTS) / _POINTS)
    betas, gammas = radius * turns, gamma_radius * turns
    nodes, weights = _rule(x, y, order)
    values = np.empty((_POINTS, _POINTS), dtype=np.complex128)
    matches = np.equal.outer(x, y).astype(np.float64)
    for b, beta in enumerate(betas):
        for g, gamma in enumerate(gammas):
            u, v = (_softmax(beta * (nodes[0][s] + gamma * nodes[1])) for s in (0, 1))
            matrix = matches + gamma**2 * np.eye(len(x))
            values[b, g] = weights @ np.einsum("ni,ij,nj->n", u, matrix, v)
    powers = np.arange(_POINTS)
    table = np.fft.fft2(values) / _POINTS**2
    table /= np.outer(radius ** (2 * powers), gamma_radius ** (2 * powers))
    return table, float(np.abs(values).max())


def _rule(
    x: tuple[int, ...], y: tuple[int, ...], order: int
) -> tuple[
    tuple[
        tuple[Float64[np.ndarray, "n k"], Float64[np.ndarray, "n k"]], Float64[np.ndarray, "n k"]
    ],
    Float64[np.ndarray, " n"],
]:
    """Nodes of the logit differences to ``[CLS]``: those of both strings' tokens, and positions."""
    tokens = [token for token in dict.fromkeys(x + y) if token != x[-1]]
    dimension = len(tokens) + len(x) - 1
    per_axis = order // 2 + 1  # exact up to degree 2 per_axis - 1, odd and above the order
    size = per_axis**dimension
    if size > LARGEST_RULE:
        raise TooLargeError(
            "order",
            order,
            f"the product rule would have {min(size, 1e300):.2g} nodes, and {LARGEST_RULE:.2g} are "
            "allowed; give shorter strings, or use attention_derivatives",
        )
    points, axis_weights = np.polynomial.hermite_e.hermegauss(per_axis)
    axis_weights = axis_weights / axis_weights.sum()
    grid = np.stack(np.meshgrid(*[points] * dimension, indexing="ij"), axis=-1)
    z = grid.reshape(size, dimension)
    weights = np.ones(size)
    for axis in np.meshgrid(*[axis_weights] * dimension, indexing="ij"):
        weights *= axis.reshape(size)
    of_tokens = z[:, : len(tokens)] @ _differences(len(tokens)).T
    of_tokens = np.hstack([of_tokens, np.zeros((size, 1))])  # [CLS] minus itself
    column = {token: c for c, token in enumerate(tokens)}
    strings = tuple(of_tokens[:, [column.get(t, len(tokens)) for t in s]] for s in (x, y))
    positions = z[:, len(tokens) :] @ _differences(len(x) - 1).T
    positions = np.hstack([positions, np.zeros((size, 1))])
    return ((strings[0], strings[1]), positions), weights


def _differences(n: int) -> Float64[np.ndarray, "n n"]:
    """A root of the covariance of n independent Gaussians minus one more."""
    return np.linalg.cholesky(np.eye(n) + 1.0) if n else np.zeros((0, 0))


def _softmax(logits: Complex128[np.ndarray, "n k"]) -> Complex128[np.ndarray, "n k"]:
    powers = np.exp(logits)
    return powers / powers.sum(axis=1, keepdims=True)
