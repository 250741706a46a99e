"""Which labels ridge regression can reach at unseen strings: those in the range of N (B1)."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float64
from scipy.optimize import linprog

from kernels.boundary.exceptions import InvalidInputError
from kernels.contract.kernel import Kernel
from theory.matrix.singularity import Singularity
from theory.matrix.template_matrix import TemplateMatrix
from theory.task import TemplateTask

_UNRESOLVED = 1e-6
"""Of the labels: what the linear program and the eigenvectors may be off by."""


def require_range(kernel: Kernel, task: TemplateTask, matrix: TemplateMatrix) -> None:
    """Refuse labels that are provably not in the range of N.

    N v = 0 makes v^T f = 0 for every f in the range; the verdict on N brings such a v as a proof.
    Predictions at unseen strings are in the range, so the error then stays above a bound however
    many samples there are.

    Raises:
        InvalidInputError: the labels are not; the message says which templates the kernel cannot
            tell apart, and the least error.
    """
    if matrix.verdict.outcome is not Singularity.SINGULAR:
        return
    labels = task.label_array
    least = least_error(matrix.values, labels, resolution=matrix.eigenvalues.largest_error)
    if least <= _UNRESOLVED * np.abs(labels).max():
        return
    twins = _twins(matrix, labels)
    if twins is not None:
        one, two = (str(task.templates[i]) for i in twins)
        fault = f"the kernel cannot tell {one!r} and {two!r} apart, and their labels differ"
    else:
        fault = matrix.verdict.reason
    raise InvalidInputError(
        "labels",
        task.labels,
        f"{fault}; no number of samples brings the error at unseen strings below {least:.3g}; "
        f"give labels in the range of N, or a kernel that sees more than {kernel.name}",
    )


def least_error(
    apart: Float64[np.ndarray, "r r"],
    labels: Float64[np.ndarray, " r"],
    *,
    resolution: float = 0.0,
) -> float:
    """The least max_i |u_i - f_i| over u in the range of N: below it no predictor comes.

    Predictions at unseen strings are N times something, so they lie in the range. A linear
    program finds the least distance.

    Args:
        apart: N.
        labels: f.
        resolution: eigenvalues of this magnitude count as 0; rounding in any case.

    >>> least_error(np.ones((2, 2)), np.array([1.0, -1.0]))
    1.0
    """
    values, vectors = np.linalg.eigh(apart)
    rounding = 8.0 * len(values) * float(np.finfo(np.float64).eps) * float(np.abs(values).max())
    kept = np.abs(values) > max(rounding, resolution)
    basis = vectors[:, kept]
    q = basis.shape[1]
    ones = np.ones((len(labels), 1))
    found = linprog(
        np.r_[np.zeros(q), 1.0],
        A_ub=np.block([[basis, -ones], [-basis, -ones]]),
        b_ub=np.r_[labels, -labels],
        bounds=[(None, None)] * q + [(0.0, None)],
    )
    return float(np.asarray(found.x)[-1])


def _twins(matrix: TemplateMatrix, labels: Float64[np.ndarray, " r"]) -> tuple[int, int] | None:
    """Two templates with equal rows of N and different labels."""
    first: dict[bytes, int] = {}
    for i, row in enumerate(matrix.values):
        j = first.setdefault(row.tobytes(), i)
        if labels[i] != labels[j]:
            return j, i
    return None
