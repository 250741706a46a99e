"""The idealized system and its solution: Claim D.3, with explicit constants.

Notation: D counts the samples of each template, Z is the sample-by-template indicator,
``Q = D^{1/2} N D^{1/2}``, p the least share of a template among the n samples, nu the smallest
eigenvalue of N. Let x match z_i, its substituted tokens outside of R, so
that ``v(x) = Z N e_i``. Since ``Z D^{-1/2}`` is an isometry and
``(Z N Z^T + lambda)^{-1} Z D^{-1/2} = Z D^{-1/2} (Q + lambda)^{-1}``,

    u = (K + lambda)^{-1} v = Z D^{-1/2} (Q + lambda)^{-1} Q D^{-1/2} e_i,
    1_{I_i} / |I_i| - u     = Z D^{-1/2} lambda (Q + lambda)^{-1} D^{-1/2} e_i,

hence, with ``Q >= p n nu``,

    |u| <= 1 / sqrt(p n),      |1_{I_i} / |I_i| - u| <= lambda / (nu p n + lambda) / sqrt(|I_i|).

The second is at most the ``lambda / (nu p^{3/2} n^{3/2})`` of the claim, and below the distance
``1 / sqrt(|I_i|)`` of the weights of nothing, u = 0, however small nu is. The first line is an
identity, which weights that are not the solution's break on any task.
"""

from __future__ import annotations

import math

import numpy as np

from kernels.estimates import ErrorKind, Estimate, Exact, Numerical
from theory.statements.appendix_d.idealized_system import RIDGE, idealized_system
from theory.statements.framework.claims import AtMost, Claim, Equal, Fact
from theory.statements.framework.decision import level
from theory.statements.framework.examination import Examination
from theory.statements.framework.setting import Setting
from theory.statements.framework.statement import Statement
from theory.statements.hypotheses.of_kernels import NONSINGULAR
from theory.statements.hypotheses.semidefinite import SEMIDEFINITE
from theory.statements.hypotheses.symmetry import TOKEN_SYMMETRIC
from theory.statements.shared.instances.defaults import small_task, transformer_kernel
from theory.statements.shared.instances.scale import divided_by

_ROUNDING = 1e-9
"""Relative. Of solutions of an n-by-n system of condition n / lambda, with n below 1000."""


def _size(setting: Setting) -> int:
    return max(100 if setting.quick else 400, 4 * len(setting.task))


def _number(value: float, scale: float = 1.0) -> Estimate:
    return Estimate(value, Numerical(_ROUNDING * scale))


def examine_spectrum(setting: Setting, sharpening: float = 1.0) -> Examination:
    """Claim D.3 for several n; its two bounds divided by ``sharpening``, 1 for the claim.

    N has been divided by its size, so that ``K + lambda`` has a condition of at most n / 0.01 + 1,
    and the eigenvalues of K, at most n, are off by some machine epsilons times n.
    """
    claims: list[Claim] = []
    ratios = []
    full = _size(setting)
    for n in (max(full // 4, 2 * len(setting.task)), full):
        system = idealized_system(setting, n, n)
        nonzero = np.linalg.eigvalsh(system.gram)[-len(system.counts) :]
        q = np.linalg.eigvalsh(system.reduced)
        gap = float(np.abs(nonzero - q).max())
        zero = Estimate(0.0, Exact())
        name = f"n = {n}: spectrum of Q"
        claims.append(Equal(name, _number(gap, float(n)), zero, resolution=1e-5))
        lowest = float(np.linalg.eigvalsh(system.gram + RIDGE * np.eye(n))[0])
        invertible = lowest > RIDGE / 2
        evidence = {"smallest eigenvalue": lowest, "ridge": RIDGE}
        claims.append(Fact(f"n = {n}: invertible", invertible, evidence, ErrorKind.NUMERICAL))
        p, nu = float(system.counts.min()) / n, system.nu.interval(level(1))[0]
        near = system.indicator / system.counts - system.weights
        size = 1.0 / math.sqrt(p * n) / sharpening
        apart = float(np.abs(system.weights - system.reduced_weights).max()) * n
        name = f"n = {n}: n times the weights, by both systems"
        claims.append(Equal(name, _number(apart), zero, resolution=1e-5))
        # A solution is off by the machine epsilon times the condition number, and some.
        condition = float(q.max()) / RIDGE + 1.0
        rounding = 10.0 * float(np.finfo(np.float64).eps) * condition * size
        for i, z in enumerate(setting.task.templates):
            # The weights of nothing, u = 0, are as far from the indicator as that is long.
            nothing = 1.0 / math.sqrt(float(system.counts[i]))
            distance = nothing * system.shrinkage(nu) / sharpening
            for what, vector, bound, trivial in (
                ("size", system.weights[:, i], size, None),
                ("distance", near[:, i], distance, nothing),
            ):
                norm = float(np.linalg.norm(vector))
                ratios.append(norm / bound)
                found = Estimate(norm, Numerical(rounding))
                # One template attains both bounds: rounding must not leave that open.
                reached = Estimate(bound + 2.0 * rounding, Numerical(0.0))
                claims.append(AtMost(f"n = {n}, {z}: {what}", found, reached, trivial=trivial))
    figure = f"size and distance of the solution up to {max(ratios):.1%} of their bounds"
    divided, entered = divided_by(1.0, system.size), system.matrix.entries.kind
    return Examination(claims, figure, evidence=divided, entered=entered)


STATEMENT = Statement(
    ids=("Claim D.3",),
    title="The idealized system and its solution",
    words="K_ideal + λ is invertible, its nonzero spectrum is that of Q, the solution has "
    "norm at most 1 / √(pn) and is within λ / ((νpn + λ) √|Iᵢ|), of order λ / n√n, of the "
    "indicator of the template's samples over their number.",
    latex=r"\|u\| \le \frac{1}{\sqrt{pn}},\quad "
    r"\left\lVert\frac{1_{I_i}}{|I_i|} - u\right\rVert \le "
    r"\frac{\lambda}{(\nu pn + \lambda)\sqrt{|I_i|}} \le "
    r"\frac{\lambda}{\nu\,p^{3/2}}\,n^{-3/2}",
    examine=examine_spectrum,
    hypotheses=(TOKEN_SYMMETRIC, NONSINGULAR, SEMIDEFINITE),
    default_task=small_task,
    default_kernel=transformer_kernel,
)
