"""The claim that a template matrix is nonsingular: by its numbers, and by theorem."""

from __future__ import annotations

import math

from kernels.estimates import Estimate, Exact
from kernels.transformer import AttentionKernel
from theory.conditioning import EigenvalueBound
from theory.matrix.singularity import Singularity
from theory.matrix.template_matrix import TemplateMatrix
from theory.nonsingularity import decide_singularity
from theory.statements.framework.claims import AtMost, Fact, Open, Void
from theory.statements.framework.decision import level
from theory.task import TemplateTask


def nonsingular(name: str, matrix: TemplateMatrix, unless: str = "") -> AtMost | Fact | Open:
    """It fails where N is provably singular, or has a negative eigenvalue beyond its error.

    N is a Gram matrix: where an eigenvalue is below 0, whoever computed it is wrong, however far
    from singular the matrix is. Where a theorem says that N is nonsingular, the numbers need only
    not contradict it; where none does, errors that leave it open leave the claim open.

    Args:
        name: of the claim.
        matrix: N.
        unless: why a singular N would refute nothing, and what would settle it.

    >>> from kernels import MLPKernel
    >>> from theory import catalogue, template_matrix
    >>> nonsingular("N of an MLP", template_matrix(MLPKernel(), catalogue.same_different())).true
    False
    """
    smallest, verdict = matrix.smallest_eigenvalue, matrix.verdict
    evidence = {"smallest eigenvalue": smallest.to_json(), "N": str(verdict.outcome)}
    if verdict.outcome is Singularity.INCONCLUSIVE:
        return Open(name, f"{name}: {verdict.reason}", evidence, smallest.kind)
    if verdict.outcome is Singularity.SINGULAR:
        return Fact(name, False, evidence, smallest.kind, f"{name}: {unless}" if unless else "")
    lowest: Estimate = matrix.eigenvalues[0]
    proved = matrix.proof.outcome is Singularity.NONSINGULAR
    resolution = math.inf if proved else 0.0
    return AtMost(name, Estimate(0.0, Exact()), lowest, evidence, resolution)


def different(task: TemplateTask) -> Fact:
    """That N is positive definite at *every* beta, gamma other than 0, by theorem A2, A3.

    The theorem asks that no two templates agree up to the names of wildcards, and that the
    activation is not constant; ``docs/theorems-nonsingular.md`` has the proof.

    >>> from theory import catalogue
    >>> different(catalogue.same_different()).true
    True
    """
    found = decide_singularity(AttentionKernel(1.0, 1.0), task)
    evidence = {"theorem": f"{found.theorem}, A3", "sentence": found.sentence}
    right = found.outcome is Singularity.NONSINGULAR
    return Fact("the templates differ: N is positive definite off the axes", right, evidence)


def above_bound(name: str, bound: EigenvalueBound) -> AtMost | Void:
    """That the smallest eigenvalue of N is at least a bound above 0, with the bound's slack."""
    name = f"{name}: the bound of {bound.theorem}"
    if bound.bound.value <= bound.bound.radius(level(1)):
        numbers = {"bound": _finite(bound.bound), "measured": _finite(bound.measured)}
        return Void(name, "the bound is within its error of 0", numbers)
    slack = {"slack": _finite(bound.slack)}
    # Bounds are attained by some activations: rounding must not leave that open.
    resolution = 1e-6 * abs(bound.measured.value)
    return AtMost(name, bound.bound, bound.measured, slack, resolution)


def _finite(number: Estimate) -> object:
    """It with its error; None where one of them is infinite, for which JSON has no name."""
    return number.to_json() if math.isfinite(abs(number.value) + number.error) else None
