"""The idealized estimator: equations (16) to (18)."""

from __future__ import annotations

import numpy as np

from kernels.estimates import Estimate, Numerical
from theory.idealized.ridge import IdealizedRidge
from theory.statements.appendix_d.idealized_system import RIDGE, idealized_system
from theory.statements.framework.claims import Equal
from theory.statements.framework.examination import Examination
from theory.statements.framework.setting import Setting
from theory.statements.framework.statement import Statement
from theory.statements.hypotheses.semidefinite import SEMIDEFINITE
from theory.statements.hypotheses.symmetry import TOKEN_SYMMETRIC
from theory.statements.shared.instances.defaults import small_task, transformer_kernel
from theory.statements.shared.instances.scale import divided_by, with_unit_labels

_ROUNDING = 1e-9
"""Relative. Of solutions of an n-by-n system of condition n / lambda, with n below 1000."""


def _size(setting: Setting) -> int:
    return max(100 if setting.quick else 400, 4 * len(setting.task))


def _number(value: float, scale: float = 1.0) -> Estimate:
    return Estimate(value, Numerical(_ROUNDING * scale))


def examine_equations(setting: Setting) -> Examination:
    """The reduced computation of `theory.IdealizedRidge` against the n-by-n system."""
    setting, divisor = with_unit_labels(setting)
    task, n = setting.task, _size(setting)
    system = idealized_system(setting, n, 0)
    labels = task.label_array[system.templates]
    model = IdealizedRidge(setting.kernel, task, alpha=RIDGE * system.size)
    found = model.fit(system.templates.astype(np.int32), labels).predict(task.unseen())
    scale = 1.0 + float(np.abs(labels).max())
    claims, gaps = [], []
    for i, z in enumerate(task.templates):
        dense = _number(float(labels @ system.weights[:, i]), scale / RIDGE)
        gaps.append(abs(found[i].value - dense.value))
        claims.append(Equal(f"prediction at {z}", found[i], dense, resolution=1e-3 * scale))
    sizes = f"{len(task)}-by-{len(task)} and {n}-by-{n}"
    figure = f"predictions of the {sizes} systems {max(gaps):.0e} apart"
    evidence, entered = divided_by(divisor, system.size), system.matrix.entries.kind
    return Examination(claims, figure, evidence=evidence, entered=entered)


STATEMENT = Statement(
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
