"""Derivatives of a function of a type: Lemma G.5."""

from __future__ import annotations

from fractions import Fraction

from theory.statements.appendix_g.known_series import TERMS, figure, known_functions
from theory.statements.framework.claims import Fact
from theory.statements.framework.examination import Examination
from theory.statements.framework.setting import Setting
from theory.statements.framework.statement import Statement


def examine_derivatives(setting: Setting, shrink: Fraction = Fraction(1)) -> Examination:
    """``|c_n| t^n <= b`` for every coefficient; x^5 attains it. ``shrink`` multiplies the bound."""
    del setting
    claims = []
    for name, (series, radius, bound) in known_functions().items():
        worst = max(abs(c) * radius**n for n, c in enumerate(series))
        evidence = {"largest |c_n| t^n": float(worst), "bound": float(bound)}
        claims.append(Fact(name, worst <= shrink * bound, evidence))
    return Examination(claims, figure(f"functions, {TERMS} derivatives each,"))


STATEMENT = Statement(
    ids=("Lemma G.5",),
    title="Derivatives of a function of a type",
    words="The derivative of order μ is at most the bound times μ! over the radius to the "
    "power |μ|.",
    latex=r"|\partial^\mu f(x_0)| \le \tau_2(x_0)\, \mu! / \tau_1(x_0)^{|\mu|}",
    examine=examine_derivatives,
)
