"""The type of softmax: Lemma G.6."""

from __future__ import annotations

from theory.statements.appendix_g.power_series import Expansion, softmax_expansions
from theory.statements.appendix_g.softmax_series import RHO, partial_sum, softmax_bound
from theory.statements.framework.examination import Examination
from theory.statements.framework.setting import Setting
from theory.statements.framework.statement import Statement


def examine_softmax(setting: Setting, bound: float | None = None) -> Examination:
    """Partial absolute sums at random points, some far out; ``bound`` replaces M."""
    rng = setting.rng()
    claims, largest = [], 0.0
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
            claims.append(partial_sum(f"k = {k}, draw {draw}", max(sums), limit))
    return Examination(
        claims, f"absolute sums up to {largest:.3g}, where M = {softmax_bound(2):.3g} for k = 2"
    )


STATEMENT = Statement(
    ids=("Lemma G.6",),
    title="Softmax has a constant type",
    words="Each entry of the softmax has the type (π / 8, 2ᵏ √2 exp(π/2)) at every point.",
    latex=r"\mathrm{smax}(x)_i:\ (\pi/8,\ 2^k \sqrt2\, e^{\pi/2})",
    examine=examine_softmax,
)
