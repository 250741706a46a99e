"""The case that a template matrix is nonsingular: a proof, an open question, or a null vector."""

from __future__ import annotations

from theory.matrix.template_matrix import TemplateMatrix
from theory.matrix.verdict import Outcome as MatrixOutcome
from theory.statements.verdict import Case, Outcome

_OUTCOMES = {
    MatrixOutcome.NONSINGULAR: Outcome.HOLDS,
    MatrixOutcome.SINGULAR: Outcome.VIOLATED,
    MatrixOutcome.INCONCLUSIVE: Outcome.INCONCLUSIVE,
}


def nonsingular_case(name: str, matrix: TemplateMatrix) -> Case:
    """Violated only where N is provably singular; where errors leave it open, so is the case.

    >>> from kernels import MLPKernel
    >>> from theory import catalogue, template_matrix
    >>> matrix = template_matrix(MLPKernel(), catalogue.same_different())
    >>> str(nonsingular_case("N of an MLP", matrix).outcome)
    'violated'
    """
    smallest, verdict = matrix.smallest_eigenvalue, matrix.verdict
    outcome = _OUTCOMES[verdict.outcome]
    evidence = {"smallest eigenvalue": smallest.to_json(), "N": str(verdict.outcome)}
    settles = f"{name}: {verdict.reason}" if outcome is Outcome.INCONCLUSIVE else None
    return Case(name, outcome, smallest.kind, evidence, settles)
