"""The type of a composition: Lemma G.3."""

from __future__ import annotations

from fractions import Fraction

from theory.statements.appendix_g.known_series import TERMS, figure, known_functions, within
from theory.statements.appendix_g.power_series import absolute_sum, composed, geometric, polynomial
from theory.statements.framework.claims import Fact
from theory.statements.framework.examination import Examination
from theory.statements.framework.setting import Setting
from theory.statements.framework.statement import Statement


def examine_composition(setting: Setting, stretch: Fraction = Fraction(1)) -> Examination:
    """All pairs of functions; the claimed radius is multiplied by ``stretch``, 1 for the lemma."""
    functions = known_functions()
    claims = []
    names = list(functions)[: 3 if setting.quick else None]
    for inner_name in names:
        inner, t, b = functions[inner_name]
        start = inner[0]
        moved = (Fraction(0), *inner[1:])
        rest = b - abs(start)  # the inner's absolute sum less its constant term
        for outer_name in names:
            # The outer is expanded at 0 and composed with the inner less its constant term.
            outer, s, c = functions[outer_name]
            radius = stretch * t * min(Fraction(1), s / rest)
            name = f"{outer_name} after {inner_name} - {start}"
            claims.append(within(name, composed(outer, moved), radius, c))
    line = polynomial([0, 3], TERMS)
    sharp = composed(geometric(TERMS), line)
    # The inner 3x has type (1, 3), the outer (1/2, 2): the radius 1/6 is attained in the limit.
    attained = 2 - absolute_sum(sharp, stretch * Fraction(1, 6))
    evidence = {"2 less the partial sum": float(attained)}
    claims.append(Fact("1/(1-3x) attains it", 0 <= attained < Fraction(1, 10**9), evidence))
    return Examination(claims, figure("compositions"))


STATEMENT = Statement(
    ids=("Lemma G.3",),
    title="Type of a composition",
    words="If the inner function has type (t, b), its constant term left out, and the outer one "
    "(s, c) at the inner's value, the composition has type (t min(1, s / b), c).",
    latex=r"g \circ f:\ \big(\tau_1 \min(1, \sigma_1/\tau_2),\ \sigma_2\big)",
    examine=examine_composition,
)
