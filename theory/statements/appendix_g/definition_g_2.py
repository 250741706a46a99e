"""The type of a real-analytic function: Definition G.2."""

from __future__ import annotations

from fractions import Fraction

from kernels.estimates import Estimate, Proved
from theory.statements.appendix_g.known_series import EXP_HALF, figure, known_functions, within
from theory.statements.appendix_g.power_series import absolute_sum
from theory.statements.framework.claims import Equal
from theory.statements.framework.examination import Examination
from theory.statements.framework.setting import Setting
from theory.statements.framework.statement import Statement


def examine_types(setting: Setting, stretch: Fraction = Fraction(1)) -> Examination:
    """Partial sums of known series against known types, and their limits where they are known."""
    del setting
    claims = [
        within(name, series, stretch * radius, bound)
        for name, (series, radius, bound) in known_functions().items()
    ]
    for name, limit in (("1/(1-x)", 2.0), ("exp", float(EXP_HALF))):
        series, radius, _ = known_functions()[name]
        found = Estimate(float(absolute_sum(series, radius)), Proved(2e-10))
        exact = Estimate(limit, Proved(1e-10))
        claims.append(Equal(f"{name}: limit of the partial sums", found, exact, resolution=1e-8))
    return Examination(claims, figure("absolute sums of known series"))


STATEMENT = Statement(
    ids=("Definition G.2",),
    title="Type of a real-analytic function",
    words="A function has type (t, b) at a point if its power series converges absolutely at "
    "radius t, with an absolute sum of at most b.",
    latex=r"\sum_\mu |c_\mu|\, \tau_1(x_0)^{|\mu|} \le \tau_2(x_0)",
    examine=examine_types,
)
