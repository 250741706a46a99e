"""The type of a sum and of a product: Lemma G.4."""

from __future__ import annotations

from fractions import Fraction

from theory.statements.appendix_g.known_series import figure, known_functions, within
from theory.statements.appendix_g.power_series import multiplied
from theory.statements.framework.examination import Examination
from theory.statements.framework.setting import Setting
from theory.statements.framework.statement import Statement


def examine_arithmetic(setting: Setting, shrink: Fraction = Fraction(1)) -> Examination:
    """Sums and products of all pairs; the claimed bounds are multiplied by ``shrink``."""
    functions = known_functions()
    names = list(functions)[: 3 if setting.quick else None]
    claims = []
    for first in names:
        for second in names:
            (f, t, b), (g, s, c) = functions[first], functions[second]
            radius = min(t, s)
            added = tuple(x + y for x, y in zip(f, g, strict=True))
            claims.append(within(f"{first} + {second}", added, radius, shrink * (b + c)))
            name = f"{first} * {second}"
            claims.append(within(name, multiplied(f, g), radius, shrink * b * c))
    return Examination(claims, figure("sums and products"))


STATEMENT = Statement(
    ids=("Lemma G.4",),
    title="Type of a sum and of a product",
    words="A sum has the smaller radius and the sum of the bounds, a product the smaller radius "
    "and the product of the bounds.",
    latex=r"f + g:\ (\min(\tau_1, \sigma_1), \tau_2 + \sigma_2),\quad "
    r"fg:\ (\min(\tau_1, \sigma_1), \tau_2 \sigma_2)",
    examine=examine_arithmetic,
)
