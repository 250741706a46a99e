"""A3: no activation worsens the centred and normalized conditioning of attention."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from kernels.activations.propagation import dual_of_estimates
from kernels.boundary.checks import instance
from kernels.estimates import Estimate, EstimateArray
from kernels.estimates.functions import root
from kernels.strings.patterns import Pattern
from kernels.transformer import TransformerKernel
from theory.conditioning.eigenvalue_bound import EigenvalueBound, beside
from theory.given_templates import Templates, given_templates
from theory.matrix.template_matrix import template_matrix
from theory.template import Template


def activation_bound(
    kernel: TransformerKernel,
    templates: Templates,
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
        InvalidInputError: another kernel, no templates, or templates of unequal length.
        ContradictionError: the numbers exclude the theorem, so one of the two has a bug.

    >>> from theory import catalogue
    >>> found = activation_bound(TransformerKernel(beta=2.0, gamma=1.0), catalogue.same_different())
    >>> 0.0 < found.bound.value <= found.measured.value
    True
    """
    instance("kernel", kernel, TransformerKernel, "give a TransformerKernel")
    chosen = given_templates(templates)
    matrix = template_matrix(kernel, chosen, n_jobs=n_jobs)
    attention = template_matrix(kernel.attention_kernel, chosen, n_jobs=n_jobs)
    conditioning = correlations(attention.entries).smallest_eigenvalue()
    spread = _least_variance(kernel, chosen, matrix.entries, n_jobs)
    return beside("A3", conditioning * spread, matrix)


def string_variances(
    kernel: TransformerKernel, templates: Sequence[Template], n_jobs: int | None = None
) -> EstimateArray:
    """``sigma_i^2 = K_attn(X_i, X_i)`` for a string of each template, shape ``(r,)``."""
    patterns = [Pattern.of_codes(z.tokens, z.tokens) for z in templates]
    return kernel.attention_kernel.values(patterns, n_jobs=n_jobs)


def correlations(attention: EstimateArray) -> EstimateArray:
    """``A_ij / sqrt(A_ii A_jj)``, with the errors of all three carried; 1 on the diagonal.

    >>> import numpy as np
    >>> correlations(EstimateArray.exact([[4.0, 1.0], [1.0, 1.0]])).values.tolist()
    [[1.0, 0.5], [0.5, 1.0]]
    """
    r = len(attention)
    own, diagonal = attention[np.arange(r), np.arange(r)], np.eye(r)
    found = attention / root(own.reshape(r, 1) * own.reshape(1, r))
    return found * (1.0 - diagonal) + diagonal


def _least_variance(
    kernel: TransformerKernel,
    templates: Sequence[Template],
    entries: EstimateArray,
    n_jobs: int | None,
) -> Estimate:
    """The least ``N_ii - m_i^2``: of the activation's mean given what two strings share."""
    variances = string_variances(kernel, templates, n_jobs)
    nothing = EstimateArray.exact(np.zeros(len(templates)))
    squared_means = dual_of_estimates(kernel.activation, variances, nothing, variances)
    rows = np.arange(len(templates))
    spread: EstimateArray = entries[rows, rows] - squared_means
    return spread.smallest()
