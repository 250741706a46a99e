"""The type of the integrand in (beta, gamma): Lemma G.8."""

from __future__ import annotations

from theory.statements.appendix_g.softmax_series import attained, draws, partial_sum
from theory.statements.framework.claims import Claim
from theory.statements.framework.examination import Examination
from theory.statements.framework.setting import Setting
from theory.statements.framework.statement import Statement

_FACTOR = 10.0
"""The sum over entries of M where the entries' own sum is 1 or little more, for each string."""


def examine_integrand(setting: Setting, stretch: float = 1.0) -> Examination:
    """Partial sums of the integrand; ``stretch`` multiplies the claimed radius."""
    claims: list[Claim] = []
    ratios = []
    for name, draw in draws(setting):
        value = draw.integrand.absolute_sum(stretch * draw.radius)
        ratios.append(value / draw.integrand_bound)
        claims.append(partial_sum(name, value, draw.integrand_bound))
    claims.append(attained(max(ratios), _FACTOR))
    return Examination(claims, f"absolute sums up to {max(ratios):.1e} of their bounds")


STATEMENT = Statement(
    ids=("Lemma G.8",),
    title="Type of the integrand in (β, γ)",
    words="At fixed Gaussians the integrand of the attention kernel has the radius of G.7 and the "
    "bound M² (|X Yᵀ| + k (γ₀ + t)²), t the radius.",
    latex=r"\mathrm{smax}^T(XY^T + \gamma^2 I)\,\mathrm{smax}:\ "
    r"(\min(1, \rho/A),\ M^2(|XY^T| + k(\gamma_0+t)^2))",
    examine=examine_integrand,
)
