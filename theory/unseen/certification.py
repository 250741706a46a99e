"""Certifying a fitted ridge regression (B1, B8, B10)."""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING

import numpy as np
from jaxtyping import Float64, Int64

from kernels.boundary.checks import instance, nonnegative
from kernels.estimates import EstimateArray
from theory.matrix.template_matrix import template_matrix
from theory.task import TemplateTask
from theory.unseen.certificate import Certificate
from theory.unseen.fitted import FittedRidge
from theory.unseen.membership import Membership, membership
from theory.unseen.premises import (
    equal_strings,
    require_labels,
    require_same_kernel,
    require_semidefinite,
    require_spread,
    require_values,
)
from theory.unseen.reduced import ReducedMatrices, numerical

if TYPE_CHECKING:
    from kernels.regression.ridge import KernelRidge

_EPSILON = float(np.finfo(np.float64).eps)


def certify(
    model: KernelRidge,
    task: TemplateTask,
    *,
    noise: float = 0.0,
    specialize: bool = False,
    tolerance: float | None = None,
) -> Certificate:
    """The error of a fitted model at all unseen strings of a task, without test strings.

    One solve for each template, by the route and with the operator of the fit: the cost is that
    of a fit with r columns of labels, whatever their number of strings.

    Args:
        model: a `kernels.KernelRidge` fitted on a sample of the task, with a kernel that is
            positive semidefinite on strings over any alphabet.
        task: the task that the sample is of.
        noise: the standard deviation sigma of the labels' Gaussian noise.
        specialize: whether substituted tokens of training strings may lie in R. Templates with
            such tokens in place of wildcards are then listed beside those of the task (B10).
        tolerance: of the solves; that of the fit where left out.

    Raises:
        InvalidInputError: a model that is not fitted, or on strings of another task, or on strings
            that hit R where ``specialize`` is False; labels that are not the task's with this
            noise; a kernel that is not positive semidefinite, or whose values are sampled; noise
            below 0.
        TooLargeError: the solves would not fit in memory.

    >>> from kernels import Cosine, KernelRidge, TransformerKernel
    >>> task = TemplateTask.parse({"αα": 1.0, "αβ": -1.0})
    >>> sample = task.sample(400, alphabet=100, noise=0.1, seed=0)
    >>> model = KernelRidge(TransformerKernel(2.0, 1.0, Cosine(1.0, 1.2)), alpha=0.1)
    >>> certificate = certify(model.fit(sample.strings, sample.labels), task, noise=0.1)
    >>> bool(np.allclose(certificate.predictions.values, model.predict(["AA", "AB"]), atol=1e-9))
    True
    >>> [f"{bias:.2f}" for bias in certificate.bias.values]
    ['-0.30', '0.47']
    >>> [f"{deviation:.4f}" for deviation in certificate.noise.values]
    ['0.0068', '0.0061']
    """
    started = perf_counter()
    instance("task", task, TemplateTask, "give a TemplateTask, as TemplateTask.parse makes it")
    sigma = nonnegative("noise", noise)
    fitted = FittedRidge.of(model)
    members = membership(task, fitted.strings, specialize=specialize)
    matrix = template_matrix(fitted.kernel, (*task.templates, *members.templates[members.whole :]))
    equal = equal_strings(fitted.kernel, task.templates)
    require_values(matrix, equal)
    require_semidefinite(matrix, equal)
    r, c = len(task), len(members.templates)
    # Where each listed template stands in the matrix: those of the task first.
    place = [*members.parents[: members.whole], *range(r, r + c - members.whole)]
    counts = np.bincount(members.index, minlength=c)
    solved = fitted.solve_for_indicators(
        members.index, c, tolerance=fitted.tolerance if tolerance is None else tolerance
    )
    matrices = ReducedMatrices.of(
        matrix.values[np.ix_(place, place)],
        solved,
        ridge=fitted.ridge,
        floor=fitted.floor,
        largest=float(max(np.abs(matrix.values).max(), np.abs(equal.values).max())),
    )
    require_spread(matrices, counts, fitted.ridge)
    rows = matrix.values[:r, place]
    labels = task.label_array
    known = labels[list(members.parents)]
    smoothed = matrices.form(rows, known[:, None])
    parents = np.zeros((c, r))
    parents[np.arange(c), list(members.parents)] = 1.0
    shares = matrices.form(rows, parents)
    spread = matrices.spread(rows.T)
    certificate = Certificate(
        task.templates,
        labels,
        numerical(smoothed[0][:, 0] - labels, smoothed[1][:, 0]),
        numerical(sigma * spread[0], sigma * spread[1]),
        _predictions(fitted, members, rows),
        numerical(np.abs(np.eye(r) - shares[0]).sum(axis=1), shares[1].sum(axis=1)),
        _unbiased(fitted, members, matrices),
        sigma,
        fitted.ridge,
        _of_task(members, counts, r),
        members.templates,
        counts,
        matrices,
        np.diag(matrix.values)[:r].copy(),
        equal.values,
        matrices.stretch(known, fitted.ridge),
        solved.iterations,
        float(np.sqrt(np.diag(solved.qq) / counts).max()),
        perf_counter() - started,
    )
    require_same_kernel(model, certificate)
    require_labels(certificate, known)
    return certificate


def _predictions(
    fitted: FittedRidge, members: Membership, rows: Float64[np.ndarray, "r c"]
) -> EstimateArray:
    """N Z^T a: what the model predicts at unseen strings."""
    sums, sizes = _label_sums(fitted, members)
    rounding = 2.0 * _EPSILON * (64 + len(sums)) * (np.abs(rows) @ sizes)
    return numerical(rows @ sums, rounding)


def _label_sums(
    fitted: FittedRidge, members: Membership
) -> tuple[Float64[np.ndarray, " c"], Float64[np.ndarray, " c"]]:
    """The sums of the coefficients of each listed template's strings, and of their magnitudes."""
    found = []
    for template in range(len(members.templates)):
        own = fitted.coefficients[members.index == template]
        found.append((own.sum(), np.abs(own).sum()))  # pairwise sums: log2(n) roundings
    sums = np.array(found, dtype=np.float64)
    return sums[:, 0], sums[:, 1]


def _unbiased(fitted: FittedRidge, members: Membership, matrices: ReducedMatrices) -> EstimateArray:
    """P^{-1} q with q = Z^T (K + ridge I)^{-1} y = P (f_* + eps), eps of covariance sigma^2 U.

    The coefficients a leave a residual s; a = (K + ridge I)^{-1} (y - s), so this is what labels
    y - s would give, and by Cauchy-Schwarz off by at most sqrt(U_ii) |s|.
    """
    sums, sizes = _label_sums(fitted, members)
    value, error = matrices.solve(sums, 64.0 * _EPSILON * sizes)
    spread = np.sqrt(np.maximum(np.diag(matrices.U), 0.0))
    return numerical(value, error + spread * fitted.residual_norm)


def _of_task(
    members: Membership, counts: Int64[np.ndarray, " c"], r: int
) -> Int64[np.ndarray, " r"]:
    """How many samples of each template of the task avoid R."""
    found = np.zeros(r, dtype=np.int64)
    found[list(members.parents[: members.whole])] = counts[: members.whole]
    return found
