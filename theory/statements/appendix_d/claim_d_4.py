"""The idealized estimator is right: Claim D.4, with explicit constants.

In the notation of `claim_d_3`, the prediction is ``f^T Z^T u + xi^T u``: Gaussian, of the mean
``f_*(z_i) - b_i`` that the system of the size of N gives and of the deviation ``sigma |u|``. The
check compares draws with that law. As ``b = lambda D^{-1/2} (Q + lambda)^{-1} D^{1/2} f`` and
``|u| <= 1 / sqrt(|I_i|)``,

    |f_ideal(x) - f_*(z_i)| <= F s / sqrt(p) + sigma sqrt(2 log(2 / delta) / (p n))

but for a probability delta, F the largest |f_*| and ``s = lambda / (nu p n + lambda)``. That is at
most the ``F lambda / (nu p^{3/2} n)`` of the claim beside the same noise. The prediction 0 misses
by F at most: the trivial bound.
"""

from __future__ import annotations

import math

import numpy as np
from jaxtyping import Float64
from scipy.stats import chi2

from kernels.estimates import Estimate, Exact, Numerical, StandardError
from theory.statements.appendix_d.idealized_system import idealized_system
from theory.statements.framework.claims import AtMost, Claim, Compatible, Equal
from theory.statements.framework.decision import level
from theory.statements.framework.examination import Examination
from theory.statements.framework.setting import Setting
from theory.statements.framework.statement import Statement
from theory.statements.hypotheses.of_kernels import NONSINGULAR
from theory.statements.hypotheses.semidefinite import SEMIDEFINITE
from theory.statements.hypotheses.symmetry import TOKEN_SYMMETRIC
from theory.statements.shared.claims.failures import rarely_fails
from theory.statements.shared.instances.defaults import small_task, transformer_kernel
from theory.statements.shared.instances.scale import divided_by, with_unit_labels

_NOISE = 0.5

_RESOLUTION = 1.0
"""Beside the deviation of a draw: 14 of the standard errors of 200 draws."""

_ROUNDING = 1e-9
"""Relative. Of solutions of an n-by-n system of condition n / lambda, with n below 1000."""


def _size(setting: Setting) -> int:
    return max(100 if setting.quick else 400, 4 * len(setting.task))


def examine_ideal_error(setting: Setting, sharpening: float = 1.0) -> Examination:
    """Claim D.4: how often its bound, divided by ``sharpening``, fails over draws of the noise."""
    setting, divisor = with_unit_labels(setting)
    task, n, delta = setting.task, _size(setting), 0.05
    draws = 200 if setting.quick else 2_000
    system = idealized_system(setting, n, 1)
    p, nu = float(system.counts.min()) / n, system.nu.interval(level(1))[0]
    largest = float(np.abs(task.label_array).max())
    tail = _NOISE * math.sqrt(2.0 * math.log(2.0 / delta) / (p * n))
    bound = (largest * system.shrinkage(nu) / math.sqrt(p) + tail) / sharpening
    noise = _NOISE * setting.rng().standard_normal((draws, n))
    means = task.label_array[system.templates]
    errors = (means + noise) @ system.weights - task.label_array
    exact = system.reduced_weights
    claims: list[Claim] = []
    if largest:
        name = "the bound beside the trivial one"
        zero, said = Estimate(0.0, Exact()), Estimate(bound, Exact())
        claims.append(AtMost(name, zero, said, trivial=largest))
    for i, z in enumerate(task.templates):
        failures = int((np.abs(errors[:, i]) > bound).sum())
        evidence = {"bound": bound, "largest error": float(np.abs(errors[:, i]).max())}
        claims.append(rarely_fails(f"template {z}", failures, draws, delta, evidence))
        bias = float(means @ exact[:, i]) - task.label_array[i]
        deviation = _NOISE * float(np.linalg.norm(exact[:, i]))
        claims += _law(f"template {z}", errors[:, i], float(bias), deviation)
    worst = float((np.abs(errors) > bound).mean(axis=0).max())
    figure = f"the bound fails in {worst:.1%} of {draws} draws, where {delta:.0%} are allowed"
    return Examination(claims, figure, evidence=divided_by(divisor, system.size))


def _law(
    name: str, errors: Float64[np.ndarray, " draws"], bias: float, deviation: float
) -> list[Claim]:
    """That errors are Gaussian draws of this mean and deviation."""
    draws = len(errors)
    rounding = _ROUNDING * (1.0 + abs(bias))
    mean = Estimate(float(errors.mean()), StandardError(deviation / draws**0.5, bound=rounding))
    expected = Estimate(bias, Numerical(rounding))
    squares = float(((errors - bias) ** 2).sum()) / max(deviation, rounding) ** 2
    p_value = 2.0 * min(chi2.cdf(squares, draws), chi2.sf(squares, draws))
    shown = {"squares over those expected": squares / draws}
    room = _RESOLUTION * deviation + 4.0 * rounding
    return [
        Equal(f"{name}: mean error", mean, expected, resolution=room),
        Compatible(f"{name}: scatter", float(p_value), shown),
    ]


STATEMENT = Statement(
    ids=("Claim D.4",),
    title="The idealized estimator is right",
    words="The idealized prediction misses the label by at most F λ / ((νpn + λ) √p) plus "
    "σ √(2 log(2/δ)/(pn)), but for a probability δ.",
    latex=r"|\hat f^{ideal}(x) - f_*(z)| \le \frac{F\lambda}{(\nu pn + \lambda)\sqrt p} + "
    r"\sigma\sqrt{\frac{2\log(2/\delta)}{pn}}",
    examine=examine_ideal_error,
    hypotheses=(TOKEN_SYMMETRIC, NONSINGULAR, SEMIDEFINITE),
    default_task=small_task,
    default_kernel=transformer_kernel,
)
