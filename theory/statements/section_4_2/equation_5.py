"""The kernel matrix is nearly block-constant: equations (5) to (8) and (14).

Let no two samples overlap. Then ``K = Z N Z^T + diag(d)``, where d_a = K(x, x) - N_aa >= 0 belongs
to the template: it acts as more ridge. As for Claim D.3, with Lambda = lambda + diag(d),

    1_{I_i} / |I_i| - (K + lambda)^{-1} v = Z D^{-1/2} (Q + Lambda)^{-1} Lambda D^{-1/2} e_i,

whose norm is at most ``(lambda + max d) / (nu p^{3/2} n^{3/2})``.
"""

from __future__ import annotations

import numpy as np

from kernels.estimates import ErrorKind, Estimate, Numerical
from theory.idealized.bad_pairs import bad_pairs
from theory.matrix.template_matrix import template_matrix
from theory.statements.framework.claims import AtMost, Claim, Fact
from theory.statements.framework.decision import level
from theory.statements.framework.examination import Examination
from theory.statements.framework.setting import Setting
from theory.statements.framework.statement import Statement
from theory.statements.hypotheses.of_kernels import NONSINGULAR
from theory.statements.hypotheses.semidefinite import SEMIDEFINITE
from theory.statements.hypotheses.symmetry import TOKEN_SYMMETRIC
from theory.statements.shared.defaults import mixed_task, transformer_kernel
from theory.statements.shared.overlaps import Overlaps, rarity_claims
from theory.statements.shared.samples import NONE_RARE, every_template, few_overlaps, full_size
from theory.statements.shared.scale import divided_by, kernel_size, with_unit_labels

_RIDGE = 0.01
"""Beside the largest K(x, x), which kernel and ridge are divided by."""

_ROUNDING = 1e-8
"""Relative. Systems of condition n kappa / lambda below 1e6."""

_SLACK = 1e-6
"""Relative. By so much a bound that is attained may be exceeded: far more than rounding, far less
than a wrong constant."""


def _number(value: float) -> Estimate:
    return Estimate(value, Numerical(_ROUNDING * max(value, 1e-6)))


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
        gap = np.abs(gram.values - block) - gram.errors - matrix.errors[np.ix_(t, t)]
        differ = int((good & (gap > 0.0)).sum())
        evidence = {"good pairs": int(good.sum()), "that differ from N": differ}
        claims.append(
            Fact(f"{symbols} symbols: blocks", differ == 0, evidence, ErrorKind.NUMERICAL)
        )
        counted = bad_pairs(task, sample)
        same = int(overlaps.bad_pairs.sum()) == counted.pairs
        claims.append(Fact(f"{symbols} symbols: two counts", same, {"bad pairs": counted.pairs}))
        shares.append(float(overlaps.bad_pairs.mean()))
        claims += rarity_claims(f"{symbols} symbols", [overlaps])
    claims += _indicator_claims(setting, n)
    shown = f"{shares[0]:.1%} at {fewest} symbols, {shares[1]:.1%} at {10 * fewest}"
    figure = f"pairs that overlap: {shown}"
    divided = divided_by(divisor, kernel_size(setting))
    return Examination(claims, figure, evidence=divided, entered=matrix.entries.kind)


def _indicator_claims(setting: Setting, n: int) -> list[Claim]:
    """(7), (8), (14): the solution is near the indicator of the template's samples.

    The alphabet is so large that no two samples overlap; if some do, the bound of the module's
    docstring does not apply, and the sample is drawn again.
    """
    task, kernel = setting.task, setting.kernel
    matrix, size = template_matrix(kernel, task), kernel_size(setting)
    for seed in range(50):
        sample = every_template(setting, n, 10**6, 50 + seed)
        if not Overlaps(task, sample).bad_pairs.any():
            break
    t = sample.templates
    counts = np.bincount(t, minlength=len(task)).astype(np.float64)
    gram = kernel.gram(sample.strings).values / size
    cross = kernel.gram(sample.strings, task.unseen()).values / size
    # The system is solved with the values as they are, errors and all, so that the bound is one
    # about the N of these values.
    excess = max(0.0, float((np.diag(gram) - np.diag(matrix.values)[t] / size).max()))
    solution = np.linalg.solve(gram + _RIDGE * np.eye(n), cross)
    p, nu = float(counts.min()) / n, matrix.eigenvalues[0].interval(level(1))[0] / size
    bound = (_RIDGE + excess) / (nu * (p * n) ** 1.5)
    claims: list[Claim] = []
    for i, z in enumerate(task.templates):
        near = (t == i) / counts[i] - solution[:, i]
        claims.append(
            AtMost(
                f"template {z}: distance to the indicator",
                _number(float(np.linalg.norm(near))),
                # One template attains the bound: rounding must not leave that open.
                Estimate(bound * (1.0 + _SLACK), Numerical(0.0)),
            )
        )
    return claims


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
