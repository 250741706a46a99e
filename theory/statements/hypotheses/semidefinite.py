"""Whether kernel matrices are positive semidefinite: the hypothesis of other statements."""

from __future__ import annotations

import numpy as np

from kernels.estimates import EstimateArray
from theory.matrix.template_matrix import template_matrix
from theory.statements.framework.decision import level
from theory.statements.framework.hypothesis import Doubt, Hypothesis
from theory.statements.framework.setting import Setting
from theory.statements.shared.instances.strings import (
    sharing_strings,
    unseen_strings,
    values_between,
)

_SLIGHT = 1e-6
"""Beside the largest entry of a matrix: how far below 0 an eigenvalue may be that errors explain.
A thousand samples make a thousandth of it, and every check has a ridge of a hundredth or more."""

_TWICE = 8
"""Templates, at most, of which two strings are compared."""


def indefinite(said: str, matrix: EstimateArray) -> str | Doubt | None:
    """What is wrong with a matrix of kernel values that should be positive semidefinite.

    An eigenvalue below 0 by more than its error shows a kernel that is not semidefinite. One that
    errors explain is let pass where it is slight.

    Args:
        said: the matrix with a verb, as the objection begins.
        matrix: symmetric.
    """
    if not np.isfinite(matrix.values).all():
        return f"{said} an entry that is no finite number; give a kernel of finite values"
    smallest = matrix.smallest_eigenvalue()
    off = smallest.radius(level(1))
    seen = f"{said} the eigenvalue {smallest.value:.3g}"
    if smallest.value < -off:
        return f"{seen}; give a positive semidefinite kernel"
    slight = _SLIGHT * float(np.abs(matrix.values).max())
    if smallest.value >= -slight:
        return None
    return Doubt(
        f"{seen}, off by up to {off:.1g}; kernel values of less error would settle it "
        f"(up to {slight:.1g} is let pass)"
    )


def _not_semidefinite(setting: Setting) -> str | Doubt | None:
    """N, two strings of each template with their diagonal, and strings that share tokens."""
    kernel, task = setting.kernel, setting.task
    strings = unseen_strings(task, 2)[: 2 * _TWICE]
    matrix, said = template_matrix(kernel, task), "a Gram matrix has"
    return (
        indefinite("N has", matrix.entries)
        or indefinite(said, values_between(kernel, strings))
        or indefinite(said, values_between(kernel, sharing_strings(setting, 6)))
    )


IS_SEMIDEFINITE = "the kernel is positive semidefinite"
"""The name of the hypothesis, whichever matrices it is tested on."""

SEMIDEFINITE = Hypothesis(IS_SEMIDEFINITE, "kernel", _not_semidefinite)
