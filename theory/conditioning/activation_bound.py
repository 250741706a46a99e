"""A3: no activation worsens the centred and normalized conditioning of attention."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from kernels.estimate import ErrorKind, EstimateArray

from kernels.activations.propagation import dual_of_estimates
from kernels.strings.patterns import Pattern
from kernels.transformer import TransformerKernel
from theory.conditioning.eigenvalue_bound import EigenvalueBound, beside, product
from theory.conditioning.least import least_entry
from theory.matrix.template_matrix import template_matrix
from theory.matrix.verdict import eigenvalues
from theory.task import TemplateTask
from theory.template import Template

_ROUNDINGS = 4.0
"""Of a correlation or of a difference of two numbers, in machine epsilons."""

_EPS = float(np.finfo(np.float64).eps)


def activation_bound(
    kernel: TransformerKernel,
    templates: TemplateTask | Sequence[Template],
    *,
    n_jobs: int | None = None,
) -> EigenvalueBound:
    """``lambda_min(N) >= lambda_min(corr A) min_i (N_ii - m_i^2)``, for every activation.

    ``corr A`` is the attention kernel's template matrix scaled to a diagonal of ones, and
    ``m_i = E phi(sigma_i g)`` with ``sigma_i^2 = K_attn(X_i, X_i)``, so that ``m_i^2`` is the dual
    at covariance 0. Proof: A3 of ``docs/theorems-nonsingular.md``.

    Args:
        kernel: a transformer kernel.
        templates: a task, or templates of one length.
        n_jobs: joblib workers; where left out, what ``joblib.parallel_config`` says.

    Raises:
        InvalidInputError: no templates, or templates of unequal length.
        ContradictionError: the numbers exclude the theorem, so one of the two has a bug.

    >>> from theory import catalogue
    >>> found = activation_bound(TransformerKernel(beta=2.0, gamma=1.0), catalogue.same_different())
    >>> 0.0 < found.bound.value <= found.measured.value
    True
    """
    chosen = tuple(templates.templates if isinstance(templates, TemplateTask) else templates)
    matrix = template_matrix(kernel, chosen, n_jobs=n_jobs)
    attention = template_matrix(kernel.attention_kernel, chosen, n_jobs=n_jobs)
    spectrum, _ = eigenvalues(correlations(attention.entries))
    _, spread = least_entry(_variances(kernel, chosen, matrix.entries, n_jobs))
    return beside("A3", product(spectrum.at(0), spread), matrix)


def string_variances(
    kernel: TransformerKernel, templates: Sequence[Template], n_jobs: int | None = None
) -> EstimateArray:
    """``sigma_i^2 = K_attn(X_i, X_i)`` for a string of each template, shape ``(r,)``."""
    patterns = [Pattern.of_codes(z.tokens, z.tokens) for z in templates]
    return kernel.attention_kernel.values(patterns, n_jobs=n_jobs)


def correlations(attention: EstimateArray) -> EstimateArray:
    """``A_ij / sqrt(A_ii A_jj)``, with the errors of all three carried.

    >>> import numpy as np
    >>> a = EstimateArray(np.array([[4.0, 1.0], [1.0, 1.0]]), np.zeros((2, 2)), ErrorKind.EXACT)
    >>> correlations(a).values.tolist()
    [[1.0, 0.5], [0.5, 1.0]]
    """
    values, errors = attention.values, attention.errors
    own, own_errors = np.diag(values), np.diag(errors)
    scale = np.sqrt(own[:, None] * own[None, :])
    found = values / scale
    least = np.maximum(own - own_errors, 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        smallest = np.sqrt(least[:, None] * least[None, :])
        # |a'/s' - a/s| <= (|a' - a| + |a/s| |s' - s|) / s', and s' is at least `smallest`.
        bound = (errors + np.abs(found) * (scale - smallest)) / smallest
        largest = np.sqrt((own + own_errors)[:, None] * (own + own_errors)[None, :])
        above = (errors + np.abs(found) * (largest - scale)) / scale
    bound = np.where(smallest > 0.0, np.maximum(bound, above), np.inf)
    bound = bound + _ROUNDINGS * _EPS * np.abs(found)
    np.fill_diagonal(found, 1.0)
    np.fill_diagonal(bound, 0.0)
    return EstimateArray(found, bound, attention.kind, attention.method)


def _variances(
    kernel: TransformerKernel,
    templates: Sequence[Template],
    entries: EstimateArray,
    n_jobs: int | None,
) -> EstimateArray:
    """``N_ii - m_i^2``: the variance of the activation's mean given what two strings share."""
    variances = string_variances(kernel, templates, n_jobs)
    zeros = np.zeros(len(templates))
    nothing = EstimateArray(zeros, zeros, ErrorKind.EXACT)
    means = dual_of_estimates(kernel.activation, variances, nothing, variances)
    own, own_errors = np.diag(entries.values), np.diag(entries.errors)
    rounding = _ROUNDINGS * _EPS * np.abs(own)
    kind = ErrorKind.weakest([entries.kind, means.kind])
    errors = own_errors + means.errors + rounding
    return EstimateArray(own - means.values, errors, kind, entries.method)
