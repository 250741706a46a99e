"""The idealized estimator: equations (16) to (18), Claims D.3 and D.4, with explicit constants.

Notation: D counts the samples of each template, Z is the sample-by-template indicator,
``Q = D^{1/2} N D^{1/2}``, p the least share of a template among the n samples, nu the smallest
eigenvalue of N, F the largest |f_*|. Let x match z_i, its substituted tokens outside of R, so
that ``v(x) = Z N e_i``. Since ``Z D^{-1/2}`` is an isometry and
``(Z N Z^T + lambda)^{-1} Z D^{-1/2} = Z D^{-1/2} (Q + lambda)^{-1}``,

    u = (K + lambda)^{-1} v = Z D^{-1/2} (Q + lambda)^{-1} Q D^{-1/2} e_i,
    1_{I_i} / |I_i| - u     = Z D^{-1/2} lambda (Q + lambda)^{-1} D^{-1/2} e_i,

hence, with ``Q >= p n nu``,

    |u| <= 1 / sqrt(p n),      |1_{I_i} / |I_i| - u| <= lambda / (nu p^{3/2} n^{3/2})     (D.3).

The prediction is ``f^T Z^T u + xi^T u``. The first term misses f_*(z_i) by at most |Z f| times the
distance above, the second is Gaussian of standard deviation at most ``sigma / sqrt(p n)``:

    |f_ideal(x) - f_*(z_i)| <= F lambda / (nu p^{3/2} n) + sigma sqrt(2 log(2 / delta) / (p n))

but for a probability delta (D.4).
"""

from __future__ import annotations

import math

import numpy as np
from kernels.estimate import ErrorKind, Estimate
from scipy import stats

from theory.idealized.ridge import IdealizedRidge
from theory.statements.ideal_system import RIDGE, ideal_system
from theory.statements.setting import Setting
from theory.statements.settings import (
    NONSINGULAR,
    SEMIDEFINITE,
    TOKEN_SYMMETRIC,
    divided_by,
    small_task,
    transformer_kernel,
    with_unit_labels,
)
from theory.statements.statement import Statement
from theory.statements.verdict import Finding, at_most, conclude, equal, fact

_NOISE = 0.5
_ROUNDING = 1e-9
"""Relative. Of solutions of an n-by-n system of condition n / lambda, with n below 1000."""


def _size(setting: Setting) -> int:
    return max(100 if setting.quick else 400, 4 * len(setting.task))


def _number(value: float, scale: float = 1.0) -> Estimate:
    return Estimate(value, _ROUNDING * scale, ErrorKind.NUMERICAL)


def examine_equations(setting: Setting) -> Finding:
    """The reduced computation of `theory.IdealizedRidge` against the n-by-n system."""
    setting, divisor = with_unit_labels(setting)
    task, n = setting.task, _size(setting)
    system = ideal_system(setting, n, 0)
    labels = task.label_array[system.templates]
    model = IdealizedRidge(setting.kernel, task, alpha=RIDGE * system.size)
    found = model.fit(system.templates.astype(np.int32), labels).predict(task.unseen())
    scale = 1.0 + float(np.abs(labels).max())
    cases, gaps = [], []
    for i, z in enumerate(task.templates):
        dense = _number(float(labels @ system.weights[:, i]), scale / RIDGE)
        gaps.append(abs(found.at(i).value - dense.value))
        cases.append(equal(f"prediction at {z}", found.at(i), dense, resolution=1e-3 * scale))
    sizes = f"{len(task)}-by-{len(task)} and {n}-by-{n}"
    figure = f"predictions of the {sizes} systems {max(gaps):.0e} apart"
    evidence, entered = divided_by(divisor, system.size), system.matrix.entries.kind
    return conclude(cases, figure, evidence=evidence, entered=entered)


IDEALIZED = Statement(
    ids=("Equation (16)", "Equation (17)", "Equation (18)"),
    title="The idealized estimator",
    words="The idealized estimator is ridge regression with the kernel matrix Z N Zᵀ; its "
    "predictions need a system of the size of N alone.",
    latex=r"\hat f^{ideal}(x) = y^T (K^{ideal} + \lambda I)^{-1} v^{ideal}(x),\quad "
    r"K^{ideal} = Z N Z^T",
    examine=examine_equations,
    hypotheses=(TOKEN_SYMMETRIC, SEMIDEFINITE),
    default_task=small_task,
    default_kernel=transformer_kernel,
)


def examine_spectrum(setting: Setting, sharpening: float = 1.0) -> Finding:
    """Claim D.3 for several n; its two bounds divided by ``sharpening``, 1 for the claim.

    N has been divided by its size, so that ``K + lambda`` has a condition of at most n / 0.01 + 1,
    and the eigenvalues of K, at most n, are off by some machine epsilons times n.
    """
    cases, ratios = [], []
    full = _size(setting)
    for n in (max(full // 4, 2 * len(setting.task)), full):
        system = ideal_system(setting, n, n)
        nonzero = np.linalg.eigvalsh(system.gram)[-len(system.counts) :]
        q = np.linalg.eigvalsh(system.reduced)
        gap = float(np.abs(nonzero - q).max())
        zero = Estimate(0.0, 0.0, ErrorKind.EXACT)
        name = f"n = {n}: spectrum of Q"
        cases.append(equal(name, _number(gap, float(n)), zero, resolution=1e-5))
        lowest = float(np.linalg.eigvalsh(system.gram + RIDGE * np.eye(n))[0])
        invertible = lowest > RIDGE / 2
        evidence = {"smallest eigenvalue": lowest, "ridge": RIDGE}
        cases.append(fact(f"n = {n}: invertible", invertible, evidence, ErrorKind.NUMERICAL))
        p, nu = float(system.counts.min()) / n, system.nu
        near = system.indicator / system.counts - system.weights
        size = 1.0 / math.sqrt(p * n) / sharpening
        distance = RIDGE / (nu.lower * p**1.5 * n**1.5) / sharpening
        # A solution is off by the machine epsilon times the condition number, and some.
        condition = float(q.max()) / RIDGE + 1.0
        rounding = 10.0 * float(np.finfo(np.float64).eps) * condition * size
        for i, z in enumerate(setting.task.templates):
            for what, vector, bound in (
                ("size", system.weights[:, i], size),
                ("distance", near[:, i], distance),
            ):
                norm = float(np.linalg.norm(vector))
                ratios.append(norm / bound)
                found = Estimate(norm, rounding, ErrorKind.NUMERICAL)
                # One template attains both bounds: rounding must not leave that open.
                reached = Estimate(bound + 2.0 * rounding, 0.0, ErrorKind.NUMERICAL)
                cases.append(at_most(f"n = {n}, {z}: {what}", found, reached))
    figure = f"size and distance of the solution up to {max(ratios):.1%} of their bounds"
    divided, entered = divided_by(1.0, system.size), system.matrix.entries.kind
    return conclude(cases, figure, evidence=divided, entered=entered)


SPECTRUM = Statement(
    ids=("Claim D.3",),
    title="The idealized system and its solution",
    words="K_ideal + λ is invertible, its nonzero spectrum is that of Q, the solution has "
    "norm at most 1 / √(pn) and is within λ / (ν p√p n√n) of the indicator of "
    "the template's samples over their number.",
    latex=r"\|u\| \le \frac{1}{\sqrt{pn}},\quad "
    r"\left\lVert\frac{1_{I_i}}{|I_i|} - u\right\rVert \le "
    r"\frac{\lambda}{\nu\,p^{3/2}}\,n^{-3/2}",
    examine=examine_spectrum,
    hypotheses=(TOKEN_SYMMETRIC, NONSINGULAR, SEMIDEFINITE),
    default_task=small_task,
    default_kernel=transformer_kernel,
)


def examine_ideal_error(setting: Setting, sharpening: float = 1.0) -> Finding:
    """Claim D.4: how often its bound, divided by ``sharpening``, fails over draws of the noise."""
    setting, divisor = with_unit_labels(setting)
    task, n, delta = setting.task, _size(setting), 0.05
    draws = 200 if setting.quick else 2_000
    system = ideal_system(setting, n, 1)
    p, nu = float(system.counts.min()) / n, system.nu.lower
    largest = float(np.abs(task.label_array).max())
    bias = largest * RIDGE / (nu * p**1.5 * n)
    bound = (bias + _NOISE * math.sqrt(2.0 * math.log(2.0 / delta) / (p * n))) / sharpening
    noise = _NOISE * setting.rng().standard_normal((draws, n))
    labels = task.label_array[system.templates] + noise
    errors = np.abs(labels @ system.weights - task.label_array)
    cases = []
    for i, z in enumerate(task.templates):
        failures = int((errors[:, i] > bound).sum())
        p_value = float(stats.binomtest(failures, draws, delta, alternative="greater").pvalue)
        evidence = {
            "bound": bound,
            "largest error": float(errors[:, i].max()),
            "failures": failures,
            "draws": draws,
            "allowed share": delta,
            "p_value": p_value,
        }
        cases.append(fact(f"template {z}", p_value > 1e-6, evidence, ErrorKind.STATISTICAL))
    worst = float((errors > bound).mean(axis=0).max())
    figure = f"the bound fails in {worst:.1%} of {draws} draws, where {delta:.0%} are allowed"
    return conclude(cases, figure, evidence=divided_by(divisor, system.size))


IDEAL_ERROR = Statement(
    ids=("Claim D.4",),
    title="The idealized estimator is right",
    words="The idealized prediction misses the label by at most F λ / (ν p√p n) plus "
    "σ √(2 log(2/δ)/(pn)), but for a probability δ.",
    latex=r"|\hat f^{ideal}(x) - f_*(z)| \le \frac{F\lambda}{\nu p^{3/2} n} + "
    r"\sigma\sqrt{\frac{2\log(2/\delta)}{pn}}",
    examine=examine_ideal_error,
    hypotheses=(TOKEN_SYMMETRIC, NONSINGULAR, SEMIDEFINITE),
    default_task=small_task,
    default_kernel=transformer_kernel,
)
