"""The kernel matrix is nearly block-constant: equations (5) to (8) and (14).

What (7), (8) and (14) say of the solution is in `indicator_distance`.
"""

from __future__ import annotations

import numpy as np

from theory.idealized.bad_pairs import bad_pairs
from theory.matrix.template_matrix import template_matrix
from theory.significance import SIGNIFICANCE
from theory.statements.framework.claims import Claim, Fact
from theory.statements.framework.examination import Examination
from theory.statements.framework.setting import Setting
from theory.statements.framework.statement import Statement
from theory.statements.hypotheses.of_kernels import NONSINGULAR
from theory.statements.hypotheses.semidefinite import SEMIDEFINITE
from theory.statements.hypotheses.symmetry import TOKEN_SYMMETRIC
from theory.statements.section_4_2.indicator_distance import apart_claims, sharing_claims
from theory.statements.shared.instances.defaults import mixed_task, transformer_kernel
from theory.statements.shared.instances.overlaps import Overlaps, rarity_claims
from theory.statements.shared.instances.samples import (
    NONE_RARE,
    every_template,
    few_overlaps,
    full_size,
)
from theory.statements.shared.instances.scale import divided_by, kernel_size, with_unit_labels


def examine_blocks(setting: Setting) -> Examination:
    """Entries off the bad pairs are N's; bad pairs are as rare as rho says; (14) has its bound."""
    setting, divisor = with_unit_labels(setting)
    task, kernel = setting.task, setting.kernel
    matrix = template_matrix(kernel, task)
    n = full_size(setting)
    claims: list[Claim] = []
    shares = []
    fewest = few_overlaps(task, n, 30, quick=setting.quick)
    for symbols in (fewest, 10 * fewest):
        sample = every_template(setting, n, symbols, symbols)
        overlaps = Overlaps(task, sample)
        gram = kernel.gram(sample.strings)
        t = sample.templates
        block = matrix.values[np.ix_(t, t)]
        good = ~overlaps.bad_pairs & ~np.eye(n, dtype=bool)
        doubt = SIGNIFICANCE / n**2
        room = gram.radii(doubt) + matrix.entries.radii(doubt)[np.ix_(t, t)]
        gap = np.abs(gram.values - block) - room
        differ = int((good & (gap > 0.0)).sum())
        evidence = {"good pairs": int(good.sum()), "that differ from N": differ}
        claims.append(Fact(f"{symbols} symbols: blocks", differ == 0, evidence, gram.kind))
        counted = bad_pairs(task, sample)
        same = int(overlaps.bad_pairs.sum()) == counted.pairs
        claims.append(Fact(f"{symbols} symbols: two counts", same, {"bad pairs": counted.pairs}))
        shares.append(float(overlaps.bad_pairs.mean()))
        claims += rarity_claims(f"{symbols} symbols", [overlaps])
    claims += apart_claims(setting, n) + sharing_claims(setting)
    shown = f"{shares[0]:.1%} at {fewest} symbols, {shares[1]:.1%} at {10 * fewest}"
    figure = f"pairs that overlap: {shown}"
    divided = divided_by(divisor, kernel_size(setting))
    return Examination(claims, figure, evidence=divided, entered=matrix.entries.kind)


STATEMENT = Statement(
    ids=(
        "Equation (5)",
        "Equation (6)",
        "Equation (7)",
        "Equation (8)",
        "Equation (14)",
    ),
    title="The kernel matrix is nearly block-constant",
    words="Off the pairs of samples that share substituted tokens, which are as rare as 1 / ρ, "
    "the kernel matrix has the entries of N; the solution is then near the indicator of the "
    "template's samples over their number, and the prediction near their mean label.",
    latex=r"(\hat K + \lambda I)^{-1} v(x) \approx 1_{I_i} / |I_i|",
    examine=examine_blocks,
    hypotheses=(NONE_RARE, TOKEN_SYMMETRIC, NONSINGULAR, SEMIDEFINITE),
    default_task=mixed_task,
    default_kernel=transformer_kernel,
)
