"""Expected derivatives of the integrand: Lemma G.9."""

from __future__ import annotations

import math
from math import factorial

from kernels.estimates import ErrorKind
from kernels.strings.encoding import encode
from theory.derivatives import attention_derivatives
from theory.derivatives.series.length_two import convergence, lower_bound
from theory.statements.appendix_g.softmax_series import RHO, ROUNDING, softmax_bound
from theory.statements.framework.claims import Claim, Fact
from theory.statements.framework.examination import Examination
from theory.statements.framework.setting import Setting
from theory.statements.framework.statement import Statement


def expected_bound(k: int, agreements: int, order: tuple[int, int]) -> float:
    """The bound of G.9 at (0, 0): the expectation of G.5's, with an explicit moment.

    ``A <= 2 max |g|`` over at most 3 k Gaussians, and ``E max |g|^q <= 3 k E |g|^q``.
    """
    q = sum(order)
    absolute = 2.0 ** (q / 2.0) * math.gamma((q + 1) / 2.0) / math.sqrt(math.pi)
    moment = 1.0 + (2.0 / RHO) ** q * 3.0 * k * absolute
    constant = softmax_bound() ** 2 * (agreements + k)
    return constant * factorial(order[0]) * factorial(order[1]) * moment


def no_factorial_bound() -> Fact:
    """At beta = 0 no constants C and t give ``|d^n kappa| <= C n! / t^n``.

    The proof of G.1 sums a series by such a bound. For A[CLS] with itself the coefficients
    ``c_n`` of beta^n at gamma = 0, n even, are at least L_n in size, exactly, and L_{n+1} / L_n
    grows without end: ``L_n > C / t^n`` for some n, whatever C and t.
    """
    order = 20
    grown = convergence(order)
    ratios = {n: float(lower_bound(n + 1) / lower_bound(n)) for n in (5, 50, 500)}
    refuted = grown.bound_holds and all(ratio > n / 5 for n, ratio in ratios.items())
    evidence = {"growth of |c_n| / n! from below": {f"n = {n}": r for n, r in ratios.items()}}
    name = "the factorial bound C n! / t^n, which the proof of G.1 uses, is refuted at beta = 0"
    return Fact(name, refuted, evidence, ErrorKind.PROVED)


def examine_expectation(setting: Setting, shrink: float = 1.0) -> Examination:
    """Exact derivatives at (0, 0) against the bound, times ``shrink``."""
    claims: list[Claim] = []
    ratios = []
    for x, y in (("A", "A"), ("AA", "AB"), ("ABA", "ACC")):
        codes = encode([x, y]).codes
        ones = int((codes[0][:, None] == codes[1][None, :]).sum())
        for order, value in attention_derivatives(x, y, 6 if setting.quick else 10).items():
            bound = shrink * expected_bound(codes.shape[1], ones, order)
            ratios.append(abs(float(value)) / bound)
            name, evidence = f"{x}/{y} at {order}", {"derivative": str(value), "bound": bound}
            # The bound is a product of some ten floating-point numbers.
            claims.append(Fact(name, ratios[-1] <= 1.0 - ROUNDING, evidence, ErrorKind.NUMERICAL))
    claims.append(no_factorial_bound())
    return Examination(claims, f"derivatives up to {max(ratios):.1e} of their bounds")


STATEMENT = Statement(
    ids=("Lemma G.9",),
    title="Expected derivatives are finite",
    words="The expectation of a derivative of the integrand is at most μ! times a constant times "
    "a moment of the Gaussians of order |μ|; so the attention kernel is smooth.",
    latex=r"\mathbb{E}|\partial^\mu f| \le \mu!\, M^2(|XY^T| + k)\,"
    r"\mathbb{E}\max(1, A/\rho)^{|\mu|}",
    examine=examine_expectation,
    finding="The moment grows like the root of a factorial. The bound C μ! / t^|μ| that the proof "
    "of G.1 uses is false at β = 0 for every C and t.",
)
