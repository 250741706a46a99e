"""A5: the smallest eigenvalue of N for waves, from the distances of templates alone."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from kernels.estimate import ErrorKind, Estimate, EstimateArray

from kernels.activations.sinusoid import Sinusoid
from kernels.boundary.exceptions import InvalidInputError
from kernels.transformer import TransformerKernel
from theory.conditioning.activation_bound import string_variances
from theory.conditioning.distances import squared_distances
from theory.conditioning.eigenvalue_bound import EigenvalueBound, beside, product
from theory.conditioning.least import least_entry
from theory.matrix.template_matrix import template_matrix
from theory.matrix.verdict import eigenvalues
from theory.task import TemplateTask
from theory.template import Template

_EPS = float(np.finfo(np.float64).eps)


def cosine_bound(
    kernel: TransformerKernel,
    templates: TemplateTask | Sequence[Template],
    *,
    explicit: bool = False,
    n_jobs: int | None = None,
) -> EigenvalueBound:
    """A lower bound of ``lambda_min(N)`` for ``cos(b1 t + b2)`` and ``sin(b1 t + b2)``.

        lambda_min(N) >= min(cos(b2)^2, sin(b2)^2) min_i exp(-b1^2 (sigma_i^2 - A_ii)) l,

    where l is the smallest eigenvalue of ``G_ij = exp(-b1^2 d_ij^2 / 2)``, or less than it: by
    Gershgorin's theorem, ``1 - max_i sum_(j != i) G_ij``. Proof: A5 of
    ``docs/theorems-nonsingular.md``.

    Args:
        kernel: a transformer kernel with a `Cosine` or `Sine`.
        templates: a task, or templates of one length.
        explicit: take Gershgorin's bound for l, which may be negative and then says nothing.
        n_jobs: joblib workers; where left out, what ``joblib.parallel_config`` says.

    Raises:
        InvalidInputError: another activation, no templates, or templates of unequal length.
        ContradictionError: the numbers exclude the theorem, so one of the two has a bug.

    >>> from kernels import Cosine
    >>> from theory import catalogue
    >>> kernel = TransformerKernel(beta=2.0, gamma=1.0, activation=Cosine(1.5, np.pi / 4))
    >>> found = cosine_bound(kernel, catalogue.same_different(), explicit=True)
    >>> 0.0 < found.bound.value <= found.measured.value
    True
    """
    wave = kernel.activation
    if not isinstance(wave, Sinusoid):
        raise InvalidInputError("activation", wave, "give a kernel with a Cosine or a Sine")
    chosen = tuple(templates.templates if isinstance(templates, TemplateTask) else templates)
    matrix = template_matrix(kernel, chosen, n_jobs=n_jobs)
    attention = template_matrix(kernel.attention_kernel, chosen, n_jobs=n_jobs).entries
    gaussian = _decaying(wave.b1**2 / 2.0, squared_distances(attention))
    factor = _gershgorin(gaussian) if explicit else eigenvalues(gaussian)[0].at(0)
    own = string_variances(kernel, chosen, n_jobs)
    excess = EstimateArray(
        own.values - np.diag(attention.values),
        own.errors + np.diag(attention.errors) + 2.0 * _EPS * own.values,
        ErrorKind.weakest([own.kind, attention.kind]),
        attention.method,
    )
    _, least = least_entry(_decaying(wave.b1**2, excess))
    phase = min(math.cos(wave.b2) ** 2, math.sin(wave.b2) ** 2)
    mixing = Estimate(phase, 4.0 * _EPS * phase, ErrorKind.NUMERICAL, factor.method)
    return beside("A5", product(product(factor, least), mixing), matrix)


def _decaying(rate: float, exponents: EstimateArray) -> EstimateArray:
    """``exp(-rate x)`` for estimates of numbers x that are at least 0."""
    x = exponents.values
    values = np.exp(-rate * x)
    upper = np.exp(-rate * np.maximum(x - exponents.errors, 0.0))
    lower = np.exp(-rate * (x + exponents.errors))
    rounding = 2.0 * _EPS * (upper + values * rate * np.abs(x))
    errors = np.maximum(np.maximum(upper - values, values - lower), 0.0) + rounding
    return EstimateArray(values, errors, exponents.kind, exponents.method)


def _gershgorin(matrix: EstimateArray) -> Estimate:
    """``1 - max_i sum_(j != i) |M_ij|`` for a matrix with ones on its diagonal."""
    values, errors = np.abs(matrix.values), matrix.errors.copy()
    np.fill_diagonal(values, 0.0)
    np.fill_diagonal(errors, 0.0)
    sums = values.sum(axis=1)
    rounding = len(sums) * _EPS * (1.0 + sums)
    negative = EstimateArray(1.0 - sums, errors.sum(axis=1) + rounding, matrix.kind, matrix.method)
    return least_entry(negative)[1]
