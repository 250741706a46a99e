"""The idealized estimator is right: Claim D.4, with explicit constants.

In the notation of `claim_d_3`, the prediction is ``f^T Z^T u + xi^T u``. The first term misses
f_*(z_i) by at most |Z f| times the distance of u from the indicator, the second is Gaussian of
standard deviation at most ``sigma / sqrt(p n)``:

    |f_ideal(x) - f_*(z_i)| <= F lambda / (nu p^{3/2} n) + sigma sqrt(2 log(2 / delta) / (p n))

but for a probability delta, F the largest |f_*|.
"""

from __future__ import annotations

import math

import numpy as np

from theory.statements.appendix_d.idealized_system import RIDGE, idealized_system
from theory.statements.framework.decision import level
from theory.statements.framework.examination import Examination
from theory.statements.framework.setting import Setting
from theory.statements.framework.statement import Statement
from theory.statements.hypotheses.of_kernels import NONSINGULAR
from theory.statements.hypotheses.semidefinite import SEMIDEFINITE
from theory.statements.hypotheses.symmetry import TOKEN_SYMMETRIC
from theory.statements.shared.defaults import small_task, transformer_kernel
from theory.statements.shared.failures import rarely_fails
from theory.statements.shared.scale import divided_by, with_unit_labels

_NOISE = 0.5


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
    bias = largest * RIDGE / (nu * p**1.5 * n)
    bound = (bias + _NOISE * math.sqrt(2.0 * math.log(2.0 / delta) / (p * n))) / sharpening
    noise = _NOISE * setting.rng().standard_normal((draws, n))
    labels = task.label_array[system.templates] + noise
    errors = np.abs(labels @ system.weights - task.label_array)
    claims = []
    for i, z in enumerate(task.templates):
        failures = int((errors[:, i] > bound).sum())
        evidence = {"bound": bound, "largest error": float(errors[:, i].max())}
        claims.append(rarely_fails(f"template {z}", failures, draws, delta, evidence))
    worst = float((errors > bound).mean(axis=0).max())
    figure = f"the bound fails in {worst:.1%} of {draws} draws, where {delta:.0%} are allowed"
    return Examination(claims, figure, evidence=divided_by(divisor, system.size))


STATEMENT = Statement(
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
