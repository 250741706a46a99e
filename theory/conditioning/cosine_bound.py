"""A5: the smallest eigenvalue of N for waves, from the distances of templates alone."""

from __future__ import annotations

import math

import numpy as np

from kernels.activations.sinusoid import Sinusoid
from kernels.boundary.checks import instance
from kernels.boundary.exceptions import InvalidInputError
from kernels.estimates import Estimate, EstimateArray, Numerical
from kernels.estimates.functions import exponential
from kernels.transformer import TransformerKernel
from theory.conditioning.activation_bound import string_variances
from theory.conditioning.distances import squared_distances
from theory.conditioning.eigenvalue_bound import EigenvalueBound, beside
from theory.given_templates import Templates, given_templates
from theory.matrix.template_matrix import template_matrix

_MIXING = 2.0**-50
"""Relative. The rounding of a squared sine or cosine in the mathematical library."""


def cosine_bound(
    kernel: TransformerKernel,
    templates: Templates,
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
        InvalidInputError: another kernel or activation, no templates, or templates of unequal
            length.
        ContradictionError: the numbers exclude the theorem, so one of the two has a bug.

    >>> from kernels import Cosine
    >>> from theory import catalogue
    >>> kernel = TransformerKernel(beta=2.0, gamma=1.0, activation=Cosine(1.5, np.pi / 4))
    >>> found = cosine_bound(kernel, catalogue.same_different(), explicit=True)
    >>> 0.0 < found.bound.value <= found.measured.value
    True
    """
    instance("kernel", kernel, TransformerKernel, "give a TransformerKernel")
    wave = kernel.activation
    if not isinstance(wave, Sinusoid):
        raise InvalidInputError("activation", wave, "give a kernel with a Cosine or a Sine")
    chosen = given_templates(templates)
    matrix = template_matrix(kernel, chosen, n_jobs=n_jobs)
    attention = template_matrix(kernel.attention_kernel, chosen, n_jobs=n_jobs).entries
    gaussian = exponential(squared_distances(attention) * (-(wave.b1**2) / 2.0))
    factor = _gershgorin(gaussian) if explicit else gaussian.smallest_eigenvalue()
    rows = np.arange(len(chosen))
    excess = string_variances(kernel, chosen, n_jobs) - attention[rows, rows]
    least = exponential(excess * -(wave.b1**2)).smallest()
    phase = min(math.cos(wave.b2) ** 2, math.sin(wave.b2) ** 2)
    mixing = Estimate(phase, Numerical(_MIXING * phase))
    return beside("A5", factor * least * mixing, matrix)


def _gershgorin(matrix: EstimateArray) -> Estimate:
    """``1 - max_i sum_(j != i) |M_ij|`` for a matrix with ones on its diagonal."""
    off_diagonal = abs(matrix) * (1.0 - np.eye(len(matrix)))
    return 1.0 - off_diagonal.sum(axis=1).largest()
