"""Lemmas G.6 to G.9: softmax, the integrand and its expectation in (beta, gamma).

Explicit constants. For complex z with ``|z_j| <= r = pi / 4``, the denominator of smax(x + z) has
modulus at least ``cos(r) e^{-r} sum e^{x_j}`` and the numerator at most ``e^r e^{x_i}``, so that
``|smax_i| <= e^{2 r} / cos r = sqrt 2 e^{pi / 2}`` on a polydisc that does not depend on x. By
Cauchy's estimate ``sum |c_mu| (r / 2)^{|mu|} <= 2^k sqrt 2 e^{pi / 2}``: G.6, with

    rho = pi / 8,    M = 2^k sqrt(2) e^{pi / 2}.

With ``m = X zeta + gamma p`` the logits move by ``b zeta + (b gamma_0 + c beta_0 + b c) p`` when
(beta, gamma) moves by (b, c). For ``|b|, |c| <= t <= 1`` that is at most t A, with
``A = max |zeta| + (beta_0 + gamma_0 + 1) max |p|``. By G.3 a softmax entry has type
``(min(1, rho / A), M)``: G.7. By G.4 the integrand has the bound
``M^2 (|X Y^T| + k (gamma_0 + 1)^2)``, where |.| counts the ones: G.8. By G.5, and since A is at
most ``(beta_0 + gamma_0 + 2)`` times the largest modulus of the Gaussians, the expected
derivatives of order q are finite, and bounded by mu! times a moment of order q: G.9. That moment
grows like the square root of q!, faster than any power, so that G.9 does not make a power series
converge. Open point 1 shows that none does at beta = 0.
"""

from __future__ import annotations

import math
from math import factorial

import numpy as np
from jaxtyping import Float64

from kernels.estimate import ErrorKind, Estimate
from kernels.strings import encode
from theory.derivatives import attention_derivatives
from theory.statements.power_series import Expansion, softmax_expansions
from theory.statements.setting import Setting
from theory.statements.statement import Statement
from theory.statements.verdict import Case, Finding, Outcome, at_most, conclude, fact

RHO = math.pi / 8.0
_DEGREE = 10
_ROUNDING = 1e-9  # relative, of some hundred convolutions of arrays far below the bound


def softmax_bound(k: int) -> float:
    """M, the bound of Lemma G.6."""
    return 2.0**k * math.sqrt(2.0) * math.exp(math.pi / 2.0)


def _partial(name: str, value: float, bound: float) -> Case:
    return at_most(
        name,
        Estimate(value, _ROUNDING * max(1.0, value), ErrorKind.NUMERICAL),
        Estimate(bound, 0.0, ErrorKind.PROVED),
    )


def examine_softmax(setting: Setting, bound: float | None = None) -> Finding:
    """Partial absolute sums at random points, some far out; ``bound`` replaces M."""
    rng = setting.rng()
    cases, largest = [], 0.0
    for k, degree in ((2, 20), (3, 10)):
        limit = softmax_bound(k) if bound is None else bound
        for draw in range(3 if setting.quick else 10):
            x = 10.0 ** rng.uniform(-1, 2) * rng.standard_normal(k)
            logits = []
            for i in range(k):
                unit = tuple(int(i == j) for j in range(k))
                logits.append(Expansion.of({(0,) * k: float(x[i]), unit: 1.0}, degree))
            sums = [entry.absolute_sum(RHO) for entry in softmax_expansions(logits)]
            largest = max(largest, *sums)
            cases.append(_partial(f"k = {k}, draw {draw}", max(sums), limit))
    return conclude(
        cases, f"absolute sums up to {largest:.3g}, where M = {softmax_bound(2):.3g} for k = 2"
    )


SOFTMAX = Statement(
    ids=("Lemma G.6",),
    title="Softmax has a constant type",
    words="Each entry of the softmax has the type (π / 8, 2ᵏ √2 exp(π/2)) at every point.",
    latex=r"\mathrm{smax}(x)_i:\ (\pi/8,\ 2^k \sqrt2\, e^{\pi/2})",
    examine=examine_softmax,
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
        """``M^2 (|X Y^T| + k (gamma_0 + 1)^2)``."""
        ones = float(self.agree.sum())
        return softmax_bound(self.k) ** 2 * (ones + self.k * (self.gamma + 1.0) ** 2)


_STRINGS = (("A", "A"), ("AB", "BC"))
_CENTRES = ((0.0, 0.0), (1.0, 0.5))


def _draws(setting: Setting) -> list[tuple[str, Draw]]:
    rng = setting.rng()
    return [
        (f"{'/'.join(strings)} at {centre}, size {size:g}", Draw(strings, centre, size, rng))
        for strings in _STRINGS
        for centre in _CENTRES
        for size in ((1.0,) if setting.quick else (0.3, 1.0, 5.0))
    ]


def examine_entries(setting: Setting, stretch: float = 1.0) -> Finding:
    """Partial sums of softmax entries; ``stretch`` multiplies the claimed radius."""
    cases, radii = [], []
    for name, draw in _draws(setting):
        radii.append(draw.radius)
        worst = max(
            entry.absolute_sum(stretch * draw.radius) for row in draw.entries for entry in row
        )
        cases.append(_partial(name, worst, softmax_bound(draw.k)))
    within = sum(case.outcome is Outcome.HOLDS for case in cases)
    figure = (
        f"{within} of {len(cases)} sums within M, on radii {min(radii):.2g} to {max(radii):.2g}"
    )
    return conclude(cases, figure)


ENTRIES = Statement(
    ids=("Lemma G.7",),
    title="Type of a softmax entry in (β, γ)",
    words="At fixed Gaussians a softmax entry has the bound of G.6, on a radius that shrinks like "
    "one over the size of the Gaussians.",
    latex=r"\mathrm{smax}(\beta m(X))_i:\ (\min(1, \rho/A),\ M),\quad "
    r"A = \max|\zeta| + (\beta_0 + \gamma_0 + 1)\max|p|",
    examine=examine_entries,
)


def examine_integrand(setting: Setting, stretch: float = 1.0) -> Finding:
    """Partial sums of the integrand; ``stretch`` multiplies the claimed radius."""
    cases, ratios = [], []
    for name, draw in _draws(setting):
        value = draw.integrand.absolute_sum(stretch * draw.radius)
        ratios.append(value / draw.integrand_bound)
        cases.append(_partial(name, value, draw.integrand_bound))
    return conclude(cases, f"absolute sums up to {max(ratios):.1e} of their bounds")


INTEGRAND = Statement(
    ids=("Lemma G.8",),
    title="Type of the integrand in (β, γ)",
    words="At fixed Gaussians the integrand of the attention kernel has the radius of G.7 and the "
    "bound M² (|X Yᵀ| + k (γ₀ + 1)²).",
    latex=r"\mathrm{smax}^T(XY^T + \gamma^2 I)\,\mathrm{smax}:\ "
    r"(\min(1, \rho/A),\ M^2(|XY^T| + k(\gamma_0+1)^2))",
    examine=examine_integrand,
)


def expected_bound(k: int, agreements: int, order: tuple[int, int]) -> float:
    """The bound of G.9 at (0, 0): the expectation of G.5's, with an explicit moment.

    ``A <= 2 max |g|`` over at most 3 k Gaussians, and ``E max |g|^q <= 3 k E |g|^q``.
    """
    q = sum(order)
    absolute = 2.0 ** (q / 2.0) * math.gamma((q + 1) / 2.0) / math.sqrt(math.pi)
    moment = 1.0 + (2.0 / RHO) ** q * 3.0 * k * absolute
    constant = softmax_bound(k) ** 2 * (agreements + k)
    return constant * factorial(order[0]) * factorial(order[1]) * moment


def examine_expectation(setting: Setting, shrink: float = 1.0) -> Finding:
    """Exact derivatives at (0, 0) against the bound, times ``shrink``."""
    cases, ratios = [], []
    for x, y in (("A", "A"), ("AA", "AB"), ("ABA", "ACC")):
        codes = encode([x, y]).codes
        ones = int((codes[0][:, None] == codes[1][None, :]).sum())
        for order, value in attention_derivatives(x, y, 6 if setting.quick else 10).items():
            bound = shrink * expected_bound(codes.shape[1], ones, order)
            ratios.append(abs(float(value)) / bound)
            name, evidence = f"{x}/{y} at {order}", {"derivative": str(value), "bound": bound}
            # The bound is a product of some ten floating-point numbers.
            cases.append(fact(name, ratios[-1] <= 1.0 - _ROUNDING, evidence, ErrorKind.NUMERICAL))
    return conclude(cases, f"derivatives up to {max(ratios):.1e} of their bounds")


EXPECTATION = Statement(
    ids=("Lemma G.9",),
    title="Expected derivatives are finite",
    words="The expectation of a derivative of the integrand is at most μ! times a constant times "
    "a moment of the Gaussians of order |μ|; so the attention kernel is smooth.",
    latex=r"\mathbb{E}|\partial^\mu f| \le \mu!\, M^2(|XY^T| + k)\,"
    r"\mathbb{E}\max(1, A/\rho)^{|\mu|}",
    examine=examine_expectation,
)
