"""What the theorems on unseen symbols ask of a model, a kernel and a task, and what is refused."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from jaxtyping import Float64, Int64

from kernels.boundary.exceptions import InvalidInputError
from kernels.contract.kernel import Kernel
from kernels.estimates import ErrorKind, EstimateArray, StandardError
from kernels.strings.patterns import Pattern
from theory.disjoint import fresh_tokens
from theory.matrix.template_matrix import TemplateMatrix
from theory.significance import SIGNIFICANCE
from theory.template import Template, is_wildcard
from theory.unseen.certificate import Certificate
from theory.unseen.reduced import ReducedMatrices

if TYPE_CHECKING:
    from kernels.regression.ridge import KernelRidge

_SAME = 1e-6
"""Two routes to a prediction agree to far more than this share of the terms they are sums of."""


def equal_strings(kernel: Kernel, templates: Sequence[Template]) -> EstimateArray:
    """K(x, x) for a string x of each template whose tokens avoid R."""
    rows = [[("x" if is_wildcard(t) else "", t) for t in z.tokens] for z in templates]
    return kernel.values([Pattern.of_codes(row, row) for row in rows])


def require_values(matrix: TemplateMatrix, equal: EstimateArray) -> None:
    """Refuse sampled values: a certificate is exact for the kernel as computed.

    Raises:
        InvalidInputError: a value has a standard error.
    """
    for found in (matrix.entries, equal):
        if found.kind is ErrorKind.STATISTICAL:
            raise InvalidInputError(
                "model",
                matrix.kernel,
                "values of its kernel are sampled, with standard errors of up to "
                f"{found.largest_error:.1g}, and a certificate would be of the sampled ones; give "
                "a kernel with another estimator, or with a larger effort",
            )


def require_semidefinite(matrix: TemplateMatrix, equal: EstimateArray) -> None:
    """Refuse a kernel that no positive semidefinite one agrees with within its errors.

    Necessary conditions: N has no negative eigenvalue, and K(x, x) >= N_ii.

    Args:
        matrix: N, of the task's templates first.
        equal: K(x, x) for these.

    Raises:
        InvalidInputError: one of them fails.
    """
    remedy = "give a kernel that is positive semidefinite on strings over any alphabet"
    lowest = matrix.eigenvalues[0]
    if lowest.value < -lowest.radius(SIGNIFICANCE):
        raise InvalidInputError(
            "model",
            matrix.kernel,
            f"the template matrix has the eigenvalue {lowest.value:.3g}; {remedy}",
        )
    own = np.arange(len(equal))
    deviations = equal - matrix.entries[own, own]
    # The least of the entries' roundings, for kernels without errors.
    rounding = 4.0 * float(np.finfo(np.float64).eps) * np.abs(equal.values)
    room = deviations.radii(SIGNIFICANCE / len(equal)) + rounding
    below = np.flatnonzero(deviations.values < -room)
    if len(below):
        i = int(below[0])
        raise InvalidInputError(
            "model",
            matrix.kernel,
            f"K(x, x) is {-deviations.values[i]:.3g} below N_ii for the template "
            f"{str(matrix.templates[i])!r}; {remedy}",
        )


def require_spread(
    matrices: ReducedMatrices, counts: Int64[np.ndarray, " c"], ridge: float
) -> None:
    """Refuse a kernel whose training matrix contradicts V_aa >= ridge / n_a.

    Raises:
        InvalidInputError: it does.
    """
    least = ridge / counts
    missing = least - np.diag(matrices.V) - matrices.V_error
    if np.any(missing > _SAME * least):
        raise InvalidInputError(
            "model",
            float(missing.max()),
            "the training strings' kernel matrix less the template matrix has a negative "
            "eigenvalue; give a kernel that is positive semidefinite on strings over any alphabet",
        )


def require_same_kernel(model: KernelRidge, certificate: Certificate) -> None:
    """Refuse a model whose predictions at unseen strings are not the certificate's.

    Raises:
        InvalidInputError: they differ, as they do where the kernel was replaced after the fit.
    """
    vocabulary = model.solution_.strings.vocabulary
    regular = [t for z in certificate.templates for t in z.regular_tokens]
    tokens = fresh_tokens([*regular, *vocabulary.names])
    most = max(len(z.wildcards) for z in certificate.templates)
    fresh = [next(tokens) for _ in range(most)]
    strings = [
        z.substitute(dict(zip(z.wildcards, fresh, strict=False))) for z in certificate.templates
    ]
    predicted = model.predict(strings)
    known = certificate.predictions
    scale = np.abs(known.values) + np.abs(certificate.labels) + 1.0
    allowed = known.radii(SIGNIFICANCE / len(known)) + _SAME * scale
    if np.any(np.abs(predicted - known.values) > allowed):
        raise InvalidInputError(
            "model", model, "its kernel is not the one that it was fitted with; fit it again"
        )


def require_labels(certificate: Certificate, known: Float64[np.ndarray, " c"]) -> None:
    """Refuse training labels that are not the task's with this noise.

    Args:
        certificate: what was found.
        known: the labels of the listed templates.

    Raises:
        InvalidInputError: the unbiased estimate of a template's label is too far from the label.
    """
    estimate = certificate.unbiased
    doubt = SIGNIFICANCE / len(known)
    chance = StandardError(1.0).radius(doubt)
    spread = certificate.sigma * np.sqrt(np.maximum(np.diag(certificate.matrices.U), 0.0))
    reach = chance * spread + estimate.radii(doubt) + _SAME * (1.0 + np.abs(known))
    wrong = np.flatnonzero(np.abs(estimate.values - known) > reach)
    if len(wrong):
        i = int(wrong[0])
        raise InvalidInputError(
            "noise",
            certificate.sigma,
            f"the training labels say {estimate.values[i]:.6g} for {str(certificate.listed[i])!r}, "
            f"whose label is {known[i]:g}: more than this noise allows; give the noise and the "
            "task of the labels",
        )
