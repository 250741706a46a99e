"""A proved lower bound of the smallest eigenvalue of N, beside the eigenvalue itself."""

from __future__ import annotations

from dataclasses import dataclass

from kernels.estimate import ErrorKind, Estimate

from theory.matrix.template_matrix import TemplateMatrix
from theory.nonsingularity.proof import ContradictionError


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
        ContradictionError: the bound exceeds the eigenvalue by more than their errors.
    """
    measured = matrix.eigenvalues.at(0)
    allowed = matrix.error_multiple * (bound.error + measured.error)
    if bound.value - measured.value > allowed:
        fault = f"that is {measured}"
        claim = f"the smallest eigenvalue of N is at least {bound.value:.6g}"
        raise ContradictionError(theorem, matrix.kernel, claim, fault)
    return EigenvalueBound(theorem, bound, measured, ratio(bound, measured))


def product(first: Estimate, second: Estimate) -> Estimate:
    """The product of two estimates."""
    error = abs(first.value) * second.error + abs(second.value) * first.error
    kind = ErrorKind.weakest([first.kind, second.kind])
    return Estimate(
        first.value * second.value, error + first.error * second.error, kind, first.method
    )


def ratio(first: Estimate, second: Estimate) -> Estimate:
    """The first over the second; the error is infinite where the second may be 0."""
    kind = ErrorKind.weakest([first.kind, second.kind])
    size = abs(second.value)
    value = first.value / second.value if second.value else float("inf")
    if size <= second.error:
        return Estimate(value, float("inf"), kind, first.method)
    # |a'/b' - a/b| <= (e + |a/b| f) / (|b| - f) for |a' - a| <= e, |b' - b| <= f < |b|.
    error = (first.error + abs(value) * second.error) / (size - second.error)
    return Estimate(value, error, kind, first.method)
