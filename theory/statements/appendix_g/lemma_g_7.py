"""The type of a softmax entry in (beta, gamma): Lemma G.7."""

from __future__ import annotations

from theory.statements.appendix_g.softmax_series import attained, draws, partial_sum, softmax_bound
from theory.statements.framework.claims import Claim
from theory.statements.framework.examination import Examination
from theory.statements.framework.finding import holding
from theory.statements.framework.setting import Setting
from theory.statements.framework.statement import Statement

_FACTOR = 2.0
"""The draws of every size have an entry whose absolute sum is above 0.65, of M = 1.3."""


def examine_entries(setting: Setting, stretch: float = 1.0) -> Examination:
    """Partial sums of softmax entries; ``stretch`` multiplies the claimed radius."""
    claims: list[Claim] = []
    radii, shares = [], []
    for name, draw in draws(setting):
        radii.append(draw.radius)
        worst = max(
            entry.absolute_sum(stretch * draw.radius) for row in draw.entries for entry in row
        )
        shares.append(worst / softmax_bound())
        claims.append(partial_sum(name, worst, softmax_bound()))
    claims.append(attained(max(shares), _FACTOR))
    between = f"{min(radii):.2g} to {max(radii):.2g}"
    return Examination(
        claims,
        lambda cases: f"{holding(cases) - 1} of {len(cases) - 1} sums within M, on radii {between}",
    )


STATEMENT = Statement(
    ids=("Lemma G.7",),
    title="Type of a softmax entry in (β, γ)",
    words="At fixed Gaussians a softmax entry has the bound of G.6, on a radius that shrinks like "
    "one over the size of the Gaussians.",
    latex=r"\mathrm{smax}(\beta m(X))_i:\ (\min(1, \rho/A),\ M),\quad "
    r"A = \max|\zeta| + (\beta_0 + \gamma_0 + 1)\max|p|",
    examine=examine_entries,
)
