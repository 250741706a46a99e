"""The dual of the shifted cosine in closed form (Claim E.2), by three routes."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.polynomial.hermite_e import hermegauss

from kernels.activations import Cosine
from kernels.estimates import Estimate, Numerical
from theory.statements.framework.claims import Claim, Equal, Fact
from theory.statements.framework.examination import Examination
from theory.statements.framework.setting import Setting
from theory.statements.framework.statement import Statement

_NODES = 80
_QUADRATURE = 1e-11
"""Absolute. Gauss-Hermite with 80 nodes is exact for degree 159, and b1 |u| stays below 10."""


def gauss_hermite(b1: float, b2: float, xx: float, xy: float, yy: float) -> float:
    """``E[cos(b1 u + b2) cos(b1 v + b2)]`` by a product rule.

    >>> round(gauss_hermite(1.0, 0.0, 1.0, 1.0, 1.0), 12) == round((1 + math.exp(-2)) / 2, 12)
    True
    """
    nodes, weights = hermegauss(_NODES)
    weights = weights / weights.sum()
    root = math.sqrt(xx)
    slope = xy / root
    rest = math.sqrt(max(yy - slope * slope, 0.0))
    u = root * nodes[:, None]
    v = slope * nodes[:, None] + rest * nodes[None, :]
    return float(weights @ (np.cos(b1 * u + b2) * np.cos(b1 * v + b2)) @ weights)


def symbolic_difference() -> str:
    """The closed form less the symbolic integral, simplified: ``"0"``.

    The product of the two cosines is half the sum of the cosines of ``b1 (u - v)`` and of
    ``b1 (u + v) + 2 b2``, each of one Gaussian variable, of variance ``xx + yy - 2 xy`` and
    ``xx + yy + 2 xy``. What is integrated symbolically is ``cos(p g + q)`` against the density.
    """
    import sympy  # noqa: PLC0415 - takes half a second to load

    g, q, b2 = sympy.symbols("g q b2", real=True)
    p, b1 = sympy.symbols("p b1", positive=True)
    xx, xy, yy = sympy.symbols("xx xy yy", real=True)
    density = sympy.exp(-(g**2) / 2) / sympy.sqrt(2 * sympy.pi)
    one = sympy.integrate(sympy.cos(p * g) * density, (g, -sympy.oo, sympy.oo)) * sympy.cos(q)
    # sin(p g) is odd, so that cos(p g + q) leaves the even part alone.
    odd = sympy.integrate(sympy.sin(p * g) * density, (g, -sympy.oo, sympy.oo)) * sympy.sin(q)
    mean = one - odd
    difference = mean.subs({p: b1 * sympy.sqrt(xx + yy - 2 * xy), q: 0})
    total = mean.subs({p: b1 * sympy.sqrt(xx + yy + 2 * xy), q: 2 * b2})
    closed = (
        sympy.exp(-(b1**2) * (xx + yy) / 2)
        * (sympy.exp(b1**2 * xy) + sympy.cos(2 * b2) * sympy.exp(-(b1**2) * xy))
        / 2
    )
    return str(sympy.simplify(sympy.expand(closed - (difference + total) / 2)))


def _closed(b1: float, b2: float, xx: float, xy: float, yy: float) -> Estimate:
    return Cosine(b1, b2).dual(np.array([xx]), np.array([xy]), np.array([yy]))[0]


def examine_dual(
    setting: Setting,
    closed: Callable[[float, float, float, float, float], Estimate] = _closed,
) -> Examination:
    """Closed form against quadrature at random covariances, and against symbolic integration."""
    rng = setting.rng()
    claims: list[Claim] = []
    largest = 0.0
    for draw in range(10 if setting.quick else 100):
        factor = rng.standard_normal((2, 2))
        xx, xy, yy = (float(factor[i] @ factor[j]) for i, j in ((0, 0), (0, 1), (1, 1)))
        b1, b2 = float(rng.uniform(0.1, 1.5)), float(rng.uniform(0.0, math.pi))
        sizes = max(xx, yy)
        if b1 * math.sqrt(sizes) > 4.0:
            b1 = 4.0 / math.sqrt(sizes)
        first = closed(b1, b2, xx, xy, yy)
        second = gauss_hermite(b1, b2, xx, xy, yy)
        largest = max(largest, abs(first.value - second))
        name = f"draw {draw}: b1 {b1:.4f}, b2 {b2:.4f}, ({xx:.4f}, {xy:.4f}, {yy:.4f})"
        estimate = Estimate(second, Numerical(_QUADRATURE))
        claims.append(Equal(name, first, estimate, resolution=1e-9))
    left = symbolic_difference()
    claims.append(Fact("symbolic integration", left == "0", {"closed form less integral": left}))
    evidence = {"largest difference": largest}
    return Examination(
        claims, f"closed form, quadrature and sympy at most {largest:.0e} apart", evidence=evidence
    )


STATEMENT = Statement(
    ids=("Claim E.2",),
    title="The transformer kernel of a shifted cosine",
    words="For φ = cos(b₁ t + b₂) the dual is a difference and a sum of two exponentials of "
    "the attention kernel.",
    latex=r"K_{trans} = \tfrac12 e^{-\frac{b_1^2}{2}(K_{xx}+K_{yy})}"
    r"\big(e^{b_1^2 K_{xy}} + \cos(2b_2) e^{-b_1^2 K_{xy}}\big)",
    examine=examine_dual,
)
