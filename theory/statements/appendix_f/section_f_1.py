"""Derivatives of the attention kernel at (0, 0): Section F.1."""

from __future__ import annotations

from kernels.estimates import Estimate, Exact
from theory.derivatives import (
    PROOF_ORDERS,
    attention_derivatives,
    contour_derivatives,
    derivative_table,
)
from theory.derivatives.separation.claims import (
    CarrierCoefficient,
    carrier_coefficients,
)
from theory.statements.framework.claims import Claim, Equal, Fact
from theory.statements.framework.examination import Examination
from theory.statements.framework.setting import Setting
from theory.statements.framework.statement import Statement

_TERMS = dict(zip(PROOF_ORDERS, (1, 2, 23, 17, 44), strict=True))
"""The published numbers of terms."""

_LEADING = dict(zip(PROOF_ORDERS, ((2, 1), (2, 8), (6, 24), (4, 48), (4, 17280)), strict=True))
"""The published power of 1/k and coefficient of the product that carries each stage."""

_PAIRS = (("AA", "AB"), ("ABA", "ACC"), ("AAB", "CAA"))


def examine_derivatives(
    setting: Setting, carriers: tuple[CarrierCoefficient, ...] | None = None
) -> Examination:
    """Numbers of terms, the five leading coefficients, and three routes to values at few pairs."""
    claims: list[Claim] = []
    for order, count in _TERMS.items():
        found = len(derivative_table(*order))
        claims.append(Fact(f"terms at {order}", found == count, {"found": found, "stated": count}))
    for carrier in carriers or carrier_coefficients():
        power, coefficient = _LEADING[carrier.order]
        good = carrier.positive and carrier.powers.get(power) == coefficient
        evidence = {"by power of 1/k": {str(p): c for p, c in carrier.powers.items()}}
        claims.append(Fact(f"positive coefficient at {carrier.order}", good, evidence))
    for x, y in _PAIRS[: 1 if setting.quick else 3]:
        exact = attention_derivatives(x, y, 10)
        wrong = [str(o) for o in PROOF_ORDERS if derivative_table(*o).evaluate(x, y) != exact[o]]
        claims.append(Fact(f"table and cumulants at {x}, {y}", not wrong, {"differ at": wrong}))
    x, y = _PAIRS[0]
    exact, numerical = attention_derivatives(x, y, 4), contour_derivatives(x, y, 4)
    for order, value in exact.items():
        first = Estimate(float(value), Exact())
        name = f"contour integral at {order}"
        claims.append(Equal(name, numerical[order], first, resolution=1e-6))
    counts = ", ".join(str(len(derivative_table(*order))) for order in _TERMS)
    return Examination(claims, f"polynomials of {counts} terms; their values by three routes")


STATEMENT = Statement(
    ids=("Section F.1",),
    title="Derivatives of the attention kernel at (0, 0)",
    words="The derivatives of orders (0,0), (2,2), (4,0), (4,2) and (6,4) are polynomials in 1/k "
    "and invariants, with 1, 2, 23, 17 and 44 terms, and the five coefficients that carry the "
    "proof are positive. Checked are the numbers of terms, those five coefficients, and the "
    "values at a few pairs of strings by other routes; not the other terms one by one.",
    latex=r"\partial_\beta^i \partial_\gamma^j \kappa_{X,Y}(0, 0),\quad "
    r"(i, j) \in \{(0,0), (2,2), (4,0), (4,2), (6,4)\}",
    examine=examine_derivatives,
)
