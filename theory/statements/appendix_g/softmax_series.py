"""Lemmas G.6 to G.9: softmax, the integrand and its expectation in (beta, gamma).

Explicit constants. Let p be the softmax at x and r = pi / 8. With every coefficient replaced by its
modulus and every z_j by r, ``smax(x + z)_i = p_i e^{z_i} / (1 + sum_j p_j (e^{z_j} - 1))`` becomes
at most ``p_i e^r / (2 - e^r)``. Numerator and denominator divided by e^{z_i}, it is

    p_i / (1 + sum_{j != i} p_j (e^{z_j - z_i} - 1)),

which becomes at most ``p_i / (1 - (1 - p_i) (e^{2r} - 1))``. The smaller of the two is largest
where they are equal, and there it is M: G.6, with

    rho = pi / 8,    M = (e^rho - 1) (e^rho + 2) / ((e^rho + 1) (2 - e^rho)) = 1.3003...,

which is below the paper's ``2^k sqrt 2 e^{pi / 2}``, and which 1, the sum where p_i = 1, shows to
be no more than 1.31 times too large.

With ``m = X zeta + gamma p`` the logits move by ``b zeta + (b gamma_0 + c beta_0 + b c) p`` when
(beta, gamma) moves by (b, c). For ``|b|, |c| <= t <= 1`` that is at most t A, with
``A = max |zeta| + (beta_0 + gamma_0 + 1) max |p|``. By G.3 a softmax entry has type
``(min(1, rho / A), M)``: G.7. By G.4 the integrand has the bound
``M^2 (|X Y^T| + k (gamma_0 + t)^2)``, where |.| counts the ones and t is the radius: G.8. By
G.5, and since A is at most ``(beta_0 + gamma_0 + 2)`` times the largest modulus of the Gaussians,
the expected derivatives of order q are finite, and bounded by mu! times a moment of order q: G.9.
That moment grows like the square root of q!, faster than any power, so that G.9 does not make a
power series converge. Open point 1 shows that none does at beta = 0.
"""

from __future__ import annotations

import math

import numpy as np
from jaxtyping import Float64

from kernels.estimates import Estimate, Numerical, Proved
from kernels.strings.encoding import encode
from theory.statements.appendix_g.power_series import Expansion, softmax_expansions
from theory.statements.framework.claims import AtMost, Claim
from theory.statements.framework.setting import Setting

RHO = math.pi / 8.0

_DEGREE = 10

ROUNDING = 1e-9  # relative, of some hundred convolutions of arrays far below the bound


def softmax_bound() -> float:
    """M, the bound of Lemma G.6.

    >>> round(softmax_bound(), 4)
    1.3002
    """
    e = math.exp(RHO)
    return (e - 1.0) * (e + 2.0) / ((e + 1.0) * (2.0 - e))


def attained(largest: float, factor: float) -> Claim:
    """That the largest share of a bound comes within a factor of it: the bound is not too large.

    A bound that is smaller by more than the factor is thereby seen to be wrong, or its absence of
    violations to say little.
    """
    share, least = Estimate(largest, Numerical(ROUNDING)), Estimate(1.0 / factor, Proved(0.0))
    return AtMost(f"a worst case attains the bound within a factor of {factor:g}", least, share)


def partial_sum(name: str, value: float, bound: float) -> Claim:
    """That a partial absolute sum is within a bound, up to rounding."""
    return AtMost(
        name,
        Estimate(value, Numerical(ROUNDING * max(1.0, value))),
        Estimate(bound, Proved(0.0)),
    )


class Draw:
    """Strings of the integrand with Gaussians, as series in (beta, gamma) around a point.

    Args:
        strings: X and Y.
        centre: beta_0 and gamma_0.
        size: a factor of the Gaussians.
        rng: draws them.
    """

    def __init__(
        self,
        strings: tuple[str, str],
        centre: tuple[float, float],
        size: float,
        rng: np.random.Generator,
    ) -> None:
        codes = encode(list(strings)).codes
        self.k = codes.shape[1]
        self.gamma = centre[1]
        zeta = size * rng.standard_normal((int(codes.max()) + 1,))
        p = size * rng.standard_normal((self.k,))
        self.amplitude = float(np.abs(zeta[codes]).max() + (sum(centre) + 1.0) * np.abs(p).max())
        self.agree: Float64[np.ndarray, "k k"] = (codes[0][:, None] == codes[1][None, :]) * 1.0
        b0, c0 = centre
        self.entries = [
            softmax_expansions(
                [
                    Expansion.of(
                        {
                            (0, 0): b0 * (zeta[t] + c0 * q),
                            (1, 0): zeta[t] + c0 * q,
                            (0, 1): b0 * q,
                            (1, 1): q,
                        },
                        _DEGREE,
                    )
                    for t, q in zip(row.tolist(), p.tolist(), strict=True)
                ]
            )
            for row in codes
        ]

    @property
    def radius(self) -> float:
        """``min(1, rho / A)``."""
        return min(1.0, RHO / self.amplitude)

    @property
    def integrand(self) -> Expansion:
        """``smax(X)^T (X Y^T + gamma^2 I) smax(Y)``."""
        square = Expansion.of(
            {(0, 0): self.gamma**2, (0, 1): 2.0 * self.gamma, (0, 2): 1.0}, _DEGREE
        )
        total = Expansion(np.zeros((_DEGREE + 1, _DEGREE + 1)))
        first, second = self.entries
        for i in range(self.k):
            total = total + square * first[i] * second[i]
            for j in range(self.k):
                total = total + (first[i] * second[j]).scaled(float(self.agree[i, j]))
        return total

    @property
    def integrand_bound(self) -> float:
        """``M^2 (|X Y^T| + k (gamma_0 + t)^2)``, t the radius."""
        ones = float(self.agree.sum())
        return softmax_bound() ** 2 * (ones + self.k * (self.gamma + self.radius) ** 2)


_STRINGS = (("A", "A"), ("AB", "BC"))

_CENTRES = ((0.0, 0.0), (1.0, 0.5))


def draws(setting: Setting) -> list[tuple[str, Draw]]:
    """Strings, centres and sizes at which the lemmas are tried, with names."""
    rng = setting.rng()
    return [
        (f"{'/'.join(strings)} at {centre}, size {size:g}", Draw(strings, centre, size, rng))
        for strings in _STRINGS
        for centre in _CENTRES
        for size in ((1.0,) if setting.quick else (0.3, 1.0, 5.0))
    ]
