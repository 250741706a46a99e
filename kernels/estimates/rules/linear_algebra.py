r"""Errors of matrix products, norms and eigenvalues, and of the least of several numbers.

As in `kernels.estimates.rules.arithmetic`: ``P`` bounds the systematic parts entry by entry, ``S``
the standard deviations of the parts that chance decides, whatever their dependence; gamma_n is
``n u / (1 - n u)`` with the unit roundoff u (Higham, *Accuracy and Stability*, chapter 3)::

    A B:             P = |A| P_B + P_A |B| + P_A P_B + gamma_n |A| |B|
                     S = (|A| + P_A) S_B + S_A (|B| + P_B) + sqrt(3) S_A S_B
    ||A||_F:         p = ||P||_F + gamma_{n+3} ||A||_F,     s = ||S||_F
    lambda_i(A):     p = ||P||_2 + r eps ||A||_2,           s = ||S||_F
    min_i x_i:       p = max(min x_i - min (x_i - p_i), min (x_i + p_i) - min x_i),   s = ||S||_F

The norm of a perturbation bounds the change of a norm (triangle inequality) and of each eigenvalue
of a symmetric matrix (Weyl); its root mean square is at most ``||S||_F`` under any dependence.
LAPACK's backward error is counted as r machine epsilons of ``||A||_2``, which no theorem of its
own backs: eigenvalues are numerical at best.
"""

from __future__ import annotations

import numpy as np
from jaxtyping import Float64

from kernels.boundary.exceptions import InvalidInputError
from kernels.estimates.rules.arithmetic import ROOT_THREE, Parts
from kernels.estimates.rules.rounding import TINY, UNIT, outward
from kernels.estimates.rules.sizes import matrix_product


def matmul(a: Parts, b: Parts) -> Parts:
    """``A @ B`` of matrices and vectors, with the shapes of NumPy's operator.

    Raises:
        InvalidInputError: shapes that have no product.
    """
    shaped = a.values.ndim > 0 and 1 <= b.values.ndim <= 2
    if not shaped or a.values.shape[-1] != b.values.shape[0]:
        raise InvalidInputError(
            "operands", (a.values.shape, b.values.shape), "give the shapes of a matrix product"
        )
    n = a.values.shape[-1]
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        values = np.asarray(a.values @ b.values)
        left, right = np.abs(a.values), np.abs(b.values)
        inside = matrix_product(left, right)
        carried = matrix_product(left, b.bounds) + matrix_product(a.bounds, right + b.bounds)
        rounding = np.where(inside > 0.0, n * UNIT * inside + n * TINY, 0.0)
        bounds = np.asarray(carried + rounding)
        deviations = np.asarray(
            matrix_product(left + a.bounds, b.deviations)
            + matrix_product(a.deviations, right + b.bounds)
            + ROOT_THREE * matrix_product(a.deviations, b.deviations)
        )
    bounds = np.where(bounds > 0.0, outward(bounds, 3.0 * n), 0.0)
    return Parts(values, np.where(np.isfinite(values), bounds, np.inf), deviations)


def norm(a: Parts) -> Parts:
    """The Euclidean norm of all entries."""
    value, bound, deviation = (_norm(part) for part in a)
    rounding = outward(np.asarray((a.values.size + 3.0) * UNIT * value)) if value else 0.0
    total = np.asarray(bound + rounding)
    bounds = outward(total, 2.0 * a.values.size) if total > 0.0 else total
    return Parts(np.asarray(value), bounds, np.asarray(deviation))


def eigenvalues(a: Parts) -> Parts:
    """The eigenvalues of a symmetric matrix, ascending, all with the same error.

    Raises:
        InvalidInputError: a matrix that is empty, not square, not symmetric or not finite.
    """
    matrix = a.values
    if matrix.ndim != 2 or not matrix.size or matrix.shape[0] != matrix.shape[1]:
        raise InvalidInputError("matrix", matrix.shape, "give a square matrix of 1 by 1 or more")
    if not np.isfinite(matrix).all() or not (matrix == matrix.T).all():
        raise InvalidInputError("matrix", "entries", "give a symmetric matrix of finite numbers")
    found: Float64[np.ndarray, " r"] = np.linalg.eigvalsh(matrix)
    bound = spectral_bound(np.maximum(a.bounds, a.bounds.T)) + eigenvalue_rounding(found)
    deviation = _norm(a.deviations)
    return Parts(found, np.full(len(found), bound), np.full(len(found), deviation))


def least(a: Parts) -> Parts:
    """The smallest of all entries: the least truth is between the least lower and upper ends.

    Chance moves it by no more than the largest of the entries' moves, their norm at most.

    Raises:
        InvalidInputError: an array without entries.
    """
    if not a.values.size:
        raise InvalidInputError("values", a.values.shape, "give one number or more")
    value = a.values.min()
    if not np.isfinite(value):
        return Parts(np.asarray(value), np.asarray(np.inf), np.asarray(0.0))
    with np.errstate(invalid="ignore"):
        above = a.values - value
        below = np.where(np.isfinite(a.bounds), a.bounds - above, np.inf)
        bound = max(float(below.max()), float((above + a.bounds).min()))
    # Where a lower end is below the value, the distance above it is at most the bound.
    bound += 4.0 * UNIT * float(np.where(below > 0.0, a.bounds, 0.0).max())
    widened = outward(np.asarray(bound)) if bound else np.asarray(0.0)
    return Parts(np.asarray(value), widened, np.asarray(_norm(a.deviations)))


def eigenvalue_rounding(found: Float64[np.ndarray, " r"]) -> float:
    """The share of the eigenvalues' errors that LAPACK has: no better entries remove it."""
    largest = float(np.abs(found).max())
    return len(found) * (2.0 * UNIT * largest + 4.0 * TINY) if largest else 0.0


def spectral_bound(bounds: Float64[np.ndarray, "r r"]) -> float:
    """An upper bound of the spectral norm of symmetric perturbations of at most these sizes.

    For any positive x, the largest (P x)_i / x_i bounds the norm of the nonnegative P
    (Collatz and Wielandt); a few power steps bring it close.
    """
    largest = float(bounds.max(initial=0.0))
    if largest == 0.0 or not np.isfinite(largest):
        return largest
    scaled = bounds / largest
    x = np.ones(len(bounds))
    bound = float((scaled @ x).max())
    for _ in range(10):
        x = scaled @ x + 1e-3 * bound * x  # the shift keeps x positive
        x /= x.max()
        bound = min(bound, float(((scaled @ x) / x).max()))
    return float(outward(np.asarray(bound * largest), 2.0 * len(bounds)))


def _norm(entries: Float64[np.ndarray, "..."]) -> float:
    """The Euclidean norm without overflow: the root of the sum of squares, scaled."""
    largest = float(np.abs(entries).max(initial=0.0))
    if largest == 0.0 or not np.isfinite(largest):
        return largest
    return largest * float(np.sqrt(np.square(entries / largest).sum()))
