"""The type of softmax: Lemma G.6."""

from __future__ import annotations

import numpy as np

from theory.statements.appendix_g.power_series import Expansion, softmax_expansions
from theory.statements.appendix_g.softmax_series import RHO, attained, partial_sum, softmax_bound
from theory.statements.framework.claims import Claim
from theory.statements.framework.examination import Examination
from theory.statements.framework.setting import Setting
from theory.statements.framework.statement import Statement

_FAR = 40.0
"""The logit of one entry, the others 0, at which its exponential is all of the sum."""

_FACTOR = 1.32
"""M over the absolute sum where p_i = 1, which is 1, and a hundredth."""


def examine_softmax(setting: Setting, bound: float | None = None) -> Examination:
    """Partial absolute sums at random points, some far out; ``bound`` replaces M."""
    rng = setting.rng()
    claims: list[Claim] = []
    largest, limit = 0.0, softmax_bound()
    for k, degree in ((2, 20), (3, 10)):
        limit = softmax_bound() if bound is None else bound
        for draw in range(3 if setting.quick else 10):
            x = 10.0 ** rng.uniform(-1, 2) * rng.standard_normal(k)
            if draw == 0:
                x = np.array([_FAR, *np.zeros(k - 1)])
            logits = []
            for i in range(k):
                unit = tuple(int(i == j) for j in range(k))
                logits.append(Expansion.of({(0,) * k: float(x[i]), unit: 1.0}, degree))
            sums = [entry.absolute_sum(RHO) for entry in softmax_expansions(logits)]
            largest = max(largest, *sums)
            claims.append(partial_sum(f"k = {k}, draw {draw}", max(sums), limit))
    # Where one exponential is all of the sum, p_i = 1 and so is the absolute sum.
    claims.append(attained(largest / limit, _FACTOR))
    return Examination(claims, f"absolute sums up to {largest:.3g}, where M = {limit:.3g}")


STATEMENT = Statement(
    ids=("Lemma G.6",),
    title="Softmax has a constant type",
    words="Each entry of the softmax has the type (π / 8, 1.31) at every point, whatever its "
    "number of entries; the paper's constant is larger.",
    latex=r"\mathrm{smax}(x)_i:\ (\pi/8,\ 1.31)",
    examine=examine_softmax,
)
