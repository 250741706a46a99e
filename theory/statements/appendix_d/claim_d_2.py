"""How far the estimator is from the idealized one: Claim D.2.

Let B count the ordered bad pairs of different samples, b the samples that overlap R (an unseen x
overlaps no sample), and d_a = K(x, x) - N_aa for x of template a. Where no kernel value exceeds
kappa, Claim D.5 and |E| <= |diagonal| + |rest|_F give

    |f(x) - f_ideal(x)| <= |y| / lambda (2 kappa sqrt(b) + (max d + 2 kappa sqrt(B)) / sqrt(p n)).

The term max d belongs to the diagonal, which K_ideal fills with N_aa. It stays when rho tends to
infinity, so that a bound by the bad pairs of different samples alone fails there.
"""

from __future__ import annotations

import math

from kernels.estimates import Estimate
from theory.idealized.gap import IdealizedGap, idealized_gap
from theory.matrix.template_matrix import template_matrix
from theory.statements.framework.claims import AtMost, Claim, Open
from theory.statements.framework.examination import Examination
from theory.statements.framework.series import Series
from theory.statements.framework.setting import Setting
from theory.statements.framework.statement import Statement
from theory.statements.hypotheses.semidefinite import SEMIDEFINITE
from theory.statements.hypotheses.symmetry import TOKEN_SYMMETRIC
from theory.statements.shared.defaults import mixed_task, transformer_kernel
from theory.statements.shared.overlaps import Overlaps, rarity_claims
from theory.statements.shared.samples import NONE_RARE, every_template, few_overlaps, full_size
from theory.statements.shared.scale import divided_by, kernel_size, with_unit_labels

_RIDGE = 0.01
"""Beside the largest K(x, x)."""

_EQUAL, _UNRESOLVED = 1e-9, 1e-4
"""Beside labels of size 1: how far predictions may be apart that count as equal, and how far at
most where their errors cannot tell them from equal ones."""

_COARSEST = 0.05
"""Beside labels of size 1: the error of a prediction above which nothing is said of its gap."""

_DRAWS = 5
"""Samples of each alphabet on which Claim D.2 is measured."""


def examine_gap(setting: Setting, *, diagonal: bool = True) -> Examination:
    """Claim D.2 at several alphabets; ``diagonal`` tells whether its diagonal term is kept."""
    setting, divisor = with_unit_labels(setting)
    task, n = setting.task, full_size(setting)
    matrix = template_matrix(setting.kernel, task)
    size = kernel_size(setting)
    ridge = _RIDGE * size
    claims: list[Claim] = []
    rows, ratios = [], []
    fewest = few_overlaps(task, n, 30, quick=setting.quick)
    for symbols in (fewest, 10 * fewest, 10**8):
        drawn = []
        for draw in range(1 if setting.quick else _DRAWS):
            sample = every_template(setting, n, symbols, _DRAWS * (symbols % 997) + draw)
            found = idealized_gap(setting.kernel, task, sample, alpha=ridge, matrix=matrix)
            bound = _bound(found, diagonal)
            claims.append(_gap_claim(f"{symbols} symbols, draw {draw}: gap", found.gap, bound))
            rows.append([symbols, found.gap.value, bound.value])
            ratios.append(found.gap.value / bound.value if bound.value else math.inf)
            drawn.append(Overlaps(task, sample))
        claims += rarity_claims(f"{symbols} symbols", drawn)
    evidence = {**divided_by(divisor), "ridge": ridge}
    figure = (
        f"predictions up to {max(row[1] for row in rows):.2g} apart, {max(ratios):.2g} of the bound"
    )
    series = Series.of_rows("gap", ["symbols", "gap", "bound"], rows)
    return Examination(claims, figure, evidence, [series], entered=matrix.entries.kind)


def _bound(found: IdealizedGap, diagonal: bool) -> Estimate:
    if not diagonal:
        without = max(found.bound.value - found.diagonal, 0.0)
        return Estimate(without, found.bound.error)
    # Without overlaps and without a diagonal both sides are 0, up to the rounding of the gap.
    least = min(2.0 * found.gap.error, _UNRESOLVED) + _EQUAL
    return Estimate(found.bound.value + least, found.bound.error)


def _gap_claim(name: str, gap: Estimate, bound: Estimate) -> Claim:
    if gap.error <= _COARSEST:
        return AtMost(name, gap, bound)
    evidence = {"value": gap.to_json(), "bound": bound.to_json()}
    needed = f"{name}: an error of the predictions below {_COARSEST:g}"
    return Open(name, needed, evidence, gap.kind)


STATEMENT = Statement(
    ids=("Claim D.2",),
    title="Real and idealized estimator",
    words="The two predictions differ by at most an explicit multiple of the square roots of the "
    "numbers of bad pairs and bad indices, whose expectations are of order n² / ρ and n / ρ, "
    "and of the diagonal, which the idealized matrix changes whatever ρ is.",
    latex=r"|\hat f - \hat f^{ideal}| \le \frac{\|y\|}{\lambda}\Big(2\kappa\sqrt b + "
    r"\frac{\max d + 2\kappa\sqrt B}{\sqrt{pn}}\Big)",
    examine=examine_gap,
    hypotheses=(NONE_RARE, TOKEN_SYMMETRIC, SEMIDEFINITE),
    default_task=mixed_task,
    finding="The bound needs the term of the diagonal: bad pairs of different samples alone do not "
    "control the difference.",
    default_kernel=transformer_kernel,
)
