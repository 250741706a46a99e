"""A proved lower bound of the smallest eigenvalue of N, beside the eigenvalue itself."""

from __future__ import annotations

from dataclasses import dataclass

from kernels.estimates import Estimate
from theory.matrix.template_matrix import TemplateMatrix
from theory.nonsingularity.proof import ContradictionError
from theory.significance import SIGNIFICANCE


@dataclass(frozen=True)
class EigenvalueBound:
    """``lambda_min(N) >= bound``, where ``bound`` is itself computed from estimates.

    Attributes:
        theorem: that proves it.
        bound: the right-hand side; it says nothing where it is not above 0.
        measured: the smallest eigenvalue of N.
        slack: bound over measured, at most 1 but for the errors; its error is infinite where the
            eigenvalue does not exceed its own.
    """

    theorem: str
    bound: Estimate
    measured: Estimate
    slack: Estimate

    def to_json(self) -> dict[str, object]:
        """The fields that scripts rely on."""
        return {
            "theorem": self.theorem,
            "bound": self.bound.to_json(),
            "measured": self.measured.to_json(),
            "slack": self.slack.to_json(),
        }


def beside(theorem: str, bound: Estimate, matrix: TemplateMatrix) -> EigenvalueBound:
    """The bound beside the smallest eigenvalue of N.

    Raises:
        ContradictionError: the bound exceeds the eigenvalue by more than their errors allow.
    """
    measured: Estimate = matrix.eigenvalues[0]
    excess = bound - measured
    if excess.value > excess.radius(SIGNIFICANCE):
        fault = f"that is {measured}"
        claim = f"the smallest eigenvalue of N is at least {bound.value:.6g}"
        raise ContradictionError(theorem, matrix.kernel, claim, fault)
    return EigenvalueBound(theorem, bound, measured, bound / measured)
